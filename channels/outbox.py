"""What webhooks are to be told, written in the transaction of the change itself."""

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.models import Delivery, Webhook, now

EVENTS = (
    "conversation.queued",
    "conversation.taken",
    "conversation.released",
    "message.created",
    "dossier.state",
)


def publish(db: Session, event: str, data: dict[str, Any]) -> None:
    """Tell the webhooks that want this event, once the transaction is committed.

    ``data`` names things by their ids: who is told reads the rest with their own token.
    """
    hooks = [hook for hook in db.scalars(select(Webhook)) if event in hook.events]
    if not hooks:
        return
    event_id, at = secrets.token_hex(16), now()
    body = {"id": event_id, "event": event, "at": f"{at.isoformat(timespec='seconds')}Z"}
    for hook in hooks:
        db.add(
            Delivery(
                webhook_id=hook.id, event_id=event_id, event=event, body={**body, "data": data}
            )
        )
