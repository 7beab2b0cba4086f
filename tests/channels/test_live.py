"""News of conversations: what followers receive, whatever process made them, at what cost."""

import asyncio
import json
import socket
import sqlite3
import threading
import time
from contextlib import ExitStack, aclosing, closing
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from channels.live import Change, Live
from channels.models import Conversation as Row
from channels.models import now
from channels.ownership import Ownership
from repere.client import Conversation
from repere.running import Running

AGENT = ("a1", "Claire")
PATIENCE = 6.0


def begun(database: Database, *names: str) -> None:
    with Session(database) as db, db.begin():
        db.add_all(Row(id=name, channel="web") for name in names)


async def heard(live: Live, name: str, count: int, after: int = 0) -> list[Change]:
    """The first changes of a conversation."""
    found = []
    async with asyncio.timeout(PATIENCE), aclosing(live.changes(name, after)) as changes:
        async for change in changes:
            found.append(change)
            if len(found) == count:
                break
    return found


class TestFollowing:
    def test_what_another_process_does_is_seen(self, database: Database) -> None:
        """Two ``Live`` over one database are what two processes have: no wake passes."""

        async def scenario() -> list[Change]:
            begun(database, "c")
            elsewhere = Ownership(database, Live(database))
            following = asyncio.create_task(heard(Live(database), "c", 7))
            await asyncio.sleep(0.2)
            await elsewhere.take("c", *AGENT)
            await asyncio.sleep(1.2)
            await elsewhere.typing("c", "a1", now() + timedelta(seconds=30))
            await asyncio.sleep(1.2)
            await elsewhere.say("c", *AGENT, "Bonjour.")
            await asyncio.sleep(1.2)
            await elsewhere.close("c", "a1")
            return await following

        changes = asyncio.run(scenario())
        assert [change.kind for change in changes] == [
            *("owner", "message", "owner", "typing", "message", "typing", "message")
        ]
        assert changes[0].data == {"owner": "bot"}
        assert changes[2].data == {"owner": "agent", "name": "Claire"}
        assert [c.data["typing"] for c in changes if c.kind == "typing"] == [True, False]
        said = changes[4]
        assert (said.seq, said.data["author"], said.data["sender"]) == (2, "agent", "Claire")

    def test_a_wake_is_heard_at_once(self, database: Database) -> None:
        async def scenario() -> float:
            begun(database, "c")
            live = Live(database)
            following = asyncio.create_task(heard(live, "c", 2))
            await asyncio.sleep(0.1)
            before = time.monotonic()
            await Ownership(database, live).take("c", *AGENT)
            await following
            return time.monotonic() - before

        assert asyncio.run(scenario()) < 0.5

    def test_the_persons_typing_ends_by_itself(self, database: Database) -> None:
        async def scenario() -> list[Change]:
            begun(database, "c")
            with Session(database) as db, db.begin():
                row = db.get(Row, "c")
                assert row
                row.person_typing_until = now() + timedelta(seconds=1)
            return await heard(Live(database), "c", 3)

        typing = [change.data for change in asyncio.run(scenario()) if change.kind == "typing"]
        assert typing == [
            {"author": "user", "typing": True},
            {"author": "user", "typing": False},
        ]

    def test_erased_unknown_and_closed_end(self, database: Database) -> None:
        async def scenario() -> None:
            begun(database, "c", "d")
            live = Live(database)
            following = [asyncio.create_task(heard(live, name, 9)) for name in ("c", "d", "e")]
            await asyncio.sleep(0.3)
            assert following[2].done()
            with Session(database) as db, db.begin():
                db.delete(db.get(Row, "c"))
            live.wake("c")
            await asyncio.wait_for(following[0], 1)
            assert not following[1].done()
            live.close()
            await asyncio.wait_for(following[1], 1)
            assert await asyncio.wait_for(heard(live, "d", 9), 1) == []

        asyncio.run(scenario())

    def test_those_who_wait_hold_no_connection_and_no_thread(self, database: Database) -> None:
        async def scenario() -> None:
            names = [f"c{rank}" for rank in range(500)]
            begun(database, *names)
            live = Live(database)
            before = threading.active_count()
            following = [asyncio.create_task(heard(live, name, 3)) for name in names]
            await asyncio.sleep(2.5)
            assert database.pool.checkedout() == 0  # type: ignore[attr-defined]
            assert threading.active_count() - before <= 4
            agents = Ownership(database, Live(database))
            await agents.take("c7", *AGENT)
            await agents.take("c499", *AGENT)
            for rank in (7, 499):
                assert (await following[rank])[2].data["owner"] == "agent"
            live.close()
            await asyncio.gather(*following)

        asyncio.run(scenario())


class Listening:
    """The events of a conversation, read in a thread as they come."""

    def __init__(self, conversation: Conversation, **request: Any) -> None:
        self.found: list[dict[str, str]] = []
        self.ended = threading.Event()
        self._client = httpx.Client(
            base_url=conversation.http.base_url, headers=conversation.http.headers, timeout=30
        )
        self._path = f"/api/conversations/{conversation.id}/events"
        self._request = request
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        event: dict[str, str] = {}
        with self._client.stream("GET", self._path, **self._request) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            for line in answer.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif event:
                    self.found.append(event)
                    event = {}
        self.ended.set()

    def wait(self, count: int) -> list[dict[str, str]]:
        deadline = time.monotonic() + PATIENCE
        while len(self.found) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.found) >= count, self.found
        return self.found

    def close(self) -> None:
        self._thread.join(PATIENCE)
        self._client.close()


