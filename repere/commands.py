"""What commands share: the database of the settings, and how they end when something is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from repere.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

PROBLEM, BAD_USAGE = 1, 2


@contextmanager
def opened_database(settings: Settings) -> "Iterator[Engine]":
    """The database, its tables up to date; when it or a file fails, that ends the command."""
    # Only here: SQLAlchemy takes a second to import, which « repere ask » need not wait for.
    from sqlalchemy.exc import SQLAlchemyError

    from repere.database import open_database, upgrade

    try:
        database = open_database(settings.resolved_database_url)
        try:
            upgrade(database)
            yield database
        finally:
            database.dispose()
    except SQLAlchemyError as error:
        # Its text may hold the address of the database, and with it a password.
        stop(f"La base de données ne répond pas ({type(error).__name__}).")
    except OSError as error:
        stop(f"Fichier inaccessible : {error.filename} ({error.strerror}).")


def stop(message: str, code: int = PROBLEM) -> NoReturn:
    """End the command with one line, in French."""
    typer.echo(message, err=True)
    raise typer.Exit(code)
