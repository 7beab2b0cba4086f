"""How a reply to a question of the evaluation set is judged."""

import unicodedata
from dataclasses import dataclass
from typing import Any

Message = dict[str, Any]
Entry = dict[str, Any]

# A conversation turns on these outcomes; only RIGHT counts as right, only WRONG misleads.
RIGHT = "right"
INCOMPLETE = "incomplete"  # the right answer, with an essential fact missing
ASKED = "asked"  # asked back where an answer was due
DECLINED = "declined"  # declined where an answer or a question was due
WRONG = "wrong"  # answered something else, or answered what the documents do not say
MISSED = "missed"  # any other kind of reply than the one due


@dataclass(frozen=True)
class Verdict:
    outcome: str
    missing: tuple[str, ...] = ()


def judge(entry: Entry, said: list[Message]) -> Verdict:
    """The verdict on the messages said in reply to an entry (see tests/evaluation/README.md)."""
    kinds = [kind_of(message) for message in said]
    if any(plain(word) in plain(everything(said)) for word in entry.get("never", [])):
        return Verdict(WRONG)
    expected = entry["expects"]
    if expected == "answer":
        return _judge_answer(entry, said, kinds)
    if expected in kinds or any(kind in kinds for kind in entry.get("also", [])):
        return Verdict(RIGHT)
    if "answer" in kinds:
        return Verdict(WRONG)
    if "clarify" in kinds:
        return Verdict(ASKED)
    if "decline" in kinds:
        return Verdict(DECLINED)
    return Verdict(MISSED)


def _judge_answer(entry: Entry, said: list[Message], kinds: list[str]) -> Verdict:
    missing = missing_facts(entry, said)
    if "answer" in kinds and not missing:
        return Verdict(RIGHT)
    if any(kind in kinds for kind in entry.get("also", [])):
        return Verdict(RIGHT)
    if "answer" in kinds:
        on_topic = set(topics_of(said)) & set(entry.get("topics", []))
        return Verdict(INCOMPLETE if on_topic else WRONG, missing)
    if "clarify" in kinds:
        return Verdict(ASKED, missing)
    if "decline" in kinds:
        return Verdict(DECLINED, missing)
    return Verdict(MISSED, missing)


def missing_facts(entry: Entry, said: list[Message]) -> tuple[str, ...]:
    """The first wording of each essential fact that no message contains."""
    heard = plain(everything(said))
    return tuple(
        wordings[0]
        for wordings in entry.get("facts", [])
        if not any(plain(wording) in heard for wording in wordings)
    )


def kind_of(message: Message) -> str:
    return str((message.get("card") or {}).get("kind", "none"))


def topics_of(said: list[Message]) -> list[str]:
    topics = [(message.get("card") or {}).get("topic") for message in said]
    return [topic for topic in topics if topic]


def everything(said: list[Message]) -> str:
    """All that a person can read of the messages: texts, steps, items, notes."""
    parts: list[str] = []
    for message in said:
        card = message.get("card") or {}
        parts.append(message["text"])
        for step in card.get("steps") or []:
            parts += [step["title"], step["text"]]
        for item in card.get("items") or []:
            parts += [item["label"], item["note"]]
        parts += card.get("notes") or []
    return " ".join(parts)


def plain(text: str) -> str:
    """Lower-case, without accents, one kind of space and apostrophe."""
    text = text.lower().replace("œ", "oe").replace("’", "'")
    decomposed = unicodedata.normalize("NFD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
