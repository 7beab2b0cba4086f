"""Tokens of the desk's API: each acts as its agent, within its scopes; only its hash is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine as Database
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from channels.desk.accounts import AccountError, Agent, agent_of
from channels.desk.models import AgentRow, TokenRow
from channels.desk.roles import SCOPES
from channels.models import now

PREFIX = "rpd_"
USE_NOTED_EVERY = timedelta(minutes=1)


def make(
    database: Database, agent_id: str, name: str, scopes: Sequence[str], days: int | None
) -> str:
    """A new token, told once. Raises AccountError."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise AccountError(f"Les portées possibles : {', '.join(SCOPES)}.")
    token = PREFIX + secrets.token_urlsafe(32)
    row = TokenRow(
        id=secrets.token_hex(4),
        agent_id=agent_id,
        name=name[:80],
        hash=_hashed(token),
        scopes=list(scopes),
        expires_at=None if days is None else now() + timedelta(days=days),
    )
    with Session(database) as db, db.begin():
        db.add(row)
    return token


def of_agent(database: Database, agent_id: str) -> list[TokenRow]:
    with Session(database) as db:
        query = select(TokenRow).where(TokenRow.agent_id == agent_id)
        return list(db.scalars(query.order_by(TokenRow.created_at)))


def revoke(database: Database, agent_id: str, token_id: str) -> None:
    """Raises AccountError."""
    with Session(database) as db, db.begin():
        erased = db.execute(
            delete(TokenRow)
            .where(TokenRow.agent_id == agent_id, TokenRow.id == token_id)
            .returning(TokenRow.id)
        ).first()
    if erased is None:
        raise AccountError(f"Ce compte n'a pas de jeton « {token_id} ».")


def agent_with(database: Database, token: str) -> Agent | None:
    """The agent for whom a token acts, with the permissions that both have; None if it is void."""
    query = (
        select(TokenRow, AgentRow)
        .join(AgentRow, AgentRow.id == TokenRow.agent_id)
        .where(TokenRow.hash == _hashed(token))
    )
    with Session(database) as db, db.begin():
        found = db.execute(query).first()
        if found is None:
            return None
        row, owner = found
        moment = now()
        if owner.disabled or owner.must_change or (row.expires_at and row.expires_at < moment):
            return None
        if row.used_at is None or moment - row.used_at > USE_NOTED_EVERY:
            row.used_at = moment
        agent = agent_of(owner)
        return replace(agent, permissions=agent.permissions & frozenset(row.scopes))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
