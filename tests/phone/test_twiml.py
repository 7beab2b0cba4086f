"""TwiML: signed forms in, verbs out; requests made again, transfers, the end of a call."""

import asyncio
import base64
import hashlib
import hmac
import re
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from xml.etree import ElementTree

import httpx
import pytest
import yaml
from calls import TRANSFER_TARGET, Records, posted

from repere.app import create_app
from repere.settings import Settings

DOCUMENTED = yaml.safe_load((Path(__file__).parent / "fixtures" / "twiml.yml").read_text("utf-8"))
PATH = "/phone/twiml"


def sign(url: str, fields: dict[str, str], token: str) -> str:
    """X-Twilio-Signature, by the rules of Twilio's documentation."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    made = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(made).decode()


class TwilioCall:
    """One call as Twilio brings it."""

    def __init__(self, http: httpx.Client, token: str) -> None:
        self.http = http
        self.token = token
        self.fields = DOCUMENTED["start"]["fields"] | {"CallSid": f"CA{uuid4().hex}"}

    def post(self, path: str, **fields: str) -> httpx.Response:
        sent = self.fields | fields
        signature = sign(f"{str(self.http.base_url).rstrip('/')}{path}", sent, self.token)
        return self.http.post(path, data=sent, headers={"X-Twilio-Signature": signature})

    def start(self) -> str:
        return self.ok(self.post(PATH))

    def turn(self, rank: int, **fields: str) -> str:
        return self.ok(self.post(f"{PATH}/turn/{rank}", **fields))

    @staticmethod
    def ok(answer: httpx.Response) -> str:
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/xml")
        ElementTree.fromstring(answer.text)
        return answer.text


@pytest.fixture(scope="session")
def twilio_token(phone_secrets: dict[str, str]) -> str:
    return phone_secrets["REPERE_PHONE_TWILIO_AUTH_TOKEN"]


@pytest.fixture
def twilio(http: httpx.Client, twilio_token: str) -> TwilioCall:
    return TwilioCall(http, twilio_token)


def action_of(xml: str) -> str:
    found = re.search(r'action="([^"]+)"', xml)
    assert found, xml
    return found[1]


def said_in(xml: str) -> str:
    return " ".join(re.findall(r"<Say[^>]*>(.*?)</Say>", xml))


def test_a_documented_call(twilio: TwilioCall) -> None:
    xml = twilio.start()
    for pattern in DOCUMENTED["start"]["has"]:
        assert re.search(pattern, xml), f"{pattern} is not in {xml}"
    for turn in DOCUMENTED["turns"]:
        path = action_of(xml)
        xml = twilio.ok(twilio.post(path, **turn["fields"]))
        for pattern in turn["has"]:
            assert re.search(pattern, xml), f"{turn['name']}: {pattern} is not in {xml}"


def test_each_answer_names_the_next_turn(twilio: TwilioCall) -> None:
    xml = twilio.start()
    for rank in range(2, 6):
        assert action_of(xml) == f"{PATH}/turn/{rank}"
        xml = twilio.turn(rank, SpeechResult="répétez")


def test_a_request_made_again_has_the_same_answer(twilio: TwilioCall, records: Records) -> None:
    assert twilio.start() == twilio.start()
    question = "j'ai perdu ma carte grise que faire"
    first = twilio.turn(2, SpeechResult=question, Confidence="0.9")
    assert twilio.turn(2, SpeechResult=question, Confidence="0.9") == first
    assert twilio.turn(2, SpeechResult="autre chose") == first  # the turn is over
    assert records.said_by_caller(twilio.fields["CallSid"]) == [question]


@pytest.mark.parametrize(
    "header",
    [None, "", "AAAA", "é", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="],
)
def test_a_forged_request_is_refused(
    twilio: TwilioCall, records: Records, header: str | None
) -> None:
    headers = {} if header is None else {"X-Twilio-Signature": header.encode()}
    for path in ("", "/turn/2", "/transfer/2", "/status", "/whisper/CA1"):
        answer = twilio.http.post(PATH + path, data=twilio.fields, headers=headers)
        assert answer.status_code == 403
    assert not records.rows("SELECT id FROM phone_call WHERE call_id = ?", twilio.fields["CallSid"])


def test_the_signature_is_of_this_address_and_these_fields(twilio: TwilioCall) -> None:
    base = str(twilio.http.base_url).rstrip("/")
    fields = twilio.fields
    right = sign(f"{base}{PATH}", fields, twilio.token)
    wrong = {
        "another address": sign(f"https://elsewhere.example{PATH}", fields, twilio.token),
        "another path": sign(f"{base}{PATH}/status", fields, twilio.token),
        "another secret": sign(f"{base}{PATH}", fields, "another"),
        "another caller": sign(f"{base}{PATH}", fields | {"From": "+33600000000"}, twilio.token),
    }
    for what, signature in wrong.items():
        answer = twilio.http.post(PATH, data=fields, headers={"X-Twilio-Signature": signature})
        assert answer.status_code == 403, what
    added = fields | {"SpeechResult": "injected"}
    answer = twilio.http.post(PATH, data=added, headers={"X-Twilio-Signature": right})
    assert answer.status_code == 403
    answer = twilio.http.post(f"{PATH}?a=1", data=fields, headers={"X-Twilio-Signature": right})
    assert answer.status_code == 403
    answer = twilio.http.post(PATH, data=fields, headers={"X-Twilio-Signature": right})
    assert answer.status_code == 200


def test_the_signature_is_checked_on_the_public_address(tmp_path: Path) -> None:
    settings = Settings(
        var=tmp_path,
        phone_twilio_auth_token="secret",
        phone_public_url="https://guide.example/",
    )
    app = create_app(settings, "http://127.0.0.1:9")
    fields = {"CallSid": "CA-public", "CallStatus": "ringing"}
    body = urlencode(fields).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    def signed(url: str) -> dict[str, str]:
        return form | {"X-Twilio-Signature": sign(url, fields, "secret")}

    public = signed(f"https://guide.example{PATH}?x=%C3%A9")
    inside = signed(f"http://repere.test{PATH}?x=%C3%A9")
    answers = asyncio.run(
        posted(app, (f"{PATH}?x=%C3%A9", body, public), (f"{PATH}?x=%C3%A9", body, inside))
    )
    assert [answer.status_code for answer in answers] == [200, 403]


def test_what_is_malformed_is_refused(twilio: TwilioCall) -> None:
    url = f"{str(twilio.http.base_url).rstrip('/')}{PATH}"
    for fields in ({}, {"CallSid": ""}, {"CallSid": "C" * 200}, {"From": "+336"}):
        signature = sign(url, dict(fields), twilio.token)
        headers = {"X-Twilio-Signature": signature}
        assert twilio.http.post(PATH, data=fields, headers=headers).status_code == 400


def test_a_turn_of_a_call_that_never_began_hangs_up(twilio: TwilioCall) -> None:
    assert twilio.turn(4, SpeechResult="bonjour").endswith("<Response><Hangup/></Response>")


def test_the_end_of_a_call_pauses_its_dossier(twilio: TwilioCall, records: Records) -> None:
    twilio.start()
    twilio.turn(2, SpeechResult="je voudrais faire un duplicata de carte grise avec vous")
    twilio.ok(twilio.post(f"{PATH}/status", CallStatus="completed"))
    [(_, state)] = records.dossiers(twilio.fields["CallSid"])
    assert state == "mise_en_attente"
    assert "<Hangup/>" in twilio.turn(3, SpeechResult="perdue")
    assert twilio.ok(twilio.post(f"{PATH}/status", CallStatus="completed"))


def test_legal_conditions_are_heard_to_the_end(twilio: TwilioCall) -> None:
    """What is said before <Gather> cannot be interrupted."""
    xml = twilio.start()
    for text in (
        "je voudrais faire un duplicata de carte grise avec vous",
        "elle est perdue",
        "pour moi",
        "j'ai un compte certifié franceconnect",
        "AB-123-CD",
        "oui",
        "tout est exact",
    ):
        xml = twilio.ok(twilio.post(action_of(xml), SpeechResult=text, Confidence="0.9"))
    assert "conditions légales" in xml
    assert xml.index("conditions légales") < xml.index("<Gather")
    assert 'bargeIn="false"' in xml


@pytest.fixture
def transferred(other: httpx.Client, twilio_token: str) -> TwilioCall:
    return TwilioCall(other, twilio_token)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("no-answer", "Personne ne peut vous répondre"),
        ("busy", "occupées"),
        ("failed", "pas pu vous mettre en relation"),
        ("canceled", "pas pu vous mettre en relation"),
        ("", "pas pu vous mettre en relation"),
    ],
)
def test_nobody_answers(transferred: TwilioCall, status: str, said: str) -> None:
    transferred.start()
    xml = transferred.turn(2, SpeechResult="je voudrais faire un duplicata de carte grise")
    xml = transferred.turn(3, SpeechResult="je veux parler à un conseiller")
    dial = ElementTree.fromstring(xml).find("Dial")
    assert dial is not None
    assert dial[0].text == TRANSFER_TARGET.removeprefix("tel:")
    whisper = transferred.ok(transferred.post(dial[0].attrib["url"]))
    assert "Appel transféré par Repère" in whisper
    xml = transferred.ok(transferred.post(dial.attrib["action"], DialCallStatus=status))
    assert said in said_in(xml)
    assert "continuer avec moi" in said_in(xml)
    xml = transferred.ok(transferred.post(action_of(xml), SpeechResult="oui"))
    assert "continuons" in said_in(xml)


def test_a_person_answered(transferred: TwilioCall) -> None:
    transferred.start()
    xml = transferred.turn(2, Digits="0")
    xml = transferred.ok(transferred.post(action_of(xml), DialCallStatus="completed"))
    assert xml.endswith("<Response><Hangup/></Response>")


def test_while_the_guide_is_slow_something_is_said(tmp_path: Path) -> None:
    """An engine that accepts calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as stuck:
        settings = Settings(
            var=tmp_path,
            phone_twilio_auth_token="secret",
            engine_timeout=4,
        )
        app = create_app(settings, f"http://127.0.0.1:{stuck.getsockname()[1]}")

        def post(path: str, **fields: str) -> Any:
            sent = {"CallSid": "CA-slow", "CallStatus": "in-progress", **fields}
            signature = sign(f"http://repere.test{path}", sent, "secret")
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": signature,
            }
            return path, urlencode(sent).encode(), headers

        _, slow, then = asyncio.run(
            posted(
                app,
                post(PATH),
                post(f"{PATH}/turn/2", SpeechResult="j'ai perdu ma carte grise"),
                post(f"{PATH}/turn/2"),
            )
        )
    assert "Un instant" in slow.text
    assert f'<Redirect method="POST">{PATH}/turn/2</Redirect>' in slow.text
    assert "Je ne peux pas répondre pour le moment" in then.text
    assert f'action="{PATH}/turn/3"' in then.text
