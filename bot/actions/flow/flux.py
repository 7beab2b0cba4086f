"""What a flow remembers between two turns besides the dossier itself (Rasa's slot ``flux``)."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

_LISTS = ("pending", "trail", "aside", "early")


@dataclass(frozen=True)
class Flux:
    """The dossier under way, and where the conversation about it stands.

    ``pending``: readings of a doubtful answer, to be confirmed; ``editing``: the field being
    corrected; ``trail``: the fields answered, in order; ``failures``: misread answers in a row;
    ``cancelling``: a cancellation waits for its confirmation; ``correcting``: which answer to
    correct was asked; ``validated`` and ``payment_known``:
    the recap and the payment's explanation were accepted; ``aside``: dossiers put aside;
    ``awaiting``: what a filed dossier waits for from the person (number, status, reply);
    ``early``: values said aloud before they were asked, as slot=value, to be read back then.
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
    early: tuple[str, ...] = ()

    @classmethod
    def from_slot(cls, data: dict[str, Any] | None) -> Self | None:
        if not data:
            return None
        lists = {name: tuple(data.get(name) or ()) for name in _LISTS}
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

    def told_early(self, slot: str) -> str:
        """What was said of a field before it was asked; "" when nothing was."""
        return dict(pair.split("=", 1) for pair in self.early).get(slot, "")

    def without_early(self, slot: str) -> Self:
        return replace(self, early=tuple(p for p in self.early if not p.startswith(f"{slot}=")))
