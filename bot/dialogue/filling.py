"""Moves that fill a dossier: answers kept, doubted, corrected, taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.book import say
from bot.dialogue import cards
from bot.dialogue.acts import Act, Kind, Value
from bot.dialogue.scene import Hands, Scene, Step, move
from bot.dialogue.stages import Stage, now_of
from bot.dialogue.state import Talk, Undo
from dossiers.answers import Answer, Saved
from dossiers.views import DossierView

GIVE_UP_AFTER = 3


@move
def keep(hands: Hands, scene: Scene, act: Act) -> Step:
    """Answers of a message: saved together, said back in one line; a doubtful one is asked."""
    if not act.values:
        return misread(hands, scene, act)
    sure = [value for value in act.values if not value.doubt]
    doubtful = [value for value in act.values if value.doubt]
    new = [v for v in sure if v.value != scene.filling.values.get(v.slot) or _edits(scene, v)]
    talk, lead = scene.talk, ""
    if sure and not new and not doubtful:
        return Step(replace(talk, doubted="", doubt=()), lead=say("already_noted"))
    if new:
        talk, lead = save(hands, scene.filling, talk, new)
    return _with_doubts(hands, scene, talk, doubtful, lead)


def _edits(scene: Scene, value: Value) -> bool:
    """Whether a value confirms the answer that is being corrected."""
    return scene.talk.editing == value.slot


def _with_doubts(
    hands: Hands, scene: Scene, talk: Talk, doubtful: Sequence[Value], lead: str
) -> Step:
    """The first doubtful value is asked now; the others when their question comes."""
    if not doubtful:
        return Step(talk, lead=lead)
    asked = next((value for value in doubtful if value.asked), None)
    waiting = {value.slot: value.value for value in doubtful if value is not asked}
    talk = replace(talk, early={**talk.early, **waiting})
    if asked is not None:
        talk = doubting(talk, asked)
        return Step(talk, lead=f"{lead} {asked.doubt}".strip())
    return Step(talk, lead=lead)


def doubting(talk: Talk, value: Value) -> Talk:
    return replace(talk, doubted=value.slot, doubt=(value.value, *value.alternatives))


def save(
    hands: Hands,
    dossier: DossierView,
    talk: Talk,
    values: Sequence[Value],
    *,
    told: bool = True,
    confirmed: bool = False,
) -> tuple[Talk, str]:
    """Save answers; the talk after them, and what is said of them (``told``: their values too)."""
    whole = [*_hung_on(dossier, values), *((value.slot, value.value) for value in values)]
    before = {slot: dossier.values.get(slot) for slot, _ in whole}
    answers = [Answer(slot, value, confirmed) for slot, value in whole]
    saved = hands.dossiers.save(dossier.id, answers)
    talk = talk.moved_on(*(value.slot for value in values))
    talk = replace(talk, undo=Undo("values", dossier.id, before))
    return talk, _noted(hands, dossier, saved, talk, values if told else ())


def _noted(
    hands: Hands, before: DossierView, saved: Saved, talk: Talk, values: Sequence[Value]
) -> str:
    """What was understood, in the form's order, and what no longer applies."""
    today = hands.today()
    after = saved.dossier
    kept = {v.slot: v.value for v in values if after.values.get(v.slot) == v.value and v.value}
    # The recap says every answer: they are not said twice.
    recap = now_of(talk, after, today).stage is Stage.RECAP
    lines = [] if recap else cards.lines_of(after, kept)
    said = say("noted_values", lines=" ; ".join(lines)) if lines else say("noted")
    asked = {p.piece.id for p in after.pieces(today)}
    pieces = [p.piece.label for p in before.pieces(today) if p.piece.id not in asked]
    gone = [*(champ.label for champ in saved.dropped), *pieces]
    return f"{said} {say('gone', gone=', '.join(gone))}" if gone else said


def _hung_on(dossier: DossierView, values: Sequence[Value]) -> list[tuple[str, str]]:
    """The answers that these ones tell: who gives a code de cession has one."""
    told = {value.slot for value in values} | dossier.values.keys()
    fields = [dossier.form.field(value.slot) for value in values if value.value]
    conditions = [champ.when for champ in fields if champ and isinstance(champ.when, dict)]
    return [
        (slot, wanted)
        for when in conditions
        if len(when) == 1
        for slot, wanted in when.items()
        if isinstance(wanted, str) and slot not in told and dossier.form.field(slot)
    ]


