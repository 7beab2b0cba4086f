"""Dates: « le 12 mars 2019 », « 12/03/19 », « douze mars dix-neuf », « il y a trois jours ».

The day comes first; the normal form is ISO (2019-03-12). A date without its year, a weekday or a
date before 1950 is to be confirmed; « début mars », impossible days and days to come are refused.
Two-digit years are of this century unless that is more than ten years ahead. Today comes from the
context, never from the clock.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from french import relative_dates
from french.calendar_words import EXAMPLE, MONTH_NAMES, MONTHS, VAGUE, WEEKDAYS, written
from french.date_reader import Candidate, Reader
from french.kinds.amending_dates import amended
from french.kinds.base import Keypad, Kind, Spot
from french.kinds.seeking import sought
from french.lexicon import number_sounds
from french.numerals import says_number, words
from french.plain import any_of
from french.reading import Context, Reading, listed, refused, sure, unsure
from french.tokens import FILLERS, MAX_CHARS, Token, fluently, repair_at, tokenize

UNREAD = f"Je n’ai pas reconnu de date. Donnez le jour, le mois et l’année, {EXAMPLE}."
_MAX_TOKENS = 80
_MARGIN = 1.0
_STRAY_NUMBER = 3.0  # a number left right beside the date
_SOUNDALIKE = 0.5  # a word beside it that sounds like a number
_OUTSIDE = 0.5  # a number or month left elsewhere
_TIME = re.compile(
    r"\b(?:à|a|vers|de)\s+\d{1,2}\s*(?:h\b|heures?)(?:\s*\d{2})?|\b\d{1,2}\s*h(?:\s*\d{2})?\b", re.I
)


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


def _best(tokens: Sequence[Token], today: date | None) -> list[Candidate]:
    """The readings of a message's one date, cheapest first."""
    bearing = [says_number(token) or token.word in MONTHS for token in tokens]
    found: list[Candidate] = []
    for item in Reader(tokens, today).all():
        stray = _stray(tokens, item)
        outside = sum(bearing[: item.start]) + sum(bearing[item.end :])
        cost = item.cost + _STRAY_NUMBER * stray + _OUTSIDE * outside
        found.append(item._replace(cost=cost, cut=stray >= 1))
    return sorted(found, key=lambda item: (item.cost, item.start - item.end))


def _told(tokens: Sequence[Token], today: date | None) -> tuple[Sequence[Token], list[Candidate]]:
    """The words that count, a correction made, and the readings of their date."""
    corrected = [
        (tokens[:at], tokens[at + size :])
        for at in range(len(tokens) - 1, -1, -1)
        if (size := repair_at(list(tokens), at)) and at + size < len(tokens)
    ]
    for _, after in corrected:
        found = _best(after, today)
        if any(item.day for item in found):
            return after, found  # « le douze non pardon le treize mars 2019 »
    mended = _put_right(*corrected[0], today) if corrected else None
    return mended or (tokens, _best(tokens, today))


def _put_right(
    before: Sequence[Token], after: Sequence[Token], today: date | None
) -> tuple[Sequence[Token], list[Candidate]] | None:
    """A date of which one part was corrected: « le neuf mai 2008, non, 2010 »."""
    whole: list[tuple[float, Sequence[Token], Candidate]] = []
    for cut in range(len(before) - 1, 0, -1):
        told = [*before[:cut], *after]
        whole += [
            (item.cost, told, item)
            for item in _best(told, today)
            if item.day and item.dated and not item.cut and item.start < cut
        ]
    if not whole:
        return None
    _, tokens, best = min(whole, key=lambda found: found[0])
    assert best.day is not None
    return tokens, [best._replace(question=f"Est-ce bien le {show(best.day.isoformat())} ?")]


FIRST_VEHICLES = date(1950, 1, 1)
_BIRTH = re.compile(rf"\b{any_of('sentences', 'before_birth_date')}\W*$", re.I)


def read(text: str, today: date | None) -> Reading:
    """Any date, whatever it is the date of."""
    mended = _mended(text, today)
    if mended:
        return mended
    reading = _whole(text, today)
    if reading.value is not None:
        return reading
    return sought(find(text, today), show) or reading


