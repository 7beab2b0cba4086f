"""Conversations taken over: by one agent alone, the guide silent, until they are given back."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from http_desk import Clients
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.desk_data import Invented
from channels.desk.accounts import Agent
from channels.models import Conversation as Row
from channels.models import Handover, StoredMessage
from repere.client import Conversation
from repere.running import Running

ASK = "Je veux parler à une personne"


@pytest.fixture
def agnes(clients: Clients) -> httpx.Client:
    return clients.signed_in("agnes")


@pytest.fixture
def bruno(clients: Clients) -> httpx.Client:
    return clients.signed_in("bruno")


@pytest.fixture
def waiting(conversation: Conversation) -> Iterator[Conversation]:
    """A conversation in the queue, which leaves it at the end."""
    conversation.say(ASK)
    yield conversation
    conversation.http.delete(f"/api/conversations/{conversation.id}")


def messages(conversation: Conversation) -> list[dict[str, Any]]:
    answer = conversation.http.get(f"/api/conversations/{conversation.id}/messages").json()
    return list(answer["messages"])


def owner(conversation: Conversation) -> str:
    answer = conversation.http.get(f"/api/conversations/{conversation.id}/messages?after=999")
    return str(answer.json()["owner"])


def post(agent: httpx.Client, conversation: Conversation, act: str, **data: str) -> httpx.Response:
    return agent.post(f"/desk/conversations/{conversation.id}/{act}", data=data)


def test_nobody_there_is_said_and_the_guide_goes_on(
    clients: Clients, agnes: httpx.Client, conversation: Conversation
) -> None:
    agnes.post("/desk/presence", data={"available": "false"})
    (said,) = conversation.say(ASK)
    assert "Aucun agent n’est joignable" in said["text"]
    assert said["card"]["available"] is False
    assert owner(conversation) == "queue"
    answered = conversation.say("Que veut dire CPI ?")
    assert answered[-1]["card"]["kind"] == "answer"
    # Asked again, it keeps its place and is counted once.
    again = conversation.say(ASK)[-1]
    assert again["card"]["place"] == said["card"]["place"]
    conversation.http.delete(f"/api/conversations/{conversation.id}")


def test_someone_there_is_said(agnes: httpx.Client, conversation: Conversation) -> None:
    agnes.post("/desk/presence", data={"available": "true"})
    (said,) = conversation.say(ASK)
    assert "un agent vous répondra ici" in said["text"]
    assert said["card"]["available"] is True
    agnes.post("/desk/sign-out")
    again = conversation.say(ASK)[-1]
    assert again["card"]["available"] is False
    conversation.http.delete(f"/api/conversations/{conversation.id}")


def test_three_failures_in_a_row_hand_over(conversation: Conversation, invented: Invented) -> None:
    for text in ("ouais alors euh comment dire", "bof le zinzin du schmilblick"):
        said = conversation.say(text)
        if said[-1]["card"].get("reason") != "not_understood":
            pytest.fail(f"{text} is understood: choose another text")
        assert owner(conversation) == "bot"
    said = conversation.say("azerty uiop qsdf")
    assert said[-1]["card"]["kind"] == "handoff"
    assert owner(conversation) == "queue"
    with Session(invented.database) as db:
        query = select(Handover.reason).where(Handover.conversation_id == conversation.id)
        assert list(db.scalars(query)) == ["failures"]
    conversation.http.delete(f"/api/conversations/{conversation.id}")


def test_distress_hands_over_and_goes_before_the_others(
    waiting: Conversation, running: Running, agnes: httpx.Client
) -> None:
    other = Conversation(running.url)
    said = other.say("J'ai envie d'en finir avec la vie, je n'en peux plus")
    assert "3114" in said[-1]["text"]
    listed = agnes.get("/api/desk/queue").json()["waiting"]
    assert listed[0]["id"] == other.id
    assert listed[0]["urgent"] is True
    assert waiting.id in [entry["id"] for entry in listed[1:]]
    assert said[-1]["card"]["place"] == 1
    other.http.delete(f"/api/conversations/{other.id}")
    other.close()


def test_two_agents_at_once_one_wins_the_other_is_told(
    waiting: Conversation, agnes: httpx.Client, bruno: httpx.Client
) -> None:
    with ThreadPoolExecutor(2) as pool:
        acts = [pool.submit(post, agent, waiting, "take") for agent in (agnes, bruno)]
        answers = [act.result() for act in acts]
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    winner = messages(waiting)[-1]["text"].removeprefix("Vous êtes maintenant en relation avec ")
    assert f"{winner.rstrip('.')} a déjà pris cette conversation" in lost.text
    taken = [m for m in messages(waiting) if m["author"] == "system"]
    assert len(taken) == 1


def test_many_takes_at_once_make_one_owner(running: Running, clients: Clients) -> None:
    agents = [clients.signed_in(login) for login in ("agnes", "bruno", "sonia", "alix")]
    for _ in range(5):
        waiting = Conversation(running.url)
        waiting.say(ASK)
        with ThreadPoolExecutor(8) as pool:
            acts = [pool.submit(post, agent, waiting, "take") for agent in agents * 2]
            codes = [act.result().status_code for act in acts]
        assert set(codes) == {303, 409}
        assert len([m for m in messages(waiting) if m["author"] == "system"]) == 1
        waiting.http.delete(f"/api/conversations/{waiting.id}")
        waiting.close()


def test_the_guide_is_silent_under_load_and_speaks_once_given_back(
    waiting: Conversation, agnes: httpx.Client, invented: Invented
) -> None:
    post(agnes, waiting, "take")
    before = messages(waiting)[-1]["seq"]

    def both(rank: int) -> tuple[list[Any], int]:
        said = waiting.send({"text": f"Comment déclarer une cession ? ({rank})"})
        return said, post(agnes, waiting, "messages", text=f"Réponse {rank}").status_code

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(both, range(24)))
    assert all(said == [] and code == 303 for said, code in results)
    since = [m for m in messages(waiting) if m["seq"] > before]
    assert [m["seq"] for m in since] == list(range(before + 1, before + 49))
    assert sorted(m["author"] for m in since) == ["agent"] * 24 + ["user"] * 24
    assert all(m["sender"] == "Agnès Martin" for m in since if m["author"] == "agent")
    post(agnes, waiting, "give-back")
    assert owner(waiting) == "bot"
    assert waiting.say("Que veut dire CPI ?")[-1]["card"]["kind"] == "answer"
    with Session(invented.database) as db:
        handover = db.scalars(select(Handover).where(Handover.conversation_id == waiting.id)).one()
    assert handover.reason == "asked"
    assert handover.asked_at <= handover.taken_at <= handover.answered_at <= handover.ended_at


def test_taken_during_a_turn_the_guides_answer_is_not_said(
    running: Running, agnes: httpx.Client
) -> None:
    """Whatever the order of the two, nothing of the guide comes after the takeover."""
    for _ in range(6):
        begun = Conversation(running.url)
        with ThreadPoolExecutor(2) as pool:
            turn = pool.submit(begun.say, "Quelles pièces pour un duplicata ?")
            pool.submit(post, agnes, begun, "take").result()
            turn.result()
        authors = [m["author"] for m in messages(begun)]
        assert "bot" not in authors[authors.index("system") :]
        begun.http.delete(f"/api/conversations/{begun.id}")
        begun.close()


def test_the_same_message_sent_twice_is_one(waiting: Conversation, agnes: httpx.Client) -> None:
    post(agnes, waiting, "take")
    for _ in range(2):
        post(agnes, waiting, "messages", text="Bonjour", client_id="the-same")
    written = [m for m in messages(waiting) if m["author"] == "agent"]
    assert len(written) == 1
    # A person's message with the same id is another one.
    waiting.send({"text": "Bonjour à vous", "client_id": "the-same"})
    assert messages(waiting)[-1]["text"] == "Bonjour à vous"


def test_only_who_has_it_acts_on_it(
    waiting: Conversation, agnes: httpx.Client, bruno: httpx.Client, clients: Clients
) -> None:
    acts = {"messages": {"text": "Bonjour"}, "give-back": {}, "close": {}}
    for act, data in acts.items():
        assert post(agnes, waiting, act, **data).status_code == 409
    post(agnes, waiting, "take")
    for act, data in acts.items():
        answer = post(bruno, waiting, act, **data)
        assert answer.status_code == 409
    assert "Bonjour" in post(bruno, waiting, "messages", text="Bonjour").text  # nothing is lost
    # A supervisor may give a colleague's conversation back.
    assert post(clients.signed_in("sonia"), waiting, "give-back").status_code == 303
    assert owner(waiting) == "bot"


def test_a_transfer_tells_the_person_and_the_colleague(
    waiting: Conversation, agnes: httpx.Client, bruno: httpx.Client, team: dict[str, Agent]
) -> None:
    post(agnes, waiting, "take")
    assert post(agnes, waiting, "transfer", to="0" * 32).status_code == 409
    # An editor answers nobody.
    assert post(agnes, waiting, "transfer", to=team["emma"].id).status_code == 409
    assert post(agnes, waiting, "transfer", to=team["bruno"].id).status_code == 303
    assert messages(waiting)[-1]["text"] == "Bruno Petit prend la suite et voit vos échanges."
    assert post(agnes, waiting, "messages", text="encore moi").status_code == 409
    assert post(bruno, waiting, "messages", text="Bonjour").status_code == 303
    mine = bruno.get("/api/desk/queue").json()["mine"]
    assert waiting.id in [entry["id"] for entry in mine]
    post(bruno, waiting, "close")
    assert messages(waiting)[-1]["card"]["state"] == "closed"


def test_notes_stay_between_agents_and_tell_who_is_named(
    waiting: Conversation, agnes: httpx.Client, bruno: httpx.Client
) -> None:
    post(agnes, waiting, "notes", text="Le dossier traîne, @bruno peux-tu regarder ?")
    assert "traîne" not in str(messages(waiting))
    assert "Agnès Martin vous cite dans une note" in bruno.get("/desk").text
    assert "vous cite dans une note" not in agnes.get("/desk").text
    assert "Le dossier traîne" in bruno.get(f"/desk/conversations/{waiting.id}").text
    assert "vous cite dans une note" not in bruno.get("/desk").text


def test_what_people_write_is_never_markup(running: Running, agnes: httpx.Client) -> None:
    attack = "<img src=x onerror=alert(1)> {{ 7*7 }} </script>"
    begun = Conversation(running.url)
    begun.say(attack)
    begun.say(ASK)
    post(agnes, begun, "notes", text=attack)
    for path in ("/desk", f"/desk/conversations/{begun.id}"):
        page = agnes.get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
        assert "{{ 7*7 }}" in page
    begun.http.delete(f"/api/conversations/{begun.id}")
    begun.close()


def test_the_summary_holds_what_is_needed(running: Running, agnes: httpx.Client) -> None:
    begun = Conversation(running.url)
    begun.say("Je veux déclarer la cession de mon véhicule")
    begun.say(ASK)
    whole = agnes.get(f"/api/desk/conversations/{begun.id}").json()
    summary = whole["summary"]
    assert summary["reason"] == "demande une personne"
    assert summary["wants"] == "Je veux déclarer la cession de mon véhicule"
    assert "cession" in summary["dossier"]["title"].lower()
    assert summary["dossier"]["missing"]
    assert len(summary["last"]) <= 6
    begun.http.delete(f"/api/conversations/{begun.id}")
    begun.close()


def test_an_agent_asks_the_guide_for_someone_at_the_counter(
    agnes: httpx.Client, bruno: httpx.Client, invented: Invented
) -> None:
    opened = agnes.post("/desk/counter").headers["location"]
    assert agnes.post(f"{opened}/ask", data={"text": "Que veut dire CPI ?"}).status_code == 303
    assert bruno.post(f"{opened}/ask", data={"text": "Que veut dire CPI ?"}).status_code == 409
    agnes.post(f"{opened}/ask", data={"text": "Je veux déclarer la cession de mon véhicule"})
    page = agnes.get(opened).text
    assert "certificat provisoire" in page.lower()
    assert "Pour moi-même" in page  # the démarche's first question, with its choices as buttons
    # Asking for a person here queues nothing: the person is with an agent.
    agnes.post(f"{opened}/ask", data={"text": ASK})
    assert "est déjà avec un agent" in agnes.get(opened).text
    conversation = opened.rpartition("/")[2]
    with Session(invented.database) as db:
        row = db.get(Row, conversation)
        assert row is not None
        assert (row.channel, row.owner) == ("desk", "bot")
        authors = db.scalars(
            select(StoredMessage.author).where(StoredMessage.conversation_id == conversation)
        )
        assert set(authors) == {"user", "bot"}
    assert conversation in [e["id"] for e in agnes.get("/api/desk/queue").json()["mine"]]
    agnes.post(f"{opened}/close")
    assert conversation not in [e["id"] for e in agnes.get("/api/desk/queue").json()["mine"]]


def test_suggestions_answer_the_last_question_with_its_source(
    waiting: Conversation, agnes: httpx.Client
) -> None:
    waiting.say("Comment payer la carte grise ?")
    post(agnes, waiting, "take")
    waiting.say("Êtes-vous là ?")
    found = agnes.get(f"/api/desk/conversations/{waiting.id}/suggestions").json()
    assert found[0]["topic"].startswith("paiement/") or "pa" in found[0]["title"].lower()
    assert all(one["sources"] for one in found)
    assert all(one["text"].strip() for one in found)
    searched = agnes.get("/api/desk/search", params={"q": "code de cession"}).json()
    assert any("cession" in one["title"].lower() for one in searched)
    shown = agnes.get(f"/desk/conversations/{waiting.id}/suggestions").text
    (sheet, *_) = re.findall(r'href="(/desk/knowledge/[^"]+)"', shown)
    assert agnes.get(sheet).status_code == 200