@move
def misread(hands: Hands, scene: Scene, act: Act) -> Step:
    """An answer that was not read: why and how; then with an example; then the ways out."""
    tries = scene.talk.misread + 1
    talk = replace(scene.talk, misread=tries)
    problem = act.problem or say("not_understood")
    champ = scene.now.champ
    if champ is None or scene.now.stage is Stage.OBSTACLE:
        return Step(talk, lead=problem)
    if tries >= GIVE_UP_AFTER:
        ways = say("ways_optional" if champ.optional else "ways", number=scene.filling.number)
        return Step(talk, lead=f"{problem if tries == GIVE_UP_AFTER else ''} {ways}".strip())
    if tries > 1:
        example = say("example", example=champ.example) if champ.example else ""
        parts = [problem, champ.help, example]
        return Step(talk, lead=" ".join(part for part in parts if part), near=act.near)
    return Step(talk, lead=problem, near=act.near)


@move
def confirm_value(hands: Hands, scene: Scene, act: Act) -> Step:
    """The doubtful value was right; one that has just been heard is not said once more."""
    value = Value(scene.talk.doubted, scene.talk.doubt[0])
    told = not scene.heard.spoken
    talk, lead = save(hands, scene.filling, scene.talk, [value], told=told, confirmed=True)
    return Step(talk, lead=lead)


@move
def reject_value(hands: Hands, scene: Scene, act: Act) -> Step:
    """It was not: the next reading on the telephone, else the question again."""
    talk, rivals = scene.talk, scene.talk.doubt[1:]
    if act.values:
        return replace_value(hands, scene, act)
    if scene.heard.spoken and rivals:
        return Step(replace(talk, doubt=rivals, misread=talk.misread + 1))
    lead = say("misheard" if scene.heard.spoken else "alright")
    return Step(replace(talk, doubted="", doubt=(), misread=talk.misread + 1), lead=lead)


@move
def replace_value(hands: Hands, scene: Scene, act: Act) -> Step:
    """The value given again, whole or corrected in one place; another answer beside it."""
    again = next((v for v in act.values if v.slot == scene.talk.doubted), None)
    if again is not None and again.value in scene.talk.doubt and act.kind is not Kind.DENY:
        talk, lead = save(hands, scene.filling, scene.talk, [again], confirmed=True)
        return Step(talk, lead=lead)
    if again is not None and again.value == scene.talk.doubt[0]:
        talk = replace(scene.talk, doubted="", doubt=(), misread=scene.talk.misread + 1)
        return Step(talk, lead=say("spell_it"))
    cleared = replace(scene, talk=replace(scene.talk, doubted="", doubt=()))
    if not act.values:
        return misread(hands, scene, act)
    return keep(hands, cleared, act)


@move
def correct(hands: Hands, scene: Scene, act: Act) -> Step:
    """An earlier answer put right by its value; one only named is asked again; else, which?"""
    changed = [v for v in act.values if v.value != scene.filling.values.get(v.slot) or v.doubt]
    if changed:
        return keep(hands, scene, replace(act, values=tuple(changed)))
    if act.slot.startswith(cards.PIECE_SLOT):
        return drop_piece(hands, scene, act.slot.removeprefix(cards.PIECE_SLOT))
    if act.slot:
        return edit(scene, act.slot)
    if act.values:
        return Step(scene.talk, lead=say("already_noted"))
    return ask_line(hands, scene, act)


def drop_piece(hands: Hands, scene: Scene, piece: str) -> Step:
    """A pièce that is not the right one: its documents are taken back, and it is asked again."""
    dossier = scene.filling
    for file in dossier.attachments:
        if file.piece == piece and file.state in ("sent", "doubtful"):
            hands.dossiers.pieces.remove(dossier.id, file.id)
    hands.dossiers.pieces.not_at_hand(dossier.id, piece)
    return Step(replace(scene.talk, validated=False), lead=say("piece_taken_back"))


