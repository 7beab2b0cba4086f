"""jambonz webhooks: JSON in, an array of verbs out, each request signed.

As for TwiML, the address of the next answer names its turn, so that a request made again gets the
same answer.
"""

from contextlib import suppress
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response

from channels.phone import sentences, signatures
from channels.phone.calls import BusyCallError, UnknownCallError
from channels.phone.line import Line
from channels.phone.markup import slowly
from channels.phone.turn import Alternative, Kind, Listen, Reply, Transfer, TurnIn

PROVIDER = "jambonz"
PATH = "/phone/jambonz"
LANGUAGE = "fr-FR"
RING_SECONDS = 25
FILLER_SECONDS = 2
GIVE_UP_SECONDS = 15
OVER = frozenset({"completed", "failed", "busy", "no-answer"})
STATUSES = {"completed": "done", "in-progress": "done", "busy": "busy", "no-answer": "no-answer"}

Verb = dict[str, Any]


class Hook(BaseModel):
    """What jambonz posts; what we don't know is passed over."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    call_sid: str = Field(min_length=1, max_length=128)
    caller: str = Field("", alias="from", max_length=128)
    called: str = Field("", alias="to", max_length=128)
    call_status: str = ""
    dial_call_status: str = ""
    reason: str = ""
    digits: str = Field("", max_length=64)
    speech: dict[str, Any] | None = None


def router(line: Line, secret: str) -> APIRouter:
    """The application's addresses."""
    api = APIRouter(prefix=PATH, include_in_schema=False)

    async def read(request: Request) -> Hook | Response:
        """The signed body of a request, or its refusal."""
        body = await request.body()
        if not signatures.jambonz(request.headers.get("jambonz-signature"), body, secret):
            return JSONResponse({"msg": "missing, wrong or old signature"}, 403)
        try:
            return Hook.model_validate_json(body)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            return JSONResponse({"msg": f"malformed request: {where}".rstrip(": ")}, 400)

    async def taken(turn: TurnIn) -> Response:
        try:
            return JSONResponse(_verbs(await line.turn(turn)))
        except UnknownCallError:
            return JSONResponse([{"verb": "hangup"}])
        except BusyCallError:
            return JSONResponse({"msg": "another turn of the call is under way"}, 503)

    async def over(hook: Hook) -> Response:
        with suppress(UnknownCallError, BusyCallError):  # it never began here, or is over
            await line.turn(_base(hook, "hangup", Kind.HANGUP))
        return JSONResponse([])

    @api.post("")
    async def called(request: Request) -> Response:
        """The application's address: a call begins (or everything is sent here)."""
        hook = await read(request)
        if isinstance(hook, Response):
            return hook
        if hook.call_status in OVER:
            return await over(hook)
        if hook.reason or hook.speech or hook.digits:
            return await taken(_turn(hook, uuid4().hex))
        return await taken(_base(hook, "start", Kind.START))

    @api.post("/turn/{rank}")
    async def answered(rank: int, request: Request) -> Response:
        hook = await read(request)
        if isinstance(hook, Response):
            return hook
        if hook.call_status in OVER:
            return await over(hook)
        return await taken(_turn(hook, f"turn {rank}"))

    @api.post("/transfer/{rank}")
    async def transferred(rank: int, request: Request) -> Response:
        hook = await read(request)
        if isinstance(hook, Response):
            return hook
        status = STATUSES.get(hook.dial_call_status, "error")
        turn = _base(hook, f"transfer {rank}", Kind.TRANSFER_STATUS, status=status)
        return await taken(turn)

    @api.post("/status")
    async def status(request: Request) -> Response:
        hook = await read(request)
        if isinstance(hook, Response):
            return hook
        return await over(hook) if hook.call_status in OVER else JSONResponse([])

    return api


# -- from the platform -----------------------------------------------------------------------


def _base(hook: Hook, turn_id: str, kind: Kind, **more: Any) -> TurnIn:
    return TurnIn(
        hook.call_sid,
        PROVIDER,
        turn_id,
        kind,
        caller=hook.caller,
        called=hook.called,
        **more,
    )


def _turn(hook: Hook, turn_id: str) -> TurnIn:
    digits = "".join(key for key in hook.digits if key in "0123456789*#")
    if digits or hook.reason == "dtmfDetected":
        return _base(hook, turn_id, Kind.DTMF, digits=digits)
    heard = _alternatives(hook.speech or {})
    if not heard:
        return _base(hook, turn_id, Kind.NO_INPUT)
    best, *others = heard
    return _base(
        hook,
        turn_id,
        Kind.SPEECH,
        text=best.text,
        confidence=best.confidence,
        alternatives=tuple(others),
    )


def _alternatives(speech: dict[str, Any]) -> list[Alternative]:
    given = speech.get("alternatives")
    found = []
    for entry in given if isinstance(given, list) else []:
        text = entry.get("transcript") if isinstance(entry, dict) else None
        if isinstance(text, str) and text.strip():
            measure = entry.get("confidence")
            known = isinstance(measure, int | float) and 0 < measure <= 1
            found.append(Alternative(text.strip(), float(measure) if known else None))
    return found[:6]


# -- to the platform -------------------------------------------------------------------------


def _verbs(reply: Reply) -> list[Verb]:
    said = _say(reply)
    if reply.transfer is not None:
        return [said, _dial(reply.transfer, reply.next)]
    if reply.hangup or not reply.say:
        return [*([said] if reply.say else []), {"verb": "hangup"}]
    gather = _gather(reply.listen, reply.next)
    if reply.listen.barge_in:
        return [gather | {"say": {"text": said["text"]}}]
    return [said, gather]  # heard to the end before anything is listened to


def _say(reply: Reply) -> Verb:
    lines = [slowly(line) for line in reply.say] if reply.slow else reply.say
    text = " ".join(lines)
    return {"verb": "say", "text": f"<speak>{text}</speak>" if reply.slow else text}


def _gather(listen: Listen, rank: int) -> Verb:
    return {
        "verb": "gather",
        "actionHook": f"{PATH}/turn/{rank}",
        "input": ["digits", "speech"] if listen.speech else ["digits"],
        "timeout": max(1, round(listen.no_input_ms / 1000)),
        "bargein": listen.barge_in,
        "dtmfBargein": listen.barge_in,
        "listenDuringPrompt": listen.barge_in,
        "minDigits": 1,
        "maxDigits": listen.max_digits,
        "interDigitTimeout": 3,
        "finishOnKey": "#",
        "recognizer": {
            "language": LANGUAGE,
            "hints": list(listen.hints),
            "asrTimeout": 2 if listen.continuous else 0,
        },
        "actionHookDelayAction": {
            "enabled": True,
            "noResponseTimeout": FILLER_SECONDS,
            "noResponseGiveUpTimeout": GIVE_UP_SECONDS,
            "actions": [{"verb": "say", "text": sentences.MOMENT}],
        },
    }


def _dial(transfer: Transfer, rank: int) -> Verb:
    kind, _, address = transfer.target.partition(":")
    target = {"type": "phone", "number": address}
    if kind == "sip":
        target = {"type": "sip", "sipUri": transfer.target}
    context = transfer.context
    return {
        "verb": "dial",
        "target": [target],
        "actionHook": f"{PATH}/transfer/{rank}",
        "timeout": RING_SECONDS,
        "headers": {
            "X-Repere-Conversation": context["conversation"],
            "X-Repere-Dossier": context["dossier"],
        },
    }
