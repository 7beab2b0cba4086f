"""``repere dossier``: an agent examines dossiers from a terminal; and ``repere purge``."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from channels import notices
from dossiers import numbers, recap_text, retention
from dossiers.attachments import EXTENSIONS
from dossiers.ledger import KeyChangedError, NotNowError, UnknownDossierError
from dossiers.pieces import UnknownPieceError
from dossiers.recap import pdf, recap_of
from dossiers.register import Dossiers
from dossiers.states import TEXTS, State, TransitionError
from dossiers.teleservice import EmbeddedRegister
from dossiers.vault import UnreadableError
from dossiers.views import AttachmentView, DossierView
from repere import dossier_display
from repere.commands import BAD_USAGE, opened_database, stop
from repere.database import dossiers_in
from repere.settings import Settings

AGENT = "agent:terminal"
PAGE = 200

dossier_app = typer.Typer(
    help="Les dossiers : les voir, décider de leurs pièces, les faire avancer, les effacer.",
    no_args_is_help=True,
    add_completion=False,
)
purge_app = typer.Typer(add_completion=False)

Number = Annotated[str, typer.Argument(metavar="NUMERO", help="Le numéro, comme RP-7K3M-92QD.")]
PieceId = Annotated[str, typer.Argument(metavar="PIECE", help="La pièce, comme « voir » la nomme.")]
Target = Annotated[
    Path | None, typer.Option("--vers", metavar="FICHIER", help="Le fichier à écrire.")
]


@dossier_app.command("liste")
def list_command(
    state: Annotated[str | None, typer.Option("--etat", help="Seulement cet état.")] = None,
    demarche: Annotated[
        str | None, typer.Option("--demarche", help="Seulement cette démarche.")
    ] = None,
) -> None:
    """Lister les dossiers, ceux qui attendent depuis le plus longtemps d'abord."""
    states = () if state is None else (_state(state),)
    count = 0
    with _opened() as dossiers:
        while found := dossiers.listing(states, demarche, limit=PAGE, offset=count):
            count += len(found)
            for one in found:
                changed = dossier_display.when(dossiers.calendar, one.updated_at)
                _say(f"{one.number}  {changed}  {one.state}  {one.demarche}  {one.title}")
    if not count:
        _say("Aucun dossier.")


@dossier_app.command("voir")
def show_command(number: Number) -> None:
    """Montrer un dossier : réponses, pièces, événements, état, et ce qui peut suivre."""
    with _found(number) as (dossiers, dossier):
        for line in dossier_display.lines(
            dossier, dossiers.events(dossier.id), dossiers.calendar, AGENT
        ):
            _say(line)


@dossier_app.command("recevoir")
def receive_command(number: Number) -> None:
    """Prendre un dossier en main ; celui qui est prêt est d'abord déposé ici."""
    with _found(number) as (dossiers, dossier):
        if dossier.register == "ants":
            raise NotNowError("Cette demande est déposée sur le site de l'ANTS, pas ici.")
        register = EmbeddedRegister(dossiers)
        if dossier.state is State.PRETE_A_DEPOSER:
            dossier = register.file(dossier.id, AGENT)
        elif dossier.register is None:
            raise NotNowError("Ce dossier n'est pas prêt à être déposé.")
        # Without control there is nothing to examine: the person pays.
        if dossier.state is not State.ATTENTE_TELEDECLARANT:
            dossier = register.examine(dossier.id, AGENT)
        _notify(dossiers, dossier, notices.received(dossier))
        _say_state(dossier)


@dossier_app.command("accepter")
def accept_command(number: Number, piece: PieceId) -> None:
    """Accepter une pièce ; quand toutes le sont, la personne peut payer et finir."""
    with _found(number) as (dossiers, dossier):
        label = _label(dossier, piece, dossiers.today())
        after = EmbeddedRegister(dossiers).accept_piece(dossier.id, piece, AGENT)
        _notify(dossiers, after, notices.piece_accepted(after, label))
        _say(f"Pièce « {piece} » acceptée.")
        _say_state(after)


