"""French numbers in words: writing them, and every way a run of words can be read as one.

Rules: traditional and 1990 spellings, Belgian and Swiss tens (septante, huitante, octante,
nonante), « douze cent » for 1200. A recogniser drops hyphens and plural marks, so spellings that
are not the regular ones are accepted at a cost.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from french.lexicon import SOUND_COST, number_sounds
from french.plain import fold
from french.tokens import Token

_SMALL_WORDS = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
)
_SMALL = _SMALL_WORDS.split()
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
_REGIONAL = {7: ("septante",), 8: ("huitante", "octante"), 9: ("nonante",)}

_LOOSE_JOIN = 1.2  # words merged without a hyphen in a text that writes hyphens
_CUT_JOIN = 2.5  # a number cut where the text has a hyphen
_CUT_TENS = 0.3  # a number cut where it could go on: « soixante, douze »
_CUT_HUNDREDS = 1.6  # « cent vingt, trois »: hardly said so
_CUT_RISK = 2.5  # « trente, quatre » may be 34 in a number cut short: to be confirmed
_ODD = 0.5  # a form this dear is not how the number is said: it may well be two

Forms = list[tuple[tuple[str, ...], float]]


def words(number: int) -> str:
    """``number`` (0 to 999 999) as written out: 171 -> « cent soixante et onze »."""
    if not 0 <= number < 1_000_000:
        raise ValueError(f"{number} is out of range")
    if number < 17:
        return _SMALL[number]
    if number < 20:
        return f"dix-{_SMALL[number - 10]}"
    if number < 70:
        tens, unit = divmod(number, 10)
        if unit == 0:
            return _TENS[tens]
        return f"{_TENS[tens]} et un" if unit == 1 else f"{_TENS[tens]}-{_SMALL[unit]}"
    if number < 80:
        return "soixante et onze" if number == 71 else f"soixante-{words(number - 60)}"
    if number < 100:
        return "quatre-vingts" if number == 80 else f"quatre-vingt-{words(number - 80)}"
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        head = "cent" if hundreds == 1 else f"{_SMALL[hundreds]} cent"
        if rest:
            return f"{head} {words(rest)}"
        return head if hundreds == 1 else f"{head}s"
    thousands, rest = divmod(number, 1000)
    head = "mille" if thousands == 1 else f"{words(thousands)} mille"
    head = head.replace("cents mille", "cent mille").replace("vingts mille", "vingt mille")
    return f"{head} {words(rest)}" if rest else head


def digit_words(digits: str) -> str:
    """``digits`` as one number, its leading zeros said first: 007 -> « zéro zéro sept »."""
    stripped = digits.lstrip("0")
    said = ["zéro"] * (len(digits) - len(stripped))
    if stripped:
        said.append(words(int(stripped)))
    return " ".join(said)


def _tens_forms(word: str, unit: int) -> Forms:
    if unit == 0:
        return [((word,), 0.0)]
    if unit == 1:
        return [((word, "et", "un"), 0.0), ((word, "un"), 0.8)]
    return [((word, fold(_SMALL[unit])), 0.0)]


def _below_100(number: int) -> Forms:
    if number < 17:
        return [((fold(_SMALL[number]),), 0.0)]
    if number < 20:
        return [(("dix", _SMALL[number - 10]), 0.0)]
    tens, unit = divmod(number, 10)
    if tens < 7:
        return _tens_forms(_TENS[tens], unit)
    forms: Forms = [form for word in _REGIONAL[tens] for form in _tens_forms(word, unit)]
    if tens == 7:
        if number == 71:
            forms += [(("soixante", "et", "onze"), 0.0), (("soixante", "onze"), 0.3)]
        else:
            forms += [(("soixante", *tail), cost) for tail, cost in _below_100(number - 60)]
        return forms
    if number == 80:
        return [*forms, (("quatre", "vingts"), 0.0), (("quatre", "vingt"), 0.1)]
    for tail, cost in _below_100(number - 80):
        forms.append((("quatre", "vingt", *tail), cost))
        forms.append((("quatre", "vingts", *tail), cost + 1.0))
        if tail in (("un",), ("onze",)):
            forms.append((("quatre", "vingt", "et", *tail), cost + 0.5))
    return forms


def _hundreds(head: tuple[str, ...], cost: float) -> Iterator[tuple[int, tuple[str, ...], float]]:
    plural = 0.0 if head else 0.5
    yield 0, (*head, "cents"), cost + plural
    yield 0, (*head, "cent"), cost + (0.2 if head else 0.0)
    for rest in range(1, 100):
        for tail, extra in _below_100(rest):
            yield rest, (*head, "cent", *tail), cost + extra
            yield rest, (*head, "cents", *tail), cost + extra + 0.8


class _Node:
    __slots__ = ("ends", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.ends: list[tuple[int, float]] = []

    def add(self, path: Sequence[str], number: int, cost: float) -> None:
        node = self
        for word in path:
            node = node.next.setdefault(word, _Node())
        node.ends.append((number, cost))


@cache
def _trie() -> _Node:
    """Words of every number from 0 to 999, and of 1100 to 1999 said in hundreds."""
    root = _Node()
    for number in range(100):
        for path, cost in _below_100(number):
            root.add(path, number, cost)
    root.add(("zeros",), 0, 0.3)
    for hundreds in range(1, 20):
        if hundreds == 10:
            continue
        heads: Forms = [((), 0.0), (("un",), 0.8)] if hundreds == 1 else _below_100(hundreds)
        for head, cost in heads:
            for rest, path, total in _hundreds(head, cost + (_ODD if hundreds > 10 else 0.0)):
                root.add(path, hundreds * 100 + rest, total)
    return root


@cache
def _written() -> frozenset[str]:
    seen: set[str] = {"mille"}
    stack = [_trie()]
    while stack:
        node = stack.pop()
        seen.update(node.next)
        stack.extend(node.next.values())
    return frozenset(seen)


def readings(token: Token) -> tuple[tuple[str, float], ...]:
    """The number words ``token`` may stand for, each with its cost."""
    word = token.word
    if word == "une":
        return (("un", 0.2),)
    found: list[tuple[str, float]] = [(word, 0.0)] if word in _written() else []
    heard = number_sounds().get(word)
    if heard is not None and heard != word:
        found.append((heard, 0.2 if word in ("milles", "mil", "zeros") else SOUND_COST))
    return tuple(found)


def says_number(token: Token) -> bool:
    """Whether ``token`` is written as a number word (« et » aside) or in digits."""
    return token.is_digits or (
        token.word != "et" and (token.word in _written() or token.word == "une")
    )


def zeros(tokens: Sequence[Token], index: int) -> tuple[int, int] | None:
    """« double zéro », « trois fois zéro », « deux zéros »: (end, how many)."""
    said = [token.word for token in tokens[index : index + 3]]
    counts = {"double": 2, "triple": 3, "deux": 2, "trois": 3, "quatre": 4}
    count = counts.get(said[0], 0) if said else 0
    if count and said[0] in ("double", "triple") and said[1:2] in (["zero"], ["zeros"]):
        return index + 2, count
    if count and said[1:] in (["fois", "zero"], ["fois", "zeros"]):
        return index + 3, count
    if count and said[0] not in ("double", "triple") and said[1:2] == ["zeros"]:
        return index + 2, count
    return None


class Span(NamedTuple):
    """Tokens up to ``end`` say ``value``; ``risk`` is how much of a guess that is."""

    end: int
    value: int
    cost: float
    risk: float
    heard: bool = False  # by a homophone


_FREE = frozenset({"cent", "cents", "mille", "et"})


class Numbers:
    """Every reading of every run of number words of a message (positions into ``tokens``)."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.hyphenates = any(
            token.glued and says_number(token) and says_number(tokens[index - 1])
            for index, token in enumerate(tokens)
            if index
        )
        self._spans: dict[int, list[Span]] = {}

    def at(self, index: int) -> list[Span]:
        if index not in self._spans:
            self._spans[index] = self._whole(index)
        return self._spans[index]

    def _walk(self, index: int) -> list[Span]:
        """Numbers below 2000 from ``index``, by the trie."""
        found: list[Span] = []
        stack: list[tuple[int, _Node, str, float, float]] = [(index, _trie(), "", 0.0, 0.0)]
        while stack:
            at, node, last, cost, risk = stack.pop()
            if at > index:
                found += [Span(at, value, cost + extra, risk) for value, extra in node.ends]
            if at >= len(self.tokens):
                continue
            for word, extra in readings(self.tokens[at]):
                child = node.next.get(word)
                if child is not None:
                    join = self._join(at, last, word) if at > index else 0.0
                    heard = extra if extra >= SOUND_COST else 0.0
                    stack.append((at + 1, child, word, cost + extra + join, risk + heard))
        return found

    def _join(self, at: int, last: str, word: str) -> float:
        if self.tokens[at].glued or last in _FREE or word in _FREE or not self.hyphenates:
            return 0.0
        return _LOOSE_JOIN

    def _whole(self, index: int) -> list[Span]:
        best: dict[tuple[int, int], Span] = {}
        small = self._walk(index) if index < len(self.tokens) else []
        spans = list(small)
        heads = [Span(index, 1, 0.0, 0.0)]
        heads += [span for span in small if 1 <= span.value < 1000]
        token = self.tokens[index] if index < len(self.tokens) else None
        if token is not None and token.is_digits and len(token.word) <= 3 and int(token.word):
            heads.append(Span(index + 1, int(token.word), 0.0, 0.0))
        for head in heads:
            for word, extra in (
                readings(self.tokens[head.end]) if head.end < len(self.tokens) else ()
            ):
                if word == "mille":
                    odd = 0.5 if head.value == 1 and head.end > index else 0.0
                    spans += self._thousands(head, head.cost + extra + odd, extra)
        reach: dict[float, int] = {}
        for span in spans:
            if span.cost - span.risk < _ODD:
                reach[span.risk] = max(reach.get(span.risk, 0), span.end)
        for span in spans:
            cost, risk = span.cost + self._cut(span.end), span.risk
            if reach.get(span.risk, 0) > span.end:
                following = self.tokens[span.end].word
                deep = span.value >= 100 or following in ("cent", "cents", "mille")
                cost += _CUT_HUNDREDS if deep else _CUT_TENS
                risk += _CUT_RISK
            key = (span.end, span.value)
            if key not in best or best[key].cost > cost:
                best[key] = span._replace(cost=cost, risk=risk, heard=span.risk > 0)
        return list(best.values())

    def _thousands(self, head: Span, cost: float, extra: float) -> Iterator[Span]:
        risk = head.risk + (extra if extra >= SOUND_COST else 0.0)
        yield Span(head.end + 1, head.value * 1000, cost, risk)
        after = head.end + 1
        if after >= len(self.tokens):
            return
        token = self.tokens[after]
        if token.is_digits and len(token.word) <= 3:
            yield Span(after + 1, head.value * 1000 + int(token.word), cost, risk)
        for rest in self._walk(after):
            if 1 <= rest.value < 1000:
                total = head.value * 1000 + rest.value
                yield Span(rest.end, total, cost + rest.cost, risk + rest.risk)

    def _cut(self, end: int) -> float:
        """The cost of ending a number where a hyphen ties the next number word."""
        if end >= len(self.tokens) or not self.tokens[end].glued:
            return 0.0
        return _CUT_JOIN if says_number(self.tokens[end]) else 0.0
