"""The neutral turn: what a platform tells of a call, and what Repère answers.

Adapters translate a platform's requests into ``TurnIn`` and ``Reply`` into its answers; nothing
else of the channel knows which platform it speaks with.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    START = "start"
    SPEECH = "speech"
    DTMF = "dtmf"
    NO_INPUT = "no_input"
    HANGUP = "hangup"
    TRANSFER_STATUS = "transfer_status"


@dataclass(frozen=True)
class Alternative:
    """Another transcript of the same words."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True)
class TurnIn:
    """What happened in a call. ``turn_id`` names it: the same id is the same turn, made again.

    ``confidence`` is between 0 and 1, None when the platform tells none; ``status`` is that of a
    transfer: « no-answer », « busy », « declined », « error » or « done »; ``at`` is the platform's
    time, in UTC without its zone.
    """

    call_id: str
    provider: str
    turn_id: str
    kind: Kind
    text: str = ""
    confidence: float | None = None
    alternatives: tuple[Alternative, ...] = ()
    digits: str = ""
    no_input_count: int = 0
    status: str = ""
    caller: str = ""
    called: str = ""
    lang: str = "fr-FR"
    at: datetime | None = None


@dataclass(frozen=True)
class Listen:
    """How to listen to the caller once the reply is said.

    ``max_digits``: how many keys make an answer (1: a menu); 0: none is expected but 0 and *.
    """

    speech: bool = True
    dtmf: bool = True
    max_digits: int = 1
    hints: tuple[str, ...] = ()
    no_input_ms: int = 8000
    barge_in: bool = True
    # The caller dictates: a short silence is not the end of what is said.
    continuous: bool = False


@dataclass(frozen=True)
class Transfer:
    """Where the call goes, and what the person who answers should know."""

    target: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What is said, then what is done: listen, transfer or hang up.

    ``next`` is the rank of the turn that will follow, for platforms that don't name their turns;
    ``at`` is when it was made.
    """

    say: tuple[str, ...]
    listen: Listen = Listen()
    hangup: bool = False
    transfer: Transfer | None = None
    slow: bool = False
    next: int = 0
    at: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        listen = dict(data["listen"])
        listen["hints"] = tuple(listen["hints"])
        transfer = data["transfer"]
        return cls(
            tuple(data["say"]),
            Listen(**listen),
            data["hangup"],
            Transfer(**transfer) if transfer else None,
            data["slow"],
            data["next"],
            data["at"],
        )
