"""Webhooks: telling other systems of events, signed, again and again until they have heard.

An event keeps its id however often it is sent, so that it can be told apart from a new one.
"""

import asyncio
import hashlib
import hmac
import ipaddress
import json
import secrets
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx
import structlog
from sqlalchemy import Engine as Database
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from channels.models import Delivery, Webhook, now
from channels.outbox import EVENTS
from dossiers.vault import UnreadableError, Vault

log = structlog.get_logger()

LOOK_SECONDS = 2.0
TIMEOUT_SECONDS = 8.0
AT_ONCE = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=6)
MOST_TRIES = 15  # about two days
# A delivery is this process's alone while it is being sent.
CLAIM = timedelta(seconds=60)
# What the Internet gives to machines; an address of 6to4 holds another, perhaps private.
_UNICAST = ipaddress.ip_network("2000::/3")
_TRANSLATED = ipaddress.ip_network("2002::/16")


class WebhookError(Exception):
    """The webhook cannot be made, or reached; ``reason`` is French."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# One address that cannot be called (a name that no host may have: ValueError), or one secret
# under a key that was changed, stops no other delivery.
_NOT_SENT = (
    httpx.HTTPError,
    httpx.InvalidURL,
    OSError,
    UnreadableError,
    ValueError,
    WebhookError,
)


@dataclass(frozen=True)
class _Due:
    id: int
    url: str
    secret: bytes
    event: str
    event_id: str
    body: dict[str, Any]
    tries: int


class Webhooks:
    """The webhooks kept in a database. ``local``: they may reach this machine, in clear."""

    def __init__(self, database: Database, vault: Vault, *, local: bool) -> None:
        self._database = database
        self._vault = vault
        self._local = local

    def add(self, url: str, events: Sequence[str]) -> tuple[str, str]:
        """A new webhook: its id, and the secret that signs, told once. Raises WebhookError."""
        unknown = [event for event in events if event not in EVENTS]
        if unknown:
            raise WebhookError(f"Les événements possibles : {', '.join(EVENTS)}.")
        self._checked(url)
        secret = secrets.token_urlsafe(32)
        row = Webhook(
            id=secrets.token_hex(4),
            url=url,
            secret=self._vault.close(secret),
            events=list(events) or list(EVENTS),
        )
        with Session(self._database, expire_on_commit=False) as db, db.begin():
            db.add(row)
        return row.id, secret

    def all(self) -> list[Webhook]:
        with Session(self._database) as db:
            return list(db.scalars(select(Webhook).order_by(Webhook.created_at)))

    def remove(self, webhook_id: str) -> None:
        """Raises WebhookError."""
        with Session(self._database) as db, db.begin():
            gone = delete(Webhook).where(Webhook.id == webhook_id).returning(Webhook.id)
            if db.execute(gone).first() is None:
                raise WebhookError(f"Aucun webhook n'a l'identifiant « {webhook_id} ».")

    async def send_for_ever(self) -> None:
        """Send what is due, for as long as the application runs."""
        while True:
            try:
                sent = await self.send_due()
            except SQLAlchemyError as error:  # the next look tries again
                log.warning("webhooks_failed", error=type(error).__name__)
                sent = 0
            if sent < AT_ONCE:
                await asyncio.sleep(LOOK_SECONDS)

    async def send_due(self) -> int:
        """Send what is due now, some at once; how many were tried."""
        due = await run_in_threadpool(self._claim)
        await asyncio.gather(*(self._send(one) for one in due))
        return len(due)

    def _claim(self) -> list[_Due]:
        moment, claimed = now(), []
        query = select(Delivery.id).where(Delivery.next_at <= moment).order_by(Delivery.id)
        with Session(self._database) as db:
            ids = list(db.scalars(query.limit(AT_ONCE)))
        for delivery_id in ids:
            with Session(self._database) as db, db.begin():
                mine = db.execute(
                    update(Delivery)
                    .where(Delivery.id == delivery_id, Delivery.next_at <= moment)
                    .values(next_at=moment + CLAIM, tries=Delivery.tries + 1)
                    .returning(Delivery.id)
                ).first()
                row = db.get(Delivery, delivery_id) if mine else None
                hook = db.get(Webhook, row.webhook_id) if row else None
                if row and hook:
                    claimed.append(
                        _Due(
                            row.id,
                            hook.url,
                            hook.secret,
                            row.event,
                            row.event_id,
                            row.body,
                            row.tries,
                        )
                    )
        return claimed

    async def _send(self, due: _Due) -> None:
        error = await self._post(due)
        await run_in_threadpool(self._settle, due, error)

    async def _post(self, due: _Due) -> str:
        """Send one delivery; what went wrong, empty when it was heard."""
        body = json.dumps(due.body, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            signed = signature(self._vault.open(due.secret), int(time.time()), body)
            headers = {
                "Content-Type": "application/json",
                "Repere-Event": due.event,
                "Repere-Event-Id": due.event_id,
                "Repere-Signature": signed,
            }
            address, target = await run_in_threadpool(self._resolved, due.url)
            headers["Host"] = target.netloc
            port = f":{target.port}" if target.port else ""
            host = f"[{address}]" if ":" in address else address
            url = target._replace(netloc=f"{host}{port}").geturl()
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
                answer = await client.post(
                    url,
                    content=body,
                    headers=headers,
                    extensions={"sni_hostname": target.hostname},
                )
        except _NOT_SENT as error:
            return type(error).__name__
        return "" if answer.is_success else f"HTTP {answer.status_code}"

    def _settle(self, due: _Due, error: str) -> None:
        with Session(self._database) as db, db.begin():
            of_delivery = Delivery.id == due.id
            if not error:
                db.execute(delete(Delivery).where(of_delivery))
                return
            log.warning("webhook_not_heard", event_id=due.event_id, tries=due.tries, error=error)
            if due.tries >= MOST_TRIES:
                db.execute(delete(Delivery).where(of_delivery))
                return
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (due.tries - 1))
            again = update(Delivery).where(of_delivery)
            db.execute(again.values(next_at=now() + wait, error=error))

    def _checked(self, url: str) -> SplitResult:
        """The address in its parts. Raises WebhookError when it may not be called."""
        try:
            target = urlsplit(url)
            host, _ = target.hostname, target.port
        except ValueError as error:
            raise WebhookError("Cette adresse n'est pas correcte.") from error
        if not host or target.username or len(url) > 500 or not url.isprintable():
            raise WebhookError("Cette adresse n'est pas correcte.")
        if target.scheme != "https" and not (self._local and target.scheme == "http"):
            raise WebhookError("L'adresse commence par https://")
        return target

    def _resolved(self, url: str) -> tuple[str, SplitResult]:
        """The address to call, looked up once and called as it is: no private network."""
        target = self._checked(url)
        port = target.port or (443 if target.scheme == "https" else 80)
        found = socket.getaddrinfo(target.hostname, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(entry[4][0])) for entry in found]
        if not self._local and not all(_is_public(address) for address in addresses):
            raise WebhookError("Cette adresse est celle d'un réseau privé.")
        if target.scheme == "http" and not all(address.is_loopback for address in addresses):
            raise WebhookError("Sans https, seule cette machine peut être appelée.")
        return str(addresses[0]), target


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one machine of the public network, behind no translation."""
    if address.is_multicast or not address.is_global:
        return False
    return address.version == 4 or (address in _UNICAST and address not in _TRANSLATED)


def signature(secret: str, moment: int, body: bytes) -> str:
    """What proves that the body comes from here, and when: HMAC-SHA256 of ``moment.body``."""
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={signed.hexdigest()}"
