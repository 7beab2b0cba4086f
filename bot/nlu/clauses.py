"""The clauses of a message: its sentences, cut where another thing begins to be said."""

import re
from itertools import pairwise
from typing import List, Tuple

MOST = 6
SHORTEST = 2  # characters of a clause
# Marks that end a clause, and words that begin one.
_ENDS = re.compile(r"[.!?;\n]+(?=\s|$)|,(?=\s)")
_BEGINS = re.compile(
    r"\s(?=(?:mais|sinon|par contre|au fait|et puis|d'ailleurs|donc|sauf|avant ça|par ailleurs|"
    r"en plus|d'abord|ah et|et (?:au fait|sinon|aussi|est-ce|comment|pourquoi|où))\b)",
    re.IGNORECASE,
)


def clauses(text: str) -> List[Tuple[int, int]]:
    """Where each clause begins and ends; none when the message is a single one."""
    cuts = {match.end() for match in _ENDS.finditer(text)}
    cuts |= {match.end() for match in _BEGINS.finditer(text)}
    edges = [0, *sorted(cut for cut in cuts if 0 < cut < len(text)), len(text)]
    spans = [_stripped(text, start, end) for start, end in pairwise(edges)]
    kept = [(start, end) for start, end in spans if end - start >= SHORTEST]
    return kept[:MOST] if len(kept) > 1 else []


def _stripped(text: str, start: int, end: int) -> Tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))
