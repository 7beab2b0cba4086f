"""The cards of a dossier that is ready or filed: where it stands, what to do, what to report."""

from collections.abc import Sequence
from datetime import date

from bot.book import say
from bot.dialogue import cards
from bot.messages import (
    CODE_TO_COME,
    Choice,
    ClarifyCard,
    DossierCard,
    Message,
    QuestionCard,
    clarify,
    sources,
)
from dossiers import recap, recap_text
from dossiers.states import TEXTS, Move, State, reachable, text_of
from dossiers.views import DossierView, PieceView
from french.phrasing import ended
from knowledge.query import KnowledgeBase

NUMBER_SLOT = "numero_demarche"
STATUS_SLOT = "statut"
REPLY_SLOT = "reponse_agent"
# States that the person reaches in Repère, and that no one reads on the site.
_OURS = (State.EN_PREPARATION, State.PRETE_A_DEPOSER, State.DEPOSEE)


def report_choice(label: str, dossier: DossierView, what: str) -> Choice:
    return Choice(label=label, value=f"report:{dossier.number}={what}")


def offered(dossier: DossierView) -> list[Choice]:
    """What the person may report or do now."""
    if dossier.closed:
        return []
    if dossier.state is State.PRETE_A_DEPOSER:
        review = Choice(label=say("choice_review"), value=f"review:{dossier.number}")
        return [report_choice(say("choice_filed"), dossier, str(State.DEPOSEE)), review]
    if dossier.editable:
        return [cards.resume_choice(dossier)]
    if dossier.register == "interne":
        if dossier.state is State.ATTENTE_TELEDECLARANT:
            return [report_choice(say("choice_paid"), dossier, "paid")]
        return []
    choices = [report_choice(say("choice_status"), dossier, "status")]
    if dossier.ants_number is None:
        choices.append(report_choice(say("choice_number"), dossier, "number"))
    if dossier.state is State.DEPOSEE:
        choices.append(cards.act_choice(say("choice_not_filed"), "not_filed"))
    return choices


def standing(dossier: DossierView, today: date, lead: str = "") -> Message:
    """Where a dossier stands and what to do next."""
    state = text_of(dossier.state, dossier.register)
    number = say("site_number", number=dossier.ants_number) if dossier.ants_number else ""
    text = say(
        "standing",
        number=dossier.number,
        label=dossier.form.label,
        title=state.title.lower(),
        site_number=number,
        meaning=state.meaning,
        next=recap.next_step(dossier, today),
    )
    return _with_choices(dossier, f"{lead} {text}".strip(), today, offered(dossier))


def reported(dossier: DossierView, today: date, lead: str) -> Message:
    """After a report: what the new state means, and what to do."""
    state = text_of(dossier.state, dossier.register)
    text = f"{lead} {state.meaning} {recap.next_step(dossier, today)}"
    return _with_choices(dossier, text, today, offered(dossier))


def told(dossier: DossierView, today: date, text: str) -> Message:
    """A dossier's card under another text."""
    return _with_choices(dossier, text, today, offered(dossier))


def recap_of(dossier: DossierView, today: date, spoken: bool) -> Message:
    """The récapitulatif: read aloud on the phone, to download elsewhere."""
    text = say("recap_to_download", number=dossier.number)
    return told(dossier, today, recap_text.spoken(dossier, today) if spoken else text)


def several(own: Sequence[DossierView], text: str) -> Message:
    """This person's dossiers, one a line, each to be chosen."""
    lines = " ; ".join(
        f"{one.number}, {one.form.label} : {TEXTS[one.state].title.lower()}" for one in own
    )
    choices = [cards.resume_choice(one) for one in own if not one.closed]
    return Message(f"{text} {lines}.", ClarifyCard(choices=choices))


def which(own: Sequence[DossierView], what: str) -> Message:
    """A report that may be of several dossiers."""
    choices = [report_choice(f"{one.form.title} ({one.number})", one, what) for one in own]
    return clarify(say("which_dossier"), choices)


def number_question(
    base: KnowledgeBase, dossier: DossierView, today: date, lead: str = ""
) -> Message:
    """The number that the site gave to the démarche, so that it can be followed."""
    found = base.answer("ou_trouver/numero_demarche", {})
    card = _question(dossier, NUMBER_SLOT, "text", say("number_title"), today)
    card = card.model_copy(
        update={
            "help": found.text if found else None,
            "sources": sources(found.citations) if found else None,
            "choices": [cards.act_choice(say("choice_not_yet"), "later")],
        }
    )
    return Message(f"{lead} {say('number_question')}".strip(), card)


def status_question(dossier: DossierView, today: date, lead: str = "") -> Message:
    """What the site now says, among what may follow."""
    following = reachable(dossier.state, Move("citizen", "", dossier.facts(today)))
    choices = [
        report_choice(TEXTS[state].title, dossier, state)
        for state in following
        if state not in _OURS
    ]
    choices.append(cards.act_choice(say("choice_unchanged"), "later"))
    card = _question(dossier, STATUS_SLOT, "choice", say("status_title"), today)
    text = f"{lead} {say('status_question')}".strip()
    return Message(text, card.model_copy(update={"choices": choices}))


def piece_again(dossier: DossierView, view: PieceView, today: date, lead: str) -> Message:
    """A pièce that the agent refused, or that was sent and is hard to read: to be sent again."""
    slot = f"{cards.PIECE_SLOT}{view.piece.id}"
    choices = [cards.act_choice(say("choice_later"), "later")]
    text = cards.hard_to_read(view)
    if text:
        choices.insert(0, cards.use_anyway_choice(slot))
    else:
        text = say("piece_refused_by_agent", piece=view.piece.label, why=ended(view.reason))
    card = _question(dossier, slot, "file", view.piece.label, today).model_copy(
        update={"choices": choices, "sources": cards.cited(dossier, view.piece.sources)}
    )
    return Message(f"{lead} {text}".strip(), card)


def reply_question(
    dossier: DossierView, asked: str, sent: bool, today: date, lead: str = ""
) -> Message:
    """The answer to the agent's message; none is needed once a document was sent again."""
    choices = [cards.act_choice(say("choice_later"), "later")]
    if sent:
        choices.insert(0, report_choice(say("choice_send_alone"), dossier, "sent"))
        text = say("reply_optional")
    else:
        message = say("agent_writes", message=ended(asked)) if asked else ""
        text = f"{message} {say('reply_needed')}".strip()
    card = _question(dossier, REPLY_SLOT, "text", say("reply_title"), today)
    return Message(f"{lead} {text}".strip(), card.model_copy(update={"choices": choices}))


def new_code(dossier: DossierView, today: date) -> Message:
    """A new resume code, which the channel makes as it tells it."""
    text = say("new_code", number=dossier.number, code=CODE_TO_COME)
    return cards.dossier_card(dossier, text, today, CODE_TO_COME)


def _question(dossier: DossierView, slot: str, shape: str, title: str, today: date) -> QuestionCard:
    return cards.question_card(dossier, slot, shape, today).model_copy(update={"title": title})


def _with_choices(dossier: DossierView, text: str, today: date, choices: list[Choice]) -> Message:
    card = cards.dossier_card(dossier, text, today).card
    assert isinstance(card, DossierCard)
    state = text_of(dossier.state, dossier.register)
    shown = {
        "next": recap.next_step(dossier, today),
        "choices": choices or None,
        "sources": cards.cited(dossier, state.sources) or None,
    }
    return Message(text, card.model_copy(update=shown))
