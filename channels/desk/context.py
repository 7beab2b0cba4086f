"""What the desk's routes work with, made once with the application."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine as Database

from bot.questions.speech import Speech
from channels.conversations import Conversations
from channels.desk.accounts import Accounts
from channels.desk.guide.evaluation import Evaluations
from channels.desk.sessions import Sessions
from channels.engine import Engine
from channels.live import Live
from channels.ownership import Ownership
from dossiers.register import Dossiers
from dossiers.vault import Vault
from knowledge.query import KnowledgeBase
from knowledge.search import LiveIndex


@dataclass(frozen=True)
class Desk:
    """The parts of the application that agents work with."""

    database: Database
    live: Live
    conversations: Conversations
    ownership: Ownership
    dossiers: Dossiers
    base: KnowledgeBase
    index: LiveIndex
    speech: Speech
    engine: Engine
    accounts: Accounts
    sessions: Sessions
    vault: Vault
    evaluations: Evaluations


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]
