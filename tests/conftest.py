"""One real Repère for the whole test run: engine, application, database, on a free port."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine as Database

from bench.browser import chromium
from bench.site import Site
from dossiers.register import Dossiers
from knowledge.query import KnowledgeBase
from knowledge.sheets_reader import read
from repere.client import Conversation
from repere.database import dossiers_in, open_database, upgrade
from repere.running import Running, free_port
from repere.running import running as start
from repere.settings import Settings
from repere.training import train

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
# The pages that tests serve themselves seem public, and could not load from this machine.
LOCAL = ("--disable-features=LocalNetworkAccessChecks",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser come last: it keeps an event loop, and others run their own."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """A command run in a test sets logs up for that test's output only."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", *LOCAL]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def allowed_site() -> str:
    """The origin of another site, whose pages may hold the conversation."""
    return f"http://localhost:{free_port()}"


@pytest.fixture(scope="session")
def phone_secrets() -> dict[str, str]:
    """What telephony platforms share with the Repère of the tests, by setting."""
    return {
        "REPERE_PHONE_AUDIOCODES_TOKEN": "audiocodes-token-of-the-tests",
        "REPERE_PHONE_TWILIO_AUTH_TOKEN": "twilio-token-of-the-tests",
        "REPERE_PHONE_JAMBONZ_SECRET": "jambonz-secret-of-the-tests",
    }


@pytest.fixture(scope="session")
def running(
    tmp_path_factory: pytest.TempPathFactory, allowed_site: str, phone_secrets: dict[str, str]
) -> Iterator[Running]:
    """A running Repère shared by the tests that don't break it."""
    train(Settings())
    allowed = {"REPERE_ALLOWED_ORIGINS": f"https://www.mairie.example, {allowed_site}"}
    with start(tmp_path_factory.mktemp("repere"), allowed | phone_secrets) as repere:
        yield repere


@pytest.fixture(scope="session")
def site(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Another Repère, whose processes may be killed; ``running`` has trained the model before."""
    made = Site(tmp_path_factory.mktemp("site"))
    made.start("engine")
    made.start("application")
    made.wait_ready()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def base() -> KnowledgeBase:
    """The sheets as they are."""
    return KnowledgeBase(read())


@pytest.fixture(scope="session")
def kept(running: Running) -> Iterator[Dossiers]:
    """The dossiers of the running Repère, looked into from outside."""
    own = Settings(var=running.var)
    opened = open_database(own.resolved_database_url)
    yield dossiers_in(opened, own)
    opened.dispose()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own: the tables, and nothing in them."""
    opened = open_database(f"sqlite:///{tmp_path / 'repere.db'}")
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def conversation(running: Running) -> Iterator[Conversation]:
    """A new conversation with the running Repère."""
    begun = Conversation(running.url)
    yield begun
    begun.close()
