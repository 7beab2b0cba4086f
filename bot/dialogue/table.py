"""The table stage × act → move (``moves.yml``): which moves bind, and whether it is whole."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue.acts import Act, Kind
from bot.dialogue.stages import Stage
from bot.heard import Heard
from french.questions import is_question

PATH = Path(__file__).with_name("moves.yml")
# How sure the model must be that a message says a binding act whole, in so many words.
WHOLE = 0.86
# … and once it was asked in so many words, that a message says it again.
AGAIN = 0.50


@dataclass(frozen=True)
class Binding:
    """A move that binds: the act that must be said whole, the sentence that asks for it.

    ``again``: asked for, it is done when said again, though less surely (never a loop).
    """

    act: str
    ask: str
    again: bool = False


@cache
def _data() -> dict[str, Any]:
    return dict(yaml.safe_load(PATH.read_text(encoding="utf-8")))


@cache
def rows() -> dict[Stage, dict[Kind, str]]:
    """For each stage, the move of each act."""
    data = _data()
    found: dict[Stage, dict[Kind, str]] = {}
    for name, own in data["stages"].items():
        row = {**data[own["like"]], **own}
        row.pop("like")
        found[Stage(name)] = {Kind(act): str(move) for act, move in row.items()}
    return found


@cache
def binding() -> dict[str, Binding]:
    return {move: Binding(**entry) for move, entry in _data()["binding"].items()}


def move_of(stage: Stage, act: Kind) -> str:
    return rows()[stage][act]


def must_be_asked(move: str, act: Act) -> Binding | None:
    """What to ask in so many words before a binding move; None when the act says it whole."""
    bound = binding().get(move)
    return None if bound is None or act.binds else bound


def said_whole(stage: Stage, act: Kind, heard: Heard) -> bool:
    """Whether the whole message says the binding act of a move, in so many words."""
    bound = binding().get(move_of(stage, act))
    return bound is not None and _says(bound, heard, WHOLE)


def said_again(bound: Binding, heard: Heard) -> bool:
    """Whether a message says again a binding act that the guide has just asked for."""
    return bound.again and _says(bound, heard, AGAIN)


def _says(bound: Binding, heard: Heard, least: float) -> bool:
    return heard.binds.get(bound.act, 0.0) >= least and not is_question(heard.text)


def problems(moves: set[str]) -> list[str]:
    """What is missing or useless in the table, given the moves that exist."""
    found = [f"stage without a row: {stage}" for stage in Stage if stage not in rows()]
    used: set[str] = set()
    for stage, row in rows().items():
        found += [f"{stage}: no move for {act}" for act in Kind if act not in row]
        used |= set(row.values())
    found += [f"no such move: {move}" for move in sorted(used - moves)]
    found += [f"never played: {move}" for move in sorted(moves - used)]
    found += [f"binds nothing: {move}" for move in sorted(set(binding()) - used)]
    return found


def drawn() -> str:
    """The table in Markdown, a row an act, a column a stage."""
    stages = list(Stage)
    head = f"| | {' | '.join(stages)} |\n|---|{'---|' * len(stages)}"
    lines = [f"| **{act}** | {' | '.join(_cell(stage, act) for stage in stages)} |" for act in Kind]
    return "\n".join([head, *lines])


def _cell(stage: Stage, act: Kind) -> str:
    move = move_of(stage, act)
    return f"**{move}**" if move in binding() else move
