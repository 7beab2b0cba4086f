"""The pièces of dossiers: their files, kept encrypted under random names, and what is decided.

A decision is taken on a pièce, that is on all the files sent for it since the last decision.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossiers.attachments import Examined, Limits, RefusedFileError, examine
from dossiers.ledger import Ledger, NotNowError, must_be_editable, must_be_open
from dossiers.model import AttachmentRow, DossierRow
from dossiers.views import AttachmentView, DossierView
from knowledge.conditions import evaluate


class UnknownPieceError(Exception):
    """This case asks for no such pièce, or it has no such file."""


@dataclass(frozen=True)
class Pieces:
    """The files of dossiers, in ``folder``, which no web server must serve."""

    ledger: Ledger
    folder: Path
    limits: Limits

    def attach(
        self,
        dossier_id: str,
        piece: str,
        content: bytes,
        who: str = "citizen",
        *,
        anyway: bool = False,
    ) -> AttachmentView:
        """Keep a file for a pièce. One that is hard to read stays « doubtful » until confirmed.

        Sent again (its reply was lost), the same file is kept once.
        ``anyway``: the person confirms it as she sends it.

        Raises RefusedFileError, UnknownPieceError, NotNowError, UnknownDossierError.
        """
        examined = examine(content, self.limits)
        name = secrets.token_hex(16)
        stored = name + examined.extension
        kept = None
        self._write(stored, examined.content)
        try:
            kept = self._record(dossier_id, piece, name, stored, examined, who)
        finally:
            if kept != name:
                (self.folder / stored).unlink(missing_ok=True)
        if anyway:
            self.use_anyway(dossier_id, kept, who)
        return self._one(dossier_id, kept)

    def use_anyway(self, dossier_id: str, attachment_id: str, who: str = "citizen") -> None:
        """Take a file although it is hard to read: the person says so."""
        with self.ledger.changing(dossier_id) as (db, row):
            file = self._row(db, dossier_id, attachment_id)
            if file.state == "doubtful":
                file.state = "sent"
                self.ledger.note(db, row, who, "used_anyway", {"piece": file.piece})

    def keep_at_hand(self, dossier_id: str, piece: str, who: str = "citizen") -> None:
        """The person has the pièce and will send it herself on the site."""
        with self.ledger.changing(dossier_id) as (db, row):
            must_be_open(row)
            self._must_be_asked(self.ledger.view(db, row), piece)
            if piece not in row.at_hand:
                row.at_hand = [*row.at_hand, piece]
                self.ledger.note(db, row, who, "at_hand", {"piece": piece})

    def not_at_hand(self, dossier_id: str, piece: str, who: str = "citizen") -> None:
        """The person does not have the pièce after all; a ready dossier no longer is."""
        with self.ledger.changing(dossier_id) as (db, row):
            must_be_editable(row)
            if piece in row.at_hand:
                row.at_hand = [one for one in row.at_hand if one != piece]
                self.ledger.note(db, row, who, "not_at_hand", {"piece": piece})
                db.flush()
                self._no_longer_ready(db, row, who)

    def remove(self, dossier_id: str, attachment_id: str, who: str = "citizen") -> None:
        """Take a file back, before the dossier is filed."""
        with self.ledger.changing(dossier_id) as (db, row):
            file = self._row(db, dossier_id, attachment_id)
            if file.state != "doubtful":
                must_be_editable(row)
            stored = file.stored_name
            db.delete(file)
            self.ledger.note(db, row, who, "removed", {"piece": file.piece})
            db.flush()
            self._no_longer_ready(db, row, who)
        (self.folder / stored).unlink(missing_ok=True)

    def accept(self, dossier_id: str, piece: str, who: str, seen: datetime | None = None) -> None:
        """Accept a pièce. Raises UnknownPieceError when no file waits for a decision."""
        with self.ledger.changing(dossier_id, seen) as (db, row):
            self.decide(db, row, piece, "accepted", "", who)

    def refuse(
        self, dossier_id: str, piece: str, reason: str, who: str, seen: datetime | None = None
    ) -> None:
        """Refuse a pièce, saying why in French; a dossier that was ready no longer is."""
        with self.ledger.changing(dossier_id, seen) as (db, row):
            self.decide(db, row, piece, "refused", reason, who)
            self._no_longer_ready(db, row, who)

    def read(self, dossier_id: str, attachment_id: str) -> tuple[str, bytes]:
        """The media type and the content of a file. Who may read it is the caller's matter."""
        with self.ledger.session() as db:
            file = self._row(db, dossier_id, attachment_id)
            media_type, stored = file.media_type, file.stored_name
        kept = (self.folder / stored).read_bytes()
        return media_type, self.ledger.vault.open_bytes(kept)

    def files_of(self, db: Session, dossier_id: str) -> list[Path]:
        """Where the files of a dossier are kept."""
        names = db.scalars(
            select(AttachmentRow.stored_name).where(AttachmentRow.dossier_id == dossier_id)
        )
        return [self.folder / name for name in names]

    def strays(self) -> Iterator[Path]:
        """Files that belong to no dossier: left by a process killed while keeping them."""
        if not self.folder.is_dir():
            return
        with self.ledger.session() as db:
            known = set(db.scalars(select(AttachmentRow.stored_name)))
        yield from (path for path in self.folder.iterdir() if path.name not in known)

    def _record(
        self, dossier_id: str, piece: str, name: str, stored: str, examined: Examined, who: str
    ) -> str:
        """Write the file down; its name, or that of the same one sent before."""
        digest = hashlib.sha256(examined.content).hexdigest()
        with self.ledger.changing(dossier_id) as (db, row):
            must_be_open(row)
            view = self.ledger.view(db, row)
            self._must_be_asked(view, piece)
            before = _sent_before(view, piece, digest)
            if before is not None:
                return before
            if len(view.attachments) >= self.limits.files:
                raise RefusedFileError(f"Ce dossier a déjà {self.limits.files} fichiers.")
            db.add(
                AttachmentRow(
                    id=name,
                    dossier_id=dossier_id,
                    position=len(view.attachments),
                    piece=piece,
                    stored_name=stored,
                    media_type=examined.media_type,
                    size=len(examined.content),
                    sha256=digest,
                    warnings=list(examined.warnings),
                    state="doubtful" if examined.warnings else "sent",
                    at=self.ledger.clock(),
                )
            )
            self.ledger.note(
                db, row, who, "attached", {"piece": piece, "warnings": list(examined.warnings)}
            )
            return name

    def decide(
        self,
        db: Session,
        row: DossierRow,
        piece: str,
        state: Literal["accepted", "refused"],
        reason: str,
        who: str,
    ) -> None:
        """Decide on a pièce in a transaction under way. Raises UnknownPieceError, NotNowError."""
        must_be_open(row)
        reason = reason.strip()
        if state == "refused" and not reason:
            raise NotNowError("Dites pourquoi la pièce est refusée.")
        waiting = db.scalars(
            select(AttachmentRow).where(
                AttachmentRow.dossier_id == row.id,
                AttachmentRow.piece == piece,
                AttachmentRow.state == "sent",
            )
        ).all()
        if not waiting:
            raise UnknownPieceError(piece)
        for file in waiting:
            file.state, file.reason = state, reason
        self.ledger.note(db, row, who, f"piece_{state}", {"piece": piece}, reason or None)
        db.flush()

    def _no_longer_ready(self, db: Session, row: DossierRow, who: str) -> None:
        """A dossier that was ready and lost a pièce is in preparation again."""
        view = self.ledger.view(db, row)
        if view.editable and view.facts(self.ledger.today()).missing_pieces:
            self.ledger.reopen(db, row, who)

    def _must_be_asked(self, view: DossierView, piece: str) -> None:
        entry = next(
            (
                entry
                for entry in view.form.pieces
                if entry.id == piece and not self._ruled_out(view, entry.when)
            ),
            None,
        )
        if entry is None:
            raise UnknownPieceError(piece)

    def _ruled_out(self, view: DossierView, when: dict[str, object] | None) -> bool:
        known = view.progress(self.ledger.today()).situation
        return when is not None and evaluate(when, known) is False

    def _row(self, db: Session, dossier_id: str, attachment_id: str) -> AttachmentRow:
        file = db.get(AttachmentRow, attachment_id)
        if file is None or file.dossier_id != dossier_id:
            raise UnknownPieceError(attachment_id)
        return file

    def _one(self, dossier_id: str, attachment_id: str) -> AttachmentView:
        with self.ledger.session() as db:
            row = db.get_one(DossierRow, dossier_id)
            files = self.ledger.view(db, row).attachments
        return next(file for file in files if file.id == attachment_id)

    def _write(self, stored: str, content: bytes) -> None:
        """Encrypted, readable by its owner only, on the disk before it is recorded."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        descriptor = os.open(self.folder / stored, flags, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self.ledger.vault.close_bytes(content))
            file.flush()
            os.fsync(file.fileno())


def _sent_before(view: DossierView, piece: str, digest: str) -> str | None:
    """The file with this content sent for the pièce, unless the pièce was refused since."""
    for file in reversed(view.attachments):
        if file.piece == piece and file.state == "refused":
            return None
        if file.piece == piece and file.sha256 == digest:
            return file.id
    return None
