"""A dossier named by voice: its number, then its code, each read back before it is used.

The number carries a check character, so that a misheard one is told from a right one; the code
does not, and wrong tries are counted: it is always confirmed.
"""

import re
from dataclasses import dataclass

import french
from channels.phone import sentences
from channels.phone.memory import Memory
from dossiers import numbers
from french import lattice
from french.shapes import Shape

MOST_TRIES = 3


def _single(prefix: str, piece: str) -> float:
    """« deux k » is 2 and K rather than two K."""
    return 1.3 if len(piece) == 2 and piece.isalpha() and piece[0] == piece[1] else 0.0


_CODE = Shape(["********"], _single)
_NUMBER = Shape(["RP********", "********"], _single)
_WRITTEN_CODE = re.compile(
    r"(?<!\w)(?=[a-z]*\d|[A-Z]|[a-z]{4}[ -]?[a-z]*\d)([A-Za-z0-9]{4})[ -]?([A-Za-z0-9]{4})\W*$"
)
_PREFIX = re.compile(
    r"^.*?\b(?:numéro|numero|dossier|code|reprise)\b(?:\s+(?:de|du|est|c'est|le|la|dossier|reprise)\b)*",
    re.I,
)


@dataclass(frozen=True)
class Step:
    """What is said next; or ``text``, the number and the code for the guide; or giving up."""

    say: tuple[str, ...] = ()
    text: str = ""
    failed: bool = False


def begin(memory: Memory, text: str) -> Step:
    """Ask for the number, unless ``text`` already says it; three wrong pairs are enough."""
    tries = memory.recall.get("tries", 0) + 1 if memory.recall else 0
    memory.recall = {"tries": tries}
    if tries >= MOST_TRIES:
        return Step(failed=True)
    if not tries and read_number(text):
        return answer(memory, text)
    return Step(sentences.RECALL_NUMBER)


def answer(memory: Memory, text: str) -> Step:
    """What the caller's words do."""
    recall = memory.recall
    proposed = recall.get("proposed")
    if proposed and recall.get("number"):
        return _confirm_code(memory, text, proposed)
    if recall.get("number"):
        return _code(memory, text)
    number = read_number(text)
    if number is None:
        return _again(memory, sentences.RECALL_NO_NUMBER, "number")
    recall.update(number=number, misread=0)
    code = read_code(_after(text, number))
    if code is not None:
        return _propose(memory, code)
    return Step((f"Dossier {sentences.dictated(number)}.", sentences.RECALL_CODE))


def read_number(text: str) -> str | None:
    """The number that a transcript says, when its check character is right."""
    written = numbers.find_number(text)
    if written:
        return written
    for candidate in lattice.read(_PREFIX.sub("", text), _NUMBER):
        number = numbers.parse_number(candidate.value)
        if number:
            return number
    return None


def read_code(text: str) -> str | None:
    """The code that a transcript says, in two groups."""
    written = _WRITTEN_CODE.search(text)
    if written and set("".join(written.groups()).upper()) <= set(numbers.ALPHABET):
        return "-".join(written.groups()).upper()
    for candidate in lattice.read(_PREFIX.sub("", text), _CODE):
        if set(candidate.value) <= set(numbers.ALPHABET):
            return f"{candidate.value[:4]}-{candidate.value[4:]}"
    return None


def _after(text: str, number: str) -> str:
    """What follows a number that was written in a message; "" when it was not."""
    written = re.search(r"R\W?P\W?(?:\w\W?){8}", text, re.I)
    return text[written.end() :] if written and numbers.find_number(text) == number else ""


def _code(memory: Memory, text: str) -> Step:
    if french.command(text) == "no":  # the number that was read back is not the right one
        memory.recall.pop("number")
        return _again(memory, sentences.RECALL_NO_NUMBER, "number")
    code = read_code(text)
    if code is None:
        return _again(memory, sentences.RECALL_NO_CODE, "code")
    return _propose(memory, code)


def _propose(memory: Memory, code: str) -> Step:
    memory.recall["proposed"] = code
    return Step((sentences.confirmed(sentences.dictated(code)),))


def _confirm_code(memory: Memory, text: str, proposed: str) -> Step:
    said = french.parse("yes_no", text).value
    if said == "yes":
        return Step(text=f"{memory.recall['number']} {proposed}")
    memory.recall.pop("proposed")
    if said == "no":
        return _again(memory, sentences.RECALL_CODE, "code")
    return _code(memory, text)


def _again(memory: Memory, problem: str, wanted: str) -> Step:
    memory.recall["misread"] = misread = memory.recall.get("misread", 0) + 1
    if misread >= MOST_TRIES:
        return Step(failed=True)
    ways = (sentences.RECALL_ALPHABET,) if misread > 1 else ()
    prompt = () if problem == sentences.RECALL_CODE else (_prompt(wanted),)
    return Step((problem, *(ways or prompt)))


def _prompt(wanted: str) -> str:
    return sentences.RECALL_CODE if wanted == "code" else sentences.RECALL_NUMBER[0]
