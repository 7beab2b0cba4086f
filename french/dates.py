"""Dates: « le 12 mars 2019 », « 12/03/19 », « douze mars dix-neuf », « il y a trois jours ».

The day comes first; the normal form is ISO (2019-03-12). A date without its year, a weekday, a
date in the future or of the 1800s is to be confirmed; « début mars » and impossible days are
not dates. Two-digit years are of this century unless that is more than ten years ahead.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from french import relative_dates
from french.calendar_words import EXAMPLE, LINKS, MONTH_NAMES, MONTHS, VAGUE, WEEKDAYS
from french.lexicon import number_sounds
from french.numerals import Numbers, says_number, words, zeros
from french.reading import Reading, listed, refused, sure, unsure
from french.tokens import FILLERS, MAX_CHARS, Token, fluently, repair_at, tokenize

UNREAD = f"Je n'ai pas reconnu de date. Donnez le jour, le mois et l'année, {EXAMPLE}."
_MAX_TOKENS = 80
_MARGIN = 1.0
_STRAY_NUMBER = 3.0  # a number left right beside the date
_SOUNDALIKE = 0.5  # a word beside it that sounds like a number
_OUTSIDE = 0.5  # a number or month left elsewhere
_TIME = re.compile(
    r"\b(?:à|a|vers|de)\s+\d{1,2}\s*(?:h\b|heures?)(?:\s*\d{2})?|\b\d{1,2}\s*h(?:\s*\d{2})?\b", re.I
)


class Run(NamedTuple):
    """Digits said by one or several numbers, up to token ``end``."""

    end: int
    digits: str
    cost: float


class Candidate(NamedTuple):
    """A date said by tokens ``start`` to ``end``; ``day`` is None when it doesn't exist."""

    start: int
    end: int
    day: date | None
    cost: float
    shown: str
    question: str | None = None
    dated: bool = True  # says its own year, or is relative
    cut: bool = False  # a number is left right beside it


