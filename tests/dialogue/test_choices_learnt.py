"""The examples of choices fit the questions of the sheets, and teach what was never said."""

from collections import Counter

import pytest
import yaml

from bench import acts, choices
from bench.acts import share
from bot.dialogue.values import CHOICE_SURE
from bot.heard import NO_CHOICE
from knowledge.query import KnowledgeBase
from repere.running import Running
from repere.settings import ROOT

EXAMPLES = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "bot" / "data" / "choices").glob("*.yml"))
}
LEAST = 25
LEAST_RIGHT, MOST_WRONG = 80.0, 3.0  # percent
MOST_MADE_UP = 3.0  # percent of agreements, taken for a choice that they don't make


@pytest.fixture(scope="module")
def fields(base: KnowledgeBase) -> dict[str, set[str]]:
    """The choices of each question of the sheets, in all the démarches that ask it."""
    found: dict[str, set[str]] = {}
    for sheet in base.sheets.values():
        for champ in sheet.flow.fields if sheet.flow else ():
            if champ.kind == "choice":
                found.setdefault(champ.id, set()).update(c.value for c in champ.choices)
    return found


def test_every_choice_has_examples(fields: dict[str, set[str]]) -> None:
    assert set(EXAMPLES) == set(fields)
    for slot, data in EXAMPLES.items():
        assert data["slot"] == slot
        assert set(data["examples"]) == fields[slot] | {NO_CHOICE}
        assert min(len(said) for said in data["examples"].values()) >= LEAST


def test_what_a_choice_is_called_teaches_it_too(base: KnowledgeBase) -> None:
    missing = [
        (champ.id, choice.value)
        for sheet in base.sheets.values()
        for champ in (sheet.flow.fields if sheet.flow else ())
        for choice in (champ.choices if champ.kind == "choice" else ())
        if choice.label not in EXAMPLES[champ.id]["examples"][choice.value]
    ]
    assert missing == []


def test_no_sentence_makes_two_choices() -> None:
    for slot, data in EXAMPLES.items():
        said = Counter(text for texts in data["examples"].values() for text in set(texts))
        assert [text for text, count in said.items() if count > 1] == [], slot


def test_choices_are_understood_in_other_words(base: KnowledgeBase, running: Running) -> None:
    found = Counter(choices.judged(base, running.understood, choices.read()))
    total = sum(found.values())
    assert total >= 200
    assert share(found["right"], total) >= LEAST_RIGHT
    assert share(found["wrong"], total) <= MOST_WRONG


def test_agreeing_chooses_nothing(running: Running) -> None:
    said = [e["said"] for e in acts.read("acts", "open") if e["act"] in ("affirm", "accept")]
    asked = [(slot, text) for slot in ("compte", "motif", "pour_qui") for text in said]
    made_up = [
        (slot, text)
        for slot, text in asked
        for choice, sure in running.understood(text, "choice", slot)["choices"].items()
        if choice != NO_CHOICE and sure >= CHOICE_SURE
    ]
    assert len(asked) >= 150
    assert share(len(made_up), len(asked)) <= MOST_MADE_UP, made_up
