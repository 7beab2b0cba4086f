"""How the desk's pages are made: Jinja templates, always escaped, with the page's surroundings."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
    select_autoescape,
)
from jinja2.runtime import Context

from channels.desk.accounts import Agent
from channels.desk.roles import ROLE_NAMES, Permission
from channels.models import now
from dossiers.calendar import Calendar

HERE = Path(__file__).parent
STATIC = HERE / "static"
# What no browser nor proxy may keep; forms need the page's origin to be told.
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


@dataclass(frozen=True)
class Section:
    """A section of the desk in the bar at the top, for those who may open it."""

    permission: Permission
    path: str
    label: str


SECTIONS = (
    Section("answer", "/desk", "File"),
    Section("instruct", "/desk/dossiers", "Dossiers"),
    Section("propose", "/desk/guide", "Améliorer le guide"),
    Section("read_knowledge", "/desk/knowledge", "Fiches"),
    Section("figures", "/desk/figures", "Chiffres"),
    Section("supervise", "/desk/team", "Équipe"),
    Section("audit", "/desk/audit", "Journal"),
)


def home_of(agent: Agent) -> str:
    """The first page that an agent may open."""
    return next(section.path for section in SECTIONS if agent.may(section.permission))


def page(
    request: Request, template: str, agent: Agent | None = None, status: int = 200, **context: Any
) -> HTMLResponse:
    """A whole page, or a part of one that a script puts in place."""
    surroundings = {
        "agent": agent,
        "role_name": ROLE_NAMES[agent.role] if agent else "",
        "sections": [s for s in SECTIONS if agent and agent.may(s.permission)],
        "here": _section_of(request.url.path),
        "signed_in": agent is not None,
        "calendar": request.app.state.desk.dossiers.calendar,
    }
    html = _environment.get_template(template).render({**surroundings, **context})
    return HTMLResponse(html, status, PRIVATE)


def redirect(path: str) -> RedirectResponse:
    """After a form: the page to read next, which reloading does not post again."""
    return RedirectResponse(path, 303, PRIVATE)


def when(calendar: Calendar, moment: datetime | None, *, whole: bool = False) -> str:
    """A moment kept in UTC, as clocks show it: the hour today, else the date too."""
    if moment is None:
        return ""
    read = calendar.local(moment)
    hour_only = read.date() == calendar.today() and not whole
    return f"{read:%H:%M}" if hour_only else f"{read:%d/%m/%Y %H:%M}"


@pass_context
def _when(context: Context, moment: datetime | None) -> str:
    return when(context["calendar"], moment)


def since(moment: datetime | None) -> str:
    """How long ago: « 4 min », « 2 h 05 », « 3 j »."""
    if moment is None:
        return ""
    minutes = max(0, int((now() - moment).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02}"
    return f"{minutes // (24 * 60)} j"


def iso(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def _section_of(path: str) -> str:
    """The section that a page belongs to: conversations are reached from the queue."""
    if path == "/desk" or path.startswith("/desk/conversations/"):
        return "/desk"
    inner = [s.path for s in SECTIONS if s.path != "/desk"]
    return next((p for p in inner if path == p or path.startswith(f"{p}/")), "")


_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(when=_when, since=since, iso=iso)
