"""How people dictate values on the telephone, and what a recogniser makes of it.

Numbers are put in words by num2words; the noise is in the text alone: hyphens lost, words dropped,
homophones, hesitations, slips put right at once. It claims nothing about sound.
"""

import random
import re
from collections.abc import Callable
from datetime import date

from num2words import num2words

_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "a bé cé dé e effe gé hache i ji ka elle emme enne o pé cu erre esse té u vé double_vé ixe "
        "i_grec zède".split(),
        strict=True,
    )
)
_LIKE = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        "alain bordeaux camille david emile fabrice georges hélène isabelle julien karine lyon "
        "marseille nantes orange paris quentin robert sophie toulouse ulysse victor william xavier "
        "yves zoé".split(),
        strict=True,
    )
)
_NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar "
    "papa quebec romeo sierra tango uniform victor whisky x-ray yankee zulu"
).split()
_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()
_HOMOPHONES = {
    "a": "ah", "c": "ces", "d": "des", "g": "j'ai", "h": "hache", "k": "cas", "l": "elle",
    "m": "aime", "n": "haine", "p": "paix", "q": "cul", "r": "air", "s": "est-ce", "t": "thé",
    "x": "ixe", "vingt": "vin", "cent": "sang", "sept": "cette", "mille": "mil", "dix": "dis",
    "deux": "de", "point": "poing", "bé": "baie", "dé": "dés", "emme": "aime", "erre": "air",
}  # fmt: skip
_LEADS = ("", "", "", "", "alors ", "euh ", "oui alors c'est ", "donc ", "c'est ", "eh bien ")
_TAILS = ("", "", "", "", "", " voilà", " s'il vous plaît", " merci")

Random = random.Random


def number(value: int, rng: Random) -> str:
    """In words, now and then as in Belgium or Switzerland."""
    lang = rng.choices(("fr", "fr_BE", "fr_CH"), (94, 3, 3))[0]
    return str(num2words(value, lang=lang))


def letter(char: str, rng: Random, style: str) -> str:
    char = char.lower()
    if style == "named":
        return _LETTERS[char].replace("_", " ")
    if style == "nato":
        return _NATO[ord(char) - ord("a")]
    if style == "like" or (style == "some" and rng.random() < 0.4):
        return f"{char} comme {_LIKE[char]}"
    return char


def letters(text: str, rng: Random) -> str:
    style = rng.choices(("plain", "named", "nato", "like", "some"), (50, 12, 10, 13, 15))[0]
    if len(text) == 2 and text[0] == text[1] and rng.random() < 0.3:
        return f"deux fois {letter(text[0], rng, 'plain')}"
    return " ".join(letter(char, rng, style) for char in text)


def digits(text: str, rng: Random, sizes: tuple[int, ...]) -> str:
    """A run of digits cut in groups; a group's leading zeros are said one by one."""
    if sum(sizes) != len(text) or rng.random() < 0.15:
        sizes = (1,) * len(text)
    said: list[str] = []
    at = 0
    for size in sizes:
        group = text[at : at + size]
        at += size
        zeros = len(group) - len(group.lstrip("0"))
        said += ["zéro"] * zeros
        if zeros < size:
            said.append(number(int(group), rng))
    return " ".join(said)


def plate(value: str, rng: Random) -> str:
    parts = re.findall(r"[A-Z]+|\d+", value)
    joint = rng.choice((" ", " ", " ", " tiret "))
    said = []
    for rank, part in enumerate(parts):
        if part.isalpha():
            said.append(letters(part, rng))
        elif value[0].isdigit() and rank == len(parts) - 1:
            said.append(digits(part, rng, (len(part),)))
        else:
            said.append(digits(part, rng, {4: (2, 2), 3: (3,)}.get(len(part), (len(part),))))
    return joint.join(said)


def phone(value: str, rng: Random) -> str:
    if rng.random() < 0.15:
        return "plus trente-trois " + digits(value[1:], rng, (1, 2, 2, 2, 2))
    return digits(value, rng, (2, 2, 2, 2, 2))


