"""The custom actions that Rasa's rules call: thin, they read the tracker and say the answer."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import decision as decided
from bot.actions.context import Context
from bot.actions.heard import heard_from
from bot.actions.messages import HUMAN, Message, decline, smalltalk, welcome
from bot.actions.speech import Speech, handoff
from knowledge.query import KnowledgeBase

Domain = dict[str, Any]
MOST_MESSAGES_REPEATED = 2


class _GuideAction(Action):  # type: ignore[misc]
    """An action of the guide: says messages, and keeps the context in the slots."""

    def __init__(self, base: KnowledgeBase, speech: Speech) -> None:
        self._base = base
        self._speech = speech

    def _answer_decisions(
        self,
        decisions: list[decided.Decision],
        question: str,
        context: Context,
        dispatcher: CollectingDispatcher,
    ) -> list[EventType]:
        said = [self._speech.say(d, question, context.failures) for d in decisions]
        for message in said:
            _say(dispatcher, message)
        return _remember(_after(decisions[-1], said[-1], context), context)


class ActionRepondre(_GuideAction):
    """Answer, ask, propose or decline."""

    def name(self) -> str:
        return "action_repondre"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        heard = heard_from(tracker.latest_message)
        context = Context.from_slots(tracker.slots)
        decisions = decided.decide(heard, context, self._base)
        return self._answer_decisions(decisions, heard.text, context, dispatcher)


class ActionChoisir(_GuideAction):
    """Take up a choice that the guide offered."""

    def name(self) -> str:
        return "action_choisir"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        value = next(tracker.get_latest_entity_values("choix"), "")
        context = Context.from_slots(tracker.slots)
        if value == HUMAN.value:
            _say(dispatcher, handoff())
            return []
        decision = decided.of_value(value, context) or decided.NotUnderstood()
        return self._answer_decisions([decision], "", context, dispatcher)


class ActionHumain(_GuideAction):
    """Record that a person is asked for, and say honestly what follows."""

    def name(self) -> str:
        return "action_humain"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        _say(dispatcher, handoff())
        return []


class ActionRepeter(_GuideAction):
    """Say the last turn's messages again."""

    def name(self) -> str:
        return "action_repeter"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        for message in _last_said(tracker) or [welcome()]:
            _say(dispatcher, message)
        return []


class ActionReformuler(_GuideAction):
    """Say the last answer otherwise: by its steps or items, then with ways out."""

    def name(self) -> str:
        return "action_reformuler"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        context = Context.from_slots(tracker.slots)
        answer = self._base.answer(context.topic, context.situation) if context.topic else None
        if answer is None:
            _say(
                dispatcher,
                decline(
                    "Je suis désolé. Dites-moi en quelques mots la démarche et ce que vous "
                    "cherchez, ou demandez une personne.",
                    "not_understood",
                    [],
                ),
            )
            return []
        again = self._speech.say(decided.Answer(answer.topic, context.situation), "")
        steps = [step.title for step in answer.steps] or [item.label for item in answer.items]
        listed = " ; ".join(f"{n}. {title}" for n, title in enumerate(steps, 1))
        text = f"Je le dis autrement, point par point : {listed}." if steps else answer.text
        card = dict(again.card or {})
        card["choices"] = [*card.get("choices", [])[:3], HUMAN.as_dict()]
        _say(dispatcher, Message(text, card))
        return []


class ActionRecommencer(_GuideAction):
    """Forget what was being talked about, and start afresh."""

    def name(self) -> str:
        return "action_recommencer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        _say(dispatcher, smalltalk("Recommençons. Quelle est votre question ?"))
        return _remember(Context(), Context.from_slots(tracker.slots))


class ActionReprendreDossier(_GuideAction):
    """A dossier begun with the guide: none can be kept yet; say it, and offer what is close."""

    def name(self) -> str:
        return "action_reprendre_dossier"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        context = Context.from_slots(tracker.slots)
        decision = decided.Answer("etapes/reprise", {})
        return self._answer_decisions([decision], "", context, dispatcher)


ACTIONS: list[type[_GuideAction]] = [
    ActionRepondre,
    ActionChoisir,
    ActionHumain,
    ActionRepeter,
    ActionReformuler,
    ActionRecommencer,
    ActionReprendreDossier,
]


def _say(dispatcher: CollectingDispatcher, message: Message) -> None:
    dispatcher.utter_message(json_message=message.as_dict())


def _after(decision: decided.Decision, said: Message, context: Context) -> Context:
    """The context after a decision was said."""
    card = said.card or {}
    if isinstance(decision, decided.Answer):
        context = context.talking_of(decision.topic, decision.situation)
    elif card.get("reason") == "not_understood":
        return Context(
            context.facet, context.subject, context.situation, (), context.failures + 1
        ).expecting(card.get("choices", []))
    return context.expecting(card.get("choices", []))


def _remember(after: Context, before: Context) -> list[EventType]:
    old = before.to_slots()
    return [SlotSet(name, value) for name, value in after.to_slots().items() if value != old[name]]


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
