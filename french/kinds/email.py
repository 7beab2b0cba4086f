"""E-mail addresses, typed or dictated (« jean point dupont arobase gmail point com »).

Nothing is cut in silence: what stands right before an address may be a part of it, and is asked.
Form is checked by ``email-validator``, without asking the network; case is dropped.
"""

import re

from rapidfuzz import fuzz, process

from french import lexicon
from french.emails import LEADS, dictated, marked, normal, says_symbol
from french.kinds.base import Kind, Spot
from french.numerals import digit_words
from french.plain import fold, word_list
from french.reading import Context, Reading, listed, refused, sure, unsure
from french.tokens import FILLERS, MAX_CHARS, tokenize

NO_AT = (
    "Je n’ai pas reconnu d’adresse e-mail : il manque l’arobase (@). "
    "Par exemple : jean.petit@exemple.fr."
)
UNREAD = "Cette adresse e-mail n’est pas complète. Par exemple : jean.petit@exemple.fr."

_LOCAL = r"[^\W](?:[\w.+'&%-]*[\w+-])?"
_ADDRESS = re.compile(rf"{_LOCAL}@[\w-]+(?:\.[\w-]+)+", re.UNICODE)
# What stands right against an address and is no part of it; anything else is more of it.
_BESIDE = re.compile(r"[\s(<\[«»\":;,=/>)\].!?]")
_COMMA = re.compile(rf"({_LOCAL}@[\w-]+(?:\.[\w-]+)*),((?:fr|com|net|org)\b)", re.I)
# « l'adresse c'est d'… », « l'asso@… »: an elided word, and not a part of the address.
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)'(?=[\w.+-]+@)", re.I)
_BEFORE = (
    FILLERS | LEADS | word_list("sentences", "sentences") | {"a", "de", "la", "un", "et", "ou", ":"}
)


def _advised(value: str) -> Reading:
    """A well-formed address, doubted when its domain looks like a slip of a frequent one."""
    local, _, domain = value.rpartition("@")
    known = lexicon.domains().get(domain)
    if known == domain:
        return sure(value)
    near = known
    if near is None:
        best = process.extractOne(domain, lexicon.domains().values(), scorer=fuzz.ratio)
        near = best[0] if best and best[1] >= 86 else None
    if near is None or near == domain:
        return sure(value)
    other = f"{local}@{near}"
    return unsure(value, f"Est-ce bien {value}, ou plutôt {other} ?", [other])


def _read(text: str, at: Context) -> Reading:
    text = re.sub(r"(?i)\s*[(\[]\s*(?:at|arobase)\s*[)\]]\s*", "@", text[:MAX_CHARS])
    closed = _together(text)
    if any(not _apart(closed, match) for match in _ADDRESS.finditer(closed)):
        return refused(UNREAD)
    typed = list(dict.fromkeys(item.lower() for item in _ADDRESS.findall(closed)))
    valid = [value for value in map(normal, (item.strip(".") for item in typed)) if value]
    if len(valid) == 1 and "arobase" not in text.lower():
        return _in_context(closed, _advised(valid[0]), at.spoken)
    if len(valid) > 1:
        return unsure(valid[0], f"J’ai reconnu {listed(valid)}. Laquelle est la bonne ?", valid[1:])
    slip = _COMMA.search(closed)
    value = normal(f"{slip[1]}.{slip[2]}") if slip else None
    if value:
        return unsure(value, f"J’ai noté {value}. Est-ce bien cela ?")
    heard = dictated(text, at.spoken)
    return heard or refused(UNREAD if typed or "@" in text or marked(text) else NO_AT)


def _apart(text: str, match: re.Match[str]) -> bool:
    """Whether nothing that may belong to an address stands right against it."""
    around = text[: match.start()][-1:] + text[match.end() :][:1]
    return all(_BESIDE.match(char) or char in "'’" for char in around)


def _together(text: str) -> str:
    """The one address of a message without the spaces left around its signs."""
    if text.count("@") != 1:
        return text
    closed = re.sub(r"\s*@\s*", "@", text)
    closed = re.sub(r"(?<=@)([\w-]+)\s*\.\s*(?=\w{2,4}\b)", r"\1.", closed)
    return re.sub(r"(?<=\w)(?:\s+([._-])\s*|([._-])\s+)(?=[\w.-]*@)", r"\1\2", closed)


def _in_context(text: str, reading: Reading, spoken: bool) -> Reading:
    """An address written as such in a message whose other words may belong to it.

    A recogniser may write only its end: « marie point dupont@gmail.com ».
    """
    match = _ADDRESS.search(text)
    value = reading.value
    if match is None or value is None:
        return reading
    elided = _ELIDED.match(match.group())
    if elided:
        bare = normal(match.group()[elided.end() :])
        doubt = f"J’ai noté {value}. Est-ce bien cela, ou {bare} ?"
        return unsure(value, doubt, [bare]) if bare else reading
    before = tokenize(text[: match.start()])
    if not before:
        return reading
    last = before[-1]
    if not (last.is_word or last.is_digits or last.word in "'.-_+"):
        return reading
    if says_symbol(last) and last.word not in LEADS:
        return dictated(text, spoken) or reading
    if last.word in _BEFORE or reading.alternatives:
        return reading
    if spoken:
        return unsure(value, f"J’ai noté {value}. Est-ce bien écrit ainsi ?")
    word = fold(last.raw)
    longer = [normal(f"{word}{joint}{value}") for joint in (".", "", "-", "_")]
    others = [other for other in longer if other]
    doubt = f"J’ai noté {value}. Est-ce bien cela, ou {listed(others[:2])} ?"
    return unsure(value, doubt, others)


_SAID = {".": "point", "-": "tiret", "_": "tiret bas", "+": "plus", "@": "arobase"}


def say(value: str) -> str:
    """The local part letter by letter, a frequent domain by its words."""
    local, at, domain = value.rpartition("@")
    if not at:
        return value
    ending = list(domain)
    if domain in lexicon.domains().values() and re.fullmatch(r"[a-z]{4,}\.\w+", domain):
        ending = re.findall(r"\w+|\.", domain)
        if ending[-1] == "fr":
            ending[-1:] = ["f", "r"]
    said = [*map(_spelled, local), "arobase", *map(_spelled, ending)]
    return ", ".join(said)


def _spelled(char: str) -> str:
    if char.isdigit():
        return digit_words(char)
    return _SAID.get(char) or (char.upper() if len(char) == 1 else char)


def find(text: str) -> list[Spot]:
    found: list[Spot] = []
    for match in _ADDRESS.finditer(text):
        written = match.group().rstrip(".-_")
        value = normal(written)
        elided = _ELIDED.match(written) is not None
        if (
            value is not None
            and not elided
            and _in_context(text, _advised(value), False).doubt is None
        ):
            found.append((value, match.start(), match.start() + len(written)))
    return found


KIND = Kind(
    name="email",
    reads=_read,
    finds=lambda text, at: find(text),
    says=say,
    spells=say,
    format="email",
    read_back=True,
    dictated=True,
    spelled=True,
    called=("mail", "email", "e-mail", "courriel", "adresse électronique"),
    hints=(
        "arobase",
        "point",
        "tiret",
        "tiret du bas",
        "underscore",
        "tout attaché",
        *(domain for domain in sorted(set(lexicon.domains().values())) if "." in domain),
    ),
    example="jean.petit@exemple.fr",
    asked_again="Quelle est la bonne adresse e-mail ?",
)
