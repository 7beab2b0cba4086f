"""Numbers in words inside an address: the house number, and the postcode."""

from collections.abc import Sequence
from functools import cache

from french.kinds.postcode import known_place
from french.lexicon import number_sounds
from french.numerals import Numbers, says_number, zeros
from french.plain import fold, listed
from french.tokens import FILLERS, Token, tokenize, word_set

_SMALL = word_set("de du des d la le les l et en sur sous au aux a bis ter pres")
_WIDEST = 12  # the house numbers of one entrance are near
_MULTIPLES = ("double", "triple", "fois", "zeros")


def figured(text: str) -> str:
    """The text with its house number and its postcode in figures; other numbers stay words.

    « douze rue des deux églises soixante-quinze mille onze Paris ».
    """
    tokens = tokenize(text)
    numbers = Numbers(tokens)
    out: list[str] = []
    at = last = 0
    while at < len(tokens):
        stop = _run(tokens, at)
        digits = _digits(numbers, at, stop, first=_houses(tokens, at, stop)) if stop > at else ""
        if digits:
            out += [text[last : tokens[at].start], digits]
            last = tokens[stop - 1].end
        at = max(stop, at + 1)
    return "".join([*out, text[last:]])


def _houses(tokens: Sequence[Token], at: int, stop: int) -> bool:
    """Whether a number is the house's: a way follows it, or nothing is said before it."""
    ahead = [token.word for token in tokens[stop : stop + 4]]
    while ahead and (ahead[0] in (",", "bis", "ter", "quater") or len(ahead[0]) == 1):
        ahead = ahead[1:]
    if ahead and ahead[0] in _way_words():
        return True
    tied = stop < len(tokens) and tokens[stop].glued
    return not tied and (at == 0 or tokens[at - 1].word in (",", ";"))


@cache
def _way_words() -> frozenset[str]:
    return frozenset(fold(str(way)).split()[0] for way in listed("ways")["ways"])


def _run(tokens: Sequence[Token], at: int) -> int:
    stop = at
    while stop < len(tokens) and (
        says_number(tokens[stop])
        or _sounds_so(tokens, stop)
        or tokens[stop].word in _MULTIPLES
        or (tokens[stop].word == "et" and stop + 1 < len(tokens) and says_number(tokens[stop + 1]))
    ):
        stop += 1
    in_figures = all(token.is_digits for token in tokens[at:stop])
    return at if stop == at or in_figures else stop


def _digits(numbers: Numbers, at: int, stop: int, first: bool) -> str:
    """The run of number words from ``at``, as a house number (first) or as a postcode."""
    found = _readings(numbers, at, stop)
    if first:
        return _range(numbers, at, stop) or (min(found)[1] if found else "")
    postcodes = [item for item in found if len(item[1]) == 5]
    if postcodes:
        return min(postcodes)[1]
    # « … du huit mai mille neuf cent quarante-cinq quatre-vingt-treize mille deux cents »
    years = [
        (cost + span.cost, f"{span.value} {digits}")
        for span in numbers.at(at)
        if 1700 <= span.value <= 2100 and span.end < stop
        for cost, digits in _readings(numbers, span.end, stop)
        if len(digits) == 5 and known_place(digits)
    ]
    return min(years)[1] if years else ""


def _range(numbers: Numbers, at: int, stop: int) -> str:
    """« douze quatorze rue … » is 12-14."""
    pairs = [
        (one.cost + two.cost, f"{one.value}-{two.value}")
        for one in numbers.at(at)
        if one.end < stop and not one.heard
        for two in numbers.at(one.end)
        if two.end == stop and one.value + 1 < two.value + 1 <= one.value + _WIDEST
    ]
    whole = [span.cost for span in numbers.at(at) if span.end == stop]
    return min(pairs)[1] if pairs and not whole else ""


def _readings(numbers: Numbers, at: int, stop: int) -> list[tuple[float, str]]:
    tokens = numbers.tokens
    found: list[tuple[float, str]] = []
    stack: list[tuple[int, str, float]] = [(at, "", 0.0)]
    while stack:
        here, digits, cost = stack.pop()
        if here == stop:
            found.append((cost, digits))
            continue
        steps = [(span.end, str(span.value), span.cost + 0.3) for span in numbers.at(here)]
        if tokens[here].is_digits:
            steps.append((here + 1, tokens[here].word, 0.0))
        many = zeros(tokens, here)
        if many is not None:
            steps.append((many[0], "0" * many[1], 0.0))
        stack += [
            (end, digits + more, cost + extra)
            for end, more, extra in steps
            if end <= stop and len(digits + more) <= 5
        ]
    return found


def _sounds_so(tokens: Sequence[Token], at: int) -> bool:
    """A word heard in place of a number's, beside another of its words: « seize mil »."""
    word = tokens[at].word
    if at == len(tokens) - 1:
        return False  # the town: « … mille deux cents Sète »
    if word in FILLERS or word in _SMALL or word == "saint" or word not in number_sounds():
        return False
    around = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
    return any(says_number(token) and not token.is_digits for token in around)
