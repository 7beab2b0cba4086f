"""Sentences short enough to be followed by ear."""

import re

LONGEST = 25
_DANGLING = 6.0
_INSIDE_A_VALUE = 30.0

# A word of a value given one character, or one number, at a time.
_NUMBER = (
    "zéro|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    "|vingts?|trente|quarante|cinquante|soixante|cents?|mille"
)
_SPELLED = re.compile(rf"[A-Za-z]|(?:{_NUMBER})(?:-(?:{_NUMBER}))*|arobase|point|tiret|plus")

_ENDS = re.compile(r"(?<=[.!?])\s+(?=\S)")
# Where a long sentence may be cut, the best places first.
_BREAKS = (
    re.compile(r"\s*[:]\s+"),
    re.compile(r",\s+(?=(?:et|ou|puis|mais|car|donc|si|sinon|ensuite|enfin|sauf)\b)"),
    re.compile(r",\s+"),
    re.compile(r"\s+(?=(?:et|ou|puis|mais|car|donc|si|sinon)\b)"),
    re.compile(r"\s+(?=(?:qui|que|qu'|quand|lorsque|pour|sans|avec|dont|parce|avant|après)\b)"),
    re.compile(r"\s+(?=(?:dans|sur|par|chez|en|à|au|aux|de|du|des|d')\b)"),
    re.compile(r"\s+"),
)


def sentences(text: str, longest: int = LONGEST) -> list[str]:
    """The sentences of ``text`` (already in words), none longer than ``longest`` words."""
    found: list[str] = []
    for sentence in _ENDS.split(text.strip()):
        if re.search(r"\w", sentence):
            found += _cut(_closed(sentence), longest)
    return found


def ended(text: str) -> str:
    """A text with the mark that ends it, which an initial (« Camille D. ») already is."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def count(sentence: str) -> int:
    """How many words are heard: « vingt-trois » is two."""
    return len(re.findall(r"[^\W_]+(?:'[^\W_]+)?", sentence))


def _cut(sentence: str, longest: int) -> list[str]:
    if count(sentence) <= longest:
        return [sentence]
    mark = sentence[-1]
    for rank, pattern in enumerate(_BREAKS):
        places = [
            (before, found)
            for found in pattern.finditer(sentence)
            if (before := count(sentence[: found.start()])) <= longest and before >= 1
        ]
        # A cut after few words is only good at a pause that is written.
        least = 3 if rank < len(_BREAKS) - 4 else 5
        good = [place for place in places if place[0] >= least]
        if good or (rank == len(_BREAKS) - 1 and places):
            _, at = _balanced(good or places, count(sentence), longest)
            head = _closed(sentence[: at.start()].rstrip(" ,:"))
            tail = sentence[at.end() :]
            rest = tail[0].upper() + tail[1:]
            return [*_cut(head, longest), *_cut(_closed(rest, mark), longest)]
    return [sentence]


def _balanced(
    places: list[tuple[int, re.Match[str]]], total: int, longest: int
) -> tuple[int, re.Match[str]]:
    """The cut nearest to the middle, or the last one where the rest is long anyway."""
    if total > 2 * longest:
        return max(places, key=lambda place: place[0] - _dangling(place[1]))
    return min(places, key=lambda place: abs(place[0] - total / 2) + _dangling(place[1]))


def _dangling(at: re.Match[str]) -> float:
    """The price of leaving a few words hanging before the cut (« …, ou, à défaut. »), or half of
    a value that is spelled."""
    around = (at.string[: at.start()].split()[-1:], at.string[at.end() :].split()[:1])
    if at.string[at.end() :].startswith("arobase"):
        return 0.0  # where an address breathes
    if all(words and _SPELLED.fullmatch(words[0].strip(",.:")) for words in around):
        return _INSIDE_A_VALUE
    last = re.split(r"[,:]|\b(?:et|ou|puis|mais)\b", at.string[: at.start()])[-1]
    return _DANGLING if count(last) < 3 else 0.0


def _closed(sentence: str, mark: str = ".") -> str:
    """A sentence with a capital and an end."""
    sentence = sentence.strip().rstrip(",:")
    if sentence[-1:] not in (".", "!", "?"):
        sentence = sentence.rstrip() + (f" {mark}" if mark in "!?" else mark)
    return sentence[0].upper() + sentence[1:]
