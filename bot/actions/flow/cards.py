"""What the flow says: questions, recap, dossier, as messages of the contract."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.actions.flow.answers import shown
from bot.actions.messages import Choice, Message, sources
from dossiers.legibility import ADVICE
from dossiers.legibility import TEXTS as LEGIBILITY
from dossiers.states import text_of
from dossiers.views import DossierView, PieceView
from french.phrasing import ended
from knowledge.query import Citation
from knowledge.schema import Champ

# The format that a client shows for each kind of field.
FORMATS = {
    "choice": "choice",
    "date": "date",
    "birth_date": "date",
    "email": "email",
    "phone": "phone",
    "address": "address",
    "plate": "plate",
}
PIECE_SLOT = "piece:"
CLU_SLOT = "clu"
PAYMENT_SLOT = "paiement"
RECAP_SLOT = "recapitulatif"
# In place of a resume code, which the channel makes when it tells it, and which nothing keeps.
CODE_TO_COME = "••••-••••"


def answer_choice(label: str, slot: str, value: str) -> Choice:
    return Choice(label, f"answer:{slot}={value}")


def act_choice(label: str, act: str) -> Choice:
    return Choice(label, f"act:{act}")


def resume_choice(dossier: DossierView) -> Choice:
    return Choice(f"Reprendre le dossier {dossier.number}", f"dossier:{dossier.number}")


def question(dossier: DossierView, champ: Champ, today: date, lead: str = "") -> Message:
    """The question of a field, with its help, choices and progress."""
    choices = [answer_choice(c.label, champ.id, c.value) for c in champ.choices]
    if champ.optional:
        choices.append(act_choice("Passer cette question", "skip"))
    text = f"{lead} {champ.question}".strip()
    card = question_card(dossier, champ.id, FORMATS.get(champ.kind, "text"), today)
    card["title"] = champ.label
    if champ.help:
        card["help"] = champ.help
    card["choices"] = [choice.as_dict() for choice in choices]
    card["sources"] = cited(dossier, champ.sources)
    return Message(text, card)


def hard_to_read(piece: PieceView) -> str:
    """What is said when the last file of a pièce is hard to read; "" when it is not."""
    last = piece.files[-1] if piece.files else None
    if last is None or last.state != "doubtful":
        return ""
    why = [text for key, text in LEGIBILITY.items() if key in last.warnings]
    return (
        f"Ce document est difficile à lire : {piece.piece.label}. {' '.join([*why, ADVICE])} "
        "Envoyez-en une meilleure photo, ou dites-moi de l'utiliser quand même."
    )


def use_anyway_choice(slot: str) -> Choice:
    return answer_choice("Utiliser ce document quand même", slot, "use_anyway")


def piece_question(dossier: DossierView, piece: PieceView, today: date, lead: str = "") -> Message:
    """Asking for one pièce: send it here, or say that it is at hand."""
    text = f"Il faut cette pièce : {piece.piece.label}."
    if piece.state == "refused":
        text = f"Cette pièce a été refusée : {piece.piece.label}. Motif : {ended(piece.reason)}"
    if piece.state == "doubtful":
        text = hard_to_read(piece)
    else:
        text += " Envoyez-en une photo ou un PDF. Ou l'avez-vous déjà, pour l'envoyer sur le site ?"
    slot = f"{PIECE_SLOT}{piece.piece.id}"
    card = question_card(dossier, slot, "file", today)
    card["title"] = piece.piece.label
    card["help"] = piece.piece.note or "PDF, JPEG, PNG ou HEIC, bien lisible."
    choices = [answer_choice("Je l'ai, je l'enverrai sur le site", slot, "at_hand")]
    if piece.state == "doubtful":
        choices.insert(0, use_anyway_choice(slot))
    choices.append(act_choice("Je ne l'ai pas encore", "pause"))
    card["choices"] = [choice.as_dict() for choice in choices]
    card["sources"] = cited(dossier, piece.piece.sources)
    return Message(f"{lead} {text}".strip(), card)


def confirmation(
    dossier: DossierView, champ: Champ, doubt: str, values: list[str], today: date
) -> Message:
    """Asking a doubtful answer again, once; the readings are choices."""
    card = question_card(dossier, champ.id, "choice", today)
    choices = [answer_choice(f"Oui, {shown(champ, values[0])}", champ.id, values[0])]
    choices += [answer_choice(shown(champ, v), champ.id, v) for v in values[1:4]]
    choices.append(act_choice("Non, je la redonne", "again"))
    card["title"] = champ.label
    card["choices"] = [choice.as_dict() for choice in choices]
    return Message(doubt, card)


def narrowed(asked: Message, champ: Champ, near: tuple[str, ...]) -> Message:
    """A question whose long list of choices is cut down to the likeliest ones."""
    choices = [answer_choice(shown(champ, value), champ.id, value) for value in near]
    choices.append(act_choice("Voir tous les choix", "again"))
    card = {**(asked.card or {}), "choices": [choice.as_dict() for choice in choices]}
    return Message(asked.text, card)


def recap(dossier: DossierView, today: date, lead: str = "") -> Message:
    """Everything answered, each line correctable, before the conditions are accepted."""
    now = dossier.progress(today)
    fields = [
        {"slot": f.id, "label": f.label, "value": shown(f, dossier.values.get(f.id, ""))}
        for f in now.applicable
    ]
    pieces = [
        {"id": p.piece.id, "label": p.piece.label, "state": p.state} for p in dossier.pieces(today)
    ]
    said = " ; ".join(f"{f['label']} : {f['value']}" for f in fields)
    text = f"{lead} Voici votre récapitulatif. {said}. Tout est-il exact ?".strip()
    choices = [act_choice("Tout est exact", "validate")]
    choices += [act_choice(f"Modifier : {f['label']}", f"edit={f['slot']}") for f in fields]
    return Message(
        text,
        {
            "kind": "recap",
            "demarche": dossier.demarche,
            "slot": RECAP_SLOT,
            "title": dossier.form.title,
            "fields": fields,
            "pieces": pieces,
            "choices": [choice.as_dict() for choice in choices],
            "progress": _progress(dossier, today),
        },
    )


def clu(dossier: DossierView, today: date, lead: str = "") -> Message:
    """The conditions (CLU), to be accepted in so many words."""
    card = question_card(dossier, CLU_SLOT, "choice", today)
    card["title"] = "Conditions légales d'utilisation"
    card["choices"] = [
        answer_choice("J'accepte les conditions légales d'utilisation", CLU_SLOT, "oui").as_dict(),
        answer_choice("Je n'accepte pas", CLU_SLOT, "non").as_dict(),
    ]
    text = (
        "Sur le site, vous devrez lire et cocher les conditions légales d'utilisation : elles vous "
        "engagent sur l'exactitude de ce que vous déclarez. Si vous êtes d'accord, dites "
        "« j'accepte ». Acceptez-vous ces conditions ?"
    )
    return Message(f"{lead} {text}".strip(), card)


def payment(dossier: DossierView, today: date, lead: str = "") -> Message:
    """How to pay on the site, and the click that records it; no card data is asked here."""
    card = question_card(dossier, PAYMENT_SLOT, "choice", today)
    card["title"] = "Le paiement, sur le site"
    card["steps"] = [
        {
            "title": "Remplissez les informations de la carte",
            "text": "Numéro, date d'expiration, cryptogramme. Ne me les donnez jamais.",
        },
        {"title": "Cliquez sur « Valider »", "text": ""},
        {
            "title": "Cliquez sur « Cliquer ici pour enregistrer votre paiement »",
            "text": "Sans ce clic, le paiement n'est pas enregistré.",
        },
    ]
    choices = [answer_choice("C'est compris", PAYMENT_SLOT, "compris")]
    card["choices"] = [choice.as_dict() for choice in choices]
    text = (
        "Cette démarche se paie sur le site, par carte bancaire. Cliquez sur « Valider », puis, "
        "impérativement, sur « Cliquer ici pour enregistrer votre paiement ». Je ne vous demande "
        "aucun numéro de carte. Est-ce clair ?"
    )
    return Message(f"{lead} {text}".strip(), card)


def dossier_card(
    dossier: DossierView, text: str, today: date, secret: str | None = None
) -> Message:
    """The state of a dossier: number, what to do next, downloads; the secret when just made."""
    state = text_of(dossier.state, dossier.register)
    card: dict[str, Any] = {
        "kind": "dossier",
        "number": dossier.number,
        "demarche": dossier.demarche,
        "title": dossier.form.title,
        "status": state.title,
        "next": state.next,
        "downloads": [
            {
                "label": "Récapitulatif (PDF)",
                "url": f"/api/conversations/{dossier.conversation_id}"
                f"/dossiers/{dossier.number}/recapitulatif.pdf",
            }
        ],
        "progress": _progress(dossier, today),
    }
    if secret is not None:
        card["secret"] = secret
    return Message(text, card)


def step_count(dossier: DossierView, today: date) -> tuple[int, int]:
    """How many of the questions and pièces are done, and how many there are."""
    progress = _progress(dossier, today)
    return progress["done"], progress["total"]


def _progress(dossier: DossierView, today: date) -> dict[str, int]:
    now = dossier.progress(today)
    pieces = dossier.pieces(today)
    settled = sum(p.state in ("at_hand", "sent", "accepted") for p in pieces)
    return {"done": now.done + settled, "total": now.total + len(pieces)}


def question_card(dossier: DossierView, slot: str, shape: str, today: date) -> dict[str, Any]:
    """The card of a question about a slot, without choices yet; ``shape`` is its format."""
    return {
        "kind": "question",
        "demarche": dossier.demarche,
        "slot": slot,
        "format": shape,
        "progress": _progress(dossier, today),
        "choices": [],
    }


def cited(dossier: DossierView, references: Sequence[str]) -> list[dict[str, str]]:
    """The passages that these references name, as sources of a card."""
    known = dossier.form.sources
    cited = [known[reference] for reference in dict.fromkeys(references) if reference in known]
    return sources(tuple(Citation(s.document, s.title, s.section, s.period) for s in cited))
