"""The sentences of the flow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from bot.actions.flow import cards, follow_cards
from bot.actions.flow.answers import Given, shown
from bot.actions.flow.stages import Next, Stage, answered
from bot.actions.messages import (
    HUMAN,
    Choice,
    Message,
    clarify,
    smalltalk,
    sources,
    topic_choice,
)
from dossiers import progress
from dossiers.views import DossierView
from french.phrasing import ended
from knowledge.query import Answer, KnowledgeBase
from knowledge.schema import Champ

NO_CARD_DATA = (
    "Je ne dois pas recevoir de numéro de carte ni de code secret : je l'ai masqué et je ne l'ai "
    "pas gardé. Vous le donnerez seulement sur le site, au moment du paiement."
)
TAKE_TIME = "Prenez votre temps."
SPELL_IT = (
    "J'entends encore la même chose. Dites-la lentement, en épelant : par exemple A comme Anatole."
)
SAY_AGAIN = "D'accord, je n'avais pas bien entendu."
BACK_TO_IT = "Revenons à votre dossier."
ALREADY_NOTED = "C'est déjà noté."
NOT_UNDERSTOOD = "Je n'ai pas compris votre réponse."
GOING_ON = "D'accord, nous continuons."
IN_SO_MANY_WORDS = "Cet accord vous engage : il se donne en toutes lettres."
WITHOUT_PIECE = "Sans cette pièce, la demande ne serait pas complète."
MOST_LINES = 4
LONGEST = 600


def opening(base: KnowledgeBase, dossier: DossierView, today: date) -> Message:
    """What to have at hand, how long it takes, the dossier's number; its code is to come."""
    known = dossier.progress(today).situation
    minutes = dossier.form.flow.minutes
    needed = base.answer(f"elements/{dossier.demarche}", known)
    text = (
        f"Nous préparons ensemble {dossier.form.label} : comptez {minutes} minutes. Je n'ai pas "
        "accès au site de l'ANTS : vous y déposerez vous-même le dossier. À noter : son numéro, "
        f"{dossier.number}, et son code de reprise, donné une seule fois : {cards.CODE_TO_COME}."
    )
    if needed:
        at_hand = needed.text[:1].lower() + needed.text[1:]
        text = _fitting(f"{text} À avoir sous la main : {at_hand}")
    said = cards.dossier_card(dossier, text, today, cards.CODE_TO_COME)
    card = dict(said.card or {})
    on_the_site = base.answer(f"etapes/{dossier.demarche}", known)
    if on_the_site:
        card["steps"] = [{"title": s.title, "text": s.text} for s in on_the_site.steps]
    if needed:
        card["items"] = [{"label": item.label, "note": item.note} for item in needed.items]
    return _sourced(Message(text, card), on_the_site, needed)


def _sourced(said: Message, *told: Answer | None) -> Message:
    """A message that names the sources of the answers that it tells."""
    citations = dict.fromkeys(c for answer in told if answer for c in answer.citations)
    return replace(said, card={**(said.card or {}), "sources": sources(tuple(citations))})


def _fitting(text: str) -> str:
    """A text without its last sentences where it is too long; the card tells all of it."""
    while len(text) > LONGEST and ". " in text.rstrip("."):
        text = text[: text.rstrip(".").rindex(". ") + 1]
    return text


def resumed(dossier: DossierView) -> str:
    return f"Nous reprenons {dossier.form.label}, dossier {dossier.number}."


def noted(dossier: DossierView, given: Sequence[Given], gone: Sequence[str] = ()) -> str:
    """What was understood, in normal form, and what no longer applies."""
    lines = []
    for one in given:
        champ = dossier.form.field(one.slot)
        if champ is not None and one.slot in dossier.values:
            lines.append(f"{champ.label} : {shown(champ, one.value)}")
    said = f"C'est noté. {' ; '.join(lines)}." if lines else "C'est noté."
    if gone:
        said += f" Je retire ce qui ne s'applique plus : {', '.join(gone)}."
    return said


def ask(
    base: KnowledgeBase, dossier: DossierView, now: Next, today: date, lead: str = ""
) -> Message:
    """The question of a stage."""
    if now.stage is Stage.OBSTACLE and now.obstacle is not None:
        return _obstacle(base, dossier, now, today, lead)
    if now.stage is Stage.FIELD and now.champ is not None:
        return cards.question(dossier, now.champ, today, lead)
    if now.stage is Stage.PIECE and now.piece is not None:
        return cards.piece_question(dossier, now.piece, today, lead)
    if now.stage is Stage.CLU:
        return _clu(base, dossier, today, lead)
    if now.stage is Stage.PAYMENT:
        return _sourced(cards.payment(dossier, today, lead), base.answer("etapes/paiement"))
    return cards.recap(dossier, today, lead)


