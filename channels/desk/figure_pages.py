"""The page of figures, and their export as CSV."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from channels.desk import audit, spreadsheet
from channels.desk.access import require
from channels.desk.accounts import Agent
from channels.desk.charts import stacked
from channels.desk.context import Desk, TheDesk
from channels.desk.figures import FEWEST, Figures, Period, figures
from channels.desk.rendering import page
from dossiers.calendar import Calendar

DAYS, MOST_DAYS = 30, 366
TheAgent = Annotated[Agent, require("figures")]
Du = Annotated[date | None, Query(alias="du")]
Au = Annotated[date | None, Query(alias="au")]

router = APIRouter(prefix="/desk/figures", include_in_schema=False)


@router.get("")
def show_figures(
    request: Request, desk: TheDesk, agent: TheAgent, first: Du = None, last: Au = None
) -> Response:
    """The figures of a period, drawn and in tables."""
    period = period_of(desk.dossiers.calendar, first, last)
    found = counted(desk, period)
    audit.record(desk.database, agent, "figures.read")
    charts = [
        stacked("Conversations par jour et par canal", period.days, found.conversations),
        stacked("Ce que le guide a répondu, par jour", period.days, found.outcomes),
    ]
    return page(
        request,
        "figures.html",
        agent,
        figures=found,
        charts=charts,
        period=period,
        fewest=FEWEST,
        totals={name: sum(counts) for name, counts in found.outcomes.items()},
        begun=sum(sum(counts) for counts in found.conversations.values()),
    )


@router.get("/chiffres.csv")
def export_figures(desk: TheDesk, agent: TheAgent, first: Du = None, last: Au = None) -> Response:
    """The same figures as CSV: numbers, the guide's own words, and no personal data."""
    period = period_of(desk.dossiers.calendar, first, last)
    found = counted(desk, period)
    audit.record(desk.database, agent, "figures.exported")
    return spreadsheet.download(f"chiffres-{period.first}-{period.last}.csv", lines(found))


def counted(desk: Desk, period: Period) -> Figures:
    """The figures of this desk."""
    return figures(desk.database, desk.dossiers, desk.index.current().weight, period)


def period_of(calendar: Calendar, first: date | None, last: date | None) -> Period:
    """The period asked for, at most a year; the last thirty days when nothing is."""
    end = last or calendar.today()
    begin = first or end - timedelta(days=DAYS - 1)
    begin = min(begin, end)
    return Period(max(begin, end - timedelta(days=MOST_DAYS - 1)), end, calendar)


def lines(found: Figures) -> Iterator[tuple[str, str, str, str]]:
    """The figures as the lines of a table, one number each."""
    yield "mesure", "détail", "jour", "valeur"
    for measure, series in (
        ("conversations", found.conversations),
        ("messages du guide", found.outcomes),
    ):
        for name, counts in series.items():
            for day, count in zip(found.period.days, counts, strict=True):
                yield measure, name, day.isoformat(), str(count)
    yield "avis", "réponses utiles", "", str(found.useful)
    yield "avis", "réponses inutiles", "", str(found.useless)
    yield "attente d'une personne", "demandes", "", str(found.handovers)
    yield "attente d'une personne", "sans réponse", "", str(found.unanswered_handovers)
    for name, value in (("médiane", found.median_wait), ("9 sur 10", found.long_wait)):
        if value is not None:
            yield "attente d'une personne", f"{name} (minutes)", "", f"{value:.1f}"
    for entry in found.demarches:
        yield "démarches commencées", entry.title, "", str(entry.begun)
        yield "démarches complètes", entry.title, "", str(entry.complete)
        for place, count in entry.stops:
            yield "démarches arrêtées", f"{entry.title} : {place}", "", str(count)
    for text, count in found.not_covered:
        yield "hors des documents", text, "", str(count)
    for group in found.unanswered:
        yield "questions sans réponse", group.words, "", str(group.conversations)
