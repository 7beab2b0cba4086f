"""Moves on dossiers that are ready or filed: what is reported, asked, answered to an agent.

The site decides nothing here: the person says what she read there (« ants »). In a dossier filed
with this organisation (« interne »), agents decide, and the person answers and sends again.
"""

from dataclasses import replace

from bot.book import say
from bot.dialogue import filed_cards
from bot.dialogue.acts import Act, Kind
from bot.dialogue.scene import Hands, Scene, Step, move
from bot.dialogue.settling import use_anyway
from bot.dialogue.stages import Stage, followed
from bot.dialogue.state import Talk, Undo
from bot.messages import Message, smalltalk
from dossiers.answers import ValueRefusedError
from dossiers.ledger import NotNowError
from dossiers.states import TEXTS, State, TransitionError
from dossiers.teleservice import EmbeddedRegister
from dossiers.views import DossierView, PieceView


@move
def report(hands: Hands, scene: Scene, act: Act) -> Step:
    """What happened on the site: filed, paid, its number, its status."""
    known = [one for one in scene.own if followed(one)]
    if not known:
        unfinished = [one for one in scene.own if one.editable]
        if not unfinished:
            return nothing_filed(hands, scene, act)
        said = filed_cards.told(
            unfinished[0],
            scene.today,
            say("left_unfinished", number=unfinished[0].number, title=unfinished[0].form.title),
        )
        return Step(scene.talk, (said,), asks=_in_form(scene))
    if len(known) > 1:
        asked = filed_cards.which(known, reported_as(act))
        return Step(scene.talk, (asked,), asks=_in_form(scene))
    return report_on(hands, scene, known[0], act)


def nothing_filed(hands: Hands, scene: Scene, act: Act) -> Step:
    return Step(scene.talk, (smalltalk(say("nothing_filed")),), asks=False)


def _in_form(scene: Scene) -> bool:
    """Whether a dossier is being filled, whose question follows."""
    return bool(scene.talk.dossier) and not scene.talk.waiting


def report_on(hands: Hands, scene: Scene, dossier: DossierView, act: Act) -> Step:
    """Keep what the person reports; one that cannot be is explained, and changes nothing."""
    try:
        if act.kind is Kind.PAID:
            return _paid(hands, scene, dossier)
        if act.kind is Kind.NUMBER and not act.detail:
            return ask_number(scene, dossier)
        if act.kind is Kind.SITE_STATUS and not act.detail:
            return ask_status(scene, dossier)
        unsaid = act.kind is Kind.SITE_STATUS and dossier.state is State.PRETE_A_DEPOSER
        if unsaid and not act.binds and not scene.talk.dossier:
            return Step(replace(scene.talk, waiting="confirm", confirm="report_filed"))
        return _reported(hands, scene, dossier, act)
    except (TransitionError, NotNowError) as error:
        now = hands.dossiers.get(dossier.id)
        said = filed_cards.standing(now, scene.today, error.reason)
        return _told(scene, said)
    except ValueRefusedError:
        return ask_number(scene, dossier, say("number_too_long"))


def _told(scene: Scene, said: Message, undo: Undo | None = None) -> Step:
    """What is said of a dossier; the question of the one being filled follows, if any."""
    talk = scene.talk
    if talk.dossier and talk.waiting:
        talk = talk.out()
    return Step(
        replace(talk, waiting="", confirm="", undo=undo or talk.undo),
        (said,),
        asks=_in_form(scene),
    )


def _reported(hands: Hands, scene: Scene, dossier: DossierView, act: Act) -> Step:
    number = act.detail if act.kind is Kind.NUMBER else None
    state = State(act.detail) if act.kind is Kind.SITE_STATUS else None
    if state is None and dossier.state is State.PRETE_A_DEPOSER:
        state = State.DEPOSEE
    same = state is dossier.state or (act.kind is Kind.FILED and state is None)
    dossier = hands.dossiers.report(dossier.id, ants_number=number, status=state)
    title = TEXTS[dossier.state].title
    if number is not None:
        lead = say("number_noted", number=number)
    else:
        lead = say("status_same" if same else "status_now", title=title)
    said = filed_cards.reported(dossier, scene.today, lead)
    undo = Undo("filed", dossier.id) if state is State.DEPOSEE and not same else None
    step = _told(scene, said, undo)
    if state is State.DEPOSEE and dossier.ants_number is None and not scene.talk.dossier:
        return replace(step, talk=replace(step.talk, waiting="number"), asks=True)
    return step


