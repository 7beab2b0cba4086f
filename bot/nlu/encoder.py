"""Sentence vectors: what a French text means, as 384 numbers (bot/encoder trains the file)."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Sequence

import numpy as np
import onnxruntime as ort

from bot.nlu.pieces import Cutter, Vocabulary

FOLDER = Path(__file__).parent
MODEL = FOLDER / "encoder.onnx"
PIECES = FOLDER / "encoder_pieces.json.gz"
SIZE = 384
# The file knows that many positions; what comes after is not read.
MOST_PIECES = 256
# The vectors of a message's last texts are kept: several components read the same message.
LAST = 16


class Encoder:
    """Turns texts into vectors of unit length; the nearer in meaning, the higher their product.

    Each text is read alone, on one thread: its vector is the same whatever stands beside it.
    """

    def __init__(self, model: Path = MODEL, pieces: Path = PIECES) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.use_deterministic_compute = True
        self._session = ort.InferenceSession(
            str(model), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._cutter = Cutter(Vocabulary.load(pieces))
        self._vector = lru_cache(LAST)(self._read)

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text: n x 384, float32."""
        rows = np.empty((len(texts), SIZE), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[:] = self._vector(text)
        return rows

    def _read(self, text: str) -> np.ndarray:
        numbers = np.array(self._cutter.numbers(text, MOST_PIECES), dtype=np.int64)
        (vector,) = self._session.run(["vector"], {"pieces": numbers})
        return vector


@cache
def shared() -> Encoder:
    """The process's own encoder: its file is read once, whoever needs it."""
    return Encoder()