def _clu(base: KnowledgeBase, dossier: DossierView, today: date, lead: str = "") -> Message:
    return _sourced(cards.clu(dossier, today, lead), base.answer("definition/clu"))


def _obstacle(
    base: KnowledgeBase, dossier: DossierView, now: Next, today: date, lead: str
) -> Message:
    """What stops the démarche, with the ways out: another answer, the right topic, a person."""
    assert now.obstacle is not None
    choices: list[Choice] = []
    message = smalltalk("")
    if now.champ is not None:
        message = cards.question(dossier, now.champ, today)
        stopped = dossier.values.get(now.champ.id)
        choices += [
            cards.answer_choice(c.label, now.champ.id, c.value)
            for c in now.champ.choices
            if c.value != stopped
        ]
    if now.obstacle.instead:
        title = base.title_of(now.obstacle.instead)
        choices.append(topic_choice(title, now.obstacle.instead))
    if now.obstacle.blocking:
        choices.append(cards.act_choice("Mettre en pause, je reviendrai", "pause"))
    choices += [cards.act_choice("Abandonner ce dossier", "cancel"), HUMAN]
    card = dict(message.card or {})
    card["choices"] = [choice.as_dict() for choice in choices]
    told = [*now.obstacle.sources, *(now.champ.sources if now.champ else [])]
    card["sources"] = cards.cited(dossier, told)
    asked = "Est-ce fait maintenant ?" if now.obstacle.blocking else "Que voulez-vous faire ?"
    return Message(f"{lead} {now.obstacle.text} {asked}".strip(), card)


def why(now: Next) -> str:
    if now.champ is not None:
        return now.champ.why
    if now.piece is not None:
        note = now.piece.piece.note
        asked = "Les documents demandent cette pièce dans votre cas."
        return f"{asked} {ended(note)}" if note else asked
    return "Cette étape existe aussi sur le site : elle vous engage sur ce que vous déclarez."


def where(now: Next) -> str:
    if now.champ is not None and now.champ.where:
        return now.champ.where
    return "Les documents ne disent pas où trouver cette information."


def lacking(now: Next) -> str:
    """What to do without the value that is asked."""
    found = now.champ.where if now.champ is not None else ""
    way = "passer cette question" if now.champ and now.champ.optional else "faire une pause"
    return f"{found} Si vous ne l'avez pas maintenant, vous pouvez {way}.".strip()


def help_on(now: Next) -> str:
    return explained(now.champ, "") if now.champ is not None else "Voici ce que j'attends."


def explained(champ: Champ, problem: str) -> str:
    """A second try: the problem, help, and an example."""
    parts = [problem, champ.help]
    if champ.example:
        parts.append(f"Par exemple : {champ.example}.")
    return " ".join(part for part in parts if part)


def stuck(dossier: DossierView, champ: Champ, today: date, problem: str) -> Message:
    """A third failure: skip if it may be, pause, or a person."""
    said = cards.question(dossier, champ, today)
    card = dict(said.card or {})
    choices = [
        *card.get("choices", []),
        cards.act_choice("Faire une pause", "pause").as_dict(),
        HUMAN.as_dict(),
    ]
    card["choices"] = choices
    ways = "passer cette question, " if champ.optional else ""
    return Message(
        f"{problem} Vous pouvez {ways}faire une pause ou demander une personne : votre dossier "
        f"{dossier.number} est gardé. Sinon, essayez encore. {champ.question}",
        card,
    )


def editing(dossier: DossierView, champ: Champ) -> str:
    old = dossier.values.get(champ.id, "")
    kept = f" Vous aviez répondu : {shown(champ, old)}." if old else ""
    return f"D'accord, corrigeons.{kept}"


def status(dossier: DossierView, today: date) -> str:
    done, total = cards.step_count(dossier, today)
    lines = [_line(dossier, champ) for champ in answered(dossier, today)]
    steps = "étapes faites" if done > 1 else "étape faite"
    said = f"Dossier {dossier.number} : {done} {steps} sur {total}."
    return f"{said} Déjà répondu : {' ; '.join(lines[-MOST_LINES:])}." if lines else said


def _line(dossier: DossierView, champ: Champ) -> str:
    """An answer as it is told again."""
    return f"{champ.label} : {shown(champ, dossier.values[champ.id])}"


