"""The pages of the sheets: what they answer, from which passages, and what they don't cover."""

from collections import defaultdict
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.exceptions import HTTPException

from channels.desk import audit
from channels.desk.access import require
from channels.desk.accounts import Agent
from channels.desk.context import TheDesk
from channels.desk.coverage import coverage
from channels.desk.rendering import page
from knowledge.conditions import Condition
from knowledge.query import KnowledgeBase
from knowledge.schema import Sheet

KINDS = {
    "demarche": "Démarches",
    "categorie": "Demandes complémentaires, catégories",
    "sous_categorie": "Demandes complémentaires, sous-catégories",
    "compte": "Comptes et connexion",
    "code": "Codes et numéros",
    "suivi": "Suivi",
    "statut": "Statuts",
    "permis": "Permis de conduire",
    "mot": "Mots et sigles",
}
HITS = 12
NOTES = {
    "disagreement": "Les documents diffèrent",
    "silence": "Les documents n’en disent rien",
    "today": "Aujourd’hui",
    "advice": "Conseil",
    "deduction": "Déduction",
}

Reader = Annotated[Agent, require("read_knowledge")]

router = APIRouter(prefix="/desk/knowledge", include_in_schema=False)


@router.get("")
def show_sheets(
    request: Request,
    desk: TheDesk,
    agent: Reader,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Every sheet, by kind; or what answers a search, sheets first, then imported passages."""
    by_kind: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sorted(desk.base.contents.sheets, key=lambda sheet: sheet.title):
        by_kind[sheet.kind].append(sheet)
    hits = desk.index.find(q, HITS) if q.strip() else []
    if q.strip():
        audit.record(desk.database, agent, "knowledge.searched")
    return page(
        request,
        "knowledge.html",
        agent,
        kinds=[(title, by_kind[kind]) for kind, title in KINDS.items() if by_kind[kind]],
        q=q,
        hits=[
            (hit, desk.base.title_of(hit.topic) if hit.topic is not None else "") for hit in hits
        ],
    )


@router.get("/coverage")
def show_coverage(request: Request, desk: TheDesk, agent: Reader) -> Response:
    """What the sheets cover, what was imported and waits, what is getting old."""
    found = coverage(desk.base, desk.database, desk.dossiers.today())
    return page(request, "knowledge_coverage.html", agent, coverage=found)


@router.get("/sheets/{sheet}")
def show_sheet(
    request: Request,
    desk: TheDesk,
    agent: Reader,
    sheet: Annotated[str, Path(pattern=r"^[a-z0-9_]+$")],
) -> Response:
    """A sheet: its answers in every situation, and their sources."""
    found = desk.base.sheets.get(sheet)
    if found is None:
        raise HTTPException(404)
    children = [s for s in desk.base.contents.sheets if s.parent == sheet]
    return page(
        request,
        "knowledge_sheet.html",
        agent,
        sheet=found,
        parent=desk.base.sheets.get(found.parent or ""),
        children=children,
        facets=[(desk.base.facets[name].title, facet) for name, facet in found.facets.items()],
        cited=lambda references: _cited(desk.base, references),
        in_words=lambda when: _in_words(desk.base, when),
        notes=NOTES,
        related=[(topic, desk.base.title_of(topic)) for topic in found.related],
    )


def _cited(base: KnowledgeBase, references: list[str]) -> list[tuple[str, str, list[str]]]:
    """The documents behind references, each with its period and the passages cited."""
    found: dict[tuple[str, str], list[str]] = {}
    for citation in base.citations(references):
        found.setdefault((citation.title, citation.period), []).append(citation.section)
    return [(title, period, sections) for (title, period), sections in found.items()]


def _in_words(base: KnowledgeBase, when: Condition) -> str:
    """A simple condition as people say it; the others are only said to be several criteria."""
    parts = []
    for name, value in when.items():
        field = base.situation.get(name)
        if field is None or not isinstance(value, str) or value not in field.values:
            return "selon plusieurs critères"
        parts.append(field.values[value])
    return ", ".join(parts)
