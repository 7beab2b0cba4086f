"""``python -m bench.choices``: choices told in people's own words: right, asked, unread, wrong.

The sentences under ``tests/evaluation/choices`` were written apart from the training examples.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bench.acts import SETS, Parse, share
from bot.dialogue import values
from bot.dialogue.acts import Value
from bot.heard import heard_from
from dossiers.form import form_of
from knowledge.query import KnowledgeBase
from knowledge.sheets_reader import read as read_sheets
from repere.running import running
from repere.settings import Settings
from repere.training import train

OUTCOMES = ("right", "asked", "unread", "wrong")


def read() -> list[dict[str, Any]]:
    return list(yaml.safe_load((SETS / "choices" / "open.yml").read_text(encoding="utf-8")))


def outcome(base: KnowledgeBase, parse: Parse, entry: dict[str, Any], today: date) -> str:
    """What becomes of an answer: kept right or wrong, said back for a yes, or not understood."""
    champ = form_of(base, entry["demarche"]).field(entry["slot"])
    assert champ is not None
    heard = heard_from(parse(entry["said"], "choice", entry["slot"]))
    told = values.of_message(champ, entry["said"], heard, today)
    if not isinstance(told, Value):
        return "unread"
    if told.doubt:
        return "asked"
    return "right" if told.value == entry["value"] else "wrong"


def judged(base: KnowledgeBase, parse: Parse, entries: Sequence[dict[str, Any]]) -> list[str]:
    today = Settings().calendar.today()
    return [outcome(base, parse, entry, today) for entry in entries]


def report(console: Console, base: KnowledgeBase, parse: Parse) -> None:
    entries = read()
    found = judged(base, parse, entries)
    table = Table("", *OUTCOMES, title="choices in people's own words")
    for slot in sorted({entry["slot"] for entry in entries}):
        own = Counter(o for e, o in zip(entries, found, strict=True) if e["slot"] == slot)
        table.add_row(slot, *(str(own[o]) for o in OUTCOMES))
    total = Counter(found)
    table.add_row("%", *(f"{share(total[o], len(found)):.1f}" for o in OUTCOMES))
    console.print(table)


def main() -> None:
    settings = Settings()
    train(settings)
    with running(settings.var / "evaluation") as repere:
        report(Console(width=100), KnowledgeBase(read_sheets()), repere.understood)


if __name__ == "__main__":
    main()
