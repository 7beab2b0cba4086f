"""TwiML, for Twilio and those who speak as it does (SignalWire, Telnyx's TeXML).

Each answer names the turn that will follow in the address where it is to be sent: a request made
again has the same address, and gets the same answer.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, quote
from uuid import uuid4
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter, Request, Response

from channels.phone import sentences, signatures
from channels.phone.calls import BusyCallError, UnknownCallError
from channels.phone.line import Line
from channels.phone.markup import slowly
from channels.phone.turn import Kind, Listen, Reply, Transfer, TurnIn

PROVIDER = "twiml"
PATH = "/phone/twiml"
LANGUAGE = "fr-FR"
PATIENCE_SECONDS = 2.5  # then « un instant » is said, and the answer asked for again
RING_SECONDS = 25
MOST_HINTS = 40
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
# What became of a <Dial>, in neutral terms.
STATUSES = {"completed": "done", "answered": "done", "busy": "busy", "no-answer": "no-answer"}

Form = Mapping[str, str]


class Signers:
    """Who may call: what signs with Twilio's token, or with Telnyx's key."""

    def __init__(self, twilio_token: str, telnyx_key: str, public_url: str) -> None:
        self._twilio_token = twilio_token
        self._telnyx_key = telnyx_key
        self._public_url = public_url

    def allow(self, request: Request, body: bytes) -> bool:
        headers = request.headers
        if self._telnyx_key and "telnyx-signature-ed25519" in headers:
            signed, moment = headers["telnyx-signature-ed25519"], headers.get("telnyx-timestamp")
            return signatures.telnyx(signed, moment, body, self._telnyx_key)
        if not self._twilio_token:
            return False
        form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        signature = headers.get("x-twilio-signature") or headers.get("x-signalwire-signature")
        return signatures.twilio(signature, self._url(request), form, self._twilio_token)

    def _url(self, request: Request) -> str:
        """The address as the platform called it: ours, seen from outside."""
        if not self._public_url:
            return str(request.url)
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{self._public_url}{request.url.path}{query}"


def router(line: Line, signers: Signers) -> APIRouter:
    """The addresses that TwiML names."""
    api = APIRouter(prefix=PATH, include_in_schema=False)

    async def read(request: Request) -> Form | Response:
        """The signed form of a request, or its refusal."""
        body = await request.body()
        if not signers.allow(request, body):
            return Response("Signature absente ou fausse.", 403, media_type="text/plain")
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        if not 0 < len(form.get("CallSid", "")) <= 128:
            return Response("CallSid absent ou trop long.", 400, media_type="text/plain")
        return form

    async def taken(turn: TurnIn, again: str) -> Response:
        """The answer to a turn; when it is slow, « un instant » and where to ask for it again."""
        try:
            reply = await line.turn_within(turn, PATIENCE_SECONDS)
        except UnknownCallError:
            return _xml("<Hangup/>")
        except BusyCallError:
            reply = None
        if reply is None:
            moment = f"<Say language={quoteattr(LANGUAGE)}>{sentences.MOMENT}</Say>"
            return _xml(f'{moment}<Redirect method="POST">{escape(again)}</Redirect>')
        return _xml(_verbs(reply, turn.call_id))

    @api.post("")
    async def called(request: Request) -> Response:
        """The number's address: a call begins (or a platform sends everything here)."""
        form = await read(request)
        if isinstance(form, Response):
            return form
        if form.get("CallStatus") in OVER:
            return await over(form)
        known = await line.calls.is_open(PROVIDER, form["CallSid"])
        if known and ("SpeechResult" in form or "Digits" in form):
            token = request.headers.get("i-twilio-idempotency-token") or uuid4().hex
            return await taken(_turn(form, token), PATH)
        return await taken(_base(form, "start", Kind.START), PATH)

    @api.post("/turn/{rank}")
    async def answered(rank: int, request: Request) -> Response:
        """What the caller said, typed, or did not."""
        form = await read(request)
        if isinstance(form, Response):
            return form
        if form.get("CallStatus") in OVER:
            return await over(form)
        return await taken(_turn(form, f"turn {rank}"), f"{PATH}/turn/{rank}")

    @api.post("/transfer/{rank}")
    async def transferred(rank: int, request: Request) -> Response:
        """What became of a transfer."""
        form = await read(request)
        if isinstance(form, Response):
            return form
        status = STATUSES.get(form.get("DialCallStatus", ""), "error")
        turn = _base(form, f"transfer {rank}", Kind.TRANSFER_STATUS, status=status)
        return await taken(turn, f"{PATH}/transfer/{rank}")

    @api.post("/whisper/{call_id}")
    async def whispered(call_id: str, request: Request) -> Response:
        """What the person who takes the call hears first; only they hear it."""
        form = await read(request)
        if isinstance(form, Response):
            return form
        last = await line.calls.last_reply(PROVIDER, call_id)
        context = last.transfer.context if last and last.transfer else {}
        return _xml(_say(context["summary"], slow=False) if context else "")

    @api.post("/status")
    async def status(request: Request) -> Response:
        """The end of the call."""
        form = await read(request)
        if isinstance(form, Response):
            return form
        return await over(form) if form.get("CallStatus") in OVER else _xml("")

    async def over(form: Form) -> Response:
        with suppress(UnknownCallError, BusyCallError):  # it never began here, or is over
            await line.turn(_base(form, "hangup", Kind.HANGUP))
        return _xml("")

    return api


