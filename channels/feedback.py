"""What people think of the guide's messages: useful or not, and why."""

from sqlalchemy import Engine as Database
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from channels.incoming import RefusedMessageError, clean_text
from channels.models import Feedback, StoredMessage, now
from channels.transcript import existing


class Feedbacks:
    """One opinion for each of the guide's messages: the last word counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, conversation: str, seq: int, useful: bool, reason: str | None) -> None:
        """Keep an opinion. Raises UnknownConversationError, RefusedMessageError."""
        said = clean_text(reason) if reason and reason.strip() else None
        await run_in_threadpool(self._give, conversation, seq, useful, said)

    def _give(self, conversation: str, seq: int, useful: bool, reason: str | None) -> None:
        values = {"useful": useful, "reason": reason, "at": now()}
        known = (Feedback.conversation_id == conversation, Feedback.seq == seq)
        with Session(self._database) as db, db.begin():
            _of_the_guide(db, conversation, seq)
            if db.execute(update(Feedback).where(*known).values(values)).rowcount:  # type: ignore[attr-defined]
                return
            try:
                with db.begin_nested():
                    own = {"conversation_id": conversation, "seq": seq}
                    db.execute(insert(Feedback).values(own | values))
            except IntegrityError:  # given twice at once
                db.execute(update(Feedback).where(*known).values(values))


def _of_the_guide(db: Session, conversation: str, seq: int) -> None:
    existing(db, conversation)
    author = db.scalar(
        select(StoredMessage.author).where(
            StoredMessage.conversation_id == conversation, StoredMessage.seq == seq
        )
    )
    if author is None:
        raise RefusedMessageError("Ce message n'existe pas dans cette conversation.")
    if author != "bot":
        raise RefusedMessageError("Un avis ne peut être donné que sur une réponse du guide.")
