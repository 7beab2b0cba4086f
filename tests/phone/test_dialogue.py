"""The dialogue of a call: commands, ladders, keypad, a person, the dossier's number, call-backs."""

import asyncio
import random
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from calls import (
    TRANSFER_TARGET,
    AudioCodesCall,
    Calling,
    Json,
    Records,
    names_of,
    session_of,
    stamp,
    text_of,
)
from sqlalchemy import Engine as Database

from channels.live import Live
from channels.ownership import Ownership
from repere.database import open_database
from repere.running import Running

WORDS_A_SECOND = 2.6  # a synthesiser at its usual pace
BEGIN = "je voudrais faire un duplicata de carte grise avec vous"
QUESTION = "j'ai perdu ma carte grise que faire"


def at_plate(call: AudioCodesCall) -> str:
    """Go as far as the question of the plate."""
    for text in (BEGIN, "elle est perdue", "pour moi", "compte certifié"):
        reply = text_of(call.say(text))
    assert "immatriculation" in reply
    return reply


def complete(call: AudioCodesCall) -> list[Json]:
    """Complete a dossier; the last reply."""
    at_plate(call)
    for text in ("a b 123 c d", "oui", "tout est exact", "j'accepte"):
        call.say(text)
    return call.say("oui d'accord")


# -- the welcome and the commands --------------------------------------------------------------


def test_the_welcome_is_short_and_honest(call: AudioCodesCall) -> None:
    said = text_of(call.welcome)
    assert len(said.split()) / WORDS_A_SECOND < 12
    assert "automatique" in said
    assert "conseiller" in said


@pytest.mark.parametrize("words", ["répétez", "pardon ?", "vous pouvez répéter s'il vous plaît"])
def test_what_was_said_is_said_again(call: AudioCodesCall, words: str) -> None:
    first = text_of(call.say(QUESTION))
    assert text_of(call.say(words)) == first
    assert text_of(call.press("*")) == first


def test_slower_lasts(call: AudioCodesCall) -> None:
    call.say(QUESTION)
    slower = call.say("parlez plus lentement s'il vous plaît")
    assert "Mon Espace" in text_of(slower)
    for reply in (slower, call.say("répétez"), call.say("comment changer d'adresse")):
        spoken = [act["text"] for act in reply if "text" in act]
        assert all(re.search(r'<prosody rate="\d+%">', text) for text in spoken)


def test_a_long_list_comes_in_portions(call: AudioCodesCall) -> None:
    first = text_of(call.say(QUESTION))
    assert "suite" in first
    heard = [first]
    for _ in range(12):
        heard.append(text_of(call.say("suite")))
        if "suite" not in heard[-1]:
            break
    assert len(set(heard)) == len(heard) > 2
    assert text_of(call.say("répétez")) == heard[-1]


def test_the_whole_list_at_once(call: AudioCodesCall) -> None:
    call.say(QUESTION)
    whole = text_of(call.say("la liste complète"))
    assert "Dites suite" not in whole
    assert len(whole.split()) > 60
    assert "tout ce que" in text_of(call.say("la liste complète"))


def test_a_while_is_given_and_is_no_failure(call: AudioCodesCall, records: Records) -> None:
    at_plate(call)
    waiting = call.say("attendez deux secondes je cherche")
    assert "je vous attends" in text_of(waiting).lower()
    assert session_of(waiting)["userNoInputTimeoutMS"] >= 20_000
    for _ in range(5):
        reply = call.silence()
        assert "attends" in text_of(reply)
        assert "hangup" not in names_of(reply)
    assert "immatriculation" in text_of(call.say("c'est bon"))
    assert not any("secondes" in text for text in records.said_by_caller(call.id))


def test_goodbye_ends_the_call(call: AudioCodesCall) -> None:
    reply = call.say("non merci c'est tout au revoir")
    assert "Au revoir" in text_of(reply)
    assert "hangup" in names_of(reply)


def test_going_back_and_cancelling_are_heard(call: AudioCodesCall) -> None:
    at_plate(call)
    assert text_of(call.say("je me suis trompé"))
    assert "abandonner" in text_of(call.say("annuler"))
    assert text_of(call.say("non"))


# -- the ladders -------------------------------------------------------------------------------


