"""Random values and how people might dictate them, as a recogniser would write it.

Independent of the package under test: numbers are put in words by num2words, homophones and
spelling words are this file's own. Nothing here claims acoustic accuracy.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from num2words import num2words

LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"  # as on plates: no I, O, U
DEPARTMENTS = [f"{n:02d}" for n in range(1, 96) if n != 20] + ["2A", "2B", "971", "974", "976"]

_SAID = (
    "a,bé,cé,dé,e,effe,gé,hache,ji,ka,elle,emme,enne,pé,cu,erre,esse,té,vé,double vé,ixe,"
    "i grec,zède,i,o,u"
)
_NAMES = dict(zip(LETTERS + "IOU", _SAID.split(","), strict=True))
_POSTAL = (
    "Anatole Berthe Célestin Désiré Eugène François Gaston Henri Irma Joseph Kléber Louis Marcel "
    "Nicolas Oscar Pierre Quintal Raoul Suzanne Thérèse Ursule Victor William Xavier Yvonne Zoé"
)
_NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar "
    "papa quebec romeo sierra tango uniform victor whisky xavier yankee zulu"
)
_FREE = (
    "avion bateau citron dimanche école fraise gâteau hôpital image jardin képi lundi maman noël "
    "orange papa question radio soleil table usine vélo wagon xylophone yaourt zèbre"
)
_POSTAL_OF = {word[0].upper(): word.lower() for word in _POSTAL.split()}
_NATO_OF = {word[0].upper(): word for word in _NATO.split()}
_FREE_OF = {word[0].upper().replace("É", "E"): word for word in _FREE.split()}

HOMOPHONES: dict[str, Sequence[str]] = {
    "a": ("ah", "ha", "à"),
    "b": ("bé", "baie"),
    "c": ("ses", "ces", "sait"),
    "d": ("des", "dé"),
    "e": ("eux", "heu"),
    "g": ("j'ai", "geai"),
    "h": ("hache", "ash"),
    "j": ("j'y", "gît"),
    "k": ("cas", "ka"),
    "l": ("elle", "aile"),
    "m": ("aime", "emme"),
    "n": ("haine", "aine"),
    "p": ("paix", "pé"),
    "q": ("cul", "cu"),
    "r": ("air", "aire"),
    "s": ("esse", "ess"),
    "t": ("thé", "tes"),
    "v": ("vé", "vais"),
    "x": ("ixe", "ix"),
    "z": ("zed",),
    "cent": ("sans", "sang"),
    "vingt": ("vin", "vain"),
    "mille": ("mil",),
    "sept": ("cette", "cet"),
    "deux": ("deu",),
    "dix": ("dis",),
}


def spell_out(number: int, rng: random.Random) -> str:
    """``number`` in words, now and then as in Belgium or Switzerland."""
    lang = "fr" if rng.random() < 0.93 else rng.choice(("fr_BE", "fr_CH"))
    return str(num2words(number, lang=lang))


def digits(text: str, rng: random.Random, cuts: Sequence[Sequence[int]]) -> str:
    """A run of digits, one by one or cut in blocks (lengths), leading zeros said."""
    blocks = list(rng.choice(cuts))
    if sum(blocks) != len(text):
        blocks = [1] * len(text)
    said: list[str] = []
    at = 0
    for size in blocks:
        block = text[at : at + size]
        at += size
        bare = block.lstrip("0")
        zeros = len(block) - len(bare)
        if zeros > 1 and rng.random() < 0.25:
            counts = {2: ("double zéro", "deux fois zéro"), 3: ("triple zéro", "trois zéros")}
            said.append(rng.choice(counts.get(zeros, (" ".join(["zéro"] * zeros),))))
        else:
            said += ["zéro"] * zeros
        if bare:
            said.append(spell_out(int(bare), rng))
    return " ".join(said)


def letters(text: str, rng: random.Random, style: str | None = None) -> str:
    style = style or rng.choice(
        ("plain", "plain", "plain", "names", "postal", "nato", "like", "joined")
    )
    if style == "joined":
        return text.lower()
    said = []
    for char in text:
        if style == "names":
            said.append(_NAMES[char])
        elif style == "postal":
            said.append(_POSTAL_OF[char])
        elif style == "nato":
            said.append(_NATO_OF[char])
        elif style == "like":
            word = rng.choice((_POSTAL_OF[char], _FREE_OF[char]))
            said.append(f"{char.lower()} comme {word}")
        else:
            said.append(char.lower())
    return " ".join(said)


_THREE = ((3,), (3,), (3,), (1, 1, 1), (1, 2), (2, 1))
_FIVE = ((2, 3), (2, 3), (5,), (1, 1, 1, 1, 1), (2, 2, 1), (1, 2, 2))
_FOUR = ((4,), (2, 2), (2, 2), (1, 1, 1, 1))
_PAIRS = ((2, 2, 2, 2, 2),) * 5 + ((1,) * 10,)


def voice_plate(value: str, rng: random.Random) -> str:
    if value[0].isdigit():
        number, chars, place = value.split(" ")
        cuts = {1: ((1,),), 2: ((2,), (2,), (1, 1)), 3: _THREE, 4: _FOUR}[len(number)]
        said = [digits(number, rng, cuts), letters(chars, rng)]
        if place in ("2A", "2B"):
            said.append(f"deux {place[1].lower()}")
        elif place[0] == "0" and rng.random() < 0.2:
            said.append(f"département {spell_out(int(place), rng)}")
        else:
            said.append(digits(place, rng, ((len(place),), (len(place),), (1,) * len(place))))
        return " ".join(said)
    first, middle, last = value.split("-")
    style = rng.choice((None, "plain"))
    join = " tiret " if rng.random() < 0.1 else " "
    cuts = _THREE if len(middle) == 3 else ((2,), (1, 1))
    return join.join(
        (letters(first, rng, style), digits(middle, rng, cuts), letters(last, rng, style))
    )


def voice_formule(value: str, rng: random.Random) -> str:
    head, chars, tail = value[:-7], value[-7:-5], value[-5:]
    cuts = _FOUR if len(head) == 4 else ((2,), (1, 1))
    return " ".join((digits(head, rng, cuts), letters(chars, rng), digits(tail, rng, _FIVE)))


_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"


def voice_date(value: str, rng: random.Random) -> str:
    day = date.fromisoformat(value)
    months = _MONTHS.split()
    number = "premier" if day.day == 1 else spell_out(day.day, rng)
    month = months[day.month - 1]
    if rng.random() < 0.25:
        number = digits(f"{day.day:02d}", rng, ((2,), (1, 1)))
        month = digits(f"{day.month:02d}", rng, ((2,), (2,), (1, 1)))
    styles = [spell_out(day.year, rng), digits(str(day.year), rng, ((2, 2), (1, 1, 1, 1)))]
    if day.year < 2000:
        styles.append(f"dix-neuf cent {spell_out(day.year % 100, rng)}".replace(" zéro", ""))
    if day.year > 1940:
        styles.append(digits(f"{day.year % 100:02d}", rng, ((2,),)))
    lead = rng.choice(("", "", "le ", "c'était le ", "euh le "))
    return f"{lead}{number} {month} {rng.choice(styles)}"


def voice_phone(value: str, rng: random.Random) -> str:
    if value.startswith("+"):
        return "plus " + digits(value[1:], rng, ((2, 3, 2, 2, 2), (1,) * 11))
    return digits(value, rng, _PAIRS)


def voice_email(value: str, rng: random.Random) -> str:
    names = {".": "point", "-": "tiret", "_": "tiret du bas"}
    local, domain = value.split("@")
    said: list[str] = []
    word = ""
    spelled = rng.random() < 0.4
    for char in local + " ":
        if char.isalpha() and not spelled:
            word += char
            continue
        if word:
            said.append(word)
            word = ""
        if char.isdigit():
            said.append(str(num2words(int(char), lang="fr")))
        elif char != " ":
            said.append(names.get(char, char))
    at = rng.choice(("arobase", "arobase", "arrobas"))
    ending = domain.replace(".", " point ")
    if rng.random() < 0.3:
        ending = ending.replace(" fr", " f r")
    return f"{' '.join(said)} {at} {ending}"


def voice_cession(value: str, rng: random.Random) -> str:
    style = rng.choice(("plain", "postal", "nato", "like"))
    return " ".join(
        str(num2words(int(char), lang="fr")) if char.isdigit() else letters(char, rng, style)
        for char in value
    )


def voice(kind: str, value: str, rng: random.Random) -> str:
    """One way to dictate ``value``, clean."""
    if kind in ("code5", "postcode"):
        return digits(value, rng, _FIVE)
    return {
        "plate": voice_plate,
        "formule": voice_formule,
        "date": voice_date,
        "phone": voice_phone,
        "email": voice_email,
        "code_cession": voice_cession,
    }[kind](value, rng)


def noisy(kind: str, said: str, rng: random.Random) -> str:
    """What a recogniser may make of it: no hyphens, a homophone, a hesitation."""
    if rng.random() < 0.5:
        said = said.replace("-", " ")
    if kind in ("plate", "formule", "code5", "phone", "postcode") and rng.random() < 0.25:
        words = said.split(" ")
        spots = [
            at
            for at, word in enumerate(words)
            if word in HOMOPHONES
            and "comme" not in words[max(0, at - 1) : at + 2]
            and words[at - 1 if at else 0] != "double"
        ]
        if spots:
            at = rng.choice(spots)
            words[at] = rng.choice(HOMOPHONES[words[at]])
        said = " ".join(words)
    if rng.random() < 0.1:
        said = rng.choice(("euh ", "alors euh ", "alors c'est ", "oui c'est ")) + said
    return said


def _two(rng: random.Random) -> str:
    return "".join(rng.choices(LETTERS, k=2))


def random_value(kind: str, rng: random.Random) -> str:
    """A value in normal form, such as could really be given."""
    if kind == "plate":
        shape = rng.random()
        number = str(rng.randint(1, 9999) if shape >= 0.9 else rng.randint(1, 999))
        if shape < 0.7:
            first, last = _two(rng), _two(rng)
            if "SS" in (first, last):
                first, last = "AB", "CD"
            return f"{first}-{rng.randint(1, 999):03d}-{last}"
        if shape < 0.75:
            return f"WW-{rng.randint(1, 999):03d}-{_two(rng).replace('SS', 'ST')}"
        chars = "".join(rng.choices(LETTERS, k=rng.choice((1, 2, 2, 2, 3))))
        return f"{number} {chars} {rng.choice(DEPARTMENTS)}"
    if kind == "formule":
        head = str(rng.randint(2009, 2026))
        if rng.random() < 0.1:
            head = head[2:]
        return head + "".join(rng.choices(LETTERS, k=2)) + f"{rng.randint(0, 99999):05d}"
    if kind == "code5":
        return f"{rng.randint(0, 99999):05d}"
    if kind == "code_cession":
        return "".join(rng.choices("0123456789ABCDEFGHJKLMNPQRSTVWXYZ", k=5))
    if kind == "postcode":
        office = rng.choice((0, 100, 200, 300, 450, rng.randint(0, 999)))
        return f"{rng.randint(1, 95):02d}{office:03d}"
    if kind == "phone":
        if rng.random() < 0.03:
            return f"+324{rng.randint(70, 99)}{rng.randint(0, 999999):06d}"
        head = rng.choice(("06", "06", "07", "01", "02", "03", "04", "05", "09"))
        tail = rng.randint(0, 99_999_999)
        return f"{head}{tail:08d}"
    if kind == "date":
        return (date(1950, 1, 1) + timedelta(days=rng.randint(0, 27_800))).isoformat()
    if kind == "email":
        people = "jean paul claire sophie julie bernard robert lucas hugo emma dubois leroy petit"
        words = rng.sample(people.split(), 2)
        local = rng.choice((".", "-", "_", ".")).join(words)
        if rng.random() < 0.4:
            local += str(rng.randint(0, 999))
        domains = ("gmail.com", "orange.fr", "free.fr", "laposte.net", "hotmail.com", "sfr.fr")
        return f"{local}@{rng.choice(domains)}"
    raise ValueError(kind)


KINDS = ("plate", "formule", "code5", "code_cession", "postcode", "phone", "date", "email")
