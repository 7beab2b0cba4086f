"""The stories of ``bot/data`` happen as they are told: each is played through the API.

Rasa's slots mirror where the talk stands: what a story sets is compared with what the last card
shows. Between two turns, what a story does not set again is still so.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from knowledge.check_training import TALK, count_examples
from repere.client import Conversation
from repere.settings import ROOT

DATA = ROOT / "bot" / "data"
FLOWS = {
    "duplicata", "duplicata_vol", "cession", "changement_adresse", "changement_titulaire",
    "complementaire", "permis_inscription", "permis_titre_examen", "permis_titre_formation",
}  # fmt: skip
IN_DEMARCHE = "dans_demarche"

Slots = dict[str, str | None]


@dataclass(frozen=True)
class Turn:
    """What is said, what it is understood as, the slots that the story then sets."""

    said: str
    intent: str
    sets: Slots


def _turns(steps: list[dict[str, Any]]) -> list[Turn]:
    """The turns of a story: what a person says, ``action_tour``, and the slots if any are set."""
    turns = []
    for step in steps:
        if "user" in step:
            turns.append(Turn(step["user"], step["intent"], {}))
        elif "slot_was_set" in step:
            turns[-1].sets.update({k: v for one in step["slot_was_set"] for k, v in one.items()})
        else:
            assert step == {"action": "action_tour"}
    return turns


def _read() -> dict[str, list[Turn]]:
    data = yaml.safe_load((DATA / "stories.yml").read_text(encoding="utf-8"))
    return {story["story"]: _turns(story["steps"]) for story in data["stories"]}


STORIES = _read()


def shown(said: list[dict[str, Any]]) -> Slots:
    """The slots as cards show them: the démarche and field last asked, the topic last answered."""
    last = said[-1]["card"]
    asked = last if last["kind"] in ("question", "recap") else {}
    slots: Slots = {"demarche": asked.get("demarche"), "champ": asked.get("slot")}
    for card in (message["card"] for message in said):
        if card["kind"] == "answer":
            slots["facette"], _, slots["sujet"] = card["topic"].partition("/")
    return slots


@pytest.mark.parametrize("story", STORIES)
def test_a_story_happens_as_it_is_told(story: str, conversation: Conversation) -> None:
    told: Slots = {"demarche": None, "champ": None}
    for turn in STORIES[story]:
        said = conversation.say(turn.said)
        told |= turn.sets
        expected = {slot: told[slot] for slot in ("demarche", "champ", *turn.sets)}
        found = shown(said)
        assert {slot: found.get(slot) for slot in expected} == expected, (turn.said, said)


def test_stories_tell_every_demarche_and_what_may_happen_in_one() -> None:
    turns = [turn for story in STORIES.values() for turn in story]
    assert {turn.sets["demarche"] for turn in turns if turn.sets.get("demarche")} == FLOWS
    assert len(STORIES) >= 12
    assert all(2 <= len(story) <= 8 for story in STORIES.values())


def test_intents_are_those_of_the_examples() -> None:
    """A question's is whole, with its subject: its facet alone would name nothing."""
    examples: Counter[str] = count_examples(DATA)
    for story in STORIES.values():
        for turn in story:
            known = turn.intent in TALK or ("/" in turn.intent and examples[turn.intent])
            assert turn.intent == IN_DEMARCHE or known, turn
