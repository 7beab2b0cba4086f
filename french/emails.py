"""Dictated e-mail addresses: « jean point dupont arobase gmail point com ».

What can be spelled several ways is a doubt: names with homonyms (leroy, leroi), other
words that were not spelled, numbers. What was heard always comes before what is frequent.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email
from rapidfuzz import fuzz, process

from french import lexicon
from french.numerals import Numbers
from french.plain import fold
from french.reading import Reading, listed, sure, unsure
from french.tokens import Token, fluently, tokenize, word_set

_AT = word_set("arobase arobas arrobas arrobase arobaze arobasse arrobaze arobaz @")
_SAID_AT = frozenset({"at", "chez"})  # words of other uses: only where there is one, and no @
_SYMBOLS: dict[tuple[str, ...], str] = {
    ("point",): ".",
    ("points",): ".",
    (".",): ".",
    ("dot",): ".",
    ("tiret",): "-",
    ("moins",): "-",
    ("trait", "d'union"): "-",
    ("tiret", "du", "six"): "-",
    ("tiret", "du", "6"): "-",
    ("tiret", "haut"): "-",
    ("tiret", "du", "milieu"): "-",
    ("-",): "-",
    ("tiret", "du", "bas"): "_",
    ("tiret", "bas"): "_",
    ("tiret", "d'en", "bas"): "_",
    ("tiret", "du", "huit"): "_",
    ("tiret", "du", "8"): "_",
    ("underscore",): "_",
    ("under", "score"): "_",
    ("souligne",): "_",
    ("_",): "_",
    ("apostrophe",): "'",
    ("plus",): "+",
    ("+",): "+",
}
_IGNORED: tuple[tuple[str, ...], ...] = (
    ("tout", "attache"),
    ("en", "un", "seul", "mot"),
    ("en", "un", "mot"),
    ("tout", "en", "minuscules"),
    ("tout", "en", "minuscule"),
    ("en", "minuscules"),
    ("en", "minuscule"),
    ("minuscule",),
    ("majuscule",),
    ("attache",),
    ("euh",),
    ("heu",),
    ("eh", "bien"),
    ("alors",),
    (",",),
    ("suivi", "de"),
    ("puis",),
    ("ensuite",),
)
LEADS = word_set(
    """
    c'est est mail email mel courriel adresse electronique e-mail voici : alors euh bonjour
    oui donc mon l'adresse ecrire prenez notez sur
    """
)
_LETTER_NAMES = word_set("pe te ge be ve ji emme enne effe esse erre ixe igrec zede hache")
_PASSED = frozenset({",", "euh", "heu", "attache", "tout"})
_SPELLED, _WORD, _GUESS = 0.0, 0.4, 1.0


class Said(NamedTuple):
    """One way to write what was said up to token ``end``; ``doubt`` when it could be another."""

    end: int
    text: str
    cost: float
    doubt: bool


def normal(address: str) -> str | None:
    try:
        checked = validate_email(address.strip(), check_deliverability=False)
    except (EmailNotValidError, UnicodeError, ValueError):
        return None
    return str(checked.normalized).lower()


def marked(text: str) -> bool:
    return any(token.word in _AT for token in tokenize(text))


def dictated(text: str, spoken: bool = True) -> Reading | None:
    tokens = fluently(tokenize(text))[:300]
    places = _arobases(tokens)
    if not places:
        return None
    start, end = places[-1]
    first = max((at for at in range(start) if _leads(tokens, at)), default=-1) + 1
    locals_ = _Writer(tokens[first:start], spoken).all()
    domains = _domains(tokens[end:])
    found: list[tuple[float, str, bool]] = []
    for local, cost, doubt in locals_:
        for domain, extra, unknown in domains:
            value = normal(f"{local}@{domain}")
            if value is not None:
                found.append((cost + extra, value, doubt or unknown))
    if not found:
        return None
    found.sort()
    _, value, doubt = found[0]
    others = list(dict.fromkeys(other for _, other, _ in found[1:] if other != value))[:5]
    if others:
        named = listed(others[:2])
        return unsure(value, f"J’ai noté {value}. Est-ce bien cela, et non {named} ?", others)
    if doubt:
        return unsure(value, f"J’ai noté {value}. Est-ce bien écrit ainsi ?")
    return sure(value)


def says_symbol(token: Token) -> bool:
    return (token.word,) in _SYMBOLS


def _leads(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word comes before the address: « mon adresse c'est … »."""
    return tokens[at].word in LEADS and not tokens[at].glued