def holding(now: Next) -> str:
    return f"{TAKE_TIME} Je vous attends."


def which_line(dossier: DossierView, today: date) -> Message:
    """Which of the answers given so far is to be corrected?"""
    fields = answered(dossier, today)
    told = " ; ".join(_line(dossier, champ) for champ in fields)
    choices = [cards.act_choice(f"Modifier : {c.label}", f"edit={c.id}") for c in fields]
    choices.append(cards.act_choice("Aucune, continuer", "keep"))
    return clarify(f"Vous avez répondu : {told}. Quelle réponse voulez-vous corriger ?", choices)


def confirm_cancel(dossier: DossierView, today: date) -> Message:
    said = cards.dossier_card(
        dossier,
        f"Voulez-vous vraiment abandonner le dossier {dossier.number} ? Vos réponses seront "
        "effacées dans quelques jours.",
        today,
    )
    card = dict(said.card or {})
    choices = [
        cards.act_choice("Oui, abandonner", "abandon"),
        cards.act_choice("Non, continuer", "keep"),
    ]
    card["choices"] = [choice.as_dict() for choice in choices]
    return Message(said.text, card)


def abandoned(dossier: DossierView, today: date) -> Message:
    said = f"Le dossier {dossier.number} est abandonné. Avez-vous une autre question ?"
    return cards.dossier_card(dossier, said, today)


def paused(dossier: DossierView, today: date, lead: str = "") -> Message:
    text = (
        f"{lead} Votre dossier {dossier.number} est gardé tel quel. Pour le reprendre, dites : "
        "reprendre mon dossier. Depuis un autre appareil, donnez son numéro et son code de reprise."
    )
    said = cards.dossier_card(dossier, text.strip(), today)
    card = dict(said.card or {})
    card["choices"] = [cards.resume_choice(dossier).as_dict()]
    return Message(said.text, card)


def put_aside(dossier: DossierView) -> Message:
    return smalltalk(
        f"D'accord. Je mets de côté le dossier {dossier.number} ({dossier.form.title}) : il est "
        "gardé, et je vous le proposerai à nouveau."
    )


def offer_aside(dossier: DossierView) -> Message:
    return smalltalk(
        f"Vous aviez mis de côté le dossier {dossier.number} ({dossier.form.title}). "
        "Voulez-vous le reprendre ?",
        [cards.resume_choice(dossier)],
    )


def clu_refused(base: KnowledgeBase, dossier: DossierView, today: date) -> Message:
    said = _clu(base, dossier, today)
    return Message(
        "Sans cet accord, le site ne permet pas de valider la demande. Votre dossier "
        f"{dossier.number} est gardé. Dites « pause » pour réfléchir, ou « j'accepte » quand vous "
        "êtes d'accord. Que choisissez-vous ?",
        said.card,
    )


def ready(dossier: DossierView, today: date, lead: str = "") -> Message:
    """The dossier is complete: what to click on the site, in order, and what comes at the end."""
    known = dossier.progress(today).situation
    clicks = progress.clicks(dossier.form, known)
    warnings = progress.warnings(dossier.form, known)
    outputs = progress.outputs(dossier.form, known)
    obtained = ", ".join(item.label for item in outputs)
    text = (
        f"{lead} Votre dossier {dossier.number} est complet. Il reste à le déposer vous-même sur "
        "le site de l'ANTS : suivez les étapes ci-jointes, elles sont aussi dans le récapitulatif "
        f"à télécharger. À la fin, vous obtenez : {obtained}. Revenez me donner le "
        "numéro de votre démarche pour la suivre."
    ).strip()
    said = cards.dossier_card(dossier, text, today)
    card = dict(said.card or {})
    card["steps"] = [{"title": step.title, "text": step.text} for step in clicks]
    notes = [*(note.text for note in warnings), *possible(dossier, today)]
    if notes:
        card["notes"] = notes
    told = (clicks, warnings, outputs, dossier.progress(today).pieces_possible)
    cited = [fact.sources for facts in told for fact in facts]
    card["sources"] = cards.cited(dossier, list(chain.from_iterable(cited)))
    card["choices"] = [choice.as_dict() for choice in follow_cards.offered(dossier)]
    return Message(text, card)


def possible(dossier: DossierView, today: date) -> list[str]:
    """The pièces that may be asked, since the question that would tell was skipped."""
    return [
        f"Selon votre cas, cette pièce peut aussi être demandée : {piece.label}."
        + (f" {ended(piece.note)}" if piece.note else "")
        for piece in dossier.progress(today).pieces_possible
    ]
