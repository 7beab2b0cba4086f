"""The cards of a dossier: questions, pièces, recap, conditions, payment, what is to be filed."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain

import french
from bot.book import say
from bot.dialogue.stages import Now, Stage
from bot.messages import (
    HUMAN,
    Choice,
    DossierCard,
    Download,
    Item,
    Line,
    Message,
    PieceLine,
    Progress,
    QuestionCard,
    RecapCard,
    Source,
    Step,
    sources,
    topic_choice,
)
from dossiers import progress
from dossiers.legibility import ADVICE
from dossiers.legibility import TEXTS as LEGIBILITY
from dossiers.states import State, text_of
from dossiers.views import DossierView, PieceView
from french.phrasing import ended
from knowledge.query import Answer, Citation, KnowledgeBase
from knowledge.schema import Champ

PIECE_SLOT = "piece:"
CLU_SLOT = "clu"
PAYMENT_SLOT = "paiement"
RECAP_SLOT = "recapitulatif"
# States of a pièce that waits for nothing more from the person.
SETTLED = ("at_hand", "sent", "accepted", "filled")


def answer_choice(label: str, slot: str, value: str) -> Choice:
    return Choice(label=label, value=f"answer:{slot}={value}")


def act_choice(label: str, act: str) -> Choice:
    return Choice(label=label, value=f"act:{act}")


def resume_choice(dossier: DossierView) -> Choice:
    return Choice(
        label=say("choice_resume", number=dossier.number), value=f"dossier:{dossier.number}"
    )


def begin_choice(label: str, demarche: str) -> Choice:
    return Choice(label=label, value=f"begin:{demarche}")


def shown(champ: Champ, value: str) -> str:
    """A value as it is read back in writing."""
    if not value:
        return say("not_given")
    if champ.kind == "choice":
        return next((c.label for c in champ.choices if c.value == value), value)
    return french.show(champ.kind, value)


def ask(
    base: KnowledgeBase, dossier: DossierView, now: Now, today: date, lead: str = ""
) -> Message:
    """The question of a stage of filling."""
    if now.stage is Stage.OBSTACLE and now.obstacle is not None:
        return _obstacle(base, dossier, now, today, lead)
    if now.stage is Stage.FIELD and now.champ is not None:
        return question(dossier, now.champ, today, lead)
    if now.stage is Stage.PIECE and now.piece is not None:
        return piece_question(dossier, now.piece, today, lead)
    if now.stage is Stage.CONDITIONS:
        return conditions(base, dossier, today, lead)
    if now.stage is Stage.PAYMENT:
        return payment(base, dossier, today, lead)
    return recap(dossier, today, lead)


def question(dossier: DossierView, champ: Champ, today: date, lead: str = "") -> Message:
    """The question of a field, with its help, choices and progress."""
    choices = [answer_choice(c.label, champ.id, c.value) for c in champ.choices]
    if champ.optional:
        choices.append(act_choice(say("choice_skip"), "skip"))
    card = question_card(dossier, champ.id, french.kind(champ.kind).format, today)
    return Message(
        f"{lead} {champ.question}".strip(),
        card.model_copy(
            update={
                "title": champ.label,
                "help": champ.help or None,
                "choices": choices,
                "sources": cited(dossier, champ.sources),
            }
        ),
    )


def hard_to_read(piece: PieceView) -> str:
    """What is said when the last file of a pièce is hard to read; "" when it is not."""
    last = piece.files[-1] if piece.files else None
    if last is None or last.state != "doubtful":
        return ""
    why = [text for key, text in LEGIBILITY.items() if key in last.warnings]
    return say("piece_hard_to_read", piece=piece.piece.label, why=" ".join([*why, ADVICE]))


def use_anyway_choice(slot: str) -> Choice:
    return answer_choice(say("choice_use_anyway"), slot, "use_anyway")


def piece_question(dossier: DossierView, piece: PieceView, today: date, lead: str = "") -> Message:
    """Asking for one pièce: send it here, or say that it is at hand."""
    label = piece.piece.label
    if piece.state == "doubtful":
        text = hard_to_read(piece)
    elif piece.state == "refused":
        text = say("piece_refused", piece=label, why=ended(piece.reason))
        text = f"{text} {say('piece_ways')}"
    else:
        text = f"{say('piece_needed', piece=label)} {say('piece_ways')}"
    slot = f"{PIECE_SLOT}{piece.piece.id}"
    choices = [answer_choice(say("choice_at_hand"), slot, "at_hand")]
    if piece.state == "doubtful":
        choices.insert(0, use_anyway_choice(slot))
    choices.append(act_choice(say("choice_lack"), "lack"))
    card = question_card(dossier, slot, "file", today).model_copy(
        update={
            "title": label,
            "help": piece.piece.note or say("piece_formats"),
            "choices": choices,
            "sources": cited(dossier, piece.piece.sources),
        }
    )
    return Message(f"{lead} {text}".strip(), card)


def confirmation(
    dossier: DossierView, champ: Champ, doubt: str, values: Sequence[str], today: date
) -> Message:
    """Asking a doubtful answer again, once; the readings are choices."""
    choices = [
        answer_choice(say("choice_yes_value", value=shown(champ, values[0])), champ.id, values[0])
    ]
    choices += [answer_choice(shown(champ, v), champ.id, v) for v in values[1:4]]
    choices.append(act_choice(say("choice_no_again"), "again"))
    card = question_card(dossier, champ.id, "choice", today)
    return Message(doubt, card.model_copy(update={"title": champ.label, "choices": choices}))


def narrowed(asked: Message, champ: Champ, near: Sequence[str]) -> Message:
    """A question whose long list of choices is cut down to the likeliest ones."""
    choices = [answer_choice(shown(champ, value), champ.id, value) for value in near]
    return asked.showing(choices=[*choices, act_choice(say("choice_all"), "again")])


def recap(dossier: DossierView, today: date, lead: str = "") -> Message:
    """Everything answered, each line correctable, before the conditions are accepted."""
    fields = [
        Line(slot=f.id, label=f.label, value=shown(f, dossier.values.get(f.id, "")))
        for f in dossier.progress(today).applicable
    ]
    told = " ; ".join(f"{f.label} : {f.value}" for f in fields)
    choices = [act_choice(say("choice_validate"), "validate"), *edit_choices(fields)]
    card = RecapCard(
        demarche=dossier.demarche,
        slot=RECAP_SLOT,
        title=dossier.form.title,
        fields=fields,
        pieces=piece_lines(dossier, today),
        choices=choices,
        progress=steps_of(dossier, today, RECAP_SLOT),
        lead=lead or None,
    )
    return Message(f"{lead} {say('recap', lines=told)}".strip(), card)


def edit_choices(fields: Sequence[Line]) -> list[Choice]:
    return [act_choice(say("choice_edit", field=f.label), f"edit={f.slot}") for f in fields]


def piece_lines(dossier: DossierView, today: date) -> list[PieceLine]:
    return [
        PieceLine(id=p.piece.id, label=p.piece.label, state=p.state) for p in dossier.pieces(today)
    ]


def conditions(base: KnowledgeBase, dossier: DossierView, today: date, lead: str = "") -> Message:
    """The conditions (CLU), to be accepted in so many words."""
    choices = [
        answer_choice(say("choice_accept"), CLU_SLOT, "oui"),
        answer_choice(say("choice_refuse"), CLU_SLOT, "non"),
    ]
    card = question_card(dossier, CLU_SLOT, "choice", today).model_copy(
        update={"title": say("conditions_title"), "choices": choices}
    )
    said = Message(f"{lead} {say('conditions')}".strip(), card)
    return sourced(said, base.answer("definition/clu"))


def payment(base: KnowledgeBase, dossier: DossierView, today: date, lead: str = "") -> Message:
    """How to pay on the site, and the click that records it; no card data is asked here."""
    steps = [
        Step(title=say("payment_step_card"), text=say("payment_step_card_text")),
        Step(title=say("payment_step_validate"), text=""),
        Step(title=say("payment_step_record"), text=say("payment_step_record_text")),
    ]
    choices = [answer_choice(say("choice_understood"), PAYMENT_SLOT, "compris")]
    card = question_card(dossier, PAYMENT_SLOT, "choice", today).model_copy(
        update={"title": say("payment_title"), "steps": steps, "choices": choices}
    )
    said = Message(f"{lead} {say('payment')}".strip(), card)
    return sourced(said, base.answer("etapes/paiement"))


def dossier_card(
    dossier: DossierView, text: str, today: date, secret: str | None = None
) -> Message:
    """The state of a dossier: number, what to do next, downloads; the secret when just made."""
    state = text_of(dossier.state, dossier.register)
    url = (
        f"/api/conversations/{dossier.conversation_id}/dossiers/{dossier.number}/recapitulatif.pdf"
    )
    card = DossierCard(
        number=dossier.number,
        demarche=dossier.demarche,
        title=dossier.form.title,
        status=state.title,
        next=state.next,
        downloads=[Download(label=say("recap_pdf"), url=url)],
        progress=steps_of(dossier, today),
        secret=secret,
    )
    return Message(text, card)


def steps_of(dossier: DossierView, today: date, slot: str = "") -> Progress:
    """How many screens are done, and how many there are; ``slot``: the one shown now.

    Screens are the questions, the pièces, then the recap, the conditions and the payment.
    """
    now = dossier.progress(today)
    pieces = dossier.pieces(today)
    settled = sum(p.state in SETTLED for p in pieces)
    last = [RECAP_SLOT, CLU_SLOT, *([PAYMENT_SLOT] if now.pays else [])]
    past = last.index(slot) if slot in last else 0
    if dossier.state not in (State.EN_PREPARATION, State.MISE_EN_ATTENTE):
        past = len(last)
    done = now.done + settled + past
    return Progress(done=done, total=now.total + len(pieces) + len(last))


def question_card(dossier: DossierView, slot: str, shape: str, today: date) -> QuestionCard:
    """The card of a question about a slot, without choices yet; ``shape`` is its format."""
    return QuestionCard(
        demarche=dossier.demarche,
        slot=slot,
        format=shape,
        progress=steps_of(dossier, today, slot),
        choices=[],
    )


def cited(dossier: DossierView, references: Sequence[str]) -> list[Source]:
    """The passages that these references name, as sources of a card."""
    known = dossier.form.sources
    found = [known[reference] for reference in dict.fromkeys(references) if reference in known]
    return sources(tuple(Citation(s.document, s.title, s.section, s.period) for s in found))


def sourced(said: Message, *told: Answer | None) -> Message:
    """A message that names the sources of the answers that it tells."""
    citations = dict.fromkeys(c for answer in told if answer for c in answer.citations)
    return said.showing(sources=sources(tuple(citations)))


def opening(base: KnowledgeBase, dossier: DossierView, today: date, secret: str) -> Message:
    """What to have at hand, how long it takes, the dossier's number; its code is to come."""
    known = dossier.progress(today).situation
    needed = base.answer(f"elements/{dossier.demarche}", known)
    text = say(
        "opening",
        label=dossier.form.label,
        minutes=dossier.form.flow.minutes,
        number=dossier.number,
        code=secret,
    )
    if needed:
        at_hand = needed.text[:1].lower() + needed.text[1:]
        text = _fitting(f"{text} {say('opening_at_hand', needed=at_hand)}")
    on_the_site = base.answer(f"etapes/{dossier.demarche}", known)
    steps = [Step(title=s.title, text=s.text) for s in on_the_site.steps] if on_the_site else None
    items = [Item(label=i.label, note=i.note) for i in needed.items] if needed else None
    said = dossier_card(dossier, text, today, secret).showing(steps=steps, items=items)
    return sourced(said, on_the_site, needed)


