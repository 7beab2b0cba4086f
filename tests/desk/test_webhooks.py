"""Webhooks: signed, sent again until heard, told apart by their id, never to private networks."""

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from channels import outbox
from channels.desk.webhooks import MOST_TRIES, WebhookError, Webhooks
from channels.models import Delivery, now
from dossiers.vault import Vault


@dataclass
class Receiver:
    """Another system: what it was sent, and what it answers."""

    url: str = ""
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), body))
            self.send_response(receiver.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/heard"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def webhooks(database: Database) -> Webhooks:
    return Webhooks(database, Vault("key"), local=True)


def publish(database: Database, event: str = "conversation.queued") -> None:
    with Session(database) as db, db.begin():
        outbox.publish(db, event, {"conversation": "c1"})


def pending(database: Database) -> list[Delivery]:
    with Session(database) as db:
        return list(db.scalars(select(Delivery)))


def send_due(webhooks: Webhooks) -> int:
    return asyncio.run(webhooks.send_due())


def due_now(database: Database) -> None:
    with Session(database) as db, db.begin():
        db.execute(update(Delivery).values(next_at=now()))


def test_an_event_is_sent_once_signed(
    database: Database, webhooks: Webhooks, receiver: Receiver
) -> None:
    _, secret = webhooks.add(receiver.url, [])
    publish(database)
    assert send_due(webhooks) == 1
    assert send_due(webhooks) == 0
    ((headers, body),) = receiver.got
    moment, _, given = headers["Repere-Signature"].partition(",v1=")
    signed = f"{moment.removeprefix('t=')}.".encode() + body
    assert given == hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert told["event"] == headers["Repere-Event"] == "conversation.queued"
    assert told["id"] == headers["Repere-Event-Id"]
    assert told["data"] == {"conversation": "c1"}
    assert pending(database) == []


def test_an_event_not_heard_is_sent_again_later_with_the_same_id(
    database: Database, webhooks: Webhooks, receiver: Receiver
) -> None:
    webhooks.add(receiver.url, ["conversation.queued"])
    publish(database)
    receiver.status = 503
    send_due(webhooks)
    (first,) = pending(database)
    assert (first.tries, first.error) == (1, "HTTP 503")
    assert first.next_at > now()
    assert send_due(webhooks) == 0
    due_now(database)
    send_due(webhooks)
    (second,) = pending(database)
    assert second.next_at - now() > (first.next_at - now())
    receiver.status = 200
    due_now(database)
    send_due(webhooks)
    assert pending(database) == []
    assert len({headers["Repere-Event-Id"] for headers, _ in receiver.got}) == 1


def test_an_event_never_heard_is_given_up(
    database: Database, webhooks: Webhooks, receiver: Receiver
) -> None:
    webhooks.add(receiver.url, [])
    publish(database)
    receiver.status = 302  # a redirection is not followed
    for _ in range(MOST_TRIES):
        due_now(database)
        send_due(webhooks)
    assert pending(database) == []
    assert len(receiver.got) == MOST_TRIES


def test_only_the_events_wanted_are_sent(
    database: Database, webhooks: Webhooks, receiver: Receiver
) -> None:
    webhooks.add(receiver.url, ["message.created"])
    publish(database, "conversation.queued")
    publish(database, "message.created")
    send_due(webhooks)
    assert [headers["Repere-Event"] for headers, _ in receiver.got] == ["message.created"]


def test_what_is_undone_is_told_to_nobody(
    database: Database, webhooks: Webhooks, receiver: Receiver
) -> None:
    webhooks.add(receiver.url, [])
    with Session(database) as db:
        outbox.publish(db, "conversation.queued", {})
        db.rollback()
    assert pending(database) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "ftp://example.org/hook",
        "file:///etc/passwd",
        "https://user:password@example.org/",
        "https://",
        "https://[broken/",
        "javascript:alert(1)",
    ],
)
def test_addresses_that_may_not_be_told(url: str, database: Database) -> None:
    with pytest.raises(WebhookError):
        Webhooks(database, Vault("key"), local=False).add(url, [])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.8",
        "169.254.169.254",
        "[::1]",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fec0::1]",
        "224.0.0.1",
    ],
)
def test_a_private_network_is_not_called(host: str, database: Database) -> None:
    webhooks = Webhooks(database, Vault("key"), local=False)
    webhooks.add(f"https://{host}/hook", [])
    publish(database)
    send_due(webhooks)
    (kept,) = pending(database)
    assert kept.error == "WebhookError"


def test_what_cannot_be_sent_stops_no_other_delivery(
    database: Database, webhooks: Webhooks, receiver: Receiver
) -> None:
    Webhooks(database, Vault("a key since replaced"), local=True).add(receiver.url, [])
    webhooks.add("https://no..such/hook", [])
    webhooks.add(receiver.url, [])
    publish(database)
    assert send_due(webhooks) == 3
    assert len(receiver.got) == 1
    assert len(pending(database)) == 2


def test_the_secret_is_not_kept_in_clear(database: Database, webhooks: Webhooks) -> None:
    _, secret = webhooks.add("https://example.org/hook", [])
    (hook,) = webhooks.all()
    assert secret.encode() not in hook.secret
    webhooks.remove(hook.id)
    assert webhooks.all() == []
    with pytest.raises(WebhookError):
        webhooks.remove(hook.id)
