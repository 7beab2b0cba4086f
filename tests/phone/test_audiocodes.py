"""The AudioCodes Bot API: the protocol, its errors, requests made again, late or forged."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from calls import QUESTION, Calling, Records, posted, session_of, stamp

from repere.app import create_app
from repere.phone_client import PATH, Heard, PhoneCall
from repere.running import Running
from repere.settings import Settings

TRANSCRIPTS = yaml.safe_load(
    (Path(__file__).parent / "fixtures" / "audiocodes.yml").read_text("utf-8")
)


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda entry: entry["name"])
def test_a_documented_conversation(call: PhoneCall, transcript: dict[str, Any]) -> None:
    for step in transcript["activities"]:
        reply = call.send(step["send"])
        if step.get("empty"):
            assert reply == []
            continue
        assert_matches(step.get("says", ""), reply.text)
        if "silent" in step:
            assert_no_match(step["silent"], reply.text)
        if "event" in step:
            assert step["event"] in reply.events


def assert_matches(pattern: str, text: str) -> None:
    assert re.search(pattern, text), f"« {pattern} » is not in « {text} »"


def assert_no_match(pattern: str, text: str) -> None:
    assert not re.search(pattern, text), f"« {pattern} » is in « {text} »"


def test_the_platform_checks_the_url_and_the_token(http: httpx.Client, token: str) -> None:
    answer = http.get(PATH, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()) == (200, {"type": "ac-bot-api", "success": True})


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", "Basic dG9rZW4=", "bearer é"]
)
def test_nothing_without_the_token(http: httpx.Client, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}
    for answer in (
        http.get(PATH, headers=headers),
        http.post(PATH, headers=headers, json={"conversation": "x1"}),
        http.post(f"{PATH}/conversations/x1/activities", headers=headers, json={}),
        http.post(f"{PATH}/conversations/x1/disconnect", headers=headers, json={}),
    ):
        assert answer.status_code == 401
        assert answer.json()["reason"]


def test_a_conversation_has_addresses_and_refreshes(call: PhoneCall) -> None:
    assert set(call.urls) == {"activitiesURL", "refreshURL", "disconnectURL", "expiresSeconds"}
    assert call.urls["expiresSeconds"] >= 60
    assert call.request(call.urls["refreshURL"], {}).json() == {}


def test_the_welcome_configures_the_call(call: PhoneCall) -> None:
    session = session_of(call.welcome)
    assert session["language"] == "fr-FR"
    assert session["bargeIn"] is True
    assert session["sendDTMF"] is True
    assert "noUserInput" in session["sendEventsToBot"]
    assert session["userNoInputTimeoutMS"] >= 5000
    assert session["botNoInputSpeech"]
    assert all(activity["id"] and activity["timestamp"] for activity in call.welcome)


def test_after_the_end_there_is_nothing(call: PhoneCall) -> None:
    assert call.hang_up().json() == {}
    late = {"id": "late", "timestamp": stamp(), "type": "message", "text": QUESTION}
    for answer in (call.post(late), call.hang_up(), call.request(call.urls["refreshURL"], {})):
        assert answer.status_code == 404
        assert answer.json()["reason"]


def test_an_unknown_conversation_is_not_found(http: httpx.Client, token: str) -> None:
    answer = http.post(
        f"{PATH}/conversations/never/activities",
        headers={"Authorization": f"Bearer {token}"},
        json={"conversation": "never", "activities": []},
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"activities": []}',
        b'{"conversation": "CALL"}',
        b'{"conversation": "CALL", "activities": {}}',
        b'{"conversation": "CALL", "activities": [1]}',
        b'{"conversation": "CALL", "activities": [{"id": "1"}]}',
        b'{"conversation": "CALL", "activities": [{"type": 3}]}',
        b'{"conversation": "another", "activities": []}',
        b'{"conversation": "../x", "activities": []}',
    ],
)
def test_what_is_malformed_is_refused_with_a_reason(call: PhoneCall, body: bytes) -> None:
    path = httpx.URL(call.urls["activitiesURL"]).path
    sent = body.replace(b"CALL", call.id.encode())
    answer = call.http.post(path, content=sent, headers=call.headers)
    assert answer.status_code == 400
    assert answer.json()["type"] == "error"
    assert answer.json()["reason"]
    assert call.say("répétez").text  # the call goes on


def test_an_activity_sent_again_has_the_same_reply(call: PhoneCall, records: Records) -> None:
    activity = {"id": "again-1", "timestamp": stamp(), "type": "message", "text": QUESTION}
    first = call.post(activity).json()
    assert Heard(first["activities"]).text
    assert call.post(activity).json() == first
    assert call.post(activity, activity).json()["activities"] == first["activities"] * 2
    assert records.said_by_caller(call.id) == [QUESTION]


def test_the_same_activity_at_once_is_one_turn(
    call: PhoneCall, other: httpx.Client, records: Records
) -> None:
    """Six copies at the same moment, in two processes: one turn, one reply."""
    activity = {"id": "at-once", "timestamp": stamp(), "type": "message", "text": QUESTION}
    path = httpx.URL(call.urls["activitiesURL"]).path
    body = {"conversation": call.id, "activities": [activity]}

    def post(client: httpx.Client) -> Any:
        answer = client.post(path, json=body, headers=call.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["activities"]

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(post, [call.http, other] * 3))
    assert all(reply == replies[0] for reply in replies)
    assert Heard(replies[0]).text
    assert records.said_by_caller(call.id) == [QUESTION]


def test_any_process_takes_the_next_turn(
    call: PhoneCall, other: httpx.Client, records: Records
) -> None:
    first = call.say("je voudrais faire un duplicata de carte grise avec vous").text
    assert "perdue ou volée" in first
    call.http = other
    assert "perdue ou volée" in call.say("répétez").text
    assert "vous-même" in call.press("1").text
    assert len(records.dossiers(call.id)) == 1


def test_a_late_activity_changes_nothing(call: PhoneCall, records: Records) -> None:
    call.say(QUESTION)
    said = records.said_by_caller(call.id)
    delayed = stamp(timedelta(minutes=-4))
    assert call.send({"timestamp": delayed, "type": "message", "text": "annuler"}).text
    assert records.said_by_caller(call.id) == said


def test_two_withheld_numbers_never_share(calling: Calling, records: Records) -> None:
    first, second = calling("anonymous"), calling("anonymous")
    heard = first.say("je voudrais faire un duplicata de carte grise avec vous").text
    number = records.dossiers(first.id)[0][0]
    assert number
    assert second.say("répétez").text == second.welcome.text
    assert second.say("quel est mon numéro de dossier").text != heard
    assert records.dossiers(second.id) == []
    assert records.conversation(first.id) != records.conversation(second.id)


def test_callers_numbers_are_kept_nowhere(
    calling: Calling, records: Records, running: Running
) -> None:
    number = "+33699887766"
    call = calling(number)
    call.say(QUESTION)
    [(caller,)] = records.rows("SELECT caller FROM phone_call WHERE call_id = ?", call.id)
    assert len(caller) == 32
    again = calling(number)
    assert records.rows("SELECT caller FROM phone_call WHERE call_id = ?", again.id) == [(caller,)]
    dump = b"".join(path.read_bytes() for path in running.var.glob("repere.db*"))
    for trace in (number, number[1:], "699887766"):
        assert trace.encode() not in dump
        assert trace not in running.log


def test_a_platform_without_a_secret_is_off(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, phone_jambonz_secret="only-this-one")
    app = create_app(settings, "http://127.0.0.1:9")
    bearer = {"Authorization": "Bearer "}
    answers = asyncio.run(
        posted(
            app,
            (PATH, b'{"conversation": "x"}', bearer),
            ("/phone/twiml", b"CallSid=CA1", {}),
            ("/phone/jambonz", b"{}", {}),
        )
    )
    assert [answer.status_code for answer in answers] == [404, 404, 403]
