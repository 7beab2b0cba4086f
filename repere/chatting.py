"""``repere chat``: a conversation in the terminal, through the public API as the page has it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape

from repere import asking
from repere.client import Conversation
from repere.running import for_the_occasion, is_ready
from repere.settings import Settings

QUIT, UNDERSTOOD = ":q", ":n"
HELP = "Un numéro prend le choix qui le porte ; « :n » montre ce qui a été compris ; « :q » quitte."
# Where the engine remembers the last turns of each conversation, under the var folder.
MEMORY = "trackers.db"
MOST_SHOWN = 3

Choice = dict[str, str]
Messages = list[dict[str, Any]]


@contextmanager
def guide(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The address of the Repère that runs here, or of one started to talk; its engine's memory."""
    address = f"http://{settings.host}:{settings.port}"
    if is_ready(address):
        yield address, settings.var / MEMORY
        return
    with for_the_occasion(settings) as started:
        yield started.url, started.var / MEMORY


def talk(url: str, memory: Path) -> None:
    """A conversation: lines are said, numbers take choices, until either side ends it."""
    console = Console()
    conversation = Conversation(url)
    try:
        console.print(f"[dim]{HELP}[/]")
        offered = _shown(console, conversation.first)
        while (typed := _typed()) is not None and typed != QUIT:
            if typed == UNDERSTOOD:
                console.print(*understood(memory, conversation.id), sep="\n", markup=False)
            elif typed:
                offered = _told(console, conversation, typed, offered)
        console.print("(fin de la conversation)")
    finally:
        conversation.close()


def _typed() -> str | None:
    """What is typed next; None at the end of the input."""
    try:
        return input("vous > ").strip()
    except EOFError:
        return None


def _told(
    console: Console, conversation: Conversation, typed: str, offered: list[Choice]
) -> list[Choice]:
    """Send what was typed, show what is said; the choices offered from then on."""
    try:
        said = conversation.send(_message(typed, offered))
    except httpx.HTTPStatusError as error:
        console.print(f"({escape(error.response.json()['detail'])})")
        return offered
    if not said:
        console.print("(Votre message est transmis à l’agent.)")
    return _shown(console, said)


def _message(typed: str, offered: list[Choice]) -> dict[str, str]:
    """The choice of that number, if there is one; else a text."""
    numbers = {str(number): choice for number, choice in enumerate(offered, 1)}
    return {"choice": numbers[typed]["value"]} if typed in numbers else {"text": typed}


def _shown(console: Console, said: Messages) -> list[Choice]:
    """Print messages, and their choices with the numbers that take them."""
    asking.show(console, [_printed(message) for message in said])
    offered = [choice for message in said for choice in _choices(message)]
    for number, choice in enumerate(offered, 1):
        console.print(f"  [cyan]{number} → {escape(choice['label'])}[/]")
    return offered


def _choices(message: dict[str, Any]) -> list[Choice]:
    return (message["card"] or {}).get("choices") or []


def _printed(message: dict[str, Any]) -> dict[str, Any]:
    """A message as it is printed: who says it; the documents of a question each named once."""
    card = {**(message["card"] or {}), "choices": None}
    if card.get("kind") != "answer":
        cited = {source["document"]: source for source in reversed(card.get("sources") or [])}
        card["sources"] = [*reversed(cited.values())]
    return {**message, "text": f"repère > {message['text']}", "card": card}


def understood(memory: Path, conversation: str) -> list[str]:
    """What the engine understood of the last message, at the stage where it was said."""
    if not memory.exists():
        return [f"La mémoire du moteur n’est pas ici ({memory})."]
    parsed = _last_parsed(memory, conversation)
    if parsed is None:
        return ["Rien n’a encore été dit."]
    told = parsed.get("metadata") or {}
    intent = parsed["intent"]
    lines = [
        f"étape : {told.get('stage') or '—'}",
        f"intention : {_share(intent['name'], intent['confidence'])}",
    ]
    if topics := (parsed.get("understanding") or {}).get("topics"):
        lines.append(f"sujets : {_shares(topics)}")
    if acts := (parsed.get("dialogue_acts") or {}).get("whole"):
        lines.append(f"actes : {_shares(acts.items())}")
    return [f"  {line}" for line in lines]


def _last_parsed(memory: Path, conversation: str) -> dict[str, Any] | None:
    """The engine's parse of the last message of a conversation."""
    query = "SELECT events FROM tracker WHERE conversation = ?"
    with closing(sqlite3.connect(f"{memory.resolve().as_uri()}?mode=ro", uri=True)) as database:
        row = database.execute(query, (conversation,)).fetchone()
    events = json.loads(row[0]) if row else []
    said = [event["parse_data"] for event in events if event["event"] == "user"]
    return said[-1] if said else None


def _shares(ranked: Any) -> str:
    best = sorted(ranked, key=lambda pair: -pair[1])[:MOST_SHOWN]
    return ", ".join(_share(name, share) for name, share in best)


def _share(name: str, share: float) -> str:
    return f"{name} {share:.2f}".replace(".", ",")
