"""What is given to a reader and what it returns, whatever the kind of value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reading:
    """A value read in a message.

    ``value`` is in the kind's normal form, or None. ``doubt`` is a French sentence to say back
    when the value is plausible but must be confirmed; ``alternatives`` are then the other
    readings, nearest first. ``problem`` is a French sentence when there is no value: why not,
    and how to get it right. Exactly one of ``value`` and ``problem`` is set.
    """

    value: str | None = None
    alternatives: tuple[str, ...] = ()
    doubt: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A value found inside a longer message: ``text[start:end]`` says it.

    ``denied``: the message says that it is not this one (« et non AB-123-CD »).
    """

    value: str
    start: int
    end: int
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to a closed question; ``synonyms`` are other ways to say its label."""

    value: str
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader must know besides the text.

    ``today``: without it no relative date is read, and none is told from the future. ``spoken``:
    the text is a transcript, so what can be misheard is doubted more.
    """

    today: date | None = None
    spoken: bool = False
    choices: tuple[Choice, ...] = ()


def sure(value: str) -> Reading:
    return Reading(value=value)


def unsure(value: str, doubt: str, alternatives: Sequence[str] = ()) -> Reading:
    others = tuple(dict.fromkeys(other for other in alternatives if other != value))
    return Reading(value=value, doubt=doubt, alternatives=others)


def refused(problem: str, alternatives: Sequence[str] = ()) -> Reading:
    return Reading(problem=problem, alternatives=tuple(dict.fromkeys(alternatives)))


def listed(shown: Sequence[str]) -> str:
    """« a », « a ou b », « a, b ou c »."""
    if len(shown) < 2:
        return "".join(shown)
    return ", ".join(shown[:-1]) + " ou " + shown[-1]
