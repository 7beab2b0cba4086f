"""The intent classifier: what is asked (facet) of what (subject), for a whole message."""

from typing import Any, Dict, List, Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.features import MessageKernel, Utterance, WordVectors
from bot.nlu.learnt import Learnt
from bot.nlu.text import sentences, words
from bot.nlu.topic_model import DECIMALS, Ranking, TopicModel, facet_of

# Longer texts stall a worker for nothing: a question is in its first sentences.
MAX_CHARACTERS = 1500
MAX_PARTS = 8
SHORTEST_PART = 3
IN_DEMARCHE = "dans_demarche"
ELLIPSIS = "relance"  # the only facet that is a topic by itself
FALLBACK = "nlu_fallback"
COURTESIES = frozenset({"saluer", "remercier", "au_revoir", "compliment"})
LONGEST_COURTESY = 4  # words
ASKS_TOO = 0.1


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class QuestionClassifier(Learnt, IntentClassifier):
    """Ranks topics for the message and for each of its sentences.

    Besides Rasa's intent and ranking (facets and talk intents), the message gets ``understanding``:
    ``{"topics": [[topic, p]], "facets", "subjects", "similarity", "known", "parts": [the same for
    each sentence]}``, from which the actions decide: answer, ask, propose or decline. A talk intent
    that is not likely becomes ``nlu_fallback``.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {
            "weights": [1.0, 1.0, 1.0, 2.0],
            "sharpness": 2.0,
            "ridge": 0.2,
            "talk_threshold": 0.45,
        }

    def train(self, training_data: TrainingData) -> Resource:
        # What is said in the middle of a démarche is no topic: its acts are learnt apart.
        # Nor is a facet without its subject, as stories name questions.
        full = {m.get_full_intent() for m in training_data.intent_examples}
        facets = {facet_of(topic) for topic in full if "/" in topic} - {ELLIPSIS}
        asked = [
            m
            for m in training_data.intent_examples
            if m.get_full_intent() not in facets | {IN_DEMARCHE}
        ]
        examples = [_utterance(m, m.get(TEXT)) for m in asked]
        topics = [m.get_full_intent() for m in asked]
        kernel = MessageKernel(
            WordVectors.from_spacy(), self._config["weights"], self._config["sharpness"]
        )
        self._model = TopicModel(kernel, self._config["ridge"])
        self._model.fit(examples, topics)
        return self._kept(self._model, self._model.fingerprint())

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and self._model is not None:
                self._understand(message, text[:MAX_CHARACTERS])
        return messages

    def _understand(self, message: Message, text: str) -> None:
        parts = _parts(text)
        whole, *others = self._model.rank([_utterance(message, t) for t in [text, *parts]])
        intents = _by_intent(whole)
        name, confidence = intents[0]
        if "/" not in whole.topics[0][0] and (
            confidence < self._config["talk_threshold"] or _only_opens(text, whole)
        ):
            name = FALLBACK
        message.set(INTENT, {"name": name, "confidence": confidence}, add_to_output=True)
        message.set(
            INTENT_RANKING_KEY,
            [{"name": n, "confidence": c} for n, c in intents],
            add_to_output=True,
        )
        understanding = self._as_dict(text, whole)
        understanding["parts"] = [self._as_dict(t, r) for t, r in zip(parts, others)]  # noqa: B905
        message.set("understanding", understanding, add_to_output=True)

    def _as_dict(self, text: str, ranking: Ranking) -> Dict[str, Any]:
        return {
            "text": text,
            "topics": [list(pair) for pair in ranking.topics],
            "facets": [list(pair) for pair in ranking.facets],
            "subjects": [list(pair) for pair in ranking.subjects],
            "similarity": ranking.similarity,
            "known": round(self._model.kernel.known_share(text), DECIMALS),
        }


def _only_opens(text: str, ranking: Ranking) -> bool:
    """Whether a courtesy merely opens (or closes) a message that also asks something."""
    asks = any("/" in topic and p >= ASKS_TOO for topic, p in ranking.topics)
    return ranking.topics[0][0] in COURTESIES and len(words(text)) > LONGEST_COURTESY and asks


def _utterance(message: Message, text: str) -> Utterance:
    """A message's text, or one of its sentences, with the lemmas of its words."""
    start = max(0, message.get(TEXT).find(text))
    tokens = message.get(TOKENS_NAMES[TEXT]) or []
    inside = [t for t in tokens if start <= t.start < start + len(text)]
    return Utterance(text, tuple(t.lemma for t in inside if t.text.isalnum()))


def _parts(text: str) -> List[str]:
    """The sentences worth reading apart; none when the message is a single one."""
    found = [s for s in sentences(text) if len(words(s)) >= SHORTEST_PART]
    return found[:MAX_PARTS] if len(sentences(text)) > 1 else []


def _by_intent(ranking: Ranking) -> List[Tuple[str, float]]:
    """The facets' ranking; the best topic's comes first, whatever its rank."""
    best = facet_of(ranking.topics[0][0])
    return sorted(ranking.facets, key=lambda pair: (pair[0] != best, -pair[1]))
