"""What is said of a dossier that is ready or filed: where it stands, what to do, what to report."""

from datetime import date
from typing import Any

from bot.actions.flow import cards
from bot.actions.messages import Choice, Message, sources
from dossiers import recap, recap_text
from dossiers.states import TEXTS, Move, State, reachable, text_of
from dossiers.views import DossierView, PieceView
from french.phrasing import ended
from knowledge.query import KnowledgeBase

NUMBER_SLOT = "numero_demarche"
STATUS_SLOT = "statut"
REPLY_SLOT = "reponse_agent"
RECORD_PAYMENT = "« Cliquer ici pour enregistrer votre paiement »"
# States that the person reaches in Repère, and that no one reads on the site.
_OURS = (State.EN_PREPARATION, State.PRETE_A_DEPOSER, State.DEPOSEE)


def report_choice(label: str, dossier: DossierView, what: str) -> Choice:
    return Choice(label, f"report:{dossier.number}={what}")


def offered(dossier: DossierView) -> list[Choice]:
    """What the person may report or do now."""
    if dossier.closed:
        return []
    if dossier.state is State.PRETE_A_DEPOSER:
        return [
            report_choice("J’ai déposé ma démarche", dossier, "deposee"),
            Choice("Relire ou corriger mes réponses", f"review:{dossier.number}"),
        ]
    if dossier.editable:
        return [cards.resume_choice(dossier)]
    if dossier.register == "interne":
        if dossier.state is State.ATTENTE_TELEDECLARANT:
            return [report_choice("C’est payé", dossier, "paid")]
        return []
    choices = [report_choice("Le statut a changé", dossier, "status")]
    if dossier.ants_number is None:
        choices.append(report_choice("Donner le numéro de ma démarche", dossier, "number"))
    return choices


def standing(dossier: DossierView, today: date, lead: str = "") -> Message:
    """Where a dossier stands and what to do next."""
    state = text_of(dossier.state, dossier.register)
    following = recap.next_step(dossier, today)
    number = f" Démarche n° {dossier.ants_number}." if dossier.ants_number else ""
    text = (
        f"{lead} Dossier {dossier.number}, {dossier.form.label} : {state.title.lower()}.{number} "
        f"{state.meaning} {following}"
    )
    return _with_choices(dossier, text.strip(), today, offered(dossier))


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
    text = (
        f"Voici le récapitulatif du dossier {dossier.number}, à télécharger. Il liste vos "
        "réponses dans l’ordre des écrans du site, et vos pièces."
    )
    if spoken:
        text = recap_text.spoken(dossier, today)
    return told(dossier, today, text)


def left_unfinished(dossier: DossierView, today: date) -> Message:
    """A report on a request whose dossier was never completed here."""
    text = (
        f"J’ai bien compris, mais le dossier {dossier.number} ({dossier.form.title}) n’est pas "
        "terminé ici : je ne peux donc pas encore suivre votre démarche. Pour la suivre avec moi, "
        "terminez d’abord le dossier : dites « reprendre mon dossier ». Sinon, suivez-la sur le "
        "site de l’ANTS."
    )
    return told(dossier, today, text)


def several(own: list[DossierView], text: str) -> Message:
    """This person's dossiers, one a line, each to be chosen."""
    lines = " ; ".join(
        f"{one.number}, {one.form.label} : {TEXTS[one.state].title.lower()}" for one in own
    )
    choices = [cards.resume_choice(one).as_dict() for one in own if not one.closed]
    return Message(f"{text} {lines}.", {"kind": "clarify", "choices": choices})


def which(own: list[DossierView], what: str) -> Message:
    """A report that may be of several dossiers."""
    choices = [
        report_choice(f"{one.form.title} ({one.number})", one, what).as_dict() for one in own
    ]
    return Message("De quel dossier parlez-vous ?", {"kind": "clarify", "choices": choices})


