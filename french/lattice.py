"""Reading a dictated code: every reading of every word, kept only where it fits the slot.

Each word (or run of words) offers pieces: a number's digits, a letter by its name, by a spelling
alphabet (« anatole », « alpha », « b comme bernard ») or, at a cost, by a homophone; « double »,
« deux fois », « trois zéros » repeat; fillers and marks are passed over. A beam search keeps the
cheapest partial values a ``Shape`` can still complete. « 512 non pardon 513 » is read by dropping
some of what comes before the correction. The result is a list of whole values, cheapest first;
values of about the same cost are for the caller to ask about.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from french.lexicon import (
    NAME_COST,
    SOUND_COST,
    Sound,
    letter_phrases,
    letters,
    number_sounds,
)
from french.numerals import Numbers, says_number
from french.shapes import Shape
from french.tokens import FILLERS, HESITATIONS, Token, fluently, repair_at, tokenize, word_set

MAX_TOKENS = 60
BEAM = 48
KEPT = 8

NUMBER_COST = 0.3  # one more number said: fewer, longer numbers are likelier
GROUP_COST = 0.1  # letters written in one go, « ab »
NAME_AS_LETTERS = 1.2  # a letter's name, « ka », taken for two letters
WORD_AS_LETTERS = 2.5  # an ordinary short word taken for initials
NAMED_TWICE = 0.5  # « double v » taken for V, V
FILLER_COST = 0.05
STRANGER_RISK = 0.4  # in a long message, is it really the value asked for?
STRANGER_COST = 0.2  # an unknown word before or after the value
SOUNDALIKE_COST = 1.2  # the same for a word that sounds like part of a value
UNFINISHED_RISK = 2.5  # « quarante et » and nothing more
BEARING_COST = 4.0  # a word that could be part of the value left out
ARTICLE_COST = 1.5  # the same for « a », « un », « y »: words before they are codes

_ARTICLES = frozenset({"a", "un", "une", "y", "l'", "d'", "n'", "j'ai", "c'", "s'", "et", "e"})
_COMMON = word_set(
    """
    le la les un une de du des et est en au aux ou on il elle je tu ne pas par sur que qui se
    sa son ce ma mon ta tes mes ses te me ni si oui non six dix car mai ans rue via ici cas
    pas vu va vas fin fait dit ai as ont bah euh hum ben bon
    """
)
_MULTIPLES = {"double": 2, "doubles": 2, "triple": 3, "triples": 3, "quadruple": 4}
_TIMES = {"deux": 2, "2": 2, "trois": 3, "3": 3, "quatre": 4, "4": 4, "cinq": 5, "5": 5}
_LIKE = frozenset({"comme", "pour"})
_NEVER_LAST = frozenset({"et", "de", "des", "en", "est", "c'est"})  # so it was something else
_ACCENTED = frozenset({"dé"})  # the letter, where « de » is a mere word
_NAMED = frozenset({"le", "la", "l'", "lettre", "chiffre"})
_SEPARATORS = word_set("tiret tirets trait point points slash barre virgule")


# Phases of a reading: before the value, just after a word that could be part of it, in it, past it.
_BEFORE, _CUT_OFF, _INSIDE, _AFTER = range(4)


class Piece(NamedTuple):
    """Tokens up to ``end`` add ``text``; ``risk`` is what of ``cost`` is guesswork."""

    end: int
    text: str
    cost: float
    risk: float


class Candidate(NamedTuple):
    value: str
    cost: float
    risk: float


class Lattice:
    """The pieces of one message for one shape."""

    def __init__(self, tokens: Sequence[Token], shape: Shape) -> None:
        self.tokens = tokens
        self.shape = shape
        self.numbers = Numbers(tokens)
        self._pieces = [list(self._offers(index)) for index in range(len(tokens))]

    def _word(self, index: int) -> str:
        return self.tokens[index].word if index < len(self.tokens) else ""

    # -- pieces ---------------------------------------------------------------------------

    def _offers(self, index: int) -> Iterator[Piece]:
        token = self.tokens[index]
        if self.shape.has_plus and token.word in ("+", "plus"):
            yield Piece(index + 1, "+", 0.0, 0.0)
        if self.shape.has_digits:
            yield from self._digits(index)
        if self.shape.has_letters:
            yield from self._letters(index)
            yield from self._department(index)
        yield from self._repeats(index)

    def _digits(self, index: int) -> Iterator[Piece]:
        token = self.tokens[index]
        if token.is_digits and len(token.word) <= self.shape.longest:
            yield Piece(index + 1, token.word, 0.0, 0.0)
        for span in self.numbers.at(index):
            yield Piece(span.end, str(span.value), NUMBER_COST + span.cost, span.risk)

    def _letters(self, index: int) -> Iterator[Piece]:
        token = self.tokens[index]
        for end, sound in self._letter(index):
            risk = sound.cost if sound.cost >= SOUND_COST else 0.0
            yield Piece(end, sound.text, sound.cost, risk)
        word = token.word
        if token.is_word and 2 <= len(word) <= 3 and word.isascii() and word.isalpha():
            odd, risk = self._initials(index)
            yield Piece(index + 1, word.upper(), GROUP_COST + odd, risk)

    def _initials(self, index: int) -> tuple[float, float]:
        """Cost and risk of reading a short word as letters written in one go, « ab »."""
        token = self.tokens[index]
        around = self.tokens[max(0, index - 1) : index + 2]
        if token.raw.isupper():
            return 0.0, 0.0
        named = any(sound.cost <= NAME_COST for sound in letters().get(token.word, ()))
        common = token.word in _COMMON or token.word in FILLERS or says_number(token)
        if common and not named:
            return WORD_AS_LETTERS, WORD_AS_LETTERS
        if token.word in letters() and not any(near.is_digits for near in around):
            return NAME_AS_LETTERS, UNFINISHED_RISK  # « ka » is the letter K rather than K, A
        return GROUP_COST, 0.0

    def _letter(self, index: int) -> Iterator[tuple[int, Sound]]:
        """One letter from ``index``: its name, an alphabet's word, « x comme … », a homophone."""
        plain: list[tuple[int, Sound]] = []
        if not self._capitals(index):
            plain += [(index + 1, sound) for sound in letters().get(self._word(index), ())]
        for size in (2, 3):
            words = tuple(token.word for token in self.tokens[index : index + size])
            letter = letter_phrases().get(words)
            if letter is not None and len(words) == size:
                plain.append((index + size, Sound(letter, NAME_COST)))
        for end, sound in plain:
            yield end, sound
            if self._word(end) in _LIKE and end + 1 < len(self.tokens):
                yield from self._as_in(end + 1, sound, plain)

    def _capitals(self, index: int) -> bool:
        """« KA » is written as two letters, whatever it sounds like."""
        raw = self.tokens[index].raw
        return len(raw) > 1 and raw.isupper()

    def _as_in(
        self, at: int, sound: Sound, heard: Sequence[tuple[int, Sound]]
    ) -> Iterator[tuple[int, Sound]]:
        """« b comme bernard »: both agree, or either may have been misheard."""
        initial = self._word(at)[:1].upper()
        if not initial.isalpha() or not initial.isascii():
            return
        if initial == sound.text:
            yield at + 1, Sound(initial, 0.0)
        elif initial not in {other.text for _, other in heard}:
            yield at + 1, Sound(initial, SOUND_COST)
            yield at + 1, Sound(sound.text, SOUND_COST + sound.cost)

    def _department(self, index: int) -> Iterator[Piece]:
        """« département un » is 01."""
        if self._word(index) in ("departement", "dept"):
            for span in self.numbers.at(index + 1) if index + 1 < len(self.tokens) else ():
                if 1 <= span.value <= 9:
                    yield Piece(span.end, f"0{span.value}", NUMBER_COST + span.cost, span.risk)

    def _repeats(self, index: int) -> Iterator[Piece]:
        """« double sept », « deux fois zéro », « trois zéros », « deux e »."""
        word = self._word(index)
        times = _TIMES.get(number_sounds().get(word, word), 0)
        if word in _MULTIPLES:
            # « double v » is the name of a letter before it is V twice.
            named = (word, self._word(index + 1)) in letter_phrases()
            yield from self._times(index + 1, _MULTIPLES[word], NAMED_TWICE if named else 0.0)
        if times and self._word(index + 1) == "fois":
            start = index + 2
            while self._word(start) in _NAMED:
                start += 1
            yield from self._times(start, times, 0.0)
        if times and self._word(index + 1) == "zeros" and self.shape.has_digits:
            yield Piece(index + 2, "0" * times, 0.0, 0.0)
        if times == 2 and self.shape.has_letters and index + 1 < len(self.tokens):
            for end, sound in self._letter(index + 1):
                risk = sound.cost if sound.cost >= SOUND_COST else 0.0
                yield Piece(end, sound.text * times, 0.5 + sound.cost, risk)

    def _times(self, start: int, times: int, cost: float) -> Iterator[Piece]:
        if start >= len(self.tokens):
            return
        once: list[Piece] = list(self._digits(start)) if self.shape.has_digits else []
        if self.shape.has_letters:
            once += self._letters(start)
        for piece in once:
            size = len(piece.text)
            if size <= 2 and size * times <= self.shape.longest:
                odd = 0.3 if size == 2 else 0.0
                yield Piece(piece.end, piece.text * times, piece.cost + cost + odd, piece.risk)

    # -- search ---------------------------------------------------------------------------

    def _passing(self, index: int, phase: int) -> tuple[int, float, float] | None:
        """(next phase, cost, risk) of leaving a token out, or None where it can't be."""
        token = self.tokens[index]
        begun = phase >= _INSIDE
        after = phase if begun else _BEFORE
        if not (token.is_word or token.is_digits) or token.word in _SEPARATORS:
            return phase, 0.0, 0.0
        pieces = self._pieces[index]
        bearing = any(piece.risk == 0 and piece.cost < 1 for piece in pieces)
        named = token.raw.lower() in _ACCENTED
        if token.word in FILLERS and not (bearing and (says_number(token) or named)):
            if begun and token.word in _NEVER_LAST and index == len(self.tokens) - 1:
                return phase, SOUNDALIKE_COST, UNFINISHED_RISK
            heard = number_sounds().get(token.word) and index + 1 < len(self.tokens)
            if pieces and (begun or (heard and says_number(self.tokens[index + 1]))):
                # « 93 de 100 »: it may well be the part of the value that it sounds like.
                unclear = phase == _INSIDE and token.word in number_sounds()
                return phase, SOUNDALIKE_COST, UNFINISHED_RISK if unclear else 0.0
            return after, (4 * FILLER_COST if phase == _INSIDE else FILLER_COST), 0.0
        if phase == _INSIDE:
            return None
        if bearing and not self._article(index):
            # Left out right before the value, it would be a part of it cut off.
            return (phase if begun else _CUT_OFF), BEARING_COST, BEARING_COST
        if token.word in _ARTICLES:
            lone = len(token.word) == 1 and token.word not in ("a", "y")
            return after, ARTICLE_COST, UNFINISHED_RISK if lone else 0.0
        return after, (SOUNDALIKE_COST if pieces else STRANGER_COST), STRANGER_RISK

    def _article(self, index: int) -> bool:
        """Whether a short word may be just that: « un », but not in « un deux trois »."""
        token = self.tokens[index]
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if following is None or token.word not in _ARTICLES:
            return token.word in _ARTICLES
        if following.start == token.end and len(token.word) == 1:
            return False  # « Y662L »: written in one go
        if says_number(token):
            return not says_number(following)
        # « A, W, … » and « a w … » are letters.
        return (following.is_word and len(following.word) > 1) or following.is_digits

    def _closing(self, index: int) -> tuple[int, float, float] | None:
        """The same where the value would end just before: no part of it may follow."""
        passed = self._passing(index, _AFTER)
        return None if passed is None or passed[2] >= BEARING_COST else passed

    def values(self) -> list[Candidate]:
        """Whole values, cheapest first."""
        size = len(self.tokens)
        # position -> (value, phase) -> (cost, risk)
        beams: list[dict[tuple[str, int], tuple[float, float]]] = [{} for _ in range(size + 1)]
        beams[0]["", _BEFORE] = (0.0, 0.0)
        for index in range(size):
            beam = sorted(beams[index].items(), key=lambda item: item[1])[:BEAM]
            for (value, phase), (cost, risk) in beam:
                if phase in (_BEFORE, _INSIDE):
                    for piece in self._pieces[index]:
                        longer = value + piece.text
                        if self.shape.live(longer):
                            odd = self.shape.price(value, piece.text)
                            unsure = odd if odd >= 1 else 0.0
                            price = (cost + piece.cost + odd, risk + piece.risk + unsure)
                            _keep(beams[piece.end], (longer, _INSIDE), *price)
                ways = [self._passing(index, phase)]
                if phase == _INSIDE and self.shape.complete(value):
                    ways.append(self._closing(index))
                for way in ways:
                    if way is not None:
                        key = (value, way[0])
                        _keep(beams[index + 1], key, cost + way[1], risk + way[2])
        best: dict[str, tuple[float, float]] = {}
        for (value, _), priced in beams[size].items():
            if value and self.shape.complete(value):
                _keep(best, value, *priced)
        ranked = sorted(best.items(), key=lambda item: (item[1], item[0]))[:KEPT]
        return [Candidate(value, cost, risk) for value, (cost, risk) in ranked]


