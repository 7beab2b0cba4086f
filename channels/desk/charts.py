"""Charts as SVG, drawn by the server: no script, and a table says the same beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 640, 220
LEFT, BOTTOM, TOP = 34, 24, 8
MOST_LABELS = 8
GAP = 0.25


@dataclass(frozen=True)
class Bar:
    """A part of a stacked bar; ``series`` is the rank of its colour."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True)
class Mark:
    """A label of an axis, at a place along it."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Stacked bars, one a day; ``rows`` are the same numbers for the table."""

    title: str
    names: tuple[str, ...]
    days: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bars: tuple[Bar, ...]
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM

    @property
    def empty(self) -> bool:
        return not self.bars


def stacked(title: str, days: Sequence[date], series: Mapping[str, Sequence[int]]) -> Chart:
    """A chart of several counts a day."""
    names = tuple(series)
    totals = [sum(values[rank] for values in series.values()) for rank in range(len(days))]
    top = _round_up(max(totals, default=0))
    step = (WIDTH - LEFT) / max(1, len(days))
    scale = (HEIGHT - TOP - BOTTOM) / top
    bars: list[Bar] = []
    for rank, day in enumerate(days):
        y = float(HEIGHT - BOTTOM)
        for colour, name in enumerate(names):
            count = series[name][rank]
            if not count:
                continue
            y -= count * scale
            x = LEFT + rank * step + step * GAP / 2
            said = f"{day:%d/%m} : {count} {name}"
            size = (round(step * (1 - GAP), 2), round(count * scale, 2))
            bars.append(Bar(round(x, 2), round(y, 2), *size, colour, said))
    every = max(1, -(-len(days) // MOST_LABELS))
    return Chart(
        title=title,
        names=names,
        days=tuple(f"{day:%d/%m/%Y}" for day in days),
        rows=tuple(
            (f"{day:%d/%m/%Y}", *(str(series[name][rank]) for name in names))
            for rank, day in enumerate(days)
        ),
        bars=tuple(bars),
        across=tuple(
            Mark(round(LEFT + (rank + 0.5) * step, 2), f"{day:%d/%m}")
            for rank, day in enumerate(days)
            if rank % every == 0
        ),
        up=tuple(
            Mark(round(HEIGHT - BOTTOM - value * scale, 2), str(value))
            for value in sorted({0, top // 2, top})
        ),
    )


def _round_up(value: int) -> int:
    """The top of the scale: the next of 1, 2, 5, 10, 20, 50…"""
    top = 1
    while True:
        for factor in (1, 2, 5):
            if top * factor >= value:
                return top * factor
        top *= 10
