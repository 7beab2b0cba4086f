"""What to do with a message: answer, ask, propose or decline. Pure functions, no speech.

The order is: an answer to the choices just offered; a follow-up of the topic under way; a question
on its own.
"""

from dataclasses import replace

import french
from bot.heard import POLITE, Heard, Ranking
from bot.questions.focus import Focus
from bot.questions.follow_up import follow_up
from bot.questions.outcomes import (
    Answer,
    AskWhich,
    AskWhichToBegin,
    Begin,
    Decision,
    NotCovered,
    NotUnderstood,
    Propose,
    Unrelated,
)
from bot.questions.thresholds import (
    ANSWER,
    CLEAR,
    CLEARLY_COVERED,
    DOUBTFULLY_CLEAR,
    FACET_SURE,
    KIN,
    LIKELY,
    MOST_PROPOSED,
    NAMED_OUTSIDE,
    OFFERED,
    OUTSIDE,
    PART_ANSWER,
    PLAUSIBLE,
    RIVAL,
    SAME_SUBJECT,
    SHORT_WORDS,
    SUBJECT_SURE,
    UNFAMILIAR_SIMILARITY,
    UNFAMILIAR_WORDS,
    UNNAMED,
    UNSAID,
    UNSAID_AT_LEAST,
)
from bot.questions.topics import (
    UNKNOWN_SUBJECT,
    as_question,
    has_flow,
    main_facet,
    situation_of,
    top,
    unique,
)
from french import plates
from knowledge.query import KnowledgeBase, split_topic


def decide(
    heard: Heard, focus: Focus, base: KnowledgeBase, *, wish: bool = False
) -> list[Decision]:
    """One decision, or two when the message asks two clear questions.

    ``wish``: the message wishes to begin a démarche, rather than asks about it.
    """
    rankings = [_in_context(ranking, focus, base) for ranking in _questions(heard)]
    if heard.unsaid and len(rankings) == 1:
        rankings = [_leaning_outside(rankings[0], heard.unsaid)]
    details = dict(heard.details) | _format_of_plate(heard.text)
    together = wish and len(rankings) == 1
    return [_of_ranking(ranking, details, focus, base, together) for ranking in rankings]


def _format_of_plate(text: str) -> dict[str, str]:
    """The detail that a plate given in full tells: its format."""
    found = french.find("plate", text)
    kind = plates.format_of(found[0].value) if found else None
    return {"plaque": str(kind)} if kind in ("siv", "fni") else {}


def _in_context(ranking: Ranking, focus: Focus, base: KnowledgeBase) -> Ranking:
    """A short message's ranking, leaning towards what the conversation is about."""
    if focus.subject not in base.sheets or len(ranking.text.split()) > SHORT_WORDS:
        return ranking
    kin = {sheet.id for sheet in base.lineage(focus.subject)}
    offered = {choice["value"].partition(":")[2] for choice in focus.offered}
    kin |= {split_topic(topic)[1] for topic in offered}

    def weight_of(topic: str) -> float:
        subject = split_topic(topic)[1]
        if subject == focus.subject:
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
    ranking: Ranking,
    details: dict[str, str],
    focus: Focus,
    base: KnowledgeBase,
    together: bool,
) -> Decision:
    vaguely = together and ranking.outside < OUTSIDE and top(ranking.subjects)[1] < SUBJECT_SURE
    likely = _likely_flows(ranking, focus, base) if vaguely else ()
    if likely:
        return Begin(likely[0]) if len(likely) == 1 else AskWhichToBegin(likely)
    following = None if together else follow_up(ranking, details, focus, base)
    if following is not None:
        return following
    facet, subject = split_topic(ranking.best)
    if facet == "sans_rapport" and ranking.confidence >= NAMED_OUTSIDE:
        return Unrelated()
    if ranking.outside >= OUTSIDE:
        return _outside(ranking, details, base)
    if ranking.similarity < UNFAMILIAR_SIMILARITY and ranking.known < UNFAMILIAR_WORDS:
        return NotUnderstood()
    begun = together and has_flow(subject, base)
    if begun:
        facet = "demarrer"
    elif facet == "demarrer":
        facet = main_facet(subject, base)
    rivals = _rivals(ranking, base) if facet == "demarrer" else ()
    if len(rivals) > 1:
        return AskWhichToBegin(rivals)
    situation = situation_of(subject, details, focus)
    if ranking.confidence < CLEAR and subject not in base.clarifications:
        vague = _vague(ranking, base, DOUBTFULLY_CLEAR)
        if vague is not None:
            return replace(vague, together=together)
    sure = begun and ranking.subjects.get(subject, 0.0) >= SUBJECT_SURE
    if sure or ranking.confidence >= ANSWER:
        return _on_topic(facet, subject, situation, base)
    return _unsure(ranking, situation, base)


