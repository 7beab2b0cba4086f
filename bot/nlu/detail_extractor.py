"""Finds the details of a situation (for whom, which account, …) from the lookup tables."""

import re
from typing import Any, Dict, List, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.learnt import Learnt
from bot.nlu.text import words


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class DetailExtractor(Learnt, EntityExtractorMixin):
    """Sets an entity for every lookup phrase in the message, compared as normalised words.

    Rasa's own RegexEntityExtractor minds accents, apostrophes and SMS spelling; citizens don't.
    The longest phrase wins where two overlap; the synonym mapper then gives the canonical value.
    """

    def __init__(
        self, config: Dict[str, Any], storage: ModelStorage, resource: Resource, model: Any = None
    ) -> None:
        super().__init__(config, storage, resource, model)
        self._compile(model or {})

    def _compile(self, phrases: Dict[str, List[str]]) -> None:
        self._wanted: Dict[Tuple[str, ...], Tuple[str, str]] = {}
        for entity, values in sorted(phrases.items()):
            for value in sorted(values):  # spellings of the same words: always the same one stands
                self._wanted[tuple(words(value))] = (entity, value)
        self._longest = max((len(key) for key in self._wanted), default=0)

    def train(self, training_data: TrainingData) -> Resource:
        tables = {t["name"]: t["elements"] for t in training_data.lookup_tables}
        phrases = {k: v for k, v in tables.items() if isinstance(v, list)}
        self._compile(phrases)
        return self._kept(phrases)

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(
                    ENTITIES, message.get(ENTITIES, []) + self.find(text), add_to_output=True
                )
        return messages

    def find(self, text: str) -> List[Dict[str, Any]]:
        """The entities of a text, in the order in which they are said."""
        spoken = words(text)
        found: List[Dict[str, Any]] = []
        at = 0
        while at < len(spoken):
            for length in range(min(self._longest, len(spoken) - at), 0, -1):
                hit = self._wanted.get(tuple(spoken[at : at + length]))
                if hit:
                    found.append(_entity(text, *hit))
                    at += length
                    break
            else:
                at += 1
        return found


def _entity(text: str, entity: str, phrase: str) -> Dict[str, Any]:
    """Rasa wants character positions; where spelling differs the whole message stands for it."""
    match = re.search(re.escape(phrase), text, re.IGNORECASE)
    start, end = match.span() if match else (0, len(text))
    return {
        "entity": entity,
        "start": start,
        "end": end,
        "value": phrase,
        "extractor": DetailExtractor.__name__,
    }
