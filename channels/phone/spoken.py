"""What a caller hears of the guide's messages: short sentences, a few at a time.

A message's text comes first, then its steps or items three at a time, its source in a few words,
and one question at the very end. What does not fit in one go waits for « suite ».
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.book import heard_instead
from french.numerals import words
from french.phrasing import count, sentences
from french.plain import fold
from french.verbal import ordinal, verbal

AT_A_TIME = 3
MOST_CHOICES = 4  # what a caller can keep in mind
MOST_WORDS = 75  # about half a minute
_ALREADY_SAID = 0.7  # the part of an item's words that the text must hold
_LIGHT = 4  # words under this length say little

MORE = "Dites suite pour continuer."
MENU = "Dites votre choix, ou tapez son numéro."
_RANKS = "un deux trois quatre cinq six sept huit neuf".split()

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice as a caller takes it: its key on the keypad, what it is called, its value."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """``now``: the sentences to say; ``rest``: those kept for « suite », page by page.

    ``options``: what the keypad's keys choose; they keep their keys from page to page.
    """

    now: list[str]
    rest: list[list[str]]
    options: tuple[Option, ...] = ()

    @property
    def whole(self) -> list[str]:
        """Everything at once (« la liste complète »)."""
        return [line for page in (self.now, *self.rest) for line in page if line != MORE]


def utterances(messages: Sequence[Message]) -> Spoken:
    """What is said of a turn's messages; only the last one ends with a question."""
    bot = [message for message in messages if message.get("text") or message.get("card")]
    if not bot:
        return Spoken([], [])
    *before, last = bot
    opening: list[str] = []
    later: list[list[str]] = []
    for message in before:
        first, *others = _pages(_content(message))
        opening += [*first, *_source(message)]
        later += others
    return _asked(last, opening, later)


def _asked(message: Message, opening: list[str], later: list[list[str]]) -> Spoken:
    """The last message, with its choices; ``opening`` was said before it."""
    options = _options(message)
    pages = _pages(_content(message))
    # The source of an answer is said with its beginning, whatever waits for « suite ».
    pages[0] = [*opening, *pages[0], *_source(message)]
    menus = _menus(message, options, " ".join(line for page in pages for line in page))
    if menus:
        pages[-1] = [*pages[-1], MENU, *menus[0]]
        pages += menus[1:]
    for page in pages[:-1]:
        page.append(MORE)
    for page in later[:-1]:
        page.append(MORE)
    return Spoken(pages[0], [*pages[1:], *later], options)


class _Group(list[str]):
    """The lines of a few entries of a list, said together."""


# -- what a message says ---------------------------------------------------------------------


def _content(message: Message) -> list[list[str]]:
    """Blocks of sentences: one block is never cut."""
    card = message.get("card") or {}
    if card.get("kind") == "recap":
        return _recap(card)
    text = sentences(verbal(_for_the_ear(message.get("text") or "")))
    said = " ".join(text)
    blocks = [[sentence] for sentence in text]
    if card.get("kind") != "answer":
        return blocks
    steps = [
        [f"{_feminine(rank)} étape.", *_titled(step["title"], step.get("text", ""))]
        for rank, step in enumerate(card.get("steps", []), 1)
    ]
    items = [
        _titled(item["label"], item.get("note", ""))
        for item in card.get("items", [])
        if not _holds(said, item["label"])
    ]
    notes = [sentences(verbal(note)) for note in card.get("notes", []) if not _holds(said, note)]
    return [*blocks, *_grouped(steps), *_grouped(items), *notes]


def _for_the_ear(text: str) -> str:
    """A text without what only makes sense on a screen."""
    for written, heard in heard_instead():
        text = text.replace(written, heard)
    return text


def _feminine(rank: int) -> str:
    return "Première" if rank == 1 else ordinal(rank).capitalize()


