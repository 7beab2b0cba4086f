"""People's names: capitals, particles, spelled names.

Typed capitals are kept when mixed (« McKay », « d'Ormesson »); all-lower or all-upper writing is
set right: « jean-pierre DE LA TOUR » -> « Jean-Pierre de La Tour ». A run of letters is a spelled
name; when it spells the word just said (« dupond d u p o n d »), it replaces it.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from french.commands import command
from french.lexicon import SOUND_COST, letter_phrases, letters
from french.reading import Reading, refused, sure, unsure
from french.tokens import Token, fold, tokenize

UNREAD = "Je n'ai pas reconnu de nom. Donnez le prénom puis le nom, en lettres."
_PARTICLES = frozenset(["de", "du", "des", "d", "von", "van", "der", "den", "dos", "da", "di"])
_ARTICLES = frozenset(["la", "le", "les"])
_LEADS = re.compile(
    r"^\W*(?:(?:euh|heu|alors|bonjour|oui|donc|eh bien|ben|voilà|c'est|il s'agit de|je suis|"
    r"je m'appelle|je me nomme|il s'appelle|elle s'appelle|"
    r"(?:mon|son|le|notre) (?:nom|prénom)(?: de famille| d'usage| de naissance)?"
    r"(?: et (?:mon |son |le )?(?:nom|prénom))?(?: est| c'est|,)?|"
    r"au nom de|nom|prénom|monsieur|madame|mademoiselle|m\.|mme\.?|mr\.?)\b[\s:,.]*)+",
    re.IGNORECASE,
)
_TRAILS = re.compile(r"[\s,.!;]+(?:(?:merci|voilà|s'il vous plaît|svp)[\s,.!;]*)*$", re.IGNORECASE)
_HESITATIONS = re.compile(r"(?<![\w'-])(?:euh|heu|hum)(?![\w'-])[\s,.…]*", re.IGNORECASE)
# « …, ça s'écrit … », before a spelling.
_ANNOUNCED = re.compile(
    r"(?<![\w'-])(?:(?:ça|ca|cela|qui|il|elle) s'[ée]crit|je (?:(?:vous )?l'|vous )?[ée]pelle|"
    r"j'[ée]pelle|[ée]pel[ée])(?![\w'-])[\s:,]*",
    re.IGNORECASE,
)
_ALLOWED = re.compile(r"[^\W\d_]+(?:['’. -]+[^\W\d_]+)*\.?", re.UNICODE)


def _letter(token: Token) -> str:
    """The letter a token spells, "" when it is a word."""
    for sound in letters().get(token.word, ()):
        if len(token.word) == 1 and token.word.isalpha():
            return token.raw.lower()
        if sound.cost < SOUND_COST and len(token.word) > 1 and token.word not in _PARTICLES:
            return sound.text.lower()
    return ""


def _spelled(tokens: Sequence[Token], start: int) -> tuple[int, str]:
    """Letters said one by one from ``start``: (end, name)."""
    at, name, last = start, "", start
    while at < len(tokens):
        word = tokens[at].word
        if word in (",", "-", ".") or (word == "tiret" and name):
            name += "-" if word in ("tiret", "-") and name else ""
            at += 1
            continue
        times, here = (2, at + 1) if word in ("deux", "double") else (1, at)
        phrase = next(
            (
                (size, letter_phrases()[words])
                for size in (3, 2)
                if (words := tuple(t.word for t in tokens[at : at + size])) in letter_phrases()
            ),
            None,
        )
        if phrase:
            name, at = name + phrase[1].lower(), at + phrase[0]
        elif here < len(tokens) and (letter := _letter(tokens[here])):
            name, at = name + letter * times, here + 1
            if at + 1 < len(tokens) and tokens[at].word == "comme":
                at += 2
        else:
            break
        last = at
    return last, name.strip("-")


def _single(tokens: Sequence[Token], at: int) -> bool:
    """Whether a spelled run starts here: a lone letter, not a word that sounds like one."""
    word = tokens[at].word
    return (len(word) == 1 and word.isalpha()) or (
        word in ("deux", "double", "i") and at + 1 < len(tokens) and len(tokens[at + 1].word) == 1
    )


def _written(text: str) -> tuple[str, bool]:
    """The message with its spelled names put together, and whether there were any."""
    tokens = tokenize(text)
    pieces: list[tuple[str, str]] = []  # (separator before, word)
    at, spelled = 0, False
    while at < len(tokens):
        if _single(tokens, at):
            end, name = _spelled(tokens, at)
            if len(name.replace("-", "")) >= 3:
                spelled = True
                if pieces and _echoes(pieces[-1][1], name):
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


def capitals(name: str) -> str:
    """French capitals for a name written in any case."""
    uniform = name in (name.lower(), name.upper())
    words = re.split(r"([ '’-])", name)
    done: list[str] = []
    for index, word in enumerate(words):
        low = fold(word)
        previous = next((fold(w) for w in reversed(words[:index]) if w.strip(" '’-")), "")
        apart = words[index - 1] if index else " "
        if index % 2 or not word:
            done.append("'" if word == "’" else word)
        elif index and low in _PARTICLES and apart != "-" and index < len(words) - 1:
            done.append(word.lower() if uniform or word.isupper() else word)
        elif low in _ARTICLES and previous in ("de",) and not uniform and not word.isupper():
            done.append(word)
        elif uniform or word.islower() or (word.isupper() and len(word) > 1):
            done.append(word[:1].upper() + word[1:].lower())
        else:
            done.append(word)
    return "".join(done)


def parse(text: str, spoken: bool = False) -> Reading:
    told = _HESITATIONS.sub("", _ANNOUNCED.sub("", text[:300].replace("’", "'")))
    told = _LEADS.sub("", told)
    told = " ".join(_TRAILS.sub("", told).split())
    if not told or command(text) is not None:
        return refused(UNREAD)
    written, spelled = _written(told)
    if any(char.isdigit() for char in written):
        return refused("Un nom ne contient pas de chiffres. Pouvez-vous le redonner ?")
    if not _ALLOWED.fullmatch(written):
        return refused(UNREAD)
    if len(written) < 2 or len(written) > 80 or len(written.split()) > 8:
        return refused(UNREAD)
    value = capitals(written)
    if spoken and (not spelled or " " in written):
        return unsure(value, f"J'ai écrit {value}. Est-ce la bonne orthographe ?")
    return sure(value)


def spell(text: str) -> str:
    """A name letter by letter: « Le Goff » -> « L, E, espace, G, O, F, F »."""
    said = {" ": "espace", "-": "tiret", "'": "apostrophe", "’": "apostrophe", ".": "point"}
    return ", ".join(said.get(char, char.upper()) for char in text.strip())
