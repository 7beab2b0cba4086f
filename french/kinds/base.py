"""What the project knows of a kind of value, in one place."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from french import denial
from french.denial import always
from french.plain import clean, cleaned, phrase_list, plain, word_list
from french.reading import Context, Found, Reading, refused, unsure
from french.tokens import MAX_CHARS

Format = Literal["choice", "date", "email", "phone", "address", "plate", "text"]
Spot = tuple[str, int, int]

_UNSURE = re.compile(rf"\b(?:{'|'.join(phrase_list('denial', 'unsure'))})\b")
_OF_SENTENCES = word_list("sentences", "sentences")


@dataclass(frozen=True, slots=True)
class Keypad:
    """How a value is keyed: how many keys, what to say of them, what the keys then read as."""

    keys: int
    said: str
    written: Callable[[str], str] = str


def same(value: str) -> str:
    return value


def nothing(value: str, text: str) -> str | None:
    return None


def unsure_of(text: str) -> bool:
    """Whether a message says that it is not sure of what it tells."""
    return _UNSURE.search(plain(text)) is not None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: ``read``, ``find``, ``show``, ``say``, ``spell`` and ``amend`` it.

    ``free``: any text may be an answer, so a question or a remark must be told apart before.
    ``read_back``: dictated, it is said back before it counts. ``called``: what people call it.
    ``hints``: what a recogniser should expect while one is dictated; ``dictated``: it takes time
    to say. ``spelled``: it may be given letter by letter.
    """

    name: str
    reads: Callable[[str, Context], Reading]
    finds: Callable[[str, Context], list[Spot]] | None = None
    finds_marked: Callable[[str, Context], list[Found]] | None = None  # denied ones told
    shows: Callable[[str], str] = same
    says: Callable[[str], str] | None = None
    spells: Callable[[str], str] | None = None
    amends: Callable[[str, str], str | None] = nothing
    format: Format = "text"
    free: bool = False
    read_back: bool = False
    denies: bool = True  # a part of the message may be denied, and is left out
    ends: Callable[[str, str], bool] = always  # whether a comma after a denied part ends it
    verbatim: bool = False  # kept as it was typed
    dictated: bool = False
    spelled: bool = False
    keypad: Keypad | None = None
    called: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    example: str = ""
    asked_again: str = "Quelle est la bonne réponse ?"

    def read(self, text: str, at: Context) -> Reading:
        """The answer that a message gives to the question asked; never raises for any text."""
        told = text[:MAX_CHARS] if self.verbatim else clean(text[:MAX_CHARS])
        reading = self._read(told, at)
        if reading.value is None or reading.doubt or not self.denies or not unsure_of(told):
            return reading
        return unsure(reading.value, f"J’ai compris {self.show(reading.value)}. Est-ce bien cela ?")

    def _read(self, told: str, at: Context) -> Reading:
        sides = denial.split(told, self.ends) if self.denies else denial.Sides(told)
        if not sides.denied:
            return self.reads(told, at)
        reading = self.reads(sides.said, at)
        if reading.value is not None:
            return reading
        whole = self.reads(told, at)
        if whole.value is None:
            amended = self._amended(sides, at)
            return amended or (reading if plain(sides.said) else whole)
        if any(self._says(part, at, whole.value) for part in sides.denied):
            return self._other_than(whole.value, sides.said)
        question = f"J’ai compris {self.show(whole.value)}. Est-ce bien cela ?"
        return unsure(whole.value, whole.doubt or question, whole.alternatives)

    def _amended(self, sides: denial.Sides, at: Context) -> Reading | None:
        """« pas le 12 mars 2019 mais le 13 »: the denied value, with one place put right."""
        values = [self.reads(part, at).value for part in sides.denied]
        value = next((value for value in values if value), None)
        return self._other_than(value, sides.said) if value else None

    def _other_than(self, value: str, said: str) -> Reading:
        other = self.amends(value, said) if plain(said) else None
        if other and other != value:
            return unsure(other, f"J’ai compris {self.show(other)}. Est-ce bien cela ?")
        return refused(f"Vous me dites que ce n’est pas « {self.show(value)} ». {self.asked_again}")

    def _says(self, part: str, at: Context, value: str) -> bool:
        """Whether a denied part is this value, rather than a remark that precedes it."""
        words = plain(part).split()
        return bool(words) and (
            words[0] not in _OF_SENTENCES and self.reads(part, at).value == value
        )

    def find(self, text: str, at: Context) -> list[Found]:
        """The values that a longer message says beyond doubt, with their places, in order."""
        told, places = cleaned(text[:MAX_CHARS])
        if self.finds_marked is not None:
            return [
                Found(found.value, places[found.start], places[found.end], found.denied)
                for found in self.finds_marked(told, at)
            ]
        if self.finds is None:
            return []
        spots = self.finds(told, at)
        given_up = denial.replaced(told, [(start, end) for _, start, end in spots])
        return [
            Found(
                value,
                places[start],
                places[end],
                (self.denies and denial.is_denied(told, start, end)) or gone,
            )
            for (value, start, end), gone in zip(spots, given_up, strict=True)
        ]

    def show(self, value: str) -> str:
        """A value as it is written."""
        return self.shows(value)

    def say(self, value: str) -> str:
        """A value as one dictates it."""
        return (self.says or self.shows)(value)

    def spell(self, value: str) -> str:
        """A value letter by letter, where that makes sense; "" elsewhere."""
        return self.spells(value) if self.spells else ""

    def amend(self, value: str, text: str) -> str | None:
        """``value`` with the place that ``text`` corrects; None where it is not clear."""
        told = denial.split(clean(text[:MAX_CHARS]), self.ends).said
        return self.amends(value, told) if plain(told) else None