def day(value: str, rng: Random) -> str:
    when = date.fromisoformat(value)
    first = "premier" if when.day == 1 else number(when.day, rng)
    year = when.year
    if 1900 < year < 2000 and rng.random() < 0.4:
        said = f"dix-neuf cent {number(year - 1900, rng)}"
    else:
        said = number(year, rng)
    month = _MONTHS[when.month - 1]
    if rng.random() < 0.12:
        return f"le {first} du {number(when.month, rng)} {said}"
    return f"{rng.choice(('le ', ''))}{first} {month} {said}"


def email(value: str, rng: Random) -> str:
    local, _, domain = value.partition("@")
    names = {".": "point", "-": "tiret", "_": rng.choice(("tiret du bas", "underscore"))}
    said = [names.get(part, part) for part in re.findall(r"[a-z]+|\d+|[._-]", local)]
    if rng.random() < 0.25:
        said = [" ".join(p) if p.isalpha() and p not in names.values() else p for p in said]
    said = [number(int(part), rng) if part.isdigit() else part for part in said]
    host = [names.get(part, part) for part in re.findall(r"[a-z]+|[.-]", domain)]
    return " ".join([*said, "arobase", *host])


def postcode(value: str, rng: Random) -> str:
    if value[0] != "0" and rng.random() < 0.6:
        return number(int(value), rng)
    return digits(value, rng, (2, 3))


def address(value: str, rng: Random) -> str:
    """The number and the postcode in words, the names as they are heard."""
    said = re.sub(r"\b\d{5}\b", lambda found: postcode(found.group(), rng), value)
    said = re.sub(r"\d+", lambda found: number(int(found.group()), rng), said)
    return said.replace(",", "")


def code(value: str, rng: Random) -> str:
    parts = re.findall(r"[A-Z]+|\d+", value)
    sizes = {5: (2, 3), 4: (4,) if value[:2] in ("19", "20") else (2, 2), 3: (3,), 2: (2,)}
    said = [
        letters(part, rng) if part.isalpha() else digits(part, rng, sizes.get(len(part), ()))
        for part in parts
    ]
    return " ".join(said)


def one_by_one(value: str, rng: Random) -> str:
    style = rng.choice(("plain", "named", "nato", "some"))
    return " ".join(
        number(int(char), rng) if char.isdigit() else letter(char, rng, style) for char in value
    )


def name(value: str, rng: Random) -> str:
    last = value.split()[-1]
    spelled = " ".join(last.lower()) if last.isascii() and last.isalpha() else ""
    return f"{value} {spelled}" if spelled and rng.random() < 0.4 else value


VOICES: dict[str, Callable[[str, Random], str]] = {
    "plate": plate,
    "phone": phone,
    "date": day,
    "birth_date": day,
    "email": email,
    "postcode": postcode,
    "address": address,
    "formule": code,
    "code5": one_by_one,
    "code_cession": one_by_one,
    "file_code": one_by_one,
    "name": name,
    "text": lambda value, rng: value,
}


def dictated(kind: str, value: str, rng: Random, slip: float = 0.05) -> str:
    """A value as somebody says it, sometimes with a slip that is put right."""
    said = VOICES[kind](value, rng)
    words = said.split()
    if kind in ("plate", "phone", "code5", "formule") and len(words) > 3 and rng.random() < slip:
        cut = rng.randrange(2, len(words))
        said = f"{' '.join(words[:cut])} non pardon {said}"
    return rng.choice(_LEADS) + said + rng.choice(_TAILS)


def recognised(said: str, rng: Random, noise: float = 0.03, dropped: float = 0.01) -> str:
    """A transcript: lower case, few marks; ``noise`` is the share of words misheard or hesitated
    on, ``dropped`` that of those lost."""
    text = re.sub(r"[.,;:!?«»()]", " ", said.lower().replace("’", "'"))
    if rng.random() < 0.6:
        text = re.sub(r"(?<=[a-zà-ÿ])-(?=[a-zà-ÿ])", " ", text)
    heard: list[str] = []
    for word in text.split():
        if rng.random() < dropped:
            continue
        chance = rng.random()
        if chance < noise and word in _HOMOPHONES:
            heard.append(_HOMOPHONES[word])
        elif chance > 1 - noise / 3:
            heard += ["euh", word]
        else:
            heard.append(word)
    return " ".join(heard) or said.lower()
