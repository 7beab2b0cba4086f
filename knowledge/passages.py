"""Cutting a document into passages that stand by themselves, each under its heading."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SHORTEST = 150
LONGEST = 800
LONGEST_SECTION = 300
UNDER = " › "  # between a heading and the one under it
# Passages are compared by runs of this many words; most of them shared means the same passage.
RUN = 5
SHARED = 0.9

# What is left of page numbers and callouts.
_STRAY_NUMBERS = re.compile(r"[\d\s]{0,8}")
_SENTENCE_END = re.compile(r"(?<=[.!?;…])\s+")


@dataclass(frozen=True)
class Block:
    """A paragraph of a document (level 0), or a heading (level 1 is the highest)."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class Passage:
    section: str
    text: str


def cut(blocks: Iterable[Block]) -> list[Passage]:
    """The passages of a document, in order. No text is lost: a heading with nothing under it
    goes with the next one, or becomes a passage at the end.
    """
    found: list[Passage] = []
    for section, paragraphs in _sections(blocks):
        found += [Passage(section, text) for text in _pieces(paragraphs)]
    return [passage for passage in found if not _STRAY_NUMBERS.fullmatch(passage.text)]


class KnownText:
    """Texts already stored, to tell whether a passage is among them."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._runs: set[tuple[str, ...]] = set()
        words: list[str] = []
        for text in texts:
            words += _words(text)
        self._runs.update(_runs(words))
        self._whole = f" {' '.join(words)} "

    def holds(self, passage: Passage) -> bool:
        """Whether the passage was stored already, but for a few words."""
        words = _words(passage.text)
        if not words:
            return True
        if len(words) < 2 * RUN:
            return f" {' '.join(words)} " in self._whole
        runs = _runs(words)
        return sum(run in self._runs for run in runs) >= SHARED * len(runs)


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[str, list[str]]]:
    headings: list[Block] = []
    paragraphs: list[str] = []
    told = True  # the present headings have text under them
    for block in blocks:
        if block.level == 0:
            paragraphs.append(block.text)
            told = True
            continue
        if paragraphs:
            yield _title(headings), paragraphs
            paragraphs = []
        untold = "" if told or headings[-1].level < block.level else headings[-1].text
        headings = [kept for kept in headings if kept.level < block.level]
        headings.append(Block(f"{untold} — {block.text}" if untold else block.text, block.level))
        told = False
    if paragraphs:
        yield _title(headings), paragraphs
    elif not told:
        yield _title(headings[:-1]), [headings[-1].text]


def _title(headings: list[Block]) -> str:
    title = UNDER.join(heading.text for heading in headings)
    return title if len(title) <= LONGEST_SECTION else f"…{title[-LONGEST_SECTION:]}"


def _pieces(paragraphs: list[str]) -> list[str]:
    pieces: list[str] = []
    for part in (part for paragraph in paragraphs for part in _short_parts(paragraph)):
        if pieces and len(pieces[-1]) + 1 + len(part) <= LONGEST:
            pieces[-1] += f"\n{part}"
        else:
            pieces.append(part)
    if len(pieces) > 1 and len(pieces[-1]) < SHORTEST:
        last = pieces.pop()
        pieces[-1] += f"\n{last}"
    return pieces


def _short_parts(paragraph: str) -> Iterator[str]:
    """A paragraph, or its sentences put together up to the limit; words are never cut."""
    if len(paragraph) <= LONGEST:
        yield paragraph
        return
    current = ""
    for sentence in _SENTENCE_END.split(paragraph):
        for part in [sentence] if len(sentence) <= LONGEST else _slices(sentence):
            if current and len(current) + 1 + len(part) > LONGEST:
                yield current
                current = part
            else:
                current = f"{current} {part}".strip()
    if current:
        yield current


def _slices(sentence: str) -> Iterator[str]:
    while len(sentence) > LONGEST:
        end = sentence.rfind(" ", 0, LONGEST)
        end = end if end > 0 else LONGEST
        yield sentence[:end]
        sentence = sentence[end:].strip()
    yield sentence


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return re.findall(r"\w+", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}
