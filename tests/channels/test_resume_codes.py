"""A resume code is told once: in the reply, and nowhere else."""

import secrets

from sqlalchemy import create_engine, text

from repere.client import Conversation
from repere.running import Running

BEGIN = "je veux préparer avec vous un duplicata de carte grise perdue"


def code_of(messages: list[dict]) -> str:
    (code,) = [m["card"]["secret"] for m in messages if (m["card"] or {}).get("secret")]
    return str(code)


def test_the_code_is_in_the_reply_and_not_in_the_history(
    running: Running, conversation: Conversation
) -> None:
    said = conversation.say(BEGIN)
    code = code_of(said)
    assert code in said[0]["text"]
    history = conversation.http.get(f"/api/conversations/{conversation.id}/messages").json()
    again = next(m for m in history["messages"] if m["seq"] == said[0]["seq"])
    assert code not in str(history)
    assert not again["card"].get("secret")
    assert again["card"]["number"] == said[0]["card"]["number"]
    database = create_engine(f"sqlite:///{running.var / 'repere.db'}")
    with database.connect() as db:
        for table in ("message", "dossier", "dossier_event"):
            for row in db.execute(text(f"SELECT * FROM {table}")):
                assert code not in str(row)
    database.dispose()


def test_a_reply_sent_again_holds_the_same_code_until_the_person_goes_on(
    conversation: Conversation,
) -> None:
    body = {"text": BEGIN, "client_id": "un"}
    first = conversation.send(body)
    assert conversation.send(body) == first
    conversation.say("pourquoi ?")
    later = conversation.send(body)
    assert code_of(first) not in str(later)


def test_a_lost_code_is_replaced_and_the_old_one_no_longer_opens(
    running: Running, conversation: Conversation
) -> None:
    said = conversation.say(BEGIN)
    number, old = said[0]["card"]["number"], code_of(said)
    new = code_of(conversation.say("j'ai perdu mon code de reprise, donnez-m'en un autre"))
    assert new != old
    elsewhere = Conversation(running.url)
    (refused,) = elsewhere.say(f"je veux reprendre le dossier {number}, code {old}")
    assert "Aucun dossier ne correspond" in refused["text"]
    taken = elsewhere.say(f"je veux reprendre le dossier {number}, code {new}")
    assert number in taken[-1]["text"]
    assert taken[-1]["card"]["kind"] == "question"
    elsewhere.close()


def test_wrong_codes_are_limited(running: Running, conversation: Conversation) -> None:
    said = conversation.say(BEGIN)
    number, code = said[0]["card"]["number"], code_of(said)
    elsewhere = Conversation(running.url)
    alphabet = "23456789ABCDEFGHJKMNPQRTVWXYZ"
    for _ in range(5):
        wrong = "".join(secrets.choice(alphabet) for _ in range(8))
        answer = elsewhere.say(f"reprendre {number} code {wrong}")[-1]["text"]
        assert "Aucun dossier ne correspond" in answer
    answer = elsewhere.say(f"reprendre {number} code {code}")[-1]["text"]
    assert "Trop d’essais" in answer
    elsewhere.close()


def test_a_number_with_a_mistake_is_noticed(conversation: Conversation) -> None:
    number = conversation.say(BEGIN)[0]["card"]["number"]
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")
    said = conversation.say(f"je veux reprendre le dossier {wrong} avec le code ABCD-2345")
    assert "contient une erreur" in said[0]["text"]
