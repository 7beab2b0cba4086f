"""The confusions between types of question, drawn as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench import scoring

if TYPE_CHECKING:
    from bench.evaluate import Judged


def draw_confusions(asked: "Sequence[Judged]", path: Path) -> None:
    """A matrix: rows are what was due, columns what was said; darker is more."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np

    pairs = [(_due(judged), _said(judged)) for judged in asked]
    names = sorted({name for pair in pairs for name in pair})
    counts = np.zeros((len(names), len(names)))
    for due, said in pairs:
        counts[names.index(due), names.index(said)] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(11, 10))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("said")
    axes.set_ylabel("due")
    for row, column in zip(*np.nonzero(counts), strict=True):
        shade = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, f"{counts[row, column]:.0f}", ha="center", va="center", color=shade)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _due(judged: "Judged") -> str:
    """The facet due; the one that was said, when several would be right."""
    if judged.entry["expects"] != "answer":
        return str(judged.entry["expects"])
    wanted = [topic.partition("/")[0] for topic in judged.entry["topics"]]
    said = _said(judged)
    return said if said in wanted else wanted[0]


def _said(judged: "Judged") -> str:
    topics = scoring.topics_of(judged.said)
    return topics[0].partition("/")[0] if topics else scoring.kind_of(judged.said[0])
