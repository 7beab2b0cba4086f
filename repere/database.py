"""Opening the database, bringing its tables up to date; the register of dossiers in it."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

from dossiers.attachments import Limits
from dossiers.register import Dossiers
from repere.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str) -> Engine:
    """An engine for the URL; an SQLite file's folder is made, and it waits rather than fails.

    Its errors, which the logs keep, never tell what people wrote.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    database = create_engine(url, connect_args={"timeout": 10}, hide_parameters=True)
    event.listen(database, "connect", _prepare_sqlite)
    return database


def upgrade(database: Engine) -> None:
    """Apply the migrations that the database lacks."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def dossiers_in(database: Engine, settings: Settings) -> Dossiers:
    """The dossiers in a database whose tables are up to date. Raises KeyChangedError."""
    return Dossiers(
        database,
        settings.resolved_dossiers_key,
        settings.var / "attachments",
        Limits(max_bytes=settings.upload_max_bytes, max_pages=settings.upload_max_pages),
        calendar=settings.calendar,
    )


def _prepare_sqlite(connection: Any, _: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
