"""Settings: documented, listed in the example file, and read as it says."""

import re
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from repere.settings import ROOT, Settings

NAMES = {f"REPERE_{name.upper()}" for name in Settings.model_fields}
# The other defaults are described in words.
LITERAL_DEFAULTS = {
    name: field.default
    for name, field in Settings.model_fields.items()
    if field.default not in ("", None) and not isinstance(field.default, Path)
}
NAME = re.compile(r"\bREPERE_[A-Z_]+\b")
CODE = [
    *(ROOT / "repere").glob("*.py"),
    *(ROOT / "bot" / "engine").glob("*.py"),
    ROOT / "endpoints.yml",
    ROOT / "credentials.yml",
]


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def _known_names() -> set[str]:
    """The settings, and the variables that the engine alone reads."""
    return NAMES | {name for path in CODE for name in NAME.findall(path.read_text("utf-8"))}


def _example() -> Iterator[tuple[str, str]]:
    for line in (ROOT / ".env.example").read_text("utf-8").splitlines():
        found = re.fullmatch(r"#? ?(REPERE_[A-Z_]+)=(.*)", line)
        if found:
            yield found[1], found[2]


def test_every_setting_is_documented() -> None:
    rows = (ROOT / "docs" / "settings.md").read_text("utf-8").splitlines()
    documented = {name for row in rows if row.startswith("|") for name in NAME.findall(row[:40])}
    assert documented >= NAMES
    assert documented <= _known_names()


@pytest.mark.parametrize("name", sorted(LITERAL_DEFAULTS))
def test_the_documented_default_is_the_one(name: str) -> None:
    default = LITERAL_DEFAULTS[name]
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    written = str(default).lower() if isinstance(default, bool) else str(default)
    assert f"| `REPERE_{name.upper()}` | `{written}` |" in text


def test_the_example_file_lists_every_setting_once() -> None:
    names = [name for name, _ in _example()]
    assert sorted(names) == sorted(NAMES)


def test_the_example_file_shows_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = Settings(_env_file=None)
    for name, value in _example():
        if value and "var" not in value:
            monkeypatch.setenv(name, value)
    assert Settings(_env_file=None) == defaults


def test_no_unknown_name_in_the_documents() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for path in documents:
        if path.exists():
            named = set(NAME.findall(path.read_text("utf-8")))
            assert named <= _known_names(), path.name


def test_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("REPERE_PORT=8001\nREPERE_TOKEN_DAYS=3\n", encoding="utf-8")
    monkeypatch.setenv("REPERE_PORT", "8002")
    settings = Settings(_env_file=env_file)
    assert (settings.port, settings.token_days) == (8002, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"), ("PORT", "70000"), ("PORT", "-1"), ("ENGINE_TIMEOUT", "0"),
        ("TOKEN_DAYS", "0"), ("LOG_TEXTS", "peut-être"), ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "mairie.example"), ("ALLOWED_ORIGINS", "https://mairie.example/aide"),
        ("TIMEZONE", "Paris"), ("TIMEZONE", ""), ("TIMEZONE", "../etc/localtime"),
        ("TIMEZONE", "/etc/localtime"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"REPERE_{name}", value)
    with pytest.raises(ValidationError):
        Settings(_env_file=None)


def test_allowed_origins_are_read_as_browsers_name_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPERE_ALLOWED_ORIGINS", "https://Www.Mairie.example/, http://localhost:81")
    assert Settings(_env_file=None).origins == ("https://www.mairie.example", "http://localhost:81")


def test_secrets_are_made_once_for_their_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REPERE_VAR", str(tmp_path / "var"))
    first, second = Settings(_env_file=None), Settings(_env_file=None)
    assert len(first.resolved_secret_key) >= 32
    assert first.resolved_secret_key == second.resolved_secret_key
    assert first.resolved_secret_key != first.resolved_engine_secret
    for name in ("secret.key", "engine.key"):
        mode = stat.S_IMODE((tmp_path / "var" / name).stat().st_mode)
        assert mode == 0o600


def test_the_var_folder_holds_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REPERE_VAR", str(tmp_path))
    settings = Settings(_env_file=None)
    assert settings.resolved_database_url == f"sqlite:///{tmp_path / 'repere.db'}"
    assert settings.resolved_models == tmp_path / "models"


def test_days_are_those_of_the_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPERE_TIMEZONE", "Pacific/Noumea")
    noumea = Settings(_env_file=None).calendar
    assert noumea.local(datetime(2026, 12, 31, 13, 0)).isoformat() == "2027-01-01T00:00:00+11:00"