@dossier_app.command("refuser")
def refuse_command(
    number: Number,
    piece: PieceId,
    why: Annotated[str, typer.Option("--motif", help="Pourquoi, en une phrase.")] = "",
) -> None:
    """Refuser une pièce : la personne lit le motif et l'envoie de nouveau."""
    _must_say(why, "--motif")
    with _found(number) as (dossiers, dossier):
        label = _label(dossier, piece, dossiers.today())
        after = EmbeddedRegister(dossiers).refuse_piece(dossier.id, piece, why, AGENT)
        _notify(dossiers, after, notices.piece_refused(after, label, why))
        _say(f"Pièce « {piece} » refusée.")
        _say_state(after)


@dossier_app.command("demander")
def ask_command(
    number: Number,
    message: Annotated[str, typer.Option("--message", help="Ce qui est demandé.")] = "",
) -> None:
    """Demander une information : le dossier attend la réponse de la personne."""
    _must_say(message, "--message")
    with _found(number) as (dossiers, dossier):
        after = EmbeddedRegister(dossiers).ask(dossier.id, message, AGENT)
        _notify(dossiers, after, notices.asked(after, message))
        _say_state(after)


@dossier_app.command("etat")
def state_command(
    number: Number,
    state: Annotated[str, typer.Argument(metavar="ETAT", help="Le nouvel état.")],
    why: Annotated[str, typer.Option("--motif", help="Pourquoi, en une phrase.")] = "",
) -> None:
    """Faire passer un dossier dans un autre état."""
    wanted = _state(state)
    with _found(number) as (dossiers, dossier):
        if dossier.state is wanted:
            raise NotNowError("Le dossier est déjà dans cet état.")
        after = dossiers.move(dossier.id, wanted, AGENT, why)
        _notify(dossiers, after, notices.moved(after, why))
        _say_state(after)


@dossier_app.command("piece")
def piece_command(
    number: Number,
    file_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="Le fichier, ou la pièce : son dernier fichier."),
    ],
    target: Target = None,
) -> None:
    """Écrire dans un fichier un document que la personne a envoyé."""
    path = _free(target)
    with _found(number) as (dossiers, dossier):
        file = _file(dossier, file_id)
        _, content = dossiers.pieces.read(dossier.id, file.id)
        _write(path, content)
        if path.suffix.lower() != EXTENSIONS[file.media_type]:
            _say(f"Attention : c'est un fichier « {EXTENSIONS[file.media_type]} ».")


@dossier_app.command("recapitulatif")
def recap_command(number: Number, target: Target = None) -> None:
    """Écrire le récapitulatif d'un dossier, en PDF, ou en texte dans un fichier « .md »."""
    path = _free(target)
    with _found(number) as (dossiers, dossier):
        recap = recap_of(dossier, dossiers.today())
        in_words = path.suffix.lower() == ".md"
        _write(path, recap_text.markdown(recap).encode() if in_words else pdf(recap))


@dossier_app.command("exporter")
def export_command(number: Number, target: Target = None) -> None:
    """Écrire tout ce qui est gardé d'un dossier, en ZIP, pour la personne."""
    path = _free(target)
    with _found(number) as (dossiers, dossier):
        _write(path, retention.export(dossiers, dossier.id))


@dossier_app.command("effacer")
def erase_command(
    number: Number,
    sure: Annotated[bool, typer.Option("--oui", help="Confirmer : rien n'est récupérable.")] = (
        False
    ),
) -> None:
    """Effacer un dossier, ses réponses, ses événements et ses fichiers."""
    if not sure:
        stop("Rien n'a été effacé. Pour effacer vraiment, ajoutez --oui.", BAD_USAGE)
    with _found(number) as (dossiers, dossier):
        retention.erase(dossiers, dossier.id)
        _say(f"Le dossier {dossier.number} est effacé.")


