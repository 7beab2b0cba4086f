"""What a conversation remembers from turn to turn (Rasa's slots)."""

from dataclasses import dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True)
class Context:
    """The topic last answered, the situation said so far, the choices last offered.

    ``pending`` holds choices as ``{"label", "value"}``; ``failures`` counts the turns in a row
    that were not understood.
    """

    facet: str | None = None
    subject: str | None = None
    situation: dict[str, str] = field(default_factory=dict)
    pending: tuple[dict[str, str], ...] = ()
    failures: int = 0

    @classmethod
    def from_slots(cls, slots: dict[str, Any]) -> Self:
        return cls(
            facet=slots.get("facette"),
            subject=slots.get("sujet"),
            situation=dict(slots.get("situation") or {}),
            pending=tuple(slots.get("attente") or ()),
            failures=int(slots.get("echecs") or 0),
        )

    def to_slots(self) -> dict[str, Any]:
        return {
            "facette": self.facet,
            "sujet": self.subject,
            "situation": self.situation or None,
            "attente": list(self.pending) or None,
            "echecs": self.failures or None,
        }

    @property
    def topic(self) -> str | None:
        return f"{self.facet}/{self.subject}" if self.facet and self.subject else None

    def talking_of(self, topic: str, situation: dict[str, str]) -> Self:
        """After an answer on a topic in a situation."""
        facet, _, subject = topic.partition("/")
        return replace(
            self, facet=facet, subject=subject, situation=situation, pending=(), failures=0
        )

    def expecting(self, choices: list[dict[str, str]]) -> Self:
        """After choices were offered."""
        return replace(self, pending=tuple(choices))
