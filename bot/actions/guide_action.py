"""What the custom actions share: a turn played once, a dossier taken up, the context kept."""

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
from bot.actions.messages import HUMAN, Message
from bot.actions.speech import Speech, handoff
from dossiers.views import DossierView
from knowledge.query import KnowledgeBase

Domain = dict[str, Any]
# The kinds of choices about a dossier that is ready or filed.
REPORTS = ("report", "review")


class GuideAction(Action):  # type: ignore[misc]
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
            return enter(self._flow_turn(tracker), dispatcher)
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
            return self._follower.hear(tracker.sender_id, heard.text, flux, spoken=heard.spoken)
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
            say(dispatcher, message)
        return remember(_after(decisions[-1], said[-1], context), context)

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
        return enter(outcome, dispatcher)

    def _taken_up(
        self, found: DossierView | Message, tracker: Tracker, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        """Go on with a dossier that was found, or say why none was."""
        if isinstance(found, Message):
            say(dispatcher, found)
            return []
        return self._resume(found, tracker, dispatcher)

    def _resume(
        self, dossier: DossierView, tracker: Tracker, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        return enter(self._once(tracker, lambda _: self._follower.resume(dossier)), dispatcher)

    def _followed(
        self, text: str, tracker: Tracker, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        """What a message reports or asks of the dossiers that are no longer being filled."""
        told = self._once(tracker, lambda _: self._follower.hear(tracker.sender_id, text))
        return enter(told, dispatcher)

    def _choose(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        """Take up a choice, by its value."""
        context = Context.from_slots(tracker.slots)
        if value == HUMAN.value:
            say(dispatcher, handoff())
            return []
        kind, _, rest = value.partition(":")
        if kind in REPORTS:
            told = self._once(
                tracker, lambda _: self._follower.choose(tracker.sender_id, kind, rest)
            )
            return enter(told, dispatcher)
        if kind == "begin":
            nothing = Heard(Ranking("", (("nlu_fallback", 1.0),)))
            return self._begin(rest, nothing, tracker, dispatcher)
        own = self._carrier.dossiers.of_conversation(tracker.sender_id)
        if own and tracker.latest_message.get("intent", {}).get("name") == "document_recu":
            told = self._once(tracker, lambda _: self._follower.after_file(own[0]))
            return enter(told, dispatcher)
        if kind in ("dossier", "answer", "act") and own:
            one = next((d for d in own if d.number == rest), own[0])
            return self._resume(one, tracker, dispatcher)
        decision = decided.of_value(value, context) or outcomes.NotUnderstood()
        return self._answer_decisions([decision], "", context, dispatcher)


def _turn_of(tracker: Tracker) -> int | None:
    """The number, in its conversation, of the message that the engine was given."""
    turn = (tracker.latest_message.get("metadata") or {}).get("turn")
    return int(turn) if turn is not None else None


def enter(outcome: Outcome, dispatcher: CollectingDispatcher) -> list[EventType]:
    """Say a flow's first messages, and hand the next ones to the form."""
    for message in outcome.messages:
        say(dispatcher, message)
    if outcome.flux is None:
        return offered(outcome)
    return [
        SlotSet("flux", outcome.flux.to_slot()),
        SlotSet("reponse", None),
        FollowupAction("demarche_form"),
    ]


def offered(outcome: Outcome) -> list[EventType]:
    """The choices that the next message may take up."""
    cards = [message.card or {} for message in outcome.messages]
    choices = cards[-1].get("choices") if cards else None
    return [SlotSet("attente", choices or None)]


def say(dispatcher: CollectingDispatcher, message: Message) -> None:
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


def remember(after: Context, before: Context) -> list[EventType]:
    old = before.to_slots()
    return [SlotSet(name, value) for name, value in after.to_slots().items() if value != old[name]]
