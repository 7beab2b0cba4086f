"""Vectors of the examples, kept between trainings: only new sentences are read by the encoder."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Sequence
from zipfile import BadZipFile

import numpy as np

from bot.nlu.encoder import MODEL, Encoder

# Where they are kept: beside the models, which are made anew as well.
READERS = 2
FOLDER = Path(os.environ.get("REPERE_VECTORS", "var/vectors"))


class KeptVectors:
    """An encoder that remembers, on the disk, what it has read."""

    def __init__(self, encoder: Encoder, folder: Path = FOLDER) -> None:
        self._encoder = encoder
        made_by = hashlib.sha256(MODEL.read_bytes()).hexdigest()[:16]
        self._path = folder / f"{made_by}.npz"
        self._known = self._read()

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """One row a text; what was never read is read, and kept."""
        new = sorted({text for text in texts if _key(text) not in self._known})
        if new:
            with ThreadPoolExecutor(READERS) as pool:
                read = pool.map(lambda text: self._encoder.vectors([text])[0], new)
                for text, vector in zip(new, read):  # noqa: B905 - Python 3.10's
                    self._known[_key(text)] = vector.astype(np.float16)
            self._write()
        return np.array([self._known[_key(text)] for text in texts], dtype=np.float32)

    def _read(self) -> dict:
        if not self._path.exists():
            return {}
        try:
            with np.load(self._path) as kept:
                return dict(zip(kept["keys"], kept["vectors"]))  # noqa: B905
        except (BadZipFile, OSError, ValueError, KeyError):
            return {}  # cut short by a crash: read again

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        keys = sorted(self._known)
        unfinished = self._path.with_name(f"{os.getpid()}-{self._path.name}")
        np.savez(unfinished, keys=keys, vectors=np.array([self._known[key] for key in keys]))
        unfinished.replace(self._path)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