def _mended(text: str, today: date | None) -> Reading | None:
    """« le 3 mai 2019, non le 4 »: a date of which one part alone is said again."""
    tokens = tokenize(text)
    if len(tokens) > _MAX_TOKENS:
        return None
    sizes = {at: size for at in range(1, len(tokens)) if (size := repair_at(tokens, at))}
    for at in sorted(sizes)[-1:-3:-1]:
        size = sizes[at]
        if at + size >= len(tokens):
            continue
        before, after = text[: tokens[at].start], text[tokens[at + size].start :]
        told = _whole(before, today).value
        value = amended(told, after) if told and _whole(after, today).value is None else None
        if value:
            return unsure(value, f"Est-ce bien le {show(value)} ?")
    return None


def _whole(text: str, today: date | None) -> Reading:
    told = fluently(tokenize(_TIME.sub(" ", text[:MAX_CHARS])))[:_MAX_TOKENS]
    tokens, found = _told(told, today)
    real = [item for item in found if item.day is not None]
    if not found or (not real and not found[0].dated):
        return refused(_figures(text) or _no_such_day(found) or _incomplete(tokens))
    best = found[0]
    if best.day is None:
        if not real or real[0].cost - best.cost >= _MARGIN or real[0].end <= best.end:
            return refused(_no_such_day(found) or _figures(text) or UNREAD)
        best = real[0]
    if best.cut or best.day is None:
        return refused(UNREAD)
    return _confirmed(best, real, tokens)


def _confirmed(best: Candidate, real: Sequence[Candidate], tokens: Sequence[Token]) -> Reading:
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
        doubt = f"J’ai compris {show(value)}, mais ce pourrait être {named}. Quelle est la date ?"
        return unsure(value, doubt, others)
    if best.question:
        return unsure(value, best.question)
    before = [token.word for token in tokens[max(0, best.start - 2) : best.start]]
    after = [token.word for token in tokens[best.end : best.end + 1]]
    if VAGUE & set(before) or "environ" in after:
        return unsure(value, f"Est-ce bien le {show(value)} exactement ?")
    outside = [*tokens[: best.start], *tokens[best.end :]]
    beside = _sounds_after(tokens, best)
    if beside or any(says_number(t) and t.word not in ("un", "une") for t in outside):
        return unsure(value, f"Est-ce bien le {show(value)} ?")
    return sure(value)


def not_to_come(reading: Reading, today: date | None) -> Reading:
    """The reading, refused where it tells a day to come."""
    if today is None or reading.value is None or reading.value <= today.isoformat():
        return reading
    past = [other for other in reading.alternatives if other <= today.isoformat()]
    return refused(
        f"Le {show(reading.value)} n’est pas encore passé. Pouvez-vous vérifier la date ?", past
    )


def _read(text: str, at: Context) -> Reading:
    reading = not_to_come(read(_without_births(text, at.today), at.today), at.today)
    if reading.value is None or reading.alternatives or reading.value >= FIRST_VEHICLES.isoformat():
        return reading
    doubt = f"Vous avez indiqué le {show(reading.value)}, avant 1950 : c’est très ancien."
    return unsure(reading.value, f"{doubt} Est-ce bien cette date ?")


def _without_births(text: str, today: date | None) -> str:
    """The text without the birth date of somebody, where another date stands beside it."""
    spots = find(text, today)
    births = [spot for spot in spots if _BIRTH.search(text[: spot[1]])]
    if not births or len(births) == len(spots):
        return text
    for _, start, end in reversed(births):
        text = f"{_BIRTH.sub('', text[:start])} {text[end:]}"
    return text


def _figures(text: str) -> str | None:
    """What is wrong with figures that can't be a date: 12/13/2019, or 15/06 alone."""
    match = re.search(
        r"(?<!\d)(\d{1,2})\s*([/.-])\s*(\d{1,2})(?:\s*\2\s*(\d{4}|\d\d))?(?!\d)", text
    )
    if match is None:
        return None
    if match.group(4) is None:
        return f"Il me faut aussi l’année : donnez le jour, le mois et l’année, {EXAMPLE}."
    return (
        f"La date {match.group()} n’existe pas. Donnez le jour, puis le mois et l’année, {EXAMPLE}."
    )