def test_three_silences_without_a_dossier(call: AudioCodesCall) -> None:
    first, second, third = (call.silence() for _ in range(3))
    assert "Par exemple" in text_of(first)
    assert "zéro pour parler à une personne" in text_of(second)
    assert "rappelez" in text_of(third)
    assert "hangup" in names_of(third)


def test_three_silences_at_a_field_keep_the_dossier(call: AudioCodesCall, records: Records) -> None:
    at_plate(call)
    assert "Par exemple" in text_of(call.silence())
    assert "Épelez" in text_of(call.silence())
    last = call.silence()
    assert "hangup" in names_of(last)
    assert "gardé" in text_of(last)
    call.hang_up()
    [(_, state)] = records.dossiers(call.id)
    assert state == "mise_en_attente"


def test_a_word_breaks_the_silences(call: AudioCodesCall) -> None:
    for _ in range(4):
        assert "hangup" not in names_of(call.silence())
        assert "hangup" not in names_of(call.silence())
        assert text_of(call.say(QUESTION))


def test_silence_at_a_menu_offers_the_keys(call: AudioCodesCall) -> None:
    call.say(BEGIN)
    call.silence()
    assert "Tapez un pour" in text_of(call.silence())
    assert "C'est noté" in text_of(call.press("1"))


def test_misunderstandings_end_with_a_person(call: AudioCodesCall, records: Records) -> None:
    heard: list[str] = []
    while records.owner(call.id) == "bot":
        assert len(heard) < 6
        heard.append(text_of(call.say(f"tralala pouet {len(heard)}")))
    assert len(set(heard)) == len(heard)


def test_an_unread_plate_three_times(call: AudioCodesCall, records: Records) -> None:
    at_plate(call)
    said = [text_of(call.say(words)) for words in ("un peu bleu", "deux trois", "z z z z z z")]
    assert "par exemple" in said[0]
    assert "A comme Anatole" in said[1]
    assert said[1].endswith("?")
    assert "personne" in said[2]
    assert records.owner(call.id) == "queue"


def test_low_confidence_is_confirmed_first(call: AudioCodesCall, records: Records) -> None:
    asked = text_of(call.say(QUESTION, 0.3))
    assert f"J'ai cru entendre : {QUESTION}." in asked
    assert records.said_by_caller(call.id) == []
    assert text_of(call.say("répétez")) == asked
    assert "Mon Espace" in text_of(call.press("1"))
    assert records.said_by_caller(call.id) == [QUESTION]


def test_low_confidence_denied(call: AudioCodesCall, records: Records) -> None:
    call.say("annuler tout", 0.1)
    assert "Redites" in text_of(call.say("non"))
    assert records.said_by_caller(call.id) == []
    assert "Mon Espace" in text_of(call.say(QUESTION, 0.9))


def test_low_confidence_does_not_last_for_ever(call: AudioCodesCall) -> None:
    said = [text_of(call.say(f"mot numéro {n}", 0.1)) for n in range(3)]
    assert "entends mal" in said[2]


def test_a_request_for_a_person_is_never_doubted(call: AudioCodesCall, records: Records) -> None:
    call.say("un conseiller", 0.1)
    assert records.owner(call.id) == "queue"


def test_too_long_a_speech_is_asked_again(call: AudioCodesCall) -> None:
    assert "en une phrase" in text_of(call.say("je raconte ma vie " * 200))


# -- the keypad --------------------------------------------------------------------------------


def test_keys_choose_and_confirm(call: AudioCodesCall, records: Records) -> None:
    call.say(BEGIN)
    assert "perdue" in text_of(call.press("1"))
    assert "moi-même" in text_of(call.press("1"))
    assert "immatriculation" in text_of(call.press("1"))
    assert "a b" in text_of(call.say("a b 123 c d")).lower().replace(",", "")
    assert "récapitulatif" in text_of(call.press("1"))


def test_a_key_that_means_nothing(call: AudioCodesCall) -> None:
    call.say(BEGIN)
    assert "touche" in text_of(call.press("9"))
    assert text_of(call.press("1"))