def ready(dossier: DossierView, choices: list[Choice], today: date, lead: str = "") -> Message:
    """The dossier is complete: what to click on the site, in order, and what comes at the end."""
    known = dossier.progress(today).situation
    clicks = progress.clicks(dossier.form, known)
    warnings = progress.warnings(dossier.form, known)
    outputs = progress.outputs(dossier.form, known)
    obtained = ", ".join(item.label for item in outputs)
    follow = say("ready_follow")
    told = say("ready", number=dossier.number, follow=follow, obtained=obtained)
    text = f"{lead} {told}".strip()
    possible = dossier.progress(today).pieces_possible
    lists = (clicks, warnings, outputs, possible)
    references = [fact.sources for listed in lists for fact in listed]
    notes = [*(note.text for note in warnings), *_possible(dossier, today)]
    return dossier_card(dossier, text, today).showing(
        steps=[Step(title=step.title, text=step.text) for step in clicks],
        notes=notes or None,
        sources=cited(dossier, list(chain.from_iterable(references))),
        choices=choices,
        ended=True,
    )


def _possible(dossier: DossierView, today: date) -> list[str]:
    """The pièces that may be asked, since the question that would tell was skipped."""
    return [
        say("piece_possible", piece=piece.label) + (f" {ended(piece.note)}" if piece.note else "")
        for piece in dossier.progress(today).pieces_possible
    ]


