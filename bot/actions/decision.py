"""What to do with a message: answer, ask, propose or decline. Pure functions, no speech.

The order is: an answer to the choices just offered; a follow-up of the topic under way; a question
on its own. Thresholds are set on the tuning half of the evaluation set (``make evaluate``).
"""

import re
from dataclasses import dataclass

from bot.actions.context import Context
from bot.actions.heard import POLITE, Heard, Ranking
from bot.actions.pending import chosen
from knowledge.query import KnowledgeBase, split_topic

ANSWER = 0.50  # a topic this probable is answered
SUBJECT_SURE = 0.60  # else a subject this probable is kept, and its facet asked
FACET_SURE = 0.60  # or a facet this probable is kept, and its subject asked
OUTSIDE = 0.50  # outside topics this probable together are declined
NAMED_OUTSIDE = 0.30  # … by name when one of them is this probable
PLAUSIBLE = 0.10  # a topic this probable may be proposed
PART_ANSWER = 0.65  # a sentence of a message counts alone when this probable
MOST_PROPOSED = 3
UNFAMILIAR_SIMILARITY = 0.30  # nothing like it was ever seen:
UNFAMILIAR_WORDS = 0.50  # … and half of its words are unknown

UNKNOWN_SUBJECT = "inconnu"
# The facet that tells most of what a detail of the situation changes.
FACET_OF_DETAIL = {
    "pour_qui": "qui",
    "compte": "compte",
    "motif": "etapes",
    "avec_code": "etapes",
    "personne": "livraison",
    "plaque": "definition",
}


@dataclass(frozen=True)
class Answer:
    """Answer a topic in a situation; ``limit`` is an outside id to be said first."""

    topic: str
    situation: dict[str, str]
    limit: str | None = None


@dataclass(frozen=True)
class AskWhich:
    """A clarification of the sheets: what is missing is the subject (facet kept)."""

    clarification: str
    facet: str


@dataclass(frozen=True)
class Propose:
    """Several topics are plausible: offer them."""

    topics: tuple[str, ...]


@dataclass(frozen=True)
class NotCovered:
    """The documents don't say; ``outside`` names what, or ``topic`` the facet a subject lacks."""

    outside: str | None = None
    topic: str | None = None
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotUnderstood:
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unrelated:
    pass


Decision = Answer | AskWhich | Propose | NotCovered | NotUnderstood | Unrelated


def decide(heard: Heard, context: Context, base: KnowledgeBase) -> list[Decision]:
    """One decision, or two when the message asks two clear questions."""
    picked = chosen(heard, context.pending)
    if picked is not None:
        return [_of_choice(picked, heard, context)]
    rankings = _questions(heard)
    return [_of_ranking(ranking, heard.details, context, base) for ranking in rankings]


def of_value(value: str, context: Context) -> Decision | None:
    """What a choice's value stands for: a topic, or a detail of the topic under way."""
    kind, _, rest = value.partition(":")
    if kind == "topic":
        return Answer(rest, context.situation)
    if kind == "detail" and context.topic:
        field, _, detail = rest.partition("=")
        return Answer(context.topic, context.situation | {field: detail})
    return None


def _of_choice(value: str, heard: Heard, context: Context) -> Decision:
    found = of_value(value, context)
    if isinstance(found, Answer):
        return Answer(found.topic, found.situation | heard.details)
    return NotUnderstood()


def _questions(heard: Heard) -> list[Ranking]:
    """The rankings to decide on: the whole message, its clearest sentence, or two of them."""
    clear = [
        part
        for part in heard.parts
        if part.confidence >= PART_ANSWER and part.best not in POLITE and "/" in part.best
    ]
    distinct = {part.best: part for part in reversed(clear)}
    if len(distinct) == 2 and heard.whole.best in distinct:
        first, second = sorted(distinct.values(), key=lambda part: heard.parts.index(part))
        if split_topic(first.best)[0] != "relance" and split_topic(second.best)[0] != "relance":
            return [first, second]
    if clear and (heard.whole.best in POLITE or heard.whole.confidence < ANSWER):
        return [max(clear, key=lambda part: part.confidence)]
    return [heard.whole]


def _of_ranking(
    ranking: Ranking, details: dict[str, str], context: Context, base: KnowledgeBase
) -> Decision:
    following = _follow_up(ranking, details, context, base)
    if following is not None:
        return following
    facet, subject = split_topic(ranking.best)
    if facet == "sans_rapport" and ranking.confidence >= NAMED_OUTSIDE:
        return Unrelated()
    if ranking.outside >= OUTSIDE:
        return _outside(ranking, details, base)
    if ranking.similarity < UNFAMILIAR_SIMILARITY and ranking.known < UNFAMILIAR_WORDS:
        return NotUnderstood()
    situation = _situation(subject, details, context)
    if ranking.confidence >= ANSWER:
        return _on_topic(facet, subject, situation, base)
    return _unsure(ranking, situation, base)


def _on_topic(
    facet: str, subject: str, situation: dict[str, str], base: KnowledgeBase
) -> Decision:
    if facet in ("demarrer", "relance"):
        facet = main_facet(subject, base)
    if subject in base.clarifications:
        return AskWhich(subject, facet)
    topic = f"{facet}/{subject}"
    if base.covers(topic):
        return Answer(topic, situation)
    if subject in base.sheets:
        near = tuple(f"{name}/{subject}" for name in base.facets_of(subject)[:MOST_PROPOSED])
        return NotCovered(topic=topic, near=near)
    return NotUnderstood()


