"""One turn of a flow: what a message does to a dossier, and what is said back.

The dossier is saved as each answer is given, so that nothing hangs on the conversation; ``Flux``
only holds what the next message must be understood with.
"""

import re
from dataclasses import replace

from bot.actions import decision as decided
from bot.actions.context import Context
from bot.actions.flow import cards, replies
from bot.actions.flow.acts import Act, act_of, is_yes
from bot.actions.flow.answers import FREE_KINDS, Given, Unread, find_others, read
from bot.actions.flow.corrections import field_named, is_corrective
from bot.actions.flow.flux import Flux
from bot.actions.flow.keeper import Keeper, Outcome
from bot.actions.flow.stages import Next, Stage, next_of
from bot.actions.heard import Heard
from bot.actions.speech import handoff
from dossiers.form import form_of
from dossiers.states import State
from dossiers.views import DossierView
from knowledge.query import split_topic
from knowledge.schema import Champ

QUESTION_SURE = 0.60  # a message this surely a question is one, whatever field is asked
QUESTION_IN_FREE_FIELD = 0.75  # … even where any text would be an answer
OTHER_DEMARCHE = 0.60
EXPLAIN_AFTER = 2
GIVE_UP_AFTER = 3
_ASKING = re.compile(
    r"\?\s*$|^\s*(est[- ]ce|comment|combien|pourquoi|quand|o[uù]\b|qui\b|que\b|quel|c'est quoi|"
    r"faut[- ]il|puis[- ]je|peut[- ]on|dois[- ]je|et si\b|koi|kel|cmt|c koi)",
    re.I,
)
_MASKED = re.compile(r"\[numéro de (carte|compte)[^\]]*masqué\]|\[code secret masqué\]")


