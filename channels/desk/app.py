"""The desk assembled: its routers, its static files, and how its errors are shown."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from channels.desk import (
    account_pages,
    api,
    audit_pages,
    conversation_pages,
    dossier_api,
    dossier_pages,
    figure_pages,
    knowledge_pages,
    queue_pages,
    sign_in,
)
from channels.desk.access import API, CrossSiteError, ForbiddenError, SignInNeededError, session_of
from channels.desk.context import Desk
from channels.desk.guide import proposal_pages, question_pages, sheet_pages
from channels.desk.rendering import PRIVATE, STATIC, page
from channels.transcript import UnknownConversationError
from channels.web.problems import problem

Handler = Callable[[Request, Any], Response | Awaitable[Response]]

STAGE_PAGES = {"": "/desk/sign-in", "totp": "/desk/code", "password": "/desk/password"}
TEXTS = {
    403: "Votre rôle ne permet pas d'ouvrir cette page.",
    404: "Cette page, ou ce qu'elle montrait, n'existe pas ou n'existe plus.",
    422: "La demande est incomplète ou mal formée : revenez en arrière et vérifiez.",
}
CROSS_SITE = "Cette demande ne vient pas d'une page du pupitre : elle a été refusée."

# Every router of the desk: pages first, then the API.
ROUTERS = (
    sign_in.router,
    account_pages.router,
    queue_pages.router,
    conversation_pages.router,
    audit_pages.router,
    api.router,
    dossier_pages.router,
    question_pages.router,
    sheet_pages.router,
    proposal_pages.router,
    knowledge_pages.router,
    figure_pages.router,
    dossier_api.router,
)


def add_desk(app: FastAPI, desk: Desk) -> None:
    """Serve the desk under ``/desk`` and its API under ``/api/desk``."""
    app.state.desk = desk
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/desk/static", StaticFiles(directory=STATIC), name="desk-static")
    _add_errors(app)


def _add_errors(app: FastAPI) -> None:
    api.add_problems(app)
    app.add_exception_handler(SignInNeededError, _sign_in_needed)
    app.add_exception_handler(ForbiddenError, lambda request, _: _error(request, 403))
    app.add_exception_handler(CrossSiteError, lambda request, _: _error(request, 403, CROSS_SITE))
    for kind in (HTTPException, RequestValidationError, UnknownConversationError):
        app.add_exception_handler(kind, _for_pages(app.exception_handlers[kind]))


def _sign_in_needed(request: Request, error: Any) -> Response:
    if not _is_page(request):
        return problem(401, "Connectez-vous.", PRIVATE | {"WWW-Authenticate": "Bearer"})
    target = STAGE_PAGES.get(error.stage, "/desk")
    if not error.stage and request.method == "GET" and request.url.path != "/desk":
        target += f"?next={quote(request.url.path)}"
    return RedirectResponse(target, 303, PRIVATE)


def _for_pages(other: Handler) -> Handler:
    """The desk's pages show their errors as pages; the rest as it was."""

    async def handle(request: Request, error: Any) -> Response:
        if _is_page(request):
            status = {RequestValidationError: 422, UnknownConversationError: 404}
            return _error(request, status.get(type(error)) or error.status_code)
        response = other(request, error)
        return await response if isinstance(response, Awaitable) else response

    return handle


def _error(request: Request, status: int, text: str | None = None) -> Response:
    said = text or TEXTS.get(status, "Cette action n'est pas possible ici.")
    if not _is_page(request):
        return problem(status, said, PRIVATE)
    session = session_of(request, request.app.state.desk)
    agent = session.agent if session and session.stage == "open" else None
    return page(request, "error.html", agent, status, text=said)


def _is_page(request: Request) -> bool:
    path = request.url.path
    return (path == "/desk" or path.startswith("/desk/")) and not path.startswith(API)
