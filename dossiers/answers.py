"""Saving answers: all of a message or none, with what they make inapplicable dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete

from dossiers.form import Form
from dossiers.ledger import Ledger, must_be_editable
from dossiers.model import FieldValueRow
from dossiers.progress import Values, change, situation_of
from dossiers.views import DossierView
from knowledge.conditions import evaluate
from knowledge.schema import Champ

MAX_VALUE = 2000


class ValueRefusedError(ValueError):
    """An answer which the form can't take: no such field, choice, or too long."""


@dataclass(frozen=True)
class Answer:
    """An answer in normal form; empty: the (optional) field is skipped."""

    slot: str
    value: str
    doubt: bool = False


@dataclass(frozen=True)
class Saved:
    """What saving brought.

    ``dropped`` had an answer and no longer apply; ``asked`` newly apply and have no answer;
    ``ignored`` were given but don't apply to this case, and were not kept.
    """

    dossier: DossierView
    dropped: tuple[Champ, ...] = ()
    asked: tuple[Champ, ...] = ()
    ignored: tuple[Champ, ...] = ()


@dataclass(frozen=True)
class Settled:
    values: dict[str, str]
    ignored: tuple[Champ, ...]


def settle(
    form: Form, values: Values, answers: Sequence[Answer], forgotten: Sequence[str], today: date
) -> Settled:
    """The values after the answers, taken in the form's order. Raises ValueRefusedError."""
    order = [entry.id for entry in form.flow.fields]
    checked = [(_checked(form, answer), answer) for answer in answers]
    after, ignored = dict(values), list[Champ]()
    for slot in forgotten:
        after = change(form, after, _field(form, slot).id, None, today).values
    for field, answer in sorted(checked, key=lambda pair: order.index(pair[0].id)):
        tried = change(form, after, field.id, answer.value, today).values
        known = situation_of(form, tried, today)
        if field.when is not None and evaluate(field.when, known) is False:
            ignored.append(field)
        else:
            after = tried
    return Settled(after, tuple(ignored))


def save(
    ledger: Ledger,
    dossier_id: str,
    answers: Sequence[Answer],
    forgotten: Sequence[str],
    who: str,
    seen: datetime | None = None,
) -> Saved:
    """Save answers in one transaction: they are on the disk when this returns.

    Raises ValueRefusedError, NotNowError (already filed, closed), UnknownDossierError,
    ChangedError.
    """
    today = ledger.today()
    with ledger.changing(dossier_id, seen) as (db, row):
        must_be_editable(row)
        before = ledger.view(db, row)
        settled = settle(before.form, before.values, answers, forgotten, today)
        after = settled.values
        for answer in answers:
            if after.get(answer.slot) != answer.value:
                continue
            db.merge(
                FieldValueRow(
                    dossier_id=dossier_id,
                    slot=answer.slot,
                    value=ledger.vault.close(answer.value),
                    doubt=answer.doubt,
                    at=ledger.clock(),
                )
            )
            detail: dict[str, object] = {"slot": answer.slot, "doubt": answer.doubt}
            ledger.note(db, row, who, "value", detail)
        gone = [slot for slot in before.values if slot not in after]
        if gone:
            db.execute(
                delete(FieldValueRow).where(
                    FieldValueRow.dossier_id == dossier_id, FieldValueRow.slot.in_(gone)
                )
            )
            ledger.note(db, row, who, "dropped", {"slots": gone})
        db.flush()
        if after != dict(before.values):
            ledger.reopen(db, row, who)
            db.flush()
        saved = ledger.view(db, row)
    fields = saved.form.flow.fields
    given = {answer.slot for answer in answers} | set(forgotten)
    was_to_ask = {entry.id for entry in before.progress(today).unanswered} | set(forgotten)
    return Saved(
        saved,
        dropped=tuple(entry for entry in fields if entry.id in gone and entry.id not in given),
        asked=tuple(e for e in saved.progress(today).unanswered if e.id not in was_to_ask),
        ignored=settled.ignored,
    )


def _field(form: Form, slot: str) -> Champ:
    field = form.field(slot)
    if field is None or field.preset is not None:
        raise ValueRefusedError(f"the form asks for no « {slot} »")
    return field


def _checked(form: Form, answer: Answer) -> Champ:
    field = _field(form, answer.slot)
    if not answer.value.strip():
        if answer.value or not field.optional:
            raise ValueRefusedError(f"« {field.id} » needs a value")
    elif field.choices and answer.value not in {choice.value for choice in field.choices}:
        raise ValueRefusedError(f"« {field.id} » has no such choice")
    if len(answer.value) > MAX_VALUE:
        raise ValueRefusedError(f"« {field.id} » is too long")
    if field.kind == "birth_date" and answer.value:
        try:
            date.fromisoformat(answer.value)
        except ValueError as error:
            raise ValueRefusedError(f"« {field.id} » is a date (2001-12-31)") from error
    return field
