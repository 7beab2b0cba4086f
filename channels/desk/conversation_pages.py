"""A conversation's page: its transcript, live both ways, and all that helps to answer."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from channels.conversations import BusyError
from channels.desk import audit, dossier_views, notes, replies, work
from channels.desk import suggestions as suggesting
from channels.desk.access import AUTOMATIC, OwnPage, require, still_signed_in
from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.news import news_of
from channels.desk.queue import queue_of
from channels.desk.rendering import page, redirect
from channels.desk.summary import CHANNELS, summary
from channels.engine import EngineUnavailableError
from channels.incoming import Incoming, RefusedMessageError
from channels.models import StoredMessage
from channels.ownership import AGENT, EmptyTextError, TakenError
from channels.transcript import existing

router = APIRouter(
    prefix="/desk/conversations/{conversation}", include_in_schema=False, dependencies=[OwnPage]
)
CanAnswer = Annotated[Agent, require("answer")]
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Text = Annotated[str, Form(max_length=20_000)]
After = Annotated[int, Query(ge=0, le=2**31 - 1)]

# Set by the page's script, which puts by itself in place what changed.
SCRIPT = "x-repere-script"

NOT_YOURS = "Vous n'avez pas cette conversation : prenez-la d'abord."
NO_ONE = "Choisissez un collègue qui peut répondre, et dont le compte est ouvert."
BUSY = "Le guide est occupé ou ne répond pas. Réessayez dans un instant."


@router.get("")
def show(request: Request, desk: TheDesk, agent: CanAnswer, conversation: Id) -> Response:
    """The whole page."""
    audit.record(desk.database, agent, "conversation.read", f"conversation:{conversation}")
    return _page(request, desk, agent, conversation)


@router.get("/messages")
def messages(
    request: Request, desk: TheDesk, agent: CanAnswer, conversation: Id, after: After = 0
) -> Response:
    """The messages after a seq, for the page to add to those it shows."""
    with Session(desk.database) as db:
        row = existing(db, conversation)
        found = _messages(db, conversation, after)
        return page(
            request,
            "_messages.html",
            agent,
            messages=found,
            conversation=row,
            counter=_counter(row.channel, row.owner, row.agent_id, agent),
        )


@router.get("/events", response_class=EventSourceResponse)
async def events(
    request: Request, desk: TheDesk, agent: CanAnswer, conversation: Id, after: After = 0
) -> AsyncIterator[ServerSentEvent]:
    """What happens in the conversation and in the queue."""
    is_open = still_signed_in(request, desk)
    async with aclosing(news_of(desk, agent.id, is_open, conversation, after)) as told:
        async for event in told:
            yield event


@router.post("/take")
async def take(request: Request, desk: TheDesk, agent: CanAnswer, conversation: Id) -> Response:
    """Take the conversation: only one agent gets it."""
    try:
        await work.take(desk, agent, conversation)
    except TakenError as error:
        said = f"{error.name} a déjà pris cette conversation."
        return await _refused(request, desk, agent, conversation, said)
    return _back(request, conversation)


@router.post("/give-back")
async def give_back(
    request: Request, desk: TheDesk, agent: CanAnswer, conversation: Id
) -> Response:
    """The guide answers again."""
    act = work.give_back(desk, agent, conversation)
    return await _left(request, desk, agent, conversation, act)


@router.post("/close")
async def close(request: Request, desk: TheDesk, agent: CanAnswer, conversation: Id) -> Response:
    """The exchange is over."""
    act = work.close(desk, agent, conversation)
    return await _left(request, desk, agent, conversation, act)


@router.post("/transfer")
async def transfer(
    request: Request, desk: TheDesk, agent: CanAnswer, conversation: Id, to: Text = ""
) -> Response:
    """A colleague goes on."""
    act = work.transfer(desk, agent, conversation, to)
    return await _left(request, desk, agent, conversation, act)


@router.post("/messages")
async def say(
    request: Request,
    desk: TheDesk,
    agent: CanAnswer,
    conversation: Id,
    text: Text = "",
    client_id: Annotated[str | None, Form(pattern=r"^[\x21-\x7e]{1,60}$")] = None,
) -> Response:
    """Write to the person; the same client id sent again writes nothing more."""
    try:
        await work.say(desk, agent, conversation, text, client_id)
    except TakenError:
        return await _refused(request, desk, agent, conversation, NOT_YOURS, draft=text)
    except EmptyTextError as error:
        return await _refused(request, desk, agent, conversation, error.reason, 422, draft=text)
    return _back(request, conversation)


@router.post("/ask")
async def ask(
    request: Request,
    desk: TheDesk,
    agent: CanAnswer,
    conversation: Id,
    text: Text = "",
    choice: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Ask the guide for someone who is there: a question, an answer or a choice."""
    incoming = Incoming(choice=choice) if choice else Incoming(text=text)
    try:
        said = await work.ask(desk, agent, conversation, incoming)
    except TakenError:
        return await _refused(request, desk, agent, conversation, NOT_YOURS, draft=text)
    except RefusedMessageError as error:
        return await _refused(request, desk, agent, conversation, error.reason, 422, draft=text)
    except (EngineUnavailableError, BusyError):
        return await _refused(request, desk, agent, conversation, BUSY, 503, draft=text)
    codes = [m["card"]["secret"] for m in said if (m["card"] or {}).get("secret")]
    if not codes:
        return _back(request, conversation)
    if SCRIPT in request.headers:
        return page(request, "_once.html", agent, code=codes[-1])
    return await run_in_threadpool(_page, request, desk, agent, conversation, code=codes[-1])


