"""How long a caller waits for us: what a turn costs, whatever else the machine does meanwhile."""

import statistics
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from calls import Calling

from repere.running import Running

TURNS = (
    "je voudrais faire un duplicata de carte grise avec vous",
    "elle est perdue",
    "pour moi",
    "compte certifié",
    "répétez",
    "a b 123 c d",
    "oui",
    "pourquoi",
    "attendez",
    "c'est bon",
)
CALLS = 4
P95_SECONDS = 0.3
MEDIAN_SECONDS = 0.1
IDLE_SECONDS = 0.3


class Spent(NamedTuple):
    """Seconds of a process's threads on a processor, and ready but kept from it."""

    running: float
    queued: float


def test_our_share_of_a_turn_is_short(calling: Calling, running: Running) -> None:
    """Processor time, which a busy machine does not lengthen; and nothing is waited for idly."""
    own: list[float] = []
    idle: dict[str, list[float]] = defaultdict(list)
    for _ in range(CALLS):
        call = calling()
        for text in TURNS:
            ours, its = spent(running.process.pid), spent(running.engine_pid())
            assert call.say(text).text
            ours = since(ours, spent(running.process.pid))
            its = since(its, spent(running.engine_pid()))
            own.append(ours.running)
            idle[text].append(call.seconds[-1] - sum(ours) - sum(its))
        call.hang_up()
    assert statistics.quantiles(own, n=20)[-1] < P95_SECONDS
    assert statistics.median(own) < MEDIAN_SECONDS
    least = {text: min(waits) for text, waits in idle.items()}
    assert max(least.values()) < IDLE_SECONDS, least


def spent(process: int) -> Spent:
    threads = [
        path.read_text("ascii") for path in Path(f"/proc/{process}/task").glob("*/schedstat")
    ]
    ran, queued = (sum(int(t.split()[field]) for t in threads) / 1e9 for field in (0, 1))
    return Spent(ran, queued)


def since(before: Spent, after: Spent) -> Spent:
    return Spent(after.running - before.running, after.queued - before.queued)
