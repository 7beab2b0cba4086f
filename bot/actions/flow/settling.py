"""What a message means to what is not a field: a pièce, the recap, the conditions, the payment…"""

import re

from bot.actions.phrases import Phrases, bare

_SAID = Phrases(__file__)


def _anywhere(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{_SAID.any(name)}\b")


_HAS_IT = re.compile(rf"{_SAID.any('has_it')}\b")
_LACKS_IT_OPENING = re.compile(rf"{_SAID.any('lacks_it_opening')}\b")
_LACKS_IT = _anywhere("lacks_it")
_USES_ANYWAY = _anywhere("uses_anyway")
_DONE = _anywhere("done")
_EXACT = _anywhere("exact")
_ACCEPTS = _anywhere("accepts")
_REFUSES = _anywhere("refuses")
_UNDERSTANDS = _anywhere("understands")
_DENIES = _anywhere("denies")


def has_it(text: str) -> bool:
    """Whether a pièce is at hand."""
    return "?" not in text and _HAS_IT.match(bare(text)) is not None


def lacks_it(text: str) -> bool:
    """Whether a pièce is not at hand."""
    plain = bare(text)
    lacking = _LACKS_IT_OPENING.match(plain) or _LACKS_IT.search(plain)
    return "?" not in text and lacking is not None


def uses_anyway(text: str) -> bool:
    """Whether a document that is hard to read is to be kept as it is."""
    plain = bare(text)
    refused = plain.startswith("non") and "quand meme" not in plain
    return "?" not in text and not refused and _USES_ANYWAY.search(plain) is not None


def is_done(text: str) -> bool:
    """Whether what stopped the démarche no longer does."""
    return _DONE.search(bare(text)) is not None and not denies(text)


def is_exact(text: str) -> bool:
    """Whether the recap is right."""
    return _EXACT.search(bare(text)) is not None and not denies(text)


def accepts(text: str) -> bool:
    """Whether the conditions are accepted, in so many words."""
    return _ACCEPTS.search(bare(text)) is not None and not refuses(text)


def refuses(text: str) -> bool:
    """Whether the conditions are refused."""
    return _REFUSES.search(bare(text)) is not None


def understands(text: str) -> bool:
    """Whether the explanation of the payment is clear."""
    return _UNDERSTANDS.search(bare(text)) is not None and not denies(text)


def denies(text: str) -> bool:
    """Whether something is said not to be, or to be no longer."""
    return _DENIES.search(bare(text)) is not None