def number_question(base: KnowledgeBase, dossier: DossierView, today: date) -> Message:
    """The number that the site gave to the démarche, so that it can be followed."""
    card = cards.question_card(dossier, NUMBER_SLOT, "text", today)
    card["title"] = "Numéro de la démarche"
    found = base.answer("ou_trouver/numero_demarche", {})
    if found is not None:
        card["help"] = found.text
        card["sources"] = sources(found.citations)
    card["choices"] = [cards.act_choice("Je ne l’ai pas encore", "later").as_dict()]
    return Message(
        "Quel est le numéro de votre démarche sur le site ? Il sert à la retrouver.", card
    )


def status_question(dossier: DossierView, today: date) -> Message:
    """What the site now says, among what may follow."""
    facts = dossier.facts(today)
    following = reachable(dossier.state, Move("citizen", "", facts))
    card = cards.question_card(dossier, STATUS_SLOT, "choice", today)
    card["title"] = "Statut de la démarche"
    choices = [
        report_choice(TEXTS[state].title, dossier, state)
        for state in following
        if state not in _OURS
    ]
    choices.append(cards.act_choice("Il n’a pas changé", "later"))
    card["choices"] = [choice.as_dict() for choice in choices]
    return Message("Quel est le statut affiché par le site ?", card)


def piece_again(dossier: DossierView, view: PieceView, today: date, lead: str) -> Message:
    """A pièce that the agent refused, or that was sent and is hard to read: to be sent again."""
    slot = f"{cards.PIECE_SLOT}{view.piece.id}"
    card = cards.question_card(dossier, slot, "file", today)
    card["title"] = view.piece.label
    choices = [cards.act_choice("Plus tard", "later")]
    text = cards.hard_to_read(view)
    if text:
        choices.insert(0, cards.use_anyway_choice(slot))
    else:
        text = (
            f"Cette pièce a été refusée : {view.piece.label}. Motif donné par l’agent : "
            f"{ended(view.reason)} Envoyez-en une photo bien lisible, ou un PDF."
        )
    card["choices"] = [choice.as_dict() for choice in choices]
    card["sources"] = cards.cited(dossier, view.piece.sources)
    return Message(f"{lead} {text}".strip(), card)


def reply_question(
    dossier: DossierView, asked: str, sent: bool, today: date, lead: str = ""
) -> Message:
    """The answer to the agent's message; none is needed once a document was sent again."""
    card = cards.question_card(dossier, REPLY_SLOT, "text", today)
    card["title"] = "Votre réponse à l’agent"
    choices = [cards.act_choice("Plus tard", "later")]
    if sent:
        choices.insert(0, report_choice("Envoyer sans message", dossier, "sent"))
        text = "Voulez-vous ajouter un mot pour l’agent ? Écrivez-le, ou envoyez sans message."
    else:
        message = f"L’agent qui examine votre dossier vous écrit : {asked} " if asked else ""
        text = f"{message}Écrivez votre réponse."
    card["choices"] = [choice.as_dict() for choice in choices]
    return Message(f"{lead} {text}".strip(), card)


def new_code(dossier: DossierView, today: date) -> Message:
    """A new resume code, which the channel makes as it tells it."""
    text = (
        f"Voici un nouveau code de reprise pour le dossier {dossier.number} : "
        f"{cards.CODE_TO_COME}. Notez-le : il n’est donné qu’une fois. L’ancien code ne marche "
        "plus."
    )
    return cards.dossier_card(dossier, text, today, cards.CODE_TO_COME)


def _with_choices(dossier: DossierView, text: str, today: date, choices: list[Choice]) -> Message:
    said = cards.dossier_card(dossier, text, today)
    card: dict[str, Any] = dict(said.card or {})
    card["next"] = recap.next_step(dossier, today)
    if choices:
        card["choices"] = [choice.as_dict() for choice in choices]
    state = text_of(dossier.state, dossier.register)
    if cited := cards.cited(dossier, state.sources):
        card["sources"] = cited
    return Message(text, card)
