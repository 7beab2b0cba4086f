"""An invented desk: accounts, dossiers and questions without answer, for tests and pictures.

Nothing here is anyone's: names, plates and documents are made up.
"""

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFilter, ImageFont
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.messages import AnswerCard, Message, decline
from channels import transcript
from channels.desk.accounts import Accounts, Agent
from channels.models import Conversation, Feedback, Handover, now
from dossiers.answers import Answer
from dossiers.form import form_of
from dossiers.register import Dossiers
from dossiers.states import State
from dossiers.teleservice import EmbeddedRegister
from dossiers.vault import Vault
from dossiers.views import DossierView
from knowledge import store
from knowledge.query import KnowledgeBase
from repere.database import dossiers_in, open_database, upgrade
from repere.settings import Settings

FONT = str(files("font_source_sans_pro") / "files" / "SourceSansPro-Regular.otf")
PASSWORD = "une-phrase-assez-longue"  # noqa: S105 - of invented accounts
THEFT = {
    "motif": "vol",
    "pour_qui": "moi",
    "compte": "certifie",
    "numero_immatriculation": "FB-064-TN",
}
UNANSWERED = (
    ("Je voudrais une carte grise pour mon drone, c'est possible ?", "not_covered"),
    ("carte grise pour un drone de loisir", "not_covered"),
    ("il faut une carte grise pour un drone ?", "not_covered"),
    ("Mon voisin Monsieur Lefèvre a rayé ma portière, que faire ?", "out_of_scope"),
    ("le bouton suivant reste gris sur la page des pièces", "not_understood"),
    ("bouton suivant gris impossible d'avancer dans les pièces", "not_understood"),
)


@dataclass(frozen=True)
class Invented:
    """The parts of a Repère in which things are invented."""

    database: Engine
    base: KnowledgeBase
    dossiers: Dossiers
    accounts: Accounts


def opened(settings: Settings) -> Invented:
    """The database of these settings, its tables and its knowledge base made if need be."""
    database = open_database(settings.resolved_database_url)
    upgrade(database)
    store.build(database)
    dossiers = dossiers_in(database, settings)
    key = settings.resolved_secret_key
    return Invented(database, store.load(database), dossiers, Accounts(database, Vault(key), key))


def account(invented: Invented, login: str, name: str, role: str) -> Agent:
    """An account whose password is PASSWORD."""
    agent, temporary = invented.accounts.add(login, name, role)
    invented.accounts.change_password(agent.id, temporary, PASSWORD)
    return agent


def conversation(
    database: Engine, said: Sequence[tuple[str, str, Message | None]], days_ago: float = 0
) -> str:
    """A conversation: (author, text, the card's message for the guide)."""
    with Session(database) as db, db.begin():
        begun = now() - timedelta(days=days_ago)
        row = Conversation(id=secrets.token_hex(16), channel="web", created_at=begun, last_seq=0)
        db.add(row)
        db.flush()
        asked: int | None = None
        for author, text, message in said:
            reply_to = asked if author == "bot" else None
            stored = transcript.add(db, row, author, message or Message(text), reply_to)
            stored.at = begun
            asked = stored.seq if author == "user" else asked
        return row.id


def unanswered(database: Engine, questions: Sequence[tuple[str, str]] = UNANSWERED) -> None:
    """Conversations in which the guide did not answer, each its own."""
    for rank, (text, reason) in enumerate(questions):
        said = decline(
            "Les documents dont je dispose ne répondent pas à cette question.", reason, []
        )
        conversation(database, [("user", text, None), ("bot", "", said)], days_ago=rank)


def rated(database: Engine, question: str, answer: Message, comment: str) -> None:
    """An answer that a person found useless."""
    made = conversation(database, [("user", question, None), ("bot", "", answer)])
    with Session(database) as db, db.begin():
        db.add(Feedback(conversation_id=made, seq=2, useful=False, reason=comment))


def handed_over(database: Engine, question: str, minutes: float | None) -> None:
    """A question after which a person was asked for, and answered or not."""
    made = conversation(
        database,
        [("user", question, None), ("bot", "Réponse.", Message("Réponse.", AnswerCard()))],
    )
    with Session(database) as db, db.begin():
        asked = now()
        answered = None if minutes is None else asked + timedelta(minutes=minutes)
        db.add(
            Handover(
                conversation_id=made,
                channel="web",
                reason="asked",
                asked_at=asked,
                answered_at=answered,
            )
        )


def theft(
    invented: Invented,
    conversation_id: str | None = None,
    *,
    document: bytes | None = None,
    filed: bool = True,
) -> DossierView:
    """A duplicata after a theft, ready, with its document; filed here it waits for an agent."""
    dossiers = invented.dossiers
    dossier, _ = dossiers.begin(form_of(invented.base, "duplicata"), conversation_id)
    dossiers.save(dossier.id, [Answer(slot, value) for slot, value in THEFT.items()])
    kept = dossiers.pieces.attach(dossier.id, "declaration_vol", document or declaration())
    if kept.state == "doubtful":
        dossiers.pieces.use_anyway(dossier.id, kept.id)
    dossiers.accept_clu(dossier.id)
    dossiers.move(dossier.id, State.PRETE_A_DEPOSER, "citizen")
    if filed:
        EmbeddedRegister(dossiers).file(dossier.id, "citizen")
    return dossiers.get(dossier.id)


def declaration(blurred: bool = False) -> bytes:
    """A photo of an invented declaration of theft."""
    image = Image.new("RGB", (1240, 1754), "#f4f1ea")
    draw = ImageDraw.Draw(image)
    title, text = ImageFont.truetype(FONT, 54), ImageFont.truetype(FONT, 34)
    draw.text((120, 130), "Déclaration de vol (spécimen)", fill="#222", font=title)
    lines = [
        "Service inventé de la ville de Nulleville",
        "Le 12 novembre 2026, Camille Exemple déclare le vol",
        "du certificat d'immatriculation du véhicule FB-064-TN.",
        "",
        "Fait pour valoir ce que de droit.",
    ]
    for rank, line in enumerate(lines):
        draw.text((120, 300 + 70 * rank), line, fill="#222", font=text)
    draw.rectangle((120, 900, 1120, 1500), outline="#999", width=4)
    draw.text((160, 1180), "Cachet inventé", fill="#888", font=text)
    made = io.BytesIO()
    (image.filter(ImageFilter.GaussianBlur(7)) if blurred else image).save(made, "JPEG", quality=80)
    return made.getvalue()
