"""Learns a part of the training data, on Rasa's Python, and prints what is then predicted.

``python -m tests.bot.small_training SEED``: the examples come in an order drawn from SEED. Run by
test_reproducible.py with other threads and processors, which libraries take from the environment.
"""

import json
import random
import sys
import tempfile
from dataclasses import astuple
from pathlib import Path

import spacy
import yaml

from bot.nlu.act_classifier import act_examples, binding_examples
from bot.nlu.act_model import ActModel
from bot.nlu.encoder import Encoder
from bot.nlu.features import MessageKernel, Utterance, WordVectors
from bot.nlu.kept_vectors import KeptVectors
from bot.nlu.topic_model import TopicModel

DATA = Path("bot/data/nlu")
FILES = ("codes.yml", "situations.yml", "suivi.yml")
EVERY = 3
ACTS_EVERY = 40
HELD = 20  # one in so many is not learnt, and asked


def told():
    """(text, topic) of the files."""
    for name in FILES:
        for block in yaml.safe_load((DATA / name).read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines() if "intent" in block else ():
                yield line.removeprefix("- ").strip(), block["intent"]


def utterances(texts):
    nlp = spacy.load("fr_core_news_sm", exclude=["ner", "parser"])
    read = nlp.pipe(text.lower() for text in texts)
    for text, document in zip(texts, read, strict=True):
        yield Utterance(text, tuple(t.lemma_ for t in document if t.text.isalnum()))


def trained(vectors, pairs):
    model = TopicModel(MessageKernel(vectors, [1.0, 1.0, 1.0, 2.0], 2.0), 0.2)
    model.fit([example for example, _ in pairs], [topic for _, topic in pairs])
    return model


def acts_fingerprint(shuffled):
    """What a few examples of acts and of one binding act teach, in another order."""
    examples = act_examples()[::ACTS_EVERY]
    consent = binding_examples(examples)["consent"][::8]
    asked = sorted(examples, key=lambda e: e.text)[::5]
    shuffled.shuffle(examples)
    shuffled.shuffle(consent)
    with tempfile.TemporaryDirectory() as folder:
        vectors = KeptVectors(Encoder(), Path(folder))
        model = ActModel()
        model.fit(examples, {"consent": consent}, vectors)
        return model.fingerprint(asked, vectors.vectors([e.text for e in asked]))


def main():
    chosen = [(text, topic) for text, topic in told() if text][::EVERY]
    texts, topics = zip(*chosen, strict=True)
    pairs = list(zip(utterances(texts), topics, strict=True))
    asked, learnt = [e for e, _ in pairs[::HELD]], [p for i, p in enumerate(pairs) if i % HELD]
    random.Random(int(sys.argv[1])).shuffle(learnt)
    vectors = WordVectors.from_spacy()
    model = trained(vectors, learnt)
    result = {
        "examples": len(learnt),
        "fingerprint": model.fingerprint(),
        "acts": acts_fingerprint(random.Random(int(sys.argv[1]))),
        "of fewer examples": trained(vectors, learnt[: -len(learnt) // 10]).fingerprint(),
        "predicted": [astuple(ranking) for ranking in model.rank(asked)],
        "alone": [astuple(model.rank([one])[0]) for one in asked],
        "probabilities": model.probabilities(asked).tolist(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
