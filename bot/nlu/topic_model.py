"""Which topic a message is about: ridge regression on a kernel, with honest probabilities.

A topic is ``facet/subject`` (``pieces/duplicata``) or a talk intent (``saluer``). One solve serves
three heads: the facet, the subject and the whole topic share the examples' kernel matrix. The
mixture of the heads and its temperature are set on half of the examples, predicted from the
others; then all the examples are learnt.
"""

from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np
from scipy.linalg import lapack, solve_triangular
from scipy.optimize import minimize

from bot.nlu.features import MessageKernel, Utterance

SEED = 2017


def facet_of(topic: str) -> str:
    return topic.partition("/")[0]


def subject_of(topic: str) -> str:
    """The subject of a topic; talk intents are their own subject."""
    return topic.partition("/")[2] or topic


@dataclass
class Ranking:
    """Topics, facets and subjects with their probabilities, best first.

    Facets and subjects are summed over all topics, listed or not. ``similarity`` is how near the
    nearest example is (0 to 1).
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
        self.topics = sorted(set(topics))
        self.facets = sorted({facet_of(t) for t in topics})
        self.subjects = sorted({subject_of(t) for t in topics})
        self._facet_at = np.array([self.facets.index(facet_of(t)) for t in self.topics])
        self._subject_at = np.array([self.subjects.index(subject_of(t)) for t in self.topics])
        at = {topic: i for i, topic in enumerate(self.topics)}
        truth = np.array([at[t] for t in topics])

        matrix = self._kernel.fit(examples)
        wanted = self._one_hot(truth)
        self._calibrate(matrix, wanted, truth)
        self._weights = _ridge(matrix, wanted, self._ridge)

    def rank(self, messages: Sequence[Utterance], most: int = 8) -> List[Ranking]:
        """The ranking of each message (at most ``most`` topics)."""
        similar = self._kernel.to_examples(messages)
        probabilities = self._probabilities(similar @ self._weights, self._mixture)
        by_facet = _summed(probabilities, self._facet_at, len(self.facets))
        by_subject = _summed(probabilities, self._subject_at, len(self.subjects))
        return [
            Ranking(
                _best(self.topics, probabilities[row], most),
                _best(self.facets, by_facet[row], most),
                _best(self.subjects, by_subject[row], most),
                self._kernel.nearest(similar[row]),
            )
            for row in range(len(messages))
        ]

    def _one_hot(self, truth: np.ndarray) -> np.ndarray:
        count = len(self.topics)
        wanted = np.zeros(
            (len(truth), count + len(self.facets) + len(self.subjects)), dtype=np.float32
        )
        rows = np.arange(len(truth))
        wanted[rows, truth] = 1
        wanted[rows, count + self._facet_at[truth]] = 1
        wanted[rows, count + len(self.facets) + self._subject_at[truth]] = 1
        return wanted

    def _probabilities(self, scores: np.ndarray, mixture: np.ndarray) -> np.ndarray:
        count, facets = len(self.topics), len(self.facets)
        logits = (
            mixture[0] * scores[:, :count]
            + mixture[1] * scores[:, count : count + facets][:, self._facet_at]
            + mixture[2] * scores[:, count + facets :][:, self._subject_at]
        )
        logits -= logits.max(axis=1, keepdims=True)
        weights = np.exp(logits)
        return weights / weights.sum(axis=1, keepdims=True)

    def _calibrate(self, matrix: np.ndarray, wanted: np.ndarray, truth: np.ndarray) -> None:
        held = np.random.default_rng(SEED).random(len(truth)) < 1 / 2
        weights = _ridge(matrix[np.ix_(~held, ~held)], wanted[~held], self._ridge)
        scores = matrix[np.ix_(held, ~held)] @ weights
        rows, truth = np.arange(len(scores)), truth[held]

        def loss(log_mixture: np.ndarray) -> float:
            chosen = self._probabilities(scores, np.exp(log_mixture))[rows, truth]
            return float(-np.log(np.maximum(chosen, 1e-9)).mean())

        start = np.log([4.0, 8.0, 14.0])
        found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 40})
        self._mixture = np.exp(found.x)
        guessed = self._probabilities(scores, self._mixture).argmax(axis=1)
        self.held_back_accuracy = float((guessed == truth).mean())


def _summed(probabilities: np.ndarray, group_of: np.ndarray, groups: int) -> np.ndarray:
    """Probabilities of topics (m × topics) summed by group (m × groups)."""
    totals = np.zeros((len(probabilities), groups))
    for topic, group in enumerate(group_of):
        totals[:, group] += probabilities[:, topic]
    return totals


def _best(names: List[str], probabilities: np.ndarray, most: int) -> List[Tuple[str, float]]:
    ranked = np.argsort(-probabilities)[:most]
    return [(names[i], float(probabilities[i])) for i in ranked]


def _ridge(matrix: np.ndarray, wanted: np.ndarray, ridge: float) -> np.ndarray:
    """The weights (n × outputs) of kernel ridge regression; the matrix is overwritten."""
    matrix[np.diag_indices_from(matrix)] += ridge
    factor, failed = lapack.spotrf(matrix.T, lower=False, overwrite_a=True)
    if failed:
        raise np.linalg.LinAlgError("the kernel matrix is not positive definite")
    half = solve_triangular(factor, wanted, trans="T", check_finite=False)
    return solve_triangular(factor, half, check_finite=False)
