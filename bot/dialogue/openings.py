"""Moves that open a dossier, take one up again, put one aside, keep a wish for later."""

from collections.abc import Sequence
from dataclasses import replace

from bot.book import say
from bot.dialogue import cards, values
from bot.dialogue.acts import Act, Value
from bot.dialogue.filed import exchange
from bot.dialogue.filed_cards import offered, several, standing
from bot.dialogue.filling import doubting, save
from bot.dialogue.scene import Hands, Scene, Step, move
from bot.dialogue.state import Talk
from bot.messages import CODE_TO_COME, Message, SmalltalkCard, clarify, topic_choice
from bot.questions import outcomes, topics
from bot.questions.decision import decide
from dossiers.form import form_of
from dossiers.register import LockedError, WrongSecretError
from dossiers.states import State
from dossiers.views import DossierView
from knowledge.query import KnowledgeBase

MOST_OFFERED = 4


@move
def open_dossier(hands: Hands, scene: Scene, act: Act) -> Step:
    """The démarche that was named, or talked about, is begun; several are asked about."""
    wished = wished_demarches(hands.base, scene, act)
    return Step(scene.talk, begin=wished[0]) if len(wished) == 1 else _which(hands, scene, wished)


def ask_to_open(hands: Hands, scene: Scene, act: Act) -> Step:
    """The same, not wished in so many words: it is asked before it is begun."""
    wished = wished_demarches(hands.base, scene, act)
    if len(wished) == 1:
        return _asked_first(hands, scene, "open_dossier", wished[0])
    return _which(hands, scene, wished)


def _which(hands: Hands, scene: Scene, wished: Sequence[str]) -> Step:
    """Which of the démarches that a wish may be of; what else is asked back when it names none."""
    if not wished:
        return unclear_wish(hands, scene)
    return Step(scene.talk, (which_to_begin(hands.base, wished),), asks=False)


def unclear_wish(hands: Hands, scene: Scene) -> Step:
    """A wish whose démarche is not clear: what the sheets ask back, or which démarche it is."""
    asked = [
        decision
        for decision in decide(scene.heard, scene.talk.focus, hands.base, wish=True)
        if isinstance(decision, outcomes.AskWhich)
    ]
    said = hands.speech.say(asked[0], scene.heard.text) if asked else which_to_begin(hands.base, ())
    return Step(scene.talk, (said,), asks=False)


def wished_demarches(base: KnowledgeBase, scene: Scene, act: Act) -> tuple[str, ...]:
    """The démarches that a wish may be of; the one talked about when it names none."""
    if act.detail:
        return tuple(one for one in act.detail.split() if topics.has_flow(one, base))
    under_way = scene.talk.focus.subject
    return (under_way,) if under_way and topics.has_flow(under_way, base) else ()


def which_to_begin(base: KnowledgeBase, wished: Sequence[str]) -> Message:
    if not wished:
        entry = base.clarifications[topics.UNKNOWN_SUBJECT]
        subjects = [choice.topic.partition("/")[2] for choice in entry.choices]
        wished = [one for one in subjects if topics.has_flow(one, base)]
    choices = [cards.begin_choice(base.sheets[one].title, one) for one in wished]
    return clarify(say("which_to_begin"), choices)


def begun(
    hands: Hands, scene: Scene, demarche: str, told: Sequence[Value]
) -> tuple[Talk, Message, str]:
    """A new dossier with what was already told; the talk in it, its opening, what is noted."""
    form = form_of(hands.base, demarche)
    dossier, _ = hands.dossiers.begin(form, scene.conversation)
    aside = (*scene.talk.aside, scene.talk.dossier) if scene.talk.dossier else scene.talk.aside
    later = tuple(one for one in scene.talk.later if one != demarche)
    talk = replace(scene.talk, aside=aside, dossier="", later=later).into(dossier.id)
    implied = [Value(slot, value) for slot, value in _implied(hands.base, dossier)]
    given = {value.slot: value for value in (*implied, *told)}
    sure = [value for value in given.values() if not value.doubt]
    doubtful = {value.slot: value.value for value in given.values() if value.doubt}
    lead = ""
    if sure:
        talk, lead = save(hands, dossier, talk, sure)
        talk = replace(talk, undo=None)
    talk = replace(talk, early={**_told_before(scene, dossier), **doubtful})
    dossier = hands.dossiers.get(dossier.id)
    return talk, cards.opening(hands.base, dossier, scene.today, CODE_TO_COME), lead


