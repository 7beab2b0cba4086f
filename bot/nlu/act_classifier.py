"""The act classifier: what a message does, at the stage of the talk, whole and clause by clause."""

from pathlib import Path
from typing import Any, Dict, List, Sequence
from zlib import crc32

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.act_model import ActModel, Example
from bot.nlu.clauses import clauses
from bot.nlu.encoder import shared
from bot.nlu.kept_vectors import KeptVectors
from bot.nlu.learnt import Learnt

EXAMPLES = Path(__file__).parents[1] / "data" / "acts"
MAX_CHARACTERS = 500
IDLE = "idle"
# The stages at which no démarche is being filled.
OUTSIDE = frozenset({IDLE, "ready", "filed"})
IN_DEMARCHE = "dans_demarche"
GENUINE = "genuine"
BEGINNING = "demarrer"  # the facet that asks nothing: a wish to begin
ONE_QUESTION_IN = 8
# One example in so many is predicted again for the model's fingerprint.
HASHED = 29


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class ActClassifier(Learnt):
    """Sets ``dialogue_acts`` on a message: ``{"whole": {act: p}, "clauses": [{"start", "end",
    "acts"}], "binds": {binding act: p}}``, for the stage that the message's metadata names.

    The examples are in ``bot/data/acts``: an act, then what was said by stage.
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        shared()  # read when the engine starts, not at the first message

    def train(self, training_data: TrainingData) -> Resource:
        self._model = ActModel()
        acts = [*act_examples(), *_questions(training_data)]
        binding = binding_examples(acts)
        acts += said_whole()
        vectors = KeptVectors(shared())
        self._model.fit(acts, binding, vectors)
        asked = acts[::HASHED]
        hashed = self._model.fingerprint(asked, vectors.vectors([e.text for e in asked]))
        return self._kept(self._model, hashed)

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and self._model is not None:
                stage = (message.get("metadata") or {}).get("stage") or IDLE
                told = self._understand(stage, text[:MAX_CHARACTERS])
                message.set("dialogue_acts", told, add_to_output=True)
                if stage not in OUTSIDE:
                    sure = max(told["whole"].values())
                    intent = {"name": IN_DEMARCHE, "confidence": sure}
                    message.set(INTENT, intent, add_to_output=True)
        return messages

    def _understand(self, stage: str, text: str) -> Dict[str, Any]:
        spans = clauses(text)
        texts = [text, *(text[start:end] for start, end in spans)]
        vectors = shared().vectors(texts)
        whole, *parts = self._model.acts(stage, texts, vectors)
        return {
            "whole": whole,
            "clauses": [
                {"start": start, "end": end, "acts": acts}
                for (start, end), acts in zip(spans, parts)  # noqa: B905 - Python 3.10's
            ],
            "binds": self._model.binds(stage, text, vectors[0]),
        }


def act_examples(folder: Path = EXAMPLES) -> List[Example]:
    """The examples of acts, in a fixed order."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for stage, said in sorted(data["examples"].items()):
            found += [Example(stage, str(text), data["act"]) for text in sorted(said)]
    return found


def _questions(training_data: TrainingData) -> List[Example]:
    """Some of the topics' questions, drawn by their own letters: asked while nothing is filled."""
    asked = (
        Example(IDLE, str(message.get(TEXT)), "ask")
        for message in training_data.intent_examples
        if "/" in message.get_full_intent()
        and message.get_full_intent().partition("/")[0] != BEGINNING
    )
    drawn = {e for e in asked if crc32(e.text.encode()) % ONE_QUESTION_IN == 0}
    return sorted(drawn, key=lambda example: example.text)


def binding_examples(acts: Sequence[Example], folder: Path = EXAMPLES) -> Dict[str, List[Example]]:
    """For each binding act, what says it whole (« genuine ») and what only seems to (a trap).

    The examples of acts count too: of those that say it, and of all the others at its stages.
    """
    found: Dict[str, List[Example]] = {}
    for path in sorted((folder / "binding").glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        own = [
            Example(stage, str(text), kind)
            for kind, by_stage in sorted(data["examples"].items())
            for stage, said in sorted(by_stage.items())
            for text in sorted(said)
        ]
        near = [e for e in acts if data["stages"] == "all" or e.stage in data["stages"]]
        found[data["binding"]] = [*own, *(_as_binding(e, data["acts"]) for e in near)]
    return found


def said_whole(folder: Path = EXAMPLES) -> List[Example]:
    """What says a binding act whole, as an example of the act that it is at its stage."""
    found = []
    for path in sorted((folder / "binding").glob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for stage, said in sorted(data["examples"][GENUINE].items()):
            named = [act for act, at in data["acts"].items() if stage in at]
            anywhere = [act for act, at in data["acts"].items() if at == "all"]
            for act in (named or anywhere)[:1]:
                found += [Example(stage, str(text), act) for text in sorted(said)]
    return found


def _as_binding(example: Example, acts: Dict[str, Any]) -> Example:
    """An example of an act, as it says a binding act or does not."""
    stages = acts.get(example.label, [])
    genuine = stages == "all" or example.stage in stages
    return Example(example.stage, example.text, GENUINE if genuine else "other")
