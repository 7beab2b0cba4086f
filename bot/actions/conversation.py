"""The custom actions that Rasa's rules call: thin, they read the tracker and say the answer."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import decision as decided
from bot.actions import outcomes
from bot.actions.context import Context
from bot.actions.flow import resuming
from bot.actions.flow.carry import Carrier
from bot.actions.flow.flux import Flux
from bot.actions.flow.following import Follower
from bot.actions.flow.keeper import Outcome
from bot.actions.flow.turns import Turns
from bot.actions.heard import Heard, Ranking, heard_from
from bot.actions.messages import HUMAN, Message, decline, smalltalk, welcome
from bot.actions.pending import chosen
from bot.actions.speech import Speech, handoff
from dossiers.views import DossierView
from knowledge.query import KnowledgeBase

Domain = dict[str, Any]
# The kinds of choices about a dossier that is ready or filed.
REPORTS = ("report", "review")
# Choices that are taken up in words as by a click.
TAKEN_UP = ("dossier:", "begin:")
MOST_MESSAGES_REPEATED = 2


class _GuideAction(Action):  # type: ignore[misc]
    """An action of the guide: says messages, and keeps the context in the slots."""

    def __init__(self, base: KnowledgeBase, speech: Speech, carrier: Carrier, turns: Turns) -> None:
        self._base = base
        self._speech = speech
        self._carrier = carrier
        self._turns = turns
        self._follower = Follower(base, speech, carrier)

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """A turn of the flow that the engine has forgotten; else what this action does."""
        if self._turns.concerns(tracker.sender_id, _turn_of(tracker)):
            return _enter(self._flow_turn(tracker), dispatcher)
        return self.speak(dispatcher, tracker)

    @abstractmethod
    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Say what there is to say outside a flow."""

    def _flow_turn(self, tracker: Tracker) -> Outcome:
        return self._once(tracker, lambda flux: self._carried(flux, tracker))

    def _once(self, tracker: Tracker, play: Callable[[Flux | None], Outcome]) -> Outcome:
        return self._turns.once(tracker.sender_id, _turn_of(tracker), play)

    def _carried(self, flux: Flux | None, tracker: Tracker) -> Outcome:
        """One turn of the flow, and of the one that it makes way for."""
        if flux is None:
            return Outcome([], None)
        message = tracker.latest_message
        outcome = self._turn(flux, message, tracker)
        if outcome.begin is None:
            return outcome
        heard = heard_from(message)
        aside = (*flux.aside, flux.dossier)
        begun = self._carrier.begin(outcome.begin, tracker.sender_id, heard, aside)
        return Outcome([*outcome.messages, *begun.messages], begun.flux)

    def _turn(self, flux: Flux, message: dict[str, Any], tracker: Tracker) -> Outcome:
        intent = (message.get("intent") or {}).get("name")
        context = Context.from_slots(tracker.slots)
        if intent == "document_recu":
            return self._received(flux)
        if intent == "choisir":
            value = next(tracker.get_latest_entity_values("choix"), "")
            return self._chosen(flux, value, context, tracker.sender_id)
        heard = heard_from(message)
        found = resuming.resume(self._carrier.dossiers, tracker.sender_id, heard.text)
        if isinstance(found, DossierView):
            return self._follower.resume(found)
        if found is not None:
            return self._follower.back_to(flux, Outcome([found], None))
        if flux.awaiting:
            return self._follower.take(flux, heard, context)
        if self._follower.concerns(tracker.sender_id, heard.text, flux):
            return self._follower.hear(tracker.sender_id, heard.text, flux)
        return self._carrier.take(flux, heard, context)

    def _received(self, flux: Flux) -> Outcome:
        """A document has just come, for the dossier under way."""
        if flux.awaiting:
            return self._follower.after_file(self._carrier.dossiers.get(flux.dossier))
        return self._carrier.after_file(flux)

    def _chosen(self, flux: Flux, value: str, context: Context, conversation: str) -> Outcome:
        """A choice: of the flow, or of an answer given in the middle of it."""
        kind, _, rest = value.partition(":")
        if kind in REPORTS:
            told = self._follower.choose(conversation, kind, rest)
            return self._follower.back_to(flux, told)
        if kind in ("answer", "act") and flux.awaiting:
            return self._follower.choose_awaited(flux, kind, rest)
        if kind in ("answer", "act"):
            return self._carrier.choose(flux, kind, rest)
        if kind == "begin":
            return Outcome([], flux, begin=rest)
        if kind == "dossier":
            return self._follower.resume(self._carrier.dossiers.numbered(rest))
        if value == HUMAN.value:
            said = handoff()
        else:
            decision = decided.of_value(value, context) or outcomes.NotUnderstood()
            said = self._speech.say(decision, "")
        return Outcome([said], None) if flux.awaiting else self._carrier.aside(flux, [said])

    def _answer_decisions(
        self,
        decisions: list[outcomes.Decision],
        question: str,
        context: Context,
        dispatcher: CollectingDispatcher,
    ) -> list[EventType]:
        said = [self._speech.say(d, question, context.failures) for d in decisions]
        for message in said:
            _say(dispatcher, message)
        return _remember(_after(decisions[-1], said[-1], context), context)

    def _begin(
        self,
        demarche: str,
        heard: Heard,
        tracker: Tracker,
        dispatcher: CollectingDispatcher,
        aside: tuple[str, ...] = (),
    ) -> list[EventType]:
        """Open a dossier for the démarche, and let the form go on."""
        outcome = self._once(
            tracker, lambda _: self._carrier.begin(demarche, tracker.sender_id, heard, aside)
        )
        return _enter(outcome, dispatcher)

    def _taken_up(
        self, found: DossierView | Message, tracker: Tracker, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        """Go on with a dossier that was found, or say why none was."""
        if isinstance(found, Message):
            _say(dispatcher, found)
            return []
        return self._resume(found, tracker, dispatcher)

    def _resume(
        self, dossier: DossierView, tracker: Tracker, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        return _enter(self._once(tracker, lambda _: self._follower.resume(dossier)), dispatcher)

    def _followed(
        self, text: str, tracker: Tracker, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        """What a message reports or asks of the dossiers that are no longer being filled."""
        told = self._once(tracker, lambda _: self._follower.hear(tracker.sender_id, text))
        return _enter(told, dispatcher)

    def _choose(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        """Take up a choice, by its value."""
        context = Context.from_slots(tracker.slots)
        if value == HUMAN.value:
            _say(dispatcher, handoff())
            return []
        kind, _, rest = value.partition(":")
        if kind in REPORTS:
            told = self._once(
                tracker, lambda _: self._follower.choose(tracker.sender_id, kind, rest)
            )
            return _enter(told, dispatcher)
        if kind == "begin":
            nothing = Heard(Ranking("", (("nlu_fallback", 1.0),)))
            return self._begin(rest, nothing, tracker, dispatcher)
        own = self._carrier.dossiers.of_conversation(tracker.sender_id)
        if own and tracker.latest_message.get("intent", {}).get("name") == "document_recu":
            told = self._once(tracker, lambda _: self._follower.after_file(own[0]))
            return _enter(told, dispatcher)
        if kind in ("dossier", "answer", "act") and own:
            one = next((d for d in own if d.number == rest), own[0])
            return self._resume(one, tracker, dispatcher)
        decision = decided.of_value(value, context) or outcomes.NotUnderstood()
        return self._answer_decisions([decision], "", context, dispatcher)


class ActionRepondre(_GuideAction):
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
        if picked is not None and picked.startswith(TAKEN_UP):
            return self._choose(picked, dispatcher, tracker)
        decisions = decided.decide(heard, context, self._base)
        begun = next((d for d in decisions if isinstance(d, outcomes.Begin)), None)
        if begun is not None:
            return self._begin(begun.demarche, heard, tracker, dispatcher)
        return self._answer_decisions(decisions, heard.text, context, dispatcher)


class ActionChoisir(_GuideAction):
    """Take up a choice that the guide offered."""

    def name(self) -> str:
        return "action_choisir"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        value = next(tracker.get_latest_entity_values("choix"), "")
        return self._choose(value, dispatcher, tracker)


class ActionHumain(_GuideAction):
    """Record that a person is asked for, and say honestly what follows."""

    def name(self) -> str:
        return "action_humain"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        _say(dispatcher, handoff())
        return []


class ActionRepeter(_GuideAction):
    """Say the last turn's messages again."""

    def name(self) -> str:
        return "action_repeter"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        for message in _last_said(tracker) or [welcome()]:
            _say(dispatcher, message)
        return []


class ActionReformuler(_GuideAction):
    """Say the last answer otherwise: by its steps or items, then with ways out."""

    def name(self) -> str:
        return "action_reformuler"

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
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
        again = self._speech.say(outcomes.Answer(answer.topic, context.situation), "")
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

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        _say(dispatcher, smalltalk("Recommençons. Quelle est votre question ?"))
        return _remember(Context(), Context.from_slots(tracker.slots))


class ActionReprendreDossier(_GuideAction):
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


class ValidateDemarcheForm(_GuideAction):
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
            _say(dispatcher, said)
        if outcome.flux is None:
            return _leave(outcome)
        return [SlotSet("flux", outcome.flux.to_slot()), SlotSet("reponse", None)]


class ActionAskReponse(_GuideAction):
    """The form's question: it was said with the turn's other messages."""

    def name(self) -> str:
        return "action_ask_reponse"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        return self.speak(dispatcher, tracker)

    def speak(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        return []


ACTIONS: list[type[_GuideAction]] = [
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


def _turn_of(tracker: Tracker) -> int | None:
    """The number, in its conversation, of the message that the engine was given."""
    turn = (tracker.latest_message.get("metadata") or {}).get("turn")
    return int(turn) if turn is not None else None


def _enter(outcome: Outcome, dispatcher: CollectingDispatcher) -> list[EventType]:
    """Say a flow's first messages, and hand the next ones to the form."""
    for message in outcome.messages:
        _say(dispatcher, message)
    if outcome.flux is None:
        return _offered(outcome)
    return [
        SlotSet("flux", outcome.flux.to_slot()),
        SlotSet("reponse", None),
        FollowupAction("demarche_form"),
    ]


def _leave(outcome: Outcome) -> list[EventType]:
    """The form is over: it waits for nothing more, but its last choices may be taken up."""
    return [SlotSet("flux", None), SlotSet("reponse", "fini"), *_offered(outcome)]


def _offered(outcome: Outcome) -> list[EventType]:
    """The choices that the next message may take up."""
    cards = [message.card or {} for message in outcome.messages]
    choices = cards[-1].get("choices") if cards else None
    return [SlotSet("attente", choices or None)]


def _say(dispatcher: CollectingDispatcher, message: Message) -> None:
    dispatcher.utter_message(json_message=message.as_dict())


def _after(decision: outcomes.Decision, said: Message, context: Context) -> Context:
    """The context after a decision was said."""
    card = said.card or {}
    if isinstance(decision, outcomes.Answer):
        context = context.talking_of(decision.topic, decision.situation)
    elif card.get("reason") == "not_understood":
        return Context(
            context.facet, context.subject, context.situation, (), context.failures + 1
        ).expecting(card.get("choices", []))
    return context.expecting(card.get("choices", []))


def _remember(after: Context, before: Context) -> list[EventType]:
    old = before.to_slots()
    return [SlotSet(name, value) for name, value in after.to_slots().items() if value != old[name]]


def _began_in_this_turn(tracker: Tracker) -> bool:
    """Whether the form has just begun: the message that began it was taken already."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "slot" and event["name"] == "flux":
            return True
    return False


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
