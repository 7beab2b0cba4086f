"""What a message denies: « AB 124 CD et non AB 123 CD », « pas le 14 bis », « ni X ni Y ».

``split`` parts a message in what it says and what it rejects; ``is_denied`` tells it of a value
whose place is known. Both look at words, not at values, so that every kind may use them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from french.plain import any_of, flat, phrase_list, plain, word_list

_OPENS = re.compile(rf"\b(?:{any_of('denial', 'opens')})")
_CLOSES = re.compile(rf"(?:\b|(?=[,;.!?\n])){any_of('denial', 'closes')}")
# « plutôt AB-124-CD que AB-123-CD »
_RATHER = re.compile(r"\bplutot\b(?!\s+qu)[^.!?\n]{2,80}?\s(qu(?:e\b|'))")
_FOLLOWS = re.compile(rf"\s*{any_of('denial', 'follows')}")
_END = re.compile(r"[,;.!?\n](?!\d)")
_BETWEEN = word_list("denial", "between")
_MOST_BETWEEN = 6


@dataclass(frozen=True, slots=True)
class Sides:
    """A message without what it denies, and the parts that it denies."""

    said: str
    denied: tuple[str, ...] = ()


def always(before: str, after: str) -> bool:
    return True


def split(text: str, ends: Callable[[str, str], bool] = always) -> Sides:
    """The two sides of a message; it is as it was where it denies nothing.

    ``ends``: whether a comma between these two parts ends what is denied.
    """
    level = flat(text)
    spans = _spans(level, ends)
    if not spans:
        return Sides(text)
    said: list[str] = []
    denied: list[str] = []
    at = 0
    for start, opened, end in spans:
        said.append(text[at:start])
        denied.append(text[opened:end])
        at = end
    said.append(text[at:])
    whole = re.sub(r"\s*,\s*,[\s,]*", ", ", " ".join(part.strip() for part in said))
    return Sides(whole.strip(" ,;"), tuple(part for part in denied if plain(part)))


def _spans(level: str, ends: Callable[[str, str], bool]) -> list[tuple[int, int, int]]:
    """(where the denial begins, where what it denies does, where it ends), in order."""
    spans: list[tuple[int, int, int]] = []
    at = 0
    while (opened := _OPENS.search(level, at)) is not None:
        closed = _closed(level, opened.end(), ends)
        end = closed.start() if closed else len(level)
        if closed and closed.group().strip(" ,;.!?\n").startswith("mais"):
            end = closed.end()
        after = _OPENS.search(level, opened.end())
        if after and after.start() < end:
            end = after.start()
        spans.append((opened.start(), opened.end(), end))
        at = max(end, opened.end())
    for rather in _RATHER.finditer(level):
        closed = _closed(level, rather.end(), ends)
        spans.append((rather.start(1), rather.end(), closed.start() if closed else len(level)))
    for follows in _FOLLOWS.finditer(level):
        before = [match.end() for match in _END.finditer(level, 0, follows.start())]
        start = before[-1] if before else 0
        spans = [span for span in spans if span[0] < start or span[0] >= follows.end()]
        spans.append((start, start, follows.end()))
    return sorted(spans)


def _closed(level: str, at: int, ends: Callable[[str, str], bool]) -> re.Match[str] | None:
    for closed in _CLOSES.finditer(level, _past_a_mark(level, at)):
        comma = closed.group().strip() == ","
        if not comma or ends(level[at : closed.start()], level[closed.end() :]):
            return closed
    return None


def _past_a_mark(level: str, at: int) -> int:
    """« pas : AB-123-CD »: a mark right after the denial does not end it."""
    match = re.compile(r"\s*:?\s*").match(level, at)
    return match.end() if match else at


def is_denied(text: str, start: int, end: int) -> bool:
    """Whether the words around ``text[start:end]`` reject it."""
    level = flat(text)
    if _FOLLOWS.match(level, end) and not level[end:].strip().startswith("non ?"):
        return True
    ends = [match.end() for match in _OPENS.finditer(level, 0, start)]
    ends += [match.end() for match in _RATHER.finditer(level, 0, start)]
    if not ends:
        return False
    between = level[max(ends) : start]
    if _CLOSES.search(between) or re.search(r"[,;.!?\n]", between):
        return False
    words = plain(between).split()
    return len(words) <= _MOST_BETWEEN and all(word in _BETWEEN for word in words)


def replaced(text: str, spots: Sequence[tuple[int, int]]) -> list[bool]:
    """For each value in order, whether the next one is said in its place (« non pardon »)."""
    starts = [*(start for start, _ in spots[1:]), len(text)]
    return [
        start < len(text) and _repaired(plain(text[end:start]))
        for (_, end), start in zip(spots, starts, strict=False)
    ]


def _repaired(between: str) -> bool:
    words = between.split()
    while words and words[0] in ("euh", "ah", "oh", "ou"):
        words = words[1:]
    told = " ".join(words)
    found = next((p for p in _repairs() if told == p or told.startswith(f"{p} ")), None)
    left = told[len(found) :].split() if found else []
    denies = {"pas", "que", "qu"} & set(left)  # « plutôt que … », « non pas … »: the next one is
    return found is not None and not denies and all(word in _BETWEEN for word in left)


@cache
def _repairs() -> tuple[str, ...]:
    return phrase_list("denial", "repairs")
