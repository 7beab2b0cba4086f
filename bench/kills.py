"""Kills at random moments: ``python -m bench.kills``. No answer received may be lost or doubled.

People made up at random carry démarches over the public API while the engine or the application is
killed (SIGKILL), or the engine frozen until its turns are given up. They send their message again
with the same client id, sometimes go on from another conversation with the dossier's number and
code; what they were told is noted must be in the dossier, each answer once, at its own field.
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.citizen import Citizen, Journal
from bench.people import DEMARCHES, person
from bench.site import Part, Site
from dossiers.form import form_of
from dossiers.register import Dossiers
from knowledge.query import KnowledgeBase
from knowledge.sheets_reader import read
from repere.database import dossiers_in, open_database

ENGINE_SHARE = 0.03
FREEZE_SHARE = 0.03
FREEZE_SECONDS = 6.0  # longer than a turn is waited for
# A kill comes at a random moment after a random number of replies, whatever the machine's speed.
MOST_REPLIES = 6
LONGEST_MOMENT = 0.6
LONGEST_CALM = 30.0
PATIENCE_SECONDS = 600


@dataclass
class Results:
    """What was done to the processes, and how long they were away."""

    mishaps: Counter[str] = field(default_factory=Counter)
    away: dict[str, list[float]] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--var", type=Path, help="folder of the run (a temporary one by default)")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = asked.var or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site = Site(folder)
        stack.callback(site.stop)
        journal, results = run(site, asked.kills, asked.people, asked.seed)
    show(journal, results)
    sys.exit(1 if journal.problems else 0)


def run(site: Site, kills: int, people: int, seed: int) -> tuple[Journal, Results]:
    """Kill that many times while that many people go through démarches; then let them finish."""
    site.start("engine")
    site.start("application")
    site.wait_ready()
    journal, results, ended = Journal(), Results(), threading.Event()
    kept = kept_dossiers(site)
    crowd = [
        threading.Thread(target=_live, args=(site, kept, journal, seed * 1000 + n, ended))
        for n in range(people)
    ]
    for someone in crowd:
        someone.start()
    try:
        _mishaps(site, kills, Random(seed), results, journal)  # noqa: S311
    except KeyboardInterrupt:
        site.wait_ready()  # the figures of what was done so far
    finally:
        ended.set()
        for someone in crowd:
            someone.join(PATIENCE_SECONDS)
    for someone in crowd:
        if someone.is_alive():
            journal.problem("stuck: a person could not finish her démarche")
    return journal, results


def kept_dossiers(site: Site) -> Dossiers:
    """The register of a site that runs, looked into from outside."""
    return dossiers_in(open_database(site.settings.resolved_database_url), site.settings)


def _live(site: Site, kept: Dossiers, journal: Journal, seed: int, ended: threading.Event) -> None:
    """One démarche after the other, until the kills are over."""
    random = Random(seed)  # noqa: S311
    base = KnowledgeBase(read())
    while not ended.is_set():
        form = form_of(base, random.choice(DEMARCHES))
        citizen = Citizen(site.url, person(form, random, kept.today()), random, journal, kept)
        citizen.carry_through()


def _mishaps(site: Site, kills: int, random: Random, results: Results, journal: Journal) -> None:
    with _progress() as progress:
        task = progress.add_task("Kills", total=kills)
        while results.mishaps["engine"] + results.mishaps["application"] < kills:
            _wait_for_replies(journal, random.randint(0, MOST_REPLIES))
            time.sleep(random.uniform(0.0, LONGEST_MOMENT))
            started = time.monotonic()
            kind = _mishap(site, random)
            site.wait_ready()
            results.mishaps[kind] += 1
            results.away.setdefault(kind, []).append(time.monotonic() - started)
            journal.check_all()
            if kind != "frozen engine":
                progress.advance(task)


def _wait_for_replies(journal: Journal, count: int) -> None:
    """Until that many replies have been received since the last kill."""
    wanted = journal.counted["replies"] + count
    deadline = time.monotonic() + LONGEST_CALM
    while journal.counted["replies"] < wanted and time.monotonic() < deadline:
        time.sleep(0.02)


def _mishap(site: Site, random: Random) -> str:
    drawn = random.random()
    if drawn < FREEZE_SHARE:
        os.kill(site.pid("engine"), signal.SIGSTOP)
        time.sleep(FREEZE_SECONDS)
        os.kill(site.pid("engine"), signal.SIGCONT)
        return "frozen engine"
    part: Part = "engine" if drawn < FREEZE_SHARE + ENGINE_SHARE else "application"
    site.kill(part)
    site.start(part)
    return part


@contextlib.contextmanager
def _progress() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        yield progress


def show(journal: Journal, results: Results) -> None:
    console = Console()
    table = Table("Mishap", "Times", "Median absence (s)", "Longest (s)", title="Mishaps")
    for kind, times in results.mishaps.items():
        away = sorted(results.away[kind])
        table.add_row(kind, str(times), f"{away[len(away) // 2]:.1f}", f"{away[-1]:.1f}")
    console.print(table)
    table = Table("What", "How many", title="Answers")
    for what, count in journal.counts():
        table.add_row(what, str(count))
    console.print(table)
    for problem in journal.problems:
        console.print(f"[red]{problem}[/]", highlight=False)


if __name__ == "__main__":
    main()
