"""Corrections of one part of a date: « le 13 », « en mars », « 2018 »."""

from datetime import date

from french.calendar_words import MONTHS
from french.numerals import Numbers
from french.plain import fillers, plain
from french.tokens import Token, fluently, tokenize

_LIGHT = fillers("openings", "polite", "light", "asides") | {
    "non", "jour", "mois", "annee", "an", "date", "er",
}  # fmt: skip


def amended(value: str, text: str) -> str | None:
    """The date with the day, the month or the year that ``text`` says and nothing else."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    tokens = [
        token
        for token in fluently(tokenize(text))
        if not all(word in _LIGHT for word in plain(token.word).split())
    ]
    tokens = [token for token in tokens if token.is_word or token.is_digits]
    numbers = [token for token in tokens if token.word not in MONTHS]
    months = [MONTHS[token.word] for token in tokens if token.word in MONTHS]
    said = _number(numbers) if numbers else 0
    if said is None or len(months) > 1 or not (months or numbers):
        return None
    try:
        if said > 31:
            day = day.replace(year=said) if said >= 1900 and not months else day
            return day.isoformat() if day.year == said else None
        day = day.replace(month=months[0] if months else day.month, day=said or day.day)
    except ValueError:
        return None
    return day.isoformat()


def _number(tokens: list[Token]) -> int | None:
    if len(tokens) == 1 and tokens[0].is_digits:
        return int(tokens[0].word)
    if len(tokens) == 1 and tokens[0].word == "premier":
        return 1
    whole = [span for span in Numbers(tokens).at(0) if span.end == len(tokens) and not span.heard]
    return min(whole, key=lambda span: span.cost).value if whole else None