def _paid(hands: Hands, scene: Scene, dossier: DossierView) -> Step:
    """The payment is made: on the site, the click that records it is recalled."""
    if dossier.register == "interne":
        register = EmbeddedRegister(hands.dossiers)
        register.pay(dossier.id)
        dossier = register.finish(dossier.id, "citizen")
        return _told(scene, filed_cards.reported(dossier, scene.today, say("payment_noted_here")))
    if not dossier.progress(scene.today).pays:
        return _told(scene, filed_cards.standing(dossier, scene.today, say("no_payment")))
    if dossier.state is State.PRETE_A_DEPOSER:
        hands.dossiers.report(dossier.id, status=State.DEPOSEE)
        undo = Undo("filed", dossier.id)
    else:
        undo = Undo("paid", dossier.id)
    hands.dossiers.record_payment(dossier.id, "citizen")
    dossier = hands.dossiers.get(dossier.id)
    said = filed_cards.reported(dossier, scene.today, say("payment_noted"))
    return _told(scene, said, undo)


@move
def not_ready_yet(hands: Hands, scene: Scene, act: Act) -> Step:
    """A report in the middle of a dossier: of another one that is filed, or too early."""
    whole = act.binds or act.kind in (Kind.NUMBER, Kind.SITE_STATUS)
    if whole and any(followed(one) and one.id != scene.talk.dossier for one in scene.own):
        return report(hands, scene, act)
    return Step(scene.talk, lead=say("not_ready_yet", number=scene.filling.number))


def ask_number(scene: Scene, dossier: DossierView, lead: str = "") -> Step:
    return Step(replace(scene.talk, waiting="number"), lead=lead)


def ask_status(scene: Scene, dossier: DossierView) -> Step:
    return Step(replace(scene.talk, waiting="status"))


@move
def later(hands: Hands, scene: Scene, act: Act) -> Step:
    """What is awaited of a filed dossier can wait."""
    dossier = scene.filling
    text = say("later", number=dossier.number)
    talk = replace(scene.talk, waiting="", confirm="")
    return Step(talk, (filed_cards.told(dossier, scene.today, text),), asks=False)


@move
def cancel_complete(hands: Hands, scene: Scene, act: Act) -> Step:
    """« annulez ma démarche »: a ready dossier may be abandoned; a filed one is the site's."""
    dossier = scene.filling
    if dossier.editable:
        return Step(replace(scene.talk.into(dossier.id), waiting="abandon"))
    said = filed_cards.told(dossier, scene.today, say("cancel_filed", number=dossier.number))
    return Step(scene.talk, (said,), asks=False)


@move
def unread_report(hands: Hands, scene: Scene, act: Act) -> Step:
    """Neither a number nor a status: asked once more, then what else the message may be."""
    if scene.talk.misread:
        return Step(replace(scene.talk, waiting="", misread=0), lead="", asks=False)
    return Step(replace(scene.talk, misread=1), lead=say("not_understood"))


@move
def standing(hands: Hands, scene: Scene, act: Act) -> Step:
    """Where the dossiers of this conversation stand."""
    if len(scene.own) > 1:
        return Step(scene.talk, (filed_cards.several(scene.own, say("your_dossiers")),), asks=False)
    if not scene.own:
        return Step(scene.talk, (smalltalk(say("no_dossier")),), asks=False)
    one = scene.own[0]
    if one.register == "interne" and one.state is State.ATTENTE_INFORMATION:
        return exchange(scene, one, say("standing_information", number=one.number))
    return Step(scene.talk, (filed_cards.standing(one, scene.today),), asks=False)


@move
def tell_recap(hands: Hands, scene: Scene, act: Act) -> Step:
    """The récapitulatif: read aloud on the phone, to download elsewhere."""
    if not scene.own:
        return Step(scene.talk, (smalltalk(say("no_dossier")),), asks=False)
    if len(scene.own) > 1 and not scene.talk.dossier:
        return Step(scene.talk, (filed_cards.several(scene.own, say("your_dossiers")),), asks=False)
    one = scene.dossier or scene.own[0]
    said = filed_cards.recap_of(one, scene.today, scene.heard.spoken)
    return Step(scene.talk, (said,), asks=_in_form(scene))


@move
def new_code(hands: Hands, scene: Scene, act: Act) -> Step:
    """Another resume code, for who is in the dossier's conversation already."""
    still = [one for one in scene.own if not one.closed]
    current = next((one for one in still if one.id == scene.talk.dossier), None)
    if current is None and len(still) == 1:
        current = still[0]
    if current is not None:
        said = filed_cards.new_code(current, scene.today)
    elif still:
        said = filed_cards.several(still, say("new_code_which"))
    else:
        said = smalltalk(say("new_code_elsewhere"))
    return Step(scene.talk, (said,), asks=_in_form(scene))


