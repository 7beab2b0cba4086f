"""The phone line: every adapter's way to the calls and their dialogue."""

import asyncio

import structlog

from channels.phone import sentences
from channels.phone.calls import Calls
from channels.phone.dialogue import Dialogue
from channels.phone.turn import Kind, Reply, TurnIn
from channels.transcript import UnknownConversationError

log = structlog.get_logger()


class Line:
    """Takes the turns of calls, each once."""

    def __init__(self, calls: Calls, dialogue: Dialogue) -> None:
        self.calls = calls
        self._dialogue = dialogue
        self._under_way: set[asyncio.Task[Reply]] = set()

    async def turn(self, turn: TurnIn) -> Reply:
        """The reply to a turn; the first one opens the call.

        Raises UnknownCallError (none, or over) and BusyCallError.
        """
        if turn.kind is Kind.START:
            await self.calls.open(turn.provider, turn.call_id, turn.caller)
        try:
            reply = await self.calls.turn(turn, lambda call: self._dialogue.answer(call, turn))
        except UnknownConversationError:  # erased during the call
            return Reply((sentences.ERASED,), hangup=True)
        log.info(
            "call_turn",
            provider=turn.provider,
            kind=str(turn.kind),
            caller=self.calls.hashed(turn.caller)[:8],
            said=len(reply.say),
            ends=reply.hangup,
        )
        return reply

    async def turn_within(self, turn: TurnIn, seconds: float) -> Reply | None:
        """The reply if it comes in time; None while the turn goes on, to be asked for again."""
        task = asyncio.create_task(self.turn(turn))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        return task.result() if done else None
