"""What is said at a question besides an answer: greetings, thanks, questions, other wishes."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.actions.heard import Heard
from bot.actions.messages import Message

TALK_SURE = 0.75
TALK_ALIKE = 0.60  # … and what was said is like what such talk is
LONGEST_TALK_WORDS = 6
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

_LEAD = (
    r"^(?:(?:et|mais|euh|heu|bon|alors|ok|oui|non|d'accord|bonjour|au fait|du coup|attendez|avant"
    r"|sinon|dites(?: moi)?|pardon|excusez[- ]moi|svp)[ ,.!]+)*"
)
_OPENING = re.compile(
    _LEAD + r"(?:est[- ]ce\b|comment\b|coment\b|combien\b|pourquoi\b|quand\b|o[uù] (?!non\b)"
    r"|qui (?:est|peut|doit|fait)\b|que (?:faire|se passe|dois|faut)\b|quels?\b|quelles?\b"
    r"|c['’ ]?est (?:quoi|combien)\b|faut[- ]il\b|il faut (?:quoi|combien)\b|puis[- ]je\b"
    r"|peut[- ]on\b|on peut\b.*\bou\b|dois[- ]je\b|et si\b|qu['’ ]?est[- ]ce\b"
    r"|[çc]a veut dire|koi\b|kel\b|kelle\b|cmt\b|c koi\b|kombien\b)",
    re.I,
)
_ANYWHERE = re.compile(
    r"\b(?:combien|est[- ]ce qu|c['’ ]?est quoi|(?:veux|voudrais|aimerais|peux) savoir"
    r"|me demande (?:si|ce|où|ou)|comment (?:je|on|faire|ça|ca)"
    r"|quelles? (?:pi[eè]ces?|documents?|d[ée]marches?|papiers?))",
    re.I,
)
_WISH = re.compile(
    r"\b(?:je (?:veux|voudrais|souhaite|souhaiterais|pr[ée]f[eè]re|dois|vais)|j['’]aimerais"
    r"|il faut que|plut[oô]t|finalement|en fait|aussi|autre d[ée]marche|j['’]ai besoin)\b",
    re.I,
)
_SHIFT = re.compile(
    r"\b(?:plut[oô]t|finalement|en fait|autre d[ée]marche|d['’]abord|laisse[rz]?"
    r"|aussi (?:faire|d[ée]clarer|demander))\b",
    re.I,
)


def asks(text: str) -> bool:
    """Whether a message is worded as a question."""
    return text.rstrip().endswith("?") or _OPENING.search(text.strip()) is not None


def asks_somewhere(text: str) -> bool:
    """Whether a question is somewhere in a message."""
    return asks(text) or "?" in text or _ANYWHERE.search(text) is not None


def wishes_otherwise(text: str, in_own_words: bool) -> bool:
    """Whether a message may wish something else; ``in_own_words``: the answer may word a wish."""
    return (_SHIFT if in_own_words else _WISH).search(text) is not None


def courtesy(heard: Heard) -> str | None:
    """The word back to a greeting, thanks, anger; None when the message is none of these."""
    return _POLITE.get(heard.whole.best) if _is_talk(heard) else None


def told(heard: Heard) -> Message | None:
    """The answer to a question about the guide itself."""
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
