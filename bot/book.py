"""The book: every sentence that the guide says of its own, in ``texts.yml``.

What the sheets say of démarches stays in the sheets. An entry is a sentence with ``{places}``; one
that is worded otherwise for the ear is ``{written: …, heard: …}``.
"""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).with_name("texts.yml")


@cache
def entries() -> dict[str, Any]:
    """The entries by key, as they are written."""
    return dict(yaml.safe_load(PATH.read_text(encoding="utf-8")))


@cache
def heard_instead() -> tuple[tuple[str, str], ...]:
    """What is written for a screen, and what is heard in its place."""
    return tuple(
        (entry["written"], entry["heard"])
        for entry in entries().values()
        if isinstance(entry, dict)
    )


def say(key: str, **places: object) -> str:
    """The sentence of a key as it is written, its places filled in.

    Raises KeyError for a key or place unknown.
    """
    entry = entries()[key]
    if isinstance(entry, dict):
        entry = entry["written"]
    return " ".join(str(entry).format(**places).split())
