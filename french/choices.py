"""The one reader of choices: which ones a message affirms, which it denies, or neither.

Names are matched word for word, then by their stems, then with a letter or two astray. What bears
on them is read around: « pas volée, mais perdue », « ni l'un ni l'autre », « volée non », « je ne
pense pas qu'il soit certifié », « perdue ou volée, je ne sais pas ». A question is never an answer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from french.plain import Word, glued, listed, phrase_list, plain, word_list, words
from french.questions import statements
from french.reading import Choice, Found

ALIKE = 84.0  # a word this like a name's is that word misspelled …
CLEARLY = 90.0  # … and this like it needs no confirmation
FEW = 4  # among more choices, the longest name that is said is the likeliest
SHORTEST = 3
LEAST_LEFT = 5  # letters of a name without its article
MISSPELLED = 5  # shorter words are too like one another
_FIRST_LETTERS = 1

_LIST = "choices"
_DENIALS = word_list(_LIST, "denials")
_DENIAL_PHRASES = phrase_list(_LIST, "denials_phrases")
_PASSED = word_list(_LIST, "passed")
_AFTER = phrase_list(_LIST, "denied_after")
_REPAIRS = phrase_list(_LIST, "repairs")
_INSIDE = word_list(_LIST, "ignored_inside")
_ORDER = re.compile(str(listed(_LIST)["order"]))
_SMALL = word_list(_LIST, "between_choices")
_HEDGES = re.compile(rf"\b(?:{'|'.join(phrase_list(_LIST, 'hedges'))})\b")
_UNSURE = re.compile(rf"\b(?:{'|'.join(phrase_list(_LIST, 'unsure'))})\b")
_ARTICLES = frozenset({"un", "une", "le", "la", "les", "l", "des", "du", "d"})
_OPEN_QUESTION = re.compile(
    r"\b(?:sais|sait|savoir) (?:pas|plus) (?:si|s|quel|quelle|lequel|laquelle|ce)\b"
)
_LINKS = frozenset(
    {"le", "la", "l", "les", "un", "une", "c", "est", "elle", "il", "de", "d", "pour"}
)


@dataclass(frozen=True, slots=True)
class Named:
    """A choice named by ``text[start:end]``; ``likeness`` is less than 100 for a misspelling."""

    value: str
    start: int
    end: int
    denied: bool = False
    likeness: float = 100.0
    words: int = 1


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message does of the choices.

    ``balanced``: it leaves open which of several (« perdue ou volée »). ``hedged``: it is not
    sure of what it says; ``undecided``: it says that it does not know, ``wondering``: whether what
    it names is so. ``question``: it only asks.
    """

    affirmed: tuple[Named, ...] = ()
    denied: tuple[Named, ...] = ()
    balanced: bool = False
    hedged: bool = False
    undecided: bool = False
    wondering: bool = False
    question: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(named.value for named in self.affirmed))

    @property
    def rejected(self) -> tuple[str, ...]:
        """The choices that are denied and nowhere affirmed."""
        said = self.values
        return tuple(dict.fromkeys(n.value for n in self.denied if n.value not in said))


def hear(text: str, choices: Sequence[Choice]) -> Heard:
    """Which of the choices a message affirms, and which it denies."""
    told = statements(text)
    if not told:
        return Heard(question=bool(plain(text)))
    spoken = words(told)
    found = _disputed(_matches(spoken, choices), spoken)
    plain_told = plain(told)
    affirmed = tuple(named for named in found if not named.denied)
    denied = tuple(named for named in found if named.denied)
    return Heard(
        affirmed,
        denied,
        balanced=_balanced(affirmed, plain_told, told),
        hedged=_HEDGES.search(plain_told) is not None,
        undecided=_UNSURE.search(plain_told) is not None,
        wondering=_OPEN_QUESTION.search(plain_told) is not None,
    )


def find(text: str, choices: Sequence[Choice]) -> list[Found]:
    """The choices that a text names, with their places; those it denies are marked."""
    spoken = words(text)
    found = _disputed(_matches(spoken, choices), spoken)
    return [Found(n.value, n.start, n.end, n.denied) for n in found]


def named(text: str, choices: Sequence[Choice]) -> str | None:
    """The one choice that a text names and does not deny; None when it is not clear which."""
    heard = hear(text, choices)
    if heard.balanced or heard.undecided or not heard.affirmed:
        return None
    if len(heard.values) == 1:
        return heard.values[0]
    return longest(heard, choices)


