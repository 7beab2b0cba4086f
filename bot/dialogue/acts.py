"""Dialogue acts: what a person does by saying something, each with the part that says it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The acts, as ``docs/dialogue.md`` explains them one by one."""

    # About what was asked.
    ANSWER = "answer"
    AFFIRM = "affirm"
    DENY = "deny"
    ACCEPT = "accept"
    LACK = "lack"
    HAS = "has"
    SEND = "send"
    SKIP = "skip"
    # About the question itself.
    WHY = "why"
    WHERE = "where"
    HELP = "help"
    EXAMPLE = "example"
    REPEAT = "repeat"
    HOLD = "hold"
    # About what was said or done before.
    CORRECT = "correct"
    BACK = "back"
    UNDO = "undo"
    STATUS = "status"
    # About the dossier.
    RESUME = "resume"
    PAUSE = "pause"
    CANCEL = "cancel"
    BEGIN = "begin"
    NEXT = "next"
    NAMED = "named"
    NEW_CODE = "new_code"
    RECAP_PDF = "recap_pdf"
    # What the site did.
    FILED = "filed"
    PAID = "paid"
    NUMBER = "number"
    SITE_STATUS = "site_status"
    # Anything else.
    ASK = "ask"
    PERSON = "person"
    COURTESY = "courtesy"
    WORRY = "worry"
    OFFTOPIC = "offtopic"
    TALK = "talk"
    MASKED = "masked"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Value:
    """A value told: of which field, in normal form, and the part of the message that says it.

    ``doubt`` is what to say back before it is kept ("" for none), ``alternatives`` the other
    readings; ``asked``: it answers the question asked, rather than another one.
    """

    slot: str
    value: str
    start: int = 0
    end: int = 0
    doubt: str = ""
    alternatives: tuple[str, ...] = ()
    asked: bool = False


@dataclass(frozen=True)
class Act:
    """An act, and how sure it is (0 to 1).

    ``values`` are what an answer or a correction gives;
    ``slot`` the field that a correction or a return names; ``problem`` why an answer was not read,
    ``near`` the choices most like it; ``detail`` what else the act is about (a number, a status).
    """

    kind: Kind
    sure: float = 1.0
    text: str = ""
    values: tuple[Value, ...] = ()
    slot: str = ""
    problem: str = ""
    near: tuple[str, ...] = ()
    detail: str = ""
    # Whether it says the whole of a binding move in so many words.
    binds: bool = field(default=False)