# -- from the platform -----------------------------------------------------------------------


def _base(form: Form, turn_id: str, kind: Kind, **more: Any) -> TurnIn:
    return TurnIn(
        form["CallSid"],
        PROVIDER,
        turn_id,
        kind,
        caller=form.get("From", "")[:64],
        called=form.get("To", "")[:64],
        **more,
    )


def _turn(form: Form, turn_id: str) -> TurnIn:
    """Speech, keys, or (neither of them) silence."""
    digits = "".join(key for key in form.get("Digits", "") if key in "0123456789*#")[:32]
    if digits or form.get("FinishedOnKey"):
        return _base(form, turn_id, Kind.DTMF, digits=digits)
    text = form.get("SpeechResult", "").strip()
    if text:
        return _base(
            form, turn_id, Kind.SPEECH, text=text, confidence=_confidence(form.get("Confidence"))
        )
    return _base(form, turn_id, Kind.NO_INPUT)


def _confidence(value: str | None) -> float | None:
    """0.0 is what recognisers without a measure send."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 < number <= 1 else None


# -- to the platform -------------------------------------------------------------------------


def _verbs(reply: Reply, call_id: str) -> str:
    said = "".join(_say(line, reply.slow) for line in reply.say)
    if reply.transfer is not None:
        return said + _dial(reply.transfer, call_id, reply.next)
    if reply.hangup or not reply.say:
        return f"{said}<Hangup/>"
    return _gather(reply.listen, said, reply.next)


def _gather(listen: Listen, said: str, rank: int) -> str:
    seconds = max(1, round(listen.no_input_ms / 1000))
    attributes = {
        "input": "dtmf speech" if listen.speech else "dtmf",
        "language": LANGUAGE,
        "action": f"{PATH}/turn/{rank}",
        "method": "POST",
        "actionOnEmptyResult": "true",
        "timeout": str(seconds),
        "speechTimeout": "3" if listen.continuous else "auto",
        "bargeIn": "true" if listen.barge_in else "false",
        "finishOnKey": "#" if listen.max_digits > 1 else "",
        "numDigits": str(listen.max_digits),
        "hints": ",".join(hint.replace(",", " ") for hint in listen.hints[:MOST_HINTS]),
    }
    given = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    if listen.barge_in:
        return f"<Gather {given}>{said}</Gather>"
    return f"{said}<Gather {given}></Gather>"  # heard to the end before anything is listened to


def _dial(transfer: Transfer, call_id: str, rank: int) -> str:
    target = transfer.target
    whisper = quoteattr(f"{PATH}/whisper/{quote(call_id, safe='')}")
    if target.startswith("sip:"):
        noun = f"<Sip url={whisper}>{escape(target)}</Sip>"
    else:
        noun = f"<Number url={whisper}>{escape(target.removeprefix('tel:'))}</Number>"
    action = f"{PATH}/transfer/{rank}"
    return f'<Dial action="{action}" method="POST" timeout="{RING_SECONDS}">{noun}</Dial>'


def _say(line: str, slow: bool) -> str:
    text = slowly(line) if slow else escape(line)
    return f'<Say language="{LANGUAGE}">{text}</Say>'


def _xml(verbs: str) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'
    return Response(body, media_type="application/xml")
