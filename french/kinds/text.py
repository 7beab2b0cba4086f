"""A few words of one's own."""

import re
import unicodedata

from french.commands import command
from french.kinds.base import Kind
from french.plain import any_of, plain
from french.questions import is_question
from french.reading import Context, Reading, refused, sure

UNREAD = "Je n’ai pas reconnu de réponse. Répondez avec quelques mots."
NOTHING = "Je n’ai rien reçu. Pouvez-vous l’écrire à nouveau ?"
_EMPTY = re.compile(rf"{any_of('sentences', 'empty')} ?(oui|non|ok|merci)?")
_CATEGORY = re.compile(r"[abcdm]")  # a licence's category is a single letter
_COMMANDS = ("repeat", "slower", "hold", "agent", "cancel", "back", "help", "yes", "no")


def _read(text: str, at: Context) -> Reading:
    kept = "".join(
        char if unicodedata.category(char)[0] != "C" or char == "\n" else " "
        for char in unicodedata.normalize("NFC", text)
    )
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    value = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not value:
        return refused(NOTHING)
    said = plain(value)
    if _CATEGORY.fullmatch(said):
        return sure(value)
    if not said or _EMPTY.fullmatch(said) or command(value) in _COMMANDS or is_question(value):
        return refused(UNREAD)
    return sure(value)


KIND = Kind(
    name="text",
    reads=_read,
    free=True,
    denies=False,
    verbatim=True,
    dictated=True,
    spelled=True,
)