def _told_before(scene: Scene, dossier: DossierView) -> dict[str, str]:
    """What was told before the dossier was opened, for the only field of its kind."""
    fields = dossier.form.flow.fields
    found = {}
    for key, value in scene.talk.early.items():
        same = [field.id for field in fields if key == f"kind:{field.kind}"]
        if len(same) == 1:
            found[same[0]] = value
    return found


def _implied(base: KnowledgeBase, dossier: DossierView) -> list[tuple[str, str]]:
    """What the démarche's own name already answers (a stolen card, a sub-category)."""
    own = dossier.demarche
    named = (f.id for f in dossier.form.flow.fields if own in {c.value for c in f.choices})
    return [*base.sheets[own].implies.items(), *((slot, own) for slot in named)]


@move
def put_aside_and_begin(hands: Hands, scene: Scene, act: Act) -> Step:
    """Another démarche now: the dossier under way is kept, and offered again at the end."""
    wished = tuple(
        one for one in wished_demarches(hands.base, scene, act) if not is_same(hands, scene, one)
    )
    if not wished:  # the démarche under way is wished again: it goes on
        return Step(scene.talk)
    if len(wished) > 1:
        return _which(hands, scene, wished)
    waiting = next((hands.dossiers.get(one) for one in scene.talk.aside), None)
    dossier = scene.filling
    aside = say("put_aside", number=dossier.number, title=dossier.form.title)
    if waiting is not None and waiting.demarche == wished[0] and waiting.editable:
        return back_to(hands, scene, waiting, aside)
    return Step(scene.talk, (Message(aside, SmalltalkCard()),), begin=wished[0])


def ask_to_put_aside(hands: Hands, scene: Scene, act: Act) -> Step:
    """Another démarche, not wished in so many words: asked, before the question under way."""
    wished = [one for one in wished_demarches(hands.base, scene, act) if act.detail]
    others = [one for one in wished if not is_same(hands, scene, one)]
    if len(others) != 1:
        return Step(scene.talk, lead=say("not_understood") if act.detail else "")
    return _asked_first(hands, scene, "put_aside_and_begin", others[0])


def _asked_first(hands: Hands, scene: Scene, move: str, demarche: str) -> Step:
    """A démarche to open waits for a yes; what its wish tells is kept for it."""
    told = [v for v in told_at_opening(hands, scene, demarche) if not v.doubt]
    kinds = {f.id: f.kind for f in form_of(hands.base, demarche).flow.fields}
    chosen = {v.slot: v.value for v in told if kinds[v.slot] == "choice"}
    others = {f"kind:{kinds[v.slot]}": v.value for v in told if v.slot not in chosen}
    talk = replace(
        scene.talk,
        focus=replace(scene.talk.focus, situation={**scene.talk.focus.situation, **chosen}),
        early={**scene.talk.early, **others},
        waiting="confirm",
        confirm=f"{move} {demarche}",
    )
    return Step(talk)


def told_at_opening(hands: Hands, scene: Scene, demarche: str) -> list[Value]:
    """What the message that begins a démarche already answers, and the situation told."""
    form = form_of(hands.base, demarche)
    fields = [f for f in form.flow.fields if f.preset is None]
    told = values.others(replace(scene, dossier=None), fields, scene.heard.text)
    known = {**scene.talk.focus.situation, **scene.heard.details}
    slots = {value.slot for value in told}
    for champ in fields:
        value = known.get(champ.id)
        if champ.id not in slots and value in {c.value for c in champ.choices}:
            told.append(Value(champ.id, str(value)))
    return told


def is_same(hands: Hands, scene: Scene, demarche: str) -> bool:
    """Whether a démarche is carried through by the flow that is under way."""
    own = _owner(hands.base, scene.filling.demarche)
    return _owner(hands.base, demarche) == own


def _owner(base: KnowledgeBase, subject: str) -> str:
    return next(sheet.id for sheet in base.lineage(subject) if sheet.flow)


def back_to(hands: Hands, scene: Scene, other: DossierView, aside: str) -> Step:
    """The dossier put aside is taken up, and this one put aside in its turn."""
    step = take_up(hands, scene, other)
    others = tuple(one for one in step.talk.aside if one != other.id)
    talk = replace(step.talk, aside=(*others, scene.talk.dossier))
    return replace(step, talk=talk, said=(Message(aside, SmalltalkCard()), *step.said))


@move
def keep_for_later(hands: Hands, scene: Scene, act: Act) -> Step:
    """Another person or démarche, for after this one: kept, and offered at the end."""
    wished = wished_demarches(hands.base, scene, act) if act.detail else ()
    demarche = wished[0] if len(wished) == 1 else scene.filling.demarche
    later = (*(one for one in scene.talk.later if one != demarche), demarche)
    label = hands.base.sheets[demarche].label
    return Step(replace(scene.talk, later=later), lead=say("kept_for_later", label=label))


