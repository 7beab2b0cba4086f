"""How names are written: capitals, particles, firms, and names spelled aloud.

Typed capitals are kept when mixed (« McKay », « D'Angelo », « Le Floc'h »); all-lower or all-upper
writing is set right: « jean-pierre DE LA TOUR » -> « Jean-Pierre de La Tour ». A run of letters is
a spelled name; when it spells the word just said (« dupond d u p o n d »), it replaces it.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from french.lexicon import SOUND_COST, letter_phrases, letters
from french.plain import fold, word_list
from french.tokens import Token, tokenize

PARTICLES = frozenset(["de", "du", "des", "d", "von", "van", "der", "den", "dos", "da", "di"])
_ARTICLES = frozenset(["la", "le", "les"])
_LINKS = frozenset(["et", "nee", "ne", "epouse", "veuve", "ep"])
FIRM_FORMS = word_list("sentences", "firm_forms")
FIRM_WORDS = word_list("sentences", "firm_words")
# Words that sound like letters, but are mostly words: no spelled name begins with them.
_WORDS_FIRST = frozenset(["elle", "elles", "aime", "de", "te", "ce", "se", "des", "ces", "ses"])
_LEAST_SPELLED = 3


def is_firm(name: str) -> bool:
    """Whether a name is a firm's: by its form, by what it does, or by « & Fils »."""
    words = re.findall(r"[^\W_]+", fold(name))
    return bool(
        set(words) & (FIRM_FORMS | FIRM_WORDS)
        or re.search(r"&|\bet (?:fils|freres?|filles?|associes|cie|co)\b", fold(name))
    )


def capitals(name: str) -> str:
    """French capitals for a name written in any case."""
    uniform = name in (name.lower(), name.upper())
    firm = is_firm(name)
    words = re.split(r"([ -])", name.replace("’", "'"))
    return "".join(
        word if index % 2 or not word else _word(words, index, uniform, firm)
        for index, word in enumerate(words)
    )


def _word(words: Sequence[str], index: int, uniform: bool, firm: bool) -> str:
    word, low = words[index], fold(words[index])
    previous = next((fold(w) for w in reversed(words[:index]) if w.strip(" -")), "")
    apart = words[index - 1] if index else " "
    last = index == len(words) - 1
    if low in FIRM_FORMS and (firm or word.isupper()) and low != "sa":
        return word.upper() if uniform or word.isupper() else word
    if firm and not uniform and (word.isupper() or not word.islower()):
        return word
    if index and low in PARTICLES and apart != "-" and (not last or word in ("de", "du")):
        return word.lower() if uniform or word.isupper() else word
    if index and low in _LINKS and not last:
        return word.lower()
    named = previous not in FIRM_FORMS
    if firm and index and low in ("en", "a", "au", "aux", *_ARTICLES) and not last and named:
        return word.lower() if uniform else word
    if low in _ARTICLES and previous == "de" and not uniform and not word.isupper():
        return word
    if uniform or word.islower() or (word.isupper() and len(word) > 1):
        return _elided(word, first=not index)
    return word


def _elided(word: str, first: bool) -> str:
    """« d'ormesson », « o'connor », « floc'h »: what an apostrophe does to capitals."""
    head, mark, tail = word.partition("'")
    if not mark:
        return _capital(word)
    if fold(head) == "d" and not first:
        return f"d'{_capital(tail)}"
    return f"{_capital(head)}'{_capital(tail) if len(tail) > 1 else tail.lower()}"


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:].lower()


# -- spelled ----------------------------------------------------------------------------------


def _letter(token: Token) -> str:
    """The letter a token spells, "" when it is a word."""
    for sound in letters().get(token.word, ()):
        if len(token.word) == 1 and token.word.isalpha():
            return token.raw.lower()
        if sound.cost < SOUND_COST and len(token.word) > 1 and token.word not in PARTICLES:
            return sound.text.lower()
    return ""


def _phrase(tokens: Sequence[Token], at: int) -> tuple[int, str] | None:
    for size in (3, 2):
        words = tuple(token.word for token in tokens[at : at + size])
        if words in letter_phrases():
            return size, letter_phrases()[words]
    return None


def _spelled(tokens: Sequence[Token], start: int) -> tuple[int, str]:
    """Letters said one by one from ``start``: (end, name)."""
    at, name, last = start, "", start
    while at < len(tokens):
        word = tokens[at].word
        if word in (",", "-", ".") or (word == "tiret" and name):
            name += "-" if word in ("tiret", "-") and name else ""
            at += 1
            continue
        if word == "apostrophe" and name:
            name, at = name + "'", at + 1
            continue
        times, here = (2, at + 1) if word in ("deux", "double") else (1, at)
        phrase = _phrase(tokens, at)
        if phrase:
            name, at = name + phrase[1].lower(), at + phrase[0]
        elif here < len(tokens) and (letter := _letter(tokens[here])):
            name, at = name + letter * times, here + 1
        else:
            break
        if at + 1 < len(tokens) and tokens[at].word == "comme":
            at += 2
        last = at
    return last, name.strip("-'")


def _begins(tokens: Sequence[Token], at: int) -> bool:
    """Whether a spelled run may start here: a letter's name, not a word that sounds like one."""
    word = tokens[at].word
    if (len(word) == 1 and word.isalpha()) or _phrase(tokens, at):
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None:
        return False
    if word in ("deux", "double"):
        return bool(_letter(following))
    near = (following.word, tokens[at + 2].word if at + 2 < len(tokens) else "")
    spelled = any(len(one) == 1 and one.isalpha() for one in near) or near[0] == "comme"
    return bool(_letter(tokens[at])) and word not in _WORDS_FIRST and spelled


def written(text: str) -> tuple[str, bool]:
    """The message with its spelled names put together, and whether there were any."""
    tokens = tokenize(text)
    pieces: list[tuple[str, str]] = []  # (separator before, word)
    at, spelled = 0, False
    while at < len(tokens):
        if _begins(tokens, at):
            end, name = _spelled(tokens, at)
            if len(name.replace("-", "")) >= _LEAST_SPELLED:
                spelled = True
                if pieces and fold(pieces[-1][1]).endswith(fold(name)):
                    pass  # only the end of the word was spelled
                elif pieces and _echoes(pieces[-1][1], name):
                    pieces[-1] = (pieces[-1][0], name)
                else:
                    pieces.append((" ", name))
                at = end
                continue
        token = tokens[at]
        if token.word not in (",", ";"):
            tight = token.glued or (at > 0 and tokens[at - 1].end == token.start)
            pieces.append((("-" if token.glued else "") if tight else " ", token.raw))
        at += 1
    return "".join(before + word for before, word in pieces).strip(), spelled


def _echoes(word: str, name: str) -> bool:
    """Whether ``name`` spells the word said just before."""
    return fuzz.ratio(fold(word), fold(name)) >= 60


def spell(text: str) -> str:
    """A name letter by letter: « Le Goff » -> « L, E, espace, G, O, F, F »."""
    said = {" ": "espace", "-": "tiret", "'": "apostrophe", "’": "apostrophe", ".": "point"}
    return ", ".join(said.get(char, char.upper()) for char in text.strip())
