"""What a person may say instead of answering the question asked: « pourquoi ? », « revenir »…"""

import re
from enum import StrEnum

import french
from bot.actions.flow.asides import asks_who
from bot.actions.heard import Heard
from bot.actions.phrases import Phrases, bare


class Act(StrEnum):
    WHY = "why"
    WHERE = "where"
    REPEAT = "repeat"
    BACK = "back"
    SKIP = "skip"
    STATUS = "status"
    PAUSE = "pause"
    CANCEL = "cancel"
    HUMAN = "human"
    HOLD = "hold"
    CORRECT = "correct"
    WRONG = "wrong"
    OTHER = "other"
    HELP = "help"
    LACK = "lack"


_POSTCODE = re.compile(r"\b\d{2} ?\d{3}\b")  # « 12 rue de la Pause, 75001 Paris »
_SAID = Phrases(__file__)
_PATTERNS = [
    (Act(act), re.compile(pattern)) for act in _SAID.entries for pattern in _SAID.listed(act)
]
_OF_COMMAND = {
    "repeat": Act.REPEAT,
    "slower": Act.REPEAT,
    "agent": Act.HUMAN,
    "cancel": Act.CANCEL,
    "hold": Act.HOLD,
    "back": Act.BACK,
    "help": Act.HELP,
    "next": Act.SKIP,
    "correct": Act.CORRECT,
}
_OF_INTENT = {
    "repeter": Act.REPEAT,
    "humain": Act.HUMAN,
    "detresse": Act.HUMAN,
    "reformuler": Act.HELP,
    "plainte_bot": Act.HELP,
}
INTENT_SURE = 0.75
LONGEST_ACT_WORDS = 14


def act_of(heard: Heard) -> Act | None:
    """The act that a message is; None when it answers, asks or tells something else."""
    if asks_who(heard.text):
        return None
    worded = act_in_words(heard)
    if worded is None and len(bare(heard.text).split()) <= LONGEST_ACT_WORDS:
        sure = heard.whole.confidence >= INTENT_SURE
        return _OF_INTENT.get(heard.whole.best) if sure else None
    return worded


def act_in_words(heard: Heard) -> Act | None:
    """The act that a message is by its words alone, whatever else it may be understood as."""
    plain = bare(heard.text)
    if len(plain.split()) > LONGEST_ACT_WORDS or _POSTCODE.search(plain):
        return None
    for act, pattern in _PATTERNS:
        if pattern.fullmatch(plain):
            return act
    command = french.command(heard.text)
    return _OF_COMMAND.get(command) if command else None


def is_yes(text: str) -> bool | None:
    """True for a yes, False for a no, None for anything else."""
    reading = french.parse("yes_no", text)
    if reading.value is None or reading.doubt is not None:
        return None
    return reading.value == "yes"
