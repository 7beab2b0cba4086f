"""The AudioCodes Bot API (HTTP mode): a platform posts what happens, and is told what to do."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from channels.phone import sentences, signatures
from channels.phone.calls import BusyCallError, UnknownCallError
from channels.phone.line import Line
from channels.phone.markup import slowly
from channels.phone.turn import Alternative, Kind, Listen, Reply, Transfer, TurnIn

PROVIDER = "audiocodes"
PATH = "/phone/audiocodes"
EXPIRES_SECONDS = 120
CALL_ID = r"^[\w.:@+-]{1,128}$"
FILLER_MS = 2_500
GIVE_UP_MS = 20_000


class RefusedError(Exception):
    """A request that cannot be taken: its status, and the reason that the protocol wants."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Body(BaseModel):
    """What every request carries; what we don't know is passed over."""

    model_config = ConfigDict(extra="ignore")

    conversation: str = Field(pattern=CALL_ID)


class Activity(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: str = Field(max_length=64)
    id: str | None = Field(None, max_length=256)
    timestamp: str | None = Field(None, max_length=64)
    name: str | None = Field(None, max_length=64)
    text: str | None = Field(None, max_length=20_000)
    value: Any = None
    language: str | None = Field(None, max_length=16)
    parameters: dict[str, Any] | None = None


class Activities(Body):
    activities: list[Activity] = Field(max_length=20)


def router(line: Line, token: str, public_url: str) -> APIRouter:
    """The bot's URL and those of its conversations."""
    api = APIRouter(include_in_schema=False)

    def checked(request: Request) -> None:
        if not signatures.bearer(request.headers.get("authorization"), token):
            raise RefusedError(401, "missing or wrong token")

    async def guarded(request: Request, work: Any) -> JSONResponse:
        try:
            checked(request)
            return JSONResponse(await work())
        except RefusedError as error:
            return _problem(error.status, error.reason)
        except UnknownCallError:
            return _problem(404, "unknown conversation, or it is over")
        except BusyCallError:
            return _problem(503, "another activity of the conversation is under way")

    @api.get(PATH)
    async def health(request: Request) -> JSONResponse:
        """The platform checks the URL and the token."""

        async def work() -> dict[str, Any]:
            return {"type": "ac-bot-api", "success": True}

        return await guarded(request, work)

    @api.post(PATH)
    async def create(request: Request) -> JSONResponse:
        """A call begins: where to post what happens in it."""

        async def work() -> dict[str, Any]:
            body = _read(Body, await request.body())
            await line.calls.open(PROVIDER, body.conversation)
            base = public_url or str(request.base_url).rstrip("/")
            url = f"{base}{PATH}/conversations/{quote(body.conversation, safe='')}"
            return {
                "activitiesURL": f"{url}/activities",
                "refreshURL": f"{url}/refresh",
                "disconnectURL": f"{url}/disconnect",
                "expiresSeconds": EXPIRES_SECONDS,
            }

        return await guarded(request, work)

    @api.post(PATH + "/conversations/{conversation}/activities")
    async def activities(conversation: str, request: Request) -> JSONResponse:
        async def work() -> dict[str, Any]:
            body = _read(Activities, await request.body(), conversation)
            if not await line.calls.is_open(PROVIDER, conversation):
                raise UnknownCallError
            said: list[dict[str, Any]] = []
            for activity in body.activities:
                turn = _turn(conversation, activity)
                if turn is not None:
                    said += _activities(await line.turn(turn), turn)
            return {"conversation": conversation, "activities": said}

        return await guarded(request, work)

    @api.post(PATH + "/conversations/{conversation}/refresh")
    async def refresh(conversation: str, request: Request) -> JSONResponse:
        """The platform says that the call goes on."""

        async def work() -> dict[str, Any]:
            _read(Body, await request.body(), conversation)
            if not await line.calls.is_open(PROVIDER, conversation):
                raise UnknownCallError
            return {}

        return await guarded(request, work)

    @api.post(PATH + "/conversations/{conversation}/disconnect")
    async def disconnect(conversation: str, request: Request) -> JSONResponse:
        async def work() -> dict[str, Any]:
            _read(Body, await request.body(), conversation)
            if not await line.calls.is_open(PROVIDER, conversation):
                raise UnknownCallError
            await line.turn(TurnIn(conversation, PROVIDER, "disconnect", Kind.HANGUP))
            return {}

        return await guarded(request, work)

    return api


def _read[T: Body](shape: type[T], body: bytes, conversation: str | None = None) -> T:
    """The body of a request, of the conversation that its URL names."""
    try:
        read = shape.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RefusedError(400, f"{where}: {first['msg']}".strip(": ")) from error
    if conversation is not None and read.conversation != conversation:
        raise RefusedError(400, "the conversation is not the one of the URL")
    return read


def _problem(status: int, reason: str) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse({"type": "error", "reason": reason}, status, headers)


# -- from the platform -----------------------------------------------------------------------


def _turn(conversation: str, activity: Activity) -> TurnIn | None:
    """The neutral turn of an activity; None for what changes nothing in the dialogue."""
    base = TurnIn(
        conversation,
        PROVIDER,
        activity.id or uuid4().hex,
        Kind.SPEECH,
        at=_moment(activity.timestamp),
    )
    parameters = activity.parameters or {}
    if activity.type == "message":
        return replace(
            base,
            text=activity.text or "",
            confidence=_confidence(parameters.get("confidence")),
            alternatives=_alternatives(parameters),
        )
    if activity.type != "event":
        return None
    name = (activity.name or "").lower()
    if name == "start":
        return replace(
            base,
            kind=Kind.START,
            caller=_text(parameters.get("caller")),
            called=_text(parameters.get("callee")),
            lang=activity.language or "fr-FR",
        )
    if name == "dtmf":
        return replace(base, kind=Kind.DTMF, digits=_digits(activity.value))
    if name in ("nouserinput", "nospeech"):
        count = activity.value if isinstance(activity.value, int) else 0
        return replace(base, kind=Kind.NO_INPUT, no_input_count=count)
    if name == "transferstatus":
        return replace(base, kind=Kind.TRANSFER_STATUS, status=_status(activity.value))
    return None


def _moment(stamp: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stamp or "")
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _confidence(value: Any) -> float | None:
    """Between 0 and 1; recognisers that count to 100 are brought back to it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return min(1.0, value / 100 if value > 1 else float(value))


def _alternatives(parameters: dict[str, Any]) -> tuple[Alternative, ...]:
    """Other transcripts, wherever the platform's recogniser puts them."""
    output = parameters.get("recognitionOutput")
    lists = [parameters.get("recognitions"), parameters.get("alternatives")]
    if isinstance(output, dict):
        lists += [output.get("alternatives"), output.get("NBest")]
    found = []
    for entry in (entry for given in lists if isinstance(given, list) for entry in given):
        if isinstance(entry, str):
            found.append(Alternative(entry))
        elif isinstance(entry, dict):
            text = entry.get("text") or entry.get("transcript") or entry.get("Display") or ""
            if isinstance(text, str) and text:
                found.append(Alternative(text, _confidence(entry.get("confidence"))))
    return tuple(found[:5])


def _digits(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("digits", value.get("value"))
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    return "".join(key for key in str(value) if key in "0123456789*#")[:32]


def _status(value: Any) -> str:
    """« done » for a call that was answered, else why it was not."""
    given = value if isinstance(value, dict) else {"status": value}
    if given.get("status") in ("answered", "success", "done"):
        return "done"
    reason = given.get("reasonCode")
    return reason if isinstance(reason, str) else "error"


def _text(value: Any) -> str:
    return value[:64] if isinstance(value, str) else ""


# -- to the platform -------------------------------------------------------------------------


def _activities(reply: Reply, turn: TurnIn) -> list[dict[str, Any]]:
    """What the platform is to do; the same for a turn that is made again."""
    if not reply.say and not reply.hangup and reply.transfer is None:
        return []
    acts = [_event("config", sessionParams=_session(reply.listen))]
    acts += [{"type": "message", "text": _spoken(line, reply.slow)} for line in reply.say]
    if reply.transfer is not None:
        acts.append(_transfer(reply.transfer))
    if reply.hangup:
        acts.append(_event("hangup"))
    named = uuid5(NAMESPACE_URL, f"{turn.call_id}/{turn.turn_id}")
    return [
        {"id": str(uuid5(named, str(rank))), "timestamp": reply.at, **act}
        for rank, act in enumerate(acts)
    ]


def _transfer(transfer: Transfer) -> dict[str, Any]:
    """The transfer, with its context as SIP headers for whoever answers."""
    context = transfer.context
    headers = [
        {"name": f"X-Repere-{name.capitalize()}", "value": _header(value)}
        for name, value in context.items()
        if isinstance(value, str) and value
    ]
    told = {
        "transferTarget": transfer.target,
        "handoverReason": context.get("reason", ""),
        "transferSipHeaders": headers,
    }
    return _event("transfer", activityParams=told, value=context)


def _session(listen: Listen) -> dict[str, Any]:
    """How the platform listens from now on."""
    several = listen.max_digits > 1
    return {
        "language": "fr-FR",
        "bargeIn": listen.barge_in,
        "bargeInOnDTMF": listen.barge_in,
        "sendDTMF": listen.dtmf,
        "dtmfCollect": several,
        "dtmfCollectMaxDigits": listen.max_digits,
        "dtmfCollectSubmitDigit": "#",
        "dtmfCollectInterDigitTimeoutMS": 3_000,
        "userNoInputTimeoutMS": listen.no_input_ms,
        "userNoInputSendEvent": True,
        "sendEventsToBot": ["noUserInput"],
        "continuousASR": listen.continuous,
        "continuousASRTimeoutInMS": 2_000,
        "sttContextPhrases": list(listen.hints),
        "botNoInputTimeoutMS": FILLER_MS,
        "botNoInputSpeech": [sentences.MOMENT],
        "botNoInputGiveUpTimeoutMS": GIVE_UP_MS,
    }


def _spoken(line: str, slow: bool) -> str:
    return f"<speak>{slowly(line)}</speak>" if slow else line


def _header(value: str) -> str:
    """A SIP header's value: one line, ASCII."""
    return quote(" ".join(value.split())[:200], safe=" ,.;:!?'+-_/()")


def _event(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "event", "name": name, **more}
