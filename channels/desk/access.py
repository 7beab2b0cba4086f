"""Who may reach a route of the desk: a signed-in agent whose role allows it, or their token.

A page's route:    def page(agent: Annotated[Agent, require("answer")], desk: TheDesk) …
Permissions and roles are the table of ``channels.desk.roles``.
"""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from channels.desk import api_tokens, audit
from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.roles import Permission
from channels.desk.sessions import Opened, cookie_name

API = "/api/desk"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Set by the pages' own scripts on what they fetch by themselves: nobody is acting.
AUTOMATIC = "x-repere-automatic"
EVENTS = "text/event-stream"

_bearer = HTTPBearer(auto_error=False, description="An agent's token (`repere user token`).")


class SignInNeededError(Exception):
    """Nobody is signed in, or not wholly; ``stage`` is what is still to do."""

    def __init__(self, stage: str = "") -> None:
        super().__init__(stage)
        self.stage = stage


class ForbiddenError(Exception):
    """The agent's role, or the token's scopes, do not allow this."""


class CrossSiteError(Exception):
    """The request was not made by a page of the desk itself."""


def require(permission: Permission) -> Any:
    """A dependency: the agent who makes the request, once sure that they may."""

    def check(
        request: Request,
        desk: TheDesk,
        token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Agent:
        agent = _who(request, desk, token)
        if not agent.may(permission):
            path = request.scope["route"].path
            audit.record(desk.database, agent, "access.refused", f"{request.method} {path}"[:80])
            raise ForbiddenError
        return agent

    check.permission = permission  # type: ignore[attr-defined]
    return Depends(check)


def session_of(request: Request, desk: Desk) -> Opened | None:
    """The session of the browser, whatever its stage."""
    cookie = request.cookies.get(cookie_name(request))
    if not cookie:
        return None
    automatic = AUTOMATIC in request.headers or request.headers.get("accept") == EVENTS
    return desk.sessions.find(cookie, alive=not automatic)


def still_signed_in(request: Request, desk: Desk) -> Callable[[], bool]:
    """Tells, as long as an answer lasts, whether the session that asked for it is open."""
    return lambda: session_of(request, desk) is not None


def from_own_page(request: Request) -> None:
    """Refuse what another site makes a browser send. Raises CrossSiteError."""
    if request.method in SAFE_METHODS:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        raise CrossSiteError
    if origin not in (None, "null"):
        if urlsplit(origin).netloc != request.headers.get("host"):
            raise CrossSiteError
    elif site is None:
        raise CrossSiteError


OwnPage = Depends(from_own_page)


def _who(request: Request, desk: Desk, token: HTTPAuthorizationCredentials | None) -> Agent:
    if token is not None and request.url.path.startswith(API):
        bearer = api_tokens.agent_with(desk.database, token.credentials)
        if bearer is None:
            raise SignInNeededError
        return bearer
    from_own_page(request)
    session = session_of(request, desk)
    if session is None:
        raise SignInNeededError
    if session.stage != "open":
        raise SignInNeededError(session.stage)
    return session.agent
