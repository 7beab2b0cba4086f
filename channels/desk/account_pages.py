"""One's own account: one-time codes, replies kept at hand; the team, for supervisors."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from channels.desk import audit, replies
from channels.desk.access import OwnPage, require
from channels.desk.accounts import AccountError, Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.rendering import page, redirect
from channels.desk.roles import ROLE_NAMES
from channels.ownership import EmptyTextError

router = APIRouter(prefix="/desk", include_in_schema=False, dependencies=[OwnPage])
SignedIn = Annotated[Agent, require("signed_in")]
CanAnswer = Annotated[Agent, require("answer")]
Text = Annotated[str, Form(max_length=20_000)]


@router.get("/account")
def show(request: Request, desk: TheDesk, agent: SignedIn) -> Response:
    """The account's page."""
    return _account(request, desk, agent)


@router.post("/account/totp")
def begin_totp(request: Request, desk: TheDesk, agent: SignedIn) -> Response:
    """A new secret for one-time codes, shown once, to be proved by a first code."""
    secret, address = desk.accounts.new_totp(agent.id)
    return _totp(request, agent, secret, address)


@router.post("/account/totp/confirm")
def confirm_totp(
    request: Request,
    desk: TheDesk,
    agent: SignedIn,
    secret: Annotated[str, Form(pattern=r"^[A-Z2-7]{32}$")],
    code: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Keep the secret, once a code made with it proves that the telephone has it."""
    try:
        desk.accounts.enable_totp(agent.id, secret, code)
    except AccountError as error:
        address = desk.accounts.totp_address(agent.login, secret)
        return _totp(request, agent, secret, address, error.reason)
    audit.record(desk.database, agent, "totp.enabled")
    return _account(request, desk, agent, done="Le code à usage unique est activé.")


@router.post("/replies")
def add_reply(
    request: Request, desk: TheDesk, agent: CanAnswer, title: Text = "", text: Text = ""
) -> Response:
    """Keep a reply at hand."""
    try:
        with Session(desk.database) as db, db.begin():
            replies.add(db, agent.id, title, text)
            audit.record(db, agent, "reply.added")
    except EmptyTextError as error:
        return _account(request, desk, agent, problem=error.reason)
    return redirect("/desk/account#replies")


@router.post("/replies/{reply}/delete")
def remove_reply(desk: TheDesk, agent: CanAnswer, reply: int) -> Response:
    """Remove one of one's own replies."""
    with Session(desk.database) as db, db.begin():
        replies.remove(db, agent.id, reply)
        audit.record(db, agent, "reply.removed")
    return redirect("/desk/account#replies")


@router.get("/team")
def team(
    request: Request, desk: TheDesk, agent: Annotated[Agent, require("supervise")]
) -> Response:
    """Who works at the desk, and who is there."""
    audit.record(desk.database, agent, "team.read")
    return page(request, "team.html", agent, members=desk.accounts.all(), roles=ROLE_NAMES)


def _account(
    request: Request, desk: Desk, agent: Agent, problem: str = "", done: str = ""
) -> Response:
    row = desk.accounts.get(agent.id)
    with Session(desk.database) as db:
        kept = replies.for_agent(db, agent.id)
    return page(
        request,
        "account.html",
        agent,
        422 if problem else 200,
        has_code=bool(row and row.totp_secret),
        replies=[reply for reply in kept if reply.id is not None],
        problem=problem,
        done=done,
    )


def _totp(request: Request, agent: Agent, secret: str, address: str, problem: str = "") -> Response:
    drawn = segno.make(address, error="m").svg_inline(scale=4, light="#fff", dark="#000")
    status = 422 if problem else 200
    return page(request, "totp.html", agent, status, secret=secret, drawn=drawn, problem=problem)
