"""A value written in the middle of a longer message, where reading the whole gave nothing."""

import re
from collections.abc import Callable, Sequence

from french.kinds.base import Spot
from french.reading import Reading, listed, sure, unsure

MOST_NAMED = 4
_BEFORE = re.compile(r"(?<![\w'])(?:\d+|[b-xzB-XZ])[\s,.;:-]*$")
_AFTER = re.compile(r"[\s,.;:-]*(?:\d+|[b-zB-Z])(?![\w'])")


def sought(spots: Sequence[Spot], shown: Callable[[str], str]) -> Reading | None:
    """The one value that was found, or a doubt between several; None where there is none."""
    values = list(dict.fromkeys(value for value, _, _ in spots))
    if not values:
        return None
    if len(values) == 1:
        return sure(values[0])
    named = listed([shown(value) for value in values[:MOST_NAMED]])
    doubt = f"J’ai trouvé plusieurs réponses : {named}. Laquelle est la bonne ?"
    return unsure(values[0], doubt, values[1:])


def left_over(text: str, spots: Sequence[Spot], letters: bool = True) -> bool:
    """Whether figures or lone letters stand right beside a value: it may be cut short."""
    beside = [
        found.group().strip(" ,.;:-")
        for _, start, end in spots
        for found in (_BEFORE.search(text[:start]), _AFTER.match(text[end:]))
        if found is not None
    ]
    return any(letters or sign.isdigit() for sign in beside)
