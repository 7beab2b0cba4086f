"""What people say of a dossier that is ready or filed: « c'est payé », « où en est-il ? »."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from bot.actions.flow.acts import bare
from dossiers import numbers
from dossiers.states import FINAL, State


class Said(StrEnum):
    """Kinds of reports; the first ones change the dossier, the others ask about it."""

    FILED = "filed"
    PAID = "paid"
    STATUS = "status"
    NUMBER = "number"
    STANDING = "standing"
    RECAP = "recap"
    NEW_CODE = "new_code"
    RESUME = "resume"


@dataclass(frozen=True)
class Report:
    """What was said; ``state`` of a status, ``number`` of the démarche when it was given."""

    said: Said
    state: State | None = None
    number: str | None = None


_FILE = Path(__file__).with_name("reports.yml")
LONGEST_REPORT_WORDS = 22
# Questions that a negation or a doubt does not make less of a question.
_ASKED = (Said.STANDING, Said.RECAP, Said.NEW_CODE, Said.RESUME, Said.NUMBER)

# « mon numéro de démarche est 2018-123456 », « le n° de dossier : 778899 »
_NAMED = re.compile(
    r"""\b(?:num[ée]ro|n[°o]|r[ée]f[ée]rence)
    [^:=\d]{0,60}?
    (?:\best\b|c['’]est|:|=|,|\ble\b|\s)\s*
    (?P<number>(?:(?-i:[A-Z]{1,4})[ ]|[A-Z]{1,4}[._/-]?)?[0-9][A-Z0-9 ./_-]{1,33}[A-Z0-9]
    |[A-Z][A-Z0-9._/-]{2,38}[A-Z0-9])
    (?=\s*(?:$|[,;!?]|\.(?:\s|$)|\b(?:et|merci|sur|pour)\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT = re.compile(
    r"\b(d[ée]marche|demande|dossier|suivi|r[ée]f[ée]rence|t[ée]l[ée]proc[ée]dure)", re.IGNORECASE
)
_OTHER_NUMBER = re.compile(
    r"\b(immatriculation|plaque|formule|t[ée]l[ée]phone|permis|confidentiel|reprise|rue)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(r"[A-Z0-9][A-Z0-9 ./_-]{2,38}[A-Z0-9]", re.IGNORECASE)
_POINTING = re.compile(r"^(?:(?:c['’]est|le|voici|voilà|oui|:)\s*)+", re.IGNORECASE)
LEAST_DIGITS = 3


def report_of(text: str) -> Report | None:
    """What a message reports or asks of a dossier; None when it is about something else."""
    number = _number_named(text)
    if number is not None:
        return Report(Said.NUMBER, number=number)
    plain = bare(text)
    if not plain or len(plain.split()) > LONGEST_REPORT_WORDS:
        return None
    patterns = _patterns()
    for said in _ASKED:
        if _matches(patterns[said], plain):
            return Report(said)
    if _matches(patterns["never"], plain):
        return None
    for said in (Said.FILED, Said.PAID):
        if _matches(patterns[said], plain):
            return Report(said)
    for state, listed in _statuses().items():
        if _matches(listed, plain):
            return Report(Said.STATUS, state=state)
    return None


def number_alone(text: str) -> str | None:
    """The number of a démarche, when it was asked for and a message gives nothing else."""
    named = _number_named(text)
    if named is not None:
        return named
    plain = _POINTING.sub("", text.strip()).strip(" .,;:!")
    return _kept(plain) if _ALONE.fullmatch(plain) else None


def status_alone(text: str) -> State | None:
    """The status that a message names, when it was asked for: the only one it names."""
    plain = bare(text)
    named = [state for state, words in _words().items() if re.search(rf"\b(?:{words})\b", plain)]
    return named[0] if len(named) == 1 and not _matches(_patterns()["never"], plain) else None


def _number_named(text: str) -> str | None:
    """The number that a message calls that of a démarche."""
    if not _ABOUT.search(text) or _OTHER_NUMBER.search(text):
        return None
    found = _NAMED.search(text)
    return _kept(found.group("number")) if found else None


def _kept(number: str) -> str | None:
    number = " ".join(number.upper().split())
    if sum(c.isdigit() for c in number) < LEAST_DIGITS or numbers.find_number(number):
        return None
    return number


def _matches(patterns: list[re.Pattern[str]], plain: str) -> bool:
    return any(pattern.fullmatch(plain) for pattern in patterns)


@cache
def _data() -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return data


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    data = _data()
    return {
        name: [_compiled(pattern) for pattern in _strings(data[name])]
        for name in ("never", *(said for said in Said if said is not Said.STATUS))
    }


@cache
def _statuses() -> dict[State, list[re.Pattern[str]]]:
    data = _data()
    found = {}
    for state, words in _words().items():
        frames = _strings(data["reported_end" if state in FINAL else "reported"])
        if state is State.ABANDONNEE:
            frames = [*frames, *_strings(data["withdrawn"])]
        found[state] = [_compiled(frame.replace("{status}", f"(?:{words})")) for frame in frames]
    return found


def _words() -> dict[State, str]:
    statuses = _data()["status"]
    assert isinstance(statuses, dict)
    return {State(name): str(words) for name, words in statuses.items()}


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern with the named parts in their place."""
    parts = _data()["parts"]
    assert isinstance(parts, dict)
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", str(part))
    return re.compile(pattern)


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(entry) for entry in value]
