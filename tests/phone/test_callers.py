"""Whole démarches by simulated callers, misheard now and then (more of them: bench/callers.py)."""

import random

from bench.callers import Caller, End, Habits, personas, report
from bench.callers import run as run_callers
from knowledge.query import KnowledgeBase
from repere.running import Running

SEED = 20261121


def test_one_caller_of_each_demarche_gets_to_its_end(running: Running, token: str) -> None:
    outcomes = run_callers(running.url, token, SEED, per_demarche=1)
    told = report(outcomes)
    assert [outcome.end for outcome in outcomes] == [End.COMPLETE] * 8, told
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
