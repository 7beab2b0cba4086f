"""Days told from today: « hier », « il y a trois jours », « lundi dernier »."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from french.calendar_words import DAY_NAMES, MONTHS, UNITS, WEEKDAYS, written
from french.numerals import Numbers
from french.tokens import Token

WORDS = frozenset(["hier", "aujourd'hui", "avant-hier", "demain", "il", "ce", "matin", "soir"])

_DAYS: dict[tuple[str, ...], int] = {
    ("aujourd'hui",): 0,
    ("aujourd", "hui"): 0,
    ("ajd",): 0,
    ("ce", "matin"): 0,
    ("ce", "midi"): 0,
    ("cet", "apres", "midi"): 0,
    ("ce", "soir"): 0,
    ("ce", "jour"): 0,
    ("hier",): -1,
    ("hier", "matin"): -1,
    ("hier", "midi"): -1,
    ("hier", "soir"): -1,
    ("hier", "apres", "midi"): -1,
    ("la", "veille"): -1,
    ("avant", "hier"): -2,
    ("avanthier",): -2,
    ("avant", "hier", "soir"): -2,
    ("avant", "hier", "matin"): -2,
    ("avant", "avant", "hier"): -3,
    ("demain",): 1,
    ("apres", "demain"): 2,
}

_MONTHS: dict[tuple[str, ...], int] = {
    ("de", "ce", "mois"): 0,
    ("du", "mois", "courant"): 0,
    ("du", "mois", "dernier"): -1,
    ("du", "mois", "passe"): -1,
}
_YEARS: dict[tuple[str, ...], int] = {
    ("cette", "annee"): 0,
    ("l'annee", "derniere"): -1,
    ("l'annee", "passee"): -1,
    ("l'an", "dernier"): -1,
    ("l'an", "passe"): -1,
}

_LAST_WEEK = {("de", "la", "semaine", "derniere"), ("de", "la", "semaine", "passee")}

Told = tuple[int, date, str | None]


def full(day: date) -> str:
    """« lundi 12 mars 2019 »."""
    return f"{DAY_NAMES[day.weekday()]} {written(day)}"


def _asked(day: date) -> str:
    return f"Est-ce bien le {full(day)} ?"


def at(tokens: Sequence[Token], numbers: Numbers, index: int, today: date) -> Iterator[Told]:
    """(end, day, question) of the longest relative day that starts at token ``index``."""
    words = [token.word for token in tokens[index : index + 6]]
    for size in (3, 2, 1):
        shift = _DAYS.get(tuple(words[:size]))
        if words[:3] == ["la", "veille", "de"]:
            return
        if shift is not None and len(words) >= size:
            day = _shifted(today, days=shift)
            if day is not None:
                yield index + size, day, _asked(day) if shift > 0 else None
            return
    if words[:3] == ["il", "y", "a"]:
        yield from _ago(tokens, numbers, index + 3, today)
    elif words[:2] == ["y", "a"]:
        yield from _ago(tokens, numbers, index + 2, today)
    elif words and words[0] == "ya":
        yield from _ago(tokens, numbers, index + 1, today)
    elif words[:1] and words[0] in WEEKDAYS:
        yield from _weekday(tokens, index, today)


def month(tokens: Sequence[Token], index: int, today: date) -> tuple[int, date] | None:
    """(end, first day) of the month that tokens from ``index`` name after a day."""
    shift = _MONTHS.get(tuple(token.word for token in tokens[index : index + 3]))
    first = None if shift is None else _shifted(today.replace(day=1), months=shift)
    return (index + 3, first) if first else None


def year(tokens: Sequence[Token], index: int, today: date) -> tuple[int, int] | None:
    """(end, year) of « cette année », « de l'an dernier » at ``index``."""
    start = index + (index < len(tokens) and tokens[index].word == "de")
    shift = _YEARS.get(tuple(token.word for token in tokens[start : start + 2]))
    return None if shift is None else (start + 2, today.year + shift)


def _shifted(day: date, **by: int) -> date | None:
    try:
        return day + relativedelta(**by)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None


def _ago(tokens: Sequence[Token], numbers: Numbers, start: int, today: date) -> Iterator[Told]:
    if start >= len(tokens):
        return
    counts = [(span.end, span.value) for span in numbers.at(start) if not span.heard]
    if tokens[start].is_digits and len(tokens[start].word) <= 4:
        counts.append((start + 1, int(tokens[start].word)))
    for end, count in counts:
        unit = UNITS.get(tokens[end].word) if end < len(tokens) else None
        if unit is None:
            continue
        day = _shifted(today, **{unit: -count})
        # « huit jours » and « quinze jours » are a week and two; longer units are round figures.
        exact = unit == "days" and count not in (8, 15)
        if day is not None and unit == "days" and count in (8, 15):
            day = _shifted(today, days=1 - count)
        if day is not None:
            yield end + 1, day, None if exact else _asked(day)


def _weekday(tokens: Sequence[Token], index: int, today: date) -> Iterator[Told]:
    """The last such day before today; « lundi prochain » the next; alone, to be confirmed."""
    following = tokens[index + 1].word if index + 1 < len(tokens) else ""
    weekday = WEEKDAYS[tokens[index].word]
    if tuple(token.word for token in tokens[index + 1 : index + 5]) in _LAST_WEEK:
        yield index + 5, today - timedelta(days=today.weekday() - weekday + 7), None
        return
    if following.isdigit() or following in MONTHS or following == "premier":
        return
    if following and numbers_follow(tokens, index + 1):
        return
    back = (today.weekday() - weekday) % 7 or 7
    if following in ("dernier", "passe", "denier"):
        yield index + 2, today - timedelta(days=back), None
    elif following == "prochain":
        day = today + timedelta(days=7 - back if back < 7 else 7)
        yield index + 2, day, _asked(day)
    else:
        day = today - timedelta(days=back)
        yield index + 1, day, _asked(day)


def numbers_follow(tokens: Sequence[Token], index: int) -> bool:
    return bool(Numbers(tokens[index : index + 3]).at(0))
