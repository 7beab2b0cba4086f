"""What stands before every route: limits on what is read, security headers, the access log."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog
from fastapi import Request, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

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


async def with_headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Set the security headers; log the request without what it says."""
    response = await call_next(request)
    if request.url.path not in DOCS_PATHS:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
    route = request.scope.get("route")
    log.info(
        "request",
        method=request.method,
        route=getattr(route, "path", "?"),
        status=response.status_code,
    )
    return response


def _announced(scope: Scope) -> int:
    """The length that the request's headers announce; 0 when they don't."""
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0
