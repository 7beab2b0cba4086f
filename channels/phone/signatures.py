"""Who a request comes from: checked on what was really sent, in constant time."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# A signed time further than this from ours: a request replayed, or very late.
TOLERANCE_SECONDS = 300


def bearer(header: str | None, token: str) -> bool:
    """Whether an Authorization header carries the token."""
    kind, _, given = (header or "").partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    return kind.lower() == "bearer" and same


def twilio(header: str | None, url: str, form: Sequence[tuple[str, str]], token: str) -> bool:
    """X-Twilio-Signature: the URL as Twilio called it, and the form's sorted fields."""
    signed = url + "".join(f"{name}{value}" for name, value in sorted(set(form)))
    made = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    return hmac.compare_digest(base64.b64encode(made), (header or "").encode())


def jambonz(header: str | None, body: bytes, secret: str, at: float | None = None) -> bool:
    """Jambonz-Signature: « t=…,v1=… » over the time and the body."""
    fields = [part.strip().partition("=") for part in (header or "").split(",")]
    moment = next((value for name, _, value in fields if name == "t"), "")
    made = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256)
    same = [
        hmac.compare_digest(made.hexdigest().encode(), value.encode())
        for name, _, value in fields
        if name == "v1"
    ]
    return any(same) and _fresh(moment, at)


def telnyx(
    signature: str | None, moment: str | None, body: bytes, key: str, at: float | None = None
) -> bool:
    """Telnyx-Signature-Ed25519, over the time and the body, with Telnyx's public key."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        signed = base64.b64decode(signature or "", validate=True)
        public.verify(signed, (moment or "").encode() + b"|" + body)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return _fresh(moment or "", at)


def _fresh(moment: str, at: float | None) -> bool:
    if not moment.isascii() or not moment.isdigit() or len(moment) > len("1700000000000"):
        return False
    now = time.time() if at is None else at
    return abs(now - int(moment)) <= TOLERANCE_SECONDS
