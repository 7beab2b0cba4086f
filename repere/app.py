"""The application: every channel's routes over one engine, one database, one knowledge base."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Engine as Database
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.actions.server import ActionServer
from channels.conversations import Conversations
from channels.engine import Engine
from channels.web import api
from channels.web.problems import add_problem_handlers, problem
from channels.web.static import add_static_files
from channels.web.tokens import Tokens
from dossiers.attachments import Limits
from dossiers.register import Dossiers
from knowledge import store
from knowledge.search import LiveIndex
from repere.database import open_database, upgrade
from repere.settings import Settings

MAX_BODY_BYTES = 256 * 1024
TOO_LARGE = "Votre message dépasse la taille acceptée."

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# The API's documentation page loads its viewer from elsewhere and scripts inline.
DOCS_PATHS = ("/api/docs",)

log = structlog.get_logger()


def create_app(settings: Settings, engine_url: str) -> FastAPI:
    """The application over an engine at ``engine_url``; builds the knowledge base if it changed."""
    database = open_database(settings.resolved_database_url)
    upgrade(database)
    store.build(database)
    base = store.load(database)
    dossiers = Dossiers(
        database,
        settings.resolved_dossiers_key,
        settings.var / "attachments",
        Limits(max_bytes=settings.upload_max_bytes, max_pages=settings.upload_max_pages),
    )
    actions = ActionServer(base, LiveIndex(base, database), dossiers)
    engine = Engine(engine_url, settings.resolved_engine_secret, settings.engine_timeout)
    conversations = Conversations(database, engine, log_texts=settings.log_texts)
    tokens = Tokens(settings.resolved_secret_key, settings.token_days)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.close()
        database.dispose()

    app = FastAPI(
        title="Repère",
        version="0.1.0",
        description="Le guide des démarches de carte grise et de permis : l'API publique.",
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    add_problem_handlers(app)
    app.add_middleware(_LimitedBody)
    app.middleware("http")(_guard)
    app.include_router(api.router(conversations, tokens))
    _add_health(app, database, engine)
    _add_actions(app, actions, settings.resolved_engine_secret)
    _add_page(app)
    return app


class _LimitedBody:
    """Stops reading a body that grows too large without having said its length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_internal(scope["path"]):
            await self._app(scope, receive, send)
            return
        read = 0

        async def limited() -> MutableMapping[str, Any]:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MAX_BODY_BYTES:
                raise HTTPException(413, TOO_LARGE)
            return message

        await self._app(scope, limited, send)


async def _guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse oversized bodies before reading them; set the security headers; log the request."""
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > MAX_BODY_BYTES and not _is_internal(request.url.path):
        return problem(413, TOO_LARGE)
    response = await call_next(request)
    if request.url.path not in DOCS_PATHS:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
    route = request.scope.get("route")
    log.info(
        "request",
        method=request.method,
        route=getattr(route, "path", "?"),
        status=response.status_code,
    )
    return response


def _is_internal(path: str) -> bool:
    return path.startswith("/internal/")


def _add_health(app: FastAPI, database: Database, engine: Engine) -> None:
    @app.get("/health", tags=["state"])
    async def health() -> dict[str, str]:
        """Whether the application is alive."""
        return {"status": "alive"}

    @app.get("/ready", tags=["state"], responses={503: {"description": "Not able to answer"}})
    async def ready() -> JSONResponse:
        """Whether the application is really able to answer (engine, database)."""
        engine_ready, database_ready = await asyncio.gather(
            engine.is_ready(), run_in_threadpool(_answers, database)
        )
        able = engine_ready and database_ready
        state = {"ready": able, "engine": engine_ready, "database": database_ready}
        return JSONResponse(state, 200 if able else 503)


def _answers(database: Database) -> bool:
    try:
        with database.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:
        return False
    return store.is_built(database)


def _add_actions(app: FastAPI, actions: ActionServer, secret: str) -> None:
    expected = f"Bearer {secret}".encode()

    @app.post("/internal/actions", include_in_schema=False)
    async def run_action(request: Request) -> dict[str, Any]:
        """The engine's custom action call."""
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            raise HTTPException(404)
        return await actions.run(await request.json())


def _add_page(app: FastAPI) -> None:
    add_static_files(app)
