"""The book: every sentence is said somewhere, none is missing, and all are well written."""

import re
from collections.abc import Iterator

import pytest

from bot import book
from repere.settings import ROOT

PACKAGES = ("bot", "channels")
# Keys that are made from a part: talk_<intent>, why_<stage>, help_<stage>.
MADE = re.compile(r"(talk|why|help)_\w+")


def sentences() -> Iterator[tuple[str, str]]:
    for key, entry in book.entries().items():
        yield from (
            (key, said) for said in (entry.values() if isinstance(entry, dict) else [entry])
        )


def code() -> str:
    files = (path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    return "\n".join(p.read_text(encoding="utf-8") for p in files if ".venv" not in p.parts)


def test_every_sentence_is_said_and_every_key_exists() -> None:
    text = code() + (ROOT / "bot" / "dialogue" / "moves.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"[\"']?\b([a-z][a-z_]+)\b[\"']?", text))
    unused = {key for key in book.entries() if key not in named and not MADE.fullmatch(key)}
    assert unused == set()
    called = set(re.findall(r"\bsay\(\s*\"(\w+)\"", code()))
    assert called <= set(book.entries())


@pytest.mark.parametrize(("key", "said"), list(sentences()))
def test_a_sentence_is_well_written(key: str, said: str) -> None:
    assert "'" not in said, f"{key}: the apostrophe is ’"
    assert not re.search(r"\s[,.]|  |[^ ][;!?]", said.replace("\n", " ")), key
    assert not re.search(r"«[^ ]|[^ ]»", said), key


def test_a_place_that_is_not_filled_is_an_error() -> None:
    with pytest.raises(KeyError):
        book.say("noted_values")
