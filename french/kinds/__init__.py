"""The kinds of values: each module here is all that the project knows of one.

``kind(name)`` gives it; ``parse``, ``find``, ``show`` and ``say`` take its name.
"""

import datetime
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from french.kinds import (
    address,
    birth_date,
    choice,
    code5,
    code_cession,
    date,
    email,
    file_code,
    formule,
    name,
    number,
    phone,
    plate,
    postcode,
    text,
    yes_no,
)
from french.kinds.base import Format, Keypad, Kind
from french.reading import Choice, Context, Found, Reading

ALL: Mapping[str, Kind] = MappingProxyType(
    {
        module.KIND.name: module.KIND
        for module in (
            plate, date, birth_date, postcode, phone, email, formule, code5, code_cession,
            file_code, name, yes_no, choice, number, address, text,
        )
    }
)  # fmt: skip
KINDS = tuple(ALL)

__all__ = ["ALL", "KINDS", "Format", "Keypad", "Kind", "find", "kind", "parse", "say", "show"]


def kind(name: str) -> Kind:
    """A kind by its name. Raises ValueError for any other name."""
    known = ALL.get(name)
    if known is None:
        raise ValueError(f"unknown kind of value: {name}")
    return known


def parse(
    name: str,
    text: str,
    *,
    today: datetime.date | None = None,
    choices: Sequence[Choice] | None = None,
    spoken: bool = False,
) -> Reading:
    """Read a value of a kind in the answer ``text``; never raises for any text.

    ``spoken``: the text is a transcript, so what can be misheard is doubted more.
    """
    return kind(name).read(text, Context(today, spoken, tuple(choices or ())))


def find(
    name: str, text: str, today: datetime.date | None = None, choices: Sequence[Choice] = ()
) -> list[Found]:
    """Values of a kind that ``text`` says beyond doubt, in order; [] for kinds never searched."""
    known = ALL.get(name)
    return known.find(text, Context(today, choices=tuple(choices))) if known else []


def show(name: str, value: str) -> str:
    """A value as it is written: « 12 mars 2019 », « 06 12 34 56 78 », « AB-123-CD »."""
    known = ALL.get(name)
    return known.show(value) if known else value


def say(name: str, value: str) -> str:
    """A value as one dictates it: « A, B, cent vingt-trois, C, D »."""
    known = ALL.get(name)
    return known.say(value) if known else value


def amend(name: str, value: str, text: str) -> str | None:
    """``value`` with the place that ``text`` corrects put right; None where unsure."""
    known = ALL.get(name)
    return known.amend(value, text) if known else None
