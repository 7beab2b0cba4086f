"""``python -m bench.acts``: acts and traps at every stage: handled, bound by mistake, asked again.

The sets under ``tests/evaluation/acts`` and ``traps`` were written apart. All but the open ones are
only ever counted: nothing here prints a sentence of theirs.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bench.stages import Stages
from bot.dialogue.acts import Act, Kind
from bot.dialogue.table import move_of
from knowledge.query import KnowledgeBase
from knowledge.sheets_reader import read as read_sheets
from repere.running import running
from repere.settings import ROOT, Settings
from repere.training import train

SETS = ROOT / "tests" / "evaluation"
# One to read, and two that are sealed: the last was written after everything was chosen.
NAMES = ("open", "sealed", "fresh")
# What an engine understands of a text said at a stage, of the field asked there.
Parse = Callable[[str, str, str], dict[str, Any]]
# The moves that each binding act must not make by mistake.
HARMFUL = {
    "validate": {"validate"},
    "consent": {"consent"},
    "has": {"have_piece"},
    "filed": {"report_filed", "report_paid"},
    "paid": {"report_paid", "report_filed"},
    "abandon": {"abandon"},
    "open": {"open_dossier"},
    "person": {"call_person"},
}
# What a genuine one does, beside its own move: abandoning is asked once more, always.
GENUINE = {**HARMFUL, "abandon": {"abandon", "ask_abandon"}}


@dataclass(frozen=True)
class Judged:
    """An entry of a set, the acts heard, and each one's move (asked first or not)."""

    entry: dict[str, Any]
    done: Sequence[tuple[Act, str, bool]]
    stage_moves: frozenset[str]

    @property
    def handled(self) -> bool:
        """Whether the act due, or another with the same move at this stage, was heard."""
        due = Kind(self.entry["act"])
        return any(
            act.kind is due or name in self.stage_moves or _answers_it(due, act)
            for act, name, _ in self.done
        )

    @property
    def moved(self) -> set[str]:
        """The moves made at once, without being asked for in so many words."""
        return {name for _, name, asked in self.done if not asked}


def _answers_it(due: Kind, act: Act) -> bool:
    """« pas de code » answers no to « avez-vous un code ? »; a new value corrects the old one."""
    others = any(value.slot and not value.asked for value in act.values)
    return act.kind is Kind.ANSWER and due in (Kind.LACK, Kind.CORRECT) and others


def read(kind: str, name: str, folder: Path = SETS) -> list[dict[str, Any]]:
    """A set: « acts » or « traps », by one of ``NAMES``."""
    text = (folder / kind / f"{name}.yml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text))


def judge(talks: Stages, parse: Parse, entries: Sequence[dict[str, Any]]) -> list[Judged]:
    """Every entry, said at its stage."""
    with ThreadPoolExecutor(2) as pool:
        understood = pool.map(
            lambda e: parse(e["said"], e["stage"], talks.slot(e["stage"])), entries
        )
        return [_judged(talks, e, said) for e, said in zip(entries, understood, strict=True)]


def _judged(talks: Stages, entry: dict[str, Any], understood: dict[str, Any]) -> Judged:
    done = talks.moves(entry["stage"], understood)
    stage = talks.scene(entry["stage"], understood).now.stage
    due = entry.get("act")
    moves = frozenset({move_of(stage, Kind(due))}) if due else frozenset()
    return Judged(entry, done, moves)


def harmful(judged: Judged) -> bool:
    """Whether a trap makes the move that it must not."""
    trap = judged.entry["kind"] != "genuine"
    return trap and bool(judged.moved & HARMFUL[judged.entry["binding"]])


def asked_again(judged: Judged) -> bool:
    """Whether a genuine act is not done at once."""
    genuine = judged.entry["kind"] == "genuine"
    return genuine and not judged.moved & GENUINE[judged.entry["binding"]]


def recall(judged: Sequence[Judged], by: str) -> dict[str, tuple[int, int]]:
    """How many are handled of how many, by act, stage or register."""
    total = Counter(str(j.entry[by]) for j in judged)
    good = Counter(str(j.entry[by]) for j in judged if j.handled)
    return {name: (good[name], count) for name, count in sorted(total.items())}


def share(done: int, of: int) -> float:
    return 100 * done / max(1, of)


def figures(acts: Sequence[Judged], traps: Sequence[Judged]) -> dict[str, float]:
    """The totals: acts handled (%), harmful moves (count), genuine ones asked again (%)."""
    genuine = [j for j in traps if j.entry["kind"] == "genuine"]
    return {
        "acts handled": share(sum(j.handled for j in acts), len(acts)),
        "harmful moves": float(sum(map(harmful, traps))),
        "genuine asked again": share(sum(map(asked_again, genuine)), len(genuine)),
    }


def report(console: Console, parse: Parse, folder: Path) -> None:
    """Print the figures of the sets; of the sealed ones, totals alone."""
    talks = Stages(KnowledgeBase(read_sheets()), folder)
    for name in NAMES:
        said = judge(talks, parse, read("acts", name))
        trapped = judge(talks, parse, read("traps", name))
        for by in ("act", "stage", "register"):
            console.print(_drawn(f"acts, {name}, by {by}", recall(said, by)))
        console.print(_drawn(f"over-match, {name}: acts heard instead", _heard_instead(said)))
        console.print(_drawn(f"traps, {name}: harmful", _by_binding(trapped, harmful)))
        console.print(_drawn(f"traps, {name}: asked again", _by_binding(trapped, asked_again)))
        for label, figure in figures(said, trapped).items():
            console.print(f"{name:>7} {label:>20}: {figure:6.1f}")


def _heard_instead(judged: Sequence[Judged]) -> dict[str, tuple[int, int]]:
    """For each act, how often it is heard in place of another, of all the times it is heard."""
    heard = Counter(str(act.kind) for j in judged for act, _, _ in j.done[:1])
    wrong = Counter(str(act.kind) for j in judged if not j.handled for act, _, _ in j.done[:1])
    return {name: (wrong[name], count) for name, count in sorted(heard.items())}


def _by_binding(
    judged: Sequence[Judged], found: Callable[[Judged], bool]
) -> dict[str, tuple[int, int]]:
    total = Counter(j.entry["binding"] for j in judged)
    hits = Counter(j.entry["binding"] for j in judged if found(j))
    return {name: (hits[name], count) for name, count in sorted(total.items())}


def _drawn(title: str, counts: dict[str, tuple[int, int]]) -> Table:
    table = Table("", "n", "%", title=title)
    for name, (done, of) in counts.items():
        table.add_row(name, f"{done}/{of}", f"{share(done, of):.0f}")
    return table


def main() -> None:
    settings = Settings()
    train(settings)
    with (
        tempfile.TemporaryDirectory(prefix="repere-") as folder,
        running(settings.var / "evaluation") as repere,
    ):
        report(Console(width=100), repere.understood, Path(folder))


if __name__ == "__main__":
    main()