def _unsure(ranking: Ranking, situation: dict[str, str], base: KnowledgeBase) -> Decision:
    subject, subject_p = _top(ranking.by_subject())
    facet, facet_p = _top(ranking.by_facet())
    plausible = [
        topic
        for topic in (_as_question(t, base) for t, p in ranking.topics if p >= PLAUSIBLE)
        if base.covers(topic)
    ]
    if subject in base.clarifications and subject_p >= ANSWER:
        return AskWhich(subject, facet)
    if subject_p >= SUBJECT_SURE and subject in base.sheets:
        of_subject = _unique([t for t in plausible if split_topic(t)[1] == subject])
        if len(of_subject) == 1:
            return Answer(of_subject[0], situation)
        if of_subject:
            return Propose(of_subject[:MOST_PROPOSED])
    if facet_p >= FACET_SURE and facet in base.facets and not plausible:
        return AskWhich(UNKNOWN_SUBJECT, facet)
    offered = _unique(plausible)[:MOST_PROPOSED]
    if ranking.outside >= ranking.confidence:
        return NotCovered(near=offered)
    if len(offered) >= 1:
        return Propose(offered)
    return NotUnderstood()


def _outside(ranking: Ranking, details: dict[str, str], base: KnowledgeBase) -> Decision:
    named = [(split_topic(t)[1], p) for t, p in ranking.topics if split_topic(t)[0] == "hors"]
    if not named:
        return Unrelated()
    best, p = named[0]
    if best not in base.outsides or p < NAMED_OUTSIDE:
        near = [t for t, q in ranking.topics if q >= PLAUSIBLE and base.covers(t)]
        return NotCovered(near=tuple(near[:MOST_PROPOSED]))
    entry = base.outsides[best]
    near = [topic for topic in entry.near if base.covers(topic)]
    if entry.answer_near and near:
        return Answer(near[0], details, limit=best)
    return NotCovered(outside=best, near=tuple(near[:MOST_PROPOSED]))


def _follow_up(
    ranking: Ranking, details: dict[str, str], context: Context, base: KnowledgeBase
) -> Decision | None:
    """What an elliptic message means after the topic under way; None when it stands alone."""
    if context.topic is None or context.subject is None or context.facet is None:
        return None
    facet, subject = split_topic(ranking.best)
    situation = context.situation | details
    if facet == "relance" and ranking.confidence >= PLAUSIBLE * 3:
        if subject in base.sheets:
            return _switch(subject, details, context, base)
        if details:
            return _refined(details, context, base)
        return _continued(ranking.text, situation, context, base)
    if subject == UNKNOWN_SUBJECT or (subject in base.clarifications and _is_elliptic(ranking)):
        topic = f"{facet}/{context.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    if _is_elliptic(ranking):
        if subject in base.sheets and base.sheets[subject].aspect:
            return _switch(subject, details, context, base)
        if details and ranking.confidence < ANSWER:
            return _refined(details, context, base)
    return None


def _switch(
    subject: str, details: dict[str, str], context: Context, base: KnowledgeBase
) -> Decision:
    """The same question of another subject, or an aspect of the subject under way."""
    aspect = base.sheets[subject].aspect
    if aspect and context.subject and base.covers(f"{aspect}/{context.subject}"):
        return Answer(f"{aspect}/{context.subject}", context.situation | details)
    situation = _kept(context.situation) | details
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
    if after is not None and (before is None or _differs(before.text, after.text)):
        return Answer(context.topic, situation)
    for name in details:
        topic = f"{FACET_OF_DETAIL.get(name, context.facet)}/{context.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    return Answer(context.topic, situation)


def _continued(
    text: str, situation: dict[str, str], context: Context, base: KnowledgeBase
) -> Decision:
    """« Et ensuite ? »: what comes at the end, when the documents say it."""
    topic = f"fin/{context.subject}"
    if context.facet != "fin" and base.covers(topic):
        return Answer(topic, situation)
    related = base.sheets[context.subject].related if context.subject in base.sheets else []
    near = tuple(topic for topic in related if base.covers(topic))[:MOST_PROPOSED]
    return Propose(near) if near else NotUnderstood()


_ELLIPSIS = re.compile(
    r"^(ok |oui |d'accord |non |mais |alors |bon |bah |ben |euh )*"
    r"(et|ou|si|pour|avec|sans|donc|alors|mais|pareil|idem|c'est)\b",
    re.I,
)


def _is_elliptic(ranking: Ranking) -> bool:
    return len(ranking.text.split()) <= 9 and bool(_ELLIPSIS.match(ranking.text.strip()))


def main_facet(subject: str, base: KnowledgeBase) -> str:
    """The facet that a subject is about when none is asked: its steps, or its first."""
    names = base.facets_of(subject) if subject in base.sheets else []
    return "etapes" if "etapes" in names or not names else names[0]


def _situation(subject: str, details: dict[str, str], context: Context) -> dict[str, str]:
    """The situation of a new question: all that was said, if it is still the same subject."""
    kept = context.situation if subject == context.subject else _kept(context.situation)
    return kept | details


def _kept(situation: dict[str, str]) -> dict[str, str]:
    """What stays true of the person when they change subject: their account."""
    return {name: value for name, value in situation.items() if name == "compte"}


def _as_question(topic: str, base: KnowledgeBase) -> str:
    facet, subject = split_topic(topic)
    if facet in ("relance", "demarrer"):
        return f"{main_facet(subject, base)}/{subject}"
    return topic


def _differs(before: str, after: str) -> bool:
    return before != after


def _top(totals: dict[str, float]) -> tuple[str, float]:
    return max(totals.items(), key=lambda pair: pair[1]) if totals else ("", 0.0)


def _unique(topics: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(topics))
