"""Sessions of the browsers signed in at the desk: kept by the hash of their cookie."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request, Response
from sqlalchemy import Engine as Database
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from channels.desk.accounts import Agent, agent_of
from channels.desk.models import AgentRow, SessionRow
from channels.models import now

# Between the password and the end of signing in.
STEP_TIME = timedelta(minutes=10)


@dataclass(frozen=True)
class Opened:
    """A session that holds: whose, and what is still to do (totp, password; open: nothing)."""

    agent: Agent
    stage: str
    hash: str


class Sessions:
    """The sessions kept in a database; ``idle`` and ``most`` are how long they last."""

    def __init__(self, database: Database, idle: timedelta, most: timedelta) -> None:
        self._database = database
        self._idle = idle
        self._most = most

    def open(self, agent_id: str, stage: str, instead_of: str | None = None) -> str:
        """A new session, never one that the browser had before; its cookie."""
        cookie = secrets.token_urlsafe(32)
        with Session(self._database) as db, db.begin():
            moment = now()
            db.execute(delete(SessionRow).where(SessionRow.created_at < moment - self._most))
            if instead_of is not None:
                db.execute(delete(SessionRow).where(SessionRow.id_hash == hashed(instead_of)))
            db.add(SessionRow(id_hash=hashed(cookie), agent_id=agent_id, stage=stage))
        return cookie

    def find(self, cookie: str, *, alive: bool = True) -> Opened | None:
        """The session of a cookie; ``alive``: someone acts, the time-out starts again."""
        key = hashed(cookie)
        query = (
            select(SessionRow, AgentRow)
            .join(AgentRow, AgentRow.id == SessionRow.agent_id)
            .where(SessionRow.id_hash == key)
        )
        with Session(self._database) as db:
            found = db.execute(query).first()
            if found is None:
                return None
            session, agent = found
            if agent.disabled or self._over(session):
                self.close(cookie)
                return None
            opened = Opened(agent_of(agent), session.stage, key)
            stale = now() - session.seen_at > timedelta(seconds=20)
        if alive and stale:
            with Session(self._database) as db, db.begin():
                held = update(SessionRow).where(SessionRow.id_hash == key)
                db.execute(held.values(seen_at=now()))
        return opened

    def close(self, cookie: str) -> None:
        with Session(self._database) as db, db.begin():
            db.execute(delete(SessionRow).where(SessionRow.id_hash == hashed(cookie)))

    def close_all(self, agent_id: str) -> None:
        with Session(self._database) as db, db.begin():
            db.execute(delete(SessionRow).where(SessionRow.agent_id == agent_id))

    def _over(self, session: SessionRow) -> bool:
        moment = now()
        most = self._most if session.stage == "open" else STEP_TIME
        return moment - session.seen_at > self._idle or moment - session.created_at > most


def hashed(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def cookie_name(request: Request) -> str:
    """Over TLS the name itself tells browsers that no other host or path may set it."""
    return "__Host-repere-desk" if request.url.scheme == "https" else "repere-desk"


def set_cookie(request: Request, response: Response, value: str) -> None:
    response.set_cookie(
        cookie_name(request),
        value,
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
        path="/",
    )


def drop_cookie(request: Request, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request), secure=request.url.scheme == "https", httponly=True, path="/"
    )
