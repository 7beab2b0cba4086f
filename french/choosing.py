"""From the candidates of the lattice to a reading: sure, to be confirmed, or nothing."""

from collections.abc import Callable, Sequence

from french.lattice import Candidate
from french.reading import Reading, listed, refused, sure, unsure

MARGIN = 1.6  # a reading this close to the best one is asked about
RISKY = 2.5  # as much guesswork as this is confirmed
HOPELESS = 6.0  # and as much as this is no reading


def choose(
    candidates: Sequence[Candidate],
    shown: Callable[[str], str],
    problem: str,
    margin: float = MARGIN,
) -> Reading:
    """The best candidate, with its rivals and a doubt where they are too close."""
    distinct: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda item: (item.cost, item.value)):
        if candidate.risk < HOPELESS:
            distinct.setdefault(candidate.value, candidate)
    usable = list(distinct.values())
    if not usable:
        return refused(problem)
    best = usable[0]
    rivals = [other.value for other in usable[1:] if other.cost - best.cost < margin]
    if rivals:
        return unsure(best.value, between([best.value, *rivals], shown), rivals)
    if best.risk >= RISKY:
        return unsure(best.value, confirm(best.value, shown))
    return sure(best.value)


def confirm(value: str, shown: Callable[[str], str]) -> str:
    return f"J’ai compris {shown(value)}. Est-ce bien cela ?"


def between(values: Sequence[str], shown: Callable[[str], str]) -> str:
    first, *others = [shown(value) for value in values[:4]]
    return f"J’ai compris {first}, mais ce pourrait être {listed(others)}. Lequel est le bon ?"
