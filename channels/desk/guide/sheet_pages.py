"""The pages where a sheet is written or corrected, as a proposal."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, Response
from starlette.exceptions import HTTPException

from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.guide.changes import SHEET_PATH, Draft, DraftError
from channels.desk.guide.routes import PREFIX, Editor, Long, Short, group_of, record
from channels.desk.guide.topics import typed_examples
from channels.desk.rendering import page, redirect

SHEETS = "knowledge/sheets"
_ID = re.compile(r"^id:\s*[\"']?([a-z0-9_]+)[\"']?\s*$", re.MULTILINE)
NEW_SHEET = """id: nom_de_la_fiche
kind: suivi
title: Le titre de la fiche
label: la fiche (complète « pour … »)
names: ["ce que les gens disent"]
facets:
  etapes:
    text: >-
      L’essentiel, en deux phrases.
    steps:
      - {title: "La première étape"}
    sources: [document/section]
    questions:
      - "Une question à laquelle cette fiche répond ?"
examples:
  - {facet: etapes, includes: ["un mot de la réponse"]}
"""

From = Annotated[int, Query(alias="de", ge=0)]
FromForm = Annotated[int, Form(alias="de", ge=0)]

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/sheets/new")
def new_sheet(request: Request, desk: TheDesk, agent: Editor, origin: From = 0) -> Response:
    """Write a sheet, from questions without answer or from nothing."""
    lines = ""
    if origin:
        lines = "".join(
            f"etapes: {question.text}\n" for question in group_of(desk, origin).questions
        )
    return _sheet_page(request, desk, agent, content=NEW_SHEET, lines=lines, origin=origin)


@router.get("/sheets/{sheet}")
def correct_sheet(
    request: Request,
    desk: TheDesk,
    agent: Editor,
    sheet: Annotated[str, Path(pattern=r"^[a-z0-9_]+$")],
) -> Response:
    """Correct a sheet: its file as it is."""
    path = _path_of(desk, sheet)
    if path is None:
        raise HTTPException(404)
    text = (desk.evaluations.root / path).read_text(encoding="utf-8")
    return _sheet_page(request, desk, agent, content=text, path=path)


@router.post("/sheets")
def propose_sheet(
    request: Request,
    desk: TheDesk,
    agent: Editor,
    content: Long = "",
    lines: Long = "",
    why: Long = "",
    folder: Short = "",
    path: Short = "",
    origin: FromForm = 0,
) -> Response:
    """Propose a sheet's file, new or corrected, and examples of its questions."""
    try:
        draft = _sheet_draft(desk, content, lines, path, folder)
    except DraftError as error:
        return _sheet_page(
            request,
            desk,
            agent,
            content=content,
            lines=lines,
            why=why,
            path=path,
            origin=origin,
            problem=error.reason,
        )
    file = desk.evaluations.root / (draft.path or "")
    base = file.read_text(encoding="utf-8") if file.is_file() else None
    title = f"{'Corriger' if base is not None else 'Écrire'} la fiche « {file.stem} »"
    questions = [q.message_id for q in group_of(desk, origin).questions] if origin else []
    proposal = desk.evaluations.proposals.add(
        agent.id, agent.name, title, draft, why, base, questions
    )
    record(desk, agent, "proposal.added", proposal)
    return redirect(f"/desk/guide/proposals/{proposal}")


def _sheet_page(
    request: Request,
    desk: Desk,
    agent: Agent,
    *,
    content: str,
    lines: str = "",
    why: str = "",
    path: str = "",
    origin: int = 0,
    problem: str = "",
) -> Response:
    folders = sorted(p.name for p in (desk.evaluations.root / SHEETS).iterdir() if p.is_dir())
    sources = [
        (document.title, [f"{document.id}/{section.id}" for section in document.sections])
        for document in desk.base.contents.documents
    ]
    return page(
        request,
        "guide_sheet.html",
        agent,
        422 if problem else 200,
        content=content,
        lines=lines,
        why=why,
        path=path,
        origin=origin,
        folders=folders,
        sources=sources,
        problem=problem,
    )


def _sheet_draft(desk: Desk, content: str, lines: str, path: str, folder: str) -> Draft:
    found = _ID.search(content)
    if found is None:
        raise DraftError("La fiche commence par son identifiant : « id: nom_de_la_fiche ».")
    sheet = found[1]
    if path:
        wanted = path
        if not SHEET_PATH.fullmatch(path) or path != _path_of(desk, sheet):
            raise DraftError("L'identifiant d'une fiche ne change pas quand on la corrige.")
    else:
        if _path_of(desk, sheet) is not None:
            raise DraftError(f"La fiche « {sheet} » existe déjà : corrigez-la.")
        if not re.fullmatch(r"[a-z]+", folder):
            raise DraftError("Choisissez le dossier de la fiche.")
        wanted = f"{SHEETS}/{folder}/{sheet}.yml"
    return Draft(typed_examples(desk.base, lines, sheet), wanted, content)


def _path_of(desk: Desk, sheet: str) -> str | None:
    root = desk.evaluations.root
    file = next((root / SHEETS).rglob(f"{sheet}.yml"), None)
    return str(file.relative_to(root)) if file is not None else None
