"""The dossiers of a conversation over the web: documents sent, récapitulatif downloaded."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Response, UploadFile
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from channels.conversations import Conversations
from channels.engine import EngineUnavailableError
from channels.incoming import RefusedMessageError
from channels.web.access import authorised
from channels.web.api import Message
from channels.web.problems import problems
from channels.web.tokens import Tokens
from dossiers import recap
from dossiers.attachments import RefusedFileError
from dossiers.ledger import NotNowError
from dossiers.legibility import TEXTS as WARNING_TEXTS
from dossiers.pieces import UnknownPieceError
from dossiers.register import Dossiers
from dossiers.views import DossierView

DossierNumber = Annotated[str, Path(pattern=r"^RP-[0-9A-Z]{4}-[0-9A-Z]{4}$")]


class Attachment(BaseModel):
    """A document as it was kept; ``warnings`` say, in French, why it may be hard to read."""

    id: str
    piece: str
    media_type: str
    size: int
    state: Literal["doubtful", "sent", "refused", "accepted"]
    warnings: list[str]


class Stored(BaseModel):
    attachment: Attachment
    messages: list[Message]


def router(
    conversations: Conversations, dossiers: Dossiers, tokens: Tokens, public_url: str
) -> APIRouter:
    """The routes of documents and downloads, for the conversation's owner alone."""
    owner = authorised(tokens)
    api = APIRouter(prefix="/api/conversations/{conversation}", tags=["dossiers"])

    @api.post("/files", status_code=201, responses=problems(400, 401, 404, 413, 422))
    async def send_file(
        conversation: Annotated[str, owner],
        file: UploadFile,
        piece: Annotated[str, Form(pattern=r"^[a-z0-9_:]{1,80}$")],
        anyway: Annotated[
            bool, Form(description="Keep the document even if it is hard to read.")
        ] = False,
    ) -> Stored:
        """Send the document of a pièce; the bot's messages that follow come back with it.

        Sent again, because the reply was lost for example, the same document is kept once.
        """
        name = piece.removeprefix("piece:")
        dossier = await run_in_threadpool(_dossier_for, dossiers, conversation, name)
        content = await file.read(dossiers.pieces.limits.max_bytes + 1)
        # An agent who answers looks at it: nobody else asks whether to keep what is hard to read.
        anyway = anyway or await conversations.with_agent(conversation)
        attach = partial(dossiers.pieces.attach, dossier.id, name, content, anyway=anyway)
        try:
            kept = await run_in_threadpool(attach)
        except RefusedFileError as error:
            raise RefusedMessageError(error.reason) from error
        except UnknownPieceError as error:
            raise RefusedMessageError("Cette pièce n'est pas demandée dans ce dossier.") from error
        except NotNowError as error:
            raise RefusedMessageError(error.reason) from error
        warnings = [text for warning, text in WARNING_TEXTS.items() if warning in kept.warnings]
        try:
            said = await conversations.document_received(conversation, _label(dossier, name))
        except EngineUnavailableError:
            said = []  # the document is kept; the guide speaks again at the next message
        return Stored.model_validate(
            {
                "attachment": {
                    "id": kept.id,
                    "piece": kept.piece,
                    "media_type": kept.media_type,
                    "size": kept.size,
                    "state": kept.state,
                    "warnings": warnings,
                },
                "messages": said,
            }
        )

    @api.get(
        "/dossiers/{number}/recapitulatif.pdf",
        response_class=Response,
        responses={200: {"content": {"application/pdf": {}}}, **problems(401, 404, 422)},
    )
    async def recapitulatif(
        conversation: Annotated[str, owner],
        number: DossierNumber,
    ) -> Response:
        """The récapitulatif of a dossier of this conversation, as a PDF."""
        own = await run_in_threadpool(dossiers.of_conversation, conversation)
        dossier = next((d for d in own if d.number == number), None)
        if dossier is None:
            raise HTTPException(404)
        content = await run_in_threadpool(_pdf, dossier, dossiers.today(), public_url)
        name = f'attachment; filename="recapitulatif-{number}.pdf"'
        return Response(
            content, media_type="application/pdf", headers={"Content-Disposition": name}
        )

    return api


def _dossier_for(dossiers: Dossiers, conversation: str, piece: str) -> DossierView:
    """The dossier that a document goes to: one that waits for it, else the last carried on."""
    own = [d for d in dossiers.of_conversation(conversation) if not d.closed]
    if not own:
        raise RefusedMessageError("Aucun dossier n'attend de document dans cette conversation.")
    return next((d for d in own if _waits_for(d, piece, dossiers.today())), own[0])


def _label(dossier: DossierView, piece: str) -> str:
    asked = dossier.form.piece(piece)
    return asked.label if asked else piece


def _waits_for(dossier: DossierView, piece: str, today: date) -> bool:
    awaited = ("missing", "doubtful", "refused")
    return any(view.piece.id == piece and view.state in awaited for view in dossier.pieces(today))


def _pdf(dossier: DossierView, today: date, public_url: str) -> bytes:
    address = recap.resume_url(public_url, dossier.number)
    return recap.pdf(recap.recap_of(dossier, today, address))
