"""Moves that answer something else than the question asked, which is then asked again."""

from collections.abc import Sequence
from dataclasses import replace

from bot.book import say
from bot.dialogue import cards
from bot.dialogue.acts import Act
from bot.dialogue.scene import Hands, Scene, Step, move
from bot.dialogue.stages import Stage
from bot.dialogue.state import Talk
from bot.messages import Message
from bot.questions import outcomes, topics
from bot.questions.decision import decide
from bot.questions.speech import handoff, welcome
from dossiers.views import DossierView
from french.phrasing import ended
from knowledge.query import split_topic

MOST_LINES = 4


@move
def explain_why(hands: Hands, scene: Scene, act: Act) -> Step:
    now = scene.now
    if now.champ is not None:
        return _explained(scene, "why", now.champ.why)
    if now.piece is not None:
        note = now.piece.piece.note
        return _explained(scene, "why", f"{say('why_piece')} {ended(note) if note else ''}".strip())
    return _explained(scene, "why", say(_of_stage(scene, "why", "why_step")))


@move
def explain_where(hands: Hands, scene: Scene, act: Act) -> Step:
    champ = scene.now.champ
    if champ is not None and champ.where:
        return _explained(scene, "where", champ.where)
    if scene.now.piece is not None and scene.now.piece.piece.note:
        return _explained(scene, "where", ended(scene.now.piece.piece.note))
    return _explained(scene, "where", say("where_unsaid"))


@move
def explain(hands: Hands, scene: Scene, act: Act) -> Step:
    """What the question means: its help, then an example; said otherwise the second time."""
    champ = scene.now.champ
    if champ is None:
        note = scene.now.piece.piece.note if scene.now.piece else ""
        told = say(_of_stage(scene, "help", "help_step"))
        return _explained(scene, "help", f"{told} {ended(note) if note else ''}".strip())
    example = say("example", example=champ.example) if champ.example else ""
    first = " ".join(part for part in (champ.help, example) if part) or champ.why
    if "help" not in scene.talk.explained:
        return _explained(scene, "help", first)
    return _explained(scene, "help", f"{champ.why} {example}".strip() or first)


@move
def lack(hands: Hands, scene: Scene, act: Act) -> Step:
    """What to do without the value asked: where it is, then skip it, or pause."""
    champ = scene.now.champ
    if champ is None:
        return Step(scene.talk, lead=say("help_step"))
    if champ.kind == "choice" and not champ.optional:
        return explain(hands, scene, act)
    first = "where" not in scene.talk.explained
    example = say("example", example=champ.example) if champ.example else ""
    where = (champ.where or f"{champ.help} {example}".strip()) if first else ""
    ways = say("lack_optional" if champ.optional else "lack_needed")
    return _explained(scene, "where", f"{where} {ways}".strip())


def _explained(scene: Scene, what: str, text: str) -> Step:
    """An explanation, and that it was given: it is not given twice in the same words."""
    talk = scene.talk
    explained = talk.explained if what in talk.explained else (*talk.explained, what)
    return Step(replace(talk, explained=explained), lead=text)


def _of_stage(scene: Scene, prefix: str, otherwise: str) -> str:
    keys = {
        Stage.RECAP: f"{prefix}_recap",
        Stage.CONDITIONS: f"{prefix}_conditions",
        Stage.PAYMENT: f"{prefix}_payment",
    }
    return keys.get(scene.now.stage, otherwise)


@move
def ask_again(hands: Hands, scene: Scene, act: Act) -> Step:
    """The question once more, without a word."""
    return Step(scene.talk)


@move
def ask_yes_or_no(hands: Hands, scene: Scene, act: Act) -> Step:
    """A yes or a no that answers nothing that was asked."""
    return Step(replace(scene.talk, misread=scene.talk.misread + 1), lead=say("answer_choice"))


@move
def unclear(hands: Hands, scene: Scene, act: Act) -> Step:
    """Nothing was understood, at what is not a field."""
    talk = replace(scene.talk, misread=scene.talk.misread + 1)
    return Step(talk, lead=say("not_understood"))


@move
def wait(hands: Hands, scene: Scene, act: Act) -> Step:
    return Step(scene.talk, lead=say("take_time"))


@move
def tell_status(hands: Hands, scene: Scene, act: Act) -> Step:
    """How many screens are left, and the last answers."""
    if scene.now.stage is Stage.RECAP:
        return Step(scene.talk)
    dossier = scene.filling
    steps = cards.steps_of(dossier, scene.today)
    left = steps.total - steps.done
    key = "status_one" if left == 1 else "status_none" if not left else "status"
    said = say(key, number=dossier.number, done=steps.done, left=left)
    told = cards.lines_of(dossier, {f.id: dossier.values[f.id] for f in scene.answered})
    answers = say("status_answers", lines=" ; ".join(told[-MOST_LINES:])) if told else ""
    return Step(scene.talk, lead=f"{said} {answers}".strip())


