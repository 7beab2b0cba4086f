"""Paragraphs and headings of a text without marks: a .txt file, or what a PDF gives.

Pages are separated by form feeds. Removed: control characters, page numbers, lines repeated at
the head or foot of pages, hyphens of words cut at the end of a line.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from knowledge.passages import Block

LONGEST_HEADING = 90
SHORTEST_HEADING = 6
LONGEST_CELL = 4  # « OUI NON OUI » is a row of a table
FEWEST_PAGES = 3  # from which a repeated first or last line is a running title

_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LIGATURES = str.maketrans(
    {chr(c): unicodedata.normalize("NFKC", chr(c)) for c in range(0xFB00, 0xFB07)}
)
_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(page|p\.)?\s*\d{1,3}(\s*(/|sur)\s*\d{1,3})?[-–—\s]*", re.IGNORECASE
)
_LIST_MARK = re.compile(r"([•▪▫‣◦●○■□►➢➤✓✔–—*·-]|\d{1,2}[.)]|[a-z]\))\s")
# A lone letter is what is left of a tick box.
_WORD_AND_MORE = re.compile(r"(\w[\w'’-]+|[AÀY]) \S")
_UNDERLINE = re.compile(r"([=\-_~])\1{2,}")
_SENTENCE = re.compile(r"[.;:,!?…]$")
# « peut-\nêtre » keeps its hyphen: it is not a word cut in two.
_COMPOUND_LEFT = frozenset(
    {"peut", "est", "sous", "non", "vice", "après", "avant", "demi", "semi", "mi", "ex", "co"}
)
_COMPOUND_RIGHT = frozenset(
    {"vous", "nous", "il", "ils", "elle", "elles", "on", "je", "tu", "moi", "toi", "le", "la"}
    | {"les", "lui", "leur", "en", "y", "ce", "ci", "là", "même", "mêmes", "t", "à", "dire"}
)
# Some conversions write a form feed as one space at the head of the page's first line.
_SPACED_PAGE = re.compile(r"(?m)^ (?=\S)")
_INDENTED = re.compile(r"(?m)^[ \t]{2,}\S")


def clean(text: str) -> str:
    """The text without control characters, its spaces and line breaks of one kind."""
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text)).translate(_LIGATURES)
    text = _INVISIBLE.sub("", text.replace("\u00ad\n", "\u00ad").replace("\u00ad", ""))
    return _SPACES.sub(" ", text)


def blocks(text: str) -> list[Block]:
    """The paragraphs and headings of a text."""
    pages = [[line.strip() for line in page.split("\n")] for page in _pages(text)]
    _drop_running_lines(pages)
    found: list[Block] = []
    for page in pages:
        _drop_page_numbers(page, paged=len(pages) > 1)
        groups = list(_groups(page))
        ordered: list[Block] = []
        for group, following in zip(groups, [*groups, [""]][1:], strict=True):
            if _stands_alone(group, following):
                ordered.append(Block(group[0], level=1))
            else:
                ordered += _of_group(group)
        found += _title_first(ordered)
    return found


def _pages(text: str) -> list[str]:
    spaced = len(_SPACED_PAGE.findall(text)) >= FEWEST_PAGES and not _INDENTED.search(text)
    if "\f" not in text and spaced:
        text = _SPACED_PAGE.sub("\f", text)
    return clean(text).split("\f")


def _title_first(page: list[Block]) -> list[Block]:
    """A page whose only heading comes last (slides are often read so) is put in order."""
    start = len(page)
    while start and page[start - 1].level:
        start -= 1
    if any(block.level for block in page[:start]):
        return page
    return [*page[start:], *page[:start]]


def _drop_running_lines(pages: list[list[str]]) -> None:
    """Blank the first and last lines that most pages share, but for the first time they come."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_mask(page[i]) for i in _edges(page)})
    repeated = {
        line for line, count in counts.items() if count >= FEWEST_PAGES and 2 * count > len(pages)
    }
    seen: set[str] = set()
    for page in pages:
        for i in _edges(page):
            mask = _mask(page[i])
            if mask in repeated and mask in seen:
                page[i] = ""
            seen.add(mask)


def _mask(line: str) -> str:
    return re.sub(r"\d+", "0", line.lower())


def _edges(page: list[str]) -> list[int]:
    """The positions of the first and the last line that are not blank."""
    full = [i for i, line in enumerate(page) if line]
    return sorted({full[0], full[-1]}) if full else []


def _drop_page_numbers(page: list[str], *, paged: bool) -> None:
    """Blank the numbers that stand alone, between blank lines or at the edge of a page."""
    edges = set(_edges(page)) if paged else set()
    for i, line in enumerate(page):
        alone = not any(page[j] for j in (i - 1, i + 1) if 0 <= j < len(page))
        if (alone or i in edges) and _PAGE_NUMBER.fullmatch(line):
            page[i] = ""


def _groups(page: list[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in [*page, ""]:
        if line:
            group.append(line)
        elif group:
            yield group
            group = []


def _of_group(lines: list[str]) -> Iterator[Block]:
    """The blocks of consecutive lines: headings, list items, and lines of one paragraph joined."""
    pending: list[str] = []
    heading: list[str] = []
    for i, line in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else ""
        if _UNDERLINE.fullmatch(line):
            continue
        # In the middle of a sentence, capitals are an acronym.
        cut_sentence = bool(pending) and not _SENTENCE.search(pending[-1])
        underlined = _is_short(line) and _UNDERLINE.fullmatch(following) is not None
        title = underlined or (_is_heading(line) and not cut_sentence)
        if title or _LIST_MARK.match(line):
            yield from _joined(pending)
            pending = []
        if title:
            heading.append(line)
            continue
        if heading:
            yield Block(" ".join(heading), level=1)
            heading = []
        pending.append(line)
    yield from _joined(pending)
    if heading:
        yield Block(" ".join(heading), level=1)


def _stands_alone(group: list[str], following: list[str]) -> bool:
    """Whether a line by itself is the title of the sentences or the list that follow it."""
    line = group[0]
    return (
        len(group) == 1
        and _is_short(line)
        and line[0].isupper()
        and _WORD_AND_MORE.match(line) is not None
        and not _SENTENCE.search(line)
        and not _LIST_MARK.match(line)
        and (
            _SENTENCE.search(following[-1]) is not None
            or _LIST_MARK.match(following[0]) is not None
        )
    )


def _is_short(line: str) -> bool:
    return len(line) <= LONGEST_HEADING


def _is_heading(line: str) -> bool:
    """A short line in capitals, longer than an acronym."""
    letters = [c for c in line if c.isalpha()]
    upper = sum(c.isupper() for c in letters)
    capitals = len(letters) >= SHORTEST_HEADING and upper >= 0.85 * len(letters)
    capitals = capitals and max(map(len, line.split())) >= LONGEST_CELL
    return capitals and _is_short(line) and not _LIST_MARK.match(line)


def _joined(lines: list[str]) -> Iterator[Block]:
    """The lines of a paragraph as one, words cut at the end of a line put together again."""
    if not lines:
        return
    parts: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        parts.append(_without_break(line, following) if following else line)
    yield Block("".join(parts))


def _without_break(line: str, following: str) -> str:
    """A line, ready to be followed by the next one: a space between, or a word that goes on."""
    if not re.search(r"\w-$", line) or not following[0].islower():
        return f"{line} "
    left = line[:-1].lower().split()[-1]
    right = re.split(r"\W", following, maxsplit=1)[0]
    compound = left in _COMPOUND_LEFT or right in _COMPOUND_RIGHT or "-" in left
    return line if compound else line[:-1]
