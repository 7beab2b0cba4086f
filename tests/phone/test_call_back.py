"""The dossier of a call: its number dictated, and the call that resumes it."""

import re

from calls import BEGIN, QUESTION, Calling, Records, at_plate

from repere.phone_client import Heard, PhoneCall
from repere.running import Running


def complete(call: PhoneCall) -> Heard:
    """Complete a dossier; the last reply."""
    at_plate(call)
    for text in ("a b 123 c d", "oui", "tout est exact", "j'accepte"):
        call.say(text)
    return call.say("oui d'accord")


def test_the_number_is_dictated_and_again(call: PhoneCall, records: Records) -> None:
    end = complete(call).text
    assert "numéro de dossier est" in end
    assert "code de reprise est" in end
    assert "par téléphone" in end
    assert "Repère sur Internet" in end
    [(number, state)] = records.dossiers(call.id)
    assert state == "prete_a_deposer"
    spelled = spelled_number(end)
    again = call.say("oui").text
    assert again.count(spelled) == 2
    assert call.say("redonnez-moi mon numéro de dossier").text == again
    assert "autre question" in call.say("non").text
    assert number[3] in spelled or number[3].isdigit()


def spelled_number(text: str) -> str:
    found = re.search(r"numéro de dossier est : (R, P\..+?\..+?)\. ", text)
    assert found, text
    return found[1]


def spelled_code(text: str) -> str:
    found = re.search(r"code de reprise est : (.+?\..+?)\. ", text)
    assert found, text
    return found[1]


def dictated(spelled: str) -> str:
    """As a caller says it back: a transcript without marks."""
    return re.sub(r"[.,]", "", spelled).lower()


def test_a_caller_who_calls_back_goes_on(calling: Calling, records: Records) -> None:
    first = calling()
    at_plate(first)
    told = first.say("quel est mon numéro de dossier et mon code de reprise").text
    number, code = spelled_number(told), spelled_code(told)
    first.hang_up()
    second = calling("anonymous")
    assert "numéro du dossier" in second.say("je voudrais reprendre mon dossier").text
    assert "code de reprise" in second.say(f"euh alors c'est {dictated(number)}").text
    assert "Est-ce bien cela" in second.say(f"le code {dictated(code)}").text
    resumed = second.say("oui").text
    assert "Nous reprenons" in resumed
    assert "immatriculation" in resumed
    assert [state for _, state in records.dossiers(second.id)] == ["en_preparation"]


def test_a_wrong_code_opens_nothing(calling: Calling, records: Records) -> None:
    first = calling()
    first.say(BEGIN)
    told = first.say("quel est mon numéro de dossier").text
    number, code = dictated(spelled_number(told)), spelled_code(told).split(". ")
    wrong = dictated(". ".join(reversed(code)))
    first.hang_up()
    second = calling()
    second.say("reprendre mon dossier")
    for _ in range(2):
        second.say(number)
        second.say(wrong)
        assert "Aucun dossier" in second.say("oui").text
    second.say(number)
    second.say(wrong)
    assert "Nous reprenons" not in second.say("oui").text
    assert records.dossiers(second.id) == []
    assert records.owner(second.id) == "queue"


def test_a_number_nobody_can_read_ends_with_a_person(call: PhoneCall, records: Records) -> None:
    call.say("reprendre mon dossier")
    said = [call.say("euh je ne le trouve plus").text for _ in range(3)]
    assert "Kléber" in said[1]
    assert records.owner(call.id) == "queue"


def test_recalling_can_be_left(call: PhoneCall) -> None:
    call.say("reprendre mon dossier")
    assert "laissons" in call.say("annuler").text
    assert "Mon Espace" in call.say(QUESTION).text


def test_no_resume_code_is_left_in_the_database(
    call: PhoneCall, records: Records, running: Running
) -> None:
    call.say(BEGIN)
    told = call.say("quel est mon code de reprise du dossier").text
    code = dictated(spelled_code(told))
    call.hang_up()
    [(state,)] = records.rows("SELECT state FROM phone_call WHERE call_id = ?", call.id)
    assert code.encode() not in state
    turns = records.rows(
        "SELECT count(*) FROM phone_turn JOIN phone_call ON phone_call.id = phone_turn.call "
        "WHERE call_id = ?",
        call.id,
    )
    assert turns == [(1,)]  # the hanging up