def _obstacle(
    base: KnowledgeBase, dossier: DossierView, now: Now, today: date, lead: str
) -> Message:
    """What stops the démarche, with the ways out: another answer, the right topic, a person."""
    assert now.obstacle is not None
    choices: list[Choice] = []
    card = question_card(dossier, "", "choice", today)
    if now.champ is not None:
        asked = question(dossier, now.champ, today).card
        assert isinstance(asked, QuestionCard)
        card = asked
        stopped = dossier.values.get(now.champ.id)
        choices += [
            answer_choice(c.label, now.champ.id, c.value)
            for c in now.champ.choices
            if c.value != stopped
        ]
    if now.obstacle.instead:
        choices.append(topic_choice(base.title_of(now.obstacle.instead), now.obstacle.instead))
    if now.obstacle.blocking:
        choices.append(act_choice(say("choice_pause_back"), "pause"))
    choices += [act_choice(say("choice_abandon"), "cancel"), HUMAN]
    told = [*now.obstacle.sources, *(now.champ.sources if now.champ else [])]
    asked_text = say("obstacle_done" if now.obstacle.blocking else "obstacle_what")
    return Message(
        f"{lead} {now.obstacle.text} {asked_text}".strip(),
        card.model_copy(update={"choices": choices, "sources": cited(dossier, told)}),
    )


def _fitting(text: str) -> str:
    """A text without its last sentences where it is too long; the card tells all of it."""
    longest = 600
    while len(text) > longest and ". " in text.rstrip("."):
        text = text[: text.rstrip(".").rindex(". ") + 1]
    return text


def lines_of(dossier: DossierView, values: Mapping[str, str]) -> list[str]:
    """« Label : value », in the order of the form."""
    order = [champ for champ in dossier.form.flow.fields if champ.id in values]
    return [f"{champ.label} : {shown(champ, values[champ.id])}" for champ in order]
