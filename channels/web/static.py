"""The files that browsers load: the widget, for any site; the full page and the demo, for ours."""

import re
from collections.abc import MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

HERE = Path(__file__).parent
WIDGET, PAGE = HERE / "widget", HERE / "page"

# Addresses carry no version: a browser asks each time whether its copy is still the one.
CACHING = {"Cache-Control": "no-cache"}
# Modules of another origin load only with this consent; nothing here is anyone's own.
FOR_ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# Comments (types among them) are for who reads the sources: a third of what would be sent.
COMMENTED = (".js", ".css")
_COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)


def without_comments(source: str) -> str:
    """A script or style sheet without the block comments that stand on lines of their own."""
    return _COMMENT.sub("", source)


@lru_cache(maxsize=100)
def _served(path: Path, _modified: int) -> str:
    """What is sent of a commented file, made once for each of its versions."""
    return without_comments(path.read_text(encoding="utf-8"))


class _Files(StaticFiles):
    """Static files with headers of their own, scripts and style sheets without their comments."""

    def __init__(self, directory: Path, headers: dict[str, str]) -> None:
        super().__init__(directory=directory)
        self._headers = headers

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        response = await super().get_response(path, scope)
        if isinstance(response, FileResponse) and path.endswith(COMMENTED):
            modified = response.stat_result.st_mtime_ns if response.stat_result else 0
            source = _served(Path(response.path), modified)
            kept = {name: response.headers[name] for name in ("etag", "last-modified")}
            response = Response(source, headers=kept, media_type=response.media_type)
        response.headers.update(self._headers)
        return response


def add_static_files(app: FastAPI) -> None:
    """Serve the full page at ``/``, its files under ``/page``, the widget under ``/widget``."""

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(PAGE / "index.html", headers=CACHING)

    app.mount("/page", GZipMiddleware(_Files(PAGE, CACHING)), name="page")
    app.mount("/widget", GZipMiddleware(_Files(WIDGET, CACHING | FOR_ANY_SITE)), name="widget")
