"""The desk over HTTP, for another helpdesk: the same acts as the pages, with an agent's token."""

from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from channels.desk import audit, notes, presence, replies, summary, work
from channels.desk import suggestions as suggesting
from channels.desk.access import require
from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.queue import Entry, queue_of
from channels.desk.rendering import iso
from channels.incoming import Incoming
from channels.models import StoredMessage, public
from channels.ownership import EmptyTextError, TakenError
from channels.transcript import existing
from channels.web.api import Message, Replies
from channels.web.problems import problem, problems

router = APIRouter(prefix="/api/desk", tags=["desk"])
CanAnswer = Annotated[Agent, require("answer")]
CanRead = Annotated[Agent, require("read_knowledge")]
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
REFUSALS = problems(400, 401, 403, 404, 409, 413, 422)


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Waiting(BaseModel):
    """A conversation in the queue; ``wants`` is in the person's words."""

    id: str
    channel: str
    owner: Literal["bot", "queue", "agent"]
    agent: str | None
    reason: str
    urgent: bool
    since: str
    wants: str
    unanswered: bool


class Lists(BaseModel):
    waiting: list[Waiting]
    mine: list[Waiting]
    others: list[Waiting]
    available_agents: list[str]


class Summary(BaseModel):
    reason: str
    wants: str
    topic: str
    dossier: summary.DossierSummary | None
    failed: list[str]
    last: list[summary.Line]


class Note(BaseModel):
    agent: str
    at: str
    text: str


class Whole(BaseModel):
    id: str
    channel: str
    owner: Literal["bot", "queue", "agent"]
    agent: str | None
    delivered: int = Field(description="The last seq known to have reached the person")
    summary: Summary
    messages: list[Message]
    notes: list[Note]


class Suggested(BaseModel):
    title: str
    text: str
    topic: str | None
    sources: list[dict[str, str]]
    decided: bool = Field(description="The guide would have answered this")


class Reply(BaseModel):
    title: str
    text: str


class Colleague(BaseModel):
    id: str
    name: str
    available: bool


class Opened(BaseModel):
    conversation: str


class NewText(Body):
    text: Annotated[str, Field(max_length=20_000)]
    client_id: Annotated[str | None, Field(pattern=r"^[\x21-\x7e]{1,60}$")] = None


class NewNote(Body):
    text: Annotated[str, Field(max_length=20_000)]


class NewQuestion(Body):
    text: Annotated[str | None, Field(max_length=20_000)] = None
    choice: Annotated[str | None, Field(max_length=120)] = None


class Transfer(Body):
    to: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Presence(Body):
    available: bool


@router.get("/queue", responses=problems(401, 403))
def queue(desk: TheDesk, agent: CanAnswer) -> Lists:
    """Who waits, what this agent has, what the others have."""
    audit.record(desk.database, agent, "queue.read")
    found = queue_of(desk, agent.id)
    return Lists(
        waiting=[_waiting(entry) for entry in found.waiting],
        mine=[_waiting(entry) for entry in found.mine],
        others=[_waiting(entry) for entry in found.others],
        available_agents=[colleague.name for colleague in found.colleagues],
    )


@router.put("/presence", status_code=204, responses=problems(400, 401, 403, 413, 422))
def set_presence(desk: TheDesk, agent: CanAnswer, body: Presence) -> None:
    """Take conversations, or no longer; to be said again within a minute while it is true."""
    with Session(desk.database) as db, db.begin():
        presence.set_available(db, agent.id, body.available)
        audit.record(db, agent, "presence.changed", detail={"disponible": body.available})


@router.get("/agents", responses=problems(401, 403))
def agents(desk: TheDesk, agent: CanAnswer) -> list[Colleague]:
    """The colleagues to whom a conversation may be transferred."""
    with Session(desk.database) as db:
        there = {row.id for row in presence.available(db)}
    found = work.reachable(desk, agent)
    return [Colleague(id=row.id, name=row.name, available=row.id in there) for row in found]


@router.get("/replies", responses=problems(401, 403))
def list_replies(desk: TheDesk, agent: CanAnswer) -> list[Reply]:
    """The replies kept at hand."""
    with Session(desk.database) as db:
        kept = replies.for_agent(db, agent.id)
    return [Reply(title=reply.title, text=reply.text) for reply in kept]


@router.get("/search", responses=problems(401, 403, 422))
def search(
    desk: TheDesk, agent: CanRead, q: Annotated[str, Query(min_length=1, max_length=300)]
) -> list[Suggested]:
    """Sheets and passages that hold these words, with their sources."""
    audit.record(desk.database, agent, "knowledge.searched")
    return [_suggested(one) for one in suggesting.search(desk, q)]


@router.post("/conversations", status_code=201, responses=problems(400, 401, 403, 413, 422))
async def open_counter(desk: TheDesk, agent: CanAnswer) -> Opened:
    """Open a blank conversation for someone who is there, or on the telephone."""
    return Opened(conversation=await work.open_counter(desk, agent))


