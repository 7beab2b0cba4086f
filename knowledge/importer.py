"""Adding a document to the base: its passages are found and quoted at once, below the sheets."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge import file_readers
from knowledge.file_readers import RefusedFileError
from knowledge.passages import UNDER, KnownText, Passage, cut
from knowledge.store import Base, ImportRow, PassageRow, SheetRow

LARGEST = 20_000_000

__all__ = ["ImportReport", "RefusedFileError", "Uncovered", "import_file", "uncovered"]


@dataclass(frozen=True)
class ImportReport:
    """What an import did. ``covered``: the sheets were written from this very document."""

    file: str
    title: str
    added: int
    duplicates: int = 0
    already_imported: bool = False
    covered: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Uncovered:
    """An imported document that no sheet covers yet, with its passages' headings and texts."""

    file: str
    title: str
    imported_at: datetime
    passages: tuple[Passage, ...]


def import_file(database: Engine, path: Path) -> ImportReport:
    """Import a document. Raises RefusedFileError, and changes nothing then."""
    data = _read_bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    Base.metadata.create_all(database)
    with Session(database) as db:
        kept = db.get(ImportRow, digest)
        if kept is not None:
            count = _passage_count(db, digest)
            covered = digest in _covered(db)
            return ImportReport(kept.file, kept.title, 0, count, True, covered)
    reading = file_readers.read(data, path.stem, path.suffix.lower())
    passages = [_without_title(passage, reading.title) for passage in cut(reading.blocks)]
    with Session(database) as db, db.begin():
        new = _new_passages(db, passages)
        now = datetime.now(UTC).replace(tzinfo=None)
        db.add(ImportRow(sha256=digest, file=path.name, title=reading.title, imported_at=now))
        db.flush()
        for position, passage in enumerate(new):
            row = PassageRow(
                sha256=digest, position=position, section=passage.section, text=passage.text
            )
            db.add(row)
        return ImportReport(
            path.name,
            reading.title,
            added=len(new),
            duplicates=len(passages) - len(new),
            covered=digest in _covered(db),
            warnings=reading.warnings,
        )


def uncovered(database: Engine) -> list[Uncovered]:
    """The imported documents that are not among those that the sheets were written from."""
    Base.metadata.create_all(database)
    found: list[Uncovered] = []
    with Session(database) as db:
        covered = _covered(db)
        for document in db.scalars(select(ImportRow).order_by(ImportRow.imported_at)):
            if document.sha256 in covered:
                continue
            of_document = select(PassageRow).where(PassageRow.sha256 == document.sha256)
            passages = tuple(
                Passage(row.section, row.text)
                for row in db.scalars(of_document.order_by(PassageRow.position))
            )
            found.append(Uncovered(document.file, document.title, document.imported_at, passages))
    return found


def _read_bytes(path: Path) -> bytes:
    if not path.exists():
        raise RefusedFileError("Le fichier n'existe pas.")
    if not path.is_file():
        raise RefusedFileError("Ce n'est pas un fichier.")
    if path.stat().st_size > LARGEST:
        raise RefusedFileError(f"Le fichier dépasse {LARGEST // 1_000_000} Mo.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise RefusedFileError("Le fichier ne peut pas être lu.") from error


def _without_title(passage: Passage, title: str) -> Passage:
    """The heading of a passage need not repeat the document's title, which is always shown."""
    if passage.section == title:
        return Passage("", passage.text)
    return Passage(passage.section.removeprefix(f"{title}{UNDER}"), passage.text)


def _new_passages(db: Session, passages: list[Passage]) -> list[Passage]:
    """The passages that no imported document holds; one said twice in the document stays once."""
    stored: dict[str, list[str]] = {}
    for row in db.scalars(select(PassageRow).order_by(PassageRow.sha256, PassageRow.position)):
        stored.setdefault(row.sha256, []).append(row.text)
    known = [KnownText(texts) for texts in stored.values()]
    new: dict[str, Passage] = {}
    for passage in passages:
        if not any(text.holds(passage) for text in known):
            new.setdefault(f"{passage.section}\n{passage.text}", passage)
    return list(new.values())


def _passage_count(db: Session, digest: str) -> int:
    counted = select(func.count()).select_from(PassageRow).where(PassageRow.sha256 == digest)
    return db.scalar(counted) or 0


def _covered(db: Session) -> set[str]:
    sources = db.scalars(select(SheetRow).where(SheetRow.kind == "document"))
    return {str(source.content.get("sha256", "")) for source in sources}
