"""``repere knowledge``: checking, building, adding to and searching the knowledge base."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import track
from sqlalchemy import Engine

from dossiers.calendar import Calendar
from knowledge import search as knowledge_search
from knowledge import store
from knowledge.check import check
from knowledge.importer import (
    ImportReport,
    RefusedFileError,
    Uncovered,
    import_file,
    uncovered,
)
from knowledge.query import Citation, KnowledgeBase
from knowledge.search import Hit
from knowledge.sheets_reader import SheetError, read
from repere.commands import BAD_USAGE, PROBLEM, stop
from repere.database import open_database
from repere.settings import ROOT, Settings

TRAINING = ROOT / "bot" / "data"

knowledge_app = typer.Typer(
    help="La base de connaissances : vérifier, construire, ajouter un document, chercher.",
    no_args_is_help=True,
    add_completion=False,
)
_errors = Console(stderr=True, highlight=False, soft_wrap=True)


@knowledge_app.command("check")
def check_command(
    documents: Annotated[
        Path | None,
        typer.Option(help="Dossier des documents sources : vérifie aussi que tout y est repris."),
    ] = None,
    training: Annotated[
        Path | None, typer.Option(help="Dossier des exemples d'entraînement.")
    ] = TRAINING,
) -> None:
    """Vérifier les fiches, leurs sources, leurs exemples et les données d'entraînement."""
    if documents is not None and not documents.is_dir():
        stop(f"Le dossier « {documents} » n'existe pas.", BAD_USAGE)
    try:
        contents = read()
    except SheetError as error:
        _stop_with_problems(error.problems)
    report = check(contents, training=training, documents=documents)
    for figure in report.figures:
        typer.echo(figure)
    if report.problems:
        _stop_with_problems(report.problems)
    typer.echo("Tout est en ordre.")
    if documents is None:
        typer.echo("Les documents sources n'ont pas été comparés (option --documents DOSSIER).")


@knowledge_app.command("build")
def build_command() -> None:
    """Construire la base à partir des fiches, si elles ont changé."""
    built = _build(_database())
    typer.echo("La base est construite." if built else "La base est déjà à jour.")


@knowledge_app.command("import")
def import_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Documents : txt, md, html, pdf avec du texte, docx."),
    ] = None,
) -> None:
    """Ajouter des documents : leurs passages sont aussitôt trouvés et cités."""
    if not files:
        stop("Indiquez au moins un fichier : repere knowledge import FICHIER…", BAD_USAGE)
    missing = [path for path in files if not path.exists()]
    if missing:
        stop(f"Fichier introuvable : {', '.join(map(str, missing))}", BAD_USAGE)
    database = _database()
    _build(database)
    refused = 0
    shown = Console(stderr=True)
    several = len(files) > 1 and shown.is_terminal
    for path in track(
        files, "Import des documents…", console=shown, transient=True, disable=not several
    ):
        try:
            report = import_file(database, path)
        except RefusedFileError as error:
            refused += 1
            _errors.print(f"{path.name} : refusé. {error.reason}", markup=False)
            continue
        typer.echo("\n".join(_told(report)))
    if refused:
        raise typer.Exit(PROBLEM)


@knowledge_app.command("uncovered")
def uncovered_command(
    passages: Annotated[bool, typer.Option(help="Montrer aussi le texte des passages.")] = False,
) -> None:
    """Lister les documents ajoutés qu'aucune fiche ne couvre encore."""
    found = uncovered(_database())
    calendar = Settings().calendar
    if not found:
        typer.echo("Aucun document ajouté n'attend de fiche.")
    for document in found:
        typer.echo("\n".join(_listed(document, passages, calendar)))


@knowledge_app.command("search")
def search_command(
    query: Annotated[list[str] | None, typer.Argument(help="Mots ou question.")] = None,
    most: Annotated[
        int, typer.Option(min=1, max=50, help="Nombre de résultats de chaque sorte.")
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Résultats en JSON.")] = False,
) -> None:
    """Chercher dans les fiches, puis dans les documents ajoutés."""
    question = " ".join(query or []).strip()
    if not question:
        stop("Indiquez ce que vous cherchez : repere knowledge search QUESTION", BAD_USAGE)
    database = _database()
    _build(database)
    base = store.load(database)
    index = knowledge_search.index(base, database, Settings().calendar.local)
    results = [_result(base, hit) for hit in index.find(question, most)]
    if as_json:
        typer.echo(json.dumps(results, ensure_ascii=False, indent=2))
        return
    if not results:
        typer.echo("Rien n'a été trouvé.")
    for result in results:
        typer.echo("\n".join(_shown(result)))


def _database() -> Engine:
    return open_database(Settings().resolved_database_url)


def _build(database: Engine) -> bool:
    try:
        return store.build(database)
    except SheetError as error:
        _stop_with_problems(error.problems)


def _stop_with_problems(problems: list[str]) -> NoReturn:
    for problem in problems:
        _errors.print(problem, markup=False)
    count = len(problems)
    stop("1 problème trouvé." if count == 1 else f"{count} problèmes trouvés.")


def _told(report: ImportReport) -> Iterator[str]:
    if report.already_imported:
        yield f"{report.file} : déjà importé, rien n'a changé."
        return
    added = "1 passage ajouté" if report.added == 1 else f"{report.added} passages ajoutés"
    yield f"{report.file} : « {report.title} », {added}."
    if report.duplicates:
        yield f"  Passages déjà présents dans la base, non repris : {report.duplicates}."
    for warning in report.warnings:
        yield f"  Attention : {warning}"
    if report.covered:
        yield "  Ce document est déjà couvert par des fiches."
    elif report.added:
        yield "  Ces passages sont trouvés et cités, mais aucune fiche ne les couvre encore."


def _listed(document: Uncovered, with_passages: bool, calendar: Calendar) -> Iterator[str]:
    count = len(document.passages)
    passages = "1 passage" if count == 1 else f"{count} passages"
    day = f"{calendar.local(document.imported_at):%d/%m/%Y}"
    yield f"{document.file} : « {document.title} », {passages}, importé le {day}."
    if with_passages:
        for passage in document.passages:
            yield (
                f"  [{passage.section}] {passage.text}" if passage.section else f"  {passage.text}"
            )


def _result(base: KnowledgeBase, hit: Hit) -> dict[str, Any]:
    """A hit with its title and its sources."""
    citations: tuple[Citation, ...] = (hit.citation,) if hit.citation else ()
    title = hit.citation.title if hit.citation else ""
    if hit.topic is not None:
        answer = base.answer(hit.topic)
        citations = answer.citations if answer else ()
        title = base.title_of(hit.topic)
    return {
        "kind": "passage" if hit.topic is None else "sheet",
        "topic": hit.topic,
        "title": title,
        "text": hit.text,
        "score": round(hit.score, 3),
        "share": round(hit.share, 3),
        "sources": [
            {"document": c.document, "title": c.title, "section": c.section, "period": c.period}
            for c in citations
        ],
    }


def _shown(result: dict[str, Any]) -> Iterator[str]:
    kind = "Document ajouté" if result["topic"] is None else result["topic"]
    yield f"{result['title']} ({kind}, {result['score']:.1f})"
    yield from (f"  {line}" for line in result["text"].splitlines())
    for source in result["sources"]:
        section = f", {source['section']}" if source["section"] else ""
        yield f"  Source : {source['title']}{section} ({source['document']}, {source['period']})"
    yield ""
