"""``repere dossier`` and ``repere purge``: an agent examines dossiers from a terminal."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sent_files
from click.testing import Result
from small_demarche import QUICK, STRAIGHT
from sqlalchemy import update
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from channels import transcript
from channels.models import Conversation, StoredMessage
from dossiers import numbers
from dossiers.answers import Answer
from dossiers.calendar import now
from dossiers.form import Form
from dossiers.model import DossierRow
from dossiers.register import Dossiers
from dossiers.states import State
from dossiers.views import DossierView
from repere.cli import app
from repere.database import open_database, upgrade
from repere.settings import Settings

CONVERSATION = "c" * 32


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A Repère of its own, which the commands find as they always do: in the environment."""
    monkeypatch.setenv("REPERE_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("COLUMNS", "200")
    return Settings()


@pytest.fixture
def kept(settings: Settings) -> Iterator[Dossiers]:
    database = open_database(settings.resolved_database_url)
    upgrade(database)
    with Session(database) as db, db.begin():
        db.add(Conversation(id=CONVERSATION, channel="web"))
    key = settings.resolved_dossiers_key
    yield Dossiers(database, key, settings.var / "attachments", hasher=QUICK)
    database.dispose()


@pytest.fixture
def ready(kept: Dossiers, form: Form) -> DossierView:
    """A dossier under control, complete, which no one has taken up."""
    dossier, _ = kept.begin(form, CONVERSATION)
    kept.save(dossier.id, [Answer(slot, value) for slot, value in STRAIGHT.items()])
    kept.pieces.attach(dossier.id, "vol", sent_files.photo())
    kept.accept_clu(dossier.id)
    return kept.move(dossier.id, State.PRETE_A_DEPOSER, "citizen")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def done(*arguments: str) -> str:
    result = run("dossier", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(code: int, *arguments: str) -> str:
    """What an agent reads when a command can't be done: one line, and no traceback."""
    result = run("dossier", *arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)
    return result.stderr.strip()


def told(dossiers: Dossiers) -> list[StoredMessage]:
    with Session(dossiers.ledger.database, expire_on_commit=False) as db:
        transcript.existing(db, CONVERSATION)
        return list(db.query(StoredMessage).order_by(StoredMessage.seq))


def test_a_dossier_is_listed_and_shown(kept: Dossiers, ready: DossierView) -> None:
    assert ready.number in done("liste")
    assert ready.number in done("liste", "--etat", "prete_a_deposer", "--demarche", "essai")
    assert done("liste", "--etat", "terminee").strip() == "Aucun dossier."
    shown = done("voir", ready.number.lower())
    for line in (
        "État : Prête à déposer (prete_a_deposer)", "Déposé : pas encore", "AB-123-CD",
        "vol : Déclaration, envoyée", "réponse donnée (naissance)", "fichier envoyé (vol)",
    ):  # fmt: skip
        assert line in shown


def test_the_theft_example_from_a_terminal(kept: Dossiers, ready: DossierView) -> None:
    number = ready.number
    assert "en_cours_analyse" in done("recevoir", number)
    assert "refusée" in done("refuser", number, "vol", "--motif", "Elle est illisible")
    assert kept.numbered(number).state is State.ATTENTE_INFORMATION
    kept.pieces.attach(ready.id, "vol", sent_files.pdf())
    assert "acceptée" in done("accepter", number, "vol")
    assert kept.numbered(number).state is State.ATTENTE_TELEDECLARANT
    assert "paiement" in refused(1, "etat", number, "terminee")
    kept.record_payment(ready.id, "citizen")
    assert "Terminée" in done("etat", number, "terminee")
    assert "il est clos" in done("voir", number)
    assert "ne peut pas devenir" in refused(1, "etat", number, "rejetee", "--motif", "Trop tard.")
    messages = told(kept)
    assert [m.author for m in messages] == ["system"] * 4
    assert "« Déclaration » est refusée" in messages[1].text
    assert "Elle est illisible." in messages[1].text
    assert messages[1].card is not None
    assert messages[1].card["choices"] == [
        {"label": f"Reprendre le dossier {number}", "value": f"dossier:{number}"}
    ]


def test_an_agent_asks_and_asks_again(kept: Dossiers, ready: DossierView) -> None:
    done("recevoir", ready.number)
    done("demander", ready.number, "--message", "Quel est votre téléphone ?")
    done("demander", ready.number, "--message", "Et votre adresse ?")
    said = [event.text for event in kept.events(ready.id) if event.text]
    assert said == ["Quel est votre téléphone ?", "Et votre adresse ?"]
    assert "Et votre adresse ?" in told(kept)[-1].text


def test_a_person_without_conversation_is_told_at_her_return(
    kept: Dossiers, ready: DossierView
) -> None:
    with Session(kept.ledger.database) as db, db.begin():
        db.execute(update(DossierRow).values(conversation_id="d" * 32))
    assert "à son retour" in done("recevoir", ready.number)


def test_a_file_and_the_recap_and_everything_are_written_out(
    kept: Dossiers, ready: DossierView, tmp_path: Path
) -> None:
    names = ("photo.jpg", "recap.pdf", "recap.md", "tout.zip")
    photo, recap, words, whole = (tmp_path / name for name in names)
    done("piece", ready.number, "vol", "--vers", str(photo))
    assert photo.read_bytes() == kept.pieces.read(ready.id, ready.attachments[0].id)[1]
    assert photo.stat().st_mode & 0o077 == 0
    done("recapitulatif", ready.number, "--vers", str(recap))
    assert recap.read_bytes().startswith(b"%PDF-")
    done("recapitulatif", ready.number, "--vers", str(words))
    assert f"**Dossier {ready.number}**" in words.read_text(encoding="utf-8")
    done("exporter", ready.number, "--vers", str(whole))
    content = json.loads(zipfile.ZipFile(io.BytesIO(whole.read_bytes())).read("dossier.json"))
    assert content["number"] == ready.number
    assert "existe déjà" in refused(2, "exporter", ready.number, "--vers", str(whole))
    assert "inaccessible" in refused(
        1, "recapitulatif", ready.number, "--vers", str(tmp_path / "nulle" / "part.pdf")
    )


def test_what_is_misused_is_said_in_french(kept: Dossiers, ready: DossierView) -> None:
    number = ready.number
    assert "n'est pas un numéro" in refused(2, "voir", "RP-1234")
    assert "Aucun dossier n'a ce numéro" in refused(1, "voir", numbers.new_number())
    assert "n'est pas un état" in refused(2, "etat", number, "perdue")
    assert "déjà dans cet état" in refused(1, "etat", number, "prete_a_deposer")
    assert "ne peut pas devenir" in refused(1, "etat", number, "terminee")
    assert "--motif" in refused(2, "refuser", number, "vol")
    assert "--message" in refused(2, "demander", number, "--message", "  ")
    assert "ne demande pas de pièce « mandat »" in refused(1, "accepter", number, "mandat")
    assert "n'est pas à examiner" in refused(1, "accepter", number, "vol")
    assert "pas de fichier" in refused(1, "piece", number, "autre", "--vers", "nulle-part")
    assert "--vers" in refused(2, "piece", number, "vol")
    done("recevoir", number)
    done("refuser", number, "vol", "--motif", "Illisible.")
    assert "Aucun fichier n'attend" in refused(1, "accepter", number, "vol")


def test_a_dossier_filed_on_the_site_is_not_examined_here(
    kept: Dossiers, ready: DossierView
) -> None:
    kept.report(ready.id, status=State.DEPOSEE)
    assert "sur le site de l'ANTS" in refused(1, "recevoir", ready.number)


def test_erasing_wants_to_be_confirmed(kept: Dossiers, ready: DossierView) -> None:
    assert "--oui" in refused(2, "effacer", ready.number)
    assert "effacé" in done("effacer", ready.number, "--oui")
    assert done("liste").strip() == "Aucun dossier."


def test_another_key_or_no_database_is_said_without_a_traceback(
    kept: Dossiers, ready: DossierView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REPERE_DOSSIERS_KEY", "une-autre-clef")
    assert "REPERE_DOSSIERS_KEY" in refused(1, "liste")
    monkeypatch.setenv("REPERE_DATABASE_URL", f"sqlite:///{tmp_path}")
    assert "base de données" in refused(1, "liste")


def test_what_people_wrote_cannot_act_on_the_terminal(kept: Dossiers, form: Form) -> None:
    dossier, _ = kept.begin(form)
    kept.set_value(dossier.id, "remarque", "\x1b[2J\x1b]0;titre\x07bonjour\u202e")
    shown = done("voir", dossier.number)
    assert "bonjour" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("state", "setting", "days"),
    [
        (None, "REPERE_DRAFT_DAYS", 3),
        (State.ABANDONNEE, "REPERE_ABANDONED_DAYS", 3),
    ],
)
def test_purge_follows_the_settings(
    kept: Dossiers,
    ready: DossierView,
    monkeypatch: pytest.MonkeyPatch,
    state: State | None,
    setting: str,
    days: int,
) -> None:
    if state is not None:
        kept.move(ready.id, state, "citizen", "à sa demande")
    assert run("purge").stdout.strip() == "Aucun dossier à effacer."
    old = now() - timedelta(days=days, hours=1)
    with Session(kept.ledger.database) as db, db.begin():
        ended = old if state is not None else None
        db.execute(update(DossierRow).values(updated_at=old, closed_at=ended))
    assert run("purge").stdout.strip() == "Aucun dossier à effacer."
    monkeypatch.setenv(setting, str(days))
    assert run("purge").stdout.strip() == "1 dossier effacé."
    assert list((kept.pieces.folder).iterdir()) == []
