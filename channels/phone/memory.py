"""What the dialogue of a call remembers from one turn to the next."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass
class Memory:
    """Where a call stands, besides its conversation and its dossier.

    ``said`` is what « répétez » says again, ``rest`` what « suite » goes on with; ``choices`` are
    the menu's ``[key, label, value]``, ``slot`` and ``kind`` the field asked; ``pending`` is a
    transcript to be confirmed; ``recall`` holds a dossier being named by voice; ``unanswered``:
    a transfer failed and the caller is asked whether to go on; ``dictated``: the number was just
    dictated and may be again; ``seq`` is the last message said; ``told`` are the abbreviations
    already said in full.
    """

    turns: int = 0
    said: list[str] = field(default_factory=list)
    rest: list[list[str]] = field(default_factory=list)
    choices: list[list[str]] = field(default_factory=list)
    slot: str = ""
    kind: str = ""
    question: str = ""
    example: str = ""
    legal: bool = False
    silences: int = 0
    misses: int = 0
    doubts: int = 0
    faults: int = 0
    slow: bool = False
    waiting: bool = False
    pending: str = ""
    recall: dict[str, Any] = field(default_factory=dict)
    unanswered: bool = False
    transferred: bool = False
    dictated: bool = False
    dossier: dict[str, str] = field(default_factory=dict)
    seq: int = 0
    told: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        known = {entry.name for entry in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})
