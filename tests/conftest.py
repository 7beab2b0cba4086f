"""One real Repère for the whole test run: engine, application, database, on a free port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from repere.client import Conversation
from repere.running import Running
from repere.running import running as start
from repere.settings import Settings
from repere.training import train

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running Repère shared by the tests that don't break it."""
    train(Settings())
    with start(tmp_path_factory.mktemp("repere")) as repere:
        yield repere


@pytest.fixture
def conversation(running: Running) -> Iterator[Conversation]:
    """A new conversation with the running Repère."""
    begun = Conversation(running.url)
    yield begun
    begun.close()
