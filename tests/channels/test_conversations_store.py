"""Conversations over a database and an engine, as two processes of the application share them."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import update
from sqlalchemy.orm import Session

from channels.conversations import (
    MAX_TEXT,
    Conversations,
    Incoming,
    RefusedMessageError,
    UnknownConversationError,
    clean_text,
)
from channels.engine import Engine, EngineUnavailableError
from channels.models import Conversation, now
from repere.database import open_database, upgrade
from repere.running import Running, free_port

QUESTION = Incoming("Que veut dire CPI ?", client_id="1")
SLOW_MACHINE = 20.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'conversations.db'}")
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def engine(running: Running) -> Callable[[], Engine]:
    """Clients of the running Repère's own engine."""
    pid = running.engine_pid()
    port = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[-2].decode()
    secret = (running.var / "engine.key").read_text(encoding="ascii")
    return lambda: Engine(f"http://127.0.0.1:{port}", secret, SLOW_MACHINE)


def no_engine() -> Engine:
    """A client of an address where nothing listens."""
    return Engine(f"http://127.0.0.1:{free_port()}", "secret", 1.0)


def _short(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(m["author"], m["text"].splitlines()[0][:40]) for m in messages]


def test_a_message_is_kept_when_the_engine_is_dead_and_answered_later(
    database: Database, engine: Callable[[], Engine]
) -> None:
    async def scenario() -> None:
        without, dead = Conversations(database, no_engine()), QUESTION
        name, first = await without.start("web")
        assert [m["seq"] for m in first] == [1]
        with pytest.raises(EngineUnavailableError):
            await without.turn(name, dead)
        owner, kept = await without.history(name, 0)
        assert owner == "bot"
        assert [m["author"] for m in kept] == ["bot", "user"]
        within = Conversations(database, engine())
        (reply,) = await within.turn(name, QUESTION)
        assert reply["card"]["topic"] == "definition/cpi"
        assert await without.turn(name, QUESTION) == [reply]
        _, kept = await within.history(name, 0)
        assert [m["author"] for m in kept] == ["bot", "user", "bot"]

    asyncio.run(scenario())


def test_two_processes_take_turns(database: Database, engine: Callable[[], Engine]) -> None:
    async def scenario() -> None:
        one, two = Conversations(database, engine()), Conversations(database, engine())
        name, _ = await one.start("web")
        texts = ["Que veut dire CPI ?", "Que veut dire CERT ?", "Que veut dire CLU ?"]
        await asyncio.gather(
            *(
                process.turn(name, Incoming(text))
                for text, process in zip(texts, (one, two, one), strict=True)
            )
        )
        _, kept = await one.history(name, 1)
        assert [m["author"] for m in kept] == ["user", "bot"] * 3
        for asked, answered in zip(kept[::2], kept[1::2], strict=True):
            word = asked["text"].split()[3].lower()
            assert answered["card"]["topic"] == f"definition/{word}"

    asyncio.run(scenario())


def test_the_lease_of_a_dead_process_ends(database: Database, engine: Callable[[], Engine]) -> None:
    async def scenario() -> None:
        conversations = Conversations(database, engine())
        name, _ = await conversations.start("web")
        until = now() + timedelta(seconds=1)
        with Session(database) as db, db.begin():
            db.execute(update(Conversation).where(Conversation.id == name).values(busy_until=until))
        (reply,) = await conversations.turn(name, QUESTION)
        assert reply["author"] == "bot"
        assert now() >= until

    asyncio.run(scenario())


def test_a_refused_message_leaves_nothing(database: Database) -> None:
    async def scenario() -> None:
        conversations = Conversations(database, no_engine())
        name, first = await conversations.start("web")
        for refused in (
            Incoming(),
            Incoming("Bonjour", "talk:humain"),
            Incoming("  "),
            Incoming("a" * (MAX_TEXT + 1)),
            Incoming(choice="topic:etapes/cession"),
        ):
            with pytest.raises(RefusedMessageError):
                await conversations.turn(name, refused)
        assert await conversations.history(name, 0) == ("bot", first)

    asyncio.run(scenario())


def test_unknown_and_erased_conversations(database: Database) -> None:
    async def scenario() -> None:
        conversations = Conversations(database, no_engine())
        name, _ = await conversations.start("web")
        await conversations.erase(name)
        for unknown in (name, "0" * 32):
            with pytest.raises(UnknownConversationError):
                await conversations.turn(unknown, QUESTION)
            with pytest.raises(UnknownConversationError):
                await conversations.history(unknown, 0)
            with pytest.raises(UnknownConversationError):
                await conversations.erase(unknown)

    asyncio.run(scenario())


def test_the_tables_are_made_once(database: Database) -> None:
    upgrade(database)
    upgrade(database)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Bonjour \n", "Bonjour"),
        ("ligne 1\nligne 2", "ligne 1\nligne 2"),
        ("a\x00b\x1bc", "a b c"),
        ("carte 4970\u00a01012\u00a03456\u00a07893", "carte [numéro de carte masqué]"),
        ("carte 4970\u200b1012\u200b3456\u200b7893", "carte [numéro de carte masqué]"),
        ("x" * MAX_TEXT, "x" * MAX_TEXT),
    ],
)
def test_a_typed_text_is_made_harmless(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept
