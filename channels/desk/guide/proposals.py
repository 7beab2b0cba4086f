"""Proposals in the database: written, checked, reviewed by another person, taken as a patch."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, or_, select, update
from sqlalchemy.orm import Session

from channels.desk.guide.changes import Draft, changes_of, digest, text_hash
from channels.desk.guide.models import HandledRow, ProposalRow
from channels.desk.models import AgentRow
from channels.desk.roles import PERMISSIONS
from channels.models import StoredMessage, now

# A check that has said nothing for so long died with its process.
SILENT = timedelta(seconds=60)
RUNNING, PASSED, FAILED = "running", "passed", "failed"
OPEN, APPROVED, REFUSED = "open", "approved", "refused"
REVIEWING_ROLES = [role for role, allowed in PERMISSIONS.items() if "approve" in allowed]


class UnknownProposalError(Exception):
    """There is no such proposal."""


class NotAllowedError(Exception):
    """The proposal can't be changed or reviewed so; ``reason`` is French."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Proposals:
    """The proposals kept in a database."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def add(
        self,
        author_id: str,
        author_name: str,
        title: str,
        draft: Draft,
        why: str = "",
        base: str | None = None,
        questions: Sequence[int] = (),
    ) -> int:
        """Write a proposal; the questions that it answers leave the list."""
        row = ProposalRow(
            title=title[:120],
            why=why,
            examples={topic: list(lines) for topic, lines in draft.examples.items()},
            path=draft.path,
            content=draft.content,
            base=None if base is None else text_hash(base),
            author_id=author_id,
            author_name=author_name,
            review="",
        )
        with Session(self._database) as db, db.begin():
            db.add(row)
            db.flush()
            _handle(db, questions, author_id, row.id)
            return row.id

    def set_aside(self, questions: Sequence[int], agent_id: str) -> None:
        """Nothing is to be done of these questions: they leave the list."""
        with Session(self._database) as db, db.begin():
            _handle(db, questions, agent_id, None)

    def get(self, proposal: int) -> ProposalRow:
        """Raises UnknownProposalError."""
        with Session(self._database, expire_on_commit=False) as db:
            return _existing(db, proposal)

    def listing(self) -> list[ProposalRow]:
        """The open ones first, the last written first."""
        with Session(self._database, expire_on_commit=False) as db:
            rows = db.scalars(select(ProposalRow).order_by(ProposalRow.id.desc())).all()
        return sorted(rows, key=lambda row: row.state != OPEN)

    def rewrite(self, proposal: int, title: str, draft: Draft, why: str, seen: str) -> None:
        """Change an open proposal, which is then to be checked again.

        ``seen``: its last change, as the editor saw it. Raises NotAllowedError.
        """
        with Session(self._database) as db, db.begin():
            row = _locked(db, proposal)
            _must_be_open(row)
            if row.updated_at.isoformat() != seen:
                raise NotAllowedError(
                    "Cette proposition a changé entre-temps. Relisez-la, puis recommencez."
                )
            row.title, row.why, row.path = title[:120], why, draft.path
            row.examples = {topic: list(lines) for topic, lines in draft.examples.items()}
            row.content, row.updated_at = draft.content, now()

    def approve(self, proposal: int, agent_id: str, name: str, root: Path) -> None:
        """Approve a proposal whose check passed, as someone else than its author.

        The only editor there is may approve her own. Raises NotAllowedError, DraftError.
        """
        with Session(self._database) as db, db.begin():
            row = _locked(db, proposal)
            _must_be_open(row)
            if row.author_id == agent_id and _others(db, agent_id):
                raise NotAllowedError("Une autre personne doit relire votre proposition.")
            if not checked(row, root):
                raise NotAllowedError(
                    "La proposition n'est pas vérifiée dans son contenu actuel : vérifiez-la."
                )
            _review(row, APPROVED, agent_id, name, "")

    def refuse(self, proposal: int, agent_id: str, name: str, why: str) -> None:
        """Refuse a proposal, saying why. Raises NotAllowedError."""
        if not why.strip():
            raise NotAllowedError("Dites pourquoi la proposition est refusée.")
        with Session(self._database) as db, db.begin():
            row = _locked(db, proposal)
            _must_be_open(row)
            _review(row, REFUSED, agent_id, name, why.strip())

    def may_approve(self, proposal: int, agent_id: str) -> bool:
        """Whether the agent may review this proposal: another's, or the only editor's own."""
        with Session(self._database) as db:
            return _existing(db, proposal).author_id != agent_id or not _others(db, agent_id)

    def stale(self, proposal: int, root: Path) -> Iterator[str]:
        """Whether the sheet that is corrected changed since: the correction would undo that."""
        row = self.get(proposal)
        if row.path is None:
            return
        file = root / row.path
        present = text_hash(file.read_text(encoding="utf-8")) if file.is_file() else None
        applied = row.content is not None and present == text_hash(f"{row.content.strip()}\n")
        if present != row.base and not applied:
            yield "La fiche a changé depuis : reprenez la proposition à partir du texte actuel."

    def claim_check(self, proposal: int) -> bool:
        """Begin to check; False when any check is under way."""
        alive = now() - SILENT
        with Session(self._database) as db, db.begin():
            # Writing first takes SQLite's lock: two clicks at once begin one check.
            db.execute(
                update(ProposalRow)
                .where(
                    ProposalRow.check_state == RUNNING,
                    or_(ProposalRow.check_beat.is_(None), ProposalRow.check_beat < alive),
                )
                .values(check_state=FAILED, check_report={"problems": [INTERRUPTED]})
            )
            row = _locked(db, proposal)
            _must_be_open(row)
            running = select(func.count()).where(ProposalRow.check_state == RUNNING)
            if db.scalar(running):
                return False
            row.check_state, row.check_beat, row.check_hash = RUNNING, now(), None
            row.check_report = {}
            return True

    def beat(self, proposal: int, progress: dict[str, Any]) -> None:
        """The check under way is alive, and this far."""
        self._set(proposal, check_beat=now(), check_report=progress)

    def finish_check(self, proposal: int, content: str, report: dict[str, Any]) -> None:
        state = FAILED if report["problems"] else PASSED
        self._set(proposal, check_state=state, check_hash=content, check_report=report)

    def _set(self, proposal: int, **values: Any) -> None:
        with Session(self._database) as db, db.begin():
            db.execute(update(ProposalRow).where(ProposalRow.id == proposal).values(**values))


INTERRUPTED = "La vérification a été interrompue : relancez-la."


def draft_of(row: ProposalRow) -> Draft:
    return Draft(row.examples, row.path, row.content)


def checked(row: ProposalRow, root: Path) -> bool:
    """Whether the check passed on the very content of the proposal, on the files as they are."""
    draft = draft_of(row)
    return row.check_state == PASSED and row.check_hash == digest(draft, changes_of(draft, root))


def applied(row: ProposalRow, root: Path) -> bool:
    """Whether an approved proposal is in the files: nothing of it is left to change."""
    return row.state == APPROVED and not changes_of(draft_of(row), root)


def _review(row: ProposalRow, state: str, agent_id: str, name: str, why: str) -> None:
    row.state, row.review = state, why
    row.reviewer_id, row.reviewer_name, row.reviewed_at = agent_id, name, now()


def _others(db: Session, agent_id: str) -> bool:
    """Whether someone else could review."""
    found = select(AgentRow.id).where(
        AgentRow.id != agent_id, AgentRow.role.in_(REVIEWING_ROLES), ~AgentRow.disabled
    )
    return db.scalar(found.limit(1)) is not None


def _must_be_open(row: ProposalRow) -> None:
    if row.state != OPEN:
        raise NotAllowedError("Cette proposition est déjà relue.")


def _existing(db: Session, proposal: int) -> ProposalRow:
    row = db.get(ProposalRow, proposal)
    if row is None:
        raise UnknownProposalError(proposal)
    return row


def _locked(db: Session, proposal: int) -> ProposalRow:
    """The proposal, which no one else changes before the transaction ends."""
    db.execute(update(ProposalRow).where(ProposalRow.id == proposal).values(id=ProposalRow.id))
    row = db.get(ProposalRow, proposal, populate_existing=True)
    if row is None:
        raise UnknownProposalError(proposal)
    return row


def _handle(db: Session, questions: Sequence[int], agent_id: str, proposal: int | None) -> None:
    # A question may have been erased with its conversation meanwhile.
    present = db.scalars(select(StoredMessage.id).where(StoredMessage.id.in_(questions)))
    for message in present.all():
        db.merge(HandledRow(message_id=message, agent_id=agent_id, proposal_id=proposal, at=now()))
