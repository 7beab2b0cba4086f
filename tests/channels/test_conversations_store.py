"""Conversations over a database and an engine, as two processes of the application share them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.dialogue.scene import Hands
from bot.dialogue.turn import Dialogue
from bot.questions.speech import Speech
from channels.conversations import Conversations, UnknownConversationError, playing_in
from channels.engine import Engine, EngineUnavailableError
from channels.incoming import MAX_TEXT, Incoming, RefusedMessageError, clean_text
from channels.live import Live
from channels.models import Conversation, now
from dossiers.register import Dossiers
from knowledge.query import KnowledgeBase
from knowledge.search import LiveIndex
from knowledge.sheets_reader import read as read_sheets
from repere.database import dossiers_in, open_database, upgrade
from repere.running import Running, free_port
from repere.settings import Settings

# Opens the conversations as one process of the application does.
Process = Callable[[], AbstractAsyncContextManager[Conversations]]
QUESTION = Incoming("Que veut dire CPI ?", client_id="1")
SLOW_MACHINE = 20.0


@pytest.fixture
def database(running: Running) -> Iterator[Database]:
    """The database that the running Repère plays its turns in: the talk is kept there."""
    opened = open_database(f"sqlite:///{running.var / 'repere.db'}")
    yield opened
    opened.dispose()


def kept_dossiers(database: Database) -> Dossiers:
    """The dossiers of the same database, under the same key."""
    return dossiers_in(database, Settings(var=Path(str(database.url.database)).parent))


def conversations_of(database: Database, engine: Engine) -> Conversations:
    dossiers, base = kept_dossiers(database), KnowledgeBase(read_sheets())
    speech = Speech(base, LiveIndex(base, database))
    hands = Hands(base, speech, dossiers, dossiers.today)
    dialogue = Dialogue(hands, playing_in(database))
    return Conversations(database, engine, dossiers, Live(database), dialogue)


@pytest.fixture
def process(running: Running, database: Database) -> Process:
    """What one process of the application makes of the database and of the real engine."""
    pid = running.engine_pid()
    port = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[-2].decode()
    secret = (running.var / "engine.key").read_text(encoding="ascii")

    @asynccontextmanager
    async def opened() -> AsyncIterator[Conversations]:
        engine = Engine(f"http://127.0.0.1:{port}", secret, SLOW_MACHINE)
        yield conversations_of(database, engine)
        await engine.close()

    return opened


@asynccontextmanager
async def without_engine(database: Database) -> AsyncIterator[Conversations]:
    """Conversations whose engine does not listen."""
    engine = Engine(f"http://127.0.0.1:{free_port()}", "secret", 1.0)
    yield conversations_of(database, engine)
    await engine.close()


def test_a_message_is_kept_when_the_engine_is_dead_and_answered_later(
    database: Database, process: Process
) -> None:
    async def scenario() -> None:
        async with without_engine(database) as conversations:
            name, first = await conversations.start("web")
            assert [m["seq"] for m in first] == [1]
            with pytest.raises(EngineUnavailableError):
                await conversations.turn(name, QUESTION)
            owner, kept = await conversations.history(name, 0)
            assert owner == "bot"
            assert [m["author"] for m in kept] == ["bot", "user"]
        async with process() as conversations:
            (reply,) = await conversations.turn(name, QUESTION)
            assert reply["card"]["topic"] == "definition/cpi"
            _, kept = await conversations.history(name, 0)
            assert [m["author"] for m in kept] == ["bot", "user", "bot"]
        async with without_engine(database) as conversations:
            assert await conversations.turn(name, QUESTION) == [reply]

    asyncio.run(scenario())


def test_two_processes_take_turns(process: Process) -> None:
    async def scenario() -> None:
        async with process() as one, process() as two:
            name, _ = await one.start("web")
            await asyncio.gather(
                one.turn(name, Incoming("Que veut dire CPI ?")),
                two.turn(name, Incoming("Que veut dire CERT ?")),
                one.turn(name, Incoming("Que veut dire CLU ?")),
            )
            _, kept = await one.history(name, 1)
        assert [m["author"] for m in kept] == ["user", "bot"] * 3
        for asked, answered in zip(kept[::2], kept[1::2], strict=True):
            word = asked["text"].split()[3].lower()
            assert answered["card"]["topic"] == f"definition/{word}"

    asyncio.run(scenario())


def test_the_lease_of_a_dead_process_ends(database: Database, process: Process) -> None:
    async def scenario() -> None:
        async with process() as conversations:
            name, _ = await conversations.start("web")
            until = now() + timedelta(seconds=1)
            with Session(database) as db, db.begin():
                db.execute(
                    update(Conversation).where(Conversation.id == name).values(busy_until=until)
                )
            (reply,) = await conversations.turn(name, QUESTION)
            assert reply["author"] == "bot"
            assert now() >= until

    asyncio.run(scenario())


def test_a_refused_message_leaves_nothing(database: Database) -> None:
    async def scenario() -> None:
        async with without_engine(database) as conversations:
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


def test_nothing_is_erased_when_the_engine_cannot_forget(database: Database) -> None:
    async def scenario() -> None:
        async with without_engine(database) as conversations:
            name, first = await conversations.start("web")
            with pytest.raises(EngineUnavailableError):
                await conversations.erase(name)
            assert await conversations.history(name, 0) == ("bot", first)

    asyncio.run(scenario())


def test_unknown_and_erased_conversations(process: Process) -> None:
    async def scenario() -> None:
        async with process() as conversations:
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


def test_the_same_words_again_are_the_message_that_had_no_answer(
    database: Database, process: Process
) -> None:
    """Someone without client ids who was told to try again does not say it twice."""

    async def scenario() -> None:
        async with without_engine(database) as conversations:
            name, _ = await conversations.start("web")
            for _ in range(2):
                with pytest.raises(EngineUnavailableError):
                    await conversations.turn(name, Incoming("  Que veut dire CPI ?"))
        async with process() as conversations:
            for _ in range(2):  # once answered, the same words are another question
                await conversations.turn(name, Incoming("Que veut dire CPI ?"))
            _, kept = await conversations.history(name, 1)
        assert [m["author"] for m in kept] == ["user", "bot", "user", "bot"]

    asyncio.run(scenario())


def test_a_turn_whose_process_was_killed_is_not_waited_for(
    database: Database, process: Process
) -> None:
    async def scenario() -> None:
        async with process() as conversations:
            name, _ = await conversations.start("web")
            with Session(database) as db, db.begin():
                db.execute(update(Conversation).values(busy_until=now() + timedelta(hours=1)))
            conversations.free_leases()
            assert await conversations.turn(name, QUESTION)

    asyncio.run(scenario())


def test_an_error_of_the_database_tells_nothing_of_what_was_written(database: Database) -> None:
    with pytest.raises(SQLAlchemyError) as error, database.begin() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": "Camille Durand"})
    assert "Camille" not in str(error.value)
