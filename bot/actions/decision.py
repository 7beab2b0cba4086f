"""What to do with a message: answer, ask, propose or decline. Pure functions, no speech.

The order is: an answer to the choices just offered; a follow-up of the topic under way; a question
on its own. Thresholds are set on the tuning half of the evaluation set (``make evaluate``).
"""

import re
from dataclasses import dataclass, replace

from bot.actions.context import Context
from bot.actions.heard import POLITE, Heard, Ranking
from bot.actions.pending import chosen
from french import plates
from knowledge.query import KnowledgeBase, split_topic

ANSWER = 0.45  # a topic this probable is answered
SUBJECT_SURE = 0.60  # else, with a subject this probable, its likeliest facet is answered
CLEAR = 0.70  # below it, vague subjects that together weigh …
DOUBTFULLY_CLEAR = 0.22  # … this much are worth asking about
LIKELY = 0.28  # … when it is this probable
UNNAMED = 0.12  # outside, when no outside topic is even this probable: a likely topic is proposed
FACET_SURE = 0.60  # a facet this probable is kept, and its subject asked
OUTSIDE = 0.35  # outside topics this probable together are declined
NAMED_OUTSIDE = 0.20  # … by name when one of them is this probable
PLAUSIBLE = 0.10  # a topic this probable may be proposed
PART_ANSWER = 0.65  # a sentence of a message counts alone when this probable
MOST_PROPOSED = 3
UNFAMILIAR_SIMILARITY = 0.30  # nothing like it was ever seen:
UNFAMILIAR_WORDS = 0.50  # … and half of its words are unknown

UNKNOWN_SUBJECT = "inconnu"
# In a short message, what is being talked about, or was just offered, is likelier.
SHORT_WORDS = 11
SAME_SUBJECT = 5.0
OFFERED = 4.0
KIN = 2.0
# A price or a delay asked in so many words, unless the topic is clear.
UNSAID = 6.0
UNSAID_AT_LEAST = 0.15
CLEARLY_COVERED = 0.80
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
class Begin:
    """Begin a démarche with the guide's help."""

    demarche: str


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


Decision = Answer | Begin | AskWhich | Propose | NotCovered | NotUnderstood | Unrelated


def decide(heard: Heard, context: Context, base: KnowledgeBase) -> list[Decision]:
    """One decision, or two when the message asks two clear questions."""
    picked = chosen(heard, context.pending)
    if picked is not None:
        return [_of_choice(picked, heard, context)]
    rankings = [_in_context(ranking, context, base) for ranking in _questions(heard)]
    if heard.unsaid and len(rankings) == 1:
        rankings = [_leaning_outside(rankings[0], heard.unsaid)]
    return [_of_ranking(ranking, heard.details, context, base) for ranking in rankings]


def _in_context(ranking: Ranking, context: Context, base: KnowledgeBase) -> Ranking:
    """A short message's ranking, leaning towards what the conversation is about."""
    if context.subject not in base.sheets or len(ranking.text.split()) > SHORT_WORDS:
        return ranking
    kin = {sheet.id for sheet in base.lineage(context.subject)}
    offered = {choice["value"].partition(":")[2] for choice in context.pending}
    kin |= {split_topic(topic)[1] for topic in offered}

    def weight_of(topic: str) -> float:
        subject = split_topic(topic)[1]
        if subject == context.subject:
            return SAME_SUBJECT
        if topic in offered:
            return OFFERED
        related = subject in kin or (subject in base.sheets and base.sheets[subject].parent in kin)
        return KIN if related else 1.0

    return ranking.reweighted(weight_of)


def _leaning_outside(ranking: Ranking, outside: str) -> Ranking:
    """A ranking where what is asked in so many words (a price, a delay) counts more."""
    topic = f"hors/{outside}"
    if ranking.confidence >= CLEARLY_COVERED and not ranking.best.startswith("hors/"):
        return ranking
    if topic not in dict(ranking.topics):
        ranking = replace(ranking, topics=(*ranking.topics, (topic, UNSAID_AT_LEAST)))
    return ranking.reweighted(lambda other: UNSAID if other == topic else 1.0)


