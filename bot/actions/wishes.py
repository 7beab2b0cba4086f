"""Wishes to begin a démarche, told from questions and from mere names."""

import re

from bot.actions.phrases import Phrases
from french import plates

_SAID = Phrases(__file__)
_HOW = re.compile(rf"\b{_SAID.any('how')}\b", re.I)
# A wish, an order, or an infinitive that begins the message (« déclarer une vente »).
_WISH = re.compile(
    rf"\b{_SAID.any('wish')}\b|^\W*(?:{_SAID.any('before_infinitive')}\W+)*\w+(?:er|ir|re)\b", re.I
)
_WITH_HELP = re.compile(rf"\b{_SAID.any('with_help')}\b", re.I)
_TOGETHER = re.compile(rf"\b{_SAID.any('together')}\b", re.I)


def wishes(text: str) -> bool:
    """Whether a text is a wish to begin, rather than a question or the mere name of a démarche."""
    if _WITH_HELP.search(text):
        return True
    return bool(_WISH.search(text)) and not _HOW.search(text)


def asks_for_company(text: str) -> bool:
    """« avec vous », « ensemble »: the démarche is to be done here, however that is said."""
    return bool(_TOGETHER.search(text)) and not _HOW.search(text)


def gives_a_plate(text: str) -> bool:
    """Whether a plate is given, and nothing asked: who gives one wants the démarche done."""
    return bool(plates.find(text)) and not _HOW.search(text) and "?" not in text
