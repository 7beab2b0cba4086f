"""Cuts French text into the pieces (sub-words) that the sentence encoder knows.

A unigram model, as SentencePiece's: of all the ways to cut a word into known pieces, the one whose
scores sum highest. Small enough to be ours: the libraries that do it bring a downloader along.
"""

import gzip
import json
import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

# SentencePiece writes the space before a word as this sign, inside the word's first piece.
SPACE = "\u2581"
# Below the worst piece by this much: an unknown character is the last resort.
UNKNOWN_PENALTY = 10.0
# Nobody writes such words; a thousand letters without a space would cost a long search.
LONGEST_WORD = 200


@dataclass(frozen=True)
class Vocabulary:
    """The pieces, their scores (log-probabilities) and the numbers of the special ones.

    A piece's number is its rank in ``pieces`` and its row in the encoder's table.
    """

    pieces: Sequence[str]
    scores: Sequence[float]
    begin: int
    end: int
    unknown: int

    def save(self, path: Path) -> None:
        content = {
            "pieces": list(self.pieces),
            "scores": [round(score, 4) for score in self.scores],
            "begin": self.begin,
            "end": self.end,
            "unknown": self.unknown,
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        # No date in the file: the same vocabulary gives the same bytes.
        path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        return cls(**json.loads(gzip.decompress(path.read_bytes())))


def normalised(text: str) -> str:
    """The text in the form that the pieces were learnt on: NFKC, single spaces, no controls."""
    return " ".join(unicodedata.normalize("NFKC", "".join(map(_shown, text))).split())


def _shown(sign: str) -> str:
    """Controls part words; invisible signs and halves of surrogate pairs go away."""
    return {"Cc": " ", "Cf": "", "Cs": ""}.get(unicodedata.category(sign), sign)


class Cutter:
    """Turns texts into piece numbers."""

    def __init__(self, vocabulary: Vocabulary, most_cached: int = 50_000) -> None:
        self._vocabulary = vocabulary
        special = {vocabulary.begin, vocabulary.end, vocabulary.unknown}
        scored = zip(vocabulary.pieces, vocabulary.scores, strict=True)
        self._known: Dict[str, Tuple[int, float]] = {
            piece: (number, score)
            for number, (piece, score) in enumerate(scored)
            if number not in special
        }
        self._longest = max(len(piece) for piece in self._known)
        self._unknown_score = min(vocabulary.scores) - UNKNOWN_PENALTY
        # Pieces never cross a space, so words are cut one by one; the same words come back.
        self._cut = lru_cache(maxsize=most_cached)(self._cut_word)

    def numbers(self, text: str, most: int) -> List[int]:
        """The numbers of the text's pieces between begin and end, at most ``most`` in all."""
        inner: List[int] = []
        for word in normalised(text).split():
            inner.extend(self._cut(word[:LONGEST_WORD]))
            if len(inner) >= most - 2:
                break
        return [self._vocabulary.begin, *inner[: most - 2], self._vocabulary.end]

    def _cut_word(self, word: str) -> Tuple[int, ...]:
        """The best cut (Viterbi): ``best[i]`` is the score of the best cut of the first i signs."""
        signs = SPACE + word
        size = len(signs)
        best = [0.0] + [-math.inf] * size
        last: List[Tuple[int, int]] = [(0, 0)] * (size + 1)
        for start in range(size):
            for stop in range(start + 1, min(size, start + self._longest) + 1):
                number, score = self._known.get(signs[start:stop], (-1, 0.0))
                if number < 0:
                    if stop > start + 1:
                        continue
                    number, score = self._vocabulary.unknown, self._unknown_score
                if best[start] + score > best[stop]:
                    best[stop] = best[start] + score
                    last[stop] = (number, start)
        found: List[int] = []
        at = size
        while at > 0:
            number, at = last[at]
            found.append(number)
        return tuple(reversed(found))
