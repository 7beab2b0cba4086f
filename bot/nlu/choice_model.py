"""Which choice of a question a message makes, in people's own words: a linear model a question.

« la bagnole, quoi » is category B; « toujours en cours de validité » is yes. What chooses nothing
(« ça dépend ») is learnt too: the choice named ``NONE``.
"""

from typing import Dict, Sequence

import numpy as np

from bot.nlu.act_model import DECIMALS, Example, Features, logistic
from bot.nlu.kept_vectors import KeptVectors

NONE = "aucun"


class ChoiceModel:
    """Learns from examples whose stage is the field asked, and whose label is the choice made."""

    def fit(self, examples: Sequence[Example], vectors: KeptVectors) -> None:
        texts = [e.text for e in examples]
        self._features = Features(there=0.0)
        self._features.fit([e.stage for e in examples], texts)
        rows = self._features.of([e.stage for e in examples], texts, vectors.vectors(texts))
        self._models = {}
        for slot in sorted({e.stage for e in examples}):
            own = [i for i, e in enumerate(examples) if e.stage == slot]
            self._models[slot] = logistic(20.0).fit(rows[own], [examples[i].label for i in own])

    def knows(self, slot: str) -> bool:
        return slot in self._models

    def choices(self, slot: str, text: str, vector: np.ndarray) -> Dict[str, float]:
        """The probability of each choice of a field; ``NONE`` is that none is made."""
        model = self._models[slot]
        row = self._features.of([slot], [text], vector[None, :])
        told = zip(model.classes_, model.predict_proba(row)[0])  # noqa: B905 - Python 3.10's
        return {str(value): round(float(p), DECIMALS) for value, p in told}
