"""Recognising, in what a person types, one of the choices that were just offered."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

import french
from bot.actions.heard import Heard
from bot.actions.phrases import Phrases, bare
from knowledge.query import split_topic

NEW_QUESTION = 0.60  # a question this clear on something else is not an answer to the choices
SUBJECT_CLEAR = 0.50
LABEL_ALIKE = 88.0
WORD_ALIKE = 82.0
LONGEST_ANSWER_WORDS = 12
_LIGHT_WORDS = frozenset(
    "celui celle ceux celles pour par avec dans sur des les une mon mes mon son ses est ces cette"
    " plutot juste non oui bonjour merci excusez voila alors donc parle parlais voulais dire fait"
    " veux voudrais suis sais que qui quoi pas".split()
)

_ORDINALS: list[tuple[str, int]] = [
    (r"\b(1|un|premiere?|1ere?|1er)\b", 0),
    (r"\b(2|deux|deuxieme|seconde?|2e|2eme)\b", 1),
    (r"\b(3|trois|troisieme|3e|3eme)\b", 2),
    (r"\b(4|quatre|quatrieme|4e|4eme)\b", 3),
    (r"\b(5|cinq|cinquieme|5e|5eme)\b", 4),
    (r"\b(6|six|sixieme|6e|6eme)\b", 5),
]
_SAID = Phrases(__file__)
_GOING = re.compile(
    rf"(?:{_SAID.any('before_going')} )*{_SAID.any('going')}(?: {_SAID.any('after_going')})*"
)
_POINTING = re.compile(r"^(le|la|l|les|choix|option|numero|reponse|c est|plutot|je dirais|\s)*")


def chosen(heard: Heard, pending: Sequence[dict[str, str]]) -> str | None:
    """The value of the choice that a message takes up, or None when it says something else."""
    if not pending or len(heard.text.split()) > LONGEST_ANSWER_WORDS:
        return None
    plain = bare(heard.text)
    if len(pending) == 1 and french.parse("yes_no", heard.text).value == "yes":
        return pending[0]["value"]
    return (
        _by_going_ahead(plain, pending)
        or _by_detail(heard, pending)
        or _by_rank(plain, pending)
        or _by_label(plain, pending)
        or _by_words(plain, pending)
        or _by_subject(heard, pending)
    )


def _by_going_ahead(plain: str, pending: Sequence[dict[str, str]]) -> str | None:
    """« ok on y va »: the démarche that was offered, when it is the only one."""
    offered = [c["value"] for c in pending if c["value"].startswith("begin:")]
    return offered[0] if len(offered) == 1 and _GOING.fullmatch(plain) else None


def _by_detail(heard: Heard, pending: Sequence[dict[str, str]]) -> str | None:
    wanted = {f"detail:{field}={value}" for field, value in heard.details.items()}
    return next((c["value"] for c in pending if c["value"] in wanted), None)


def _by_rank(plain: str, pending: Sequence[dict[str, str]]) -> str | None:
    pointed = _POINTING.sub("", plain).strip()
    if len(pointed.split()) > 2:
        return None
    if re.fullmatch(r"(la |le )?derniere?", pointed):
        return pending[-1]["value"]
    for pattern, rank in _ORDINALS:
        if rank < len(pending) and re.fullmatch(pattern + r"( choix| option)?", pointed):
            return pending[rank]["value"]
    return None


def _by_label(plain: str, pending: Sequence[dict[str, str]]) -> str | None:
    scored = sorted(
        ((fuzz.token_set_ratio(plain, bare(c["label"])), c["value"]) for c in pending),
        reverse=True,
    )
    best = scored[0]
    alone = len(scored) == 1 or scored[1][0] < best[0] - 8
    return best[1] if best[0] >= LABEL_ALIKE and alone and len(plain) >= 4 else None


def _by_words(plain: str, pending: Sequence[dict[str, str]]) -> str | None:
    """The only choice whose label holds every telling word of the message."""
    telling = [word for word in plain.split() if word not in _LIGHT_WORDS and len(word) > 2]
    if not telling:
        return None
    held = [
        choice["value"]
        for choice in pending
        if all(_holds(bare(choice["label"]), word) for word in telling)
    ]
    return held[0] if len(held) == 1 else None


def _holds(label: str, word: str) -> bool:
    return any(fuzz.ratio(word, other) >= WORD_ALIKE for other in label.split())


def _by_subject(heard: Heard, pending: Sequence[dict[str, str]]) -> str | None:
    """The choice whose subject the message speaks of, when the others are clearly less so."""
    subjects = heard.whole.subjects
    scored: dict[str, float] = {}
    for choice in pending:
        kind, _, topic = choice["value"].partition(":")
        if kind == "topic":
            scored[choice["value"]] = subjects.get(split_topic(topic)[1], 0.0)
    if not scored:
        return None
    value, score = max(scored.items(), key=lambda pair: pair[1])
    same = [v for v, s in scored.items() if s == score]
    if score < SUBJECT_CLEAR:
        return None
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
