"""Calls to the running Repère, and to a second process over the same database and engine."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from calls import TRANSFER_TARGET, Calling, Records

from repere.phone_client import PhoneCall
from repere.running import Running
from repere.running import running as start


@pytest.fixture(scope="session")
def token(phone_secrets: dict[str, str]) -> str:
    return phone_secrets["REPERE_PHONE_AUDIOCODES_TOKEN"]


@pytest.fixture
def http(running: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
def calling(http: httpx.Client, token: str) -> Calling:
    """Begins a call to the running Repère."""

    def begin(caller: str = "+33612345678") -> PhoneCall:
        return PhoneCall(http, token, caller)

    return begin


@pytest.fixture
def call(calling: Calling) -> PhoneCall:
    return calling()


@pytest.fixture(scope="session")
def records(running: Running) -> Records:
    """What the database holds of the calls."""
    return Records(running.var / "repere.db")


@pytest.fixture(scope="session")
def transferring(
    running: Running, phone_secrets: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A second process, which transfers calls to a number."""
    settings = phone_secrets | {
        "REPERE_VAR": str(running.var),
        "REPERE_ENGINE_URL": _engine_url(running),
        "REPERE_PHONE_TRANSFER_TARGET": TRANSFER_TARGET,
    }
    with start(tmp_path_factory.mktemp("second"), settings) as second:
        yield second


@pytest.fixture
def other(transferring: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=transferring.url, timeout=30, trust_env=False) as client:
        yield client


def _engine_url(running: Running) -> str:
    arguments = Path(f"/proc/{running.engine_pid()}/cmdline").read_text("ascii").split("\0")
    return f"http://127.0.0.1:{next(word for word in reversed(arguments) if word.isdigit())}"
