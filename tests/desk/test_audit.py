"""The audit log: complete, and closed to whoever would change it."""

from collections.abc import Callable
from typing import Any

import pytest
from http_desk import Clients
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bench.desk_data import Invented
from channels.desk import audit
from channels.desk.accounts import Agent
from channels.desk.models import AuditRow
from repere.client import Conversation
from repere.running import Running


def lines(invented: Invented, about: str = "") -> list[str]:
    query = select(AuditRow.action).order_by(AuditRow.id)
    if about:
        query = query.where(AuditRow.object == about)
    with Session(invented.database) as db:
        return list(db.scalars(query))


@pytest.mark.parametrize(
    "change",
    [
        update(AuditRow).values(agent="someone else"),
        delete(AuditRow),
        text(
            "INSERT OR REPLACE INTO audit (id, at, agent, action, object) "
            "SELECT id, at, 'x', action, object FROM audit LIMIT 1"
        ),
        insert(AuditRow).prefix_with("OR REPLACE").values(id=1, agent="x", action="x", object="x"),
    ],
    ids=["update", "delete", "replace", "insert or replace"],
)
def test_no_line_is_changed_or_erased(
    change: Any, invented: Invented, team: dict[str, Agent]
) -> None:
    audit.record(invented.database, team["agnes"], "queue.read")
    with Session(invented.database) as db:
        before = db.scalar(select(func.count()).select_from(AuditRow))
    with pytest.raises(DatabaseError, match="append-only"), invented.database.begin() as connection:
        connection.execute(change)
    with Session(invented.database) as db:
        assert db.scalar(select(func.count()).select_from(AuditRow)) == before


def test_everything_an_agent_does_with_a_conversation_is_told(
    clients: Clients, invented: Invented, team: dict[str, Agent], conversation: Conversation
) -> None:
    conversation.say("Je veux parler à une personne")
    base = f"/desk/conversations/{conversation.id}"
    agnes, bruno = clients.signed_in("agnes"), clients.signed_in("bruno")
    agnes.get(base)
    agnes.post(f"{base}/take")
    agnes.post(f"{base}/messages", data={"text": "Bonjour"})
    agnes.post(f"{base}/notes", data={"text": "à suivre"})
    agnes.get(f"{base}/suggestions?q=cession")
    agnes.post(f"{base}/transfer", data={"to": team["bruno"].id})
    bruno.post(f"{base}/give-back")
    bruno.post(f"{base}/take")
    bruno.post(f"{base}/close")
    assert lines(invented, f"conversation:{conversation.id}") == [
        "conversation.read",
        "conversation.taken",
        "message.sent",
        "note.added",
        "knowledge.searched",
        "conversation.transferred",
        "conversation.given_back",
        "conversation.taken",
        "conversation.closed",
    ]


def test_what_is_refused_is_told_too(
    clients: Clients, invented: Invented, team: dict[str, Agent]
) -> None:
    before = len(lines(invented))
    emma = clients.signed_in("emma")
    assert emma.get("/desk/audit").status_code == 403
    assert lines(invented)[before:] == ["session.opened", "access.refused"]


def test_no_text_of_a_person_is_in_the_log(
    clients: Clients, invented: Invented, team: dict[str, Agent], conversation: Conversation
) -> None:
    conversation.say("Je veux parler à une personne, mon nom est Zorglub")
    base = f"/desk/conversations/{conversation.id}"
    agnes = clients.signed_in("agnes")
    agnes.post(f"{base}/take")
    agnes.post(f"{base}/messages", data={"text": "Bonjour Zorglub"})
    agnes.post(f"{base}/notes", data={"text": "Zorglub attend"})
    agnes.get(f"{base}/suggestions?q=Zorglub")
    agnes.post(f"{base}/close")
    with Session(invented.database) as db:
        rows = db.execute(select(AuditRow.object, AuditRow.detail)).all()
    assert "zorglub" not in str(rows).lower()


def test_the_administrator_filters_and_exports(
    running: Running, team: dict[str, Agent], sign_in: Callable[[str], Any]
) -> None:
    page = sign_in("alix")
    page.goto(f"{running.url}/desk/audit")
    page.get_by_label("Agent").fill("Alix")
    page.get_by_label("Action").select_option(label="connexion")
    page.get_by_role("button", name="Filtrer").click()
    page.wait_for_url("**/audit?*")
    actions = page.locator("tbody td:nth-child(3)").all_inner_texts()
    assert actions
    assert set(actions) == {"connexion"}
    with page.expect_download() as download:
        page.get_by_role("link", name="Exporter").click()
    content = download.value.path().read_text(encoding="utf-8-sig")
    assert content.splitlines()[0] == "moment;agent;action;objet;détail"
    assert all("Alix Morel;connexion" in line for line in content.splitlines()[1:])
