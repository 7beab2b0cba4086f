"""What stands before every route: limits on bodies, security headers, other sites, the log."""

from collections.abc import Collection, MutableMapping
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 256 * 1024
TOO_LARGE = "Votre envoi dépasse la taille acceptée."

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# The API's documentation page loads its viewer from elsewhere and scripts inline.
DOCS_PATHS = ("/api/docs",)
# What the pages of other sites may call, once allowed.
SHARED_PATHS = ("/api/conversations",)

log = structlog.get_logger()


class LimitedBody:
    """Refuses a body that is too large, as soon as it is announced or grows so.

    Documents (``…/files``) have ``upload_bytes`` more than other bodies; the engine's calls, which
    no one else can make, have no limit.
    """

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/internal/"):
            await self._app(scope, receive, send)
            return
        most = MAX_BODY_BYTES
        if scope["path"].endswith("/files"):
            most += self._upload_bytes
        read = 0

        async def limited() -> MutableMapping[str, Any]:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most or _announced(scope) > most:
                raise HTTPException(413, TOO_LARGE)
            return message

        await self._app(scope, limited, send)


class WithHeaders:
    """Sets the security headers; logs each request without what it says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                if scope["path"] not in DOCS_PATHS:
                    headers = MutableHeaders(scope=message)
                    for name, value in SECURITY_HEADERS.items():
                        headers.setdefault(name, value)
                _log(scope, message["status"])
            await send(message)

        await self._app(scope, receive, send_with_headers)


class CrossOrigin:
    """Lets the pages of the allowed sites call the API of conversations (its own always may)."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "Last-Event-ID"),
            expose_headers=("Content-Disposition", "Retry-After"),
        )
        self._open = bool(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._open or not str(scope.get("path", "")).startswith(SHARED_PATHS):
            await self._app(scope, receive, send)
            return

        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "origin" not in headers.get("vary", "").lower():
                    headers.add_vary_header("Origin")
            await send(message)

        await self._shared(scope, receive, send_varying)


def _log(scope: Scope, status: int) -> None:
    path = getattr(scope.get("route"), "path", "?")
    log.info("request", method=scope["method"], route=path, status=status)


def _announced(scope: Scope) -> int:
    """The length that the request's headers announce; 0 when they don't."""
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0