class Reader:
    """Finds the dates of one message."""

    def __init__(self, tokens: Sequence[Token], today: date) -> None:
        self.tokens = tokens
        self.today = today
        self.numbers = Numbers(tokens)

    def _word(self, index: int) -> str:
        return self.tokens[index].word if index < len(self.tokens) else ""

    def runs(self, index: int, lengths: frozenset[int]) -> Iterator[Run]:
        """Numbers from ``index`` whose digits, one after the other, have a given length."""
        stack = [Run(index, "", 0.0)]
        while stack:
            at, digits, cost = stack.pop()
            if digits and len(digits) in lengths:
                yield Run(at, digits, cost)
            if at >= len(self.tokens) or len(digits) >= max(lengths):
                continue
            token = self.tokens[at]
            steps = [
                Run(span.end, str(span.value), 0.3 + span.cost) for span in self.numbers.at(at)
            ]
            if token.is_digits and (not digits or not token.glued):
                steps.append(Run(at + 1, token.word, 0.2 if digits else 0.0))
            many = zeros(self.tokens, at)
            if many is not None:
                steps.append(Run(many[0], "0" * many[1], 0.0))
            for step in steps:
                if len(digits) + len(step.digits) <= max(lengths):
                    stack.append(Run(step.end, digits + step.digits, cost + step.cost))

    def _links(self, index: int) -> int:
        while self._word(index) in LINKS:
            index += 1
        return index

    def _days(self, index: int) -> Iterator[Run]:
        if self._word(index) in ("premier", "1er", "ler"):
            yield Run(index + 1, "1", 0.0)
        yield from self.runs(index, frozenset({1, 2}))

    def _months(self, index: int) -> Iterator[Run]:
        word = self._word(index)
        if word in MONTHS and not (word == "sept" and self._said_in_words(index)):
            yield Run(index + 1 + (self._word(index + 1) == "."), str(MONTHS[word]), 0.0)
        for run in self.runs(index, frozenset({1, 2})):
            yield run._replace(cost=run.cost + 0.4)

    def _said_in_words(self, index: int) -> bool:
        """« 6 sept 1995 » shortens September; « six sept » and « le 6 du sept » name July."""
        return index > 0 and not self.tokens[index - 1].is_digits

    def at(self, index: int) -> Iterator[Candidate]:
        """The dates that start at ``index``."""
        if self._word(index) in LINKS:
            return
        yield from self._iso(index)
        yield from self._relative(index)
        for day in self._days(index):
            for month in self._months(self._links(day.end)):
                if not 1 <= int(month.digits) <= 12 or not 1 <= int(day.digits) <= 31:
                    continue
                cost = day.cost + month.cost
                yield from self._with_year(index, day, month, cost)

    def _with_year(self, index: int, day: Run, month: Run, cost: float) -> Iterator[Candidate]:
        named = self._word(month.end - 1).rstrip(".") in MONTHS or self._word(month.end - 1) == "."
        start = self._links(month.end)
        for year in self.runs(start, frozenset({2, 4})):
            for number, extra in self._years(year.digits):
                yield self._dated(index, year.end, number, month, day, cost + year.cost + extra)
        if named:
            yield self._undated(index, month, day, cost + 1.5)

    def _years(self, digits: str) -> Iterator[tuple[int, float]]:
        if len(digits) == 4:
            if 1850 <= int(digits) <= 2199:
                yield int(digits), 0.0
            return
        recent = 2000 + int(digits)
        if recent > self.today.year + 10:
            yield recent - 100, 0.1
        else:
            yield recent, 0.1
            if recent > self.today.year:
                yield recent - 100, 0.4

    def _dated(
        self, start: int, end: int, year: int, month: Run, day: Run, cost: float
    ) -> Candidate:
        name = MONTH_NAMES[int(month.digits) - 1]
        shown = f"{int(day.digits)} {name} {year}"
        return Candidate(start, end, _day(year, month.digits, day.digits), cost, shown)

    def _undated(self, start: int, month: Run, day: Run, cost: float) -> Candidate:
        """Without a year: the last one past."""
        found = _day(self.today.year, month.digits, day.digits)
        if found is None or found > self.today:
            found = _day(self.today.year - 1, month.digits, day.digits) or found
        shown = f"{int(day.digits)} {MONTH_NAMES[int(month.digits) - 1]}"
        question = f"Est-ce bien le {show(found.isoformat())} ?" if found else None
        return Candidate(start, month.end, found, cost, shown, question, dated=False)

    def _iso(self, index: int) -> Iterator[Candidate]:
        figures = [self.tokens[at].word for at in range(index, min(index + 3, len(self.tokens)))]
        if len(figures) == 3 and all(word.isascii() and word.isdigit() for word in figures):
            year, month, day = figures
            if len(year) == 4 and len(month) == 2 and len(day) == 2 and int(month) <= 12:
                yield (
                    self._dated(
                        index, index + 3, int(year), Run(0, month, 0.0), Run(0, day, 0.0), 0.0
                    )
                    if int(month)
                    else Candidate(index, index + 3, None, 0.0, "-".join(figures))
                )
        token = self.tokens[index]
        if token.is_digits and len(token.word) == 8 and 1 <= int(token.word[2:4]) <= 12:
            day, month, year = token.word[:2], token.word[2:4], token.word[4:]
            if 1850 <= int(year) <= 2199:
                yield self._dated(
                    index, index + 1, int(year), Run(0, month, 0.0), Run(0, day, 0.0), 0.0
                )

    def _relative(self, index: int) -> Iterator[Candidate]:
        for end, day, question in relative_dates.at(self.tokens, self.numbers, index, self.today):
            yield Candidate(index, end, day, 0.0, day.isoformat(), question)

    def all(self) -> list[Candidate]:
        return [found for index in range(len(self.tokens)) for found in self.at(index)]


