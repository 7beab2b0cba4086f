"""Which topic a message is about: ridge regression on a kernel, with honest probabilities.

A topic is ``facet/subject`` (``pieces/duplicata``) or a talk intent (``saluer``). Three heads (the
facet, the subject, the whole topic) are mixed into one. The mixture and its temperature are set on
half of the examples, predicted from the others; then all the examples are learnt.

The same examples make the same predictions, in whatever order they come and on whatever machine
they are learnt: see docs/nlu.md.
"""

import hashlib
import json
from dataclasses import astuple, dataclass
from typing import List, Sequence, Tuple
from zlib import crc32

import numpy as np
from scipy.linalg import lapack, solve_triangular
from scipy.optimize import minimize

from bot.nlu.features import MessageKernel, Utterance

# Machines agree on many more decimals: none of those that they differ on is kept.
DECIMALS = 3
# Examples whose predictions tell a model from another.
SAMPLE = 200


def facet_of(topic: str) -> str:
    return topic.partition("/")[0]


def subject_of(topic: str) -> str:
    """The subject of a topic; talk intents are their own subject."""
    return topic.partition("/")[2] or topic


@dataclass
class Ranking:
    """Topics, facets and subjects with their probabilities, best first.

    Facets and subjects are summed over all topics, listed or not. ``similarity`` is how near the
    nearest example is (0 to 1). Everything is rounded to ``DECIMALS``; equals come by name.
    """

    topics: List[Tuple[str, float]]
    facets: List[Tuple[str, float]]
    subjects: List[Tuple[str, float]]
    similarity: float


class TopicModel:
    """Learns topics from examples; see the module's text."""

    def __init__(self, kernel: MessageKernel, ridge: float) -> None:
        self._kernel = kernel
        self._ridge = ridge

    @property
    def kernel(self) -> MessageKernel:
        return self._kernel

    def fit(self, examples: Sequence[Utterance], topics: Sequence[str]) -> None:
        """Learn; the order of the examples does not matter."""
        pairs = zip(examples, topics, strict=True)
        learnt = sorted(pairs, key=lambda pair: (pair[0].text, pair[1]))
        examples, topics = [e for e, _ in learnt], [t for _, t in learnt]
        self.topics = sorted(set(topics))
        self.facets = sorted({facet_of(t) for t in topics})
        self.subjects = sorted({subject_of(t) for t in topics})
        self._facet_at = np.array([self.facets.index(facet_of(t)) for t in self.topics])
        self._subject_at = np.array([self.subjects.index(subject_of(t)) for t in self.topics])
        at = {topic: i for i, topic in enumerate(self.topics)}
        truth = np.array([at[t] for t in topics])

        matrix = self._kernel.fit(examples)
        wanted = self._one_hot(truth)
        held = np.array([_drawn(e) % 2 == 0 for e in examples])
        mixture = self._calibrate(matrix, wanted, truth, held)
        # What is mixed is linear: mixing what is wanted mixes what will be predicted.
        self._weights = _ridge(matrix, self._mixed(wanted, mixture), self._ridge)
        self._sample = sorted(examples, key=_drawn)[:SAMPLE]

    def rank(self, messages: Sequence[Utterance], most: int = 8) -> List[Ranking]:
        """The ranking of each message (at most ``most`` topics)."""
        similar = self._kernel.to_examples(messages)
        probabilities = self._probabilities(similar)
        by_facet = _summed(probabilities, self._facet_at, len(self.facets))
        by_subject = _summed(probabilities, self._subject_at, len(self.subjects))
        return [
            Ranking(
                _best(self.topics, probabilities[row], most),
                _best(self.facets, by_facet[row], most),
                _best(self.subjects, by_subject[row], most),
                round(self._kernel.nearest(similar[row]), DECIMALS),
            )
            for row in range(len(messages))
        ]

    def probabilities(self, messages: Sequence[Utterance]) -> np.ndarray:
        """The probabilities of all topics before rounding (m × topics): to measure, not to use."""
        return self._probabilities(self._kernel.to_examples(messages))

    def fingerprint(self) -> str:
        """A hash of what is predicted for a sample of the examples, fixed by their texts."""
        predicted = [astuple(ranking) for ranking in self.rank(self._sample)]
        return hashlib.sha256(json.dumps(predicted).encode()).hexdigest()[:16]

    def _probabilities(self, similar: np.ndarray) -> np.ndarray:
        return _softmax(similar @ self._weights)

    def _one_hot(self, truth: np.ndarray) -> np.ndarray:
        count = len(self.topics)
        wanted = np.zeros((len(truth), count + len(self.facets) + len(self.subjects)))
        rows = np.arange(len(truth))
        wanted[rows, truth] = 1
        wanted[rows, count + self._facet_at[truth]] = 1
        wanted[rows, count + len(self.facets) + self._subject_at[truth]] = 1
        return wanted

    def _mixed(self, scores: np.ndarray, mixture: np.ndarray) -> np.ndarray:
        """The scores of the three heads as one score a topic."""
        count, facets = len(self.topics), len(self.facets)
        return (
            mixture[0] * scores[:, :count]
            + mixture[1] * scores[:, count : count + facets][:, self._facet_at]
            + mixture[2] * scores[:, count + facets :][:, self._subject_at]
        )

    def _calibrate(
        self, matrix: np.ndarray, wanted: np.ndarray, truth: np.ndarray, held: np.ndarray
    ) -> np.ndarray:
        """How much each head weighs, that makes the examples held back likeliest."""
        weights = _ridge(matrix[np.ix_(~held, ~held)], wanted[~held], self._ridge)
        scores = matrix[np.ix_(held, ~held)] @ weights
        rows, truth = np.arange(len(scores)), truth[held]

        def loss(log_mixture: np.ndarray) -> float:
            chosen = _softmax(self._mixed(scores, np.exp(log_mixture)))[rows, truth]
            return float(-np.log(np.maximum(chosen, 1e-9)).mean())

        start = np.log([4.0, 8.0, 14.0])
        found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 40})
        mixture: np.ndarray = np.exp(found.x)
        guessed = self._mixed(scores, mixture).argmax(axis=1)
        self.held_back_accuracy = float((guessed == truth).mean())
        return mixture


def _drawn(example: Utterance) -> int:
    """A number drawn from the text alone: adding an example changes nothing for the others."""
    return crc32(example.text.encode("utf-8", "surrogatepass"))


def _softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def _summed(probabilities: np.ndarray, group_of: np.ndarray, groups: int) -> np.ndarray:
    """Probabilities of topics (m × topics) summed by group (m × groups)."""
    return np.array([np.bincount(group_of, row, groups) for row in probabilities])


def _best(names: List[str], probabilities: np.ndarray, most: int) -> List[Tuple[str, float]]:
    kept = np.round(probabilities, DECIMALS)
    ranked = np.argsort(-kept, kind="stable")[:most]
    return [(names[i], float(kept[i])) for i in ranked]


def _ridge(matrix: np.ndarray, wanted: np.ndarray, ridge: float) -> np.ndarray:
    """The weights (n × outputs) of kernel ridge regression; the matrix is overwritten.

    In double precision: in single, the last of three decimals depends on processor and threads.
    """
    matrix[np.diag_indices_from(matrix)] += ridge
    factor, failed = lapack.dpotrf(matrix.T, lower=False, overwrite_a=True)
    if failed:
        raise np.linalg.LinAlgError("the kernel matrix is not positive definite")
    half = solve_triangular(factor, wanted, trans="T", check_finite=False)
    return solve_triangular(factor, half, check_finite=False)
