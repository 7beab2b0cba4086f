"""What a flow remembers between two turns besides the dossier itself (Rasa's slot ``flux``)."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self


@dataclass(frozen=True)
class Flux:
    """The dossier under way, and where the conversation about it stands.

    ``pending``: readings of a doubtful answer, to be confirmed; ``editing``: the field being
    corrected; ``trail``: the fields answered, in order; ``failures``: misread answers in a row;
    ``cancelling``: a cancellation waits for its confirmation; ``correcting``: which answer to
    correct was asked; ``validated`` and ``payment_known``:
    the recap and the payment's explanation were accepted; ``aside``: dossiers put aside;
    ``awaiting``: what a filed dossier waits for from the person (number, status, reply).
    """

    dossier: str
    pending: tuple[str, ...] = ()
    editing: str | None = None
    trail: tuple[str, ...] = ()
    failures: int = 0
    cancelling: bool = False
    correcting: bool = False
    validated: bool = False
    payment_known: bool = False
    aside: tuple[str, ...] = ()
    awaiting: str = ""

    @classmethod
    def from_slot(cls, data: dict[str, Any] | None) -> Self | None:
        if not data:
            return None
        lists = {name: tuple(data.get(name) or ()) for name in ("pending", "trail", "aside")}
        return cls(**(data | lists))

    def to_slot(self) -> dict[str, Any]:
        return asdict(self)

    def moved_on(self, *answered: str) -> Self:
        """After answers were saved: no doubt nor correction left, the recap to be seen again."""
        trail = tuple(slot for slot in self.trail if slot not in answered) + answered
        return replace(
            self,
            pending=(),
            editing=None,
            trail=trail,
            failures=0,
            cancelling=False,
            correcting=False,
            validated=False,
        )
