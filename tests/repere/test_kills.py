"""Either process killed (SIGKILL) at each step of a flow: nobody loses or doubles an answer."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from bench.citizen import Citizen, Journal
from bench.kills import kept_dossiers
from bench.people import person
from bench.site import Site
from dossiers.form import form_of
from dossiers.register import Dossiers
from knowledge.query import KnowledgeBase
from knowledge.sheets_reader import read

STEPS = 8  # four questions, a pièce, the récapitulatif, the conditions, the payment
FROZEN_SECONDS = 6.0  # longer than a turn is waited for


@pytest.fixture(scope="module")
def kept(site: Site) -> Dossiers:
    return kept_dossiers(site)


@pytest.fixture
def crowd(site: Site, kept: Dossiers) -> tuple[Journal, list[Citizen]]:
    """One person at each step of a theft's duplicata, that has everything."""
    journal = Journal()
    form = form_of(KnowledgeBase(read()), "duplicata")
    everybody = []
    for step in range(STEPS):
        random = Random(step)
        who = person(form, random, kept.today(), motif="vol")
        citizen = Citizen(site.url, who, random, journal, kept)
        citizen.begin()
        for _ in range(step):
            assert citizen.step()
        everybody.append(citizen)
    return journal, everybody


Mishap = Callable[[Site], None]


def application_killed(site: Site) -> None:
    """Three times, at other moments of the turns."""
    for delay in (0.05, 0.3, 0.8):
        time.sleep(delay)
        site.kill("application")
        site.start("application")
        site.wait_ready()


def engine_frozen(site: Site) -> None:
    """Its turns are given up, and it wakes with them."""
    os.kill(site.pid("engine"), signal.SIGSTOP)
    time.sleep(FROZEN_SECONDS)
    os.kill(site.pid("engine"), signal.SIGCONT)


def engine_killed_and_its_memory_lost(site: Site) -> None:
    """Where a conversation stands is kept with its dossier."""
    time.sleep(0.4)
    site.kill("engine")
    for file in site.settings.var.glob("trackers.db*"):
        file.unlink()
    site.start("engine")
    site.wait_ready()


@pytest.mark.parametrize(
    "mishaps",
    [(application_killed, engine_frozen), (engine_killed_and_its_memory_lost,)],
    ids=["application", "engine"],
)
def test_nobody_loses_or_doubles_an_answer(
    mishaps: tuple[Mishap, ...], site: Site, crowd: tuple[Journal, list[Citizen]]
) -> None:
    journal, everybody = crowd
    for mishap in mishaps:
        with ThreadPoolExecutor(STEPS) as pool:
            answers = [pool.submit(citizen.step) for citizen in everybody]
            mishap(site)
            for answer in answers:
                answer.result()
        journal.check_all()
    for citizen in everybody:
        while citizen.step():
            pass
        citizen.check_end()
    assert journal.problems == []
    assert journal.counted["messages sent again"]