def of_value(value: str, context: Context) -> Decision | None:
    """What a choice's value stands for: a topic, or a detail of the topic under way."""
    kind, _, rest = value.partition(":")
    if kind == "begin":
        return Begin(rest)
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
    if heard.whole.best in POLITE and not clear:
        return [heard.whole.without(POLITE)]
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
    if _gives_a_plate(ranking.text) and facet in ("demarrer", "relance", "etapes"):
        facet = "demarrer"
    elif facet == "demarrer" and not _wishes(ranking.text):
        facet = main_facet(subject, base)
    situation = _situation(subject, details, context)
    if ranking.confidence < CLEAR and subject not in base.clarifications:
        vague = _vague(ranking, base, DOUBTFULLY_CLEAR)
        if vague is not None:
            return vague
    if ranking.confidence >= ANSWER:
        return _on_topic(facet, subject, situation, base)
    return _unsure(ranking, situation, base)


def _on_topic(facet: str, subject: str, situation: dict[str, str], base: KnowledgeBase) -> Decision:
    if facet == "demarrer" and has_flow(subject, base):
        return Begin(subject)
    if facet in ("demarrer", "relance"):
        facet = main_facet(subject, base)
    if subject in base.clarifications:
        return AskWhich(_unknown(facet, base) if subject == UNKNOWN_SUBJECT else subject, facet)
    topic = f"{facet}/{subject}"
    if base.covers(topic):
        return Answer(topic, situation)
    if subject in base.sheets:
        near = tuple(f"{name}/{subject}" for name in base.facets_of(subject)[:MOST_PROPOSED])
        return NotCovered(topic=topic, near=near)
    return NotUnderstood()


def _unsure(ranking: Ranking, situation: dict[str, str], base: KnowledgeBase) -> Decision:
    """No topic is sure: lean on what is (the subject, the facet), else propose or decline."""
    plausible = [
        topic
        for topic in (_as_question(t, base) for t, p in ranking.topics if p >= PLAUSIBLE)
        if base.covers(topic)
    ]
    vague = _vague(ranking, base, ANSWER)
    if vague is not None:
        return vague
    subject, subject_p = _top(ranking.subjects)
    if plausible and ranking.outside < OUTSIDE / 2:
        first = _as_question(ranking.best, base)
        alone = len(_unique(plausible)) == 1 and ranking.confidence >= LIKELY
        about = subject_p >= SUBJECT_SURE and split_topic(first)[1] == subject
        if base.covers(first) and (alone or (about and ranking.confidence >= LIKELY)):
            return Answer(first, situation)
    offered = _unique(plausible)[:MOST_PROPOSED]
    if ranking.outside >= max(ranking.confidence, OUTSIDE / 2):
        return NotCovered(near=offered)
    if offered:
        return Propose(offered)
    facet, facet_p = _top(ranking.facets)
    if facet_p >= FACET_SURE and facet in base.facets:
        return AskWhich(_unknown(facet, base), facet)
    return NotUnderstood()


def _vague(ranking: Ranking, base: KnowledgeBase, enough: float) -> AskWhich | None:
    """The clarification to ask when vague subjects together weigh more than any clear one."""
    unclear = {s: p for s, p in ranking.subjects.items() if s in base.clarifications}
    if sum(unclear.values()) < enough:
        return None
    subject = _top(unclear)[0]
    facet = next((f for f in ranking.facets if f in base.facets), "etapes")
    return AskWhich(_unknown(facet, base) if subject == UNKNOWN_SUBJECT else subject, facet)


def _unknown(facet: str, base: KnowledgeBase) -> str:
    """The clarification of a question without subject: the facet's own, or the general one."""
    own = f"{UNKNOWN_SUBJECT}_{facet}"
    return own if own in base.clarifications else UNKNOWN_SUBJECT


def _outside(ranking: Ranking, details: dict[str, str], base: KnowledgeBase) -> Decision:
    named = [(split_topic(t)[1], p) for t, p in ranking.topics if split_topic(t)[0] == "hors"]
    likely = _as_question(ranking.best, base)
    if (
        ranking.confidence >= LIKELY
        and base.covers(likely)
        and (not named or named[0][1] < UNNAMED)
    ):
        return Propose((likely,))
    if not named:
        return Unrelated()
    best, p = named[0]
    if best not in base.outsides or p < NAMED_OUTSIDE or p < ranking.outside / 4:
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
            asked = _own_facet(subject, ranking, base)
            return asked or _switch(subject, details, context, base)
        if details:
            return _refined(details, context, base)
        return _aspect_named(ranking, situation, context, base) or _continued(
            situation, context, base
        )
    if facet == "hors" and subject in base.outsides and base.outsides[subject].facet:
        topic = f"{base.outsides[subject].facet}/{context.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    if subject == UNKNOWN_SUBJECT or (subject in base.clarifications and _is_elliptic(ranking)):
        topic = f"{facet}/{context.subject}"
        if base.covers(topic):
            return Answer(topic, situation)
    if _is_elliptic(ranking):
        joined = bool(_JOINED.match(ranking.text.strip()))
        if joined and subject in base.sheets and base.sheets[subject].aspect:
            return _switch(subject, details, context, base)
        if details and ranking.confidence < ANSWER:
            return _refined(details, context, base)
        sure_facet, p = _top(ranking.facets)
        if p >= FACET_SURE and ranking.confidence < ANSWER:
            topic = f"{sure_facet}/{context.subject}"
            if base.covers(topic):
                return Answer(topic, situation)
    return None


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


