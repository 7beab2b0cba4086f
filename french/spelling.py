"""« Martinez avec un z », « Dupont avec un d à la fin », « Thierry avec deux r »."""

import re
from collections.abc import Callable

from french.lexicon import letters
from french.plain import flat, fold

_TOLD = re.compile(
    r"[\s,(]+(?:qui s'ecrit |ca s'ecrit |ca prend |ecrit )?(?P<how>avec|sans|ca prend|prend)\s+"
    r"(?P<count>une? seule?|une?|deux|2|1)?\s*[\"«' ]*(?P<letter>[a-z]{1,4})[\"»' ]*"
    r"(?P<end>\s+(?:a la fin|final|en dernier))?(?:\s+au (?:debut|milieu))?[\s).]*$"
)
# Letters that take one another's place without being heard.
_TWINS = ("sz", "td", "iy", "ck", "kq", "ckq", "fp", "gj", "oa", "ea", "ei", "vw", "mn", "xs", "sc")
_SILENT = "stdxze"


def spelled_so(text: str) -> tuple[str, Callable[[str], str] | None, bool]:
    """The text without what it says of its spelling; how that changes it; whether to doubt it."""
    match = _TOLD.search(flat(text))
    if match is None:
        return text, None, False
    letter = _letter(match["letter"])
    told = text[: match.start()].strip(" ,")
    if not letter or not told:
        return text, None, False
    if match["how"] == "sans":
        return told, lambda name: _without(name, letter), True
    twice = match["count"] in ("deux", "2")
    once = (match["count"] or "").endswith(("seul", "seule"))
    last = bool(match["end"])
    return (
        told,
        lambda name: _with(name, letter, twice, once, last),
        not _has(told, letter, twice, once, last),
    )


def _letter(word: str) -> str:
    if len(word) == 1:
        return word
    sounds = [sound for sound in letters().get(word, ()) if sound.cost < 1]
    return sounds[0].text.lower() if sounds else ""


def _has(name: str, letter: str, twice: bool, once: bool, last: bool) -> bool:
    low = fold(name).split(" ")[-1] if last else fold(name)
    if last:
        return low.endswith(letter)
    if twice:
        return letter * 2 in low
    return letter in low and not (once and letter * 2 in low)


def _with(name: str, letter: str, twice: bool, once: bool, last: bool) -> str:
    """The name with a letter that was not heard in it."""
    if _has(name, letter, twice, once, last):
        return name
    low = fold(name)
    if once:
        return re.sub(f"(?i){letter}{letter}", letter, name)
    if twice:
        at = low.rfind(letter)
        return name[: at + 1] + letter + name[at + 1 :] if at >= 0 else name
    twins = {one for pair in _TWINS if letter in pair for one in pair} - {letter}
    if low[-1:] in twins:
        return name[:-1] + letter
    places = [at for at, char in enumerate(low) if char in twins]
    if places and not last:
        return name[: places[-1]] + letter + name[places[-1] + 1 :]
    return name + letter if letter in _SILENT else name


def _without(name: str, letter: str) -> str:
    return name[:-1] if fold(name).endswith(letter) else name
