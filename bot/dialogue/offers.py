"""The choice offered that a message takes up: by its words or its rank, by going ahead."""

from collections.abc import Sequence

import french
from bot.dialogue.acts import Kind
from bot.dialogue.table import WHOLE
from bot.heard import Heard
from french.commands import yes_or_no
from french.kinds.choice import taken_up
from knowledge.query import split_topic

SUBJECT_CLEAR = 0.50
NEW_QUESTION = 0.60  # a question this clear on something else is not an answer to the choices
LONGEST_ANSWER_WORDS = 12
# Offers that bind: words take them up by the acts of the table, which must say them whole.
_BINDING = ("begin:", "report:")
# Acts by which an offer that stands alone is taken up.
_AGREEING = (Kind.AFFIRM, Kind.ACCEPT, Kind.RESUME, Kind.BEGIN)


def taken(heard: Heard, offered: Sequence[dict[str, str]], act: Kind) -> str | None:
    """The value of the choice that a message takes up, or None when it says something else."""
    if not offered or len(heard.text.split()) > LONGEST_ANSWER_WORDS:
        return None
    return (
        _by_agreeing(heard, offered, act)
        or _by_detail(heard, offered)
        or _by_words(heard, offered, act)
        or _by_subject(heard, offered)
    )


def _by_agreeing(heard: Heard, offered: Sequence[dict[str, str]], act: Kind) -> str | None:
    """« oui », « on y va »: the only choice, or the only démarche to begin; no other was named."""
    if act not in _AGREEING:
        return None
    alone = offered[0]["value"] if len(offered) == 1 else ""
    if alone and not alone.startswith(_BINDING) and act in (Kind.AFFIRM, Kind.ACCEPT):
        return alone
    begun = [c["value"] for c in offered if c["value"].startswith("begin:")]
    if len(begun) != 1 or not _agrees(heard):
        return None
    subject = begun[0].partition(":")[2]
    topics = [(split_topic(topic)[1], p) for topic, p in heard.whole.topics if "/" in topic]
    others = [p for named, p in topics if named != subject]
    return begun[0] if max(others, default=0.0) < SUBJECT_CLEAR else None


def _agrees(heard: Heard) -> bool:
    """A yes and nothing else, or a wish to begin said whole."""
    return heard.binds.get("open", 0.0) >= WHOLE or yes_or_no(heard.text) == "yes"


def _by_detail(heard: Heard, offered: Sequence[dict[str, str]]) -> str | None:
    wanted = {f"detail:{field}={value}" for field, value in heard.details.items()}
    return next((c["value"] for c in offered if c["value"] in wanted), None)


def _by_words(heard: Heard, offered: Sequence[dict[str, str]], act: Kind) -> str | None:
    if act in (Kind.WHY, Kind.PERSON, Kind.PAUSE, Kind.DENY) or "?" in heard.text:
        return None
    others = [c for c in offered if not c["value"].startswith("begin:")]
    if others and not _agrees(heard):
        offered = others  # beside other choices, a démarche is begun by words that say it whole
    choices = tuple(french.Choice(c["value"], c["label"]) for c in offered)
    value = taken_up(heard.text, choices)
    return None if value is None or value.startswith("report:") else value


def _by_subject(heard: Heard, offered: Sequence[dict[str, str]]) -> str | None:
    """The choice whose subject the message speaks of, when the others are clearly less so."""
    subjects = heard.whole.subjects
    scored: dict[str, float] = {}
    for choice in offered:
        kind, _, topic = choice["value"].partition(":")
        if kind == "topic":
            scored[choice["value"]] = subjects.get(split_topic(topic)[1], 0.0)
    if not scored:
        return None
    value, score = max(scored.items(), key=lambda pair: pair[1])
    if score < SUBJECT_CLEAR:
        return None
    same = [v for v, s in scored.items() if s == score]
    if len(same) > 1:  # several facets of one subject: the facet decides
        facets = heard.whole.facets
        value = max(same, key=lambda v: facets.get(split_topic(v.partition(":")[2])[0], 0.0))
    facet = split_topic(heard.whole.best)[0]
    asks_other_facet = (
        heard.whole.confidence >= NEW_QUESTION
        and facet not in ("relance", "demarrer", split_topic(value.partition(":")[2])[0])
        and "?" in heard.text
    )
    return None if asks_other_facet else value
