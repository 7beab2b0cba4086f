"""Every reading of a date in the words of a message."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from french import relative_dates
from french.calendar_words import LINKS, MONTH_NAMES, MONTHS, written
from french.numerals import Numbers, zeros
from french.tokens import Token

EARLIEST, LATEST = 1850, 2199  # the years of a date


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
    parts: tuple[int, int, int] | None = None  # day, month, year (0 where it is not said)


class Reader:
    """Finds the dates of one message."""

    def __init__(self, tokens: Sequence[Token], today: date | None) -> None:
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
        if word in ("premier", "1er") and self._word(index - 1) == "du":
            yield Run(index + 1, "1", 0.4)
        for run in self.runs(index, frozenset({1, 2})):
            yield run._replace(cost=run.cost + 0.4)

    def _said_in_words(self, index: int) -> bool:
        """« 6 sept 1995 » shortens September; « six sept » and « le 6 du sept » name July."""
        return index > 0 and not self.tokens[index - 1].is_digits

    def at(self, index: int) -> Iterator[Candidate]:
        """The dates that start at ``index``."""
        yield from self._year_first(index)
        if self._word(index) in LINKS:
            return
        yield from self._iso(index)
        yield from self._relative(index)
        for day in self._days(index):
            yield from self._month_told(index, day)
            for month in self._months(self._links(day.end)):
                named = self._word(month.end - 1) in MONTHS
                if not 1 <= int(month.digits) <= 12 or not int(day.digits) >= 1:
                    continue
                if int(day.digits) > 31 and not named:
                    continue
                cost = day.cost + month.cost + (2.0 if int(day.digits) > 31 else 0.0)
                yield from self._with_year(index, day, month, cost)

    def _with_year(self, index: int, day: Run, month: Run, cost: float) -> Iterator[Candidate]:
        named = self._word(month.end - 1).rstrip(".") in MONTHS or self._word(month.end - 1) == "."
        told = self._year_told(month.end)
        if told:
            yield self._dated(index, told[0], told[1], month, day, cost)
        start = self._links(month.end)
        for year in self.runs(start, frozenset({2, 4})):
            for number, extra in self._years(year.digits):
                yield self._dated(index, year.end, number, month, day, cost + year.cost + extra)
        if named:
            yield self._undated(index, month, day, cost + 1.5)

    def _month_told(self, index: int, day: Run) -> Iterator[Candidate]:
        """« le quinze de ce mois », « le cinq du mois dernier »."""
        told = relative_dates.month(self.tokens, day.end, self.today) if self.today else None
        if told:
            end, first = told
            month = Run(end, str(first.month), 0.0)
            yield self._dated(index, end, first.year, month, day, day.cost)

    def _year_first(self, index: int) -> Iterator[Candidate]:
        """« en deux mille vingt, le quatre mars », « l'an dernier, le dix juin »."""
        told = self._year_told(index)
        years = [(*told, 0.0)] if told else []
        start = index + (self._word(index) == "en")
        if start > index or self.tokens[index].is_digits:
            years += [
                (run.end, int(run.digits), run.cost)
                for run in self.runs(start, frozenset({4}))
                if EARLIEST <= int(run.digits) <= LATEST
            ]
        for end, year, cost in years:
            for day in self._days(self._links(end)):
                for month in self._months(self._links(day.end)):
                    if self._word(month.end - 1) in MONTHS and 1 <= int(day.digits) <= 31:
                        price = cost + day.cost + month.cost
                        yield self._dated(index, month.end, year, month, day, price)

    def _year_told(self, index: int) -> tuple[int, int] | None:
        return relative_dates.year(self.tokens, index, self.today) if self.today else None

    def _years(self, digits: str) -> Iterator[tuple[int, float]]:
        if len(digits) == 4:
            if EARLIEST <= int(digits) <= LATEST:
                yield int(digits), 0.0
            return
        recent = 2000 + int(digits)
        if self.today is None:
            return
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
        parts = (int(day.digits), int(month.digits), year)
        told = day_of(year, month.digits, day.digits)
        return Candidate(start, end, told, cost, shown, parts=parts)

    def _undated(self, start: int, month: Run, day: Run, cost: float) -> Candidate:
        """Without a year: the last one past."""
        found = None
        if self.today:
            found = day_of(self.today.year, month.digits, day.digits)
            if found is None or found > self.today:
                found = day_of(self.today.year - 1, month.digits, day.digits) or found
        leap = day_of(2000, month.digits, day.digits)
        parts = (int(day.digits), int(month.digits), 0) if leap is None else None
        shown = f"{int(day.digits)} {MONTH_NAMES[int(month.digits) - 1]}"
        question = f"Est-ce bien le {written(found)} ?" if found else None
        end = month.end
        return Candidate(start, end, found, cost, shown, question, dated=False, parts=parts)

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
            if EARLIEST <= int(year) <= LATEST:
                yield self._dated(
                    index, index + 1, int(year), Run(0, month, 0.0), Run(0, day, 0.0), 0.0
                )

    def _relative(self, index: int) -> Iterator[Candidate]:
        if self.today is None:
            return
        for end, day, question in relative_dates.at(self.tokens, self.numbers, index, self.today):
            yield Candidate(index, end, day, 0.0, day.isoformat(), question)

    def all(self) -> list[Candidate]:
        return [found for index in range(len(self.tokens)) for found in self.at(index)]


def day_of(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None
