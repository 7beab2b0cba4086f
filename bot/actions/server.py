"""The custom action behind one call, as Rasa's action protocol wants it."""

from typing import Any

from rasa_sdk.executor import ActionExecutor

from bot.actions.turn_action import ActionTour
from bot.dialogue.turn import Dialogue


class ActionServer:
    """Runs the action that the engine calls, for turns that someone waits for."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._executor = ActionExecutor()
        self._executor.register_action(ActionTour(dialogue))

    async def run(self, call: dict[str, Any]) -> dict[str, Any]:
        """The events and responses of one action call."""
        # With a selective domain the engine sends none; our action reads none.
        call.setdefault("domain", {})
        result = await self._executor.run(call)
        return dict(result or {"events": [], "responses": []})
