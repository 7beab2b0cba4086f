"""What agents do with conversations, each act in the audit log; the pages and the API share it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import update
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from channels.desk import audit, notes
from channels.desk.accounts import Agent, agent_of
from channels.desk.context import Desk
from channels.desk.models import AgentRow
from channels.incoming import Incoming
from channels.models import Conversation, now
from channels.ownership import TakenError
from channels.transcript import existing

TYPING = timedelta(seconds=6)


class UnknownAgentError(Exception):
    """No such colleague, or one who cannot answer: closed account, temporary password, role."""


async def take(desk: Desk, agent: Agent, conversation: str) -> None:
    """Raises TakenError, UnknownConversationError."""
    await desk.ownership.take(conversation, agent.id, agent.name)
    await _noted(desk, agent, "conversation.taken", conversation)


async def give_back(desk: Desk, agent: Agent, conversation: str) -> None:
    """Raises TakenError: one's own conversation, or a colleague's for a supervisor."""
    holder = await run_in_threadpool(_holder, desk.database, agent, conversation)
    await desk.ownership.give_back(conversation, holder)
    await _noted(desk, agent, "conversation.given_back", conversation)


async def close(desk: Desk, agent: Agent, conversation: str) -> None:
    """Raises TakenError. A conversation opened at the counter just leaves the agent's list."""
    if await run_in_threadpool(_leave_counter, desk.database, agent, conversation):
        desk.live.wake(conversation)
    else:
        holder = await run_in_threadpool(_holder, desk.database, agent, conversation)
        await desk.ownership.close(conversation, holder)
    await _noted(desk, agent, "conversation.closed", conversation)


async def transfer(desk: Desk, agent: Agent, conversation: str, to_id: str) -> None:
    """Raises TakenError, UnknownAgentError."""
    to = await run_in_threadpool(desk.accounts.get, to_id)
    if to is None or not _can_answer(to):
        raise UnknownAgentError
    holder = await run_in_threadpool(_holder, desk.database, agent, conversation)
    await desk.ownership.transfer(conversation, holder, to.id, to.name)
    await _noted(desk, agent, "conversation.transferred", conversation, {"to": to.id})


async def say(
    desk: Desk, agent: Agent, conversation: str, text: str, client_id: str | None
) -> dict[str, Any]:
    """Raises TakenError, EmptyTextError."""
    message = await desk.ownership.say(conversation, agent.id, agent.name, text, client_id)
    await _noted(desk, agent, "message.sent", conversation, {"seq": message["seq"]})
    return message


async def type_on(desk: Desk, agent: Agent, conversation: str) -> None:
    """The agent is writing, for some seconds. Raises TakenError."""
    await desk.ownership.typing(conversation, agent.id, now() + TYPING)


async def open_counter(desk: Desk, agent: Agent) -> str:
    """A blank conversation for someone at the counter or on the telephone; its id."""
    conversation, _ = await desk.conversations.start("desk")

    def assign() -> None:
        with Session(desk.database) as db, db.begin():
            db.execute(
                update(Conversation)
                .where(Conversation.id == conversation)
                .values(agent_id=agent.id, agent_name=agent.name)
            )

    await run_in_threadpool(assign)
    await _noted(desk, agent, "conversation.opened", conversation)
    return conversation


async def ask(
    desk: Desk, agent: Agent, conversation: str, incoming: Incoming
) -> list[dict[str, Any]]:
    """Ask the guide on the person's behalf, in a conversation opened at the counter.

    Its messages may hold a code that is told once, for the agent to give to the person.
    Raises TakenError, RefusedMessageError, and what a turn raises.
    """
    if not await run_in_threadpool(_at_counter_of, desk.database, agent, conversation):
        raise TakenError(None)
    said = await desk.conversations.turn(conversation, incoming)
    await _noted(desk, agent, "conversation.asked", conversation)
    return said


async def add_note(desk: Desk, agent: Agent, conversation: str, text: str) -> None:
    """Raises EmptyTextError."""

    def run() -> None:
        with Session(desk.database) as db, db.begin():
            notes.add(db, conversation, agent, text)
            audit.record(db, agent, "note.added", f"conversation:{conversation}")

    await run_in_threadpool(run)


def reachable(desk: Desk, agent: Agent) -> list[AgentRow]:
    """The colleagues to whom a conversation may be transferred, by name."""
    return [row for row in desk.accounts.all() if row.id != agent.id and _can_answer(row)]


def _can_answer(row: AgentRow) -> bool:
    return not (row.disabled or row.must_change) and agent_of(row).may("answer")


def _holder(database: Database, agent: Agent, conversation: str) -> str:
    """In whose name the agent acts: their own or, for a supervisor, the holder's."""
    if not agent.may("supervise"):
        return agent.id
    with Session(database) as db:
        return existing(db, conversation).agent_id or agent.id


def _leave_counter(database: Database, agent: Agent, conversation: str) -> bool:
    with Session(database) as db, db.begin():
        left = db.execute(
            update(Conversation)
            .where(
                Conversation.id == conversation,
                Conversation.channel == "desk",
                Conversation.owner == "bot",
                Conversation.agent_id == agent.id,
            )
            .values(agent_id=None, agent_name=None)
            .returning(Conversation.id)
        ).first()
    return left is not None


def _at_counter_of(database: Database, agent: Agent, conversation: str) -> bool:
    with Session(database) as db:
        row = existing(db, conversation)
        return row.channel == "desk" and row.agent_id == agent.id


async def _noted(
    desk: Desk,
    agent: Agent,
    action: str,
    conversation: str,
    detail: dict[str, Any] | None = None,
) -> None:
    about = f"conversation:{conversation}"
    await run_in_threadpool(audit.record, desk.database, agent, action, about, detail)