def _continued(situation: dict[str, str], context: Context, base: KnowledgeBase) -> Decision:
    """« Et ensuite ? »: what comes at the end, when the documents say it."""
    topic = f"fin/{context.subject}"
    if context.facet != "fin" and base.covers(topic):
        return Answer(topic, situation)
    related = base.sheets[context.subject].related if context.subject in base.sheets else []
    near = tuple(topic for topic in related if base.covers(topic))[:MOST_PROPOSED]
    return Propose(near) if near else NotUnderstood()


_ELLIPSIS = re.compile(
    r"^((ok|oui|d'accord|non|mais|alors|bon|bah|ben|euh|merci|mrc)[ ,.]+)*"
    r"(et|ou|si|pour|avec|sans|donc|alors|mais|pareil|idem|c'est|il|elle|je l'ai|là)\b",
    re.I,
)


# A message that carries on from the one before (« et le paiement ? »).
_JOINED = re.compile(
    r"^((ok|oui|d'accord|non|bon|merci|mrc|alors|euh)[ ,.]+)*(et|ou|pour|avec|sans|donc|alors)\b",
    re.I,
)
_HOW = re.compile(
    r"\b(comment|coment|cmt|que faire|quoi faire|koi fer|quelles? (est|sont|étapes?|démarches?)"
    r"|où|c'est quoi|est-ce qu|faut-il)\b",
    re.I,
)
# A wish, an order, or an infinitive that begins the message (« déclarer une vente »).
_WISH = re.compile(
    r"\b(je? ?v(eu[xt]?|x|oudr\w+|s)|j ?'?v(eu|oudr)\w*|jve|ve(ut|ux|ulez|ulons)|voul\w+|voudr\w+"
    r"|souhait\w*|aimer\w*|désir\w*|besoin|il me faut|dois|doit|dev(ons|rais)|il faut|faut que|fo"
    r"|on (fait|va|commence|lance|démarre|prépare|s'y met)|allons|ferons|faisons|faites|fais"
    r"|commen[cç]\w*|d[ée]marr\w*|lan[cç]\w*|pr[ée]par\w*|rempli\w*|demande à)\b"
    r"|^\W*((bonjour|bonsoir|slt|salut|bjr|euh|alors|oui|svp)\W+)*\w+(er|ir|re)\b",
    re.I,
)
_WITH_HELP = re.compile(
    r"\b(avec (vous|moi|toi)|aide[rz]?[- ]?moi|m'aider|ensemble|on peut)\b", re.I
)


def _wishes(text: str) -> bool:
    """Whether a text is a wish to begin, rather than a question or the mere name of a démarche."""
    if _WITH_HELP.search(text):
        return True
    return bool(_WISH.search(text)) and not _HOW.search(text)


def _gives_a_plate(text: str) -> bool:
    """Whether a plate is given, and nothing asked: who gives one wants the démarche done."""
    return bool(plates.find(text)) and not _HOW.search(text) and "?" not in text


def _is_elliptic(ranking: Ranking) -> bool:
    return len(ranking.text.split()) <= 9 and bool(_ELLIPSIS.match(ranking.text.strip()))


def main_facet(subject: str, base: KnowledgeBase) -> str:
    """The facet that a subject is about when none is asked: its steps, or its first."""
    names = base.facets_of(subject) if subject in base.sheets else []
    return "etapes" if "etapes" in names or not names else names[0]


def has_flow(subject: str, base: KnowledgeBase) -> bool:
    """Whether a subject, or the démarche it is a case of, can be carried through."""
    return subject in base.sheets and any(sheet.flow for sheet in base.lineage(subject))


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
