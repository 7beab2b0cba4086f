"""Every route of the desk against everyone: who may not, can not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from http_desk import clients_of

from channels.desk import api_tokens
from channels.desk.accounts import Agent
from channels.desk.app import ROUTERS
from repere.app import create_app
from repere.client import Conversation
from repere.running import Running
from repere.settings import Settings

LOGINS = {"agent": "agnes", "supervisor": "sonia", "editor": "emma", "administrator": "alix"}
ROLES = frozenset(LOGINS)
# Reached before one is wholly signed in.
OPEN = frozenset({"/desk/sign-in", "/desk/code", "/desk/password", "/desk/sign-out"})
# Who may, said here apart from the code: the longest beginning counts.
ALLOWED: dict[str, frozenset[str]] = {
    "/desk": frozenset({"agent", "supervisor", "administrator"}),
    "/desk/home": ROLES,
    "/desk/account": ROLES,
    "/desk/sign-out-everywhere": ROLES,
    "/desk/team": frozenset({"supervisor", "administrator"}),
    "/desk/audit": frozenset({"administrator"}),
    "/desk/figures": frozenset({"supervisor", "editor", "administrator"}),
    "/desk/guide": frozenset({"editor", "administrator"}),
    "/desk/knowledge": ROLES,
    "/api/desk": frozenset({"agent", "supervisor", "administrator"}),
    "/api/desk/search": ROLES,
    "/api/desk/figures": frozenset({"supervisor", "editor", "administrator"}),
}


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    permissions: tuple[str, ...]

    @property
    def address(self) -> str:
        """The path with ids that nothing has."""
        path = re.sub(r"\{(number)\}", "RP-0000-0000", self.path)
        path = re.sub(r"\{(conversation)\}", "0" * 32, path)
        return re.sub(r"\{[^}]+\}", "1", path)

    @property
    def allowed(self) -> frozenset[str]:
        """By the path up to its first id: the longest beginning of the table."""
        known = [p for p in ALLOWED if self.path == p or self.path.startswith((f"{p}/", f"{p}."))]
        return ALLOWED[max(known, key=len)]


def routes() -> list[Route]:
    return [
        Route(method, route.path, tuple(_permissions(route.dependant)))
        for router in ROUTERS
        for route in _flat(router.routes)
        for method in sorted(route.methods)
    ]


def _flat(found: list[Any]) -> Iterator[APIRoute]:
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _flat(route.original_router.routes)


def _permissions(dependant: Any) -> Iterator[str]:
    for inner in dependant.dependencies:
        named = getattr(inner.call, "permission", None)
        if named is not None:
            yield named
        yield from _permissions(inner)


GUARDED = [route for route in routes() if route.path not in OPEN]
each_route = pytest.mark.parametrize("route", GUARDED, ids=lambda r: f"{r.method} {r.path}")


@pytest.fixture(scope="module")
def people(running: Running, team: dict[str, Agent]) -> Iterator[dict[str, httpx.Client]]:
    """Someone of each role, signed in; and nobody."""
    with clients_of(running) as made:
        yield {role: made.signed_in(login) for role, login in LOGINS.items()} | {
            "nobody": made.visitor()
        }


def test_the_desk_serves_nothing_besides_these_routers(tmp_path: Any) -> None:
    app = create_app(Settings(var=tmp_path), "http://127.0.0.1:9")
    served = [route for route in app.routes if not hasattr(route, "original_router")]
    strays = [getattr(r, "path", "") for r in served if "desk" in getattr(r, "path", "")]
    assert strays == ["/desk/static"]


def test_every_route_asks_for_a_permission() -> None:
    assert len(GUARDED) > 40
    assert [route for route in GUARDED if not route.permissions] == []


@each_route
def test_nobody_signed_in(route: Route, people: dict[str, httpx.Client]) -> None:
    answer = people["nobody"].request(route.method, route.address)
    if route.path.startswith("/api/"):
        assert answer.status_code == 401
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/desk/sign-in")


def test_a_citizens_token_opens_nothing(conversation: Conversation) -> None:
    for route in GUARDED:
        answer = conversation.http.request(
            route.method, route.address, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code in (303, 401), (route, answer.status_code)


@each_route
def test_who_may_not_is_refused(route: Route, people: dict[str, httpx.Client]) -> None:
    for role in ROLES - route.allowed:
        answer = people[role].request(route.method, route.address)
        assert answer.status_code == 403, (role, answer.status_code)


@each_route
def test_who_may_is_not_refused(route: Route, people: dict[str, httpx.Client]) -> None:
    if route.method != "GET" or route.path.endswith(("/events", "/home")):
        return  # what changes something is tried by its own tests
    for role in route.allowed:
        answer = people[role].get(route.address)
        assert answer.status_code in (200, 404, 422), (role, answer.status_code)


def test_a_token_does_no_more_than_its_scopes(
    running: Running, team: dict[str, Agent], invented: Any
) -> None:
    agent, alix = team["agnes"], team["alix"]
    reading = api_tokens.make(invented.database, agent.id, "lecture", ["read_knowledge"], 1)
    answering = api_tokens.make(invented.database, agent.id, "réponses", ["answer"], 1)
    beyond = api_tokens.make(invented.database, agent.id, "chiffres", ["figures"], 1)

    def get(path: str, token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(f"{running.url}{path}", headers=headers, timeout=30).status_code

    assert get("/api/desk/search?q=cession", reading) == 200
    assert get("/api/desk/queue", reading) == 403
    assert get("/api/desk/queue", answering) == 200
    assert get("/api/desk/search?q=cession", answering) == 403
    # A scope that the agent's own role does not have opens nothing.
    assert get("/api/desk/queue", beyond) == 403
    # A token is for the API alone.
    everything = api_tokens.make(invented.database, alix.id, "tout", ["answer"], 1)
    assert get("/desk", everything) == 303
    assert get("/api/desk/queue", "rpd_unknown") == 401
    tokens = api_tokens.of_agent(invented.database, agent.id)
    token_id = next(token.id for token in tokens if token.name == "réponses")
    api_tokens.revoke(invented.database, agent.id, token_id)
    assert get("/api/desk/queue", answering) == 401
