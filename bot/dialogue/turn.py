"""One turn, played once: heard, decided by the table, carried out, said; its state kept with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import french
from bot.book import say
from bot.dialogue import asides, cards, filed, filed_cards, openings, picks, settling, values
from bot.dialogue import talking as _talking  # its moves join the table's
from bot.dialogue.acts import Act, Value
from bot.dialogue.filling import GIVE_UP_AFTER, doubting
from bot.dialogue.hear import confirmation_of, hear_in_form, in_closed_language
from bot.dialogue.hear_idle import hear_idly
from bot.dialogue.scene import MOVES, Hands, Scene, Step
from bot.dialogue.stages import FILLING, Stage, now_of
from bot.dialogue.state import Talk, Undo
from bot.dialogue.table import Binding, move_of, must_be_asked, said_again
from bot.heard import heard_from, nothing_heard
from bot.messages import (
    HUMAN,
    Choice,
    Message,
    QuestionCard,
    RecapCard,
    SmalltalkCard,
    clarify,
    smalltalk,
)
from dossiers.register import Dossiers
from dossiers.states import State
from french.plain import plain

assert _talking
MOST_REPEATED = 2

# Whether a conversation still waits for a turn, or has given it up for another.
Playing = Callable[[str, int], bool]


def acts_of(hands: Hands, scene: Scene) -> list[Act]:
    """The acts of a message, in the order in which they are to be carried out; never empty."""
    hear = hear_in_form if scene.now.stage in FILLING else hear_idly
    return in_closed_language(scene) or hear(hands, scene)


@dataclass(frozen=True)
class Played:
    """What a turn says, the state after it, and the moves it made (for measures)."""

    messages: tuple[Message, ...]
    talk: Talk
    moves: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "messages": [message.as_dict() for message in self.messages],
            "talk": self.talk.to_json(),
            "moves": list(self.moves),
        }


class Dialogue:
    """Plays the turns of conversations, over the sheets and the dossiers."""

    def __init__(self, hands: Hands, playing: Playing) -> None:
        self._hands = hands
        self._playing = playing

    @property
    def _dossiers(self) -> Dossiers:
        return self._hands.dossiers

    def talk_of(self, conversation: str) -> Talk:
        """Where a conversation stands."""
        kept = (self._dossiers.turns.latest(conversation) or {}).get("talk")
        return self._still(conversation, Talk.from_json(kept))

    def place_of(self, conversation: str) -> dict[str, str]:
        """Where a conversation is, for the engine: the stage, as the examples of acts name it, and
        the field asked ("" when it is none)."""
        now = self._hands.scene(conversation, self.talk_of(conversation), nothing_heard()).now
        return {"stage": now.learnt, "slot": now.champ.id if now.champ else ""}

    def play(self, conversation: str, turn: int | None, message: Mapping[str, Any]) -> Played:
        """The outcome of a message, or what was said when its turn was played before.

        A turn that nobody waits for any more does nothing.
        """
        turns = self._dossiers.turns
        with turns.whole(conversation):
            before = turns.outcome(conversation, turn)
            if before is not None:
                return _read(before)
            last = turns.latest(conversation) or {}
            talk = self._still(conversation, Talk.from_json(last.get("talk")))
            if turn is not None and not self._playing(conversation, turn):
                return Played((), talk)
            said = tuple(Message.from_dict(m) for m in last.get("messages") or ())
            played = self._played(conversation, talk, message, said[-MOST_REPEATED:])
            turns.keep(conversation, turn, played.talk.dossier or talk.dossier, played.to_json())
            return played

    def _still(self, conversation: str, talk: Talk) -> Talk:
        """A talk without the dossier that was erased, or that another conversation carries on."""
        own = {one.id for one in self._dossiers.of_conversation(conversation)}
        aside = tuple(one for one in talk.aside if one in own)
        undo = talk.undo if talk.undo is not None and talk.undo.dossier in own else None
        talk = replace(talk, aside=aside, undo=undo)
        return talk if not talk.dossier or talk.dossier in own else talk.out()

    def _played(
        self,
        conversation: str,
        talk: Talk,
        message: Mapping[str, Any],
        before: tuple[Message, ...],
    ) -> Played:
        in_words, talk = talk.in_words, replace(talk, in_words="")
        unsaid = self._hands.scene(conversation, talk, nothing_heard(), before)
        if (message.get("intent") or {}).get("name") == "document_recu":
            return self._finished(unsaid, self._received(unsaid), ("document",))
        choice = _choice_of(message)
        if choice is not None:
            return self._finished(unsaid, picks.pick(self._hands, unsaid, choice), (choice,))
        heard = heard_from(message)
        scene = self._hands.scene(conversation, talk, heard, before)
        choice = _typed_choice(heard.text, before)
        if choice is not None:  # what its words tell counts as well
            return self._finished(scene, picks.pick(self._hands, scene, choice), (choice,))
        if scene.now.stage is Stage.CONFIRM and confirmation_of(scene) is None:
            # Something else is said: nothing is confirmed, and it is heard where the talk was.
            focus = replace(talk.focus, offered=())  # its yes and its no were not said
            talk = replace(talk, waiting="", confirm="", focus=focus)
            scene = self._hands.scene(conversation, talk, heard, before)
        step, moves = self._carried_out(scene, acts_of(self._hands, scene), in_words)
        return self._finished(scene, step, moves)

    def _carried_out(
        self, scene: Scene, acts: list[Act], in_words: str
    ) -> tuple[Step, tuple[str, ...]]:
        """The moves of a message's acts, one after the other, as one step.

        ``in_words``: the binding move that the guide has just asked for.
        """
        step, moves = Step(scene.talk), list[str]()
        for rank, act in enumerate(acts):
            if rank:
                scene = self._hands.scene(scene.conversation, step.talk, scene.heard, scene.before)
            name = move_of(scene.now.stage, act.kind)
            bound = must_be_asked(name, act)
            if bound and name == in_words and said_again(bound, scene.heard):
                bound = None
            moves.append(f"ask:{name}" if bound else name)
            done = (
                self._in_so_many_words(scene, act, name, bound)
                if bound
                else MOVES[name](self._hands, scene, act)
            )
            step = done.after(step) if rank else done
        return step, tuple(moves)

    def _in_so_many_words(self, scene: Scene, act: Act, name: str, bound: Binding) -> Step:
        """A binding move that was not said whole: what it would do is asked."""
        if name == "open_dossier":
            return openings.ask_to_open(self._hands, scene, act)
        if name == "put_aside_and_begin":
            return openings.ask_to_put_aside(self._hands, scene, act)
        if name in ("call_person", "report_filed", "report_paid"):
            if name != "call_person" and not scene.own:
                return MOVES["answer_freely"](self._hands, scene, act)
            return Step(replace(scene.talk, waiting="confirm", confirm=name))
        return Step(replace(scene.talk, in_words=name), lead=say(bound.ask))

    def _received(self, scene: Scene) -> Step:
        """A document has just come, for the dossier under way or the one that waits for it."""
        own = scene.dossier if scene.talk.dossier else next(iter(scene.own), None)
        lead = say("piece_received")
        if own is None:
            return Step(scene.talk, (smalltalk(lead),), asks=False)
        undo = Undo("file", own.id, detail=own.attachments[-1].id) if own.attachments else None
        talk = replace(scene.talk, undo=undo or scene.talk.undo)
        if scene.talk.dossier:
            return Step(replace(talk, misread=0), lead=lead)
        step = openings.take_up(self._hands, replace(scene, talk=talk), own, lead)
        return replace(step, talk=replace(step.talk, undo=undo))

    # -- what is said ---------------------------------------------------------------------

    def _finished(self, scene: Scene, step: Step, moves: tuple[str, ...]) -> Played:
        """The messages of a step, with the question that follows, and the talk after them."""
        said = list(step.said)
        talk = step.talk
        if step.begin:
            told = openings.told_at_opening(self._hands, scene, step.begin)
            talk, opening, lead = openings.begun(
                self._hands, replace(scene, talk=talk), step.begin, told
            )
            said.append(opening)
            step = Step(talk, lead=lead)
        if step.asks and (talk.dossier or talk.waiting):
            talk, asked = self._asked(scene, talk, step)
            said += asked
        elif step.lead:
            said.append(self._alone(scene, talk, step.lead))
        offered = _still_offered(scene, said)
        if not talk.dossier:
            talk = replace(talk, early={**talk.early, **_told_idly(scene)})
        focus = talk.focus
        if scene.now.stage in FILLING or talk.dossier:
            focus = replace(focus, failures=0)
        talk = replace(talk, focus=replace(focus, offered=() if talk.dossier else offered))
        return Played(tuple(said), talk, moves)

    def _alone(self, scene: Scene, talk: Talk, lead: str) -> Message:
        """Words that no question follows: on the card of the dossier followed, if any."""
        dossier = self._hands.dossier_of(talk, self._dossiers.of_conversation(scene.conversation))
        if dossier is not None and not talk.dossier:
            return filed_cards.told(dossier, scene.today, lead)
        return smalltalk(lead)

    def _asked(self, scene: Scene, talk: Talk, step: Step) -> tuple[Talk, list[Message]]:
        """The question of the stage reached; a dossier that waits for nothing more is ready."""
        today, lead = scene.today, step.lead
        now = now_of(talk, self._hands.dossier_of(talk, self._own(scene)), today)
        if now.stage is Stage.FIELD and now.champ and not talk.editing:
            early = talk.early.get(now.champ.id)
            if early is not None:
                rest = {slot: v for slot, v in talk.early.items() if slot != now.champ.id}
                doubt = say("early", value=cards.shown(now.champ, early))
                talk = doubting(replace(talk, early=rest), Value(now.champ.id, early))
                lead = f"{lead} {doubt}".strip()
        asked = self._hands.scene(scene.conversation, talk, scene.heard, scene.before)
        if asked.now.stage is Stage.READY and talk.dossier:
            return self._ready(asked, lead)
        return talk, [self._question(asked, lead, step.near)]

    def _own(self, scene: Scene) -> tuple[Any, ...]:
        return tuple(self._dossiers.of_conversation(scene.conversation))

    def _ready(self, scene: Scene, lead: str) -> tuple[Talk, list[Message]]:
        dossier = scene.filling
        if dossier.state is not State.PRETE_A_DEPOSER:
            if dossier.state is State.MISE_EN_ATTENTE:
                self._dossiers.move(dossier.id, State.EN_PREPARATION, "citizen", "reprise")
            dossier = self._dossiers.move(dossier.id, State.PRETE_A_DEPOSER, "citizen")
        talk = scene.talk.out()
        said = cards.ready(dossier, filed_cards.offered(dossier), scene.today, lead)
        return talk, [said, *settling.set_aside(self._hands, talk)]

    def _question(self, scene: Scene, lead: str, near: tuple[str, ...]) -> Message:
        """The question of a stage, shaped by what went before."""
        stage, today = scene.now.stage, scene.today
        if stage in (Stage.NUMBER, Stage.STATUS, Stage.REPLY):
            return filed.awaited(self._hands, scene, lead)
        if stage is Stage.CONFIRM:
            return _confirming(self._hands, scene, lead)
        if stage is Stage.LINE:
            return _which_line(scene, lead)
        if stage is Stage.ABANDON:
            return _abandoning(scene, lead, self._hands.abandoned_days)
        if stage is Stage.DOUBT and scene.now.champ is not None:
            doubt = lead if lead.endswith("?") else f"{lead} {_doubt(scene)}".strip()
            return cards.confirmation(
                scene.filling, scene.now.champ, doubt, scene.talk.doubt, today
            )
        asked = cards.ask(self._hands.base, scene.filling, scene.now, today, lead)
        if near and scene.now.champ is not None:
            asked = cards.narrowed(asked, scene.now.champ, near)
        return _with_tries(scene, asked)


def _still_offered(scene: Scene, said: Sequence[Message]) -> tuple[dict[str, str], ...]:
    """The choices of the last message; after a mere word, those offered before it."""
    offered = asides.offered_in(said)
    mere = not said or (isinstance(said[-1].card, SmalltalkCard) and len(said) == 1)
    return scene.talk.focus.offered if mere and not offered else offered


def _told_idly(scene: Scene) -> dict[str, str]:
    """What a message tells before any dossier is opened, by kind: a plate, an e-mail address…"""
    found = {
        kind: {spot.value for spot in french.find(kind, scene.heard.text) if not spot.denied}
        for kind in ("plate", "email", "phone")
    }
    return {f"kind:{kind}": told.pop() for kind, told in found.items() if len(told) == 1}


def _doubt(scene: Scene) -> str:
    assert scene.now.champ is not None
    return values.read_back(scene.now.champ, scene.talk.doubt[:3])


def _with_tries(scene: Scene, asked: Message) -> Message:
    """How many tries were lost, and the ways out after three."""
    tries = scene.talk.misread
    if not tries or not isinstance(asked.card, QuestionCard | RecapCard):
        return asked
    choices = asked.choices
    if tries >= GIVE_UP_AFTER and isinstance(asked.card, QuestionCard):
        pause = cards.act_choice(say("choice_pause"), "pause")
        choices = [*choices, *(c for c in (pause, HUMAN) if c not in choices)]
    return asked.showing(misread=tries, choices=choices)


def _which_line(scene: Scene, lead: str) -> Message:
    """Which of the answers given so far is to be corrected?"""
    dossier = scene.filling
    known = {champ.id: dossier.values[champ.id] for champ in scene.answered}
    told = say("which_line", lines=" ; ".join(cards.lines_of(dossier, known)))
    choices = [
        cards.act_choice(say("choice_edit", field=c.label), f"edit={c.id}") for c in scene.answered
    ]
    choices.append(cards.act_choice(say("choice_none"), "keep"))
    return clarify(f"{lead} {told}".strip(), choices)


def _abandoning(scene: Scene, lead: str, days: int) -> Message:
    dossier = scene.filling
    asked = say("confirm_abandon", number=dossier.number, days=days)
    text = f"{lead} {asked}".strip()
    choices = [
        cards.act_choice(say("choice_yes_abandon"), "abandon"),
        cards.act_choice(say("choice_no_go_on"), "keep"),
    ]
    return cards.dossier_card(dossier, text, scene.today).showing(choices=choices)


# The sentence that asks for a binding move in so many words, and the words of its yes.
_CONFIRMED = {
    "open_dossier": ("in_words_open_dossier", "choice_begin"),
    "put_aside_and_begin": ("in_words_open_dossier", "choice_begin"),
    "call_person": ("in_words_call_person", HUMAN.label),
    "report_filed": ("in_words_filed", "choice_filed"),
    "report_paid": ("in_words_paid", "choice_paid"),
}


def _confirming(hands: Hands, scene: Scene, lead: str) -> Message:
    """A binding move, asked in so many words."""
    move, _, demarche = scene.talk.confirm.partition(" ")
    sentence, label = _CONFIRMED[move]
    named = {"label": hands.base.sheets[demarche].label} if demarche else {}
    yes = label if label == HUMAN.label else say(label)
    choices = [
        Choice(label=yes, value="act:confirm"),
        Choice(label=say("choice_no"), value="act:not_confirm"),
    ]
    return Message(f"{lead} {say(sentence, **named)}".strip(), SmalltalkCard(choices=choices))


def _choice_of(message: Mapping[str, Any]) -> str | None:
    """The value of a choice that was taken up; None for words."""
    if (message.get("intent") or {}).get("name") != "choisir":
        return None
    values_of = [e["value"] for e in message.get("entities") or () if e["entity"] == "choix"]
    return str(values_of[0]) if values_of else ""


def _typed_choice(text: str, before: Sequence[Message]) -> str | None:
    """The choice last shown whose words are the whole message: typed or said, it is taken up."""
    said = plain(text)
    shown = before[-1].choices if before and said else ()
    return next((choice.value for choice in shown if plain(choice.label) == said), None)


def _read(kept: Mapping[str, Any]) -> Played:
    said = tuple(Message.from_dict(message) for message in kept["messages"])
    return Played(said, Talk.from_json(kept["talk"]), tuple(kept.get("moves") or ()))