def _grouped(entries: list[list[str]]) -> list[list[str]]:
    """Entries three by three, each group whole; a last one alone goes with those before it."""
    ends = [*range(AT_A_TIME, len(entries), AT_A_TIME), len(entries)]
    if len(ends) > 1 and ends[-1] - ends[-2] == 1:
        ends.pop(-2)
    starts = [0, *ends]
    return [
        _Group(line for entry in entries[start:end] for line in entry)
        for start, end in zip(starts, ends, strict=False)
        if start < end
    ]


def _titled(title: str, text: str) -> list[str]:
    return [*sentences(verbal(title)), *sentences(verbal(text))]


def _recap(card: dict[str, Any]) -> list[list[str]]:
    """What leads to it, the answers three at a time, then the question."""
    lead = card.get("lead") or ""
    fields = [sentences(verbal(f"{field['label']} : {field['value']}")) for field in card["fields"]]
    opening = sentences(verbal(f"{lead} Voici votre récapitulatif.".strip()))
    return [opening, *_grouped(fields), ["Tout est-il exact ?"]]


def _pages(blocks: list[list[str]]) -> list[list[str]]:
    """Blocks put together in pages of about half a minute, with one part of a list in each."""
    pages: list[list[str]] = [[]]
    listed = False
    for block in blocks:
        long = sum(map(count, pages[-1])) + sum(map(count, block)) > MOST_WORDS
        if pages[-1] and (long or (listed and isinstance(block, _Group))):
            pages.append([])
            listed = False
        pages[-1] += block
        listed = listed or isinstance(block, _Group)
    return pages


def _holds(said: str, label: str) -> bool:
    """Whether what was said already tells a label."""
    telling = {word for word in re.findall(r"\w+", fold(verbal(label))) if len(word) >= _LIGHT}
    heard = set(re.findall(r"\w+", fold(said)))
    return bool(telling) and len(telling & heard) / len(telling) >= _ALREADY_SAID


def _source(message: Message) -> list[str]:
    """« D'après le guide … »: one document by its title, the others by their number."""
    card = message.get("card") or {}
    if card.get("kind") != "answer":
        return []
    titles = list(dict.fromkeys(source["title"] for source in card.get("sources", [])))
    if not titles:
        return []
    name = titles[0].split(" : ")[0].split(" :")[0]
    others = len(titles) - 1
    also = ""
    if others == 1:
        also = ", et un autre document"
    elif others:
        also = f", et {words(others)} autres documents"
    return sentences(verbal(f"D'après le guide, {name}{also}."))


# -- choices -------------------------------------------------------------------------------


def _options(message: Message) -> tuple[Option, ...]:
    """The choices that have a key."""
    choices = (message.get("card") or {}).get("choices") or []
    return tuple(
        Option(str(rank), choice["label"], choice["value"])
        for rank, choice in enumerate(choices[: len(_RANKS)], 1)
    )


def _menus(message: Message, options: Sequence[Option], said: str) -> list[list[str]]:
    """The choices as spoken menus, at most four at a time; none where the question tells them."""
    kind = (message.get("card") or {}).get("kind")
    if not options or kind in ("recap", "dossier") or _closed_question(options):
        return []
    if kind == "question" and len(options) == 2 and all(_holds(said, o.label) for o in options):
        return []
    if len(options) <= MOST_CHOICES:
        return [[_entry(option) for option in options]]
    return [
        [_entry(option) for option in options[at : at + AT_A_TIME]]
        for at in range(0, len(options), AT_A_TIME)
    ]


def _entry(option: Option) -> str:
    label = verbal(option.label).rstrip(" .?!,")
    return f"{words(int(option.key)).capitalize()} : {label}."


def _closed_question(options: Sequence[Option]) -> bool:
    """Whether the answer is yes or no, which need no menu."""
    firsts = [fold(option.label).split(",")[0].split()[0] for option in options]
    return len(options) == 2 and firsts == ["oui", "non"]
