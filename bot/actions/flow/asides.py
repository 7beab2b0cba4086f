"""What is said at a question besides an answer: greetings, thanks, questions, other wishes."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.actions.heard import Heard
from bot.actions.messages import HUMAN, Message
from bot.actions.phrases import Phrases

TALK_SURE = 0.75
TALK_ALIKE = 0.60  # … and what was said is like what such talk is
LONGEST_TALK_WORDS = 6
SHORTEST_QUESTION_WORDS = 3
_DOMAIN = Path(__file__).parents[3] / "domain.yml"

# A short word back, before the flow's question.
_POLITE = {
    "saluer": "Bonjour !",
    "remercier": "Je vous en prie.",
    "compliment": "Merci.",
    "insulte": "Je comprends votre agacement.",
}
# What is answered in full, as it is outside a flow.
_TOLD = frozenset({"identite", "aide", "donnees", "injection", "autre_langue"})

_SAID = Phrases(__file__)
_OPENING = re.compile(rf"^(?:{_SAID.any('lead')}[ ,.!]+)*{_SAID.any('opening')}", re.I)
_INSIDE = re.compile(rf"\b{_SAID.any('inside')}", re.I)
_WISH = re.compile(rf"\b{_SAID.any('wish')}\b", re.I)
_WHO = re.compile(rf"\b{_SAID.any('asks_who')}", re.I)
_FOR_ONE = re.compile(rf"\b{_SAID.any('asks_for_one')}", re.I)
_ELSEWHERE = re.compile(rf"\b{_SAID.any('elsewhere')}\b", re.I)
_SHIFT = re.compile(rf"\b{_SAID.any('shift')}\b", re.I)


def asks(text: str) -> bool:
    """Whether a message is worded as a question."""
    return text.rstrip().endswith("?") or _OPENING.search(text.strip()) is not None


def opens_as_question(text: str) -> bool:
    """Whether a message asks by its first words, so that no word in it is an answer."""
    opened = _OPENING.search(text.strip()) is not None
    return opened and len(text.split()) > SHORTEST_QUESTION_WORDS


def asks_somewhere(text: str) -> bool:
    """Whether a question is somewhere in a message."""
    return asks(text) or "?" in text or _INSIDE.search(text) is not None


def wishes_otherwise(text: str, in_own_words: bool) -> bool:
    """Whether a message may wish something else; ``in_own_words``: the answer may word a wish."""
    return (_SHIFT if in_own_words else _WISH).search(text) is not None


def asks_who(text: str) -> bool:
    """« vous êtes une vraie personne ? »: what the guide is, which is no call for a person."""
    return _WHO.search(text) is not None and _FOR_ONE.search(text) is None


def who() -> Message:
    """What the guide is, and the way to a person."""
    said = _responses()["utter_identite"]
    return Message(said["text"], {**said["card"], "choices": [HUMAN.as_dict()]})


def names_elsewhere(text: str) -> bool:
    """Whether a wish says that it is of another démarche (« d'abord », « de ma carte grise »)."""
    return _ELSEWHERE.search(text) is not None


def courtesy(heard: Heard) -> str | None:
    """The word back to a greeting, thanks, anger; None when the message is none of these."""
    return _POLITE.get(heard.whole.best) if _is_talk(heard) else None


def told(heard: Heard) -> Message | None:
    """The answer to a question about the guide itself."""
    if asks_who(heard.text):
        return who()
    if not _is_talk(heard) or heard.whole.best not in _TOLD:
        return None
    said = _responses()[f"utter_{heard.whole.best}"]
    return Message(said["text"], said["card"])


def _is_talk(heard: Heard) -> bool:
    sure = heard.whole.confidence >= TALK_SURE and heard.whole.similarity >= TALK_ALIKE
    return sure and (len(heard.text.split()) <= LONGEST_TALK_WORDS or heard.whole.best in _TOLD)


@cache
def _responses() -> dict[str, dict[str, Any]]:
    """The engine's own sentences, which are told alike in the middle of a flow."""
    domain = yaml.safe_load(_DOMAIN.read_text(encoding="utf-8"))
    return {name: listed[0]["custom"] for name, listed in domain["responses"].items()}
