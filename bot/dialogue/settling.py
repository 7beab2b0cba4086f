"""Moves at what is not a field: a pièce, the recap, the conditions, the payment, the end; undoing.

Those that bind are played only for words that say them whole (``table.binding``).
"""

from dataclasses import replace

from bot.book import say
from bot.dialogue import cards
from bot.dialogue.acts import Act, Kind, Value
from bot.dialogue.filling import restore, save
from bot.dialogue.scene import Hands, Scene, Step, move
from bot.dialogue.state import Talk, Undo
from bot.messages import Choice, Message, SmalltalkCard
from dossiers.answers import ValueRefusedError
from dossiers.ledger import NotNowError
from dossiers.states import State, TransitionError
from dossiers.views import DossierView
from knowledge.conditions import evaluate, fields_of


@move
def validate(hands: Hands, scene: Scene, act: Act) -> Step:
    """The recap is right."""
    undo = Undo("validate", scene.filling.id)
    return Step(replace(scene.talk, validated=True, undo=undo))


@move
def consent(hands: Hands, scene: Scene, act: Act) -> Step:
    """The conditions are accepted, in so many words."""
    hands.dossiers.accept_clu(scene.filling.id)
    undo = Undo("consent", scene.filling.id)
    return Step(replace(scene.talk, undo=undo), lead=say("thanks"))


@move
def refuse_conditions(hands: Hands, scene: Scene, act: Act) -> Step:
    """Without this agreement the site does not let the request be validated."""
    return Step(scene.talk, lead=say("conditions_refused", number=scene.filling.number))


@move
def understand_payment(hands: Hands, scene: Scene, act: Act) -> Step:
    return Step(replace(scene.talk, payment_known=True))


@move
def explain_payment(hands: Hands, scene: Scene, act: Act) -> Step:
    """It is not clear: said otherwise, then again."""
    return Step(scene.talk, lead=say("payment_otherwise"))


@move
def have_piece(hands: Hands, scene: Scene, act: Act) -> Step:
    """The pièce is at hand; one that is hard to read is used as it is."""
    assert scene.now.piece is not None
    return settle_piece(hands, scene.talk, scene.filling, scene.now.piece.piece.id, "at_hand")


@move
def use_piece(hands: Hands, scene: Scene, act: Act) -> Step:
    """A document that is hard to read is kept as it is; without one, how to send it."""
    piece = scene.now.piece
    if piece is not None and piece.state == "doubtful":
        return settle_piece(hands, scene.talk, scene.filling, piece.piece.id, "use_anyway")
    return Step(scene.talk, lead=say("send_how"))


def settle_piece(hands: Hands, talk: Talk, dossier: DossierView, piece: str, value: str) -> Step:
    if value == "use_anyway":
        use_anyway(hands, dossier, piece)
        return Step(talk, lead=say("noted"))
    hands.dossiers.pieces.keep_at_hand(dossier.id, piece)
    return Step(
        replace(talk, undo=Undo("has", dossier.id, detail=piece), misread=0), lead=say("noted")
    )


def use_anyway(hands: Hands, dossier: DossierView, piece: str) -> None:
    """Keep the documents of a pièce that are hard to read."""
    for file in dossier.attachments:
        if file.piece == piece and file.state == "doubtful":
            hands.dossiers.pieces.use_anyway(dossier.id, file.id)


@move
def lack_piece(hands: Hands, scene: Scene, act: Act) -> Step:
    """Without a pièce the request is not complete: the dossier waits for it."""
    return pause(hands, scene, act, say("without_piece"))


@move
def overcome(hands: Hands, scene: Scene, act: Act) -> Step:
    """« c'est fait »: what stopped the démarche no longer does, when one answer says so."""
    now = scene.now
    if now.obstacle is None or now.champ is None or not now.obstacle.blocking:
        return Step(scene.talk, lead=say("answer_choice"))
    ways = [c.value for c in now.champ.choices if not _stops(scene, now.champ.id, c.value)]
    if len(ways) != 1:
        return Step(scene.talk, lead=say("answer_choice"))
    talk, lead = save(hands, scene.filling, scene.talk, [Value(now.champ.id, ways[0])])
    return Step(talk, lead=lead)


def _stops(scene: Scene, slot: str, value: str) -> bool:
    """Whether an answer would raise an obstacle."""
    known = scene.filling.progress(scene.today).situation | {slot: value}
    about = [o.when for o in scene.filling.form.flow.obstacles if slot in fields_of(o.when)]
    return any(evaluate(when, known) for when in about)


@move
def wait_for_obstacle(hands: Hands, scene: Scene, act: Act) -> Step:
    """It is not done yet: a blocking obstacle puts the dossier in pause."""
    if scene.now.obstacle is not None and scene.now.obstacle.blocking:
        return pause(hands, scene, act)
    return Step(scene.talk, lead=say("answer_choice"))


@move
def put_in_pause(hands: Hands, scene: Scene, act: Act) -> Step:
    return pause(hands, scene, act)


def pause(hands: Hands, scene: Scene, act: Act, lead: str = "") -> Step:
    """The dossier is kept as it is; how to take it up again is said."""
    dossier = scene.filling
    if dossier.state is State.EN_PREPARATION:
        dossier = hands.dossiers.move(dossier.id, State.MISE_EN_ATTENTE, "citizen", "pause")
    text = f"{lead} {say('paused', number=dossier.number)}".strip()
    said = cards.dossier_card(dossier, text, scene.today)
    choices = [cards.resume_choice(dossier)]
    return Step(scene.talk.out(), (said.showing(choices=choices, ended=True),), asks=False)


