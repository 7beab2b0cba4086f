"""What people write and say, kind by kind: the right value, in silence or not, or why none."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import french

TODAY = date(2026, 3, 18)
HERE = Path(__file__).parent


def rows(name: str) -> list[tuple[str, list[Any]]]:
    told = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return [(kind, row) for kind, its in told.items() for row in its]


@pytest.mark.parametrize(
    ("kind", "row", "spoken"),
    [(kind, row, False) for kind, row in rows("written.yml")]
    + [(kind, row, True) for kind, row in rows("said.yml")],
    ids=lambda part: str(part[0]) if isinstance(part, list) else str(part),
)
def test_what_people_write_or_say(kind: str, row: list[Any], spoken: bool) -> None:
    text, value, how = [*row, None][:3]
    reading = french.parse(kind, text, today=TODAY, spoken=spoken)
    assert reading.value == value, reading
    if value is None:
        assert how in (reading.problem or "")
    else:
        assert (reading.doubt is not None) == (how == "asked"), reading
