"""Recognising that a message corrects an earlier answer, by its name or by its value."""

import re
from collections.abc import Sequence
from datetime import date

import french
from bot.actions.flow.answers import FREE_KINDS, READ_AS, Given, Unread, is_yes_no, read
from bot.actions.flow.finding import find_others
from bot.actions.flow.naming import named_at_length
from bot.actions.heard import Heard
from bot.actions.phrases import Phrases, bare
from knowledge.schema import Champ

_SAID = Phrases(__file__)
_CORRECTIVE = re.compile(rf"\b{_SAID.any('corrective')}\b")
_CORRECTIVE_OPENING = re.compile(
    rf"(?:{_SAID.any('before_opening')} )*{_SAID.any('corrective_opening')}"
)
_KINDS: dict[str, str] = _SAID.entries["kinds"]
_LIGHT = _SAID.words("light")
_LINK = re.compile(rf"^.*?(?:\b{_SAID.any('link')}\b|:)\s*(?!pas\b)", re.I)
_DENIES = re.compile(rf"\b{_SAID.any('denies')}\b")
_NOT_AT_HAND = re.compile(rf"\b{_SAID.any('not_at_hand')}\b")


def denied(champ: Champ, fields: Sequence[Champ], text: str) -> Given | None:
    """« je n'ai pas de code »: the answer no to the question that a field hangs on."""
    plain = bare(text)
    when = champ.when if isinstance(champ.when, dict) else {}
    if _DENIES.search(plain) is None or _NOT_AT_HAND.search(plain) or len(when) != 1:
        return None
    slot, wanted = next(iter(when.items()))
    asked = next((f for f in fields if f.id == slot and f.kind == "choice" and is_yes_no(f)), None)
    return Given(slot, "non") if asked is not None and wanted == "oui" else None


def is_corrective(text: str, opening: bool = False) -> bool:
    """Whether a message says that something said before is not right."""
    plain = bare(text)
    if opening:
        return _CORRECTIVE_OPENING.match(plain) is not None
    return _CORRECTIVE.search(plain) is not None


def field_named(text: str, answered: Sequence[Champ]) -> Champ | None:
    """The answered field that a message names; the last answered where several fit equally.

    Words that several fields share (« client ») tell none of them.
    """
    said = _stems(text)
    best: tuple[int, Champ] | None = None
    for champ in answered:
        others = [other for other in answered if other is not champ]
        label = _stems(champ.label).difference(*(_stems(o.label) for o in others))
        question = _stems(champ.question).difference(
            *(_stems(f"{o.label} {o.question}") for o in others)
        )
        kind = _stems(_KINDS.get(champ.kind, ""), shortest=3)
        named = 3 * len(said & label) + 2 * len(_stems(text, 3) & kind) + len(said & question)
        if named and (best is None or named >= best[0]):
            best = (named, champ)
    return best[1] if best else None


def kind_named(text: str, answered: Sequence[Champ]) -> bool:
    """Whether a message says what an answered field is made of (« l'adresse », « la plaque »)."""
    said = _stems(text, 3)
    return any(said & _stems(_KINDS.get(champ.kind, ""), 3) for champ in answered)


def _stems(text: str, shortest: int = 4) -> set[str]:
    """The telling words of a text, without the endings that change."""
    words = (word for word in bare(text).split() if len(word) >= shortest)
    return {word[:7] for word in words if word not in _LIGHT}


def new_values(
    answered: Sequence[Champ],
    values: dict[str, str],
    heard: Heard,
    findable: Sequence[Champ],
    today: date,
) -> list[Given]:
    """The answers that a message changes: what it gives that was answered otherwise."""
    found = find_others(findable, "", heard.text, heard.details, today)
    changed = [g for g in found if not g.doubt and g.value != values.get(g.slot)]
    by_name = _renamed(answered, values, heard.text)
    if by_name is not None and by_name.slot not in {g.slot for g in changed}:
        changed = [*(g for g in changed if not _is_choice(g.slot, answered)), by_name]
    return changed or _told_again(answered, heard, today)


def _renamed(answered: Sequence[Champ], values: dict[str, str], text: str) -> Given | None:
    """The choice that a message names most fully in place of the one that was made."""
    best: tuple[int, Given] | None = None
    for champ in answered:
        hit = None if champ.kind != "choice" or is_yes_no(champ) else named_at_length(champ, text)
        if hit and hit[0] != values.get(champ.id) and (best is None or hit[1] > best[0]):
            best = (hit[1], Given(champ.id, hit[0]))
    return best[1] if best else None


def _told_again(answered: Sequence[Champ], heard: Heard, today: date) -> list[Given]:
    """« le nom c'est Paul Durand »: a field named, then its value, of whatever form."""
    champ = field_named(heard.text, answered)
    link = _LINK.match(heard.text)
    if champ is None or link is None or link.end() == len(heard.text):
        return []
    if champ.kind not in FREE_KINDS and champ.kind != "choice":
        reading = french.parse(READ_AS.get(champ.kind, champ.kind), heard.text[link.end() :])
        return [Given(champ.id, reading.value)] if reading.value and not reading.doubt else []
    given = read(champ, heard.text[link.end() :], today)
    return [] if isinstance(given, Unread) or given.doubt else [given]


def _is_choice(slot: str, answered: Sequence[Champ]) -> bool:
    return any(champ.id == slot and champ.kind == "choice" for champ in answered)