# The longest that each month can be: a year may still be missing.
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2}) +(\w+)")


def _no_such_day(found: Sequence[Candidate]) -> str | None:
    """Why a day does not exist: « 31 février », « 29 février 2021 », « 31/04/2020 »."""
    for item in found:
        if item.day is not None or not item.parts:
            continue
        day, month, year = item.parts
        name = MONTH_NAMES[month - 1]
        if year and day <= _LONGEST[month - 1]:
            why = f"en {year}, {name} compte {monthrange(year, month)[1]} jours"
        elif month == 2:
            why = "février compte 28 ou 29 jours"
        else:
            why = f"{name} compte {_LONGEST[month - 1]} jours"
        told = f"{day} {name} {year}" if year else f"{day} {name}"
        return f"Le {told} n’existe pas : {why}. Pouvez-vous vérifier la date ?"
    return None


def _size(item: Candidate) -> int:
    return item.end - item.start


def _incomplete(tokens: Sequence[Token]) -> str:
    said = [token.word for token in tokens]
    if any(word in MONTHS and word != "sept" for word in said):
        return f"Il me faut aussi le jour exact : donnez le jour, le mois et l’année, {EXAMPLE}."
    if re.fullmatch(r"\D*(?:\d{1,2}\s*[/.-]\s*)?(?:19|20)\d\d\D*", " ".join(said)):
        return f"Il me faut aussi le jour et le mois exacts, {EXAMPLE}."
    if any(word in VAGUE or word in ("semaine", "mois", "an", "annee") for word in said):
        return f"Il me faut une date exacte : le jour, le mois et l’année, {EXAMPLE}."
    return UNREAD


def show(value: str) -> str:
    """« 2019-03-12 » -> « 12 mars 2019 »."""
    try:
        return written(date.fromisoformat(value))
    except ValueError:
        return value


def say(value: str) -> str:
    """« 2019-03-12 » -> « douze mars deux mille dix-neuf »."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    number = "premier" if day.day == 1 else words(day.day)
    return f"{number} {MONTH_NAMES[day.month - 1]} {words(day.year)}"


def find(text: str, today: date | None) -> list[Spot]:
    """Dates with their year, and relative days, in a longer message."""
    tokens = tokenize(text)[:400]
    reader = Reader(tokens, today)
    found: list[Spot] = []
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
        last_year = today.year + 1 if today else best.day.year if best and best.day else 0
        if best is None or best.day is None or not (1900 <= best.day.year <= last_year):
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
    told = text[span[0].start : span[-1].end]
    pattern = r"\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d\d)|\d{4}-\d\d-\d\d"
    spoken = not any(char.isdigit() for char in told) and item.cost < 2
    years = item.day is not None and words(item.day.year) in " ".join(t.raw for t in span)
    return bool(re.fullmatch(pattern, told)) or (spoken and years)


def born(text: str, spot: Spot) -> bool:
    """Whether a date is said to be a birth date: « né le … »."""
    return _BIRTH.search(text[: spot[1]]) is not None


def keyed(digits: str) -> str:
    """« 12032019 », keyed, is a date."""
    if len(digits) != len("jjmmaaaa"):
        return digits
    return f"{digits[:2]}/{digits[2:4]}/{digits[4:]}"


KEYPAD = Keypad(8, "Tapez le jour, le mois et l’année : huit chiffres.", keyed)

KIND = Kind(
    name="date",
    reads=_read,
    finds=lambda text, at: [spot for spot in find(text, at.today) if not born(text, spot)],
    shows=show,
    says=say,
    amends=lambda value, text: amended(value, text),
    format="date",
    read_back=True,
    keypad=KEYPAD,
    called=("date", "jour"),
    hints=(*MONTH_NAMES, "premier", "deux mille", "dix-neuf cent", "hier", "avant-hier"),
    example="12 mars 2019",
    asked_again="Quelle est la bonne date ?",
)
