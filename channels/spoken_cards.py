"""Card numbers that are dictated, in words or cut up by marks, found by every way to read them.

« quatre mille neuf cent soixante-dix, mille douze… », « 4970, puis 1012… », « 4970/1012/… »: what
the patterns of written numbers do not see.
"""

from collections.abc import Iterator, Sequence

from french.numerals import Numbers, says_number, zeros
from french.tokens import HESITATIONS, Token, tokenize

LEAST_DIGITS, MOST_DIGITS = 13, 19
STARTS = frozenset("23456")
# A number may be cut where it could go on (« soixante, douze »), but not everywhere.
_MOST_COST = 1.0
# As many readings as are followed; a run of words has a few.
_MOST_READINGS = 400
_MOST_WORDS_AFTER = 8
_BETWEEN = HESITATIONS | frozenset({"et", "puis", "ensuite", "apres", "un", "une"})
# How figures alone are grouped on cards: the rest may be dates, amounts, telephone numbers.
_GROUPS = ([4, 4, 4, 4], [4, 6, 5], [4, 6, 4])


def passes_luhn(digits: str) -> bool:
    """Whether the digits end with the check digit that payment cards carry."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def find(text: str) -> list[tuple[int, int]]:
    """Where the cards of a text begin and end."""
    tokens = tokenize(text)
    return [
        (run[0].start, run[end - 1].end)
        for run in _runs(tokens)
        if (end := _end_of_card(run)) is not None
    ]


def _runs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The runs of figures and number words, with what may stand between them; none begins so."""
    run: list[Token] = []
    for token in tokens:
        between = token.word in _BETWEEN or not token.word[:1].isalnum()
        says = says_number(token)
        if (says or between) if run else (says and not between):
            run.append(token)
            continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _end_of_card(run: list[Token]) -> int | None:
    """How many tokens of the run are a card, the most there may be; None when none is."""
    groups = [len(token.word) for token in run if token.is_digits]
    words = any(says_number(token) and not token.is_digits for token in run)
    if not words and set(groups) != {1} and not any(groups[: len(g)] == g for g in _GROUPS):
        return None
    ends = [
        end
        for end, digits in _readings(run)
        if len(digits) >= LEAST_DIGITS and digits[0] in STARTS and passes_luhn(digits)
    ]
    if not ends:
        return None
    # The expiry date and the security code that people add are few words.
    end = len(run) if len(run) - max(ends) <= _MOST_WORDS_AFTER else max(ends)
    while not says_number(run[end - 1]):
        end -= 1
    return end


def _readings(run: list[Token]) -> Iterator[tuple[int, str]]:
    """Every likely way to read the run from its start: where it stops, and the digits so far."""
    numbers = Numbers(run)
    under_way: dict[tuple[int, str], float] = {(0, ""): 0.0}
    for _ in range(_MOST_READINGS):
        if not under_way:
            return
        at, digits = min(under_way)
        cost = under_way.pop((at, digits))
        if digits:
            yield at, digits
        if at == len(run):
            continue
        for end, more, added in _steps(run, numbers, at):
            key, total = (end, digits + more), cost + added
            if len(key[1]) <= MOST_DIGITS and total <= min(_MOST_COST, under_way.get(key, total)):
                under_way[key] = total


def _steps(run: list[Token], numbers: Numbers, at: int) -> Iterator[tuple[int, str, float]]:
    """What may be read at a place: where it ends, its digits, its cost."""
    token = run[at]
    if token.is_digits:
        yield at + 1, token.word, 0.0
    elif not says_number(token):
        yield at + 1, "", 0.0
    many = zeros(run, at)
    if many is not None:
        yield many[0], "0" * many[1], 0.0
    for span in numbers.at(at):
        if not span.heard:
            yield span.end, str(span.value), span.cost
