"""How far a dossier is: pure functions of its form and its values.

Values are in normal form, by field id; an empty value is an optional field that was skipped. A
condition has three values: a field applies, does not apply, or it is not known yet. A value given
ahead of time, while its field is not known to apply, is kept and waits; one whose field no longer
applies is dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dossiers.form import Form
from french.plates import format_of
from knowledge.conditions import evaluate
from knowledge.query import KnowledgeBase
from knowledge.schema import Champ, Item, Note, Obstacle, Piece, Step, When

MAJORITY = 18

Values = Mapping[str, str]
Situation = dict[str, str]


@dataclass(frozen=True)
class Progress:
    """Where a dossier is. ``done`` and ``total`` count the fields that apply."""

    situation: Situation = field(repr=False)
    applicable: tuple[Champ, ...]
    unanswered: tuple[Champ, ...]
    pending: tuple[Champ, ...]
    obstacles: tuple[Obstacle, ...]
    pieces: tuple[Piece, ...]
    pieces_unknown: tuple[Piece, ...]
    pays: bool
    control: bool

    @property
    def next(self) -> Champ | None:
        """The field to ask now: required ones first, each in the order of the form."""
        required = (entry for entry in self.unanswered if not entry.optional)
        return next(required, next(iter(self.unanswered), None))

    @property
    def missing(self) -> tuple[Champ, ...]:
        """The required fields without an answer."""
        return tuple(entry for entry in self.unanswered if not entry.optional)

    @property
    def total(self) -> int:
        return len(self.applicable)

    @property
    def done(self) -> int:
        return self.total - len(self.unanswered)

    @property
    def pieces_possible(self) -> tuple[Piece, ...]:
        """The pièces that may be asked still, since a field that would tell was skipped."""
        return self.pieces_unknown if self.answered else ()

    @property
    def answered(self) -> bool:
        """Whether nothing is left to ask."""
        return not self.unanswered


@dataclass(frozen=True)
class Change:
    """What a new answer brought: the values after it, and the fields that moved.

    ``dropped`` had an answer and no longer apply; ``asked`` newly apply and have no answer.
    """

    values: dict[str, str]
    dropped: tuple[Champ, ...]
    asked: tuple[Champ, ...]


def progress(form: Form, values: Values, today: date) -> Progress:
    """Where a dossier with these values is, today (an age depends on the day)."""
    known = situation_of(form, values, today)
    asked = [entry for entry in form.flow.fields if entry.preset is None]
    applicable = tuple(entry for entry in asked if holds(entry.when, known))
    pieces: dict[str, Piece] = {}
    unknown: dict[str, Piece] = {}
    for piece in form.pieces:
        applies = True if piece.when is None else evaluate(piece.when, known)
        if applies:
            pieces.setdefault(piece.id, piece)
        elif applies is None:
            unknown.setdefault(piece.id, piece)
    return Progress(
        situation=known,
        applicable=applicable,
        unanswered=tuple(entry for entry in applicable if entry.id not in values),
        pending=tuple(entry for entry in asked if _unknown(entry.when, known)),
        obstacles=tuple(entry for entry in form.flow.obstacles if evaluate(entry.when, known)),
        pieces=tuple(pieces.values()),
        pieces_unknown=tuple(piece for piece in unknown.values() if piece.id not in pieces),
        pays=form.flow.pays is not None and holds(form.flow.pays, known),
        control=form.flow.control is not None and holds(form.flow.control, known),
    )


def situation_of(form: Form, values: Values, today: date) -> Situation:
    """What is known: the values of the fields that apply, presets, and what follows from them.

    Fields are read in the form's order until nothing new is known, so that the order in which
    the answers were given does not count.
    """
    known: Situation = {}
    for _ in form.flow.fields:
        before = dict(known)
        known = {}
        for entry in form.flow.fields:
            value = entry.preset if entry.preset is not None else values.get(entry.id)
            # A field that was skipped tells nothing: what hangs on it stays possible.
            if not value or not holds(entry.when, before | known):
                continue
            known[entry.id] = value
            known |= _derived(form, entry, value, today)
        if known == before:
            break
    return known


def change(form: Form, values: Values, slot: str, value: str | None, today: date) -> Change:
    """The values after an answer (None: forgotten), without those that no longer apply."""
    before = progress(form, values, today)
    after = {name: kept for name, kept in values.items() if name != slot}
    if value is not None:
        after[slot] = value
    dropped: list[Champ] = []
    # Dropping an answer may make another one inapplicable in its turn.
    while gone := _inapplicable(form, after, slot, today):
        dropped += gone
        for entry in gone:
            del after[entry.id]
    to_ask = progress(form, after, today).unanswered
    was_to_ask = {entry.id for entry in before.unanswered} | {slot}
    return Change(
        after, tuple(dropped), tuple(entry for entry in to_ask if entry.id not in was_to_ask)
    )


def _inapplicable(form: Form, values: Values, slot: str, today: date) -> list[Champ]:
    known = situation_of(form, values, today)
    return [
        entry
        for entry in form.flow.fields
        if entry.id in values
        and entry.id != slot
        and entry.when is not None
        and evaluate(entry.when, known) is False
    ]


def warnings(form: Form, known: Situation) -> tuple[Note, ...]:
    """What to be warned of at the recap."""
    return tuple(note for note in form.flow.warnings if may_hold(note.when, known))


def clicks(form: Form, known: Situation) -> tuple[Step, ...]:
    """The site's steps in order."""
    return tuple(step for step in form.flow.clicks if may_hold(step.when, known))


def outputs(form: Form, known: Situation) -> tuple[Item, ...]:
    """The documents obtained at the end."""
    return tuple(item for item in form.flow.outputs if may_hold(item.when, known))


def elements(base: KnowledgeBase, demarche: str, known: Situation) -> tuple[Item, ...]:
    """What to have at hand, from the documents' table; empty when they are silent."""
    answer = base.answer(f"elements/{demarche}", known)
    return answer.items if answer else ()


def holds(when: When, known: Situation) -> bool:
    """Whether a condition is known to hold (no condition always does)."""
    return when is None or evaluate(when, known) is True


def may_hold(when: When, known: Situation) -> bool:
    return when is None or evaluate(when, known) is not False


def _unknown(when: When, known: Situation) -> bool:
    return when is not None and evaluate(when, known) is None


def _derived(form: Form, entry: Champ, value: str, today: date) -> Situation:
    """What an answer tells besides itself: the plate's format, minority, the category."""
    if entry.kind == "plate":
        shape = format_of(value)
        return {"plaque": shape} if shape else {}
    if entry.kind == "birth_date":
        return {"mineur": "oui" if _is_minor(value, today) else "non"}
    if value in form.parents and entry.id == "sous_categorie":
        return {"categorie": form.parents[value]}
    return {}


def _is_minor(birth: str, today: date) -> bool:
    born = date.fromisoformat(birth)
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (not had_birthday) < MAJORITY
