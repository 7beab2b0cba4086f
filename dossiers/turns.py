"""What turns of conversation did to dossiers, so that a turn played again does nothing again.

A process may die, or be given up, between a turn's effect and its reply: the person then sends the
same message again. Its effect and its outcome are therefore kept in one transaction, and a turn
that has an outcome is not played a second time. The last outcome also tells where the conversation
stands, whatever the engine remembers.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from dossiers.ledger import Ledger
from dossiers.model import TurnRow

KEPT_TURNS = 10

Outcome = dict[str, Any]


@dataclass(frozen=True)
class Turns:
    """The outcomes of the last turns of each conversation, encrypted as answers are."""

    ledger: Ledger

    @contextmanager
    def whole(self, conversation: str) -> Iterator[None]:
        """What a turn changes is kept with its outcome, or not at all."""
        mine = TurnRow.conversation_id == conversation
        last = select(TurnRow.id).where(mine).order_by(TurnRow.id.desc()).limit(KEPT_TURNS)
        old = delete(TurnRow).where(mine, TurnRow.id.not_in(last))
        with self.ledger.together(old):
            yield

    def outcome(self, conversation: str, turn: int | None) -> Outcome | None:
        """The outcome of a turn that was played already."""
        return self._one(conversation, TurnRow.turn == turn) if turn is not None else None

    def latest(self, conversation: str) -> Outcome | None:
        """The outcome of the last turn that concerned a dossier."""
        return self._one(conversation)

    def keep(self, conversation: str, turn: int | None, dossier_id: str, outcome: Outcome) -> None:
        with self.ledger.session() as db:
            row = TurnRow(
                conversation_id=conversation,
                turn=turn,
                dossier_id=dossier_id,
                outcome=self.ledger.vault.close(json.dumps(outcome, ensure_ascii=False)),
                at=self.ledger.clock(),
            )
            db.add(row)

    def forget(self, conversation: str) -> None:
        """Erase what is kept of a conversation's turns."""
        with self.ledger.session() as db:
            db.execute(delete(TurnRow).where(TurnRow.conversation_id == conversation))

    def _one(self, conversation: str, *which: ColumnElement[bool]) -> Outcome | None:
        query = select(TurnRow).where(TurnRow.conversation_id == conversation, *which)
        with self.ledger.session() as db:
            row = db.scalar(query.order_by(TurnRow.id.desc()).limit(1))
            return None if row is None else dict(json.loads(self.ledger.vault.open(row.outcome)))
