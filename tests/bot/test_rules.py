"""Rasa's own data: valid for Rasa, and in step with our actions and sheets."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.actions.turn_action import ActionTour
from repere.settings import ROOT
from repere.training import ENGINE_PYTHON, engine_environment

DATA = ROOT / "bot" / "data"


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def domain() -> Any:
    return _read(ROOT / "domain.yml")


@pytest.fixture(scope="module")
def stories() -> list[Any]:
    return [
        *_read(DATA / "rules.yml")["rules"],
        *_read(DATA / "stories.yml")["stories"],
    ]


def _steps(story: Any, key: str) -> set[str]:
    steps = [inner for step in story["steps"] for inner in step.get("or", [step])]
    return {step[key].partition("/")[0] for step in steps if key in step}


def test_rasa_finds_the_data_valid() -> None:
    """No error, no warning of the validator, no conflict between stories and rules."""
    done = subprocess.run(
        [
            str(ENGINE_PYTHON), "-m", "rasa", "data", "validate", "--fail-on-warnings",
            "--domain", "domain.yml", "--data", "bot/data", "--config", "config.yml",
        ],
        cwd=ROOT,
        env=engine_environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-4000:]
    assert "No story structure conflicts found" in said


def test_every_intent_is_answered_by_a_rule(domain: Any, stories: list[Any]) -> None:
    answered = set().union(*(_steps(rule, "intent") for rule in stories if "rule" in rule))
    assert answered == set(domain["intents"])


def test_actions_are_those_that_exist(domain: Any, stories: list[Any]) -> None:
    ours = {ActionTour.name(None)}  # type: ignore[arg-type]
    assert set(domain["actions"]) == ours
    spoken = set().union(*(_steps(story, "action") for story in stories))
    assert spoken <= ours | {"action_listen"}


def test_stories_are_conversations(stories: list[Any]) -> None:
    """Real multi-turn stories, not one-turn copies of the rules."""
    told = [story for story in stories if "story" in story]
    assert len(told) >= 10
    for story in told:
        turns = [step for step in story["steps"] if "intent" in step]
        assert len(turns) >= 2, story["story"]
