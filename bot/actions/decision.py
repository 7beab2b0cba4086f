"""What to do with a message: answer, ask, propose or decline. Pure functions, no speech.

The order is: an answer to the choices just offered; a follow-up of the topic under way; a question
on its own.
"""

from dataclasses import replace

from bot.actions.context import Context
from bot.actions.follow_up import follow_up
from bot.actions.heard import POLITE, Heard, Ranking
from bot.actions.outcomes import (
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
from bot.actions.pending import chosen
from bot.actions.thresholds import (
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
    RATHER_WISHED,
    RIVAL,
    SAME_SUBJECT,
    SHORT_WORDS,
    SUBJECT_SURE,
    UNFAMILIAR_SIMILARITY,
    UNFAMILIAR_WORDS,
    UNNAMED,
    UNSAID,
    UNSAID_AT_LEAST,
    WISHED,
)
from bot.actions.topics import (
    UNKNOWN_SUBJECT,
    as_question,
    has_flow,
    main_facet,
    situation_of,
    top,
    unique,
)
from bot.actions.wishes import asks_for_company, gives_a_plate, wishes
from french import plates
from knowledge.query import KnowledgeBase, split_topic


def decide(heard: Heard, context: Context, base: KnowledgeBase) -> list[Decision]:
    """One decision, or two when the message asks two clear questions."""
    picked = chosen(heard, context.pending)
    if picked is not None:
        return [_of_choice(picked, heard, context)]
    rankings = [_in_context(ranking, context, base) for ranking in _questions(heard)]
    if heard.unsaid and len(rankings) == 1:
        rankings = [_leaning_outside(rankings[0], heard.unsaid)]
    details = heard.details | _format_of_plate(heard.text)
    # « avec vous » may stand in another sentence than the wish.
    together = len(rankings) == 1 and asks_for_company(heard.text)
    return [_of_ranking(ranking, details, context, base, together) for ranking in rankings]


def _format_of_plate(text: str) -> dict[str, str]:
    """The detail that a plate given in full tells: its format."""
    found = plates.find(text)
    kind = plates.format_of(found[0][0]) if found else None
    return {"plaque": str(kind)} if kind in ("siv", "fni") else {}


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
    ranking: Ranking,
    details: dict[str, str],
    context: Context,
    base: KnowledgeBase,
    together: bool,
) -> Decision:
    vaguely = together and ranking.outside < OUTSIDE and top(ranking.subjects)[1] < SUBJECT_SURE
    likely = _likely_flows(ranking, context, base) if vaguely else ()
    if likely:
        return Begin(likely[0]) if len(likely) == 1 else AskWhichToBegin(likely)
    following = follow_up(ranking, details, context, base)
    if following is not None:
        return following
    facet, subject = split_topic(ranking.best)
    if facet == "sans_rapport" and ranking.confidence >= NAMED_OUTSIDE:
        return Unrelated()
    if ranking.outside >= OUTSIDE:
        return _outside(ranking, details, base)
    if ranking.similarity < UNFAMILIAR_SIMILARITY and ranking.known < UNFAMILIAR_WORDS:
        return NotUnderstood()
    begun = _is_to_begin(facet, subject, ranking, base, together)
    if begun:
        facet = "demarrer"
    elif facet == "demarrer" and not wishes(ranking.text):
        facet = main_facet(subject, base)
    rivals = _rivals(ranking, base) if facet == "demarrer" else ()
    if len(rivals) > 1:
        return AskWhichToBegin(rivals)
    situation = situation_of(subject, details, context)
    if ranking.confidence < CLEAR and subject not in base.clarifications:
        vague = _vague(ranking, base, DOUBTFULLY_CLEAR)
        if vague is not None:
            return replace(vague, together=together)
    sure = begun and ranking.subjects.get(subject, 0.0) >= SUBJECT_SURE
    if sure or ranking.confidence >= ANSWER:
        return _on_topic(facet, subject, situation, base)
    return _unsure(ranking, situation, base)


def _likely_flows(ranking: Ranking, context: Context, base: KnowledgeBase) -> tuple[str, ...]:
    """The démarches that « avec vous » may be said of: named, else the one under way."""
    if _vague(ranking, base, DOUBTFULLY_CLEAR) is not None:
        return ()
    named = [s for s, p in ranking.subjects.items() if p >= LIKELY and has_flow(s, base)]
    under_way = context.subject if context.subject and has_flow(context.subject, base) else None
    return tuple(named[:MOST_PROPOSED]) or ((under_way,) if under_way else ())


def _rivals(ranking: Ranking, base: KnowledgeBase) -> tuple[str, ...]:
    """The likely démarches of a wish, when they are carried through by different questions."""
    likely = [s for s, p in ranking.subjects.items() if p >= RIVAL and has_flow(s, base)]
    flows = {next(sheet.id for sheet in base.lineage(s) if sheet.flow) for s in likely}
    return tuple(likely) if len(flows) == len(likely) else ()


def _is_to_begin(
    facet: str, subject: str, ranking: Ranking, base: KnowledgeBase, together: bool
) -> bool:
    """Whether a démarche is to be begun, whatever is asked about it otherwise."""
    if together and has_flow(subject, base):
        return True
    main = main_facet(subject, base)
    if gives_a_plate(ranking.text) or together:
        return facet in ("demarrer", "relance", main)
    # A wish as it is worded, and likely enough to be one (« je dois déclarer la cession… »).
    likely = dict(ranking.topics).get(f"demarrer/{subject}", 0.0)
    worded = wishes(ranking.text) and "?" not in ranking.text
    return worded and likely >= (WISHED if facet == main else RATHER_WISHED)


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
