"""What people say of a dossier that is ready or filed: « c'est payé », « où en est-il ? »."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.actions.phrases import Phrases, bare
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


_SAID = Phrases(__file__)
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
_ABOUT = re.compile(rf"\b{_SAID.any('about')}", re.IGNORECASE)
_OTHER_NUMBER = re.compile(rf"\b{_SAID.any('other_number')}\b", re.IGNORECASE)
_ALONE = re.compile(r"[A-Z0-9][A-Z0-9 ./_-]{2,38}[A-Z0-9]", re.IGNORECASE)
_POINTING = re.compile(rf"^(?:{_SAID.any('pointing')}\s*)+", re.IGNORECASE)
LEAST_DIGITS = 3


def _compiled(name: str) -> list[re.Pattern[str]]:
    return [re.compile(pattern) for pattern in _SAID.listed(name)]


def _of_status(state: State, words: str) -> list[re.Pattern[str]]:
    """What reports that a dossier has a status, said in these words."""
    frames = _SAID.listed("reported_end" if state in FINAL else "reported")
    if state is State.ABANDONNEE:
        frames += _SAID.listed("withdrawn")
    return [re.compile(frame.replace("{status}", f"(?:{words})")) for frame in frames]


_NEVER = _compiled("never")
_REPORTED: dict[Said, list[re.Pattern[str]]] = {
    said: _compiled(said) for said in Said if said is not Said.STATUS
}
_WORDS = {State(name): str(words) for name, words in _SAID.entries["status"].items()}
_STATUSES = {state: _of_status(state, words) for state, words in _WORDS.items()}


def report_of(text: str) -> Report | None:
    """What a message reports or asks of a dossier; None when it is about something else."""
    number = _number_named(text)
    if number is not None:
        return Report(Said.NUMBER, number=number)
    plain = bare(text)
    if not plain or len(plain.split()) > LONGEST_REPORT_WORDS:
        return None
    for said in _ASKED:
        if _matches(_REPORTED[said], plain):
            return Report(said)
    if _matches(_NEVER, plain):
        return None
    for said in (Said.FILED, Said.PAID):
        if _matches(_REPORTED[said], plain):
            return Report(said)
    for state, listed in _STATUSES.items():
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
    named = [state for state, words in _WORDS.items() if re.search(rf"\b(?:{words})\b", plain)]
    return named[0] if len(named) == 1 and not _matches(_NEVER, plain) else None


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