@purge_app.command("purge")
def purge_command() -> None:
    """Effacer les dossiers gardés assez longtemps."""
    settings = Settings()
    delays = retention.Delays(
        draft=settings.draft_days,
        closed=settings.closed_days,
        abandoned=settings.abandoned_days,
    )
    with _opened() as dossiers:
        count = retention.purge(dossiers, delays)
    if count == 0:
        _say("Aucun dossier à effacer.")
    else:
        _say("1 dossier effacé." if count == 1 else f"{count} dossiers effacés.")


@contextmanager
def _opened() -> Iterator[Dossiers]:
    """The dossiers; what goes wrong with them is told in French, and ends the command."""
    settings = Settings()
    try:
        with opened_database(settings) as database:
            yield dossiers_in(database, settings)
    except UnknownDossierError:
        stop("Aucun dossier n'a ce numéro.")
    except UnknownPieceError as error:
        stop(f"Aucun fichier n'attend de décision pour la pièce « {error} ».")
    except (NotNowError, TransitionError) as error:
        stop(error.reason)
    except (KeyChangedError, UnreadableError):
        stop("Les dossiers sont chiffrés avec une autre clé : voyez REPERE_DOSSIERS_KEY.")


@contextmanager
def _found(number: str) -> Iterator[tuple[Dossiers, DossierView]]:
    if numbers.parse_number(number) is None:
        stop(f"« {number} » n'est pas un numéro de dossier : vérifiez-le.", BAD_USAGE)
    with _opened() as dossiers:
        yield dossiers, dossiers.numbered(number)


def _state(text: str) -> State:
    try:
        return State(text.strip().lower())
    except ValueError:
        stop(f"« {text} » n'est pas un état. Les états : {', '.join(State)}.", BAD_USAGE)


def _must_say(text: str, option: str) -> None:
    if not text.strip():
        stop(f'Donnez un texte, que la personne lira : {option} "…"', BAD_USAGE)


def _label(dossier: DossierView, piece: str, today: date) -> str:
    """The label of a pièce that the dossier asks for."""
    known = {view.piece.id: view.piece.label for view in dossier.pieces(today)}
    if piece not in known:
        listed = ", ".join(known) or "aucune"
        stop(f"Ce dossier ne demande pas de pièce « {piece} ». Ses pièces : {listed}.")
    return known[piece]


def _notify(dossiers: Dossiers, dossier: DossierView, text: str) -> None:
    """Tell the person, in the conversation of the dossier."""
    told = notices.notify(dossiers.ledger.database, None, dossier, text, dossiers.today())
    if told is None:
        _say("La personne n'a plus de conversation ici : elle l'apprendra à son retour.")


def _file(dossier: DossierView, wanted: str) -> AttachmentView:
    """The file with this id, or the last one sent for the pièce with this id."""
    named = [file for file in dossier.attachments if wanted in (file.id, file.piece)]
    if not named:
        stop(f"Ce dossier n'a pas de fichier « {wanted} ».")
    return named[-1]


def _free(target: Path | None) -> Path:
    if target is None:
        stop("Dites dans quel fichier écrire : --vers FICHIER", BAD_USAGE)
    if target.exists():
        stop(f"« {target} » existe déjà : choisissez un autre nom.", BAD_USAGE)
    return target


def _write(path: Path, content: bytes) -> None:
    """A new file that only its owner reads: it holds personal data."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    _say(f"Écrit : {path}")


def _say_state(dossier: DossierView) -> None:
    _say(f"Dossier {dossier.number} : {TEXTS[dossier.state].title} ({dossier.state}).")


def _say(line: str) -> None:
    """A line, without what could act on the terminal in the texts that people wrote."""
    typer.echo("".join(c if c.isprintable() else " " for c in line))
