"""The custom actions that Rasa's rules call: thin, they read the tracker and say the answer."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

import french
from bot.actions import decision as decided
from bot.actions import outcomes
from bot.actions.context import Context
from bot.actions.flow import asides, resuming
from bot.actions.flow.keeper import Outcome
from bot.actions.guide_action import Domain, GuideAction, offered, remember, say
from bot.actions.heard import heard_from
from bot.actions.messages import HUMAN, Message, decline, smalltalk, welcome
from bot.actions.pending import chosen
from bot.actions.speech import handoff

MOST_MESSAGES_REPEATED = 2
MOST_WORDS_AGREEING = 3
NOTHING_ASKED = "Très bien. Si vous avez une autre question, je suis là."


class ActionRepondre(GuideAction):
    """Answer, ask, propose or decline."""

    def name(self) -> str:
        return "action_repondre"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        heard = heard_from(tracker.latest_message)
        context = Context.from_slots(tracker.slots)
        found = resuming.resume(self._carrier.dossiers, tracker.sender_id, heard.text)
        if found is not None:
            return self._taken_up(found, tracker, dispatcher)
        if self._follower.concerns(tracker.sender_id, heard.text):
            return self._followed(heard.text, tracker, dispatcher)
        picked = chosen(heard, context.pending)
        if picked is not None and picked.startswith("begin:"):
            return self._begin(picked.removeprefix("begin:"), heard, tracker, dispatcher)
        if picked is not None and picked.startswith("dossier:"):
            return self._choose(picked, dispatcher, tracker)
        decisions = decided.decide(heard, context, self._base)
        if _only_agrees(heard.text, decisions) and not _asked(tracker):
            say(dispatcher, smalltalk(NOTHING_ASKED))
            return []
        begun = next((d for d in decisions if isinstance(d, outcomes.Begin)), None)
        if begun is not None:
            return self._begin(begun.demarche, heard, tracker, dispatcher)
        return self._answer_decisions(decisions, heard.text, context, dispatcher)


class ActionChoisir(GuideAction):
    """Take up a choice that the guide offered."""

    def name(self) -> str:
        return "action_choisir"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        value = next(tracker.get_latest_entity_values("choix"), "")
        return self._choose(value, dispatcher, tracker)


class ActionHumain(GuideAction):
    """Record that a person is asked for, and say honestly what follows."""

    def name(self) -> str:
        return "action_humain"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        text = tracker.latest_message.get("text") or ""
        say(dispatcher, asides.who() if asides.asks_who(text) else handoff())
        return []


class ActionRepeter(GuideAction):
    """Say the last turn's messages again."""

    def name(self) -> str:
        return "action_repeter"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        for message in _last_said(tracker) or [welcome()]:
            say(dispatcher, message)
        return []


class ActionReformuler(GuideAction):
    """Say the last answer otherwise: by its steps or items, then with ways out."""

    def name(self) -> str:
        return "action_reformuler"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        context = Context.from_slots(tracker.slots)
        answer = self._base.answer(context.topic, context.situation) if context.topic else None
        if answer is None:
            say(
                dispatcher,
                decline(
                    "Je suis désolé. Dites-moi en quelques mots la démarche et ce que vous "
                    "cherchez, ou demandez une personne.",
                    "not_understood",
                    [],
                ),
            )
            return []
        again = self._speech.say(outcomes.Answer(answer.topic, context.situation), "")
        steps = [step.title for step in answer.steps] or [item.label for item in answer.items]
        listed = " ; ".join(f"{n}. {title}" for n, title in enumerate(steps, 1))
        text = f"Je le dis autrement, point par point : {listed}." if steps else answer.text
        card = dict(again.card or {})
        card["choices"] = [*card.get("choices", [])[:3], HUMAN.as_dict()]
        say(dispatcher, Message(text, card))
        return []


class ActionRecommencer(GuideAction):
    """Forget what was being talked about, and start afresh."""

    def name(self) -> str:
        return "action_recommencer"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        say(dispatcher, smalltalk("Recommençons. Quelle est votre question ?"))
        return remember(Context(), Context.from_slots(tracker.slots))


class ActionReprendreDossier(GuideAction):
    """Take up a dossier: this conversation's, or the one whose number and code are given."""

    def name(self) -> str:
        return "action_reprendre_dossier"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        text = tracker.latest_message.get("text") or ""
        found = resuming.resume(self._carrier.dossiers, tracker.sender_id, text)
        if found is None and self._follower.concerns(tracker.sender_id, text):
            return self._followed(text, tracker, dispatcher)
        if found is None:
            found = resuming.offer(self._carrier.dossiers, tracker.sender_id)
        return self._taken_up(found, tracker, dispatcher)


class ValidateDemarcheForm(GuideAction):
    """One turn of the form that carries a démarche through."""

    def name(self) -> str:
        return "validate_demarche_form"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        if _began_in_this_turn(tracker):
            return [SlotSet("reponse", None)]
        return self.speak(dispatcher, tracker)

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        outcome = self._flow_turn(tracker)
        for said in outcome.messages:
            say(dispatcher, said)
        if outcome.flux is None:
            return _leave(outcome)
        return [SlotSet("flux", outcome.flux.to_slot()), SlotSet("reponse", None)]


class ActionAskReponse(GuideAction):
    """The form's question: it was said with the turn's other messages."""

    def name(self) -> str:
        return "action_ask_reponse"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        return self.speak(dispatcher, tracker)

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        return []


ACTIONS: list[type[GuideAction]] = [
    ActionRepondre,
    ActionChoisir,
    ActionHumain,
    ActionRepeter,
    ActionReformuler,
    ActionRecommencer,
    ActionReprendreDossier,
    ValidateDemarcheForm,
    ActionAskReponse,
]


def _leave(outcome: Outcome) -> list[EventType]:
    """The form is over: it waits for nothing more, but its last choices may be taken up."""
    return [SlotSet("flux", None), SlotSet("reponse", "fini"), *offered(outcome)]


def _began_in_this_turn(tracker: Tracker) -> bool:
    """Whether the form has just begun: the message that began it was taken already."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "slot" and event["name"] == "flux":
            return True
    return False


def _only_agrees(text: str, decisions: list[outcomes.Decision]) -> bool:
    """Whether a message is a mere yes or no (« ok », « d'accord »), which no choice explains."""
    unexplained = isinstance(decisions[-1], outcomes.NotUnderstood | outcomes.NotCovered)
    short = len(text.split()) <= MOST_WORDS_AGREEING
    return short and unexplained and french.parse("yes_no", text).value is not None


def _asked(tracker: Tracker) -> bool:
    """Whether the guide's last message asks something."""
    said = _last_said(tracker)
    return bool(said) and (said[-1].card or {}).get("kind") == "clarify"


def _last_said(tracker: Tracker) -> list[Message]:
    """The messages of the guide's last turn."""
    said: list[Message] = []
    for event in reversed(tracker.events[:-1]):
        if event["event"] == "bot":
            custom = (event.get("data") or {}).get("custom") or {}
            if "text" in custom:
                said.append(Message(custom["text"], custom.get("card")))
        elif event["event"] == "user" and said:
            break
    return list(reversed(said))[-MOST_MESSAGES_REPEATED:]
