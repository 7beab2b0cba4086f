"""A person in place of the guide: the queue, an agent who writes, a transfer."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from calls import BEGIN, QUESTION, TRANSFER_TARGET, Records
from sqlalchemy import Engine as Database

from channels.live import Live
from channels.ownership import Ownership
from repere.database import open_database
from repere.phone_client import PhoneCall
from repere.running import Running


@pytest.mark.parametrize("way", ["0", "un conseiller", "je veux parler à quelqu'un"])
def test_a_call_joins_the_queue(call: PhoneCall, records: Records, way: str) -> None:
    reply = call.press(way) if way == "0" else call.say(way)
    assert records.owner(call.id) == "queue"
    assert reply.text
    assert "attente" in call.silence().text  # waiting is no failure
    assert "Mon Espace" in call.say(QUESTION).text  # the guide goes on meanwhile
    call.hang_up()
    assert records.owner(call.id) == "bot"


@pytest.fixture
def database(running: Running) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{running.var / 'repere.db'}")
    yield opened
    opened.dispose()


def test_an_agent_writes_what_is_said(
    call: PhoneCall, records: Records, database: Database
) -> None:
    ownership = Ownership(database, Live(database))
    call.say("un conseiller")
    conversation = records.conversation(call.id)
    asyncio.run(ownership.take(conversation, "a" * 32, "Camille"))
    assert "Camille" in call.silence().text
    asyncio.run(ownership.say(conversation, "a" * 32, "Camille", "Bonjour, quel est le véhicule ?"))
    assert "quel est le véhicule" in call.silence().text
    assert "prépare sa réponse" in call.silence().text
    reply = call.say("une voiture bleue").text
    assert "transmis" in reply
    assert records.said_by_caller(call.id)[-1] == "une voiture bleue"
    asyncio.run(ownership.close(conversation, "a" * 32))
    assert "Camille a terminé" in call.silence().text
    assert "Mon Espace" in call.say(QUESTION).text


def test_a_transfer_carries_its_context(other: httpx.Client, token: str, records: Records) -> None:
    call = PhoneCall(other, token, "+33612345678")
    call.say(BEGIN)
    reply = call.say("passez-moi quelqu'un")
    assert "Ne quittez pas" in reply.text
    [transfer] = [act for act in reply if act.get("name") == "transfer"]
    assert transfer["activityParams"]["transferTarget"] == TRANSFER_TARGET
    [(number, _)] = records.dossiers(call.id)
    context = transfer["value"]
    assert context["dossier"] == number
    assert context["demarche"]
    assert context["last"][-1]["text"]
    headers = {h["name"]: h["value"] for h in transfer["activityParams"]["transferSipHeaders"]}
    assert headers["X-Repere-Dossier"] == number
    assert all(value.isascii() and "\n" not in value for value in headers.values())
    assert "+33612345678" not in str(reply)
    assert "transfer" not in call.say("répétez").events


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("no-answer", "Personne ne peut vous répondre"),
        ("busy", "occupées"),
        ("declined", "pas pu vous mettre en relation"),
        ("error", "pas pu vous mettre en relation"),
    ],
)
def test_a_transfer_that_fails_goes_on_here(
    other: httpx.Client, token: str, records: Records, reason: str, said: str
) -> None:
    call = PhoneCall(other, token, "")
    call.say(BEGIN)
    call.say("un conseiller")
    value = {"status": "failed", "reasonCode": reason, "reason": "SIP ;cause=480"}
    reply = call.event("transferStatus", value=value).text
    assert said in reply
    assert "numéro" in reply  # the dossier's
    assert "perdue ou volée" in call.say("oui").text
    assert "C'est noté" in call.press("1").text
    assert "transfer" in call.say("un conseiller").events  # asked again, tried again


def test_a_transfer_that_succeeds_says_nothing(other: httpx.Client, token: str) -> None:
    call = PhoneCall(other, token, "")
    call.press("0")
    assert call.event("transferStatus", value={"status": "answered"}) == []


def test_three_failures_transfer_the_call(other: httpx.Client, token: str) -> None:
    call = PhoneCall(other, token, "")
    for _ in range(2):
        assert "transfer" not in call.silence().events
    assert "transfer" in call.silence().events
    failed = call.event("transferStatus", value={"status": "failed", "reasonCode": "busy"})
    assert failed.text
    for _ in range(2):
        assert "transfer" not in call.silence().events
    names = call.silence().events
    for _ in range(8):  # a person is still awaited
        if "hangup" in names:
            break
        assert "transfer" not in names
        names = call.silence().events
    assert "hangup" in names
