"""Values as people write and say them in French: reading them, and reading them back.

``parse(kind, text)`` reads an answer to a question; ``find(kind, text)`` looks for a value inside
a longer message; ``show`` and ``say`` give it back in writing and aloud; ``command(text)`` tells
« répétez » or « un conseiller » from an answer (ask it first). ``amend`` puts a correction of one
place in a value (« b comme bravo »); ``french.verbal`` and ``french.phrasing`` turn any text into
sentences to be heard. Kinds: see ``KINDS``.
"""

from french.commands import command
from french.kinds import KINDS, Format, Keypad, Kind, amend, find, kind, parse, say, show
from french.names import spell
from french.reading import Choice, Context, Found, Reading

__all__ = [
    "KINDS",
    "Choice",
    "Context",
    "Format",
    "Found",
    "Keypad",
    "Kind",
    "Reading",
    "amend",
    "command",
    "find",
    "kind",
    "parse",
    "say",
    "show",
    "spell",
]
