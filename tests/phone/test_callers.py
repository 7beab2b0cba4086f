"""Whole démarches by simulated callers, misheard now and then (more of them: bench/callers.py)."""

import random

import pytest

from bench.callers import Caller, End, Habits, personas, report
from bench.callers import run as run_callers
from knowledge.query import KnowledgeBase
from knowledge.sheets_reader import read
from repere.running import Running

SEED = 20261121


@pytest.fixture(scope="module")
def base() -> KnowledgeBase:
    return KnowledgeBase(read())


def test_one_caller_of_each_demarche_gets_to_its_end(running: Running, token: str) -> None:
    outcomes = run_callers(running.url, token, SEED, per_demarche=1)
    assert len(outcomes) == 8
    told = report(outcomes)
    assert sum(outcome.end is End.COMPLETE for outcome in outcomes) >= 7, told
    assert not [outcome for outcome in outcomes if outcome.end is End.DEAD_END], told
    assert not [what for outcome in outcomes for what in outcome.wrong], told


def test_a_caller_who_hangs_up_calls_back_and_goes_on(
    running: Running, token: str, base: KnowledgeBase
) -> None:
    name, persona = next(entry for entry in personas() if entry[0].startswith("duplicata"))
    habits = Habits(noise=0.0, dropped=0.0, silence=0.0, hang_up=1.0, slip=0.0)
    caller = Caller(base, name, persona, random.Random(SEED), habits)
    outcome = caller.calls(running.url, token)
    assert outcome.calls == 2, outcome.talk
    assert outcome.end is End.COMPLETE, outcome.talk
    assert not outcome.wrong
