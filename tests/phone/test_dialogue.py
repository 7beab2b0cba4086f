"""The welcome of a call, and the commands that are understood at any moment."""

import re

import pytest
from calls import QUESTION, Records, at_plate, session_of

from repere.phone_client import PhoneCall

WORDS_A_SECOND = 2.6  # a synthesiser at its usual pace


def test_the_welcome_is_short_and_honest(call: PhoneCall) -> None:
    said = call.welcome.text
    assert len(said.split()) / WORDS_A_SECOND < 12
    assert "automatique" in said
    assert "conseiller" in said


@pytest.mark.parametrize("words", ["répétez", "pardon ?", "vous pouvez répéter s'il vous plaît"])
def test_what_was_said_is_said_again(call: PhoneCall, words: str) -> None:
    first = call.say(QUESTION).text
    assert call.say(words).text == first
    assert call.press("*").text == first


def test_slower_lasts(call: PhoneCall) -> None:
    call.say(QUESTION)
    slower = call.say("parlez plus lentement s'il vous plaît")
    assert "Mon Espace" in slower.text
    for reply in (slower, call.say("répétez"), call.say("comment changer d'adresse")):
        spoken = [act["text"] for act in reply if "text" in act]
        assert all(re.search(r'<prosody rate="\d+%">', text) for text in spoken)


def test_a_long_list_comes_in_portions(call: PhoneCall) -> None:
    first = call.say(QUESTION).text
    assert "suite" in first
    heard = [first]
    for _ in range(12):
        heard.append(call.say("suite").text)
        if "suite" not in heard[-1]:
            break
    assert len(set(heard)) == len(heard) > 2
    assert call.say("répétez").text == heard[-1]


def test_the_whole_list_at_once(call: PhoneCall) -> None:
    call.say(QUESTION)
    whole = call.say("la liste complète").text
    assert "Dites suite" not in whole
    assert len(whole.split()) > 60
    assert "tout ce que" in call.say("la liste complète").text


def test_a_while_is_given_and_is_no_failure(call: PhoneCall, records: Records) -> None:
    at_plate(call)
    waiting = call.say("attendez deux secondes je cherche")
    assert "je vous attends" in waiting.text.lower()
    assert session_of(waiting)["userNoInputTimeoutMS"] >= 20_000
    for _ in range(5):
        reply = call.silence()
        assert "attends" in reply.text
        assert "hangup" not in reply.events
    assert "immatriculation" in call.say("c'est bon").text
    assert not any("secondes" in text for text in records.said_by_caller(call.id))


def test_goodbye_ends_the_call(call: PhoneCall) -> None:
    reply = call.say("non merci c'est tout au revoir")
    assert "Au revoir" in reply.text
    assert "hangup" in reply.events


def test_going_back_and_cancelling_are_heard(call: PhoneCall) -> None:
    at_plate(call)
    assert call.say("je me suis trompé").text
    assert "abandonner" in call.say("je veux abandonner ce dossier").text
    assert call.say("non").text


def test_a_plate_said_before_it_is_asked_is_read_back_when_it_is(call: PhoneCall) -> None:
    call.say("je voudrais un duplicata avec vous pour la voiture a b 123 c d")
    for text in ("elle est perdue", "pour moi", "compte certifié"):
        asked = call.say(text).text
    assert "A, B, cent vingt-trois, C, D" in asked
    assert asked.endswith("?")
    assert "récapitulatif" in call.say("oui").text