@move
def resume(hands: Hands, scene: Scene, act: Act) -> Step:
    """Go on with this conversation's dossier, or say how to name another."""
    own = [one for one in scene.own if not one.closed]
    if len(own) == 1:
        return take_up(hands, scene, own[0])
    if own:
        choices = [cards.resume_choice(one) for one in own[:MOST_OFFERED]]
        said = Message(say("resume_which"), SmalltalkCard(choices=choices))
        return Step(scene.talk, (said,), asks=False)
    abandoned = next((one for one in scene.own if one.state is State.ABANDONNEE), None)
    if abandoned is not None:
        said = several([abandoned], say("resume_abandoned"))
        said = said.showing(choices=[cards.resume_choice(abandoned)])
        return Step(scene.talk, (said,), asks=False)
    return Step(scene.talk, (how_to_resume(),), asks=False)


def how_to_resume() -> Message:
    on_the_site = topic_choice(say("choice_resume_on_site"), "etapes/reprise")
    return Message(say("resume_how"), SmalltalkCard(choices=[on_the_site], wants="dossier_number"))


def take_up(hands: Hands, scene: Scene, dossier: DossierView, lead: str = "") -> Step:
    """Go on with a dossier: with its questions, its exchange, or where it stands."""
    talk = scene.talk.into(dossier.id)
    if dossier.state is State.ABANDONNEE:
        hands.dossiers.move(dossier.id, State.EN_PREPARATION, "citizen", "abandon repris")
        return Step(talk, lead=say("abandon_taken_back"))
    complete = not dossier.facts(scene.today).missing_pieces
    if dossier.editable and not (dossier.state is State.PRETE_A_DEPOSER and complete):
        if dossier.state is State.MISE_EN_ATTENTE:
            hands.dossiers.move(dossier.id, State.EN_PREPARATION, "citizen", "reprise")
        resumed = say("resumed", label=dossier.form.label, number=dossier.number)
        return Step(talk, lead=lead or resumed)
    if dossier.register == "interne" and dossier.state is State.ATTENTE_INFORMATION:
        return exchange(scene, dossier, lead)
    idle = replace(talk.out(), undo=scene.talk.undo)
    if dossier.state is State.PRETE_A_DEPOSER:
        said = cards.ready(dossier, offered(dossier), scene.today, lead)
        return Step(idle, (said,), asks=False)
    return Step(idle, (standing(dossier, scene.today, lead),), asks=False)


@move
def resume_named(hands: Hands, scene: Scene, act: Act) -> Step:
    """The dossier whose number, and code if it is not this conversation's, a message gives."""
    number, _, secret = act.detail.partition(" ")
    if not number:
        return _not_found(scene, say("resume_mistyped"))
    own = next((one for one in scene.own if one.number == number), None)
    if own is not None:
        return take_up(hands, scene, own)
    if not secret:
        return _not_found(scene, say("resume_code_missing", number=number))
    try:
        found = hands.dossiers.resume(number, secret, scene.conversation)
    except WrongSecretError:
        return _not_found(scene, say("resume_wrong"))
    except LockedError as error:
        key = "resume_locked_minute" if error.minutes == 1 else "resume_locked"
        return _not_found(scene, say(key, minutes=error.minutes))
    return take_up(hands, scene, found)


def _not_found(scene: Scene, text: str) -> Step:
    in_form = bool(scene.talk.dossier) and not scene.talk.waiting
    said = Message(text, SmalltalkCard(wants=None if in_form else "dossier_number"))
    return Step(scene.talk, (said,), asks=in_form)


@move
def review(hands: Hands, scene: Scene, act: Act) -> Step:
    """The answers of a dossier that is ready, each correctable."""
    dossier = scene.filling
    if not dossier.editable:
        return take_up(hands, scene, dossier)
    step = Step(scene.talk.into(dossier.id))
    return _correcting(hands, scene, act, step)


def _correcting(hands: Hands, scene: Scene, act: Act, step: Step) -> Step:
    """What a correction of a ready dossier gives is kept at once."""
    if not act.values:
        return step
    sure = [value for value in act.values if not value.doubt]
    talk, lead = save(hands, scene.filling, step.talk, sure) if sure else (step.talk, "")
    doubtful = next((value for value in act.values if value.doubt), None)
    if doubtful is not None:
        return Step(doubting(talk, doubtful), lead=f"{lead} {doubtful.doubt}".strip())
    return Step(talk, lead=lead)
