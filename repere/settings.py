"""Settings, read from ``REPERE_*`` environment variables or a ``.env`` file (docs/settings.md)."""

import os
import re
import secrets
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from dossiers.calendar import Calendar

ROOT = Path(__file__).resolve().parent.parent
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")


class Settings(BaseSettings):
    """Every setting has a default that works on one machine, without another server."""

    model_config = SettingsConfigDict(
        env_prefix="REPERE_", env_file=ROOT / ".env", extra="ignore", frozen=True
    )

    host: str = Field("127.0.0.1", description="Address on which Repère listens.")
    port: int = Field(8000, ge=1, le=65535, description="Port on which Repère listens.")
    public_url: str = Field(
        "", description="Address at which people reach Repère; its host and port by default."
    )
    var: Path = Field(ROOT / "var", description="Folder of what is made while running.")
    models: Path | None = Field(
        None, description="Folder of the trained models; `models` under the var folder by default."
    )
    timezone: str = Field(
        "Europe/Paris", description="Time zone of the organisation: what day it is, what time."
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
    draft_days: int = Field(
        90, ge=1, description="Days after its last change when an open dossier is erased."
    )
    closed_days: int = Field(
        30, ge=1, description="Days after which a finished or rejected dossier is erased."
    )
    abandoned_days: int = Field(
        7, ge=1, description="Days after which an abandoned dossier is erased."
    )
    allowed_origins: str = Field(
        "",
        description="Sites, separated by commas, whose pages may hold the conversation.",
    )
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
    desk_idle_minutes: int = Field(
        60, ge=1, description="Minutes without a sign after which an agent signs in again."
    )
    desk_session_hours: int = Field(
        12, ge=1, description="Hours after which an agent signs in again, whatever they do."
    )
    webhooks_local: bool = Field(
        False, description="Let webhooks reach this machine and private networks."
    )
    phone_audiocodes_token: str = Field(
        "", description="Bearer token of AudioCodes VoiceAI Connect; empty: off."
    )
    phone_twilio_auth_token: str = Field(
        "", description="Auth token that signs TwiML requests (Twilio, SignalWire); empty: off."
    )
    phone_telnyx_public_key: str = Field(
        "", description="Public key of Telnyx, which signs TeXML requests; empty: off."
    )
    phone_jambonz_secret: str = Field(
        "", description="Webhook secret of the jambonz account; empty: off."
    )
    phone_public_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Address of Repère for telephony platforms; the public URL by default.",
    )
    phone_transfer_target: str = Field(
        "",
        pattern=r"^((tel:\+?[0-9]{3,15})|(sips?:\S+@\S+))?$",
        description="Where calls are transferred (tel:… or sip:…); empty: the desk's queue only.",
    )
    log_level: str = Field("INFO", description="Lowest level of the logs that are written.")
    log_texts: bool = Field(
        False, description="Write messages' texts in the logs (for debugging only: personal data)."
    )

    @cached_property
    def resolved_public_url(self) -> str:
        """The address that people are given, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError) as error:  # unknown; a path, which is no name
            raise ValueError(f"'{value}' is not a time zone: write Europe/Paris") from error
        return value

    @cached_property
    def calendar(self) -> Calendar:
        """The days of the organisation."""
        return Calendar(ZoneInfo(self.timezone))

    @cached_property
    def resolved_database_url(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.var / 'repere.db'}"

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        for origin in _listed(value):
            if not ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"'{origin}' is not an origin: write https://site.example, without a path"
                )
        return value

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """The sites whose pages may call the API of conversations, as browsers name them."""
        return tuple(_listed(self.allowed_origins))

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


def _listed(value: str) -> list[str]:
    return [part.strip().rstrip("/").lower() for part in value.split(",") if part.strip()]


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
