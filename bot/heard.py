"""What the engine understood of a message, in our own terms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge.query import split_topic

# Talk intents that may surround a question without changing it.
POLITE = frozenset({"saluer", "remercier", "au_revoir", "compliment", "detresse"})
NO_CHOICE = "aucun"
OUTSIDE_FACETS = frozenset({"hors", "sans_rapport"})


@dataclass(frozen=True)
class Ranking:
    """The topics, facets and subjects of a text with their probabilities, best first.

    ``similarity``: how near the nearest training example is; ``known``: the share of the text's
    words, by weight, that the training examples contain (both 0 to 1).
    """

    text: str
    topics: tuple[tuple[str, float], ...]
    facets: dict[str, float] = field(default_factory=dict)
    subjects: dict[str, float] = field(default_factory=dict)
    similarity: float = 1.0
    known: float = 1.0

    @property
    def best(self) -> str:
        return self.topics[0][0]

    @property
    def confidence(self) -> float:
        return self.topics[0][1]

    def reweighted(self, weight_of: Callable[[str], float]) -> "Ranking":
        """The ranking with each listed topic's probability multiplied, then shared out again."""
        weighted = [(topic, p * weight_of(topic)) for topic, p in self.topics]
        unlisted = max(0.0, 1.0 - sum(p for _, p in self.topics))
        total = sum(p for _, p in weighted) + unlisted
        topics = sorted(((t, p / total) for t, p in weighted), key=lambda pair: -pair[1])
        facets, subjects = dict(self.facets), dict(self.subjects)
        for (topic, before), (_, after) in zip(self.topics, weighted, strict=True):
            facet, subject = split_topic(topic)
            facets[facet] = facets.get(facet, 0.0) + after - before
            subjects[subject or topic] = subjects.get(subject or topic, 0.0) + after - before
        return replace(
            self,
            topics=tuple(topics),
            facets=_shared(facets, total),
            subjects=_shared(subjects, total),
        )

    def without(self, talk: frozenset[str]) -> "Ranking":
        """The ranking when some talk intents are known to be beside the point."""
        return self.reweighted(lambda topic: 0.0 if topic in talk else 1.0)

    @property
    def outside(self) -> float:
        """How probable it is that the documents do not answer."""
        return sum(self.facets.get(facet, 0.0) for facet in OUTSIDE_FACETS)


def _shared(totals: dict[str, float], total: float) -> dict[str, float]:
    ranked = sorted(totals.items(), key=lambda pair: -pair[1])
    return {name: max(0.0, p) / total for name, p in ranked}


@dataclass(frozen=True)
class Clause:
    """A part of a message, ``text[start:end]``, and the acts that it may be."""

    start: int
    end: int
    acts: Mapping[str, float]

    @property
    def best(self) -> str:
        return max(self.acts, key=lambda act: self.acts[act])

    @property
    def sure(self) -> float:
        return self.acts[self.best]


@dataclass(frozen=True)
class Heard:
    """A message: what it asks (topics), what it does (acts), the details that it gives.

    ``parts``: the topics of its sentences; ``acts``: the probability of each act, at the stage of
    the talk; ``clauses``: the same for its parts; ``binds``: for each binding act, how sure the
    whole message says it in so many words; ``unsaid``: what the documents never say and the
    message asks outright (an outside id).
    """

    whole: Ranking
    parts: tuple[Ranking, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    unsaid: str | None = None
    # On the phone, the text is a transcript, and the recogniser may have had others.
    spoken: bool = False
    alternatives: tuple[str, ...] = ()
    acts: Mapping[str, float] = field(default_factory=dict)
    clauses: tuple[Clause, ...] = ()
    # The resume code of a dossier that the message named: masked everywhere else.
    secret: str = ""
    binds: Mapping[str, float] = field(default_factory=dict)
    # Of the field asked, the probability of each choice; of none too (``NO_CHOICE``).
    choices: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.whole.text

    @property
    def act(self) -> str:
        """The likeliest act; "" where none was learnt."""
        return max(self.acts, key=lambda act: self.acts[act]) if self.acts else ""

    @property
    def next_act(self) -> str:
        """The likeliest act after that one; "" where there is none."""
        ranked = sorted(self.acts, key=lambda act: -self.acts[act])
        return ranked[1] if len(ranked) > 1 else ""

    def sure(self, act: str) -> float:
        return self.acts.get(act, 0.0)


def heard_from(message: Mapping[str, Any]) -> Heard:
    """Read Rasa's ``latest_message``, or the answer of its parser."""
    told = message.get("metadata") or {}
    spoken = told.get("channel") == "phone"
    alternatives = tuple(told.get("alternatives") or ()) if spoken else ()
    understanding = message.get("understanding") or {}
    if not understanding:
        nothing = Ranking(
            message.get("text") or "", (("nlu_fallback", 1.0),), similarity=0.0, known=0.0
        )
        secret = str(told.get("secret") or "")
        return Heard(nothing, spoken=spoken, alternatives=alternatives, secret=secret)
    details = _details(message.get("entities", []))
    unsaid = details.pop("hors", None)
    done = message.get("dialogue_acts") or {}
    return Heard(
        whole=_ranking(understanding),
        parts=tuple(_ranking(part) for part in understanding["parts"]),
        details=details,
        unsaid=unsaid,
        spoken=spoken,
        alternatives=alternatives,
        secret=str(told.get("secret") or ""),
        acts=dict(done.get("whole") or {}),
        clauses=tuple(
            Clause(part["start"], part["end"], part["acts"]) for part in done.get("clauses") or ()
        ),
        binds=dict(done.get("binds") or {}),
        choices=dict(message.get("choices") or {}),
    )


def nothing_heard(text: str = "") -> Heard:
    """What is heard of a choice: no words."""
    return Heard(Ranking(text, (("nlu_fallback", 1.0),)))


def _details(entities: list[dict[str, Any]]) -> dict[str, str]:
    """The details said; one that is said both ways (« pour moi ou pour lui ») is not said."""
    said: dict[str, set[str]] = {}
    for entity in entities:
        said.setdefault(entity["entity"], set()).add(entity["value"])
    return {
        name: next(iter(values))
        for name, values in said.items()
        if name != "choix" and len(values) == 1
    }


def _ranking(data: Mapping[str, Any]) -> Ranking:
    topics = tuple((str(topic), float(p)) for topic, p in data["topics"])
    return Ranking(
        data["text"],
        topics,
        dict(data["facets"]),
        dict(data["subjects"]),
        data["similarity"],
        data["known"],
    )