@router.get("/conversations/{conversation}", responses=REFUSALS)
def read(
    desk: TheDesk,
    agent: CanAnswer,
    conversation: Id,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Last seq already known")] = 0,
) -> Whole:
    """A conversation: its summary, its messages after a seq, its notes."""
    audit.record(desk.database, agent, "conversation.read", f"conversation:{conversation}")
    told = summary.summary(desk, conversation)
    with Session(desk.database) as db:
        row = existing(db, conversation)
        query = select(StoredMessage).where(
            StoredMessage.conversation_id == conversation, StoredMessage.seq > after
        )
        return Whole.model_validate(
            {
                "id": row.id,
                "channel": row.channel,
                "owner": row.owner,
                "agent": row.agent_name,
                "delivered": row.delivered_seq,
                "summary": Summary.model_validate(told, from_attributes=True),
                "messages": [public(m) for m in db.scalars(query.order_by(StoredMessage.seq))],
                "notes": [
                    Note(agent=note.agent_name, at=iso(note.at), text=note.text)
                    for note in notes.of_conversation(db, conversation)
                ],
            }
        )


@router.get("/conversations/{conversation}/suggestions", responses=REFUSALS)
async def suggestions(desk: TheDesk, agent: CanAnswer, conversation: Id) -> list[Suggested]:
    """Answers to the person's last message, the best first, with their sources."""
    await run_in_threadpool(_note_suggestions, desk, agent, conversation)
    return [_suggested(one) for one in await suggesting.suggestions(desk, conversation)]


@router.post("/conversations/{conversation}/take", status_code=204, responses=REFUSALS)
async def take(desk: TheDesk, agent: CanAnswer, conversation: Id) -> None:
    """Take a conversation; 409 when a colleague has it."""
    await work.take(desk, agent, conversation)


@router.post("/conversations/{conversation}/give-back", status_code=204, responses=REFUSALS)
async def give_back(desk: TheDesk, agent: CanAnswer, conversation: Id) -> None:
    """The guide answers again."""
    await work.give_back(desk, agent, conversation)


@router.post("/conversations/{conversation}/close", status_code=204, responses=REFUSALS)
async def close(desk: TheDesk, agent: CanAnswer, conversation: Id) -> None:
    """The exchange is over."""
    await work.close(desk, agent, conversation)


@router.post("/conversations/{conversation}/transfer", status_code=204, responses=REFUSALS)
async def transfer(desk: TheDesk, agent: CanAnswer, conversation: Id, body: Transfer) -> None:
    """A colleague goes on."""
    await work.transfer(desk, agent, conversation, body.to)


@router.post("/conversations/{conversation}/messages", status_code=201, responses=REFUSALS)
async def say(desk: TheDesk, agent: CanAnswer, conversation: Id, body: NewText) -> Message:
    """Write to the person; the same client id sent again gets the stored message."""
    message = await work.say(desk, agent, conversation, body.text, body.client_id)
    return Message.model_validate(message)


@router.post("/conversations/{conversation}/typing", status_code=204, responses=REFUSALS)
async def typing(desk: TheDesk, agent: CanAnswer, conversation: Id) -> None:
    """The agent is writing: the person sees it for some seconds."""
    await work.type_on(desk, agent, conversation)


@router.post("/conversations/{conversation}/notes", status_code=204, responses=REFUSALS)
async def add_note(desk: TheDesk, agent: CanAnswer, conversation: Id, body: NewNote) -> None:
    """A note that only agents read; ``@login`` tells a colleague."""
    await work.add_note(desk, agent, conversation, body.text)


@router.post("/conversations/{conversation}/ask", responses=REFUSALS | problems(503))
async def ask(desk: TheDesk, agent: CanAnswer, conversation: Id, body: NewQuestion) -> Replies:
    """Ask the guide, in a conversation opened at the counter: a text or a choice."""
    said = await work.ask(desk, agent, conversation, Incoming(body.text, body.choice))
    return Replies.model_validate({"messages": said})


def add_problems(app: FastAPI) -> None:
    """The acts that the API refuses, as problem documents."""

    @app.exception_handler(TakenError)
    def taken(_: Request, error: TakenError) -> JSONResponse:
        said = f"{error.name} a cette conversation." if error.name else "Prenez-la d'abord."
        return problem(409, said)

    @app.exception_handler(EmptyTextError)
    def empty(_: Request, error: EmptyTextError) -> JSONResponse:
        return problem(422, error.reason)

    @app.exception_handler(work.UnknownAgentError)
    def unknown(_: Request, __: work.UnknownAgentError) -> JSONResponse:
        return problem(422, "Ce collègue n'existe pas, ou ne peut pas répondre.")


def _note_suggestions(desk: Desk, agent: Agent, conversation: str) -> None:
    with Session(desk.database) as db, db.begin():
        existing(db, conversation)
        audit.record(db, agent, "suggestions.read", f"conversation:{conversation}")


def _waiting(entry: Entry) -> Waiting:
    return Waiting.model_validate(
        {
            "id": entry.id,
            "channel": entry.channel,
            "owner": entry.owner,
            "agent": entry.agent_name,
            "reason": entry.reason,
            "urgent": entry.urgent,
            "since": iso(entry.since),
            "wants": entry.wants,
            "unanswered": entry.unanswered,
        }
    )


def _suggested(one: suggesting.Suggestion) -> Suggested:
    return Suggested(
        title=one.title, text=one.text, topic=one.topic, sources=one.sources, decided=one.decided
    )
