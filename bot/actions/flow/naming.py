"""The choices that a text names, those that it denies left out (« pas volée, mais perdue »)."""

import re

from bot.actions.flow.acts import bare
from knowledge.schema import Champ

# Words that may stand between a negation and what it denies: « pas pour un vol ».
_DENIAL = re.compile(
    r"\b(?:pas|ni|jamais|sans)(?: (?:un|une|le|la|les|de|du|des|d|l|pour|vraiment|ete)){0,3}$"
)

# What may come before a choice that is given alone: « c'est pour ma mère ».
_FOR = re.compile(r"^(c est |ce sera |plutot )?(pour |avec |en |a )?")


def named(champ: Champ, text: str) -> str | None:
    """The only choice one of whose names stands in the text; longer names count first."""
    found = named_at_length(champ, text)
    return found[0] if found else None


def named_at_length(champ: Champ, text: str) -> tuple[str, int] | None:
    """The choice that a text names, with the length of the name that stands in it."""
    plain = f" {bare(text)} "
    hits: dict[str, int] = {}
    for choice in champ.choices:
        for name in (choice.label, *choice.names):
            key = bare(name)
            if len(key) > 2 and _affirmed(plain, key):
                hits[choice.value] = max(hits.get(choice.value, 0), len(key))
    if not hits:
        return None
    best = max(hits.values())
    longest = [value for value, length in hits.items() if length == best]
    return (longest[0], best) if len(longest) == 1 else None


def enumerated(champ: Champ, items: set[str]) -> str | None:
    """The only choice that one of these items is, word for word."""
    said = items | {_FOR.sub("", item) for item in items}
    hits = {c.value for c in champ.choices if said & {bare(n) for n in (c.label, *c.names)}}
    return hits.pop() if len(hits) == 1 else None


def _affirmed(plain: str, key: str) -> bool:
    """Whether a name stands in a text somewhere that no negation bears on it."""
    start = plain.find(f" {key} ")
    while start >= 0:
        if not _DENIAL.search(plain[:start]):
            return True
        start = plain.find(f" {key} ", start + 1)
    return False