@move
def ask_abandon(hands: Hands, scene: Scene, act: Act) -> Step:
    """Does the person really want to abandon? A correction under way is only left."""
    talk = scene.talk
    if talk.editing:
        return Step(replace(talk, editing="", doubt=(), doubted=""), lead=say("kept_as_before"))
    return Step(replace(talk, waiting="abandon"))


@move
def abandon(hands: Hands, scene: Scene, act: Act) -> Step:
    dossier = hands.dossiers.move(scene.filling.id, State.ABANDONNEE, "citizen", "à sa demande")
    talk = replace(scene.talk.out(), undo=Undo("abandon", dossier.id))
    said = cards.dossier_card(
        dossier, say("abandoned", number=dossier.number, days=hands.abandoned_days), scene.today
    )
    choices = [Choice(label=say("choice_take_back"), value=f"dossier:{dossier.number}")]
    return Step(talk, (said.showing(choices=choices), *set_aside(hands, talk)), asks=False)


def set_aside(hands: Hands, talk: Talk) -> list[Message]:
    """What was put aside or kept for after, offered again."""
    for other in reversed(talk.aside):
        one = hands.dossiers.get(other)
        if one.editable:
            text = say("offer_aside", number=one.number, title=one.form.title)
            return [Message(text, SmalltalkCard(choices=[cards.resume_choice(one)]))]
    if talk.later:
        demarche = talk.later[-1]
        label = hands.base.sheets[demarche].label
        choice = cards.begin_choice(say("choice_begin"), demarche)
        return [Message(say("offer_later", label=label), SmalltalkCard(choices=[choice]))]
    return []


@move
def undo(hands: Hands, scene: Scene, act: Act) -> Step:
    """What was done last is taken back, when it can be."""
    done = scene.talk.undo
    if scene.talk.doubt:
        return Step(replace(scene.talk, doubt=(), doubted=""), lead=say("undone_doubt"))
    if done is None and scene.talk.dossier:
        return ask_abandon(hands, scene, act)
    if done is None:
        return Step(scene.talk, lead=say("nothing_to_undo"), asks=False)
    try:
        return _UNDO[done.what](hands, scene, done)
    except (NotNowError, TransitionError) as error:
        return Step(scene.talk, lead=error.reason, asks=bool(scene.talk.dossier))
    except ValueRefusedError:
        return Step(scene.talk, lead=say("nothing_to_undo"), asks=bool(scene.talk.dossier))


def _undo_values(hands: Hands, scene: Scene, done: Undo) -> Step:
    dossier = hands.dossiers.get(done.dossier)
    labels = restore(hands, dossier, done.before)
    trail = tuple(s for s in scene.talk.trail if done.before.get(s, "") is not None)
    talk = replace(_back_in(scene, done).moved_on(), trail=trail, undo=None)
    return Step(talk, lead=say("undone_values", labels=", ".join(labels)))


def _undo_validation(hands: Hands, scene: Scene, done: Undo) -> Step:
    return Step(replace(_back_in(scene, done), validated=False, undo=None), lead=say("undone"))


def _undo_consent(hands: Hands, scene: Scene, done: Undo) -> Step:
    hands.dossiers.withdraw_clu(done.dossier)
    talk = replace(_back_in(scene, done), validated=True, undo=None)
    return Step(talk, lead=say("undone_consent"))


def _undo_piece(hands: Hands, scene: Scene, done: Undo) -> Step:
    hands.dossiers.pieces.not_at_hand(done.dossier, done.detail)
    return Step(replace(_back_in(scene, done), undo=None), lead=say("undone"))


def _undo_file(hands: Hands, scene: Scene, done: Undo) -> Step:
    dossier = hands.dossiers.get(done.dossier)
    files = [file for file in dossier.attachments if file.id == done.detail]
    for file in files:
        hands.dossiers.pieces.remove(dossier.id, file.id)
    said = say("undone_file") if files else say("nothing_to_undo")
    return Step(replace(_back_in(scene, done), undo=None), lead=said)


def _undo_filing(hands: Hands, scene: Scene, done: Undo) -> Step:
    dossier = hands.dossiers.take_back_filing(done.dossier)
    talk = replace(scene.talk, waiting="", undo=None)
    return Step(talk, lead=say("undone_filing", number=dossier.number))


def _undo_payment(hands: Hands, scene: Scene, done: Undo) -> Step:
    hands.dossiers.forget_payment(done.dossier)
    return Step(replace(scene.talk, undo=None), lead=say("undone"))


def _undo_abandon(hands: Hands, scene: Scene, done: Undo) -> Step:
    hands.dossiers.move(done.dossier, State.EN_PREPARATION, "citizen", "abandon repris")
    return Step(replace(scene.talk.into(done.dossier), undo=None), lead=say("abandon_taken_back"))


_UNDO = {
    "values": _undo_values,
    "validate": _undo_validation,
    "consent": _undo_consent,
    "has": _undo_piece,
    "file": _undo_file,
    "filed": _undo_filing,
    "paid": _undo_payment,
    "abandon": _undo_abandon,
}


def _back_in(scene: Scene, done: Undo) -> Talk:
    """The talk in the dossier of what is undone, which may have been complete meanwhile."""
    return scene.talk if scene.talk.dossier == done.dossier else scene.talk.into(done.dossier)


@move
def take_back_filing(hands: Hands, scene: Scene, act: Act) -> Step:
    """« je n'ai encore rien déposé »: noted by mistake."""
    filed = [one for one in scene.own if one.register == "ants" and one.state is State.DEPOSEE]
    if not filed or (act.kind is Kind.UNDO and scene.talk.undo is not None):
        return undo(hands, scene, act)
    done = Undo("filed", filed[0].id)
    return undo(hands, replace(scene, talk=replace(scene.talk, undo=done)), act)
