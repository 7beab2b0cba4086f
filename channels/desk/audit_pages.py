"""The audit log for administrators: filtered, page by page, exported."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from channels.desk import audit, spreadsheet
from channels.desk.access import OwnPage, require
from channels.desk.accounts import Agent
from channels.desk.context import Desk, TheDesk
from channels.desk.models import AuditRow
from channels.desk.rendering import page, when
from dossiers.calendar import Calendar

ON_A_PAGE = 100
MOST_EXPORTED = 100_000

router = APIRouter(prefix="/desk/audit", include_in_schema=False, dependencies=[OwnPage])
Auditor = Annotated[Agent, require("audit")]
Words = Annotated[str, Query(max_length=80)]


@dataclass(frozen=True)
class Wanted:
    """What of the log is wanted; an empty text is anything."""

    who: str
    action: str
    about: str
    start: date | None
    end: date | None


@router.get("")
def show(
    request: Request,
    desk: TheDesk,
    agent: Auditor,
    who: Words = "",
    action: Words = "",
    about: Words = "",
    start: Words = "",
    end: Words = "",
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """The latest lines, and those before."""
    wanted = Wanted(who, action, about, _day(start), _day(end))
    audit.record(desk.database, agent, "audit.read")
    query = _query(wanted, desk.dossiers.calendar).order_by(AuditRow.id.desc()).limit(ON_A_PAGE + 1)
    if before is not None:
        query = query.where(AuditRow.id < before)
    with Session(desk.database) as db:
        lines = list(db.scalars(query))
    more = lines[ON_A_PAGE - 1].id if len(lines) > ON_A_PAGE else None
    return page(
        request,
        "audit.html",
        agent,
        lines=lines[:ON_A_PAGE],
        wanted=wanted,
        actions=audit.ACTIONS,
        filters=request.url.include_query_params(before=more).query if more else "",
        export=request.url.remove_query_params("before").query,
    )


@router.get(".csv")
def export(
    desk: TheDesk,
    agent: Auditor,
    who: Words = "",
    action: Words = "",
    about: Words = "",
    start: Words = "",
    end: Words = "",
) -> Response:
    """The lines wanted, oldest first, for a spreadsheet."""
    wanted = Wanted(who, action, about, _day(start), _day(end))
    audit.record(desk.database, agent, "audit.exported")
    return spreadsheet.download("journal.csv", _lines(desk, wanted))


def _lines(desk: Desk, wanted: Wanted) -> Iterator[tuple[str, ...]]:
    yield "moment", "agent", "action", "objet", "détail"
    calendar = desk.dossiers.calendar
    query = _query(wanted, calendar).order_by(AuditRow.id).limit(MOST_EXPORTED)
    with Session(desk.database) as db:
        for line in db.scalars(query, execution_options={"yield_per": 500}):
            told = audit.ACTIONS.get(line.action, line.action)
            yield when(calendar, line.at, whole=True), line.agent, told, line.object, line.told


def _query(wanted: Wanted, calendar: Calendar) -> Select[AuditRow]:
    query = select(AuditRow)
    if wanted.who:
        query = query.where(AuditRow.agent.icontains(wanted.who, autoescape=True))
    if wanted.action:
        query = query.where(AuditRow.action == wanted.action)
    if wanted.about:
        query = query.where(AuditRow.object.icontains(wanted.about, autoescape=True))
    if wanted.start:
        query = query.where(AuditRow.at >= calendar.start_of(wanted.start))
    if wanted.end:
        query = query.where(AuditRow.at < calendar.start_of(wanted.end + timedelta(days=1)))
    return query


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
