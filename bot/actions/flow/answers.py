"""Reading the answer to the field that was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import french
from bot.actions.flow.naming import named
from bot.actions.flow.wording import (
    UNREAD_NAME,
    address_said,
    not_a_code,
    not_a_name,
    not_words,
    who_is_meant,
)
from bot.actions.phrases import bare
from french.reading import Reading
from knowledge.schema import Champ

FIRST_VEHICLE_DATE = "1950-01-01"
LONGEST_LIFE_YEARS = 110
YOUNGEST_DRIVER_YEARS = 12

# A subject this probable is the choice that bears its name; this probable, it is worth asking.
SUBJECT_SURE = 0.60
SUBJECT_LIKELY = 0.25
SUBJECT_NEAR = 0.04
MOST_NEAR = 4

# Kinds whose every text is an answer: a question or a remark must be told apart before.
FREE_KINDS = frozenset({"name", "address", "text", "file_code"})
NO_SUBJECTS: Mapping[str, float] = MappingProxyType({})
READ_AS = {"birth_date": "date"}


@dataclass(frozen=True)
class Given:
    """A value read for a field, with the doubt to raise before keeping it ("" for none)."""

    slot: str
    value: str
    doubt: str = ""
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unread:
    """No value: why, in words for the person; ``near`` are the choices most like what was said."""

    problem: str
    near: tuple[str, ...] = ()


def read(
    champ: Champ,
    text: str,
    today: date,
    spoken: bool = False,
    subjects: Mapping[str, float] = NO_SUBJECTS,
) -> Given | Unread:
    """The answer to the field that was asked; ``subjects`` are what the message speaks of."""
    if champ.kind == "choice":
        return _read_choice(champ, text, subjects)
    if champ.kind == "file_code" and not spoken:
        return _read_code(champ, text)
    if champ.kind == "name":
        text = who_is_meant(text)
    elif champ.kind == "address":
        text = address_said(text)
    problem = not_a_name(_heard_name(text) if spoken else text) if champ.kind == "name" else ""
    problem = not_words(text) if champ.kind == "text" else problem
    if champ.kind == "name" and _is_a_date(text, today):
        problem = UNREAD_NAME
    if problem:
        return Unread(problem)
    kind = READ_AS.get(champ.kind, champ.kind)
    reading = french.parse(kind, text, today=today, spoken=spoken)
    if reading.value is None:
        return Unread(reading.problem or "Je n'ai pas compris cette réponse.")
    problem = _impossible(champ, reading, today)
    if problem:
        return Unread(problem)
    doubt = reading.doubt or doubtful(champ, reading.value, today)
    return Given(champ.id, reading.value, doubt, reading.alternatives)


def _is_a_date(text: str, today: date) -> bool:
    """Whether a text is a date and no more (« samedi dernier »)."""
    said = text.strip(" .,;!")
    return any(f.end - f.start >= len(said) for f in french.find("date", said, today))


def _heard_name(text: str) -> str:
    """The words of a dictated name, its letters put together: « n » may be one of them."""
    return (french.parse("name", text, spoken=True).value or text).lower()


def shown(champ: Champ, value: str) -> str:
    """A value as it is read back in writing."""
    if not value:
        return "non renseigné"
    if champ.kind == "choice":
        return next((c.label for c in champ.choices if c.value == value), value)
    return french.show(READ_AS.get(champ.kind, champ.kind), value)


def is_yes_no(champ: Champ) -> bool:
    """Whether the choices of a field are yes and no."""
    return {c.value for c in champ.choices} <= {"oui", "non"}


def _read_choice(champ: Champ, text: str, subjects: Mapping[str, float]) -> Given | Unread:
    values = {c.value for c in champ.choices}
    if values <= {"oui", "non"} | {v for v in values if v.startswith("ne_sait")}:
        answer = french.parse("yes_no", text)
        if answer.value is not None and answer.doubt is None:
            said = "oui" if answer.value == "yes" else "non"
            if said in values:
                return Given(champ.id, said)
    alone = named(champ, text)
    if alone:
        return Given(champ.id, alone)
    if len(champ.choices) > MOST_NEAR and values & set(subjects):
        by_subject = _by_subject(champ, subjects)
        if by_subject is not None:
            return by_subject
    choices = [french.Choice(c.value, c.label, tuple(c.names)) for c in champ.choices]
    reading = french.parse("choice", text, choices=choices)
    if reading.value is not None and (
        reading.doubt is None or _shares_a_word(champ, reading, text)
    ):
        return Given(champ.id, reading.value, reading.doubt or "", reading.alternatives)
    if len(champ.choices) > MOST_NEAR:
        return _not_in_the_list(champ, subjects)
    labels = " ; ".join(c.label for c in champ.choices)
    return Unread(f"Je n'ai pas reconnu votre choix. Vous pouvez répondre : {labels}.")


def _by_subject(champ: Champ, subjects: Mapping[str, float]) -> Given | None:
    """The choice that is a subject of the sheets, when that is what the message speaks of."""
    likely = _near(champ, subjects, SUBJECT_LIKELY)
    if not likely:
        return None
    label = shown(champ, likely[0])
    if subjects[likely[0]] >= SUBJECT_SURE:
        return Given(champ.id, likely[0])
    return Given(
        champ.id, likely[0], f"J'ai compris : {label}. Est-ce bien cela ?", tuple(likely[1:])
    )


def _not_in_the_list(champ: Champ, subjects: Mapping[str, float]) -> Unread:
    """No choice was recognised in a long list: the few that are likest, or what helps to choose."""
    near = _near(champ, subjects, SUBJECT_NEAR)
    if not near:
        return Unread(f"Je n'ai pas reconnu votre choix. {champ.help}".strip())
    labels = " ; ".join(shown(champ, value) for value in near)
    return Unread(f"Je ne suis pas sûr d'avoir compris. Le plus proche : {labels}.", near)


def _near(champ: Champ, subjects: Mapping[str, float], least: float) -> tuple[str, ...]:
    """The choices that are subjects of the message with at least this probability, best first."""
    scored = sorted(((subjects.get(c.value, 0.0), c.value) for c in champ.choices), reverse=True)
    return tuple(value for p, value in scored if p >= least)[:MOST_NEAR]


def _shares_a_word(champ: Champ, reading: Reading, text: str) -> bool:
    """Whether a doubtful choice rests on a word that was said, not on mere likeness."""
    said = {word for word in bare(text).split() if len(word) > 3}
    values = {reading.value, *reading.alternatives}
    names = [n for c in champ.choices if c.value in values for n in (c.label, *c.names)]
    return bool(said & {word for name in names for word in bare(name).split()})


def _read_code(champ: Champ, text: str) -> Given | Unread:
    code, problem = not_a_code(text)
    if problem:
        return Unread(problem)
    if any(char.isdigit() for char in code):
        return Given(champ.id, code)
    return Given(champ.id, code, f"J'ai noté le code {code}, sans chiffre. Est-ce bien cela ?")


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


def doubtful(champ: Champ, value: str, today: date) -> str:
    """What makes a value strange without being impossible."""
    if champ.kind == "date" and value < FIRST_VEHICLE_DATE:
        return (
            f"Vous avez indiqué le {french.show('date', value)}, avant 1950 : c'est très ancien. "
            "Est-ce bien cette date ?"
        )
    if champ.kind == "birth_date" and int(value[:4]) > today.year - YOUNGEST_DRIVER_YEARS:
        return (
            f"Vous avez indiqué le {french.show('date', value)} : c'est très récent pour un "
            "permis. Est-ce bien cette date ?"
        )
    if champ.kind == "name" and len(value.split()) == 1:
        return f"J'ai noté seulement « {value} ». Est-ce bien le nom complet ?"
    return ""
