"""Values dictated in the middle of a démarche: read back, put right, never taken in silence."""

import pytest

from repere.phone_client import PhoneCall

BEFORE_THE_PLATE = (
    "je veux faire une demande de duplicata de carte grise avec vous",
    "elle est perdue",
    "pour moi",
    "avec franceconnect",
)
PLATE = "A, B, cent vingt-trois, C, D"


@pytest.fixture
def at_the_plate(call: PhoneCall) -> PhoneCall:
    """A call in which the plate has just been asked for."""
    for said in BEFORE_THE_PLATE:
        heard = call.say(said)
        if "immatriculation du véhicule" in heard.text:
            break
    assert "immatriculation du véhicule ?" in heard.text
    return call


def test_a_plate_is_read_back_before_it_counts(at_the_plate: PhoneCall) -> None:
    heard = at_the_plate.say("a b 123 c d")
    assert f"J'ai compris {PLATE}." in heard.lines
    assert heard.lines[-1] == "C'est bien cela ?"
    after = at_the_plate.say("oui")
    assert "récapitulatif" in after.text
    assert PLATE in after.text


def test_two_transcripts_that_differ_are_both_read_back(at_the_plate: PhoneCall) -> None:
    heard = at_the_plate.say("a p 123 c d", others=("a b 123 c d",))
    assert "A, P, cent vingt-trois, C, D" in heard.text
    assert PLATE in heard.text
    chosen = at_the_plate.say("non")
    assert f"J'ai compris {PLATE}." in chosen.lines
    assert PLATE in at_the_plate.say("oui c'est ça").text


@pytest.mark.parametrize(
    "correction",
    ["non c'est b comme bravo", "non a b cent vingt trois c d", "non pardon c'est ab 123 cd"],
)
def test_a_correction_after_a_no(at_the_plate: PhoneCall, correction: str) -> None:
    at_the_plate.say("a p 123 c k" if "bravo" in correction else "a p 123 c d")
    heard = at_the_plate.say(correction)
    expected = PLATE.replace("D", "K") if "bravo" in correction else PLATE
    assert f"J'ai compris {expected}." in heard.lines
    assert expected in at_the_plate.say("oui").text


def test_commands_never_fill_a_field(at_the_plate: PhoneCall) -> None:
    for said in ("deux secondes", "attendez", "je cherche ma carte grise"):
        heard = at_the_plate.say(said)
        assert "J'ai compris" not in heard.text
        assert "C'est noté" not in heard.text
    assert "immatriculation du véhicule ?" in at_the_plate.say("répétez").text
    assert PLATE in at_the_plate.say("a b 123 c d").text
    held = at_the_plate.say("deux petites secondes")
    assert "récapitulatif" not in held.text
    assert PLATE in at_the_plate.say("je suis prêt").text
    assert "récapitulatif" in at_the_plate.say("oui").text


def test_what_no_plate_is_is_asked_again(at_the_plate: PhoneCall) -> None:
    heard = at_the_plate.say("je ne l'ai pas sous les yeux là")
    assert "J'ai compris" not in heard.text
    assert "?" in heard.text


def test_a_poor_transcript_of_a_plate_is_read_back_all_the_same(
    at_the_plate: PhoneCall,
) -> None:
    heard = at_the_plate.say("euh alors ah bé cent vingt trois ses d", confidence=0.3)
    assert PLATE in heard.text
    assert "récapitulatif" not in heard.text
    assert any(line.endswith("?") for line in heard.lines)