@move
def ask_line(hands: Hands, scene: Scene, act: Act) -> Step:
    """Which of the answers is to be corrected? With none yet, the question goes on."""
    if not scene.answered:
        return Step(scene.talk)
    return Step(replace(scene.talk, waiting="line", doubted="", doubt=()))


def edit(scene: Scene, slot: str) -> Step:
    """Ask a field again; its old answer stays until another is given."""
    champ = scene.filling.form.field(slot)
    if champ is None:
        return Step(scene.talk)
    talk = replace(
        scene.talk, editing=slot, waiting="", doubted="", doubt=(), misread=0, explained=()
    )
    old = scene.filling.values.get(slot, "")
    kept = say("editing_kept", value=cards.shown(champ, old)) if old else ""
    return Step(talk, lead=f"{say('editing')} {kept}".strip())


@move
def go_back(hands: Hands, scene: Scene, act: Act) -> Step:
    """Back to a named question, else to the last one answered."""
    if act.values and scene.answered:
        return correct(hands, scene, act)
    if act.slot and act.slot in scene.filling.values:
        return edit(scene, act.slot)
    talk = replace(scene.talk, doubted="", doubt=())
    if scene.talk.doubt:
        return Step(talk)
    trail = [slot for slot in scene.talk.trail if slot in scene.filling.values]
    if not trail:  # a dossier taken up again: the form's order
        trail = [champ.id for champ in scene.answered]
    if scene.talk.editing in trail:
        trail = trail[: trail.index(scene.talk.editing)]
    if not trail:
        return Step(talk, lead=say("first_question"))
    return edit(replace(scene, talk=talk), trail[-1])


@move
def deny_last(hands: Hands, scene: Scene, act: Act) -> Step:
    """« non, c’est pas ça », where no yes or no is asked: what was just noted is not right."""
    trail = [slot for slot in scene.talk.trail if slot in scene.filling.values]
    if not trail or scene.talk.misread:
        return misread(hands, scene, act)
    return go_back(hands, scene, act)


@move
def skip(hands: Hands, scene: Scene, act: Act) -> Step:
    """An optional question is passed; an answer being corrected stays as it was."""
    talk, champ = scene.talk, scene.now.champ
    if talk.editing:
        return Step(replace(talk, editing="", doubt=(), doubted=""), lead=say("kept_as_before"))
    if champ is not None and champ.optional:
        hands.dossiers.save(scene.filling.id, [Answer(champ.id, "")])
        undo = Undo("values", scene.filling.id, {champ.id: None})
        return Step(replace(talk.moved_on(champ.id), undo=undo), lead=say("skipped"))
    return Step(talk, lead=say("needed"))


@move
def leave_line(hands: Hands, scene: Scene, act: Act) -> Step:
    """Nothing is to be corrected after all."""
    return Step(replace(scene.talk, waiting="", confirm=""), lead=say("going_on"))


@move
def go_on_with(hands: Hands, scene: Scene, act: Act) -> Step:
    """The question under way is answered instead: nothing is abandoned."""
    talk = replace(scene.talk, waiting="")
    return keep(hands, replace(scene, talk=talk), act) if act.values else Step(talk)


@move
def take_line(hands: Hands, scene: Scene, act: Act) -> Step:
    """The answer to « which one? »: its new value, its name, or something else."""
    talk = replace(scene.talk, waiting="")
    scene = replace(scene, talk=talk)
    if act.values or act.slot:
        return correct(hands, scene, act)
    return Step(replace(talk, waiting="line"), lead=say("which_unknown"))


def restore(hands: Hands, dossier: DossierView, before: Mapping[str, str | None]) -> list[str]:
    """The answers as they were; the labels of those put back or forgotten."""
    for slot, value in before.items():
        if value is None and slot in hands.dossiers.get(dossier.id).values:
            hands.dossiers.forget_value(dossier.id, slot)
    kept = [Answer(slot, value) for slot, value in before.items() if value is not None]
    if kept:
        hands.dossiers.save(dossier.id, kept)
    fields = [dossier.form.field(slot) for slot in before]
    return [champ.label for champ in fields if champ is not None]
