"""The one custom action: one turn of the dialogue, whatever the person did."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.turn import Dialogue, Played
from bot.messages import QuestionCard, RecapCard


class ActionTour(Action):  # type: ignore[misc]
    """Plays the turn, says its messages, mirrors where the talk stands in the slots."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    def name(self) -> str:
        return "action_tour"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        message = tracker.latest_message
        turn = (message.get("metadata") or {}).get("turn")
        played = self._dialogue.play(
            tracker.sender_id, int(turn) if turn is not None else None, message
        )
        for said in played.messages:
            dispatcher.utter_message(json_message=said.as_dict())
        now = mirrored(played)
        return [
            SlotSet(name, value) for name, value in now.items() if tracker.slots.get(name) != value
        ]


def mirrored(played: Played) -> dict[str, str | None]:
    """The slots, which hold nothing: the démarche under way, the field asked, the topic."""
    card = played.messages[-1].card if played.messages else None
    asked = card if isinstance(card, QuestionCard | RecapCard) else None
    return {
        "demarche": asked.demarche if asked else None,
        "champ": asked.slot if asked else None,
        "sujet": played.talk.focus.subject,
        "facette": played.talk.focus.facet,
    }
