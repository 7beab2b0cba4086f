"""Answers that were spoken: several transcripts of one utterance, read back before they count."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

import french
from bot.actions.flow.answers import FREE_KINDS, NO_SUBJECTS, Given, Unread, read, shown
from bot.actions.flow.finding import spots
from bot.actions.heard import Heard
from bot.actions.phrases import Phrases
from french.reading import listed
from knowledge.schema import Champ

# What was dictated can't be seen: it is said back, whatever the recogniser's confidence.
READ_BACK = frozenset(
    {"plate", "phone", "email", "formule", "code_cession", "date", "birth_date", "file_code"}
)
MOST_READ_BACK = 3
_SAID = Phrases(__file__)
_NO = re.compile(rf"^\W*(?:{_SAID.any('before_value')}\b[\s,.:!]*)+", re.IGNORECASE)


def read_heard(champ: Champ, heard: Heard, today: date) -> Given | Unread:
    """The answer to the field asked, typed or spoken."""
    if not heard.spoken:
        return read(champ, heard.text, today, subjects=heard.whole.subjects)
    return _read_spoken(champ, (heard.text, *heard.alternatives), today, heard.whole.subjects)


def said_again(
    champ: Champ, heard: Heard, pending: tuple[str, ...], today: date
) -> Given | Unread | None:
    """A value given in answer to « est-ce bien cela ? », whole or corrected in one place.

    None when the message is only a yes or a no, or something else altogether.
    """
    told = tuple(_NO.sub("", text.replace("’", "'")) for text in (heard.text, *heard.alternatives))
    if not told[0].strip() or french.command(told[0]) is not None:
        return None
    if champ.kind in FREE_KINDS and len(told[0]) == len(heard.text):
        return None  # any text would do: only what follows a « non » corrects
    given = _read_spoken(champ, told, today) if heard.spoken else read(champ, told[0], today)
    if isinstance(given, Given):
        return given
    amended = french.amend(champ.kind, pending[0], told[0]) if heard.spoken else None
    return Given(champ.id, amended, read_back(champ, [amended])) if amended else None


def _read_spoken(
    champ: Champ,
    texts: tuple[str, ...],
    today: date,
    subjects: Mapping[str, float] = NO_SUBJECTS,
) -> Given | Unread:
    """The first transcript's reading, doubted when another one reads otherwise."""
    readings = [read(champ, text, today, spoken=True, subjects=subjects) for text in texts]
    given = [reading for reading in readings if isinstance(reading, Given)]
    first = readings[0]
    if isinstance(first, Unread) and not given:
        # The choices are said again after it.
        plain = champ.kind == "choice" and not first.near
        return Unread("Je n'ai pas compris votre choix.") if plain else first
    best = given[0]
    if champ.kind not in READ_BACK:
        return _spelled(champ, best)
    others = [other.value for other in given[1:]]
    values = list(dict.fromkeys([best.value, *best.alternatives, *others]))[:MOST_READ_BACK]
    doubt = best.doubt if best.doubt and len(values) == 1 else read_back(champ, values)
    return Given(champ.id, best.value, doubt, tuple(values[1:]))


def findable(fields: Sequence[Champ], heard: Heard) -> list[Champ]:
    """The fields that a message may fill without being asked for: none that must be read back."""
    return [champ for champ in fields if not heard.spoken or champ.kind not in READ_BACK]


def early(fields: Sequence[Champ], heard: Heard, today: date) -> list[str]:
    """What a spoken message tells of fields that must be read back, as slot=value."""
    if not heard.spoken:
        return []
    dictated = [champ for champ in fields if champ.kind in READ_BACK]
    return [f"{spot.given.slot}={spot.given.value}" for spot in spots(dictated, heard.text, today)]


def read_back(champ: Champ, values: Sequence[str]) -> str:
    """« J'ai compris AB-123-CD. C'est bien cela ? », with its rivals if any."""
    first, *others = [shown(champ, value) for value in values]
    if not others:
        return f"J'ai compris {first}. C'est bien cela ?"
    return f"J'ai compris {first}, mais ce pourrait être {listed(others)}. Est-ce bien {first} ?"


def _spelled(champ: Champ, given: Given) -> Given:
    """A name's spelling can't be heard: it is said letter by letter."""
    if champ.kind != "name":
        return given
    letters = french.spell(given.value.split()[-1])
    doubt = f"J'ai compris {given.value}. Le nom s'écrit : {letters}. C'est bien cela ?"
    return Given(given.slot, given.value, doubt, given.alternatives)
