"""The evaluation set stays apart: none of its sentences is in the training data."""

import re

from bench.evaluate import dialogues, questions
from bench.scoring import plain
from repere.settings import ROOT

# Shorter messages (« merci », « et pour la cession ? ») are everybody's.
SHORTEST = 5


def normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", plain(text)))


def test_no_evaluated_sentence_is_trained_on() -> None:
    asked = [entry["question"] for entry in questions()]
    asked += [turn["user"] for dialogue in dialogues() for turn in dialogue["turns"]]
    evaluated = {normal(text) for text in asked if len(normal(text).split()) >= SHORTEST}
    trained = {
        normal(line.strip().removeprefix("- "))
        for path in (ROOT / "bot" / "data").rglob("*.yml")
        if path.name != "details.yml"  # phrases to look up, not sentences to learn
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("    - ")
    }
    assert len(evaluated) > 500
    assert not evaluated & trained
