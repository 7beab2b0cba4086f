"""A tracker store whose cost does not grow with the conversation.

Rasa replays a conversation's whole history at every turn. The gateway keeps the history; the
engine only needs the slots and the last few turns, kept here in one row.
"""

import json
import sqlite3
import time
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_TURNS = 6


class BoundedTrackerStore(TrackerStore):
    """One SQLite row a conversation: its state, then the events of its last turns."""

    def __init__(
        self,
        domain: Optional[Domain],
        event_broker: Optional[EventBroker] = None,
        path: str = "",
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS tracker"
            " (conversation TEXT PRIMARY KEY, events TEXT NOT NULL, saved_at REAL NOT NULL)"
        )

    async def save(self, tracker: DialogueStateTracker) -> None:
        kept = [_harmless(event.as_dict()) for event in _bounded(tracker)]
        self._db.execute(
            "INSERT INTO tracker VALUES (?, ?, ?) ON CONFLICT (conversation)"
            " DO UPDATE SET events = excluded.events, saved_at = excluded.saved_at",
            (tracker.sender_id, json.dumps(kept), time.time()),
        )

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        row = self._db.execute(
            "SELECT events FROM tracker WHERE conversation = ?", (sender_id,)
        ).fetchone()
        if row is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(row[0]), self.domain.slots)

    async def keys(self) -> Iterable[str]:
        return [row[0] for row in self._db.execute("SELECT conversation FROM tracker")]

    def forget(self, sender_id: str) -> None:
        """Erase all that is kept of a conversation."""
        self._db.execute("DELETE FROM tracker WHERE conversation = ?", (sender_id,))


def _harmless(event: Dict[str, Any]) -> Dict[str, Any]:
    """An event without the resume code that a message gave: it is told once, and kept nowhere."""
    told = event.get("metadata")
    if isinstance(told, dict) and "secret" in told:
        event["metadata"] = {name: value for name, value in told.items() if name != "secret"}
    return event


def _bounded(tracker: DialogueStateTracker) -> List[Event]:
    """The tracker's events when few; else its state as events, then its last turns."""
    events = list(tracker.events)
    turns = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= 2 * KEPT_TURNS:
        return events
    cut = turns[-KEPT_TURNS]
    before = DialogueStateTracker.from_events(
        tracker.sender_id, events[:cut], tracker.slots.values()
    )
    head: List[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    head += [
        SlotSet(name, slot.value)
        for name, slot in before.slots.items()
        if slot.value != slot.initial_value
    ]
    head.append(ActionExecuted(ACTION_LISTEN_NAME))
    return head + events[cut:]
