"""Signatures of the platforms, on what they document."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from channels.phone import signatures

# The example of Twilio's documentation.
URL = "https://example.com/myapp.php?foo=1&bar=2"
FORM = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675310"),
    ("Digits", "1234"),
    ("From", "+14158675310"),
    ("To", "+18005551212"),
]
TOKEN = "12345"
SIGNATURE = "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_the_documented_signature() -> None:
    assert signatures.twilio(SIGNATURE, URL, FORM, TOKEN)
    assert signatures.twilio(SIGNATURE, URL, FORM[::-1], TOKEN)


@pytest.mark.parametrize(
    ("header", "url", "form", "token"),
    [
        (SIGNATURE, URL + "&baz=3", FORM, TOKEN),
        (SIGNATURE, URL.replace("https", "http"), FORM, TOKEN),
        (SIGNATURE, URL, FORM[1:], TOKEN),
        (SIGNATURE, URL, [*FORM, ("Extra", "1")], TOKEN),
        (SIGNATURE, URL, FORM, "54321"),
        (SIGNATURE.lower(), URL, FORM, TOKEN),
        ("", URL, FORM, TOKEN),
        (None, URL, FORM, TOKEN),
        ("é" * 28, URL, FORM, TOKEN),
    ],
)
def test_anything_else_is_refused(
    header: str | None, url: str, form: list[tuple[str, str]], token: str
) -> None:
    assert not signatures.twilio(header, url, form, token)


def test_telnyx_signs_with_its_key() -> None:
    private = Ed25519PrivateKey.generate()
    key = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    body, moment = b"CallSid=v3%3A1", "1700000000"
    signed = base64.b64encode(private.sign(moment.encode() + b"|" + body)).decode()
    at = float(moment)
    assert signatures.telnyx(signed, moment, body, key, at)
    assert not signatures.telnyx(signed, moment, body + b"&Digits=0", key, at)
    assert not signatures.telnyx(signed, "1700000001", body, key, at)
    assert not signatures.telnyx(signed, moment, body, key, at + 3600)
    assert not signatures.telnyx(signed, moment, body, key)
    another = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert not signatures.telnyx(signed, moment, body, base64.b64encode(another).decode(), at)
    for wrong in (None, "", "é", "AAAA", signed[:-4]):
        assert not signatures.telnyx(wrong, moment, body, key, at)
    assert not signatures.telnyx(signed, moment, body, "not a key", at)


@pytest.mark.parametrize(
    ("header", "allowed"),
    [
        ("Bearer secret", True),
        ("bearer secret", True),
        ("Bearer secret2", False),
        ("Bearer", False),
        ("secret", False),
        ("Basic secret", False),
        ("", False),
        (None, False),
    ],
)
def test_bearer(header: str | None, allowed: bool) -> None:
    assert signatures.bearer(header, "secret") is allowed