def longest(heard: Heard, choices: Sequence[Choice]) -> str | None:
    """In a long list, the choice that is named most fully."""
    if len(choices) <= FEW:
        return None
    size = max(named.words for named in heard.affirmed)
    best = {named.value for named in heard.affirmed if named.words == size}
    return best.pop() if len(best) == 1 else None


def together(text: str, fields: Mapping[str, Sequence[Choice]], least: int = 0) -> dict[str, str]:
    """The choices of several fields that make up a message (« certifié pour moi »).

    With ``least``, a part of the message, when it has as many names.
    """
    said = plain(text).split()
    names = _unshared(fields)
    for start in range(len(said) if least else 1):
        for end in range(len(said), start, -1) if least else (len(said),):
            found = _made_of(said[start:end], names)
            if found and len(found) >= least:
                return found
    return {}


def item(text: str, choices: Sequence[Choice]) -> str | None:
    """The only choice that an item of a list is, word for word (« AB-123-CD, volée, pour moi »)."""
    said = {plain(part) for part in re.split(r"[,;\n]", text)}
    said |= {re.sub(r"^(c est |ce sera |plutot )?(pour |avec |en |a )?", "", part) for part in said}
    hits = {c.value for c in choices if said & {plain(n) for n in (c.label, *c.synonyms)}}
    return hits.pop() if len(hits) == 1 else None


# -- names ------------------------------------------------------------------------------------


def stem(word: str) -> str:
    if len(word) < 4:
        return word
    return re.sub(r"(?:ees|ee|es|er|ez|e|s|x)$" if len(word) > 4 else r"e+$", "", word)


@lru_cache(maxsize=512)
def _names(choice: Choice) -> tuple[tuple[str, ...], ...]:
    """The names of a choice, in words, the longest first; its label also without its aside."""
    short = re.sub(r"\s*\([^)]*\)", "", choice.label)
    told = (choice.label, short, *choice.synonyms)
    whole = [tuple(plain(name).split()) for name in told]
    found = dict.fromkeys([*whole, *(bare for name in whole if (bare := _undetermined(name)))])
    usable = [name for name in found if name and len("".join(name)) >= SHORTEST - 1]
    return tuple(sorted(usable, key=len, reverse=True))


