"""Signing in and out: login and password, one-time code, forced change of password."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy.orm import Session

from channels.desk import audit, presence
from channels.desk.access import OwnPage, SignInNeededError, require, session_of
from channels.desk.accounts import (
    AccountError,
    Agent,
    LockedError,
    RefusedSignInError,
)
from channels.desk.context import Desk, TheDesk
from channels.desk.rendering import home_of, page, redirect
from channels.desk.sessions import Opened, cookie_name, drop_cookie, set_cookie

REFUSED = "Identifiant ou mot de passe incorrect."
REFUSED_CODE = "Ce code n'est pas le bon, ou il a déjà servi. Attendez le suivant."
LOCKED = "Trop d'essais. Attendez un quart d'heure, puis réessayez."

Text = Annotated[str, Form(max_length=300)]
Next = Annotated[str, Form(max_length=300)]

router = APIRouter(prefix="/desk", include_in_schema=False, dependencies=[OwnPage])


class _Nobody:
    id = None
    name = "inconnu"


@router.get("/sign-in")
def show_sign_in(
    request: Request, desk: TheDesk, next: Annotated[str, Query(max_length=300)] = ""
) -> Response:
    """The sign-in form; whoever is signed in goes on."""
    session = session_of(request, desk)
    if session and session.stage == "open":
        return redirect(_safe(next) or home_of(session.agent))
    return page(request, "sign_in.html", login="", problem="", next=_safe(next))


@router.post("/sign-in")
def sign_in(
    request: Request, desk: TheDesk, login: Text = "", password: Text = "", next: Next = ""
) -> Response:
    """Check the login and its password; a new session in place of any there was."""
    address = request.client.host if request.client else ""
    try:
        signed = desk.accounts.sign_in(login, password, address)
    except RefusedSignInError:
        audit.record(desk.database, _Nobody(), "session.refused")
        return page(
            request, "sign_in.html", status=403, login=login, problem=REFUSED, next=_safe(next)
        )
    except LockedError:
        audit.record(desk.database, _Nobody(), "session.locked")
        return page(
            request, "sign_in.html", status=429, login=login, problem=LOCKED, next=_safe(next)
        )
    return _opened(request, desk, signed.agent, signed.stage, _safe(next))


@router.get("/code")
def show_code(request: Request, desk: TheDesk) -> Response:
    """The form of the one-time code."""
    _at_stage(request, desk, "totp")
    return page(request, "code.html", problem="")


@router.post("/code")
def check_code(request: Request, desk: TheDesk, code: Text = "") -> Response:
    """Check the one-time code, and go on."""
    session = _at_stage(request, desk, "totp")
    try:
        stage = desk.accounts.check_code(session.agent.id, code)
    except RefusedSignInError:
        audit.record(desk.database, session.agent, "session.refused")
        return page(request, "code.html", status=403, problem=REFUSED_CODE)
    except LockedError:
        audit.record(desk.database, session.agent, "session.locked")
        desk.sessions.close(request.cookies[cookie_name(request)])
        return page(request, "sign_in.html", status=429, login="", problem=LOCKED, next="")
    return _opened(request, desk, session.agent, stage)


@router.get("/password")
def show_password(request: Request, desk: TheDesk) -> Response:
    """The form that changes one's password, forced when it is a temporary one."""
    session = _at_stage(request, desk, "password", "open")
    return _password_page(request, session)


@router.post("/password")
def change_password(
    request: Request, desk: TheDesk, old: Text = "", new: Text = "", again: Text = ""
) -> Response:
    """Change one's password: every session ends but this browser's, which gets a new one."""
    session = _at_stage(request, desk, "password", "open")
    if new != again:
        return _password_page(request, session, "Les deux saisies ne sont pas les mêmes.", 422)
    try:
        desk.accounts.change_password(session.agent.id, old, new)
    except AccountError as error:
        return _password_page(request, session, error.reason, 422)
    except LockedError:
        return _password_page(request, session, LOCKED, 429)
    audit.record(desk.database, session.agent, "password.changed")
    return _opened(request, desk, session.agent, "open")


@router.get("/home")
def home(agent: Annotated[Agent, require("signed_in")]) -> Response:
    """The first page of the agent's own sections."""
    return redirect(home_of(agent))


@router.post("/sign-out")
def sign_out(request: Request, desk: TheDesk) -> Response:
    """End this session."""
    session = session_of(request, desk)
    if session is not None:
        desk.sessions.close(request.cookies[cookie_name(request)])
        _leave(desk, session.agent, "session.closed")
    return _signed_out(request)


@router.post("/sign-out-everywhere")
def sign_out_everywhere(
    request: Request, desk: TheDesk, agent: Annotated[Agent, require("signed_in")]
) -> Response:
    """End every session of the agent, on every machine."""
    desk.sessions.close_all(agent.id)
    _leave(desk, agent, "session.closed_all")
    return _signed_out(request)


def _opened(
    request: Request, desk: Desk, agent: Agent, stage: str, next_page: str = ""
) -> Response:
    cookie = desk.sessions.open(agent.id, stage, request.cookies.get(cookie_name(request)))
    steps = {"totp": "/desk/code", "password": "/desk/password"}
    response = redirect(steps.get(stage) or next_page or home_of(agent))
    set_cookie(request, response, cookie)
    if stage == "open":
        audit.record(desk.database, agent, "session.opened")
    return response


def _leave(desk: Desk, agent: Agent, action: str) -> None:
    with Session(desk.database) as db, db.begin():
        presence.set_available(db, agent.id, False)
        audit.record(db, agent, action)


def _signed_out(request: Request) -> Response:
    response = redirect("/desk/sign-in")
    drop_cookie(request, response)
    return response


def _at_stage(request: Request, desk: Desk, *stages: str) -> Opened:
    session = session_of(request, desk)
    if session is None:
        raise SignInNeededError
    if session.stage not in stages:
        raise SignInNeededError(session.stage)
    return session


def _password_page(
    request: Request, session: Opened, problem: str = "", status: int = 200
) -> Response:
    agent = session.agent if session.stage == "open" else None
    return page(
        request,
        "password.html",
        agent,
        status,
        problem=problem,
        forced=session.stage == "password",
        login=session.agent.login,
    )


def _safe(path: str) -> str:
    """A page of the desk to go on with, or nothing: never another site."""
    inside = path.startswith("/desk") and "\\" not in path and "//" not in path
    return path if inside and path.isprintable() else ""
