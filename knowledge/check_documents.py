"""Checking the sheets against the source documents themselves.

Every line of a document is in one section or ignored with a reason; every section is cited; every
label that a sheet quotes stands in a document that the same text cites.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from knowledge.schema import Document, Sheet
from knowledge.sheets_reader import Contents
from knowledge.statements import statements

ALIKE = 90.0
SAME_PASSAGE = 95.0
# Below this, a label is looked for as whole words: « Ok » is in « bloked ».
SHORTEST_FUZZY = 5
SHORTEST_MIRROR = 20
# The part of its passages that a document shares with another that contains it.
CONTAINED = 0.9

type Quotes = Callable[[str], list[str]]
type Where = Callable[[Contents, Sheet], str]


@dataclass(frozen=True)
class _Source:
    document: Document
    lines: list[str]

    def text(self, numbers: str) -> str:
        kept = [n for n in line_numbers(numbers) if n <= len(self.lines)]
        return "\n".join(self.lines[n - 1] for n in kept)


def check(contents: Contents, folder: Path, quotes: Quotes, where: Where) -> list[str]:
    """The problems between the sheets and the documents of a folder."""
    problems: list[str] = []
    sources: dict[str, _Source] = {}
    for document in contents.documents:
        path = folder / document.file
        if not path.is_file():
            problems.append(f"{path}: the document « {document.id} » is not there")
            continue
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != document.sha256:
            problems.append(f"{path}: not the document that documents.yml describes (sha256)")
            continue
        sources[document.id] = _Source(document, data.decode("utf-8").split("\n"))
    for source in sources.values():
        problems += _lines(source)
    problems += _uncited_sections(contents)
    problems += _mirrors(contents, sources, where)
    problems += _quotes(contents, sources, quotes, where)
    return problems


def line_numbers(ranges: str) -> list[int]:
    """The line numbers of « 1-4,9 »."""
    numbers: list[int] = []
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


def plain(text: str) -> str:
    """A text without marks, case, accents or line breaks, to be compared with another."""
    text = re.sub(r"<sup>\s*\d+\s*</sup>", " ", text)
    text = re.sub(r"</?[a-zA-Z][a-zA-Z0-9]*(\s[^<>]*)?/?>", "", text)
    text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "Oe"))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    text = re.sub(r"[’‘ʼ´`]", "'", text)
    text = re.sub(r"[*#«»\"\\]", " ", text)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" (?=[.,;:?!)\]'])|(?<=[(\[']) ", "", text).strip()


def stands_in(label: str, text: str) -> bool:
    """Whether a label is in a document's plain text, damage by OCR apart."""
    wanted = plain(label)
    if len(wanted) < SHORTEST_FUZZY:
        return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text) is not None
    return wanted in text or (
        len(text) >= len(wanted) and fuzz.partial_ratio(wanted, text) >= ALIKE
    )


def _lines(source: _Source) -> Iterator[str]:
    claims: Counter[int] = Counter()
    ranges = [section.lines for section in source.document.sections]
    ranges += [ignored.lines for ignored in source.document.ignored]
    for lines in ranges:
        claims.update(line_numbers(lines))
    name = source.document.id
    for ignored in source.document.ignored:
        if not ignored.reason.strip():
            yield f"documents.yml: {name}: lines {ignored.lines} are ignored without a reason"
    for number, line in enumerate(source.lines, start=1):
        if line.strip() and claims[number] == 0:
            yield f"documents.yml: {name}: line {number} is in no section: {line.strip()[:60]}"
        if line.strip() and claims[number] > 1:
            yield f"documents.yml: {name}: line {number} is in {claims[number]} sections"
    for number in sorted(claims):
        if not 1 <= number <= len(source.lines):
            yield f"documents.yml: {name}: there is no line {number}"


def _uncited_sections(contents: Contents) -> Iterator[str]:
    cited = {s for sheet in contents.sheets for part in statements(sheet) for s in part.named}
    for document in contents.documents:
        for section in document.sections:
            if f"{document.id}/{section.id}" not in cited:
                yield f"documents.yml: no sheet cites « {document.id}/{section.id} »"


def _mirrors(contents: Contents, sources: dict[str, _Source], where: Where) -> Iterator[str]:
    """A passage of a document contained in another is cited together with its copy there."""
    for inner in sources.values():
        for outer in sources.values():
            if inner is outer or len(inner.lines) >= len(outer.lines):
                continue
            copies = _copies(inner, outer)
            if sum(1 for copy in copies.values() if copy) < CONTAINED * len(copies):
                continue
            for reference, mirrors in copies.items():
                if not mirrors:
                    yield f"documents.yml: « {reference} » has no copy in {outer.document.id}"
            yield from _cited_alone(contents, copies, where)


def _copies(inner: _Source, outer: _Source) -> dict[str, set[str]]:
    theirs = {
        f"{outer.document.id}/{section.id}": plain(outer.text(section.lines))
        for section in outer.document.sections
    }
    found: dict[str, set[str]] = {}
    for section in inner.document.sections:
        text = plain(inner.text(section.lines))
        found[f"{inner.document.id}/{section.id}"] = {
            reference
            for reference, other in theirs.items()
            if len(text) >= SHORTEST_MIRROR and fuzz.ratio(text, other) >= SAME_PASSAGE
        }
    return found


def _cited_alone(contents: Contents, copies: dict[str, set[str]], where: Where) -> Iterator[str]:
    for sheet in contents.sheets:
        for statement in statements(sheet):
            for reference in statement.named:
                copy = copies.get(reference)
                if copy and not copy & set(statement.named):
                    line = f"{where(contents, sheet)}: {statement.where}"
                    yield f"{line}: « {reference} » goes with « {min(copy)} »"


def _quotes(
    contents: Contents, sources: dict[str, _Source], quotes: Quotes, where: Where
) -> Iterator[str]:
    texts = {name: plain("\n".join(source.lines)) for name, source in sources.items()}
    known: dict[tuple[str, str], bool] = {}
    for sheet in contents.sheets:
        for statement in statements(sheet):
            cited = {source.partition("/")[0] for source in statement.sources}
            for label in quotes(statement.text):
                for name in cited & texts.keys():
                    if (label, name) not in known:
                        known[label, name] = stands_in(label, texts[name])
                if cited and not any(known.get((label, name)) for name in cited):
                    line = f"{where(contents, sheet)}: {statement.where}"
                    yield f"{line}: « {label} » is not in {', '.join(sorted(cited))}"
