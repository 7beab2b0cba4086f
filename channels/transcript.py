"""The messages of a conversation in the database, added under its lock."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.messages import Message
from channels.models import Conversation, StoredMessage, now


class UnknownConversationError(Exception):
    """There is no such conversation (or it was erased)."""


def existing(db: Session, conversation: str) -> Conversation:
    """The conversation. Raises UnknownConversationError."""
    row = db.get(Conversation, conversation)
    if row is None:
        raise UnknownConversationError(conversation)
    return row


def locked(db: Session, conversation: str) -> Conversation:
    """The conversation as it now is, which no one else changes before this transaction ends.

    It must be the transaction's first statement. Raises UnknownConversationError.
    """
    held = update(Conversation).where(Conversation.id == conversation)
    db.execute(
        held.values(last_seq=Conversation.last_seq), execution_options={"synchronize_session": None}
    )
    row = db.get(Conversation, conversation, populate_existing=True)
    if row is None:
        raise UnknownConversationError(conversation)
    return row


def with_client_id(db: Session, conversation: str, client_id: str | None) -> StoredMessage | None:
    """The message that was stored under the id that its sender gave it, if it came already."""
    if client_id is None:
        return None
    return db.scalar(
        select(StoredMessage).where(
            StoredMessage.conversation_id == conversation, StoredMessage.client_id == client_id
        )
    )


def add(
    db: Session, row: Conversation, author: str, said: Message, reply_to: int | None = None
) -> StoredMessage:
    """Add a message at the end of a conversation that is locked (or new)."""
    row.last_seq += 1
    message = StoredMessage(
        conversation_id=row.id,
        seq=row.last_seq,
        author=author,
        text=said.text,
        card=said.stored_card(),
        reply_to=reply_to,
        at=now(),
    )
    db.add(message)
    db.flush()
    return message
