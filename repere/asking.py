"""``repere ask``: questions from the command line, answered by a real Repère."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape

from repere.client import Conversation
from repere.running import for_the_occasion, is_ready
from repere.settings import Settings


class RefusedError(Exception):
    """A question that Repère does not take; the message says why, in French."""


@contextmanager
def answering(settings: Settings) -> Iterator[str]:
    """The address of the Repère that runs here, or of one started for the occasion."""
    address = f"http://{settings.host}:{settings.port}"
    if is_ready(address):
        yield address
        return
    with for_the_occasion(settings) as started:
        yield started.url


def questions_of(question: str | None, file: Path | None) -> list[str]:
    """The questions to ask: the argument, a file's lines, or standard input's (``-``)."""
    if file is not None:
        lines = file.read_text(encoding="utf-8").splitlines()
    elif question == "-":
        lines = sys.stdin.read().splitlines()
    else:
        lines = [question or ""]
    return [line.strip() for line in lines if line.strip()]


def ask(url: str, question: str) -> list[dict[str, Any]]:
    """The messages said in answer to a question in a conversation of its own.

    Raises RefusedError when the question cannot be taken.
    """
    conversation = Conversation(url)
    try:
        return conversation.say(question)
    except httpx.HTTPStatusError as error:
        raise RefusedError(error.response.json()["detail"]) from error
    finally:
        conversation.close()


def as_json(question: str, said: list[dict[str, Any]]) -> str:
    """One line of JSON: the question and its messages."""
    return json.dumps({"question": question, "messages": said}, ensure_ascii=False)


def show(console: Console, said: list[dict[str, Any]]) -> None:
    """Print messages as a person reads them, sources last."""
    for message in said:
        console.print(escape(message["text"]))
        card = message["card"] or {}
        for number, step in enumerate(card.get("steps") or [], 1):
            console.print(f"  {number}. [bold]{escape(step['title'])}[/] {escape(step['text'])}")
        for item in card.get("items") or []:
            console.print(f"  • {escape(item['label'])} [dim]{escape(item['note'])}[/]")
        for note in card.get("notes") or []:
            console.print(f"  [yellow]Note :[/] {escape(note)}")
        for choice in card.get("choices") or []:
            console.print(f"  [cyan]→ {escape(choice['label'])}[/]")
        for source in card.get("sources") or []:
            cited = f"{source['title']}, « {source['section']} » ({source['period']})"
            console.print(f"  [dim]D'après {escape(cited)}[/]")