def _undetermined(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name without its article (« un titre de séjour »); () where nothing telling is left."""
    rest = name[1:]
    return rest if name[:1] and name[0] in _ARTICLES and len("".join(rest)) >= LEAST_LEFT else ()


def _matches(spoken: Sequence[Word], choices: Sequence[Choice]) -> list[Named]:
    """Every place where a name is said; a name inside a longer one is part of that one."""
    found: list[Named] = []
    for choice in choices:
        for name in _names(choice):
            found += _exact(spoken, choice.value, name)
    if not found:
        found = list(_misspelled(spoken, choices))
    kept = [
        one
        for one in found
        if not any(
            other.start <= one.start and one.end <= other.end and other.words > one.words
            for other in found
        )
    ]
    once = {(named.value, named.start, named.end): named for named in kept}
    return sorted(once.values(), key=lambda named: (named.start, named.end))


def _exact(spoken: Sequence[Word], value: str, name: tuple[str, ...]) -> Iterator[Named]:
    for at in range(len(spoken)):
        end, denied = _said(spoken, at, name)
        if end is None or not glued(spoken[at:end]):
            continue
        yield Named(value, spoken[at].start, spoken[end - 1].end, denied, 100.0, len(name))


def _said(spoken: Sequence[Word], at: int, name: tuple[str, ...]) -> tuple[int | None, bool]:
    """Where a name that begins at ``at`` ends, and whether a negation stands inside it.

    « le vendeur ne me l'a pas donné » says « le vendeur me l'a donné », and denies it.
    """
    denied = False
    here = at
    for rank, word in enumerate(name):
        while (
            rank
            and here < len(spoken)
            and spoken[here].word != word
            and spoken[here].word in _INSIDE
        ):
            denied = denied or spoken[here].word in ("pas", "jamais", "plus")
            here += 1
        if here >= len(spoken) or not _same(spoken[here].word, word, alone=len(name) == 1):
            return None, False
        here += 1
    return here, denied


def _same(said: str, word: str, alone: bool) -> bool:
    if said == word:
        return True
    return len(word) >= SHORTEST + alone and len(said) >= SHORTEST and stem(said) == stem(word)


def _misspelled(spoken: Sequence[Word], choices: Sequence[Choice]) -> Iterator[Named]:
    for choice in choices:
        for name in _names(choice):
            if len(name) == 1 and len(name[0]) >= MISSPELLED:
                for word in spoken:
                    likeness = _likeness(word.word, name[0])
                    if likeness >= ALIKE:
                        yield Named(choice.value, word.start, word.end, False, likeness)


def _likeness(said: str, word: str) -> float:
    if len(said) < MISSPELLED - 1 or said[:_FIRST_LETTERS] != word[:_FIRST_LETTERS]:
        return 0.0
    return max(fuzz.ratio(said, word), fuzz.ratio(stem(said), stem(word)))


# -- what bears on them -----------------------------------------------------------------------


def _disputed(found: Sequence[Named], spoken: Sequence[Word]) -> list[Named]:
    """The names, denied or not by the words around them."""
    out: list[Named] = []
    for rank, one in enumerate(found):
        before = [w for w in spoken if w.end <= one.start]
        after = [w for w in spoken if w.start >= one.end]
        following = found[rank + 1] if rank + 1 < len(found) else None
        if one.value.startswith("moi") and before and _ORDER.search(before[-1].word):
            continue
        rather = rank > 0 and _rather([w for w in before if w.start < one.start])
        denied = one.denied != (_denied_before(before, one, spoken) or rather)
        out.append(replace(one, denied=denied or _denied_after(after, following)))
    return out


def _rather(before: Sequence[Word]) -> bool:
    """« plutôt classique que certifié »."""
    said = [word.word for word in before]
    while said and said[-1] in _LINKS:
        said = said[:-1]
    return said[-1:] in (["que"], ["qu"]) and "plutot" in said


def _denied_before(before: Sequence[Word], one: Named, spoken: Sequence[Word]) -> bool:
    first = next((w for w in spoken if w.start == one.start), None)
    if first is not None and first.apart:
        return False
    for at in range(len(before) - 1, -1, -1):
        word = before[at]
        tail = " ".join(w.word for w in before[max(0, at - 3) : at + 1])
        if word.word in _DENIALS or any(
            tail == phrase or tail.endswith(f" {phrase}") for phrase in _DENIAL_PHRASES
        ):
            return not _opens_name(before, at)
        if word.word not in _PASSED or word.apart:
            return False
    return False


def _opens_name(before: Sequence[Word], at: int) -> bool:
    """« pas mal de », « sans doute perdue »: a negation that is none."""
    following = before[at + 1].word if at + 1 < len(before) else ""
    return (before[at].word, following) in (("pas", "mal"), ("sans", "doute"), ("pas", "que"))


def _denied_after(after: Sequence[Word], following: Named | None) -> bool:
    """« volée non », « volée, c'est pas ça »; before another name, only « volée euh non … »."""
    until = following.start if following else None
    between = [w for w in after if until is None or w.start < until]
    said = " ".join(w.word for w in between)
    if following is None:
        return any(said == phrase or said.startswith(f"{phrase} ") for phrase in _AFTER)
    links = [w.word for w in between if w.word not in _LINKS and w.word != "mais"]
    told = " ".join(links)
    return any(told == phrase for phrase in _REPAIRS) or (
        any(told == phrase for phrase in _AFTER if phrase != "non plus")
        and (told != "non" or between[-1].word != "non")
    )


def _balanced(affirmed: Sequence[Named], said: str, told: str) -> bool:
    """« perdue ou volée », « soit l'un soit l'autre »: both, and neither more than the other."""
    values = {named.value for named in affirmed}
    if len(values) < 2:
        return False
    for one, other in pairwise(affirmed):
        between = plain(told[one.end : other.start]).split()
        if one.value != other.value and ("ou" in between or "soit" in between):
            return True
    return _UNSURE.search(said) is not None


def _unshared(
    fields: Mapping[str, Sequence[Choice]],
) -> dict[tuple[str, ...], tuple[str, str]]:
    """The field and the choice that a name stands for; none for a name of two choices."""
    meant: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for slot, choices in fields.items():
        for choice in choices:
            for name in (choice.label, *choice.synonyms):
                meant.setdefault(tuple(plain(name).split()), set()).add((slot, choice.value))
    return {name: next(iter(which)) for name, which in meant.items() if len(which) == 1}


def _made_of(
    said: Sequence[str], names: Mapping[tuple[str, ...], tuple[str, str]]
) -> dict[str, str] | None:
    """The choices of a message that has no word besides their names and small words."""
    found: dict[str, str] = {}
    at = 0
    while at < len(said):
        sizes = range(len(said) - at, 0, -1)
        size = next((n for n in sizes if tuple(said[at : at + n]) in names), 0)
        if size:
            slot, value = names[tuple(said[at : at + size])]
            if found.setdefault(slot, value) != value:
                return None
        elif said[at] not in _SMALL:
            return None
        at += size or 1
    return found
