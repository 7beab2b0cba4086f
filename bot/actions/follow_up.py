"""Elliptic messages: what « et pour une moto ? » means after the topic under way."""

import re

from bot.actions.context import Context
from bot.actions.heard import Ranking
from bot.actions.outcomes import Answer, Decision, NotUnderstood, Propose
from bot.actions.phrases import Phrases
from bot.actions.thresholds import ANSWER, FACET_SURE, MOST_PROPOSED, PLAUSIBLE
from bot.actions.topics import UNKNOWN_SUBJECT, kept, main_facet, top
from french import plates
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
    ranking: Ranking, details: dict[str, str], context: Context, base: KnowledgeBase
) -> Decision | None:
    """What an elliptic message means after the topic under way; None when it stands alone."""
    if context.topic is None or context.subject is None or context.facet is None:
        return None
    facet, subject = split_topic(ranking.best)
    situation = context.situation | details
    if facet == "relance" and ranking.confidence >= PLAUSIBLE * 3:
        return _carried_on(ranking, details, context, base)
    if _gives_only_a_plate(ranking.text) and details:
        return _refined(details, context, base)
    if facet == "hors" and subject in base.outsides and base.outsides[subject].facet:
        topic = f"{base.outsides[subject].facet}/{context.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    if subject in base.clarifications and subject != UNKNOWN_SUBJECT:
        related = _only_related(subject, facet, context, base)
        if related is not None:
            return Answer(related, kept(context.situation) | details)
    if subject == UNKNOWN_SUBJECT or (subject in base.clarifications and is_elliptic(ranking)):
        topic = f"{facet}/{context.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    return _elliptic(ranking, details, context, base) if is_elliptic(ranking) else None


def _carried_on(
    ranking: Ranking, details: dict[str, str], context: Context, base: KnowledgeBase
) -> Decision:
    """A message known to be a follow-up: of another subject, a detail, an aspect, the end."""
    subject = split_topic(ranking.best)[1]
    situation = context.situation | details
    if subject in base.sheets:
        asked = _own_facet(subject, ranking, base)
        return asked or _switch(subject, details, context, base)
    if details:
        return _refined(details, context, base)
    aspect = _aspect_named(ranking, situation, context, base)
    if aspect is not None:
        return aspect
    if _NEXT.search(ranking.text):
        return _continued(situation, context, base)
    return _which_facet(ranking, context, base)


def _elliptic(
    ranking: Ranking, details: dict[str, str], context: Context, base: KnowledgeBase
) -> Decision | None:
    """A message that leaves out what the one before it said; None when it says enough itself."""
    facet, subject = split_topic(ranking.best)
    joined = bool(_JOINED.match(ranking.text.strip()))
    if joined and subject in base.sheets and base.sheets[subject].aspect:
        return _switch(subject, details, context, base)
    if ranking.confidence >= ANSWER:
        return None
    if details:
        return _refined(details, context, base)
    sure_facet, p = top(ranking.facets)
    topic = f"{sure_facet}/{context.subject}"
    if p >= FACET_SURE and base.covers(topic):
        return Answer(topic, context.situation)
    return _which_facet(ranking, context, base) if facet == "hors" else None


def _only_related(
    clarification: str, facet: str, context: Context, base: KnowledgeBase
) -> str | None:
    """The one reading of an ambiguous word that the subject under way is concerned with."""
    if context.subject not in base.sheets:
        return None
    concerned = {split_topic(topic)[1] for topic in base.sheets[context.subject].related}
    subjects = [split_topic(c.topic)[1] for c in base.clarifications[clarification].choices]
    found = [subject for subject in dict.fromkeys(subjects) if subject in concerned]
    if len(found) != 1:
        return None
    asked = f"{facet}/{found[0]}"
    return asked if base.covers(asked) else f"{main_facet(found[0], base)}/{found[0]}"


def _which_facet(ranking: Ranking, context: Context, base: KnowledgeBase) -> Decision:
    """What of the subject under way is asked is not said: its likeliest facets are offered."""
    subject = context.subject
    if subject not in base.sheets:
        return NotUnderstood()
    names = sorted(base.facets_of(subject), key=lambda name: -ranking.facets.get(name, 0.0))
    others = [name for name in names if name != context.facet]
    return Propose(tuple(f"{name}/{subject}" for name in others[:MOST_PROPOSED]))


def _gives_only_a_plate(text: str) -> bool:
    return bool(plates.find(text)) and len(text.split()) <= 8 and not text.rstrip().endswith("?")


def _own_facet(subject: str, ranking: Ranking, base: KnowledgeBase) -> Decision | None:
    """The question that a follow-up asks of its subject, when it says which (« elle est où ? »)."""
    for topic, p in ranking.topics:
        facet, named = split_topic(topic)
        if named == subject and facet in base.facets and p >= ranking.confidence / 4:
            return Answer(topic, {}) if base.covers(topic) else None
    return None


def _aspect_named(
    ranking: Ranking, situation: dict[str, str], context: Context, base: KnowledgeBase
) -> Decision | None:
    """An aspect (payment, account…) that a vague follow-up also names, of the subject under way."""
    for topic, p in ranking.topics:
        subject = split_topic(topic)[1]
        aspect = base.sheets[subject].aspect if subject in base.sheets else None
        if aspect and p >= PLAUSIBLE / 2 and base.covers(f"{aspect}/{context.subject}"):
            return Answer(f"{aspect}/{context.subject}", situation)
    return None


def _switch(
    subject: str, details: dict[str, str], context: Context, base: KnowledgeBase
) -> Decision:
    """The same question of another subject, or an aspect of the subject under way."""
    aspect = base.sheets[subject].aspect
    if aspect and context.subject and base.covers(f"{aspect}/{context.subject}"):
        return Answer(f"{aspect}/{context.subject}", context.situation | details)
    situation = kept(context.situation) | details
    topic = f"{context.facet}/{subject}"
    if not base.covers(topic):
        topic = f"{main_facet(subject, base)}/{subject}"
    return Answer(topic, situation)


def _refined(details: dict[str, str], context: Context, base: KnowledgeBase) -> Decision:
    """The topic under way in the new situation, or the facet that the new detail changes."""
    assert context.topic
    situation = context.situation | details
    before = base.answer(context.topic, context.situation)
    after = base.answer(context.topic, situation)
    if after is not None and (before is None or before.text != after.text):
        return Answer(context.topic, situation)
    for name in details:
        topic = f"{FACET_OF_DETAIL.get(name, context.facet)}/{context.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    return Answer(context.topic, situation)


def _continued(situation: dict[str, str], context: Context, base: KnowledgeBase) -> Decision:
    """« Et ensuite ? »: what comes at the end, when the documents say it."""
    topic = f"fin/{context.subject}"
    if context.facet != "fin" and base.covers(topic):
        return Answer(topic, situation)
    related = base.sheets[context.subject].related if context.subject in base.sheets else []
    near = tuple(topic for topic in related if base.covers(topic))[:MOST_PROPOSED]
    return Propose(near) if near else NotUnderstood()


def is_elliptic(ranking: Ranking) -> bool:
    return len(ranking.text.split()) <= 9 and bool(_ELLIPSIS.match(ranking.text.strip()))