def _likely_flows(ranking: Ranking, focus: Focus, base: KnowledgeBase) -> tuple[str, ...]:
    """The démarches that « avec vous » may be said of: named, else the one under way."""
    if _vague(ranking, base, DOUBTFULLY_CLEAR) is not None:
        return ()
    named = [s for s, p in ranking.subjects.items() if p >= LIKELY and has_flow(s, base)]
    under_way = focus.subject if focus.subject and has_flow(focus.subject, base) else None
    return tuple(named[:MOST_PROPOSED]) or ((under_way,) if under_way else ())


def _rivals(ranking: Ranking, base: KnowledgeBase) -> tuple[str, ...]:
    """The likely démarches of a wish, when they are carried through by different questions."""
    likely = [s for s, p in ranking.subjects.items() if p >= RIVAL and has_flow(s, base)]
    flows = {next(sheet.id for sheet in base.lineage(s) if sheet.flow) for s in likely}
    return tuple(likely) if len(flows) == len(likely) else ()


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
        for topic in (as_question(t, base) for t, p in ranking.topics if p >= PLAUSIBLE)
        if base.covers(topic)
    ]
    vague = _vague(ranking, base, ANSWER)
    if vague is not None:
        return vague
    subject, subject_p = top(ranking.subjects)
    if plausible and ranking.outside < OUTSIDE / 2:
        first = as_question(ranking.best, base)
        alone = len(unique(plausible)) == 1 and ranking.confidence >= LIKELY
        about = subject_p >= SUBJECT_SURE and split_topic(first)[1] == subject
        if base.covers(first) and (alone or (about and ranking.confidence >= LIKELY)):
            return Answer(first, situation)
    offered = unique(plausible)[:MOST_PROPOSED]
    if ranking.outside >= max(ranking.confidence, OUTSIDE / 2):
        return NotCovered(near=offered)
    if offered:
        return Propose(offered)
    facet, facet_p = top(ranking.facets)
    if facet_p >= FACET_SURE and facet in base.facets:
        return AskWhich(_unknown(facet, base), facet)
    return NotUnderstood()


def _vague(ranking: Ranking, base: KnowledgeBase, enough: float) -> AskWhich | None:
    """The clarification to ask when vague subjects together weigh more than any clear one."""
    unclear = {s: p for s, p in ranking.subjects.items() if s in base.clarifications}
    if sum(unclear.values()) < enough:
        return None
    subject = top(unclear)[0]
    facet = next((f for f in ranking.facets if f in base.facets), "etapes")
    return AskWhich(_unknown(facet, base) if subject == UNKNOWN_SUBJECT else subject, facet)


def _unknown(facet: str, base: KnowledgeBase) -> str:
    """The clarification of a question without subject: the facet's own, or the general one."""
    own = f"{UNKNOWN_SUBJECT}_{facet}"
    return own if own in base.clarifications else UNKNOWN_SUBJECT


def _outside(ranking: Ranking, details: dict[str, str], base: KnowledgeBase) -> Decision:
    named = [(split_topic(t)[1], p) for t, p in ranking.topics if split_topic(t)[0] == "hors"]
    likely = as_question(ranking.best, base)
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
