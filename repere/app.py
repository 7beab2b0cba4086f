"""The application: every channel's routes over one engine, one database, one knowledge base."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Engine as Database
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from bot.actions.server import ActionServer
from channels.conversations import Conversations
from channels.engine import Engine
from channels.web import api
from channels.web import dossiers as web_dossiers
from channels.web.problems import add_problem_handlers
from channels.web.static import add_static_files
from channels.web.tokens import Tokens
from dossiers.attachments import Limits
from dossiers.register import Dossiers
from knowledge import store
from knowledge.search import LiveIndex
from repere.database import open_database, upgrade
from repere.guard import LimitedBody, with_headers
from repere.settings import Settings


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
    conversations = Conversations(database, engine, dossiers, log_texts=settings.log_texts)
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
    app.add_middleware(LimitedBody, upload_bytes=settings.upload_max_bytes)
    app.middleware("http")(with_headers)
    app.include_router(api.router(conversations, tokens))
    app.include_router(web_dossiers.router(conversations, dossiers, tokens))
    _add_health(app, database, engine)
    _add_actions(app, actions, settings.resolved_engine_secret)
    _add_page(app)
    return app


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
