"""What is said in the middle of a démarche, in words that taught nothing: floors, and no harm.

The sentences were written apart from the training examples. Most of them are sealed: only totals
are looked at, here as everywhere. The floors are for the first two sets; ``make evaluate`` tells
how far the third, written later, still is from them (docs/nlu.md).
"""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from bench import acts
from bench.acts import Judged
from bench.stages import Stages, stages_of
from french.plain import plain
from knowledge.query import KnowledgeBase
from repere.running import Running
from repere.settings import ROOT

SETS = ("open", "sealed")
LEAST_HANDLED = 90.0  # percent
MOST_ASKED_AGAIN = 10.0  # percent of the genuine binding acts
SHORTEST = 5


@pytest.fixture(scope="module")
def talks(base: KnowledgeBase, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(base, tmp_path_factory.mktemp("stages"))


@pytest.fixture(scope="module")
def traps(talks: Stages, running: Running) -> dict[str, list[Judged]]:
    return {name: acts.judge(talks, running.understood, acts.read("traps", name)) for name in SETS}


def test_every_stage_is_really_reached(talks: Stages) -> None:
    assert [(stage, real) for stage, real in stages_of(talks) if stage != real] == []


@pytest.mark.parametrize("name", SETS)
def test_no_trap_binds(traps: dict[str, list[Judged]], name: str) -> None:
    harmed = [judged for judged in traps[name] if acts.harmful(judged)]
    assert len(traps[name]) >= 300
    assert not harmed, _told(harmed, name)


@pytest.mark.parametrize("name", SETS)
def test_what_really_binds_is_rarely_asked_again(traps: dict[str, list[Judged]], name: str) -> None:
    assert acts.figures([], traps[name])["genuine asked again"] <= MOST_ASKED_AGAIN


@pytest.mark.parametrize("name", SETS)
def test_acts_are_handled(talks: Stages, running: Running, name: str) -> None:
    judged = acts.judge(talks, running.understood, acts.read("acts", name))
    assert len(judged) >= 800
    assert acts.figures(judged, [])["acts handled"] >= LEAST_HANDLED


def test_none_of_these_sentences_teaches() -> None:
    measured = {
        plain(entry["said"])
        for kind in ("acts", "traps")
        for name in acts.NAMES
        for entry in acts.read(kind, name)
    }
    taught = {plain(text) for path in _examples() for text in _texts(path)}
    long = {text for text in measured if len(text.split()) >= SHORTEST}
    assert len(long) > 1500
    assert len(long & taught) <= len(long) // 200  # the same short sentence may come to two minds


def _examples() -> list[Path]:
    return sorted((ROOT / "bot" / "data" / "acts").rglob("*.yml"))


def _texts(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    said = (re.match(r"\s+- (.*)", line) for line in lines)
    return [str(yaml.safe_load(match.group(1))) for match in said if match]


def _told(judged: Sequence[Judged], name: str) -> list[str] | int:
    """The sentences of an open set; of a sealed one, only how many they are."""
    if name == "sealed":
        return len(judged)
    return [f"{j.entry['stage']} {j.entry['binding']}: {j.entry['said']}" for j in judged]
