"""What topics are to the base: their main facet, their flow, the situation that stays true."""

from collections.abc import Mapping

from bot.questions.focus import Focus
from knowledge.query import KnowledgeBase, split_topic

UNKNOWN_SUBJECT = "inconnu"


def main_facet(subject: str, base: KnowledgeBase) -> str:
    """The facet that a subject is about when none is asked: its steps, or its first."""
    names = base.facets_of(subject) if subject in base.sheets else []
    return "etapes" if "etapes" in names or not names else names[0]


def has_flow(subject: str, base: KnowledgeBase) -> bool:
    """Whether a subject, or the démarche it is a case of, can be carried through."""
    return subject in base.sheets and any(sheet.flow for sheet in base.lineage(subject))


def situation_of(subject: str, details: Mapping[str, str], focus: Focus) -> dict[str, str]:
    """The situation of a new question: all that was said, if it is still the same subject."""
    same = subject == focus.subject
    return {**(focus.situation if same else kept(focus.situation)), **details}


def kept(situation: Mapping[str, str]) -> dict[str, str]:
    """What stays true of the person when they change subject: their account."""
    return {name: value for name, value in situation.items() if name == "compte"}


def as_question(topic: str, base: KnowledgeBase) -> str:
    facet, subject = split_topic(topic)
    if facet in ("relance", "demarrer"):
        return f"{main_facet(subject, base)}/{subject}"
    return topic


def top(totals: dict[str, float]) -> tuple[str, float]:
    return max(totals.items(), key=lambda pair: pair[1]) if totals else ("", 0.0)


def unique(topics: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(topics))
