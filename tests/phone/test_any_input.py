"""Whatever a caller or a platform does, something is said until the call ends."""

import random
from datetime import timedelta

import pytest
from calls import BEGIN, QUESTION, stamp

from repere.phone_client import PhoneCall

WORDS = [
    QUESTION, BEGIN, "oui", "non", "répétez", "suite", "pour moi", "elle est perdue", "un",
    "a b cent vingt trois c d", "plus lentement", "attendez", "je suis prêt", "annuler",
    "je me suis trompé", "un conseiller", "blibli", "", "reprendre mon dossier", "?", "/restart",
    "compte certifié", "tout est exact", "j'accepte", "pause", "😀",
    "quel est mon numéro de dossier",
]  # fmt: skip
KEYS = ["0", "1", "2", "3", "9", "*", "#", "123", "12032019"]


@pytest.mark.parametrize("seed", range(4))
def test_a_reply_is_never_empty(call: PhoneCall, seed: int) -> None:
    """Whatever a caller does, something is said until the call ends."""
    chance = random.Random(seed)
    for _ in range(20):
        what = chance.random()
        if what < 0.6:
            reply = call.say(chance.choice(WORDS), chance.choice([None, 0.2, 0.9]))
        elif what < 0.85:
            reply = call.press(chance.choice(KEYS))
        elif what < 0.97:
            reply = call.silence()
        else:
            reply = call.event("transferStatus", value={"status": "failed", "reasonCode": "busy"})
        assert reply.text.strip()
        if "hangup" in reply.events:
            break
    assert call.hang_up().status_code == 200


def test_a_repeated_start_welcomes_again(call: PhoneCall) -> None:
    assert call.event("start", parameters={}).text == call.welcome.text


def test_the_clock_of_the_platform_may_be_wrong(call: PhoneCall) -> None:
    wrong = {"timestamp": stamp(timedelta(days=-400)), "type": "message", "text": QUESTION}
    assert "Mon Espace" in call.send(wrong).text
    assert call.send(wrong | {"timestamp": "yesterday"}).text
