"""What the keys of the telephone do, and when nothing may be interrupted."""

from calls import BEGIN, Records, at_plate, session_of

from repere.phone_client import PhoneCall


def test_keys_choose_and_confirm(call: PhoneCall, records: Records) -> None:
    call.say(BEGIN)
    assert "perdue" in call.press("1").text
    assert "moi-même" in call.press("1").text
    assert "immatriculation" in call.press("1").text
    assert "a b" in call.say("a b 123 c d").text.lower().replace(",", "")
    assert "récapitulatif" in call.press("1").text


def test_a_key_that_means_nothing(call: PhoneCall) -> None:
    call.say(BEGIN)
    assert "touche" in call.press("9").text
    assert call.press("1").text


def test_a_date_is_keyed(call: PhoneCall) -> None:
    """A field that takes a date is told so by the session, and reads the eight keys."""
    reply = call.say("aidez-moi à déclarer la cession de mon véhicule")
    for _ in range(15):
        if session_of(reply)["dtmfCollectMaxDigits"] == 8:
            break
        reply = call.say(answer_to(reply.text))
    assert session_of(reply)["dtmfCollect"] is True
    assert "douze mars deux mille dix-neuf" in call.press("12032019#").text


def answer_to(question: str) -> str:
    """Something that answers a question of the cession."""
    answers = {
        "immatriculation": "a b 123 c d",
        "bien cela": "oui",
        "Tout est-il": "oui",
        "quelqu'un d'autre": "pour moi",
        "prénom": "jean dupont",
        "l'adresse de": "12 rue des Lilas 75011 Paris",
        "certifi": "certifié",
    }
    return next((said for part, said in answers.items() if part in question), "un")


def test_legal_conditions_cannot_be_interrupted(call: PhoneCall) -> None:
    at_plate(call)
    call.say("a b 123 c d")
    assert session_of(call.say("oui"))["bargeIn"] is True
    legal = call.say("tout est exact")
    assert "conditions légales" in legal.text
    assert session_of(legal)["bargeIn"] is False
    assert session_of(call.say("j'accepte"))["bargeIn"] is True
