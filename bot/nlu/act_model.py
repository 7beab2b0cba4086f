"""Which dialogue act a message is, and whether it says a binding act whole: linear models.

A message is its words and characters (tf-idf), its meaning (the encoder's vector), the stage at
which it was said, and its meaning at that stage: the same words do not do the same everywhere. One
model tells the act; one for each binding act tells the genuine from traps.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Dict, List, Sequence

import joblib
import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from bot.nlu.kept_vectors import KeptVectors
from bot.nlu.text import words

SEED = 2017
# One model an act is fitted; that many at once (the fitting leaves Python's lock).
THREADS = 2
# Probabilities are told to this many decimals: what differs below differs between machines.
DECIMALS = 3


@dataclass(frozen=True)
class Example:
    """What was said at a stage, and its label (an act; for a binding act, genuine or not)."""

    stage: str
    text: str
    label: str


class Features:
    """Messages at their stages as rows of numbers."""

    def __init__(self, meaning: float = 3.0, staged: float = 1.0, there: float = 2.0) -> None:
        self._meaning, self._staged, self._there = meaning, staged, there
        self._characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), min_df=2, sublinear_tf=True, dtype=np.float32
        )
        self._words = TfidfVectorizer(
            tokenizer=str.split, ngram_range=(1, 2), min_df=2, lowercase=False,
            sublinear_tf=True, dtype=np.float32,
        )  # fmt: skip

    def fit(self, stages: Sequence[str], texts: Sequence[str]) -> None:
        self._stages = sorted(set(stages))
        plain = [_plain(text) for text in texts]
        self._characters.fit(plain)
        self._words.fit(plain)

    def of(
        self, stages: Sequence[str], texts: Sequence[str], vectors: np.ndarray
    ) -> sparse.csr_matrix:
        """One row a message; an unknown stage is none."""
        plain = [_plain(text) for text in texts]
        parts = [
            self._characters.transform(plain),
            self._words.transform(plain),
            sparse.csr_matrix(vectors * self._meaning),
            self._at_stage(stages, np.full((len(texts), 1), self._staged, dtype=np.float32)),
        ]
        if self._there:
            parts.append(self._at_stage(stages, vectors * self._there))
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def _at_stage(self, stages: Sequence[str], rows: np.ndarray) -> sparse.csr_matrix:
        """Each row in the columns of its stage; those of the other stages are empty."""
        width = rows.shape[1]
        known = [i for i, stage in enumerate(stages) if stage in self._stages]
        places = np.array([self._stages.index(stages[i]) for i in known], dtype=np.int64)
        columns = (places[:, None] * width + np.arange(width)).ravel()
        lines = np.repeat(np.array(known, dtype=np.int64), width)
        values = rows[known].ravel()
        shape = len(rows), width * len(self._stages)
        return sparse.csr_matrix((values, (lines, columns)), shape=shape)


class ActModel:
    """Learns acts and binding acts from examples; see the module's text."""

    def fit(
        self, acts: Sequence[Example], binding: Dict[str, Sequence[Example]], vectors: KeptVectors
    ) -> None:
        texts = [e.text for e in acts]
        self._features = Features()
        everything = [*acts, *(e for examples in binding.values() for e in examples)]
        self._features.fit([e.stage for e in everything], [e.text for e in everything])
        vectors.vectors([e.text for e in everything])  # all read now: the threads only look
        rows = self._features.of([e.stage for e in acts], texts, vectors.vectors(texts))
        with joblib.parallel_backend("threading", n_jobs=THREADS):
            each = OneVsRestClassifier(logistic(20.0), n_jobs=THREADS)
            self._acts = each.fit(rows, [e.label for e in acts])
        names = sorted(binding)
        with joblib.parallel_backend("threading", n_jobs=THREADS):
            fitted = joblib.Parallel()(
                joblib.delayed(self._binding_model)(binding[name], vectors) for name in names
            )
        self._binding = dict(zip(names, fitted))  # noqa: B905 - Python 3.10's

    def _binding_model(
        self, examples: Sequence[Example], vectors: KeptVectors
    ) -> LogisticRegression:
        said = [e.text for e in examples]
        rows = self._features.of([e.stage for e in examples], said, vectors.vectors(said))
        return logistic(8.0).fit(rows, [e.label == "genuine" for e in examples])

    def fingerprint(self, asked: Sequence[Example], vectors: np.ndarray) -> str:
        """A hash of what is predicted of examples: the likeliest act, and what it binds."""
        rows = self._features.of([e.stage for e in asked], [e.text for e in asked], vectors)
        told = [str(name) for name in self._acts.predict(rows)]
        told += [str(answer) for model in self._binding.values() for answer in model.predict(rows)]
        return sha256("\n".join(told).encode()).hexdigest()[:16]

    def acts(self, stage: str, texts: Sequence[str], vectors: np.ndarray) -> List[Dict[str, float]]:
        """The probability of each act, for each text said at a stage."""
        rows = self._features.of([stage] * len(texts), texts, vectors)
        told = self._acts.predict_proba(rows)
        return [_likely(self._acts.classes_, row) for row in told]

    def binds(self, stage: str, text: str, vector: np.ndarray) -> Dict[str, float]:
        """How surely a text says each binding act whole."""
        row = self._features.of([stage], [text], vector[None, :])
        return {
            name: round(float(model.predict_proba(row)[0, 1]), DECIMALS)
            for name, model in self._binding.items()
        }


def logistic(strength: float) -> LogisticRegression:
    """The linear model of everything here: the same each time."""
    return LogisticRegression(C=strength, solver="liblinear", random_state=SEED)


def _likely(names: Sequence[str], row: np.ndarray, most: int = 5) -> Dict[str, float]:
    rounded = [(str(name), round(float(p), DECIMALS)) for name, p in zip(names, row)]  # noqa: B905
    return dict(sorted(rounded, key=lambda pair: (-pair[1], pair[0]))[:most])


def _plain(text: str) -> str:
    """The words as they are compared, with the marks that ask or hesitate."""
    marks = " ?" if "?" in text else ""
    return " ".join(words(text)) + marks
