"""What training, measuring and exporting start from: the French part of the published model."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.encoder import vocabulary
from bot.encoder.data import Data
from bot.encoder.weights import Packed, Source
from bot.nlu.encoder import PIECES
from bot.nlu.pieces import Cutter, Vocabulary

Layer = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Prepared:
    width: int
    heads: int
    epsilon: float
    vocabulary: Vocabulary
    cutter: Cutter
    words: Packed
    table: NDArray[np.float32]
    base: Layer
    layers: list[Layer]


def prepared(source: Source, everything: Data, pieces: Path = PIECES) -> Prepared:
    """The source with the pieces of ``pieces``; they are chosen and written there if need be.

    Choosing reads all texts and takes a minute; the file is removed to choose again.
    """
    if not pieces.exists():
        texts = vocabulary.french_texts(everything.texts())
        kept = vocabulary.chosen(source.vocabulary, texts)
        vocabulary.pruned(source.vocabulary, kept).save(pieces)
    chosen = Vocabulary.load(pieces)
    at = {piece: number for number, piece in enumerate(source.vocabulary.pieces)}
    words = source.words.rows(np.array([at[piece] for piece in chosen.pieces]))
    return Prepared(
        source.width,
        source.heads,
        source.epsilon,
        chosen,
        Cutter(chosen),
        words,
        words.floats(),
        source.tensors,
        source.layers,
    )
