"""The ``repere`` command."""

import logging
import sys
from typing import Annotated

import structlog
import typer

from repere.settings import Settings

app = typer.Typer(
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
    from repere.supervisor import StartError
    from repere.supervisor import serve as run
    from repere.training import TrainingError

    try:
        run(Settings())
    except (StartError, TrainingError) as error:
        _fail(str(error))


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
        _fail(str(error))


def _fail(message: str) -> None:
    print(message, file=sys.stderr)
    raise typer.Exit(1)


def main() -> None:
    """The entry point of the command."""
    app()
