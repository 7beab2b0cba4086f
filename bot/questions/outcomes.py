"""What a decision on a message may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """Answer a topic in a situation; ``limit`` is an outside id to be said first."""

    topic: str
    situation: dict[str, str]
    limit: str | None = None


@dataclass(frozen=True)
class Begin:
    """Begin a démarche with the guide's help."""

    demarche: str


@dataclass(frozen=True)
class AskWhichToBegin:
    """A démarche is to be begun with the guide, and two are likely."""

    demarches: tuple[str, ...]


@dataclass(frozen=True)
class AskWhich:
    """A clarification of the sheets: what is missing is the subject (facet kept).

    ``together``: the démarche, once it is known, is to be done with the guide.
    """

    clarification: str
    facet: str
    together: bool = False


@dataclass(frozen=True)
class Propose:
    """Several topics are plausible: offer them."""

    topics: tuple[str, ...]


@dataclass(frozen=True)
class NotCovered:
    """The documents don't say; ``outside`` names what, or ``topic`` the facet a subject lacks."""

    outside: str | None = None
    topic: str | None = None
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotUnderstood:
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unrelated:
    pass


Decision = (
    Answer | Begin | AskWhichToBegin | AskWhich | Propose | NotCovered | NotUnderstood | Unrelated
)
