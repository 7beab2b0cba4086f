"""The queue's page: who waits, live; the agent's presence; a conversation at the counter."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from channels.desk import audit, presence, work
from channels.desk.access import OwnPage, require, still_signed_in
from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.news import news
from channels.desk.queue import queue_of
from channels.desk.rendering import page, redirect
from channels.desk.summary import CHANNELS

router = APIRouter(prefix="/desk", include_in_schema=False, dependencies=[OwnPage])
CanAnswer = Annotated[Agent, require("answer")]


@router.get("")
def show(request: Request, desk: TheDesk, agent: CanAnswer) -> Response:
    """The whole page."""
    with Session(desk.database) as db, db.begin():
        presence.seen(db, agent.id)
        audit.record(db, agent, "queue.read")
    return _page(request, desk, agent, "queue.html")


@router.get("/queue")
def lists(request: Request, desk: TheDesk, agent: CanAnswer) -> Response:
    """The lists alone, for the page to put in place of those it shows."""
    return _page(request, desk, agent, "_queue_lists.html")


@router.get("/queue/mine")
def mine(request: Request, desk: TheDesk, agent: CanAnswer, current: str = "") -> Response:
    """The short list beside a conversation."""
    return _page(request, desk, agent, "_queue_side.html", current=current)


@router.get("/events", response_class=EventSourceResponse)
async def events(
    request: Request, desk: TheDesk, agent: CanAnswer
) -> AsyncIterator[ServerSentEvent]:
    """What changes in the queue, for every page of the desk; it also says that a page is open."""
    async with aclosing(news(desk, agent.id, still_signed_in(request, desk))) as told:
        async for event in told:
            yield event


@router.post("/presence")
def set_presence(
    request: Request,
    desk: TheDesk,
    agent: CanAnswer,
    available: Annotated[bool, Form()] = False,
) -> Response:
    """Take conversations, or no longer."""
    with Session(desk.database) as db, db.begin():
        presence.set_available(db, agent.id, available)
        audit.record(db, agent, "presence.changed", detail={"disponible": available})
    return redirect("/desk")


@router.post("/counter")
async def open_counter(desk: TheDesk, agent: CanAnswer) -> Response:
    """Open a blank conversation for someone who is there, or on the telephone."""
    return redirect(f"/desk/conversations/{await work.open_counter(desk, agent)}")


def _page(request: Request, desk: Desk, agent: Agent, template: str, **more: Any) -> Response:
    queue = queue_of(desk, agent.id)
    return page(request, template, agent, queue=queue, channels=CHANNELS, **more)