def _keep[K](table: dict[K, tuple[float, float]], key: K, cost: float, risk: float) -> None:
    if key not in table or table[key] > (cost, risk):
        table[key] = (cost, risk)


def _kind(token: Token) -> str:
    """What a token mostly says: used to match a correction with what it corrects."""
    if says_number(token):
        return "number"
    if token.word in FILLERS and len(token.word) > 1 and not token.raw.isupper():
        return "filler"
    return "letter" if token.is_word else "mark"


class _Cut(NamedTuple):
    tokens: tuple[Token, ...]
    cost: float


def _corrected(tokens: Sequence[Token], hesitating: bool = False) -> list[_Cut]:
    """The messages a self-correction may mean; just ``tokens`` when there is none.

    ``hesitating``: a mere « euh » may begin one (« trois cent un euh trois cent onze »).
    """
    last = (-1, 0)
    for index in range(len(tokens)):
        size = repair_at(list(tokens), index)
        if not size and hesitating and tokens[index].word in HESITATIONS:
            size = 1
        if size and index >= sum(last):
            last = (index, size)
    start, size = last
    if start < 0:
        return [_Cut(tuple(tokens), 0.0)]
    after = tuple(tokens[start + size :])
    while after and _kind(after[0]) in ("mark", "filler"):
        after = after[1:]
    cuts: list[_Cut] = []
    for before in _corrected(tokens[:start], hesitating):
        kept = before.tokens
        while kept and _kind(kept[-1]) == "mark":
            kept = kept[:-1]
        if not kept or not after:
            cuts.append(_Cut(kept + after, before.cost))
            continue
        for cut in range(len(kept)):
            alike = 0.0 if _kind(kept[cut]) == _kind(after[0]) else 2.0
            again = 0.0 if kept[cut].word == after[0].word else 0.5
            cuts.append(_Cut(kept[:cut] + after, before.cost + alike + again))
    return cuts[:120]


