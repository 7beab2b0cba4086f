"""The register of dossiers: beginning, answering, moving, finding and resuming them."""

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import ColumnElement, Engine, func, or_, select, update
from sqlalchemy.orm import Session

from dossiers import answers, numbers
from dossiers.answers import Answer, Saved, ValueRefusedError
from dossiers.attachments import Limits
from dossiers.calendar import Calendar
from dossiers.form import Form
from dossiers.ledger import Ledger, UnknownDossierError, must_be_editable, must_be_open
from dossiers.model import DossierRow
from dossiers.pieces import Pieces
from dossiers.states import Register, State
from dossiers.turns import Turns
from dossiers.vault import Vault
from dossiers.views import DossierView, Event, Summary

MAX_TRIES = 5
LOCK = timedelta(minutes=15)
MAX_MESSAGE = 2000
MAX_ANTS_NUMBER = 40


class WrongSecretError(Exception):
    """No dossier has this number and this secret: which of the two is wrong is not told."""


class LockedError(Exception):
    """Too many wrong secrets; ``minutes`` until the next try."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"locked for {minutes} minutes")
        self.minutes = minutes


class Dossiers:
    """All dossiers, in a database whose tables are up to date, and their files in a folder.

    ``keys``: encryption keys, the current one first. Raises KeyChangedError when the dossiers in
    place were written under other keys.
    """

    def __init__(
        self,
        database: Engine,
        keys: str,
        folder: Path,
        limits: Limits | None = None,
        *,
        calendar: Calendar | None = None,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self.ledger = Ledger(database, Vault(keys), calendar or Calendar())
        self.ledger.check_key()
        self.turns = Turns(self.ledger)
        self.pieces = Pieces(self.ledger, folder, limits or Limits())
        # 19 MiB and two passes: OWASP's least settings, enough with a random secret.
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._no_one = self._hasher.hash(secrets.token_hex())

    @property
    def calendar(self) -> Calendar:
        return self.ledger.calendar

    def today(self) -> date:
        """The day it is for the organisation and its people."""
        return self.ledger.today()

    def begin(
        self, form: Form, conversation_id: str | None = None, who: str = "citizen"
    ) -> tuple[DossierView, str]:
        """A new dossier, and its resume secret, which is told once and never kept in clear."""
        secret = numbers.new_secret()
        with self.ledger.session() as db:
            row = DossierRow(
                id=secrets.token_hex(16),
                number=self._free_number(db),
                secret_hash=self._hash(secret),
                conversation_id=conversation_id,
                demarche=form.demarche,
                form_revision=form.revision,
                form=form.kept(),
                state=State.EN_PREPARATION,
                at_hand=[],
                created_at=self.ledger.clock(),
                updated_at=self.ledger.clock(),
                failed_tries=0,
            )
            db.add(row)
            db.flush()
            self.ledger.note(db, row, who, "begun", {"revision": row.form_revision})
            return self.ledger.view(db, row), secret

    def get(self, dossier_id: str) -> DossierView:
        """Raises UnknownDossierError."""
        with self.ledger.session() as db:
            row = db.get(DossierRow, dossier_id)
            if row is None:
                raise UnknownDossierError(dossier_id)
            return self.ledger.view(db, row)

    def numbered(self, number: str) -> DossierView:
        """The dossier with this number, for agents. Raises UnknownDossierError."""
        normal = numbers.parse_number(number)
        with self.ledger.session() as db:
            row = db.scalar(select(DossierRow).where(DossierRow.number == normal))
            if row is None:
                raise UnknownDossierError(number)
            return self.ledger.view(db, row)

    def resume(self, number: str, secret: str, conversation_id: str | None = None) -> DossierView:
        """The dossier with this number and secret, now carried on in this conversation.

        Raises WrongSecretError or LockedError. A try is counted before it is looked at, so that
        tries made together count too.
        """
        with self.ledger.session() as db:
            counted = db.execute(
                update(DossierRow)
                .where(
                    DossierRow.number == numbers.parse_number(number),
                    DossierRow.failed_tries < MAX_TRIES,
                    self._not_locked(),
                )
                .values(failed_tries=DossierRow.failed_tries + 1)
                .returning(DossierRow.id)
            ).first()
        locked: datetime | None = None
        with self.ledger.session() as db:
            found = select(DossierRow).where(DossierRow.number == numbers.parse_number(number))
            row = db.scalar(found)
            if row is None:
                self._verify(self._no_one, secret)
            elif counted is None:
                # Locked, or about to be by the try that was counted last.
                locked = row.locked_until = row.locked_until or self.ledger.clock() + LOCK
            elif self._verify(row.secret_hash, secret):
                row.failed_tries, row.locked_until = 0, None
                if conversation_id is not None:
                    row.conversation_id = conversation_id
                self.ledger.note(db, row, "citizen", "resumed")
                db.flush()
                return self.ledger.view(db, row)
            else:
                self.ledger.note(db, row, "system", "wrong_secret")
                if row.failed_tries >= MAX_TRIES:
                    row.failed_tries, row.locked_until = 0, self.ledger.clock() + LOCK
        if locked is not None:
            seconds = (locked - self.ledger.clock()).total_seconds()
            raise LockedError(max(1, -(-int(seconds) // 60)))
        raise WrongSecretError

    def new_secret(self, dossier_id: str, who: str) -> str:
        """Another secret in place of a lost one, for someone already known to be the owner."""
        secret = numbers.new_secret()
        with self.ledger.changing(dossier_id) as (db, row):
            row.secret_hash = self._hash(secret)
            row.failed_tries, row.locked_until = 0, None
            self.ledger.note(db, row, who, "new_secret")
        return secret

    def of_conversation(self, conversation_id: str) -> list[DossierView]:
        """The dossiers carried on in a conversation, the last touched first."""
        with self.ledger.session() as db:
            rows = db.scalars(
                select(DossierRow)
                .where(DossierRow.conversation_id == conversation_id)
                .order_by(DossierRow.updated_at.desc())
            )
            return [self.ledger.view(db, row) for row in rows]

    def listing(
        self,
        states: Collection[State] = (),
        demarche: str | None = None,
        register: Register | None = None,
        limit: int = 50,
        offset: int = 0,
        text: str = "",
    ) -> list[Summary]:
        """Dossiers for agents, those that wait longest first; no state: all.

        ``text``: a part of the dossier's number, or of the démarche's own.
        """
        query = select(DossierRow).order_by(DossierRow.updated_at, DossierRow.id)
        if states:
            query = query.where(DossierRow.state.in_([str(state) for state in states]))
        if demarche:
            query = query.where(DossierRow.demarche == demarche)
        if register:
            query = query.where(DossierRow.register == register)
        if text.strip():
            wanted = text.strip().upper()
            query = query.where(
                or_(
                    DossierRow.number.contains(wanted, autoescape=True),
                    func.upper(DossierRow.ants_number).contains(wanted, autoescape=True),
                )
            )
        with self.ledger.session() as db:
            return [_summary(row) for row in db.scalars(query.limit(limit).offset(offset))]

    def events(self, dossier_id: str) -> list[Event]:
        return self.ledger.events(dossier_id)

    def set_value(
        self, dossier_id: str, slot: str, value: str, doubt: bool = False, who: str = "citizen"
    ) -> Saved:
        """Save one answer as it is given: see ``save``."""
        return self.save(dossier_id, [Answer(slot, value, doubt)], who)

    def save(
        self,
        dossier_id: str,
        given: Sequence[Answer],
        who: str = "citizen",
        seen: datetime | None = None,
    ) -> Saved:
        """Save answers, all or none, on the disk when this returns.

        Raises ValueRefusedError, NotNowError (already filed, closed), UnknownDossierError, and
        ChangedError when ``seen`` is given and is no longer the last change.
        """
        return answers.save(self.ledger, dossier_id, given, [], who, seen)

    def forget_value(self, dossier_id: str, slot: str, who: str = "citizen") -> Saved:
        """Forget the answer to a field, which is then to be asked again."""
        return answers.save(self.ledger, dossier_id, [], [slot], who)

    def move(
        self,
        dossier_id: str,
        state: State,
        who: str,
        why: str = "",
        seen: datetime | None = None,
    ) -> DossierView:
        """Move a dossier to another state. Raises TransitionError, ChangedError."""
        with self.ledger.changing(dossier_id, seen) as (db, row):
            self.ledger.move(db, row, state, who, why)
            db.flush()
            return self.ledger.view(db, row)

    def accept_clu(self, dossier_id: str, who: str = "citizen") -> None:
        """The person accepted the conditions (CLU); any later change asks for them again."""
        with self.ledger.changing(dossier_id) as (db, row):
            must_be_editable(row)
            row.clu_accepted_at = self.ledger.clock()
            self.ledger.note(db, row, who, "clu_accepted")

    def withdraw_clu(self, dossier_id: str, who: str = "citizen") -> None:
        """The person takes back her agreement to the conditions, before the dossier is filed."""
        with self.ledger.changing(dossier_id) as (db, row):
            must_be_editable(row)
            self.ledger.note(db, row, who, "clu_withdrawn")
            self.ledger.reopen(db, row, who)

    def file(
        self, dossier_id: str, register: Register, who: str, ants_number: str | None = None
    ) -> DossierView:
        """Note that a ready dossier has been filed. Raises TransitionError."""
        with self.ledger.changing(dossier_id) as (db, row):
            row.register = row.register or register
            self.ledger.move(db, row, State.DEPOSEE, who)
            if ants_number is not None:
                self._note_number(db, row, ants_number, who)
            db.flush()
            return self.ledger.view(db, row)

    def report(
        self,
        dossier_id: str,
        *,
        ants_number: str | None = None,
        status: State | None = None,
        who: str = "citizen",
    ) -> DossierView:
        """What the person saw on the site: the number of the démarche, its status, or both.

        A ready dossier is noted as filed on the way. Raises TransitionError, ValueRefusedError.
        """
        with self.ledger.changing(dossier_id) as (db, row):
            must_be_open(row)
            if ants_number is not None:
                self._note_number(db, row, ants_number, who)
            if status is not None:
                if State(row.state) is State.PRETE_A_DEPOSER and status is not State.ABANDONNEE:
                    row.register = "ants"
                    self.ledger.move(db, row, State.DEPOSEE, who)
                self.ledger.move(db, row, status, who)
            db.flush()
            return self.ledger.view(db, row)

    def take_back_filing(self, dossier_id: str, who: str = "citizen") -> DossierView:
        """Nothing was filed on the site after all: the dossier is ready again.

        Raises TransitionError when the site has gone further, or the dossier was filed here.
        """
        with self.ledger.changing(dossier_id) as (db, row):
            self.ledger.move(db, row, State.PRETE_A_DEPOSER, who, "rien n’a été déposé")
            row.register = row.ants_number = row.filed_at = row.paid_at = None
            db.flush()
            return self.ledger.view(db, row)

    def forget_payment(self, dossier_id: str, who: str = "citizen") -> None:
        """The payment was noted by mistake."""
        with self.ledger.changing(dossier_id) as (db, row):
            must_be_open(row)
            row.paid_at = None
            self.ledger.note(db, row, who, "unpaid")

    def record_payment(self, dossier_id: str, who: str) -> None:
        """Note that the payment is made and recorded. No card data is ever asked or kept."""
        with self.ledger.changing(dossier_id) as (db, row):
            must_be_open(row)
            row.paid_at = row.paid_at or self.ledger.clock()
            self.ledger.note(db, row, who, "paid")

    def write(self, dossier_id: str, text: str, who: str, seen: datetime | None = None) -> None:
        """A message between the person and who examines the dossier. Raises ChangedError."""
        with self.ledger.changing(dossier_id, seen) as (db, row):
            self.ledger.note(db, row, who, "message", text=text[:MAX_MESSAGE])

    def _note_number(self, db: Session, row: DossierRow, number: str, who: str) -> None:
        number = " ".join(number.split())
        if not 0 < len(number) <= MAX_ANTS_NUMBER:
            raise ValueRefusedError("a démarche's number has 1 to 40 characters")
        row.ants_number = number
        self.ledger.note(db, row, who, "ants_number")

    def _free_number(self, db: Session) -> str:
        while True:
            number = numbers.new_number()
            if db.scalar(select(DossierRow.id).where(DossierRow.number == number)) is None:
                return number

    def _not_locked(self) -> ColumnElement[bool]:
        return or_(
            DossierRow.locked_until.is_(None), DossierRow.locked_until <= self.ledger.clock()
        )

    def _hash(self, secret: str) -> str:
        return self._hasher.hash(numbers.parse_secret(secret))

    def _verify(self, kept: str, secret: str) -> bool:
        try:
            return self._hasher.verify(kept, numbers.parse_secret(secret))
        except VerificationError:
            return False


def _summary(row: DossierRow) -> Summary:
    return Summary(
        id=row.id,
        number=row.number,
        demarche=row.demarche,
        title=str(row.form["title"]),
        state=State(row.state),
        register=cast(Register | None, row.register),
        ants_number=row.ants_number,
        conversation_id=row.conversation_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