class Carrier(Keeper):
    """Understands what is said in the middle of a dossier."""

    def begin(
        self, demarche: str, conversation: str, heard: Heard, aside: tuple[str, ...] = ()
    ) -> Outcome:
        """Open a dossier, take what the first message already says, and ask the first question."""
        form = form_of(self._base, demarche)
        dossier, secret = self.dossiers.begin(form, conversation)
        flux = Flux(dossier.id, aside=aside)
        given = self._implied(demarche, dossier)
        given += find_others(
            [f for f in form.flow.fields if f.preset is None],
            "",
            heard.text,
            heard.details,
            self._today(),
        )
        sure = [g for g in {g.slot: g for g in given}.values() if not g.doubt]
        lead = ""
        if sure:
            saved = self._save(dossier, sure)
            dossier, flux = saved.dossier, flux.moved_on(*(g.slot for g in sure))
            lead = replies.noted(saved.dossier, sure)
        opening = replies.opening(self._base, dossier, secret, self._today())
        return Outcome([opening, self._ask(dossier, flux, lead)], flux)

    def resume(self, dossier: DossierView, lead: str = "") -> Outcome:
        """Go on with a dossier from where it is."""
        flux = Flux(dossier.id)
        if not dossier.editable or dossier.state is State.PRETE_A_DEPOSER:
            return Outcome([replies.standing(dossier, self._today(), lead)], None)
        if dossier.state is State.MISE_EN_ATTENTE:
            dossier = self.dossiers.move(dossier.id, State.EN_PREPARATION, "citizen", "reprise")
        return Outcome([self._ask(dossier, flux, lead or replies.resumed(dossier))], flux)

    def after_file(self, flux: Flux) -> Outcome:
        """A document has just been received through the channel."""
        return self._go_on(self.dossiers.get(flux.dossier), flux, "J'ai bien reçu votre document.")

    def take(self, flux: Flux, heard: Heard, context: Context) -> Outcome:
        """What a typed (or spoken) message does."""
        dossier = self.dossiers.get(flux.dossier)
        if _MASKED.search(heard.text):
            return Outcome([self._ask(dossier, flux, replies.NO_CARD_DATA)], flux)
        if flux.cancelling:
            return self._confirm_cancel(dossier, flux, heard)
        now = next_of(dossier, flux, self._today())
        if flux.pending and now.champ is not None:
            return self._confirm_doubt(dossier, flux, now.champ, heard, context)
        return (
            self._plain_choice(dossier, flux, now, heard)
            or self._staged(dossier, flux, now, heard)
            or self._act(dossier, flux, now, heard)
            or self._other_demarche(dossier, flux, heard)
            or self._correction(dossier, flux, heard)
            or self._digression(dossier, flux, now, heard, context)
            or self._answer(dossier, flux, now, heard)
        )

    def choose(self, flux: Flux, kind: str, rest: str) -> Outcome:
        """A choice offered by the flow: an answer to a slot, or an act."""
        dossier = self.dossiers.get(flux.dossier)
        if kind == "act":
            return self._chosen_act(dossier, flux, rest)
        slot, _, value = rest.partition("=")
        if slot.startswith(cards.PIECE_SLOT):
            return self._settle_piece(dossier, flux, slot.removeprefix(cards.PIECE_SLOT), value)
        if slot == cards.CLU_SLOT:
            return self._settle_clu(dossier, flux, value == "oui")
        if slot == cards.PAYMENT_SLOT:
            return self._go_on(dossier, replace(flux, payment_known=True))
        doubt = bool(flux.pending)
        return self._keep(dossier, flux, [Given(slot, value)], doubt=doubt)

    def _plain_choice(
        self, dossier: DossierView, flux: Flux, now: Next, heard: Heard
    ) -> Outcome | None:
        """An answer to a choice that cannot be anything else (« non », « je n'en ai pas »)."""
        if now.champ is None or now.champ.kind != "choice" or _ASKING.search(heard.text):
            return None
        given = read(now.champ, heard.text, self._today())
        if isinstance(given, Unread) or given.doubt or self._corrects_other(dossier, now, heard):
            return None
        return self._keep(dossier, flux, [given], heard)

    def _staged(self, dossier: DossierView, flux: Flux, now: Next, heard: Heard) -> Outcome | None:
        """Answers to what is not a field: a pièce, the recap, the conditions, the payment."""
        said = is_yes(heard.text)
        if now.stage is Stage.PIECE and now.piece is not None and replies.has_it(heard.text):
            return self._settle_piece(dossier, flux, now.piece.piece.id, "at_hand")
        if now.stage is Stage.RECAP and (said or replies.is_exact(heard.text)):
            return self._go_on(dossier, replace(flux, validated=True))
        if now.stage is Stage.RECAP and said is False:
            return Outcome([cards.recap(dossier, self._today(), replies.WHICH_LINE)], flux)
        if now.stage is Stage.CLU and (said is not None or replies.accepts(heard.text)):
            return self._settle_clu(dossier, flux, said is not False)
        if now.stage is Stage.PAYMENT and (said or replies.understands(heard.text)):
            return self._go_on(dossier, replace(flux, payment_known=True))
        return None

    def _answer(self, dossier: DossierView, flux: Flux, now: Next, heard: Heard) -> Outcome:
        if now.champ is None:
            lead = "Je n'ai pas compris votre réponse."
            return Outcome([self._ask(dossier, flux, lead)], flux)
        given = read(now.champ, heard.text, self._today())
        if isinstance(given, Unread):
            return self._misread(dossier, flux, now.champ, given.problem)
        if given.doubt:
            values = (given.value, *given.alternatives)
            flux = replace(flux, pending=values, failures=0)
            said = cards.confirmation(dossier, now.champ, given.doubt, list(values), self._today())
            return Outcome([said], flux)
        return self._keep(dossier, flux, [given], heard)

    def _confirm_doubt(
        self, dossier: DossierView, flux: Flux, champ: Champ, heard: Heard, context: Context
    ) -> Outcome:
        said = is_yes(heard.text)
        if said:
            return self._keep(dossier, flux, [Given(champ.id, flux.pending[0])], doubt=True)
        again = read(champ, heard.text, self._today())
        if isinstance(again, Given) and again.value in flux.pending:
            return self._keep(dossier, flux, [Given(champ.id, again.value)], doubt=True)
        cleared = replace(flux, pending=())
        if said is False:
            return Outcome([self._ask(dossier, cleared, "D'accord.")], cleared)
        return self.take(cleared, heard, context)

    def _keep(
        self,
        dossier: DossierView,
        flux: Flux,
        given: list[Given],
        heard: Heard | None = None,
        doubt: bool = False,
    ) -> Outcome:
        """Save answers, with the others that the same message gives, and go on."""
        if heard is not None:
            open_fields = dossier.progress(self._today())
            unanswered = [*open_fields.unanswered, *open_fields.pending]
            others = find_others(
                unanswered, given[0].slot, heard.text, heard.details, self._today()
            )
            given = [*given, *(g for g in others if g.slot != given[0].slot and not g.doubt)]
        saved = self._save(dossier, given, doubt)
        flux = flux.moved_on(*(g.slot for g in given))
        lead = replies.noted(saved.dossier, given, saved.dropped)
        return self._go_on(saved.dossier, flux, lead)

    def _act(self, dossier: DossierView, flux: Flux, now: Next, heard: Heard) -> Outcome | None:
        act = act_of(heard)
        if act is None or (act is Act.CORRECT and field_named(heard.text, self._answered(dossier))):
            return None
        if act is Act.WHERE and (now.champ is None or _names_a_topic(heard)):
            return None
        if act is Act.STATUS and now.stage is Stage.RECAP:
            return Outcome([self._ask(dossier, flux)], flux)
        return self._do(dossier, flux, now, act)

    def _do(self, dossier: DossierView, flux: Flux, now: Next, act: Act) -> Outcome:
        today = self._today()
        if act is Act.PAUSE:
            return self._pause(dossier)
        if act is Act.CANCEL:
            return Outcome([replies.confirm_cancel(dossier, today)], replace(flux, cancelling=True))
        if act is Act.HUMAN:
            return Outcome([handoff(), self._ask(dossier, flux)], flux)
        if act is Act.HOLD:
            return Outcome([replies.holding(dossier, today)], flux)
        if act is Act.BACK:
            return self._back(dossier, flux)
        if act is Act.SKIP:
            return self._skip(dossier, flux, now)
        if act is Act.STATUS:
            return Outcome([self._ask(dossier, flux, replies.status(dossier, today))], flux)
        if act is Act.CORRECT:
            return Outcome([cards.recap(dossier, today, replies.WHICH_LINE)], flux)
        leads = {
            Act.WHY: replies.why,
            Act.WHERE: replies.where,
            Act.HELP: replies.help_on,
        }
        lead = leads[act](now) if act in leads else ""
        return Outcome([self._ask(dossier, flux, lead)], flux)

    def _chosen_act(self, dossier: DossierView, flux: Flux, act: str) -> Outcome:
        now = next_of(dossier, flux, self._today())
        if act == "validate":
            return self._go_on(dossier, replace(flux, validated=True))
        if act == "again":
            flux = replace(flux, pending=())
            return Outcome([self._ask(dossier, flux)], flux)
        if act == "keep":
            flux = replace(flux, cancelling=False)
            return Outcome([self._ask(dossier, flux, "D'accord, nous continuons.")], flux)
        if act == "abandon":
            return self._abandon(dossier)
        if act.startswith("edit="):
            return self._edit(dossier, flux, act.removeprefix("edit="))
        return self._do(dossier, flux, now, Act(act))

    def _correction(self, dossier: DossierView, flux: Flux, heard: Heard) -> Outcome | None:
        """An earlier answer corrected by its value, or named to be asked again."""
        if not is_corrective(heard.text):
            return None
        answered = self._answered(dossier)
        given = [
            g
            for g in find_others(answered, "", heard.text, heard.details, self._today())
            if not g.doubt and g.value != dossier.values.get(g.slot)
        ]
        if given:
            return self._keep(dossier, flux, given)
        named = field_named(heard.text, answered)
        return self._edit(dossier, flux, named.id) if named else None

    def _corrects_other(self, dossier: DossierView, now: Next, heard: Heard) -> bool:
        others = [f for f in self._answered(dossier) if now.champ is None or f.id != now.champ.id]
        return (
            len(heard.text.split()) > 1
            and is_corrective(heard.text)
            and field_named(heard.text, others) is not None
        )

    def _other_demarche(self, dossier: DossierView, flux: Flux, heard: Heard) -> Outcome | None:
        facet, subject = split_topic(heard.whole.best)
        other = (
            facet == "demarrer"
            and heard.whole.confidence >= OTHER_DEMARCHE
            and decided.has_flow(subject, self._base)
            and form_of(self._base, subject).demarche != dossier.demarche
        )
        if not other:
            return None
        return Outcome([replies.put_aside(dossier)], flux, begin=subject)

    def _digression(
        self, dossier: DossierView, flux: Flux, now: Next, heard: Heard, context: Context
    ) -> Outcome | None:
        """A question on the documents: answered, then the flow's question is asked again."""
        if not self._is_question(now, heard):
            return None
        situation = dossier.progress(self._today()).situation
        context = replace(context, situation={**context.situation, **_details(situation)})
        decisions = decided.decide(heard, replace(context, pending=()), self._base)
        said = [self._speech.say(d, heard.text, context.failures) for d in decisions]
        return Outcome([*said, self._ask(dossier, flux, "Revenons à votre dossier.")], flux)

    def _is_question(self, now: Next, heard: Heard) -> bool:
        facet = split_topic(heard.whole.best)[0]
        is_topic = facet in self._base.facets or facet in ("hors", "sans_rapport")
        asks = bool(_ASKING.search(heard.text))
        if now.champ is not None and now.champ.kind in FREE_KINDS:
            sure = heard.whole.confidence >= QUESTION_IN_FREE_FIELD
            return is_topic and (asks or (sure and len(heard.text.split()) > 3))
        if now.champ is not None and isinstance(read(now.champ, heard.text, self._today()), Given):
            return asks and is_topic
        return is_topic and (asks or heard.whole.confidence >= QUESTION_SURE)

    def _confirm_cancel(self, dossier: DossierView, flux: Flux, heard: Heard) -> Outcome:
        if is_yes(heard.text) or act_of(heard) is Act.CANCEL:
            return self._abandon(dossier)
        flux = replace(flux, cancelling=False)
        return Outcome([self._ask(dossier, flux, "D'accord, nous continuons.")], flux)


def _names_a_topic(heard: Heard) -> bool:
    """Whether a « where is it? » names what it looks for, rather than the field asked."""
    return len(heard.text.split()) > 7 and heard.whole.confidence >= QUESTION_SURE


def _details(situation: dict[str, str]) -> dict[str, str]:
    wanted = ("pour_qui", "compte", "plaque", "motif", "avec_code")
    return {name: value for name, value in situation.items() if name in wanted}
