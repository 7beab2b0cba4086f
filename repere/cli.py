"""The ``repere`` command."""

import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from repere.commands import BAD_USAGE, PROBLEM, stop
from repere.settings import Settings

# What only some commands need is imported by them: a question does not wait for the database.
GROUPS = {
    "knowledge": ("repere.knowledge_commands", "knowledge_app"),
    "dossier": ("repere.dossier_commands", "dossier_app"),
    "purge": ("repere.dossier_commands", "purge_app"),
    "user": ("repere.desk_commands", "user_app"),
    "webhook": ("repere.desk_commands", "webhook_app"),
}


class _Commands(TyperGroup):
    """The commands below, and the groups of other modules, imported when they are called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in GROUPS:
            return super().get_command(ctx, cmd_name)
        module, name = GROUPS[cmd_name]
        command = typer.main.get_command(getattr(import_module(module), name))
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_Commands,
    help="Repère : le guide des démarches de carte grise et de permis de conduire.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _configure() -> None:
    settings = Settings()
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@app.command()
def serve() -> None:
    """Démarrer Repère (l'application et son moteur de conversation)."""
    from knowledge.sheets_reader import SheetError
    from repere.supervisor import StartError
    from repere.supervisor import serve as run
    from repere.training import TrainingError

    try:
        run(Settings())
    except (StartError, TrainingError) as error:
        stop(str(error))
    except SheetError as error:
        stop(f"Des fiches sont incorrectes :\n{error}")


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="Entraîner même si rien n'a changé.")] = (
        False
    ),
) -> None:
    """Entraîner le modèle si ses données ont changé."""
    from repere.training import TrainingError, model_path
    from repere.training import train as run

    settings = Settings()
    if model_path(settings).exists() and not force:
        print("Le modèle est à jour.")
        return
    try:
        run(settings, force=force)
    except TrainingError as error:
        stop(str(error))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="La question, ou - pour la lire.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="Un fichier, une question par ligne.", exists=True, dir_okay=False, readable=True
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Une ligne de JSON par question.")
    ] = False,
) -> None:
    """Poser une question (ou plusieurs) et lire la réponse avec ses sources."""
    import httpx
    from rich.console import Console

    from repere import asking
    from repere.training import TrainingError

    if (question is None) == (file is None):
        stop("Donnez une question, ou --file, ou - pour l'entrée standard.", BAD_USAGE)
    try:
        asked = asking.questions_of(question, file)
    except UnicodeDecodeError:
        stop("Le fichier de questions n'est pas du texte en UTF-8.")
    if not asked:
        stop("Aucune question à poser.", BAD_USAGE)
    console = Console()
    refused = False
    try:
        with asking.answering(Settings()) as url:
            for one in asked:
                try:
                    said = asking.ask(url, one)
                except asking.RefusedError as error:
                    print(f"{one} : {error}", file=sys.stderr)
                    refused = True
                    continue
                if as_json:
                    print(asking.as_json(one, said), flush=True)
                    continue
                if len(asked) > 1:
                    console.rule(one)
                asking.show(console, said)
    except (TrainingError, RuntimeError, httpx.HTTPError) as error:
        stop(f"Repère n'a pas pu répondre : {error}")
    if refused:
        raise typer.Exit(PROBLEM)


@app.command()
def chat() -> None:
    """Parler avec Repère dans le terminal.

    Un numéro prend le choix qui le porte ; « :n » montre ce qui a été compris (étape, intention,
    sujets, actes) ; « :q » ou Ctrl-D quitte.
    """
    import httpx

    from repere import chatting
    from repere.training import TrainingError

    try:
        with chatting.guide(Settings()) as (url, memory):
            chatting.talk(url, memory)
    except (TrainingError, RuntimeError, httpx.HTTPError) as error:
        stop(f"La conversation n'a pas pu avoir lieu : {error}")


@app.command()
def call(
    aloud: Annotated[
        bool, typer.Option("--voix", help="Entendre les réponses (espeak-ng installé).")
    ] = False,
) -> None:
    """Téléphoner à Repère depuis le terminal.

    Ce que vous tapez est ce que vous dites ; une ligne vide est un silence ; « #123 », les touches
    123 du clavier ; Ctrl-D raccroche.
    """
    import httpx

    from repere import calling
    from repere.training import TrainingError

    if aloud and not calling.can_speak():
        stop("La voix demande espeak-ng, qui n'est pas installé.")
    try:
        with calling.line(Settings()) as (url, token):
            calling.talk(url, token, aloud=aloud)
    except (TrainingError, RuntimeError, httpx.HTTPError, calling.PhoneOffError) as error:
        stop(f"L'appel n'a pas pu avoir lieu : {error}")


def main() -> None:
    """The entry point of the command."""
    try:
        app()
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(["REPERE", *(str(part).upper() for part in problem["loc"])])
            print(f"Réglage incorrect, {name} : {problem['msg']}.", file=sys.stderr)
        sys.exit(2)