def test_a_date_is_keyed(call: AudioCodesCall) -> None:
    """A field that takes a date is told so by the session, and reads the eight keys."""
    reply = call.say("aidez-moi à déclarer la cession de mon véhicule")
    for _ in range(15):
        if session_of(reply)["dtmfCollectMaxDigits"] == 8:
            break
        reply = call.say(answer_to(text_of(reply)))
    assert session_of(reply)["dtmfCollect"] is True
    assert "douze mars deux mille dix-neuf" in text_of(call.press("12032019#"))


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


def test_legal_conditions_cannot_be_interrupted(call: AudioCodesCall) -> None:
    at_plate(call)
    call.say("a b 123 c d")
    assert session_of(call.say("oui"))["bargeIn"] is True
    legal = call.say("tout est exact")
    assert "conditions légales" in text_of(legal)
    assert session_of(legal)["bargeIn"] is False
    assert session_of(call.say("j'accepte"))["bargeIn"] is True


# -- a person ----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["0", "un conseiller", "je veux parler à quelqu'un"])
def test_a_call_joins_the_queue(call: AudioCodesCall, records: Records, way: str) -> None:
    reply = call.press(way) if way == "0" else call.say(way)
    assert records.owner(call.id) == "queue"
    assert text_of(reply)
    assert "attente" in text_of(call.silence())  # waiting is no failure
    assert "Mon Espace" in text_of(call.say(QUESTION))  # the guide goes on meanwhile
    call.hang_up()
    assert records.owner(call.id) == "bot"


@pytest.fixture
def database(running: Running) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{running.var / 'repere.db'}")
    yield opened
    opened.dispose()


def test_an_agent_writes_what_is_said(
    call: AudioCodesCall, records: Records, database: Database
) -> None:
    ownership = Ownership(database, Live(database))
    call.say("un conseiller")
    conversation = records.conversation(call.id)
    asyncio.run(ownership.take(conversation, "a" * 32, "Camille"))
    assert "Camille" in text_of(call.silence())
    asyncio.run(ownership.say(conversation, "a" * 32, "Camille", "Bonjour, quel est le véhicule ?"))
    assert "quel est le véhicule" in text_of(call.silence())
    assert "prépare sa réponse" in text_of(call.silence())
    reply = text_of(call.say("une voiture bleue"))
    assert "transmis" in reply
    assert records.said_by_caller(call.id)[-1] == "une voiture bleue"
    asyncio.run(ownership.close(conversation, "a" * 32))
    assert "Camille a terminé" in text_of(call.silence())
    assert "Mon Espace" in text_of(call.say(QUESTION))


def test_a_transfer_carries_its_context(other: httpx.Client, token: str, records: Records) -> None:
    call = AudioCodesCall(other, token, "+33612345678")
    call.say(BEGIN)
    reply = call.say("passez-moi quelqu'un")
    assert "Ne quittez pas" in text_of(reply)
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
    assert "transfer" not in names_of(call.say("répétez"))


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
    call = AudioCodesCall(other, token, "")
    call.say(BEGIN)
    call.say("un conseiller")
    value = {"status": "failed", "reasonCode": reason, "reason": "SIP ;cause=480"}
    reply = text_of(call.event("transferStatus", value=value))
    assert said in reply
    assert "numéro" in reply  # the dossier's
    assert "perdue ou volée" in text_of(call.say("oui"))
    assert "C'est noté" in text_of(call.press("1"))
    assert "transfer" in names_of(call.say("un conseiller"))  # asked again, tried again


def test_a_transfer_that_succeeds_says_nothing(other: httpx.Client, token: str) -> None:
    call = AudioCodesCall(other, token, "")
    call.press("0")
    assert call.event("transferStatus", value={"status": "answered"}) == []


def test_three_failures_transfer_the_call(other: httpx.Client, token: str) -> None:
    call = AudioCodesCall(other, token, "")
    for _ in range(2):
        assert "transfer" not in names_of(call.silence())
    assert "transfer" in names_of(call.silence())
    failed = call.event("transferStatus", value={"status": "failed", "reasonCode": "busy"})
    assert text_of(failed)
    for _ in range(2):
        assert "transfer" not in names_of(call.silence())
    names = names_of(call.silence())
    for _ in range(8):  # a person is still awaited
        if "hangup" in names:
            break
        assert "transfer" not in names
        names = names_of(call.silence())
    assert "hangup" in names


# -- the dossier -------------------------------------------------------------------------------


