"""The state of a talk: one frozen value, saved with each turn by the application.

Nothing else remembers: Rasa's slots mirror a part of it for those who read stories, and losing
them loses nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self

from bot.questions.focus import Focus

# What the guide waits for besides the form's own questions.
Waiting = Literal["", "abandon", "line", "number", "status", "reply", "confirm"]


@dataclass(frozen=True)
class Undo:
    """The last thing done that can be taken back.

    ``what``: « values », « validate », « consent », « has », « file », « filed », « paid »,
    « abandon »; ``before`` the answers as they were (None: there was none).
    """

    what: str
    dossier: str
    before: Mapping[str, str | None] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True)
class Talk:
    """Where a conversation stands.

    ``dossier``: the one under way; ``doubt``: readings of a doubtful answer to ``doubted``;
    ``editing``: the field being corrected; ``waiting``: what was asked besides the form's
    questions; ``confirm``: a binding move waiting for a yes, with its argument; ``in_words``: one
    that the last message asked for in so many words; ``trail``: the fields answered, in order;
    ``misread``: unread answers in a row; ``explained``: the acts of explanation already given to
    the question asked; ``aside``: dossiers put aside; ``early``: values told before their
    question; ``later``: démarches or persons to come back to; ``undo``: what can be taken back.
    """

    focus: Focus = field(default_factory=Focus)
    dossier: str = ""
    doubted: str = ""
    doubt: tuple[str, ...] = ()
    editing: str = ""
    waiting: Waiting = ""
    confirm: str = ""
    in_words: str = ""
    trail: tuple[str, ...] = ()
    misread: int = 0
    explained: tuple[str, ...] = ()
    validated: bool = False
    payment_known: bool = False
    aside: tuple[str, ...] = ()
    early: Mapping[str, str] = field(default_factory=dict)
    later: tuple[str, ...] = ()
    undo: Undo | None = None

    def moved_on(self, *answered: str) -> Self:
        """After answers were saved: no doubt nor correction left, the recap to be seen again."""
        trail = tuple(slot for slot in self.trail if slot not in answered) + answered
        early = {slot: value for slot, value in self.early.items() if slot not in answered}
        return replace(
            self,
            doubted="",
            doubt=(),
            editing="",
            waiting="",
            confirm="",
            trail=trail,
            misread=0,
            explained=(),
            validated=False,
            early=early,
        )

    def into(self, dossier: str) -> Self:
        """In a dossier, from its start: what is talked about and put aside stays."""
        return type(self)(
            focus=replace(self.focus, offered=()),
            dossier=dossier,
            aside=tuple(other for other in self.aside if other != dossier),
            later=self.later,
        )

    def out(self) -> Self:
        """Out of the dossier under way; what was done last may still be taken back."""
        return type(self)(
            focus=replace(self.focus, offered=()),
            aside=tuple(other for other in self.aside if other != self.dossier),
            later=self.later,
            undo=self.undo,
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Self:
        """A talk that ``to_json`` wrote; a new one from nothing."""
        if not data:
            return cls()
        known = {entry.name for entry in fields(cls)}
        kept = {name: value for name, value in data.items() if name in known}
        for name in ("doubt", "trail", "explained", "aside", "later"):
            kept[name] = tuple(kept.get(name) or ())
        focus = dict(kept.get("focus") or {})
        focus["offered"] = tuple(focus.get("offered") or ())
        kept["focus"] = Focus(**focus)
        kept["undo"] = Undo(**kept["undo"]) if kept.get("undo") else None
        return cls(**kept)