def _cheapest(some: dict[str, Candidate], others: dict[str, Candidate]) -> dict[str, Candidate]:
    values = {**others, **some}
    return {
        value: min(values[value], others.get(value, values[value]), key=_cost) for value in values
    }


def _cost(candidate: Candidate) -> float:
    return candidate.cost


def _smoothed(tokens: list[Token]) -> list[Token]:
    """Without the hesitations inside « l euh comme lyon », nor the count of « deux lettres »."""
    return [
        token
        for at, token in enumerate(tokens)
        if not (_counts(tokens, at) or (token.word in HESITATIONS and _within_like(tokens, at)))
    ]


def _within_like(tokens: Sequence[Token], at: int) -> bool:
    return bool({near.word for near in (*tokens[at - 1 : at], *tokens[at + 1 : at + 2])} & _LIKE)


def _counts(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number says how many signs follow: « deux lettres », « cinq chiffres »."""
    return says_number(tokens[at]) and [t.word for t in tokens[at + 1 : at + 2]] in (
        ["chiffres"],
        ["lettres"],
    )


def _best_of(cuts: Sequence[_Cut], shape: Shape, doubt: float = 0.0) -> dict[str, Candidate]:
    """Each value that the messages may say, the cheapest way; ``doubt`` is a risk in them all."""
    best: dict[str, Candidate] = {}
    for kept, extra in cuts:
        for value, cost, risk in Lattice(kept, shape).values():
            candidate = Candidate(value, cost + extra, risk + doubt)
            if value not in best or best[value].cost > candidate.cost:
                best[value] = candidate
    return best


@lru_cache(maxsize=256)
def read(text: str, shape: Shape) -> tuple[Candidate, ...]:
    """The values of ``shape`` that ``text`` may say, cheapest first; () when none fits."""
    tokens = _smoothed(tokenize(text))
    if not tokens or len(tokens) > MAX_TOKENS:
        return ()
    best = _best_of(_corrected(tokens), shape)
    fluent = fluently(tokens)
    if len(fluent) < len(tokens):
        # « soixante euh dix » may be one number or two, and what follows a « euh » a new start.
        best = _cheapest(best, _best_of(_corrected(fluent), shape))
        if all(found.risk >= UNFINISHED_RISK for found in best.values()):
            again = _best_of(_corrected(tokens, hesitating=True), shape, UNFINISHED_RISK)
            best = _cheapest(best, again)
    return tuple(sorted(best.values(), key=lambda item: (item.cost, item.value))[:KEPT])