def exchange(scene: Scene, dossier: DossierView, lead: str = "") -> Step:
    """What the agent waits for: the pièces refused, then an answer."""
    talk = replace(scene.talk.into(dossier.id), waiting="reply")
    return Step(talk, lead=lead)


@move
def answer_agent(hands: Hands, scene: Scene, act: Act) -> Step:
    """The person's words go to the agent, once the pièces asked for were sent again."""
    dossier, text = scene.filling, scene.heard.text
    if to_send_again(scene.filling, scene) is None:
        return send_reply(hands, scene, dossier, text)
    # The answer came before the pièce: it is kept, and goes with it.
    hands.dossiers.write(dossier.id, text, "citizen")
    return Step(scene.talk, lead=say("reply_kept"))


def send_reply(hands: Hands, scene: Scene, dossier: DossierView, text: str) -> Step:
    """The exchange goes back to the agent."""
    try:
        dossier = EmbeddedRegister(hands.dossiers).answer(dossier.id, text)
    except TransitionError as error:
        said = filed_cards.standing(dossier, scene.today, error.reason)
        return Step(scene.talk.out(), (said,), asks=False)
    said = filed_cards.reported(dossier, scene.today, say("reply_sent"))
    return Step(scene.talk.out(), (said,), asks=False)


@move
def use_refused(hands: Hands, scene: Scene, act: Act) -> Step:
    """A document sent again that is hard to read is kept as it is."""
    piece = to_send_again(scene.filling, scene)
    if piece is None or not _is_doubtful(piece):
        return answer_agent(hands, scene, act)
    use_anyway(hands, scene.filling, piece.piece.id)
    return Step(scene.talk, lead=say("kept_anyway"))


def to_send_again(dossier: DossierView, scene: Scene) -> PieceView | None:
    """A pièce that keeps the dossier from going back to the agent."""
    return next(
        (p for p in dossier.pieces(scene.today) if p.state == "refused" or _is_doubtful(p)), None
    )


def awaited(hands: Hands, scene: Scene, lead: str = "") -> Message:
    """The question of what is awaited of a filed dossier."""
    dossier, today = scene.filling, scene.today
    if scene.now.stage is Stage.NUMBER:
        return filed_cards.number_question(hands.base, dossier, today, lead)
    if scene.now.stage is Stage.STATUS:
        return filed_cards.status_question(dossier, today, lead)
    piece = to_send_again(dossier, scene)
    if piece is not None:
        return filed_cards.piece_again(dossier, piece, today, lead)
    asked = EmbeddedRegister(hands.dossiers).status(dossier.id).message
    sent = _sent(hands, dossier)
    return filed_cards.reply_question(dossier, asked, sent, today, lead)


def _sent(hands: Hands, dossier: DossierView) -> bool:
    """Whether a document was sent since the agent's message."""
    kinds = [event.kind for event in hands.dossiers.events(dossier.id)]
    since = len(kinds) - kinds[::-1].index("moved") if "moved" in kinds else 0
    return "attached" in kinds[since:]


def _is_doubtful(piece: PieceView) -> bool:
    return bool(piece.files) and piece.files[-1].state == "doubtful"


def reported_as(act: Act) -> str:
    """A report as the value of a choice."""
    if act.kind is Kind.NUMBER and act.detail:
        return f"number:{act.detail}"
    if act.kind is Kind.FILED:
        return str(State.DEPOSEE)
    if act.kind is Kind.SITE_STATUS:
        return act.detail or "status"
    return str(act.kind)


def taken_report(hands: Hands, scene: Scene, number: str, what: str) -> Step:
    """A choice offered about a dossier of this conversation."""
    dossier = next((one for one in scene.own if one.number == number), None)
    if dossier is None:
        return Step(scene.talk, (smalltalk(say("dossier_gone")),), asks=False)
    if what == "status":
        return ask_status(replace(scene, talk=_about(scene.talk, dossier)), dossier)
    if what == "number":
        return ask_number(replace(scene, talk=_about(scene.talk, dossier)), dossier)
    if what == "sent":
        return send_reply(hands, scene, dossier, "")
    if what == "paid":
        return report_on(hands, scene, dossier, Act(Kind.PAID, binds=True))
    if what.startswith("number:"):
        said = Act(Kind.NUMBER, detail=what.removeprefix("number:"))
        return report_on(hands, scene, dossier, said)
    if what == State.DEPOSEE:
        return report_on(hands, scene, dossier, Act(Kind.FILED, binds=True))
    return report_on(hands, scene, dossier, Act(Kind.SITE_STATUS, detail=what, binds=True))


def _about(talk: Talk, dossier: DossierView) -> Talk:
    """The talk, when a filed dossier is what it is about."""
    return talk if talk.dossier else replace(talk.out(), undo=talk.undo)
