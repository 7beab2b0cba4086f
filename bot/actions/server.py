"""The custom actions behind one call, as Rasa's action protocol wants it."""

from typing import Any

from rasa_sdk.executor import ActionExecutor

from bot.actions.conversation import ACTIONS
from bot.actions.flow.carry import Carrier
from bot.actions.flow.turns import Playing, Turns
from bot.actions.speech import Speech
from dossiers.register import Dossiers
from knowledge.query import KnowledgeBase
from knowledge.search import LiveIndex


class ActionServer:
    """Runs the custom actions that the engine calls, for turns that someone waits for."""

    def __init__(
        self, base: KnowledgeBase, index: LiveIndex, dossiers: Dossiers, playing: Playing
    ) -> None:
        speech = Speech(base, index)
        carrier = Carrier(base, speech, dossiers)
        turns = Turns(dossiers, playing)
        self._executor = ActionExecutor()
        for action in ACTIONS:
            self._executor.register_action(action(base, speech, carrier, turns))

    async def run(self, call: dict[str, Any]) -> dict[str, Any]:
        """The events and responses of one action call."""
        # With a selective domain the engine sends none; our actions read none.
        call.setdefault("domain", {})
        result = await self._executor.run(call)
        return dict(result or {"events": [], "responses": []})
