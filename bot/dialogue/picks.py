"""A choice that was offered, taken up by its value: an answer, an act, a topic, a dossier…"""

from dataclasses import replace

from bot.book import say
from bot.dialogue import cards
from bot.dialogue.acts import Act, Kind, Value
from bot.dialogue.filed import later, taken_report
from bot.dialogue.filling import confirm_value, edit, keep, leave_line, reject_value, save
from bot.dialogue.openings import how_to_resume, is_same, review, take_up
from bot.dialogue.scene import MOVES, Hands, Scene, Step
from bot.dialogue.settling import (
    abandon,
    consent,
    refuse_conditions,
    settle_piece,
    take_back_filing,
    understand_payment,
    undo,
    use_anyway,
    validate,
)
from bot.dialogue.stages import FILLING, Stage
from bot.messages import HUMAN, Message, smalltalk
from bot.questions import outcomes
from bot.questions.speech import handoff

_UNREAD = Act(Kind.UNCLEAR)
# The acts offered as choices, and their moves.
_ACTS = {
    "validate": validate,
    "abandon": abandon,
    "undo": undo,
    "not_filed": take_back_filing,
    "keep": leave_line,
    "later": later,
    "review": review,
}
# Those that are moves of the table by another name.
_BY_NAME = {
    "skip": "skip",
    "pause": "put_in_pause",
    "cancel": "ask_abandon",
    "lack": "lack_piece",
    "repeat": "ask_again",
}


def pick(hands: Hands, scene: Scene, value: str) -> Step:
    """What a choice does. A choice that no longer means anything asks again, or says so."""
    kind, _, rest = value.partition(":")
    if value == HUMAN.value:
        return Step(scene.talk, (handoff(),), asks=_in_form(scene))
    if kind == "begin":
        under_way = bool(scene.talk.dossier) and is_same(hands, scene, rest)
        return Step(scene.talk) if under_way else Step(scene.talk, begin=rest)
    if kind == "dossier":
        return _dossier(hands, scene, rest)
    if kind == "report":
        number, _, what = rest.partition("=")
        return taken_report(hands, scene, number, what)
    if kind == "review":
        return _review(hands, scene, rest)
    if kind == "answer":
        return _answer(hands, scene, rest)
    if kind == "act":
        return _act(hands, scene, rest)
    return _topic(hands, scene, value)


def _in_form(scene: Scene) -> bool:
    return bool(scene.talk.dossier) and scene.now.stage in FILLING


def _topic(hands: Hands, scene: Scene, value: str) -> Step:
    """A topic, or a detail of the topic under way; then the dossier's question."""
    kind, _, rest = value.partition(":")
    focus = scene.talk.focus
    decision: outcomes.Decision = outcomes.NotUnderstood()
    if kind == "topic":
        decision = outcomes.Answer(rest, dict(focus.situation))
    elif kind == "detail" and focus.topic:
        field, _, detail = rest.partition("=")
        decision = outcomes.Answer(focus.topic, {**focus.situation, field: detail})
    said = hands.speech.say(decision, "", focus.failures)
    if _in_form(scene):
        return Step(scene.talk, (said,), lead=say("back_to_it"))
    talk = scene.talk.out() if scene.talk.dossier else scene.talk
    if isinstance(decision, outcomes.Answer):
        talk = replace(talk, focus=focus.on(decision.topic, decision.situation))
    return Step(replace(talk, waiting="", confirm=""), (said,), asks=False)


def _dossier(hands: Hands, scene: Scene, number: str) -> Step:
    one = next((d for d in scene.own if d.number == number), None)
    if one is None:
        return Step(scene.talk, (how_to_resume(),), asks=False)
    step = take_up(hands, scene, one)
    if scene.talk.dossier and scene.talk.dossier != one.id and step.talk.dossier:
        aside = (*step.talk.aside, scene.talk.dossier)
        return replace(step, talk=replace(step.talk, aside=aside))
    return step


def _review(hands: Hands, scene: Scene, number: str) -> Step:
    one = next((d for d in scene.own if d.number == number), None)
    if one is None:
        return Step(scene.talk, (smalltalk(say("dossier_gone")),), asks=False)
    return review(hands, replace(scene, dossier=one), _UNREAD)


def _answer(hands: Hands, scene: Scene, rest: str) -> Step:
    """An answer to a field, or to what is no field: a pièce, the conditions, the payment."""
    scene = _returned(hands, scene)
    if scene.dossier is None or not scene.talk.dossier:
        return _lost(scene)
    slot, _, value = rest.partition("=")
    if slot.startswith(cards.PIECE_SLOT):
        piece = slot.removeprefix(cards.PIECE_SLOT)
        if scene.now.stage is Stage.REPLY:
            use_anyway(hands, scene.filling, piece)
            return Step(scene.talk, lead=say("kept_anyway"))
        return settle_piece(hands, scene.talk, scene.filling, piece, value)
    if slot == cards.CLU_SLOT:
        settle = consent if value == "oui" else refuse_conditions
        return settle(hands, scene, _UNREAD)
    if slot == cards.PAYMENT_SLOT:
        return understand_payment(hands, scene, _UNREAD)
    if scene.talk.doubted == slot and value in scene.talk.doubt:
        told = replace(scene.talk, doubt=(value,))
        return confirm_value(hands, replace(scene, talk=told), _UNREAD)
    if slot in scene.filling.values and scene.filling.values[slot] == value:
        talk, lead = save(hands, scene.filling, scene.talk, [Value(slot, value)])
        return Step(talk, lead=lead)
    return keep(hands, scene, Act(Kind.ANSWER, values=(Value(slot, value, asked=True),)))


def _act(hands: Hands, scene: Scene, act: str) -> Step:
    if act == "undo":
        return undo(hands, scene, _UNREAD)
    if act in ("not_filed", "later") and scene.dossier is not None:
        return _ACTS[act](hands, scene, _UNREAD)
    if act == "confirm":
        return MOVES["confirmed"](hands, scene, _UNREAD)
    if act == "not_confirm":
        return MOVES["not_confirmed"](hands, scene, Act(Kind.DENY))
    scene = _returned(hands, scene)
    if scene.dossier is None or not scene.talk.dossier:
        return _lost(scene)
    if act == "again":
        talk = replace(scene.talk, doubt=(), doubted="")
        return Step(talk) if scene.talk.doubt else reject_value(hands, scene, _UNREAD)
    if act.startswith("edit="):
        return edit(scene, act.removeprefix("edit="))
    if act in _BY_NAME:
        return MOVES[_BY_NAME[act]](hands, scene, _UNREAD)
    return _ACTS[act](hands, scene, _UNREAD)


def _returned(hands: Hands, scene: Scene) -> Scene:
    """A choice of a dossier that was left: it is taken up first."""
    if scene.talk.dossier or not scene.own:
        return scene
    one = next((d for d in scene.own if d.editable), None)
    if one is None:
        return scene
    talk = take_up(hands, scene, one).talk
    return hands.scene(scene.conversation, talk, scene.heard, scene.before)


def _lost(scene: Scene) -> Step:
    said: Message = how_to_resume()
    return Step(scene.talk, (said,), asks=False)