@move
def reply_politely(hands: Hands, scene: Scene, act: Act) -> Step:
    return Step(scene.talk, lead=say(_polite(act)))


def _polite(act: Act) -> str:
    return {"saluer": "polite_hello", "compliment": "polite_thanks"}.get(act.detail, "polite")


@move
def reassure(hands: Hands, scene: Scene, act: Act) -> Step:
    """Anger, fear: a word that takes it seriously, the ways out."""
    number = scene.filling.number if scene.talk.dossier else ""
    return Step(scene.talk, lead=say("reassure", number=number))


@move
def decline_offtopic(hands: Hands, scene: Scene, act: Act) -> Step:
    said = hands.speech.say(outcomes.Unrelated(), "")
    return Step(scene.talk, (said,), lead=say("back_to_it"))


@move
def refuse_card_number(hands: Hands, scene: Scene, act: Act) -> Step:
    return Step(scene.talk, lead=say("no_card_data"))


@move
def call_person(hands: Hands, scene: Scene, act: Act) -> Step:
    """A person is called; the dossier goes on meanwhile."""
    return Step(replace(scene.talk, confirm="", waiting=""), (handoff(),), asks=_is_in(scene))


def _is_in(scene: Scene) -> bool:
    return bool(scene.talk.dossier)


@move
def answer_question(hands: Hands, scene: Scene, act: Act) -> Step:
    """A question on the documents, in this démarche's case; then the démarche's question."""
    dossier = scene.filling
    said, talk = said_of(hands, scene, dossier)
    if not said:
        return (
            unclear(hands, scene, act)
            if scene.now.champ is None
            else explain_or_misread(hands, scene, act)
        )
    return Step(talk, tuple(said), lead=say("back_to_it"))


def explain_or_misread(hands: Hands, scene: Scene, act: Act) -> Step:
    """A question that nothing answers: what was asked is explained instead."""
    return explain(hands, scene, act)


def said_of(hands: Hands, scene: Scene, dossier: DossierView) -> tuple[list[Message], Talk]:
    """The answers to a question in the middle of a dossier; what it leaves unsaid is asked of
    this démarche, in this case."""
    base, obstacle = hands.base, scene.now.obstacle
    known = dossier.progress(scene.today).situation
    details = {name: value for name, value in known.items() if name in base.situation}
    topic = f"{topics.main_facet(dossier.demarche, base)}/{dossier.demarche}"
    if obstacle is not None and obstacle.instead:
        topic = obstacle.instead
    facet, subject = split_topic(topic)
    before = scene.talk.focus
    focus = replace(
        before, facet=facet, subject=subject, situation={**before.situation, **details}, offered=()
    )
    decisions = decide(scene.heard, focus, base)
    decisions = [_of_this(hands, d, dossier, focus.situation) for d in decisions]
    decisions = [d for d in decisions if not isinstance(d, outcomes.Begin)]
    if obstacle is not None and not obstacle.instead:
        # What stops the démarche leaves its own steps no place.
        decisions = [d for d in decisions if not _is_on(d, dossier.demarche)]
    if all(isinstance(d, outcomes.NotUnderstood) for d in decisions):
        return [], scene.talk
    said = [_without_begin(hands.speech.say(d, scene.heard.text), dossier) for d in decisions]
    return said, scene.talk


def _of_this(
    hands: Hands, decision: outcomes.Decision, dossier: DossierView, situation: object
) -> outcomes.Decision:
    """A question whose démarche is not named is about the one under way."""
    if not isinstance(decision, outcomes.AskWhich):
        return decision
    topic = f"{decision.facet}/{dossier.demarche}"
    if not hands.base.covers(topic):
        return decision
    return outcomes.Answer(topic, dict(situation))  # type: ignore[call-overload]


def _is_on(decision: outcomes.Decision, demarche: str) -> bool:
    return isinstance(decision, outcomes.Answer) and split_topic(decision.topic)[1] == demarche


def _without_begin(said: Message, dossier: DossierView) -> Message:
    """« Préparer cette démarche » of the one under way goes back to it, and opens nothing."""
    kept = [c for c in said.choices if c.value != f"begin:{dossier.demarche}"]
    return said if said.card is None else said.showing(choices=kept or None)


@move
def repeat_last(hands: Hands, scene: Scene, act: Act) -> Step:
    """The last messages again, where no question is under way."""
    return Step(scene.talk, scene.before or (welcome(),), asks=False)


def offered_in(said: Sequence[Message]) -> tuple[dict[str, str], ...]:
    """The choices of the last message, as the talk remembers them."""
    return tuple(c.model_dump() for c in said[-1].choices) if said else ()
