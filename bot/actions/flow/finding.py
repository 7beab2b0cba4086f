"""The values that a message gives besides the one asked, and where they stand in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import french
from bot.actions.flow.answers import Given, is_yes_no
from bot.actions.flow.naming import composed, enumerated, others_named
from bot.actions.flow.wording import written_address
from bot.actions.phrases import Phrases, bare
from knowledge.schema import Champ

# Kinds that can be recognised in a message that speaks of other things too.
_FOUND_KINDS = {
    "plate": "plate",
    "email": "email",
    "phone": "phone",
    "formule": "formule",
    "code_cession": "code_cession",
}
_DATES = ("date", "birth_date")

_SAID = Phrases(__file__)
_BIRTH = re.compile(rf"\b{_SAID.any('before_birth_date')}\W*$", re.I)
_INTRODUCING = re.compile(rf"(?:\W*\b{_SAID.any('introducing')})+\W*$", re.I)


@dataclass(frozen=True)
class Spot:
    """A value found: ``text[start:end]`` says it."""

    given: Given
    start: int
    end: int


def find_others(
    fields: Iterable[Champ], asked: str, text: str, details: dict[str, str], today: date
) -> list[Given]:
    """The answers that a message gives to fields other than the one asked."""
    fields = list(fields)
    others = [champ for champ in fields if champ.id != asked]
    taken = {_form(champ) for champ in fields if champ.id == asked}
    found = [s.given for s in spots([f for f in others if _form(f) not in taken], text, today)]
    items = {bare(item) for item in re.split(r"[,;\n]", text)[1:]}
    together = composed(_choices(fields), without(spots(fields, text, today), text))
    for champ in others:
        value = _detail(champ, details) or together.get(champ.id)
        if value is None and not is_yes_no(champ):
            value = enumerated(champ, items)
        if value and champ.kind == "choice":
            found.append(Given(champ.id, value))
    return found


def told_together(fields: list[Champ], text: str, today: date) -> list[Given]:
    """The choices that a wish lists (« … volée pour moi certifié … »).

    One that another choice of its field is named beside (« auto-école », « un élève ») is not
    told.
    """
    rest = without(spots(fields, text, today), text)
    choices = _choices(fields)
    listed = composed(choices, rest, least=2)
    disputed = {champ.id for champ in choices if others_named(champ, listed.get(champ.id), rest)}
    return [Given(slot, value) for slot, value in listed.items() if slot not in disputed]


def _choices(fields: Iterable[Champ]) -> list[Champ]:
    return [champ for champ in fields if champ.kind == "choice" and not is_yes_no(champ)]


def volunteered(
    fields: list[Champ], asked: str, text: str, details: dict[str, str], today: date
) -> list[Given]:
    """The answers that a message, which does not answer what was asked, gives to other fields."""
    found = {given.slot: given for given in find_others(fields, asked, text, details, today)}
    told = [*choice_named(fields, asked, text), *_called(fields, asked, text)]
    return [*found.values(), *(g for g in told if g.slot not in found)]


def _called(fields: list[Champ], asked: str, text: str) -> list[Given]:
    """« usage personnel »: words for a field in one's own words, opened by its name."""
    said = bare(text).split()
    named = [
        Given(champ.id, text.strip())
        for champ in fields
        if champ.kind == "text" and champ.id != asked and said[:1] == bare(champ.label).split()[:1]
    ]
    return named if len(said) > 1 and len(named) == 1 else []


def choice_named(fields: list[Champ], asked: str, text: str) -> list[Given]:
    """The choice that a message, or an item of it, is word for word, in one field only."""
    items = {bare(item) for item in re.split(r"[,;\n]", text)}
    named = [
        Given(champ.id, value)
        for champ in fields
        if champ.id != asked and not is_yes_no(champ) and (value := enumerated(champ, items))
    ]
    return named if len(named) == 1 else []


def spots(fields: list[Champ], text: str, today: date) -> list[Spot]:
    """The values that can be told by their form alone: plates, dates, addresses…"""
    found: list[Spot] = []
    for champ in fields:
        if champ.kind in _FOUND_KINDS and _alone(champ, fields):
            values = french.find(_FOUND_KINDS[champ.kind], text, today)
            if len({value.value for value in values}) == 1:
                first = values[0]
                found.append(Spot(Given(champ.id, first.value), first.start, first.end))
        elif champ.kind in _DATES and _alone(champ, fields):
            dates = french.find("date", text, today)
            if champ.kind == "date":
                dates = [d for d in dates if not _BIRTH.search(text[: d.start])]
            if len(dates) == 1 and dates[0].value <= today.isoformat():
                first = dates[0]
                found.append(Spot(Given(champ.id, first.value), first.start, first.end))
        elif champ.kind == "address" and _alone(champ, fields):
            found += _address(champ, text)
    return found


def without(found: Iterable[Spot], text: str) -> str:
    """A text without the values that were found in it, and the words that introduce them."""
    for spot in sorted(found, key=lambda spot: -spot.start):
        text = f"{_INTRODUCING.sub('', text[: spot.start])} , {text[spot.end :]}"
    return " ".join(re.sub(r"(?:\s*[,;]\s*)+", ", ", text).split()).strip(" ,;")


def _alone(champ: Champ, fields: list[Champ]) -> bool:
    """Whether no other field could be meant by a value of this form."""
    return sum(_form(other) == _form(champ) for other in fields) == 1


def _form(champ: Champ) -> str:
    """What a value of a field looks like."""
    return "date" if champ.kind in _DATES else champ.kind


def _address(champ: Champ, text: str) -> list[Spot]:
    written = written_address(text)
    if written is None:
        return []
    reading = french.parse("address", written.group())
    if reading.value is None or reading.doubt:
        return []
    return [Spot(Given(champ.id, reading.value), written.start(), written.end())]


def _detail(champ: Champ, details: dict[str, str]) -> str | None:
    value = details.get(champ.id)
    return value if value in {c.value for c in champ.choices} else None
