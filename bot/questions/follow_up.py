"""Elliptic messages: what « et pour une moto ? » means after the topic under way."""

import re

import french
from bot.heard import Ranking
from bot.questions.focus import Focus
from bot.questions.outcomes import Answer, Decision, NotUnderstood, Propose
from bot.questions.phrases import Phrases
from bot.questions.thresholds import ANSWER, FACET_SURE, MOST_PROPOSED, PLAUSIBLE
from bot.questions.topics import UNKNOWN_SUBJECT, kept, main_facet, top
from knowledge.query import KnowledgeBase, split_topic

# The facet that tells most of what a detail of the situation changes.
FACET_OF_DETAIL = {
    "pour_qui": "qui",
    "compte": "compte",
    "motif": "etapes",
    "avec_code": "etapes",
    "personne": "livraison",
    "plaque": "definition",
}

_SAID = Phrases(__file__)
_NEXT = re.compile(rf"\b{_SAID.any('next')}\b", re.I)
_JOINED = re.compile(rf"^(?:{_SAID.any('before')}[ ,.]+)*{_SAID.any('joined')}\b", re.I)
_ELLIPSIS = re.compile(rf"^(?:{_SAID.any('before')}[ ,.]+)*{_SAID.any('elliptic')}\b", re.I)


def follow_up(
    ranking: Ranking, details: dict[str, str], focus: Focus, base: KnowledgeBase
) -> Decision | None:
    """What an elliptic message means after the topic under way; None when it stands alone."""
    if focus.topic is None or focus.subject is None or focus.facet is None:
        return None
    facet, subject = split_topic(ranking.best)
    situation = {**focus.situation, **details}
    if facet == "relance" and ranking.confidence >= PLAUSIBLE * 3:
        return _carried_on(ranking, details, focus, base)
    if _gives_only_a_plate(ranking.text) and details:
        return _refined(details, focus, base)
    if facet == "hors" and subject in base.outsides and base.outsides[subject].facet:
        topic = f"{base.outsides[subject].facet}/{focus.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    if subject in base.clarifications and subject != UNKNOWN_SUBJECT:
        related = _only_related(subject, facet, focus, base)
        if related is not None:
            return Answer(related, kept(focus.situation) | details)
    if subject == UNKNOWN_SUBJECT or (subject in base.clarifications and is_elliptic(ranking)):
        topic = f"{facet}/{focus.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    return _elliptic(ranking, details, focus, base) if is_elliptic(ranking) else None


def _carried_on(
    ranking: Ranking, details: dict[str, str], focus: Focus, base: KnowledgeBase
) -> Decision:
    """A message known to be a follow-up: of another subject, a detail, an aspect, the end."""
    subject = split_topic(ranking.best)[1]
    situation = {**focus.situation, **details}
    if subject in base.sheets:
        asked = _own_facet(subject, ranking, base)
        return asked or _switch(subject, details, focus, base)
    if details:
        return _refined(details, focus, base)
    aspect = _aspect_named(ranking, situation, focus, base)
    if aspect is not None:
        return aspect
    if _NEXT.search(ranking.text):
        return _continued(situation, focus, base)
    return _which_facet(ranking, focus, base)


def _elliptic(
    ranking: Ranking, details: dict[str, str], focus: Focus, base: KnowledgeBase
) -> Decision | None:
    """A message that leaves out what the one before it said; None when it says enough itself."""
    facet, subject = split_topic(ranking.best)
    joined = bool(_JOINED.match(ranking.text.strip()))
    if joined and subject in base.sheets and base.sheets[subject].aspect:
        return _switch(subject, details, focus, base)
    if ranking.confidence >= ANSWER:
        return None
    if details:
        return _refined(details, focus, base)
    sure_facet, p = top(ranking.facets)
    topic = f"{sure_facet}/{focus.subject}"
    if p >= FACET_SURE and base.covers(topic):
        return Answer(topic, dict(focus.situation))
    return _which_facet(ranking, focus, base) if facet == "hors" else None


