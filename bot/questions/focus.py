"""What is being talked about: what a question may leave unsaid."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self


@dataclass(frozen=True)
class Focus:
    """What is being talked about: the topic last answered, the situation said so far.

    ``offered`` holds the choices last shown, as ``{"label", "value"}``; ``failures`` counts the
    turns in a row that were not understood.
    """

    facet: str | None = None
    subject: str | None = None
    situation: Mapping[str, str] = field(default_factory=dict)
    offered: tuple[dict[str, str], ...] = ()
    failures: int = 0

    @property
    def topic(self) -> str | None:
        return f"{self.facet}/{self.subject}" if self.facet and self.subject else None

    def on(self, topic: str, situation: Mapping[str, str]) -> Self:
        """After an answer on a topic in a situation."""
        facet, _, subject = topic.partition("/")
        return replace(
            self, facet=facet, subject=subject, situation=dict(situation), offered=(), failures=0
        )
