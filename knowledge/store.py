"""The knowledge base in a database (SQLite by default, PostgreSQL by URL), built from the sheets.

The sheets' tables are made again at each build; imported documents have tables of their own and
stay. A fingerprint of the sheets tells whether a build is needed.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Engine, ForeignKey, String, Text, UniqueConstraint, delete, inspect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from knowledge.query import KnowledgeBase
from knowledge.schema import (
    Clarification,
    Document,
    FacetName,
    Model,
    Outside,
    Sheet,
    SituationField,
)
from knowledge.sheets_reader import DOCUMENTS, SHEETS, Contents, read

FINGERPRINT = "fingerprint"


class Base(DeclarativeBase):
    pass


class SheetRow(Base):
    """Anything read from the sheets: its kind (class of the schema), its id, its whole content."""

    __tablename__ = "knowledge_sheet"

    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class FactRow(Base):
    """One answer of a sheet, with its sources, for anyone who reads the database."""

    __tablename__ = "knowledge_fact"

    topic: Mapped[str] = mapped_column(String(128), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[str]] = mapped_column(JSON)


class ImportRow(Base):
    """A document added by the importer."""

    __tablename__ = "imported_document"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[datetime]


class PassageRow(Base):
    """A passage of an imported document: its place, the heading it stands under, its text."""

    __tablename__ = "imported_passage"
    __table_args__ = (UniqueConstraint("sha256", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(
        String(64), ForeignKey("imported_document.sha256", ondelete="CASCADE")
    )
    position: Mapped[int]
    section: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class MetaRow(Base):
    __tablename__ = "knowledge_meta"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


_KINDS: dict[str, tuple[type[Model], str]] = {
    "document": (Document, "documents"),
    "sheet": (Sheet, "sheets"),
    "outside": (Outside, "outsides"),
    "clarification": (Clarification, "clarifications"),
    "facet": (FacetName, "facets"),
    "situation": (SituationField, "situation"),
}


def fingerprint(folder: Path = SHEETS, documents: Path = DOCUMENTS) -> str:
    """A hash of every file that the base is built from, and of the schema that reads them."""
    digest = hashlib.sha256()
    code = Path(__file__).parent.glob("*.py")
    for path in sorted([documents, *folder.rglob("*.yml"), *code]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def build(database: Engine, folder: Path = SHEETS, documents: Path = DOCUMENTS) -> bool:
    """Build the base from the sheets if they changed; whether it was built.

    Raises SheetError when a sheet is not of the schema: the base in place is then kept.
    """
    current = fingerprint(folder, documents)
    Base.metadata.create_all(database)
    with Session(database) as db:
        kept = db.get(MetaRow, FINGERPRINT)
        if kept is not None and kept.value == current:
            return False
    contents = read(folder, documents)
    with Session(database) as db, db.begin():
        for table in (SheetRow, FactRow, MetaRow):
            db.execute(delete(table))
        _write(db, contents)
        db.add(MetaRow(key=FINGERPRINT, value=current))
    return True


def is_built(database: Engine) -> bool:
    """Whether the database holds a knowledge base."""
    if not inspect(database).has_table(MetaRow.__tablename__):
        return False
    with Session(database) as db:
        return db.get(MetaRow, FINGERPRINT) is not None


def load(database: Engine) -> KnowledgeBase:
    """The base kept in the database."""
    found: dict[str, list[Any]] = {attribute: [] for _, attribute in _KINDS.values()}
    with Session(database) as db:
        for row in db.query(SheetRow).order_by(SheetRow.kind, SheetRow.position):
            model, attribute = _KINDS[row.kind]
            found[attribute].append(model.model_validate(row.content))
    return KnowledgeBase(Contents(**found))  # type: ignore[arg-type]


def _write(db: Session, contents: Contents) -> None:
    for kind, (_, attribute) in _KINDS.items():
        for position, entry in enumerate(getattr(contents, attribute)):
            content = entry.model_dump(mode="json", exclude_defaults=True)
            db.add(SheetRow(kind=kind, id=entry.id, position=position, content=content))
    for sheet in contents.sheets:
        for name, facet in sheet.facets.items():
            db.add(
                FactRow(
                    topic=f"{name}/{sheet.id}",
                    title=sheet.title,
                    text=facet.text,
                    sources=facet.sources,
                )
            )