def _only_related(clarification: str, facet: str, focus: Focus, base: KnowledgeBase) -> str | None:
    """The one reading of an ambiguous word that the subject under way is concerned with."""
    if focus.subject not in base.sheets:
        return None
    concerned = {split_topic(topic)[1] for topic in base.sheets[focus.subject].related}
    subjects = [split_topic(c.topic)[1] for c in base.clarifications[clarification].choices]
    found = [subject for subject in dict.fromkeys(subjects) if subject in concerned]
    if len(found) != 1:
        return None
    asked = f"{facet}/{found[0]}"
    return asked if base.covers(asked) else f"{main_facet(found[0], base)}/{found[0]}"


def _which_facet(ranking: Ranking, focus: Focus, base: KnowledgeBase) -> Decision:
    """What of the subject under way is asked is not said: its likeliest facets are offered."""
    subject = focus.subject
    if subject not in base.sheets:
        return NotUnderstood()
    names = sorted(base.facets_of(subject), key=lambda name: -ranking.facets.get(name, 0.0))
    others = [name for name in names if name != focus.facet]
    return Propose(tuple(f"{name}/{subject}" for name in others[:MOST_PROPOSED]))


def _gives_only_a_plate(text: str) -> bool:
    return (
        bool(french.find("plate", text))
        and len(text.split()) <= 8
        and not text.rstrip().endswith("?")
    )


def _own_facet(subject: str, ranking: Ranking, base: KnowledgeBase) -> Decision | None:
    """The question that a follow-up asks of its subject, when it says which (« elle est où ? »)."""
    for topic, p in ranking.topics:
        facet, named = split_topic(topic)
        if named == subject and facet in base.facets and p >= ranking.confidence / 4:
            return Answer(topic, {}) if base.covers(topic) else None
    return None


def _aspect_named(
    ranking: Ranking, situation: dict[str, str], focus: Focus, base: KnowledgeBase
) -> Decision | None:
    """An aspect (payment, account…) that a vague follow-up also names, of the subject under way."""
    for topic, p in ranking.topics:
        subject = split_topic(topic)[1]
        aspect = base.sheets[subject].aspect if subject in base.sheets else None
        if aspect and p >= PLAUSIBLE / 2 and base.covers(f"{aspect}/{focus.subject}"):
            return Answer(f"{aspect}/{focus.subject}", situation)
    return None


def _switch(subject: str, details: dict[str, str], focus: Focus, base: KnowledgeBase) -> Decision:
    """The same question of another subject, or an aspect of the subject under way."""
    aspect = base.sheets[subject].aspect
    if aspect and focus.subject and base.covers(f"{aspect}/{focus.subject}"):
        return Answer(f"{aspect}/{focus.subject}", {**focus.situation, **details})
    situation = kept(focus.situation) | details
    topic = f"{focus.facet}/{subject}"
    if not base.covers(topic):
        topic = f"{main_facet(subject, base)}/{subject}"
    return Answer(topic, situation)


def _refined(details: dict[str, str], focus: Focus, base: KnowledgeBase) -> Decision:
    """The topic under way in the new situation, or the facet that the new detail changes."""
    assert focus.topic
    situation = {**focus.situation, **details}
    before = base.answer(focus.topic, focus.situation)
    after = base.answer(focus.topic, situation)
    if after is not None and (before is None or before.text != after.text):
        return Answer(focus.topic, situation)
    for name in details:
        topic = f"{FACET_OF_DETAIL.get(name, focus.facet)}/{focus.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    return Answer(focus.topic, situation)


def _continued(situation: dict[str, str], focus: Focus, base: KnowledgeBase) -> Decision:
    """« Et ensuite ? »: what comes at the end, when the documents say it."""
    topic = f"fin/{focus.subject}"
    if focus.facet != "fin" and base.covers(topic):
        return Answer(topic, situation)
    related = base.sheets[focus.subject].related if focus.subject in base.sheets else []
    near = tuple(topic for topic in related if base.covers(topic))[:MOST_PROPOSED]
    return Propose(near) if near else NotUnderstood()


def is_elliptic(ranking: Ranking) -> bool:
    return len(ranking.text.split()) <= 9 and bool(_ELLIPSIS.match(ranking.text.strip()))