def _day(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def _stray(tokens: Sequence[Token], found: Candidate) -> float:
    """Number words left right beside a date: it was cut short."""
    before = list(tokens[max(0, found.start - 2) : found.start])
    count = 0.0
    if before and (says_number(before[-1]) or before[-1].word == "avant"):
        count += 1
    elif len(before) == 2 and before[-1].word == "et" and says_number(before[0]):
        count += tokens[found.start].word in ("un", "onze")
    after = [token.word for token in tokens[found.end : found.end + 2]]
    more = found.end < len(tokens) and says_number(tokens[found.end])
    if before and before[-1].word not in FILLERS and _sounds(before[-1]):
        count += _SOUNDALIKE
    if _sounds_after(tokens, found):
        count += _SOUNDALIKE
    return count + (more or after in (["et", "un"], ["et", "onze"]))


def _sounds_after(tokens: Sequence[Token], found: Candidate) -> bool:
    """« deux mille vin »: a year in words may go on with what is heard as another word."""
    in_words = 0 < found.end < len(tokens) and not tokens[found.end - 1].is_digits
    return in_words and _sounds(tokens[found.end])


def _sounds(token: Token) -> bool:
    """Whether a word that is no number sounds like one: « dis sept », « deux mille vin »."""
    return token.word in number_sounds() and not says_number(token)


def _best(tokens: Sequence[Token], today: date) -> list[Candidate]:
    """The readings of a message's one date, cheapest first."""
    bearing = [says_number(token) or token.word in MONTHS for token in tokens]
    found: list[Candidate] = []
    for item in Reader(tokens, today).all():
        stray = _stray(tokens, item)
        outside = sum(bearing[: item.start]) + sum(bearing[item.end :])
        cost = item.cost + _STRAY_NUMBER * stray + _OUTSIDE * outside
        found.append(item._replace(cost=cost, cut=stray >= 1))
    return sorted(found, key=lambda item: (item.cost, item.start - item.end))


def _after_repair(tokens: Sequence[Token], today: date) -> list[Candidate]:
    """« le douze non pardon le treize mars 2019 »: what follows the correction, if a date."""
    for index in range(len(tokens) - 1, -1, -1):
        size = repair_at(list(tokens), index)
        if size and index + size < len(tokens):
            after = _best(tokens[index + size :], today)
            if any(item.day for item in after):
                return after
    return []


def parse(text: str, today: date | None = None) -> Reading:
    now = today or date.today()
    tokens = fluently(tokenize(_TIME.sub(" ", text[:MAX_CHARS])))[:_MAX_TOKENS]
    found = _after_repair(tokens, now) or _best(tokens, now)
    real = [item for item in found if item.day is not None]
    if not found or (not real and not found[0].dated):
        return refused(_figures(text) or _incomplete(tokens))
    best = found[0]
    if best.day is None:
        if not real or real[0].cost - best.cost >= _MARGIN or real[0].end <= best.end:
            return refused(f"Le {best.shown} n'existe pas. Pouvez-vous vérifier la date ?")
        best = real[0]
    if best.cut or best.day is None:
        return refused(UNREAD)
    return _confirmed(best, real, tokens, now)


def _confirmed(
    best: Candidate, real: Sequence[Candidate], tokens: Sequence[Token], now: date
) -> Reading:
    assert best.day is not None
    value = best.day.isoformat()
    rivals = [
        item.day.isoformat()
        for item in real
        if item.day
        and item.day != best.day
        and item.cost - best.cost < _MARGIN
        # A reading of part of the best one's words is a shorter way to read them, not a rival.
        and not (best.start <= item.start and item.end <= best.end and _size(item) < _size(best))
    ]
    others = list(dict.fromkeys(rivals))
    if others:
        named = listed([show(other) for other in others[:3]])
        doubt = f"J'ai compris {show(value)}, mais ce pourrait être {named}. Quelle est la date ?"
        return unsure(value, doubt, others)
    if best.question:
        return unsure(value, best.question)
    before = tokens[best.start - 1].word if best.start else ""
    if before in VAGUE:
        return unsure(value, f"Est-ce bien le {show(value)} exactement ?")
    outside = [*tokens[: best.start], *tokens[best.end :]]
    beside = _sounds_after(tokens, best)
    if beside or any(says_number(t) and t.word not in ("un", "une") for t in outside):
        return unsure(value, f"Est-ce bien le {show(value)} ?")
    if best.day > now:
        return unsure(value, f"Le {show(value)} n'est pas encore passé. Est-ce bien cette date ?")
    if best.day.year <= 1900:
        return unsure(value, f"Est-ce bien le {show(value)} ?")
    return sure(value)


def _figures(text: str) -> str | None:
    """What is wrong with figures that can't be a date: 12/13/2019, or 15/06 alone."""
    match = re.search(
        r"(?<!\d)(\d{1,2})\s*([/.-])\s*(\d{1,2})(?:\s*\2\s*(\d{4}|\d\d))?(?!\d)", text
    )
    if match is None:
        return None
    if match.group(4) is None:
        return f"Il me faut aussi l'année : donnez le jour, le mois et l'année, {EXAMPLE}."
    return (
        f"La date {match.group()} n'existe pas. Donnez le jour, puis le mois et l'année, {EXAMPLE}."
    )


def _size(item: Candidate) -> int:
    return item.end - item.start


def _incomplete(tokens: Sequence[Token]) -> str:
    said = [token.word for token in tokens]
    if any(word in MONTHS and word != "sept" for word in said):
        return f"Il me faut aussi le jour exact : donnez le jour, le mois et l'année, {EXAMPLE}."
    if any(word in VAGUE or word in ("semaine", "mois", "an", "annee") for word in said):
        return f"Il me faut une date exacte : le jour, le mois et l'année, {EXAMPLE}."
    return UNREAD


def show(value: str) -> str:
    """« 2019-03-12 » -> « 12 mars 2019 »."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTH_NAMES[day.month - 1]} {day.year}"


def say(value: str) -> str:
    """« 2019-03-12 » -> « douze mars deux mille dix-neuf »."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    number = "premier" if day.day == 1 else words(day.day)
    return f"{number} {MONTH_NAMES[day.month - 1]} {words(day.year)}"


def find(text: str, today: date | None = None) -> list[tuple[str, int, int]]:
    """Dates with their year, and relative days, in a longer message."""
    now = today or date.today()
    tokens = tokenize(text)[:400]
    reader = Reader(tokens, now)
    found: list[tuple[str, int, int]] = []
    index = 0
    while index < len(tokens):
        here = [
            item
            for item in reader.at(index)
            if item.day
            and item.dated
            and item.question is None
            and item.cost < 3
            and not _stray(tokens, item)
            and _separated(text, tokens, item)
        ]
        best = min(here, key=lambda item: (item.cost, -item.end), default=None)
        if best is None or best.day is None or not (1900 <= best.day.year <= now.year + 1):
            index += 1
            continue
        first, last = tokens[best.start], tokens[best.end - 1]
        found.append((best.day.isoformat(), first.start, last.end))
        index = best.end
    return found


def _separated(text: str, tokens: Sequence[Token], item: Candidate) -> bool:
    """Figures alone are a date only when written as one: 12/03/2019, not « 12 3 19 »."""
    span = tokens[item.start : item.end]
    if any(token.word in MONTHS or token.word in relative_dates.WORDS for token in span):
        return True
    if any(token.word in WEEKDAYS for token in span):
        return True
    written = text[span[0].start : span[-1].end]
    pattern = r"\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d\d)|\d{4}-\d\d-\d\d"
    spoken = not any(char.isdigit() for char in written) and item.cost < 2
    years = item.day is not None and words(item.day.year) in " ".join(t.raw for t in span)
    return bool(re.fullmatch(pattern, written)) or (spoken and years)
