"""What the engine understood of a message, in our own terms."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from knowledge.query import split_topic

# Talk intents that may surround a question without changing it.
POLITE = frozenset({"saluer", "remercier", "au_revoir", "compliment", "detresse"})
OUTSIDE_FACETS = frozenset({"hors", "sans_rapport"})


@dataclass(frozen=True)
class Ranking:
    """The topics of a text with their probabilities, best first.

    ``similarity``: how near the nearest training example is; ``known``: the share of the text's
    words, by weight, that the training examples contain (both 0 to 1).
    """

    text: str
    topics: tuple[tuple[str, float], ...]
    similarity: float = 1.0
    known: float = 1.0

    @property
    def best(self) -> str:
        return self.topics[0][0]

    @property
    def confidence(self) -> float:
        return self.topics[0][1]

    @property
    def outside(self) -> float:
        """How probable it is that the documents do not answer."""
        return sum(p for topic, p in self.topics if split_topic(topic)[0] in OUTSIDE_FACETS)

    def by_subject(self) -> dict[str, float]:
        """Probabilities by subject, whatever the facet (``relance`` and ``demarrer`` included)."""
        totals: dict[str, float] = defaultdict(float)
        for topic, p in self.topics:
            facet, subject = split_topic(topic)
            if subject and facet not in OUTSIDE_FACETS:
                totals[subject] += p
        return dict(totals)

    def by_facet(self) -> dict[str, float]:
        totals: dict[str, float] = defaultdict(float)
        for topic, p in self.topics:
            totals[split_topic(topic)[0]] += p
        return dict(totals)


@dataclass(frozen=True)
class Heard:
    """A message: the ranking of the whole, of its sentences, and the details that it gives."""

    whole: Ranking
    parts: tuple[Ranking, ...] = ()
    details: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.whole.text


def heard_from(message: dict[str, Any]) -> Heard:
    """Read Rasa's ``latest_message``."""
    understanding = message.get("understanding") or {}
    details = {
        entity["entity"]: entity["value"]
        for entity in message.get("entities", [])
        if entity["entity"] != "choix"
    }
    if not understanding:
        return Heard(Ranking(message.get("text") or "", (("nlu_fallback", 1.0),), 0.0, 0.0), (), {})
    parts = tuple(_ranking(part) for part in understanding["parts"])
    return Heard(_ranking(understanding), parts, details)


def _ranking(data: dict[str, Any]) -> Ranking:
    topics = tuple((str(topic), float(p)) for topic, p in data["topics"])
    return Ranking(data["text"], topics, data["similarity"], data["known"])
