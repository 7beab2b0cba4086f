"""What the sheets cover of their sources, what was imported and waits, what is getting old."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from knowledge.importer import Uncovered, uncovered
from knowledge.query import KnowledgeBase
from knowledge.statements import statements

# An official page read so long ago is to be read again.
OLD_DAYS = 365


@dataclass(frozen=True)
class DocumentCoverage:
    """A source document: how many of its passages a sheet cites, and those that none does."""

    title: str
    file: str
    period: str
    sections: int
    cited: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class DatedPage:
    """An official page that a sheet's note quotes, and when it was read ("" when not told)."""

    sheet: str
    title: str
    site: str
    date: str
    text: str
    old: bool


@dataclass(frozen=True)
class Coverage:
    documents: tuple[DocumentCoverage, ...]
    pages: tuple[DatedPage, ...]
    imported: tuple[Uncovered, ...]


def coverage(base: KnowledgeBase, database: Engine, today: date) -> Coverage:
    """The state of the base, for those who keep it."""
    cited = {
        reference
        for sheet in base.contents.sheets
        for statement in statements(sheet)
        for reference in statement.named
    }
    documents = []
    for document in base.contents.documents:
        missing = [s.title for s in document.sections if f"{document.id}/{s.id}" not in cited]
        count = len(document.sections)
        documents.append(
            DocumentCoverage(
                document.title,
                document.file,
                document.period,
                count,
                count - len(missing),
                tuple(missing),
            )
        )
    return Coverage(tuple(documents), _pages(base, today), tuple(uncovered(database)))


def _pages(base: KnowledgeBase, today: date) -> tuple[DatedPage, ...]:
    """The pages quoted, those without a date first, then the oldest."""
    found = {}
    for sheet in base.contents.sheets:
        for facet in sheet.facets.values():
            notes = [*facet.notes, *(n for v in facet.variants for n in v.notes or [])]
            for note in notes:
                if note.page is None:
                    continue
                page = DatedPage(
                    sheet.id,
                    sheet.title,
                    note.page.site,
                    note.page.date,
                    note.text,
                    _is_old(note.page.date, today),
                )
                found[sheet.id, page.site, page.text] = page
    return tuple(sorted(found.values(), key=lambda page: (page.date, page.title)))


def _is_old(day: str, today: date) -> bool:
    """Whether a page read that day (a year, a month or a day) is to be read again."""
    parts = [int(part) for part in day.split("-") if part.isdigit()]
    if not parts:
        return True
    year, month, number = (*parts, 12, 28)[:3] if len(parts) == 1 else (*parts, 28)[:3]
    return (today - date(year, month, number)).days > OLD_DAYS
