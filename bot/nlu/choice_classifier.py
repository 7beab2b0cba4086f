"""The choice classifier: which choice a message makes, of the field that is asked."""

from pathlib import Path
from typing import List, Sequence
from zlib import crc32

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.act_classifier import MAX_CHARACTERS, act_examples
from bot.nlu.act_model import Example
from bot.nlu.choice_model import NONE, ChoiceModel
from bot.nlu.encoder import shared
from bot.nlu.kept_vectors import KeptVectors
from bot.nlu.learnt import Learnt

EXAMPLES = Path(__file__).parents[1] / "data" / "choices"
AT_A_CHOICE = "choice"  # the stage of acts at which a choice is asked
# Acts that may tell a choice; a yes and a no tell one where the choices are yes and no.
TELLING = frozenset({"answer", "correct", "back", "lack", "skip"})
AGREEING = frozenset({"affirm", "accept", "deny", "has"})
YES_NO = frozenset({"oui", "non"})
ONE_ACT_IN = 48


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ChoiceClassifier(Learnt):
    """Sets ``choices`` on a message: ``{choice: p}``, for the field that its metadata names.

    The examples are in ``bot/data/choices``: a field, then what was said by choice.
    """

    def train(self, training_data: TrainingData) -> Resource:
        self._model = ChoiceModel()
        made = choice_examples()
        self._model.fit([*made, *none_made(made, act_examples())], KeptVectors(shared()))
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


def none_made(choices: Sequence[Example], acts: Sequence[Example]) -> List[Example]:
    """For each field, some of what does something else than choosing: « tout est bon » is none."""
    found = []
    for slot in sorted({example.stage for example in choices}):
        yes_no = YES_NO & {example.label for example in choices if example.stage == slot}
        for act in acts:
            elsewhere = act.label in AGREEING and not yes_no
            beside = act.label not in AGREEING | TELLING and act.stage == AT_A_CHOICE
            drawn = crc32((slot + act.text).encode()) % ONE_ACT_IN == 0
            if drawn and (elsewhere or beside):
                found.append(Example(slot, act.text, NONE))
    return found
