"""The choice classifier: which choice a message makes, of the field that is asked."""

from pathlib import Path
from typing import List

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.act_classifier import MAX_CHARACTERS
from bot.nlu.act_model import Example
from bot.nlu.choice_model import ChoiceModel
from bot.nlu.encoder import shared
from bot.nlu.kept_vectors import KeptVectors
from bot.nlu.learnt import Learnt

EXAMPLES = Path(__file__).parents[1] / "data" / "choices"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ChoiceClassifier(Learnt):
    """Sets ``choices`` on a message: ``{choice: p}``, for the field that its metadata names.

    The examples are in ``bot/data/choices``: a field, then what was said by choice.
    """

    def train(self, training_data: TrainingData) -> Resource:
        self._model = ChoiceModel()
        self._model.fit(choice_examples(), KeptVectors(shared()))
        return self._kept(self._model)

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = (message.get(TEXT) or "")[:MAX_CHARACTERS]
            slot = (message.get("metadata") or {}).get("slot") or ""
            if text and self._model is not None and self._model.knows(slot):
                (vector,) = shared().vectors([text])
                made = self._model.choices(slot, text, vector)
                message.set("choices", made, add_to_output=True)
        return messages


def choice_examples(folder: Path = EXAMPLES) -> List[Example]:
    """The examples of choices, in a fixed order: the stage is the field, the label the choice."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for choice, said in sorted(data["examples"].items()):
            found += [Example(data["slot"], str(text), choice) for text in sorted(said)]
    return found
