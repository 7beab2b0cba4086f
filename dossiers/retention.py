"""How long dossiers are kept, and their export and erasure on request."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from dossiers.attachments import EXTENSIONS
from dossiers.form import Form
from dossiers.model import AttachmentRow, DossierRow, EventRow, FieldValueRow, TurnRow
from dossiers.register import Dossiers
from dossiers.states import State

# A person who stopped in the middle comes back within weeks; after a season she starts afresh.
DRAFT_DAYS = 90
# The month during which the provisional certificate is valid: time to get a document again.
CLOSED_DAYS = 30
# Long enough to take back an abandonment made by mistake, short since nothing is wanted of it.
ABANDONED_DAYS = 7
# A file is recorded a moment after it is written: older than this, its process died between.
STRAY_HOURS = 24


@dataclass(frozen=True)
class Delays:
    """Days after which a dossier is erased, counted from its last change or its closing."""

    draft: int = DRAFT_DAYS
    closed: int = CLOSED_DAYS
    abandoned: int = ABANDONED_DAYS


def purge(dossiers: Dossiers, delays: Delays | None = None, at: datetime | None = None) -> int:
    """Erase what has been kept long enough; how many dossiers were erased.

    A filed dossier that is not closed is kept as a draft is: from its last change.
    """
    delays = delays or Delays()
    at = at or dossiers.ledger.clock()
    closed = (State.TERMINEE, State.REJETEE)
    old = {
        row_id
        for row_id, state, updated, ended in _ages(dossiers)
        if (state is State.ABANDONNEE and _past(ended, delays.abandoned, at))
        or (state in closed and _past(ended, delays.closed, at))
        or (state not in (*closed, State.ABANDONNEE) and _past(updated, delays.draft, at))
    }
    for dossier_id in old:
        erase(dossiers, dossier_id)
    limit = at.timestamp() - STRAY_HOURS * 3600
    for path in dossiers.pieces.strays():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
    return len(old)


def erase(dossiers: Dossiers, dossier_id: str) -> None:
    """Erase a dossier, its values, events, turns and files. Nothing to erase is no error."""
    with dossiers.ledger.session() as db:
        files = dossiers.pieces.files_of(db, dossier_id)
        for table in (FieldValueRow, AttachmentRow, EventRow, TurnRow):
            db.execute(delete(table).where(table.dossier_id == dossier_id))
        db.execute(delete(DossierRow).where(DossierRow.id == dossier_id))
    for path in files:
        path.unlink(missing_ok=True)


def export(dossiers: Dossiers, dossier_id: str) -> bytes:
    """Everything kept of a dossier, for its owner: a ZIP of ``dossier.json`` and the files."""
    dossier = dossiers.get(dossier_id)
    names = {
        file.id: f"pieces/{rank:02d}_{file.piece}{EXTENSIONS[file.media_type]}"
        for rank, file in enumerate(dossier.attachments, start=1)
    }
    content = {
        "number": dossier.number,
        "demarche": dossier.demarche,
        "state": dossier.state,
        "ants_number": dossier.ants_number,
        "created_at": f"{dossier.created_at.isoformat()}Z",
        "updated_at": f"{dossier.updated_at.isoformat()}Z",
        "fields": [
            {"slot": slot, "label": _label(dossier.form, slot), "value": value}
            for slot, value in dossier.values.items()
        ],
        "pieces": [
            {
                "piece": file.piece,
                "file": names[file.id],
                "state": file.state,
                "reason": file.reason,
                "sent_at": f"{file.at.isoformat()}Z",
            }
            for file in dossier.attachments
        ],
        "events": [
            _event(event.at, event.who, event.kind, event.detail, event.text)
            for event in dossiers.events(dossier_id)
        ],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(content, ensure_ascii=False, indent=2)
        archive.writestr("dossier.json", text)
        for file in dossier.attachments:
            archive.writestr(names[file.id], dossiers.pieces.read(dossier_id, file.id)[1])
    return made.getvalue()


def _ages(dossiers: Dossiers) -> list[tuple[str, State, datetime, datetime | None]]:
    columns = (DossierRow.id, DossierRow.state, DossierRow.updated_at, DossierRow.closed_at)
    with dossiers.ledger.session() as db:
        return [(a, State(b), c, d) for a, b, c, d in db.execute(select(*columns))]


def _past(since: datetime | None, days: int, at: datetime) -> bool:
    return since is not None and since + timedelta(days=days) <= at


def _label(form: Form, slot: str) -> str:
    field = form.field(slot)
    return field.label if field else slot


def _event(
    at: datetime, who: str, kind: str, detail: Mapping[str, object], text: str | None
) -> dict[str, object]:
    said = {} if text is None else {"text": text}
    return {"at": f"{at.isoformat()}Z", "who": who, "kind": kind, "detail": dict(detail), **said}
