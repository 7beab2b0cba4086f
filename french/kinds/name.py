"""Names of people and of firms."""

import re

from rapidfuzz import fuzz

from french.commands import command
from french.kinds import date
from french.kinds.base import Kind, Spot
from french.lexicon import alphabet_said
from french.names import FIRM_FORMS, FIRM_WORDS, PARTICLES, capitals, is_firm, spell, written
from french.plain import any_of, flat, fold, phrase_list, plain, word_list
from french.questions import is_question
from french.reading import Context, Reading, listed, refused, sure, unsure
from french.spelling import spelled_so

UNREAD = "Je n’ai pas reconnu de nom. Donnez le prénom puis le nom, en lettres."
OWN = "Il me faut le nom en toutes lettres, même si c’est le vôtre."
MOST_CHARS, MOST_WORDS = 80, 8

_OF_SENTENCES = word_list("sentences", "sentences")
_UNNAMED = word_list("sentences", "unnamed")
_EMPTY = PARTICLES | {"le", "la", "les", "l", "m", "mme"} | word_list("sentences", "functions")
_MYSELF = frozenset(phrase_list("sentences", "myself"))
_KIN = any_of("sentences", "kin")
_TITLES = any_of("sentences", "title")
_WHOSE = r"(?:mon|ma|mes|son|sa|ses|notre|votre|leur|l'|le|la|un|une|d'un|d'une|du|de la|de l')"
# « sa tante et tutrice », « le père de l'élève », « mon associé ».
_ROLE = (
    rf"{_WHOSE}\s*(?:futur|future|nouveau|nouvel|nouvelle|ancien|ancienne)?\s*{_KIN}s?"
    rf"(?:\s+legale?)?(?:\s*(?:et|,|/|ou|de|du)\s*{_WHOSE}?\s*{_KIN}s?(?:\s+legale?)?)*"
)
_OF_WHICH = r"(?: de famille| d'usage| de naissance| de jeune fille| d'epouse)?"
_HESITATIONS = re.compile(r"(?<![\w'-])(?:euh|heu|hum)(?![\w'-])[\s,.…]*", re.I)
# What introduces a name, wherever it stands; all on letters without accents.
_INTRODUCED = re.compile(
    rf"\b(?:(?:qui |il |elle |on )?(?:s'|se )?(?:m')?(?:appelle|nomme)(?: donc)?"
    rf"|au nom d(?:e |')(?:{_ROLE}[\s,:]+)?"
    rf"|(?:nom|prenom|identite)s?(?: complets?)?{_OF_WHICH}"
    rf"(?: et (?:mon |son |le )?(?:nom|prenom)s?)?"
    rf"(?: d(?:e |u )?{_ROLE})?(?: est| c'est| :|:|,)"
    rf"|(?:c'est|c'etait|pour|a|par|il s'agit de)\s+(?:donc )?{_ROLE}"
    rf"(?:\s*(?:,|:|c'est|il s'appelle))?"
    rf"|{_ROLE}(?:\s*(?:est|c'est|:|,|sera))?)\s+(?=\S)"
)
_LEADS = re.compile(
    r"^\W*(?:(?:(?:euh|heu|alors|bonjour|oui|donc|eh bien|voila|et|mais|pour)\b"
    r"|(?:ben|bah)\b(?=\s*(?:,|c'|oui|non|euh|je|il|elle|mon|ma|voila))"
    r"|(?:ah |mais )?non\b(?=[\s,])|pardon\b|c'est\b|ce sera\b|il s'agit d(?:e\b|')|je suis\b"
    r"|(?:je m'|il s'|elle s'|s'|m')(?:appelle)\b|je me nomme\b|au nom d(?:e\b|')"
    r"|(?:mon|son|le|notre|votre)\s+(?:nom|prenom)(?: complet)?" + _OF_WHICH + r""
    r"(?:\s+et (?:mon |son |le )?(?:nom|prenom))?(?: est\b| c'est\b|,|:)?"
    r"|(?:nom|prenom)s?\b(?: et (?:nom|prenom)s?\b)?(?: est\b| c'est\b)?"
    r"|je soussignee?\b|je (?:crois|pense) qu(?:e\b|')|une? (?=monsieur\b|madame\b|dame\b)"
    r"|une? certaine?\b|ok\b|merci\b|ecrivez\b|notez\b|mettez\b|(?:ca|cela|il|elle|qui) s'ecrit\b"
    r"|le (?=garage|cabinet|groupe|restaurant)|la (?=societe|sarl|sci|mairie|commune))"
    r"[\s:,.]*)+"
)
_TITLE = re.compile(rf"^\W*{_TITLES}\s+(?:et\s+{_TITLES}\s+)?(?=\S)")
_ANNOUNCED = re.compile(
    r"(?<![\w'-])(?:,?\s*(?:et )?(?:(?:ca|cela|qui|il|elle|le nom) s'ecrit|"
    r"je (?:(?:vous )?l'|vous )?epelle|j'epelle|epele))(?![\w'-])[\s:,]*"
)
# What goes on after a name.
_TRAILS = re.compile(
    r"(?:[\s,.!;]+(?:merci|voila|s'il (?:vous|te) plait|svp|c'est (?:ca|tout)|madame|monsieur)\b)*"
    r"[\s,.!;]*$"
)
_GOES_ON = re.compile(
    rf"(?:[\s,;.(]+(?:nee?s? (?:le|en|a|au)\b"
    rf"|(?:et |qui |mais )?(?:(?:il|elle|je|on|nous|ils|elles)\b|j')"
    rf"|(?:et )?(?:habite|demeur|resid|domicili|vit|vivant|situe)\w*|(?:et )?son adresse"
    rf"|\d{{1,4}}\s*(?:bis|ter)?,?\s+(?:rue|av|bd|r\.|place|chemin|impasse|allee|route)"
    rf"|(?:et )?qui\b|(?:et )?c'est (?:{_WHOSE})|mon adresse|le \d|depuis\b|hier\b|tel\b|au 0\d)"
    rf"|,\s*{_ROLE}\b|[\s,(]+{_ROLE}\s*\)?$).*$",
    re.S,
)
# « nom : Roux, prénom : Paul »
_PART = (
    r"(?:mon |son |le )?(?P<{0}>nom|prenom)\s*:?\s*(?:c'est |est )?"
    r"(?P<{1}>[^\W\d_][^:,;\d]{{0,40}}?)"
)
_BOTH = re.compile(rf"\W*{_PART.format('one', 'a')}[\s,;/-]+(?:et )?{_PART.format('two', 'b')}\W*$")
_ALLOWED = re.compile(r"[^\W\d_]+(?:['. -]+[^\W\d_]+)*\.?", re.UNICODE)
_FIRM_ALLOWED = re.compile(r"[^\W_](?:[^\W_]|['&+./() !-])*", re.UNICODE)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:['’-][^\W\d_]+)*"
_CAPITALS = re.compile(
    rf"{_CAPITAL}(?:\s+(?:(?:de|du|des|la|le|van|ben|d['’])\s*)*{_CAPITAL})+", re.UNICODE
)
_TURNED = re.compile(rf"\W*({_CAPITAL}),\s*({_CAPITAL})(?![\w'’-])")
_EMAIL = re.compile(r"@|\barobase\b|https?:|www\.")


def _read(text: str, at: Context) -> Reading:
    if is_question(text) or _EMAIL.search(text):
        return refused(UNREAD)
    told, instructed, doubted = spelled_so(_meant(text))
    if plain(told) in _MYSELF:
        return refused(OWN)
    if not told or command(told) is not None:
        return refused(UNREAD)
    whole, spelled = written(told)
    problem = _not_a_name(whole, text, at)
    if problem:
        named = _in_capitals(text)
        return (
            unsure(named, f"J’ai noté « {named} ». Est-ce bien cela ?")
            if named
            else refused(problem)
        )
    either = re.split(r"(?i)\s+ou(?: bien)?\s+", whole)
    if len(either) > 1 and not is_firm(whole):
        given = [capitals(name) for name in either]
        return unsure(given[0], f"J’ai noté {listed(given)}. Lequel est le bon ?", given[1:])
    value = capitals(" ".join(whole.split()))
    named = _in_capitals(text)
    if (
        value != named
        and named
        and f"{named}, " in text
        and value.startswith(named)
        and not is_firm(value)
    ):
        return unsure(named, f"J’ai noté « {named} ». Est-ce bien cela ?")
    if instructed is not None:
        value = capitals(instructed(value))
    return _weighed(value, at, spelled, doubted)


def _in_capitals(text: str) -> str:
    """The one name that a sentence writes in capitals: « nous parlons de Romain Guillot »."""
    runs = [told[_end_of(_TITLE, told) :].strip() for told in _CAPITALS.findall(text)]
    names = [run for run in runs if len(run.split()) > 1]
    turned = _TURNED.match(text)
    if turned and not names:  # « Masson, Benoît »
        names = [f"{turned[2]} {turned[1]}"]
    return names[0] if len(names) == 1 and not text.isupper() else ""


def _weighed(value: str, at: Context, spelled: bool, doubted: bool) -> Reading:
    if doubted:
        return unsure(value, f"J’ai noté « {value} ». Est-ce la bonne orthographe ?")
    if " et " in value and not is_firm(value):
        return unsure(value, f"J’ai noté plusieurs personnes : {value}. Est-ce bien cela ?")
    single = len(value.split()) == 1 or any(len(word.strip(".")) == 1 for word in value.split())
    if single and not is_firm(value):
        return unsure(value, f"J’ai noté seulement « {value} ». Est-ce bien le nom complet ?")
    if any(char.isdigit() for char in value) and not is_firm(value):
        return unsure(value, f"J’ai noté « {value} », avec des chiffres. Est-ce bien cela ?")
    if at.spoken and (not spelled or " " in value):
        return unsure(value, f"J’ai écrit {value}. Est-ce la bonne orthographe ?")
    return sure(value)


def _meant(text: str) -> str:
    """The part of a sentence that should be a name: what follows « s'appelle », « ma sœur »…"""
    told = _signs(_HESITATIONS.sub("", text[:300]))
    told = _cut(told, _ANNOUNCED, " ")
    both = _BOTH.match(flat(told))
    if both and both["one"] != both["two"]:
        first, second = told[slice(*both.span("a"))], told[slice(*both.span("b"))]
        return f"{first} {second}" if both["one"] == "prenom" else f"{second} {first}"
    introduced = None
    for introduced in _INTRODUCED.finditer(flat(told)):
        if _follows_a_name(told[introduced.end() :]):
            break
        introduced = None
    if introduced is not None:
        told = told[introduced.end() :]
    for _ in range(2):
        told = told[_end_of(_LEADS, told) :]
        told = told[_end_of(_TITLE, told) :]
    goes_on = _GOES_ON.search(flat(told))
    if goes_on and goes_on.start() > 1:
        told = told[: goes_on.start()]
    trail = _TRAILS.search(flat(told))
    return " ".join((told[: trail.start()] if trail else told).split())


def _follows_a_name(rest: str) -> bool:
    first = plain(rest).split()[:1]
    return bool(first) and first[0] not in _OF_SENTENCES - PARTICLES - {"c", "est", "m"}


def _end_of(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(flat(text))
    return match.end() if match and match.end() < len(text) else 0


def _cut(text: str, pattern: re.Pattern[str], put: str) -> str:
    for match in reversed(list(pattern.finditer(flat(text)))):
        text = text[: match.start()] + put + text[match.end() :]
    return text


def _signs(text: str) -> str:
    """« jean tiret marie », « o apostrophe connor », as they are written."""
    text = re.sub(r"(?<=\w) +- +(?=\w)", "-", text)
    text = re.sub(r"(?i)(?<=\w{2})\s+(?:tiret|trait d'union)\s+(?=\w{2})", "-", text)
    return re.sub(r"(?i)(?<=\w)\s+apostrophe\s+(?=\w{2})", "'", text)


def _not_a_name(whole: str, text: str, at: Context) -> str:
    """Why a text is no name ("" when it may be one)."""
    firm = is_firm(whole)
    if any(char.isdigit() for char in whole) and not (firm or _numbered(whole)):
        return "Un nom ne contient pas de chiffres. Pouvez-vous le redonner ?"
    if re.search(r"\b\d{5}\b|\d(?:\s?\d){8}", whole):
        return UNREAD
    if not (_FIRM_ALLOWED if firm or _numbered(whole) else _ALLOWED).fullmatch(whole):
        return UNREAD
    long = len(whole) > MOST_CHARS or len(whole.split()) > MOST_WORDS
    if len(whole) < 2 or long or not any(char.isalpha() for char in whole):
        return UNREAD
    words = plain(whole).split()
    capital = _capitalised(whole)
    if words[0] in _UNNAMED and not capital:
        return UNREAD
    allowed = PARTICLES | FIRM_WORDS | FIRM_FORMS | {"m"} if firm else PARTICLES | {"m"}
    said = [word for word in words if word in _OF_SENTENCES and word not in allowed]
    if said and not (capital and len(said) == 1 and len(words) > 1) and not _joined(whole, said):
        return UNREAD
    if _only_empty(words, whole) or _is_a_date(text, at):
        return UNREAD
    return ""


def _joined(whole: str, said: list[str]) -> bool:
    """« Le Floc'h », « Auto'Passion »: short words that an apostrophe ties to a name."""
    tied = {fold(part) for word in whole.split() if "'" in word for part in word.split("'")}
    return set(said) <= tied and len(whole.split()) > 1 and not fold(whole).startswith(("c'", "j'"))


def _only_empty(words: list[str], whole: str) -> bool:
    return all(word in _EMPTY for word in words) and not _capitalised(whole)


def _is_a_date(text: str, at: Context) -> bool:
    """Whether a text is a date and no more (« samedi dernier »)."""
    said = text.strip(" .,;!")
    whole = any(end - start >= len(said) for _, start, end in date.find(said, at.today))
    return whole or bool(
        re.fullmatch(
            r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)( dernier| prochain)?",
            plain(text),
        )
    )


def _numbered(whole: str) -> bool:
    """« Pneus 31 », « Studio 54 »: a capital, and a short number last."""
    return re.fullmatch(r"[A-ZÀ-Ý][^\W\d_]{2,}(?: [^\W\d_]+)* \d{1,4}", whole) is not None


def _capitalised(text: str, shortest: int = 1) -> bool:
    """Whether every word of this many letters begins as names do."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) >= shortest]
    told = [word for word in words if fold(word) not in PARTICLES | {"la", "le", "les", "et", "h"}]
    return bool(told) and all(word[0].isupper() for word in told)


# -- in a longer message ----------------------------------------------------------------------

_FULL = re.compile(
    r"(?:(?:[^\W\d_]|')+\.?(?:-(?:[^\W\d_]|')+)*)(?: (?:[^\W\d_]|')+(?:-(?:[^\W\d_]|')+)*){1,5}"
)
_STRONG = re.compile(
    rf"\b(?:(?:s'|m'|se |me )(?:appelle|nomme)|au nom d(?:e |')(?!{_WHOSE}\b)|nommee? "
    rf"|(?:nom|prenom)s?(?: complets?| et prenoms?| et noms?)?(?: d(?:e |u ){_ROLE})?"
    rf"(?: est| c'est| ?:)"
    rf"|(?:c'est|pour|a) {_ROLE}[ ,:]|{_ROLE} (?:est|c'est|:|,))\s*:?\s*(?:{_TITLES}\s+)?(?=\S)"
)


def find(text: str, at: Context) -> list[Spot]:
    """Full names, only where they are introduced: « l'acheteur s'appelle … », « au nom de … »."""
    found: list[Spot] = []
    for match in _STRONG.finditer(flat(text)):
        name = _FULL.match(text, match.end())
        if name is None:
            continue
        end = match.end() + len(_name_alone(name.group()))
        told = text[match.end() : end]
        if len(told.split()) < 2 or any(start < end and match.end() < e for _, start, e in found):
            continue
        reading = _read(told, Context(at.today))
        if reading.value is not None and reading.doubt is None:
            found.append((reading.value, match.end(), end))
    return found


def _name_alone(words: str) -> str:
    """The first words of a text that are a name's: up to a word of a sentence."""
    kept: list[str] = []
    told = words.split(" ")
    mixed = told[0][:1].isupper()
    for word in told:
        low = fold(word)
        small = low in PARTICLES | {"le", "la", "les"}
        if low in _OF_SENTENCES - PARTICLES or re.match(r"(?:j|c|qu|n|s)'", low):
            break
        if low in (
            "et",
            "a",
            "au",
            "habite",
            "habitant",
            "demeurant",
            "nee",
            "ne",
            "pour",
            "domicilie",
        ):
            break
        if mixed and word[:1].islower() and not small and not low.startswith("d'"):
            break
        kept.append(word)
    while kept and fold(kept[-1]) in PARTICLES | {"le", "la", "les", "et"}:
        kept.pop()
    return " ".join(kept)


def _amend(value: str, text: str) -> str | None:
    """« avec un z », « d u p o n d », « Dupond »: the word of the name that is most like it."""
    same, instructed, _ = spelled_so(f"{value} {text}")
    if instructed is not None and plain(same) == plain(value):
        return capitals(instructed(value))
    told, spelled = written(_meant(text))
    if not told or len(told.split()) > 1 or not _ALLOWED.fullmatch(told):
        return None
    words = value.split()
    scored = sorted((_like(word, told), at) for at, word in enumerate(words))
    score, place = scored[-1]
    if score < (50 if spelled else 65) or words[place] == capitals(told):
        return None
    words[place] = capitals(told)
    return " ".join(words)


def _like(one: str, other: str) -> float:
    return fuzz.ratio(fold(one), fold(other))


KIND = Kind(
    name="name",
    reads=_read,
    finds=find,
    spells=spell,
    amends=_amend,
    free=True,
    dictated=True,
    spelled=True,
    called=("nom", "noms", "prénom", "prénoms", "identité"),
    hints=(*alphabet_said(), "tiret", "apostrophe", "double", "comme", "accent aigu"),
    example="Julie Petit",
    asked_again="Quel est le bon nom ?",
)
