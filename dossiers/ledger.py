"""Reading and changing dossiers in the database: one lock, one transaction, one event a change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Delete, Engine, select, update
from sqlalchemy.orm import Session

from dossiers.calendar import Calendar
from dossiers.form import Form
from dossiers.model import AttachmentRow, DossierRow, EventRow, FieldValueRow, KeyRow
from dossiers.states import FINAL, TEXTS, Move, Register, State, check
from dossiers.vault import UnreadableError, Vault
from dossiers.views import AttachmentState, AttachmentView, DossierView, Event

_PROBE = "repere"
_whole: ContextVar[Session | None] = ContextVar("whole", default=None)


class UnknownDossierError(Exception):
    """There is no such dossier (or it was erased)."""


class ChangedError(Exception):
    """The dossier is no longer as it was when it was looked at."""


class KeyChangedError(Exception):
    """The dossiers were written under another key than the one given."""


class NotNowError(Exception):
    """The dossier's state does not allow it; ``reason`` is French."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Ledger:
    """The dossiers' tables: moments in UTC without their zone, days in the organisation's."""

    database: Engine
    vault: Vault
    calendar: Calendar

    def clock(self) -> datetime:
        """The present, for what the tables keep."""
        return self.calendar.clock()

    def today(self) -> date:
        """The day it is for the organisation and its people."""
        return self.calendar.today()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction of its own; inside ``together``, a part of the one under way."""
        whole = _whole.get()
        if whole is None:
            with Session(self.database, expire_on_commit=False) as db, db.begin():
                yield db
        else:
            with whole.begin_nested():
                yield whole

    @contextmanager
    def together(self, first: Delete) -> Iterator[Session]:
        """One transaction around several changes, kept all or none; ``first`` begins it.

        Writing first takes SQLite's lock, and opens what the changes' savepoints are part of.
        """
        with Session(self.database, expire_on_commit=False) as db, db.begin():
            db.execute(first)
            token = _whole.set(db)
            try:
                yield db
            finally:
                _whole.reset(token)

    def check_key(self) -> None:
        """Raise KeyChangedError when what is kept can't be read with the key."""
        with self.session() as db:
            probe = db.get(KeyRow, 1)
            if probe is None:
                db.add(KeyRow(id=1, probe=self.vault.close(_PROBE)))
                return
            try:
                self.vault.open(probe.probe)
            except UnreadableError as error:
                raise KeyChangedError("the dossiers were written under another key") from error

    @contextmanager
    def changing(
        self, dossier_id: str, seen: datetime | None = None
    ) -> Iterator[tuple[Session, DossierRow]]:
        """A transaction on one dossier, alone: it is locked first, and committed whole or not.

        ``seen``: the last change that the one who decides knows of (``DossierView.updated_at``).
        Raises UnknownDossierError, ChangedError.
        """
        wanted = [DossierRow.id == dossier_id]
        if seen is not None:
            wanted.append(DossierRow.updated_at == seen)
        with self.session() as db:
            # Writing first takes the lock, on SQLite as on PostgreSQL.
            touched = db.execute(
                update(DossierRow)
                .where(*wanted)
                .values(updated_at=self.clock())
                .returning(DossierRow.id)
            ).first()
            row = db.get(DossierRow, dossier_id)
            if row is None:
                raise UnknownDossierError(dossier_id)
            if touched is None:
                raise ChangedError(dossier_id)
            yield db, row

    def view(self, db: Session, row: DossierRow) -> DossierView:
        """The dossier as it is in this transaction."""
        kept = db.scalars(select(FieldValueRow).where(FieldValueRow.dossier_id == row.id)).all()
        files = db.scalars(
            select(AttachmentRow)
            .where(AttachmentRow.dossier_id == row.id)
            .order_by(AttachmentRow.position)
        )
        form = Form.model_validate(row.form)
        order = {entry.id: rank for rank, entry in enumerate(form.flow.fields)}
        kept = sorted(kept, key=lambda entry: order.get(entry.slot, len(order)))
        return DossierView(
            id=row.id,
            number=row.number,
            conversation_id=row.conversation_id,
            form=form,
            state=State(row.state),
            register=cast(Register | None, row.register),
            ants_number=row.ants_number,
            values={entry.slot: self.vault.open(entry.value) for entry in kept},
            doubts=frozenset(entry.slot for entry in kept if entry.doubt),
            attachments=tuple(_attachment(file) for file in files),
            at_hand=frozenset(row.at_hand),
            clu_accepted=row.clu_accepted_at is not None,
            paid=row.paid_at is not None,
            created_at=row.created_at,
            updated_at=row.updated_at,
            closed_at=row.closed_at,
        )

    def note(
        self,
        db: Session,
        row: DossierRow,
        who: str,
        kind: str,
        detail: dict[str, object] | None = None,
        text: str | None = None,
    ) -> None:
        """Write down what happened. ``detail`` must hold no value that the person gave."""
        db.add(
            EventRow(
                dossier_id=row.id,
                at=self.clock(),
                who=who,
                kind=kind,
                detail=detail or {},
                text=None if text is None else self.vault.close(text),
            )
        )

    def move(self, db: Session, row: DossierRow, end: State, who: str, why: str = "") -> None:
        """Move the dossier if its transitions allow it. Raises TransitionError."""
        db.flush()
        start = State(row.state)
        if start is end:
            return
        facts = self.view(db, row).facts(self.today())
        check(start, end, Move(who, why, facts))
        row.state = end
        row.closed_at = self.clock() if end in FINAL else None
        if end is State.DEPOSEE:
            row.filed_at = self.clock()
        self.note(db, row, who, "moved", {"from": start, "to": end}, why or None)

    def reopen(self, db: Session, row: DossierRow, who: str) -> None:
        """What was ready or paused is in preparation again, and its conditions to be accepted."""
        row.clu_accepted_at = None
        if State(row.state) in (State.PRETE_A_DEPOSER, State.MISE_EN_ATTENTE):
            self.move(db, row, State.EN_PREPARATION, who)

    def events(self, dossier_id: str) -> list[Event]:
        """Everything that happened to the dossier, in order."""
        with self.session() as db:
            rows = db.scalars(
                select(EventRow).where(EventRow.dossier_id == dossier_id).order_by(EventRow.id)
            )
            return [
                Event(
                    at=row.at,
                    who=row.who,
                    kind=row.kind,
                    detail=row.detail,
                    text=None if row.text is None else self.vault.open(row.text),
                )
                for row in rows
            ]


def must_be_editable(row: DossierRow) -> None:
    """Raise NotNowError when the answers may not change any more."""
    if row.register is not None:
        raise NotNowError("La demande est déjà déposée : ses réponses ne peuvent plus changer.")
    must_be_open(row)


def must_be_open(row: DossierRow) -> None:
    """Raise NotNowError when the dossier is closed."""
    state = State(row.state)
    if state in FINAL:
        raise NotNowError(f"Ce dossier est clos : son état est « {TEXTS[state].title} ».")


def _attachment(row: AttachmentRow) -> AttachmentView:
    return AttachmentView(
        id=row.id,
        piece=row.piece,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        warnings=tuple(row.warnings),
        state=cast(AttachmentState, row.state),
        reason=row.reason,
        at=row.at,
    )
