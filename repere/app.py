"""The application: every channel's routes over one engine, one database, one knowledge base."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Engine as Database
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bot.actions.server import ActionServer
from bot.dialogue.scene import Hands
from bot.dialogue.turn import Dialogue
from bot.questions.speech import Speech
from channels.conversations import Conversations, playing_in
from channels.desk.accounts import Accounts
from channels.desk.app import add_desk
from channels.desk.context import Desk
from channels.desk.guide.evaluation import Evaluations
from channels.desk.guide.proposals import Proposals
from channels.desk.sessions import Sessions
from channels.desk.webhooks import Webhooks
from channels.engine import Engine
from channels.feedback import Feedbacks
from channels.live import Live
from channels.ownership import Ownership
from channels.phone import routes as phone
from channels.phone.calls import Calls
from channels.web import api
from channels.web import dossiers as web_dossiers
from channels.web import feedback as web_feedback
from channels.web import live as web_live
from channels.web.problems import add_problem_handlers
from channels.web.static import add_static_files
from channels.web.tokens import Tokens
from dossiers.vault import Vault
from knowledge import store
from knowledge.search import LiveIndex
from repere.database import dossiers_in, open_database, upgrade
from repere.guard import CrossOrigin, LimitedBody, WithHeaders
from repere.settings import ROOT, Settings


def create_app(settings: Settings, engine_url: str) -> FastAPI:
    """The application over an engine at ``engine_url``; builds the knowledge base if it changed."""
    database = open_database(settings.resolved_database_url)
    upgrade(database)
    store.build(database)
    base = store.load(database)
    dossiers = dossiers_in(database, settings)
    index = LiveIndex(base, database, settings.calendar.local)
    speech = Speech(base, index)
    dialogue = Dialogue(
        Hands(base, speech, dossiers, dossiers.today, settings.abandoned_days), playing_in(database)
    )
    actions = ActionServer(dialogue)
    engine = Engine(engine_url, settings.resolved_engine_secret, settings.engine_timeout)
    live = Live(database)
    conversations = Conversations(
        database, engine, dossiers, live, dialogue, log_texts=settings.log_texts
    )
    if database.dialect.name == "sqlite":  # a file of one application, this one
        conversations.free_leases()
    tokens = Tokens(settings.resolved_secret_key, settings.token_days)
    evaluations = Evaluations(Proposals(database), ROOT, settings.resolved_models)

    vault = Vault(settings.resolved_secret_key)
    webhooks = Webhooks(database, vault, local=settings.webhooks_local)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        telling = asyncio.create_task(webhooks.send_for_ever())
        yield
        telling.cancel()
        evaluations.stop()
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
    ownership = Ownership(database, live)
    desk = Desk(
        database=database,
        live=live,
        conversations=conversations,
        ownership=ownership,
        dossiers=dossiers,
        base=base,
        index=index,
        speech=speech,
        engine=engine,
        accounts=Accounts(database, vault, settings.resolved_secret_key),
        sessions=Sessions(
            database,
            idle=timedelta(minutes=settings.desk_idle_minutes),
            most=timedelta(hours=settings.desk_session_hours),
        ),
        vault=vault,
        evaluations=evaluations,
    )
    app.state.live = live  # ended by the server before it waits for its connections
    add_problem_handlers(app)
    app.add_middleware(LimitedBody, upload_bytes=settings.upload_max_bytes)
    app.add_middleware(CrossOrigin, origins=settings.origins)
    app.add_middleware(WithHeaders)
    app.include_router(api.router(conversations, tokens))
    app.include_router(web_live.router(conversations, live, tokens))
    app.include_router(web_feedback.router(Feedbacks(database), tokens))
    address = settings.resolved_public_url
    app.include_router(web_dossiers.router(conversations, dossiers, tokens, address))
    add_desk(app, desk)
    calls = Calls(database, settings.resolved_secret_key, vault)
    for router in phone.routers(_phone(settings), calls, conversations, dossiers, ownership):
        app.include_router(router)
    _add_health(app, database, engine)
    _add_actions(app, actions, settings.resolved_engine_secret)
    add_static_files(app)
    return app


def _phone(settings: Settings) -> phone.PhoneSettings:
    return phone.PhoneSettings(
        audiocodes_token=settings.phone_audiocodes_token,
        twilio_token=settings.phone_twilio_auth_token,
        telnyx_key=settings.phone_telnyx_public_key,
        jambonz_secret=settings.phone_jambonz_secret,
        public_url=settings.phone_public_url or settings.public_url,
        transfer_target=settings.phone_transfer_target,
    )


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
        try:
            call = await request.json()
        except ClientDisconnect:  # the engine died: nobody waits for this
            return {}
        return await actions.run(call)
