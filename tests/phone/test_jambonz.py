"""jambonz webhooks: signed JSON in, verbs out."""

import hashlib
import hmac
import json
import re
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import yaml
from calls import TRANSFER_TARGET, Records

DOCUMENTED = yaml.safe_load((Path(__file__).parent / "fixtures" / "jambonz.yml").read_text("utf-8"))
PATH = "/phone/jambonz"

Verbs = list[dict[str, Any]]


def sign(body: bytes, secret: str, at: float | None = None) -> str:
    moment = int(time.time() if at is None else at)
    made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={made}"


class JambonzCall:
    """One call as jambonz brings it."""

    def __init__(self, http: httpx.Client, secret: str) -> None:
        self.http = http
        self.secret = secret
        self.body = DOCUMENTED["start"]["body"] | {"call_sid": str(uuid4())}

    def post(self, path: str, **values: Any) -> httpx.Response:
        body = json.dumps(self.body | values).encode()
        headers = {"Jambonz-Signature": sign(body, self.secret)}
        return self.http.post(path, content=body, headers=headers)

    def verbs(self, path: str, **values: Any) -> Verbs:
        answer = self.post(path, **values)
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def say(self, verbs: Verbs, text: str) -> Verbs:
        """Answer the last verb's listening."""
        speech = {"is_final": True, "alternatives": [{"confidence": 0.9, "transcript": text}]}
        return self.verbs(verbs[-1]["actionHook"], reason="speechDetected", speech=speech)


@pytest.fixture(scope="session")
def secret(phone_secrets: dict[str, str]) -> str:
    return phone_secrets["REPERE_PHONE_JAMBONZ_SECRET"]


@pytest.fixture
def jambonz(http: httpx.Client, secret: str) -> JambonzCall:
    return JambonzCall(http, secret)


def said_in(verbs: Verbs) -> str:
    said = [verb.get("text") or verb.get("say", {}).get("text", "") for verb in verbs]
    return " ".join(said)


def test_a_documented_call(jambonz: JambonzCall) -> None:
    verbs = jambonz.verbs(PATH)
    gather = verbs[-1]
    assert gather["verb"] == "gather"
    assert gather["input"] == ["digits", "speech"]
    assert gather["recognizer"]["language"] == "fr-FR"
    assert "un conseiller" in gather["recognizer"]["hints"]
    assert gather["bargein"] is True
    assert gather["actionHookDelayAction"]["actions"][0]["text"]
    assert "Repère" in gather["say"]["text"]
    for turn in DOCUMENTED["turns"]:
        verbs = jambonz.verbs(verbs[-1]["actionHook"], **turn["body"])
        assert re.search(turn["says"], said_in(verbs)), f"{turn['name']}: {verbs}"
    assert verbs[-1]["verb"] == "hangup"


def test_a_request_made_again_has_the_same_answer(jambonz: JambonzCall, records: Records) -> None:
    assert jambonz.verbs(PATH) == jambonz.verbs(PATH)
    first = jambonz.verbs(f"{PATH}/turn/2", **DOCUMENTED["turns"][0]["body"])
    assert jambonz.verbs(f"{PATH}/turn/2", **DOCUMENTED["turns"][0]["body"]) == first
    assert len(records.said_by_caller(jambonz.body["call_sid"])) == 1


def test_forged_old_or_altered_requests_are_refused(jambonz: JambonzCall) -> None:
    body = json.dumps(jambonz.body).encode()
    now = time.time()
    headers = {
        "none": None,
        "empty": "",
        "another secret": sign(body, "another"),
        "another body": sign(body + b" ", jambonz.secret),
        "an old one": sign(body, jambonz.secret, now - 3600),
        "one of tomorrow": sign(body, jambonz.secret, now + 86400),
        "no time": sign(body, jambonz.secret).partition(",")[2],
        "a wrong time": sign(body, jambonz.secret).replace("t=1", "t=2"),
        "a time in letters": f"t=x,v1={'0' * 64}",
        "not hexadecimal": f"t={int(now)},v1=é",
    }
    for what, header in headers.items():
        sent = {} if header is None else {"Jambonz-Signature": header.encode()}
        for path in ("", "/turn/2", "/transfer/2", "/status"):
            answer = jambonz.http.post(PATH + path, content=body, headers=sent)
            assert answer.status_code == 403, what
    assert jambonz.verbs(PATH)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"call_sid": ""}', b'{"call_sid": 3}'])
def test_what_is_malformed_is_refused(jambonz: JambonzCall, body: bytes) -> None:
    headers = {"Jambonz-Signature": sign(body, jambonz.secret)}
    answer = jambonz.http.post(PATH, content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["msg"]


def test_the_end_of_a_call(jambonz: JambonzCall, records: Records) -> None:
    verbs = jambonz.say(jambonz.verbs(PATH), "je voudrais faire un duplicata de carte grise")
    begun = jambonz.say(verbs, "avec vous, préparons le duplicata")
    assert begun
    assert jambonz.verbs(f"{PATH}/status", call_status="completed") == []
    late = jambonz.say(begun, "perdue")
    assert late == [{"verb": "hangup"}]
    assert records.owner(jambonz.body["call_sid"]) == "bot"


def test_a_transfer_that_nobody_answers(other: httpx.Client, secret: str) -> None:
    call = JambonzCall(other, secret)
    dial = call.say(call.verbs(PATH), "je veux parler à un conseiller")[-1]
    assert dial["verb"] == "dial"
    assert dial["target"] == [{"type": "phone", "number": TRANSFER_TARGET.removeprefix("tel:")}]
    verbs = call.verbs(dial["actionHook"], dial_call_status="no-answer")
    assert "Personne ne peut vous répondre" in said_in(verbs)
    assert verbs[-1]["verb"] == "gather"
    assert "Au revoir" in said_in(call.say(verbs, "non"))
