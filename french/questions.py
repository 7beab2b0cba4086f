"""Telling a question from an answer: « pk vous demandez s'il est étranger »."""

import re
from functools import cache

from french.plain import fillers, listed, plain

_SENTENCES = re.compile(r"[^.!?;\n]+[.!?;\n]*")
_OR_ELSE = re.compile(r"^(?:ou|et)\b")


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(_expression("asks") + r"(?: |$)")


@cache
def _ends() -> re.Pattern[str]:
    return re.compile(rf"(?:^| ){_expression('asking_end')}$")


def _expression(entry: str) -> str:
    """A long expression, written on several lines of the list."""
    return re.sub(r"\| +", "|", " ".join(str(listed("choices")[entry]).split()))


@cache
def _opening() -> frozenset[str]:
    return fillers("hesitations", "asides", "openings", "polite") | {"mais", "et", "ou"} - {"ou"}


def opens_a_question(part: str) -> bool:
    words = plain(part).split()
    while words and words[0] in _opening() and not _asks().match(" ".join(words)):
        words = words[1:]
    said = " ".join(words)
    return bool(_asks().match(said)) or bool(_ends().search(said))


def statements(text: str) -> str:
    """The text without its questions; "" when it is one."""
    kept: list[str] = []
    for match in _SENTENCES.finditer(text):
        sentence = match.group()
        if not plain(sentence):
            continue
        asked = "?" in sentence
        parts = [part for part in sentence.split(",") if plain(part)]
        if asked and not any(opens_a_question(part) for part in parts):
            # « perdue, ou volée ? », « elle est étrangère ? »: the whole is asked, save what is
            # told before: « c'est pour ma mère, ça change quelque chose ? » opens one.
            continue
        told: list[str] = []
        for part in parts:
            if opens_a_question(part):
                break
            told.append(part)
        kept.append(",".join(told))
    return ". ".join(part.strip() for part in kept if part.strip())


def is_question(text: str) -> bool:
    """Whether a message only asks."""
    return bool(plain(text)) and not statements(text)
