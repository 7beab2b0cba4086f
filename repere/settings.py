"""Settings, read from ``REPERE_*`` environment variables or a ``.env`` file (docs/settings.md)."""

import os
import secrets
from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting has a default that works on one machine, without another server."""

    model_config = SettingsConfigDict(
        env_prefix="REPERE_", env_file=ROOT / ".env", extra="ignore", frozen=True
    )

    host: str = Field("127.0.0.1", description="Address on which Repère listens.")
    port: int = Field(8000, ge=1, le=65535, description="Port on which Repère listens.")
    var: Path = Field(ROOT / "var", description="Folder of what is made while running.")
    models: Path | None = Field(
        None, description="Folder of the trained models; `models` under the var folder by default."
    )
    database_url: str = Field(
        "", description="SQLAlchemy URL of the database; an SQLite file under `var/` by default."
    )
    secret_key: str = Field(
        "", description="Key that signs conversation tokens; made under `var/` by default."
    )
    dossiers_key: str = Field(
        "", description="Key that encrypts dossiers at rest; made under `var/` by default."
    )
    upload_max_bytes: int = Field(
        10 * 1024 * 1024, ge=1024, description="Largest document accepted, in bytes."
    )
    upload_max_pages: int = Field(20, ge=1, description="Most pages accepted in a PDF.")
    engine_url: str = Field(
        "", description="Address of an engine started apart; empty: `repere serve` starts its own."
    )
    engine_port: int = Field(
        0, ge=0, le=65535, description="Port of the engine that `repere serve` starts; 0: any free."
    )
    engine_secret: str = Field(
        "", description="Secret shared with the engine; made under `var/` by default."
    )
    engine_timeout: float = Field(
        5.0, gt=0, description="Seconds after which a silent engine is given up for the turn."
    )
    token_days: int = Field(
        30, ge=1, description="Days during which a conversation's token is accepted."
    )
    log_level: str = Field("INFO", description="Lowest level of the logs that are written.")
    log_texts: bool = Field(
        False, description="Write messages' texts in the logs (for debugging only: personal data)."
    )

    @cached_property
    def resolved_database_url(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.var / 'repere.db'}"

    @cached_property
    def resolved_models(self) -> Path:
        return self.models or self.var / "models"

    @cached_property
    def resolved_secret_key(self) -> str:
        return self.secret_key or _kept_secret(self.var / "secret.key")

    @cached_property
    def resolved_dossiers_key(self) -> str:
        return self.dossiers_key or _kept_secret(self.var / "dossiers.key")

    @cached_property
    def resolved_engine_secret(self) -> str:
        return self.engine_secret or _kept_secret(self.var / "engine.key")


def _kept_secret(path: Path) -> str:
    """The secret kept in a file that only its owner reads; made the first time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    made = secrets.token_urlsafe(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    return made
