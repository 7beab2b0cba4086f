"""Telling a name, a few words or a code from a remark, where any text could be the answer."""

import re

from bot.actions.phrases import Phrases, bare

_SAID = Phrases(__file__)
_OF_SENTENCES = _SAID.words("sentences")

_KIN = _SAID.any("kin")
_WHOSE = "mon|ma|son|sa|notre|votre|leur|l['’]|le|la"
# What introduces a name: « l'acheteur s'appelle … », « c'est ma sœur … ».
_INTRODUCED = re.compile(
    r"^.{0,60}?\b(?:s['’ ]?appelle|se nomme"
    r"|(?:nom|pr[ée]nom)s?(?: complets?)?(?: est| c['’]est| :|:)"
    rf"|(?:c['’ ]?est|pour|à|a) (?:{_WHOSE}|un|une) ?{_KIN}(?:,| :)?"
    rf"|(?:{_WHOSE}) ?{_KIN}(?: est| c['’]est| :|:|,)?)\s+(?=\S)",
    re.I,
)
# … or follows it: « … l'acheteur ».
_TOLD_AFTER = re.compile(rf"[\s,]+(?:{_WHOSE}) ?{_KIN}\s*$", re.I)
# … or tells how it is spelled: « … avec un t ».
_SPELLED_SO = re.compile(
    r"[\s,(]+(?:avec|sans|ça prend|ca prend) (?:une?|deux|2|1) [\"«' ]*[a-zà-ÿ][\"»' ]*"
    r"(?: (?:à|a) la fin| au (?:début|milieu))?[\s).]*$",
    re.I,
)
_NOT_THIS = re.compile(r"^\s*(?:mais )?non[\s,]+(?:c['’ ]?est\s+|pardon[\s,]+)?(?=\S)", re.I)
_TITLE = re.compile(rf"^\s*{_SAID.any('title')}\s+(?=\S)", re.I)
_BORN = re.compile(r"[\s,]+n[ée]+e?s? (?:le|en|à|au)\b.*$", re.I)
_MYSELF = re.compile(rf"(c est |ben |pour )?{_SAID.any('myself')}")
_UNNAMED = re.compile(rf"(c est )?{_SAID.any('unnamed')} ")
_BEFORE_NAME = re.compile(rf"^(?:{_SAID.any('before_name')} )+")
_BEFORE_CODE = re.compile(rf"^\W*(?:{_SAID.any('before_code')}\b[\s:]*)+", re.I)
_CODE = re.compile(r"[A-Z0-9](?:[ .-]?[A-Z0-9]){3,39}")
# … and one that stands in a sentence has both letters and figures.
_CODE_INSIDE = re.compile(r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{6,24}\b")
_EMPTY = re.compile(rf"{_SAID.any('empty')} ?(oui|non|ok|merci)?")
_CATEGORY = re.compile(r"[abcdm]")  # a licence's category is a single letter
_ADDRESS = re.compile(
    rf"\b\d{{1,4}} ?(?:bis|ter|quater|[a-d]\b)?,? ?{_SAID.any('ways')}\b"
    r"[^;:!?\n]{2,60}?\b\d{2} ?\d{3}(?: [a-zà-ÿœ'’-]+){1,4}",
    re.I,
)
_AFTER_CITY = re.compile(rf"\s{_SAID.any('after_city')}\b.*$", re.I)

UNREAD_NAME = "Je n'ai pas reconnu de nom. Donnez le prénom puis le nom, en lettres."
UNREAD_WORDS = "Je n'ai pas reconnu de réponse. Répondez avec quelques mots."
UNREAD_CODE = "Je n'ai pas reconnu de code. Recopiez ses lettres et ses chiffres."


def who_is_meant(text: str) -> str:
    """The part of a sentence that should be a name: what follows « s'appelle », « ma sœur »…"""
    text = _TITLE.sub("", _TOLD_AFTER.sub("", _NOT_THIS.sub("", _SPELLED_SO.sub("", text))))
    for _ in range(2):  # « l'acheteur, c'est ma sœur … »
        text = _INTRODUCED.sub("", text, count=1).strip() or text
    return _BORN.sub("", _TITLE.sub("", text))


def written_address(text: str) -> re.Match[str] | None:
    """An address that is written out in a longer text, up to its city."""
    found = _ADDRESS.search(text)
    if found is None:
        return None
    end = found.start() + len(_AFTER_CITY.sub("", found.group()))
    return _ADDRESS.search(text[:end]) or found


def address_said(text: str) -> str:
    """The address of a sentence (« je vis maintenant au … »), else the text as it is."""
    found = written_address(text)
    before = set(bare(text[: found.start()]).split()) if found else set()
    return found.group() if found and before & _OF_SENTENCES else text


def names_nobody(text: str) -> bool:
    """« c'est moi »: who is meant is said, but not the name."""
    return _MYSELF.fullmatch(bare(text)) is not None


def not_a_name(text: str) -> str:
    """Why a text is no name ("" when it may be one)."""
    plain = bare(text)
    if names_nobody(text):
        return "Il me faut le nom en toutes lettres, même si c'est le vôtre."
    if _UNNAMED.match(plain) and not capitalised(text):
        return UNREAD_NAME
    said = [word for word in _BEFORE_NAME.sub("", plain).split() if word in _OF_SENTENCES]
    return (
        UNREAD_NAME
        if said and not (capitalised(text) and len(said) == 1 and plain != said[0])
        else ""
    )


def capitalised(text: str, shortest: int = 1) -> bool:
    """Whether every word of this many letters begins as names do (« Noël de La Tour »: 3)."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) >= shortest]
    return bool(words) and all(word[0].isupper() for word in words)


def not_words(text: str) -> str:
    """Why a text says nothing ("" when it may say something)."""
    plain = bare(text)
    empty = not plain or _EMPTY.fullmatch(plain)
    return UNREAD_WORDS if empty and not _CATEGORY.fullmatch(plain) else ""


def not_a_code(text: str) -> tuple[str, str]:
    """The code that a text gives, or why it gives none."""
    told = _BEFORE_CODE.sub("", text).strip(" .,;:!?").upper()
    words = told.split()
    sentence = len(words) > 1 and any(len(w) > 3 and w.isalpha() for w in words)
    if not _CODE.fullmatch(told) or sentence or bare(told) in _OF_SENTENCES:
        inside = _CODE_INSIDE.findall(text.upper())
        return (inside[0], "") if len(inside) == 1 else ("", UNREAD_CODE)
    return re.sub(r"[ .-]", "", told), ""