class TestOverHttp:
    def test_messages_and_owner_then_the_end(self, conversation: Conversation) -> None:
        with closing(Listening(conversation)) as listening:
            assert [event["event"] for event in listening.wait(2)] == ["message", "owner"]
            conversation.send({"text": "Que veut dire CPI ?", "client_id": "mine"})
            events = listening.wait(4)
            assert [event["id"] for event in events if "id" in event] == ["1", "2", "3"]
            question, answer = (json.loads(event["data"]) for event in events[2:4])
            assert question["client_id"] == "mine"
            assert answer["card"]["topic"] == "definition/cpi"
            address = f"/api/conversations/{conversation.id}"
            history = conversation.http.get(f"{address}/messages?after=1").json()
            assert [m["text"] for m in history["messages"]] == [question["text"], answer["text"]]
            conversation.http.post(f"{address}/typing").raise_for_status()
            conversation.http.delete(address)
            assert listening.ended.wait(PATIENCE)
            assert all(event["event"] != "typing" for event in listening.found)

    @pytest.mark.parametrize(
        "request_",
        [
            {"headers": {"Last-Event-ID": "2"}},
            {"params": {"after": 2}},
            {"headers": {"Last-Event-ID": "2"}, "params": {"after": 0}},
        ],
    )
    def test_resumed_where_it_was(
        self, conversation: Conversation, request_: dict[str, Any]
    ) -> None:
        conversation.say("Que veut dire CPI ?")
        with closing(Listening(conversation, **request_)) as listening:
            assert listening.wait(2)[0]["id"] == "3"
            conversation.http.delete(f"/api/conversations/{conversation.id}")

    def test_refused_before_it_begins(self, running: Running, conversation: Conversation) -> None:
        address = f"/api/conversations/{conversation.id}"
        http = conversation.http
        for answer, status in (
            (httpx.get(f"{running.url}{address}/events"), 401),
            (http.get(f"{address}/events", params={"after": "x"}), 422),
            (http.get(f"{address}/events", headers={"Last-Event-ID": "-1"}), 422),
        ):
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
        http.delete(address)
        assert http.get(f"{address}/events").status_code == 404
        assert http.post(f"{address}/typing").status_code == 404

    def test_two_hundred_pages_slow_the_others_in_nothing(
        self, running: Running, conversation: Conversation
    ) -> None:
        """They connect, and never read what they are sent."""
        place = urlsplit(running.url)
        request = (
            f"GET /api/conversations/{conversation.id}/events HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"Authorization: Bearer {conversation.token}\r\n\r\n"
        )
        with ExitStack() as stack:
            for _ in range(200):
                page = socket.create_connection((place.hostname, place.port))
                stack.callback(page.close)
                page.sendall(request.encode())
            with closing(Listening(conversation)) as listening:
                listening.wait(2)
                began = time.monotonic()
                conversation.say("Que veut dire CPI ?")
                listening.wait(4)
                assert time.monotonic() - began < PATIENCE
                assert httpx.get(f"{running.url}/ready").status_code == 200
                conversation.http.delete(f"/api/conversations/{conversation.id}")


class TestFeedback:
    @pytest.fixture
    def give(self, conversation: Conversation) -> Any:
        conversation.say("Que veut dire CPI ?")
        address = f"/api/conversations/{conversation.id}/feedback"
        return lambda **body: conversation.http.post(address, json=body)

    def kept(self, running: Running, conversation: Conversation) -> list[tuple[Any, ...]]:
        query = "SELECT seq, useful, reason FROM feedback WHERE conversation_id = ?"
        with closing(sqlite3.connect(running.var / "repere.db")) as database:
            return database.execute(query, (conversation.id,)).fetchall()

    def test_the_last_word_counts(
        self, running: Running, conversation: Conversation, give: Any
    ) -> None:
        reason = "ma carte 4970 1012 3456 7893 est volée"
        assert give(seq=3, useful=False, reason=reason).status_code == 204
        ((seq, useful, kept),) = self.kept(running, conversation)
        assert (seq, useful) == (3, 0)
        assert "7893" not in kept
        assert "volée" in kept
        assert give(seq=3, useful=True, reason="  ").status_code == 204
        assert self.kept(running, conversation) == [(3, 1, None)]
        conversation.http.delete(f"/api/conversations/{conversation.id}")
        assert self.kept(running, conversation) == []

    @pytest.mark.parametrize(
        "body",
        [
            {"seq": 2, "useful": True},
            {"seq": 99, "useful": True},
            {"seq": 0, "useful": True},
            {"seq": "3", "useful": True},
            {"seq": 3, "useful": "oui"},
            {"seq": 3},
            {"seq": 3, "useful": False, "reason": "x" * 501},
            {"seq": 3, "useful": True, "more": 1},
        ],
    )
    def test_what_is_refused(self, give: Any, body: dict[str, Any]) -> None:
        refused = give(**body)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"

    def test_features_say_what_there_is(self, conversation: Conversation) -> None:
        started = conversation.http.post("/api/conversations", json={}).json()
        known = conversation.http.get(f"/api/conversations/{conversation.id}/messages").json()
        assert started["features"] == known["features"] == ["events", "feedback"]