@router.post("/typing", status_code=204)
async def typing(desk: TheDesk, agent: CanAnswer, conversation: Id) -> Response:
    """The agent is writing."""
    try:
        await work.type_on(desk, agent, conversation)
    except TakenError:
        return Response(status_code=409)
    return Response(status_code=204)


@router.post("/notes")
async def add_note(
    request: Request, desk: TheDesk, agent: CanAnswer, conversation: Id, text: Text = ""
) -> Response:
    """A note that only agents read."""
    try:
        await work.add_note(desk, agent, conversation, text)
    except EmptyTextError as error:
        return await _refused(request, desk, agent, conversation, error.reason, 422)
    if SCRIPT in request.headers:
        return Response(status_code=204)
    return redirect(f"/desk/conversations/{conversation}#notes")


@router.get("/notes")
def list_notes(request: Request, desk: TheDesk, agent: CanAnswer, conversation: Id) -> Response:
    """The notes alone, for the page to put in place of those it shows."""
    with Session(desk.database) as db:
        existing(db, conversation)
        return page(request, "_notes.html", agent, notes=notes.of_conversation(db, conversation))


@router.get("/suggestions")
async def suggestions(
    request: Request,
    desk: TheDesk,
    agent: CanAnswer,
    conversation: Id,
    q: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """Answers to the person's last message or, with ``q``, what is found for these words."""
    about = f"conversation:{conversation}"
    await run_in_threadpool(_must_exist, desk, conversation)
    if q.strip():
        found = await run_in_threadpool(suggesting.search, desk, q)
        await run_in_threadpool(audit.record, desk.database, agent, "knowledge.searched", about)
    else:
        found = await suggesting.suggestions(desk, conversation)
        if AUTOMATIC not in request.headers:
            await run_in_threadpool(audit.record, desk.database, agent, "suggestions.read", about)
    return page(request, "_suggestions.html", agent, suggestions=found, q=q)


def _page(
    request: Request,
    desk: Desk,
    agent: Agent,
    conversation: str,
    status: int = 200,
    problem: str = "",
    draft: str = "",
    code: str = "",
) -> Response:
    told = summary(desk, conversation)
    with Session(desk.database, expire_on_commit=False) as db, db.begin():
        row = existing(db, conversation)
        notes.seen(db, conversation, agent.id)
        context: dict[str, Any] = {
            "conversation": row,
            "messages": _messages(db, conversation, 0),
            "notes": notes.of_conversation(db, conversation),
            "replies": replies.for_agent(db, agent.id),
            "mine": row.owner == AGENT and row.agent_id == agent.id,
            "counter": _counter(row.channel, row.owner, row.agent_id, agent),
        }
    return page(
        request,
        "conversation.html",
        agent,
        status,
        summary=told,
        dossiers=dossier_views.panel(desk, agent, conversation),
        queue=queue_of(desk, agent.id),
        current=conversation,
        colleagues=work.reachable(desk, agent),
        channels=CHANNELS,
        problem=problem,
        draft=draft,
        code=code,
        **context,
    )


async def _left(
    request: Request, desk: Desk, agent: Agent, conversation: str, act: Awaitable[None]
) -> Response:
    """Do what ends the agent's part of a conversation: the queue comes next."""
    try:
        await act
    except TakenError:
        return await _refused(request, desk, agent, conversation, NOT_YOURS)
    except work.UnknownAgentError:
        return await _refused(request, desk, agent, conversation, NO_ONE)
    return redirect("/desk")


async def _refused(
    request: Request,
    desk: Desk,
    agent: Agent,
    conversation: str,
    problem: str,
    status: int = 409,
    draft: str = "",
) -> Response:
    """The page as it now is, with what went wrong and what was being written."""

    def render() -> Response:
        if SCRIPT in request.headers:
            return page(request, "_problem.html", agent, status, problem=problem)
        return _page(request, desk, agent, conversation, status, problem, draft)

    return await run_in_threadpool(render)


def _must_exist(desk: Desk, conversation: str) -> None:
    with Session(desk.database) as db:
        existing(db, conversation)


def _messages(db: Session, conversation: str, after: int) -> list[StoredMessage]:
    query = select(StoredMessage).where(
        StoredMessage.conversation_id == conversation, StoredMessage.seq > after
    )
    return list(db.scalars(query.order_by(StoredMessage.seq)))


def _counter(channel: str, owner: str, agent_id: str | None, agent: Agent) -> bool:
    """Whether this agent asks the guide here, for someone who is there."""
    return channel == "desk" and owner != AGENT and agent_id == agent.id


def _back(request: Request, conversation: str) -> Response:
    if SCRIPT in request.headers:
        return Response(status_code=204)
    return redirect(f"/desk/conversations/{conversation}")
