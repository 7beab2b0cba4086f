"""CSV files that agents open in a spreadsheet: nothing in a cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

from fastapi.responses import StreamingResponse

from channels.desk.rendering import PRIVATE

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Excel reads UTF-8 when the file begins with its mark.
MARK = "\ufeff"


def download(name: str, rows: Iterable[Iterable[str]]) -> StreamingResponse:
    """The rows as a file to download, sent as they come."""
    return StreamingResponse(
        _written(rows),
        media_type="text/csv; charset=utf-8",
        headers=PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'},
    )


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    return "".join(_line(row) for row in rows)


def _written(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield MARK
    yield from map(_line, rows)


def _line(row: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerow([_harmless(cell) for cell in row])
    return written.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