def _arobases(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    words = [token.word for token in tokens]
    marks = [(at, at + 1) for at, word in enumerate(words) if word in _AT]
    for at in range(len(words) - 1):
        if (words[at], words[at + 1]) in (("a", "robase"), ("a", "commercial"), ("a", "robaze")):
            marks.append((at, at + 2))
    if not marks:
        marks = [(at, at + 1) for at, word in enumerate(words) if word in _SAID_AT and at]
        marks = marks if len(marks) == 1 else []
    return marks


def _as_heard(words: tuple[str, ...]) -> tuple[str, ...]:
    """The spellings of a name, as it was heard first."""
    known = lexicon.spellings().get(words, ())
    heard = [name for name in known if (name,) == words]
    return tuple(dict.fromkeys((*heard, *known)))


class _Writer:
    """Every way to write the words of a local part."""

    def __init__(self, tokens: Sequence[Token], spoken: bool) -> None:
        self.tokens = tokens
        self.spoken = spoken
        self.numbers = Numbers(tokens)

    def _match(self, at: int, table: Sequence[tuple[str, ...]]) -> int:
        for words in sorted(table, key=len, reverse=True):
            if tuple(token.word for token in self.tokens[at : at + len(words)]) == words:
                return len(words)
        return 0

    def offers(self, at: int) -> Iterator[Said]:
        symbol = self._match(at, list(_SYMBOLS))
        if symbol:
            words = tuple(token.word for token in self.tokens[at : at + symbol])
            yield Said(at + symbol, _SYMBOLS[words], 0.0, False)
            return
        ignored = self._match(at, _IGNORED)
        if ignored:
            yield Said(at + ignored, "", 0.0, False)
            return
        yield from self._letters(at)
        token = self.tokens[at]
        if token.is_digits:
            yield Said(at + 1, token.word, 0.0, False)
            return
        numbers = [span for span in self.numbers.at(at) if not span.heard]
        for span in numbers:
            yield Said(span.end, str(span.value), 0.3 + span.cost, False)
        if not numbers or token.word in ("un", "une"):
            yield from self._words(at)

    def _letters(self, at: int) -> Iterator[Said]:
        token = self.tokens[at]
        following = [other.word for other in self.tokens[at + 1 : at + 3]]
        if token.word in ("deux", "double") and following:
            for sound in lexicon.letters().get(following[0], ()):
                if sound.cost < lexicon.SOUND_COST and following[0] not in ("de",):
                    extra = 0.5 if token.word == "deux" else 0.0
                    yield Said(at + 2, sound.text.lower() * 2, extra, False)
        for size in (2, 3):
            phrase = tuple(other.word for other in self.tokens[at : at + size])
            letter = lexicon.letter_phrases().get(phrase)
            if letter and len(phrase) == size:
                yield Said(at + size, letter.lower(), _SPELLED, False)
        if len(following) == 2 and following[0] == "comme":
            for sound in lexicon.letters().get(token.word, ()):
                agreed = following[1].startswith(sound.text.lower())
                yield Said(at + 3, sound.text.lower(), -0.5 if agreed else _GUESS, not agreed)
        elif token.is_word:
            for sound in lexicon.letters().get(token.word, ()):
                if sound.cost == 0 or token.word in _LETTER_NAMES:
                    yield Said(at + 1, sound.text.lower(), _SPELLED, False)
                elif sound.cost < lexicon.SOUND_COST and token.word in ("de", "ce", "cu", "ka"):
                    yield Said(at + 1, sound.text.lower(), _GUESS, True)

    def _words(self, at: int) -> Iterator[Said]:
        token = self.tokens[at]
        if not token.is_word:
            return
        for size in (2, 1):
            words = tuple(other.word for other in self.tokens[at : at + size])
            for rank, name in enumerate(_as_heard(words)):
                if len(words) == size and (self.spoken or (name,) == words):
                    yield Said(at + size, name, _WORD + 0.2 * rank - 0.1 * size, True)
        word = re.sub(r"[^a-z0-9]", "", token.word)
        if len(word) > 1:
            letter = word in _LETTER_NAMES or word in ("un", "une")
            cost = _WORD + (_GUESS if letter else 0.0)
            yield Said(at + 1, word, cost, word not in lexicon.plain_names())
        elif not lexicon.letters().get(token.word) and word:
            yield Said(at + 1, word, _SPELLED, False)

    def all(self) -> list[tuple[str, float, bool]]:
        """(text, cost, whether to doubt it), cheapest first, the near ones only."""
        size = len(self.tokens)
        beams: list[dict[str, tuple[float, bool]]] = [{} for _ in range(size + 1)]
        beams[0][""] = (0.0, False)
        for at in range(size):
            ranked = sorted(beams[at].items(), key=lambda item: item[1])[:16]
            offers = list(self.offers(at)) if ranked else []
            for text, (cost, doubt) in ranked:
                for said in offers:
                    joins = [(said.text, 0.0, False)]
                    if self.tokens[at].glued and text and said.text and not said.text[0].isdigit():
                        # A hyphen in a transcript may have been said or be a spelling.
                        joins = [("-" + said.text, 0.0, True), (said.text, 0.2, True)]
                    for join, extra, unclear in joins:
                        priced = (cost + said.cost + extra, doubt or said.doubt or unclear)
                        longer = text + join
                        if longer not in beams[said.end] or beams[said.end][longer] > priced:
                            beams[said.end][longer] = priced
        done = sorted((cost, text, doubt) for text, (cost, doubt) in beams[size].items() if text)
        return [(text, cost, doubt) for cost, text, doubt in done[:6] if cost - done[0][0] < 0.9]


def _domains(tokens: Sequence[Token]) -> list[tuple[str, float, bool]]:
    """(domain, cost, whether to doubt it) for the words after the at sign."""
    pieces: list[str] = []
    dotted = False
    tokens = [token for token in tokens if token.word not in _PASSED][:60]
    for index, token in enumerate(tokens):
        words = tuple(other.word for other in tokens[index : index + 2])
        if dotted and _finished(pieces) and token.word not in ("point", "."):
            break
        if token.word in ("point", ".", "dot"):
            dotted = True
            pieces.append(".")
        elif token.word in ("tiret", "-", "moins") or words == ("trait", "d'union"):
            pieces.append("-")
        else:
            if token.glued:
                pieces.append("-")
            pieces.append(_domain_word(token.word))
    return _known("".join(pieces).strip(".-"))


def _known(domain: str) -> list[tuple[str, float, bool]]:
    """A domain as it was heard, and the frequent ones that it may be."""
    known = _frequent(domain)
    if known == domain:
        return [(domain, 0.0, False)]
    head, dot, tail = domain.rpartition(".")
    if dot and tail in _ENDINGS:
        domain = f"{head}.{_ENDINGS[tail]}"
        known = _frequent(domain)
    if known is not None and same_head(domain, known) and _finished([domain]):
        return [(domain, 0.0, True), (known, 0.3, True)]  # gmail.fr exists
    if known is not None:
        return [(known, 0.0, False)]
    best = process.extractOne(domain, lexicon.domains().values(), scorer=fuzz.ratio)
    near = [(best[0], 0.5, True)] if best and best[1] >= 85 else []
    return [(domain, 0.2, True), *near] if "." in domain else []


def _frequent(domain: str) -> str | None:
    return lexicon.domains().get(domain) or lexicon.domains().get(domain.replace("-", ""))


def same_head(domain: str, other: str) -> bool:
    """Whether two domains differ by their endings alone: gmail.fr and gmail.com."""
    return domain != other and domain.partition(".")[0] == other.partition(".")[0]


_ENDINGS = {
    "comme": "com", "con": "com", "fer": "fr", "effer": "fr", "f": "fr", "faire": "fr",
    "nette": "net",
}  # fmt: skip


def _finished(pieces: Sequence[str]) -> bool:
    tail = "".join(pieces).rpartition(".")[2]
    return tail in ("fr", "com", "net", "org", "eu", "be", "ch", "info", "pro", "me", "re")


def _domain_word(word: str) -> str:
    sounds = [sound for sound in lexicon.letters().get(word, ()) if sound.cost < 0.5]
    if sounds and word not in ("de", "ce", "me", "be", "alpha", "golf", "papa"):
        return sounds[0].text.lower() if len(word) <= 5 else word
    return re.sub(r"[^a-z0-9]", "", fold(word)) or word
