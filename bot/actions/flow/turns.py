"""Each turn of a flow played once, whatever dies or is sent again (see ``dossiers.turns``)."""

from collections.abc import Callable
from typing import Any

from bot.actions.flow.flux import Flux
from bot.actions.flow.keeper import Outcome
from bot.actions.messages import Message
from dossiers.register import Dossiers

# Whether a conversation still waits for a turn, or has given it up for another.
Playing = Callable[[str, int], bool]


class Turns:
    """The turns of flows, by conversation and number of the person's message."""

    def __init__(self, dossiers: Dossiers, playing: Playing) -> None:
        self._kept = dossiers.turns
        self._playing = playing

    def once(
        self, conversation: str, turn: int | None, play: Callable[[Flux | None], Outcome]
    ) -> Outcome:
        """The outcome of ``play``, or what was said when the turn was played before.

        ``play`` takes the flow under way. A turn that nobody waits for any more does nothing.
        """
        with self._kept.whole(conversation):
            before = self._kept.outcome(conversation, turn)
            if before is not None:
                return _read(before)
            flux = self.under_way(conversation)
            if turn is not None and not self._playing(conversation, turn):
                return Outcome([], flux)
            outcome = play(flux)
            dossier = (outcome.flux or flux or Flux("")).dossier
            self._kept.keep(conversation, turn, dossier, _written(outcome))
            return outcome

    def under_way(self, conversation: str) -> Flux | None:
        """The flow that a conversation is in."""
        latest = self._kept.latest(conversation)
        return None if latest is None else _read(latest).flux

    def concerns(self, conversation: str, turn: int | None) -> bool:
        """Whether a turn belongs to a flow: one is under way, or the turn itself ended it."""
        ended_it = self._kept.outcome(conversation, turn) is not None
        return ended_it or self.under_way(conversation) is not None


def _written(outcome: Outcome) -> dict[str, Any]:
    return {
        "messages": [message.as_dict() for message in outcome.messages],
        "flux": outcome.flux.to_slot() if outcome.flux else None,
    }


def _read(kept: dict[str, Any]) -> Outcome:
    messages = [Message(said["text"], said["card"]) for said in kept["messages"]]
    return Outcome(messages, Flux.from_slot(kept["flux"]))
