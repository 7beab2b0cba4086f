"""Reading the answers to a flow's fields: the one asked, and any other that a message gives."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import french
from bot.actions.flow.acts import bare
from french.reading import Reading
from knowledge.schema import Champ

FIRST_VEHICLE_DATE = "1950-01-01"
LONGEST_LIFE_YEARS = 110

# Kinds whose every text is an answer: a question or a remark must be told apart before.
FREE_KINDS = frozenset({"name", "address", "text", "file_code"})
# Kinds that can be recognised in a message that speaks of other things too.
_FOUND_KINDS = {"plate": "plate", "email": "email", "phone": "phone", "formule": "formule"}
_READ_AS = {"birth_date": "date", "file_code": "text"}


@dataclass(frozen=True)
class Given:
    """A value read for a field, with the doubt to raise before keeping it ("" for none)."""

    slot: str
    value: str
    doubt: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unread:
    """No value: why, in words for the person."""

    problem: str


def read(champ: Champ, text: str, today: date, spoken: bool = False) -> Given | Unread:
    """The answer to the field that was asked."""
    if champ.kind == "choice":
        return _read_choice(champ, text)
    kind = _READ_AS.get(champ.kind, champ.kind)
    reading = french.parse(kind, text, today=today, spoken=spoken)
    if reading.value is None:
        return Unread(reading.problem or "Je n'ai pas compris cette réponse.")
    problem = _impossible(champ, reading, today)
    if problem:
        return Unread(problem)
    doubt = reading.doubt or _doubtful(champ, reading.value)
    return Given(champ.id, reading.value, doubt, reading.alternatives)


def find_others(
    fields: Iterable[Champ], asked: str, text: str, details: dict[str, str], today: date
) -> list[Given]:
    """The answers that a message gives to fields other than the one asked."""
    found: list[Given] = []
    dates = french.find("date", text, today)
    of_dates = [f for f in fields if f.kind in ("date", "birth_date") and f.id != asked]
    for champ in fields:
        if champ.id == asked:
            continue
        if champ.kind == "choice":
            value = _detail(champ, details) or _enumerated(champ, text)
            if value:
                found.append(Given(champ.id, value))
        elif champ.kind in _FOUND_KINDS:
            values = french.find(_FOUND_KINDS[champ.kind], text, today)
            if len(values) == 1:
                found.append(Given(champ.id, values[0].value))
    if len(of_dates) == 1 and len(dates) == 1 and not _is_date(asked, fields):
        found.append(Given(of_dates[0].id, dates[0].value))
    return found


def shown(champ: Champ, value: str) -> str:
    """A value as it is read back in writing."""
    if not value:
        return "non renseigné"
    if champ.kind == "choice":
        return next((c.label for c in champ.choices if c.value == value), value)
    return french.show(_READ_AS.get(champ.kind, champ.kind), value)


def _read_choice(champ: Champ, text: str) -> Given | Unread:
    values = {c.value for c in champ.choices}
    if values <= {"oui", "non"} | {v for v in values if v.startswith("ne_sait")}:
        answer = french.parse("yes_no", text)
        if answer.value is not None and answer.doubt is None:
            said = "oui" if answer.value == "yes" else "non"
            if said in values:
                return Given(champ.id, said)
    named = _named(champ, text)
    if named:
        return Given(champ.id, named)
    choices = [french.Choice(c.value, c.label, tuple(c.names)) for c in champ.choices]
    reading = french.parse("choice", text, choices=choices)
    if reading.value is None:
        labels = ", ".join(c.label for c in champ.choices[:4])
        return Unread(f"Je n'ai pas reconnu votre choix. Vous pouvez répondre : {labels}.")
    return Given(champ.id, reading.value, reading.doubt or "", reading.alternatives)


def _named(champ: Champ, text: str) -> str | None:
    """The only choice one of whose names stands in the text; longer names count first."""
    plain = f" {bare(text)} "
    hits: dict[str, int] = {}
    for choice in champ.choices:
        for name in [choice.label, *choice.names]:
            key = bare(name)
            if len(key) > 2 and f" {key} " in plain:
                hits[choice.value] = max(hits.get(choice.value, 0), len(key))
    if not hits:
        return None
    best = max(hits.values())
    longest = [value for value, length in hits.items() if length == best]
    negated = re.search(r"\b(pas|ni|jamais|sans)\b", plain) is not None
    return longest[0] if len(longest) == 1 and not (negated and len(hits) > 1) else None


def _enumerated(champ: Champ, text: str) -> str | None:
    """The choice that one item of an enumeration is (« duplicata, volée, pour moi-même »).

    A name that merely stands somewhere in a sentence may speak of something else.
    """
    if {c.value for c in champ.choices} <= {"oui", "non"}:
        return None
    items = {bare(item) for item in re.split(r"[,;\n]", text)[1:]}
    hits = {c.value for c in champ.choices if items & {bare(name) for name in [c.label, *c.names]}}
    return hits.pop() if len(hits) == 1 else None


def _detail(champ: Champ, details: dict[str, str]) -> str | None:
    value = details.get(champ.id)
    return value if value in {c.value for c in champ.choices} else None


def _is_date(slot: str, fields: Iterable[Champ]) -> bool:
    return any(f.id == slot and f.kind in ("date", "birth_date") for f in fields)


def _impossible(champ: Champ, reading: Reading, today: date) -> str:
    """Why a date cannot be right for its field (a date read is ISO)."""
    value = reading.value or ""
    if champ.kind not in ("date", "birth_date"):
        return ""
    if value > today.isoformat():
        return "Cette date est dans le futur. Vérifiez-la, puis donnez-la à nouveau."
    if champ.kind == "birth_date" and int(value[:4]) < today.year - LONGEST_LIFE_YEARS:
        return "Cette date de naissance est trop ancienne. Vérifiez l'année."
    return ""


def _doubtful(champ: Champ, value: str) -> str:
    if champ.kind == "date" and value < FIRST_VEHICLE_DATE:
        return (
            f"Vous avez indiqué le {french.show('date', value)}, avant 1950 : c'est très ancien. "
            "Est-ce bien cette date ?"
        )
    return ""
