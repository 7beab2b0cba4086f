"""Silence, misunderstanding and doubt: three steps each, then a person or the end."""

from calls import BEGIN, QUESTION, Records, at_plate

from repere.phone_client import PhoneCall


def test_three_silences_without_a_dossier(call: PhoneCall) -> None:
    first, second, third = (call.silence() for _ in range(3))
    assert "Par exemple" in first.text
    assert "zéro pour parler à une personne" in second.text
    assert "rappelez" in third.text
    assert "hangup" in third.events


def test_three_silences_at_a_field_keep_the_dossier(call: PhoneCall, records: Records) -> None:
    at_plate(call)
    assert "Par exemple" in call.silence().text
    assert "Épelez" in call.silence().text
    last = call.silence()
    assert "hangup" in last.events
    assert "gardé" in last.text
    call.hang_up()
    [(_, state)] = records.dossiers(call.id)
    assert state == "mise_en_attente"


def test_a_word_breaks_the_silences(call: PhoneCall) -> None:
    for _ in range(4):
        assert "hangup" not in call.silence().events
        assert "hangup" not in call.silence().events
        assert call.say(QUESTION).text


def test_silence_at_a_menu_offers_the_keys(call: PhoneCall) -> None:
    call.say(BEGIN)
    call.silence()
    assert "Tapez un pour" in call.silence().text
    assert "C'est noté" in call.press("1").text


def test_misunderstandings_end_with_a_person(call: PhoneCall, records: Records) -> None:
    heard: list[str] = []
    while records.owner(call.id) == "bot":
        assert len(heard) < 6
        heard.append(call.say(f"tralala pouet {len(heard)}").text)
    assert len(set(heard)) == len(heard)


def test_an_unread_plate_three_times(call: PhoneCall, records: Records) -> None:
    at_plate(call)
    said = [call.say(words).text for words in ("un peu bleu", "deux trois", "z z z z z z")]
    assert "par exemple" in said[0]
    assert "A comme Anatole" in said[1]
    assert said[1].endswith("?")
    assert "personne" in said[2]
    assert records.owner(call.id) == "queue"


def test_a_value_never_right_leads_to_a_person(call: PhoneCall, records: Records) -> None:
    at_plate(call)
    for _ in range(5):
        call.say("a b cent vingt trois c d")
        last = call.say("non")
    assert "personne" in last.text
    assert records.owner(call.id) == "queue"


def test_low_confidence_is_confirmed_first(call: PhoneCall, records: Records) -> None:
    asked = call.say(QUESTION, 0.3).text
    assert f"J'ai cru entendre : {QUESTION}." in asked
    assert records.said_by_caller(call.id) == []
    assert call.say("répétez").text == asked
    assert "Mon Espace" in call.press("1").text
    assert records.said_by_caller(call.id) == [QUESTION]


def test_low_confidence_denied(call: PhoneCall, records: Records) -> None:
    call.say("annuler tout", 0.1)
    assert "Redites" in call.say("non").text
    assert records.said_by_caller(call.id) == []
    assert "Mon Espace" in call.say(QUESTION, 0.9).text


def test_low_confidence_does_not_last_for_ever(call: PhoneCall) -> None:
    said = [call.say(f"mot numéro {n}", 0.1).text for n in range(3)]
    assert "entends mal" in said[2]


def test_a_request_for_a_person_is_never_doubted(call: PhoneCall, records: Records) -> None:
    call.say("un conseiller", 0.1)
    assert records.owner(call.id) == "queue"


def test_too_long_a_speech_is_asked_again(call: PhoneCall) -> None:
    assert "en une phrase" in call.say("je raconte ma vie " * 200).text
