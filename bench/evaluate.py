"""``make evaluate``: the held-apart questions and dialogues, through the public API.

Prints figures by expectation, register and type of question, draws the confusions under ``var/``,
and fails when a floor is not reached or when one topic steals another's questions (over-match).
"""

import argparse
import json
import statistics
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench import scoring
from bench.picture import draw_confusions
from repere.client import Conversation
from repere.running import running
from repere.settings import ROOT, Settings
from repere.training import train

SET = ROOT / "tests" / "evaluation"
# The least that is accepted, in percent (the most, for wrong answers).
FLOORS = {"answered": 90.0, "wrong": 3.0, "declined": 95.0, "asked": 90.0, "dialogue turns": 88.0}
TELL_EVERY = 10
MOST_STOLEN = 3  # questions of one topic that another may answer before the gate closes


@dataclass(frozen=True)
class Judged:
    """An entry, what was said to it, the verdict, and the seconds it took."""

    entry: dict[str, Any]
    said: list[dict[str, Any]]
    verdict: scoring.Verdict
    seconds: float


def questions(folder: Path = SET) -> list[dict[str, Any]]:
    """All single questions of the set, each with its theme."""
    return [
        entry | {"theme": path.stem}
        for path in sorted((folder / "questions").glob("*.yml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def dialogues(folder: Path = SET) -> list[dict[str, Any]]:
    return [
        dialogue
        for path in sorted((folder / "dialogues").glob("*.yml"))
        for dialogue in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def ask(url: str, entry: dict[str, Any]) -> Judged:
    """Ask one question in a conversation of its own."""
    conversation = Conversation(url)
    started = time.perf_counter()
    said = conversation.say(entry["question"])
    seconds = time.perf_counter() - started
    conversation.close()
    return Judged(entry, said, scoring.judge(entry, said), seconds)


def talk(url: str, dialogue: dict[str, Any]) -> list[Judged]:
    """Play one dialogue; every turn is judged."""
    conversation = Conversation(url)
    judged = []
    for turn in dialogue["turns"]:
        said = conversation.say(turn["user"])
        entry = turn | {"question": f"[{dialogue['name']}] {turn['user']}"}
        judged.append(Judged(entry, said, scoring.judge(turn, said), 0.0))
    conversation.close()
    return judged


def figures(asked: list[Judged], turns: list[Judged]) -> dict[str, float]:
    """The shares, in percent, that the floors are about."""

    def share(judged: list[Judged], *outcomes: str) -> float:
        kept = sum(j.verdict.outcome in outcomes for j in judged)
        return 100 * kept / len(judged) if judged else 100.0

    def of(expectation: str) -> list[Judged]:
        return [j for j in asked if j.entry["expects"] == expectation]

    return {
        "answered": share(of("answer"), scoring.RIGHT),
        "wrong": share(of("answer"), scoring.WRONG),
        "declined": share(of("decline"), scoring.RIGHT),
        "asked": share(of("clarify"), scoring.RIGHT),
        "talk": share(of("smalltalk"), scoring.RIGHT),
        "dialogue turns": share(turns, scoring.RIGHT),
    }


def stolen(asked: list[Judged]) -> Counter[tuple[str, str]]:
    """(expected topic, topic that answered instead): how many questions were stolen."""
    pairs: Counter[tuple[str, str]] = Counter()
    for judged in asked:
        wanted = judged.entry.get("topics") or [judged.entry["expects"]]
        for topic in scoring.topics_of(judged.said):
            if judged.verdict.outcome == scoring.WRONG:
                pairs[wanted[0], topic] += 1
    return pairs


def over_matched(asked: list[Judged]) -> dict[tuple[str, str], int]:
    """The topics that answer so many questions of another that the gate closes."""
    return {pair: n for pair, n in stolen(asked).items() if n >= MOST_STOLEN}


def report(console: Console, asked: list[Judged], turns: list[Judged]) -> bool:
    """Print everything; whether every floor is reached and the over-match gate is open."""
    for key in ("expects", "register", "theme"):
        console.print(_table(asked, key))
    console.print(_by_intent(asked))
    shares = figures(asked, turns)
    reached = True
    for name, share in shares.items():
        floor = FLOORS.get(name)
        ok = floor is None or (share <= floor if name == "wrong" else share >= floor)
        reached = reached and ok
        console.print(f"{name:>15}: {share:5.1f} %  {'' if floor is None else f'(floor {floor})'}"
                      f"{'' if ok else '  NOT REACHED'}")  # fmt: skip
    lengths = sorted(len(m["text"]) for j in asked for m in j.said)
    times = sorted(j.seconds for j in asked)
    console.print(
        f"text: median {statistics.median(lengths):.0f}, p95 {lengths[int(0.95 * len(lengths))]}"
        f" characters; turn: median {1000 * statistics.median(times):.0f} ms,"
        f" p95 {1000 * times[int(0.95 * len(times))]:.0f} ms"
    )
    over = over_matched(asked)
    for (wanted, topic), count in over.items():
        console.print(f"over-match: {topic} answers {count} questions of {wanted}")
    return reached and not over


def _table(asked: list[Judged], key: str) -> Table:
    outcomes = [scoring.RIGHT, scoring.INCOMPLETE, scoring.ASKED, scoring.DECLINED,
                scoring.WRONG, scoring.MISSED]  # fmt: skip
    table = Table("", "n", *outcomes, title=key)
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for judged in asked:
        groups[judged.entry[key]][judged.verdict.outcome] += 1
    for name, counts in sorted(groups.items()):
        total = sum(counts.values())
        table.add_row(name, str(total), *(f"{100 * counts[o] / total:.0f} %" for o in outcomes))
    return table


def _by_intent(asked: list[Judged]) -> Table:
    """Precision and recall of each type of question, by the topic that answered."""
    table = Table("", "n", "precision", "recall", title="type of question")
    hits: Counter[str] = Counter()
    wanted_of: Counter[str] = Counter()
    said_of: Counter[str] = Counter()
    for judged in asked:
        wanted = {topic.partition("/")[0] for topic in judged.entry.get("topics") or []}
        said = {topic.partition("/")[0] for topic in scoring.topics_of(judged.said)}
        if judged.entry["expects"] != "answer":
            wanted = set()
        for facet in said:
            said_of[facet] += 1
            hits[facet] += facet in wanted
        if wanted:
            wanted_of[(said & wanted or {sorted(wanted)[0]}).pop()] += 1
    for facet in sorted(wanted_of):
        precision = 100 * hits[facet] / said_of[facet] if said_of[facet] else 0.0
        recall = 100 * hits[facet] / wanted_of[facet]
        table.add_row(facet, str(wanted_of[facet]), f"{precision:.0f} %", f"{recall:.0f} %")
    return table


def write_failures(path: Path, judged: list[Judged]) -> None:
    """One JSON line for each reply that is not right, for a person to read."""
    with path.open("w", encoding="utf-8") as file:
        for j in judged:
            if j.verdict.outcome == scoring.RIGHT:
                continue
            line = {
                "outcome": j.verdict.outcome,
                "question": j.entry["question"],
                "expects": j.entry["expects"],
                "topics": j.entry.get("topics"),
                "said": [(m["card"] or {}).get("topic") or scoring.kind_of(m) for m in j.said],
                "choices": [
                    c["value"] for m in j.said for c in (m["card"] or {}).get("choices") or []
                ],
                "missing": j.verdict.missing,
                "text": j.said[0]["text"][:160],
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a running Repère (one is started without it)")
    parser.add_argument("--json", type=Path, help="a file told of the progress, then the figures")
    arguments = parser.parse_args()
    console = Console(width=110)
    if arguments.url:
        sys.exit(0 if evaluate(arguments.url, console, arguments.json) else 1)
    settings = Settings()
    train(settings)
    with running(settings.var / "evaluation") as repere:
        sys.exit(0 if evaluate(repere.url, console, arguments.json) else 1)


def evaluate(url: str, console: Console, told: Path | None = None) -> bool:
    """Ask everything, report, draw; whether the floors are reached."""
    entries, scripts = questions(), dialogues()
    asked = []
    for done, entry in enumerate(track(entries, "Questions", console=console)):
        if told is not None and done % TELL_EVERY == 0:
            _tell(told, {"done": done, "of": len(entries)})
        asked.append(ask(url, entry))
    with ThreadPoolExecutor(2) as pool:
        turns = [t for played in pool.map(lambda d: talk(url, d), scripts) for t in played]
    folder = Settings().var
    write_failures(folder / "evaluation-failures.jsonl", asked + turns)
    picture = folder / "confusions.png"
    draw_confusions(asked, picture)
    reached = report(console, asked, turns)
    if told is not None:
        over = [f"{topic} for {wanted}: {n}" for (wanted, topic), n in over_matched(asked).items()]
        shares = {name: round(share, 1) for name, share in figures(asked, turns).items()}
        _tell(told, {"figures": shares, "floors": FLOORS, "over": over, "reached": reached})
    console.print(f"Failures: {folder / 'evaluation-failures.jsonl'}; confusions: {picture}")
    return reached


def _tell(path: Path, told: dict[str, Any]) -> None:
    """Whole or not at all: it is read meanwhile."""
    made = path.with_suffix(".part")
    made.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    made.replace(path)


if __name__ == "__main__":
    main()