def test_the_number_is_dictated_and_again(call: AudioCodesCall, records: Records) -> None:
    end = text_of(complete(call))
    assert "numéro de dossier est" in end
    assert "code de reprise est" in end
    assert "par téléphone" in end
    assert "Repère sur Internet" in end
    [(number, state)] = records.dossiers(call.id)
    assert state == "prete_a_deposer"
    spelled = spelled_number(end)
    again = text_of(call.say("oui"))
    assert again.count(spelled) == 2
    assert text_of(call.say("redonnez-moi mon numéro de dossier")) == again
    assert "autre question" in text_of(call.say("non"))
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
    told = text_of(first.say("quel est mon numéro de dossier et mon code de reprise"))
    number, code = spelled_number(told), spelled_code(told)
    first.hang_up()
    second = calling("anonymous")
    assert "numéro du dossier" in text_of(second.say("je voudrais reprendre mon dossier"))
    assert "code de reprise" in text_of(second.say(f"euh alors c'est {dictated(number)}"))
    assert "Est-ce bien cela" in text_of(second.say(f"le code {dictated(code)}"))
    resumed = text_of(second.say("oui"))
    assert "Nous reprenons" in resumed
    assert "immatriculation" in resumed
    assert [state for _, state in records.dossiers(second.id)] == ["en_preparation"]


def test_a_wrong_code_opens_nothing(calling: Calling, records: Records) -> None:
    first = calling()
    first.say(BEGIN)
    told = text_of(first.say("quel est mon numéro de dossier"))
    number, code = dictated(spelled_number(told)), spelled_code(told).split(". ")
    wrong = dictated(". ".join(reversed(code)))
    first.hang_up()
    second = calling()
    second.say("reprendre mon dossier")
    for _ in range(2):
        second.say(number)
        second.say(wrong)
        assert "Aucun dossier" in text_of(second.say("oui"))
    second.say(number)
    second.say(wrong)
    assert "Nous reprenons" not in text_of(second.say("oui"))
    assert records.dossiers(second.id) == []
    assert records.owner(second.id) == "queue"


def test_a_number_nobody_can_read_ends_with_a_person(
    call: AudioCodesCall, records: Records
) -> None:
    call.say("reprendre mon dossier")
    said = [text_of(call.say("euh je ne le trouve plus")) for _ in range(3)]
    assert "Kléber" in said[1]
    assert records.owner(call.id) == "queue"


def test_recalling_can_be_left(call: AudioCodesCall) -> None:
    call.say("reprendre mon dossier")
    assert "laissons" in text_of(call.say("annuler"))
    assert "Mon Espace" in text_of(call.say(QUESTION))


def test_no_resume_code_is_left_in_the_database(
    call: AudioCodesCall, records: Records, running: Running
) -> None:
    call.say(BEGIN)
    told = text_of(call.say("quel est mon code de reprise du dossier"))
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


# -- whatever happens --------------------------------------------------------------------------

WORDS = [
    QUESTION, BEGIN, "oui", "non", "répétez", "suite", "pour moi", "elle est perdue", "un",
    "a b cent vingt trois c d", "plus lentement", "attendez", "je suis prêt", "annuler",
    "je me suis trompé", "un conseiller", "blibli", "", "reprendre mon dossier", "?", "/restart",
    "compte certifié", "tout est exact", "j'accepte", "pause", "😀",
    "quel est mon numéro de dossier",
]  # fmt: skip
KEYS = ["0", "1", "2", "3", "9", "*", "#", "123", "12032019"]


@pytest.mark.parametrize("seed", range(4))
def test_a_reply_is_never_empty(call: AudioCodesCall, seed: int) -> None:
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
        assert text_of(reply).strip()
        if "hangup" in names_of(reply):
            break
    assert call.hang_up().status_code == 200


def test_a_repeated_start_welcomes_again(call: AudioCodesCall) -> None:
    assert text_of(call.event("start", parameters={})) == text_of(call.welcome)


def test_the_clock_of_the_platform_may_be_wrong(call: AudioCodesCall) -> None:
    wrong = {"timestamp": stamp(timedelta(days=-400)), "type": "message", "text": QUESTION}
    assert "Mon Espace" in text_of(call.send(wrong))
    assert text_of(call.send(wrong | {"timestamp": "yesterday"}))
