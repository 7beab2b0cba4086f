"""One turn of a flow: what a message does to a dossier, and what is said back.

The dossier is saved as each answer is given, so that nothing hangs on the conversation; ``Flux``
only holds what the next message must be understood with.
"""

import re
from dataclasses import replace

from bot.actions.context import Context
from bot.actions.flow import asides, cards, replies, settling
from bot.actions.flow.acts import Act, act_in_words, act_of, is_yes
from bot.actions.flow.answers import Given
from bot.actions.flow.by_voice import READ_BACK, findable, read_heard
from bot.actions.flow.corrections import denied, field_named, is_corrective, new_values
from bot.actions.flow.digressing import QUESTION_SURE, Digressing
from bot.actions.flow.finding import find_others, spots, told_together
from bot.actions.flow.flux import Flux
from bot.actions.flow.keeper import Outcome
from bot.actions.flow.stages import Next, Stage, next_of
from bot.actions.heard import Heard
from bot.actions.phrases import bare
from bot.actions.speech import handoff
from dossiers.form import form_of
from dossiers.states import State
from dossiers.views import DossierView, PieceView
from knowledge.conditions import evaluate, fields_of
from knowledge.schema import Champ

_MASKED = re.compile(r"\[numéro de (carte|compte)[^\]]*masqué\]|\[code secret masqué\]")


class Carrier(Digressing):
    """Understands what is said in the middle of a dossier."""

    def begin(
        self, demarche: str, conversation: str, heard: Heard, aside: tuple[str, ...] = ()
    ) -> Outcome:
        """Open a dossier, take what the first message already says, and ask the first question."""
        form = form_of(self._base, demarche)
        dossier, _ = self.dossiers.begin(form, conversation)
        flux = Flux(dossier.id, aside=aside)
        given = self._implied(dossier)
        open_fields = findable([f for f in form.flow.fields if f.preset is None], heard)
        given += told_together(open_fields, heard.text, self._today())
        given += find_others(open_fields, "", heard.text, heard.details, self._today())
        sure = [g for g in {g.slot: g for g in given}.values() if not g.doubt]
        lead = ""
        if sure:
            saved = self._save(dossier, sure)
            dossier, flux = saved.dossier, flux.moved_on(*(g.slot for g in sure))
            lead = replies.noted(saved.dossier, sure)
        flux = self._heard_early(dossier, flux, heard)
        opening = replies.opening(self._base, dossier, self._today())
        asked = self._go_on(dossier, flux, lead)
        return replace(asked, messages=[opening, *asked.messages])

    def resume(self, dossier: DossierView, lead: str = "") -> Outcome:
        """Go on with the questions of a dossier from where it is."""
        flux = Flux(dossier.id)
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
            if is_yes(heard.text) or act_of(heard) is Act.CANCEL:
                return self._abandon(dossier, flux)
            flux = replace(flux, cancelling=False)
            if is_yes(heard.text) is False:
                return Outcome([self._ask(dossier, flux, replies.GOING_ON)], flux)
        now = next_of(dossier, flux, self._today())
        if flux.pending and now.champ is not None:
            settled = self._confirm_doubt(dossier, flux, now.champ, heard)
            if settled is not None:
                return settled
            flux = replace(flux, pending=())
        if flux.correcting:
            corrected = self._line(dossier, flux, heard)
            flux = replace(flux, correcting=False)
            if corrected is not None:
                return corrected
            if is_yes(heard.text) is False:
                return Outcome([self._ask(dossier, flux, replies.GOING_ON)], flux)
        return (
            self._dictated(dossier, flux, now, heard)
            or self._other_demarche(dossier, flux, now, heard)
            or self._plain_choice(dossier, flux, now, heard)
            or self._worded_act(dossier, flux, now, heard)
            or self._staged(dossier, flux, now, heard)
            or self._changed(dossier, flux, now, heard)
            or self._act(dossier, flux, now, heard)
            or self._named(dossier, flux, now, heard)
            or self._unasked(dossier, flux, now, heard)
            or self._aside_talk(dossier, flux, now, heard)
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
        if (
            now.champ is None
            or now.champ.kind != "choice"
            or self._is_question(dossier, now, heard)
        ):
            return None
        given = self._read(dossier, now, heard)
        if not isinstance(given, Given) or given.doubt:
            return None
        if now.obstacle is not None and given.value == dossier.values.get(given.slot):
            return None
        if not _is_label(now.champ, heard) and self._corrects_other(dossier, now, heard):
            return None
        return self._keep(dossier, flux, [given], heard)

    def _dictated(
        self, dossier: DossierView, flux: Flux, now: Next, heard: Heard
    ) -> Outcome | None:
        """A value said aloud, whatever its words are like: « non pardon » may be part of it."""
        if not heard.spoken or now.champ is None or now.champ.kind not in READ_BACK:
            return None
        if act_of(heard) is not None:
            return None
        given = read_heard(now.champ, heard, self._today())
        return self._taken(dossier, flux, given, heard) if isinstance(given, Given) else None

    def _staged(self, dossier: DossierView, flux: Flux, now: Next, heard: Heard) -> Outcome | None:
        """Answers to what is not a field: a pièce, the recap, the conditions, the payment…"""
        if now.stage is Stage.OBSTACLE:
            return self._overcome(dossier, flux, now, heard)
        if self._corrects_other(dossier, now, heard):
            return None
        if now.stage is Stage.PIECE and now.piece is not None:
            return self._at_piece(dossier, flux, now.piece, heard)
        if now.stage is Stage.RECAP:
            return self._at_recap(dossier, flux, heard)
        if now.stage is Stage.CLU:
            return self._at_clu(dossier, flux, heard)
        clear = is_yes(heard.text) or settling.understands(heard.text)
        if now.stage is Stage.PAYMENT and clear:
            return self._go_on(dossier, replace(flux, payment_known=True))
        return None

    def _at_piece(
        self, dossier: DossierView, flux: Flux, asked: PieceView, heard: Heard
    ) -> Outcome | None:
        if asked.state == "doubtful" and settling.uses_anyway(heard.text):
            return self._settle_piece(dossier, flux, asked.piece.id, "use_anyway")
        if settling.lacks_it(heard.text):
            return self._pause(dossier, replies.WITHOUT_PIECE)
        if settling.has_it(heard.text):
            return self._settle_piece(dossier, flux, asked.piece.id, "at_hand")
        return None

    def _at_recap(self, dossier: DossierView, flux: Flux, heard: Heard) -> Outcome | None:
        said = is_yes(heard.text)
        if said or settling.is_exact(heard.text) or _agrees(heard):
            return self._go_on(dossier, replace(flux, validated=True))
        if said is False and not self._line_named(dossier, heard):
            return self._ask_line(dossier, flux)
        return None

    def _at_clu(self, dossier: DossierView, flux: Flux, heard: Heard) -> Outcome | None:
        """The conditions are accepted in so many words only."""
        said = is_yes(heard.text)
        if said is False or settling.refuses(heard.text):
            return self._settle_clu(dossier, flux, False)
        if settling.accepts(heard.text):
            return self._settle_clu(dossier, flux, True)
        if said:
            return Outcome([self._ask(dossier, flux, replies.IN_SO_MANY_WORDS)], flux)
        return None

    def _overcome(
        self, dossier: DossierView, flux: Flux, now: Next, heard: Heard
    ) -> Outcome | None:
        """« c'est fait »: what stopped the démarche no longer does, when one answer says so."""
        if now.obstacle is None or now.champ is None or not now.obstacle.blocking:
            return None
        ways = [
            c.value for c in now.champ.choices if not self._stops(dossier, now.champ.id, c.value)
        ]
        if len(ways) == 1 and (is_yes(heard.text) or settling.is_done(heard.text)):
            return self._keep(dossier, flux, [Given(now.champ.id, ways[0])])
        return self._pause(dossier) if is_yes(heard.text) is False else None

    def _stops(self, dossier: DossierView, slot: str, value: str) -> bool:
        """Whether an answer would raise an obstacle."""
        known = dossier.progress(self._today()).situation | {slot: value}
        about = [o.when for o in dossier.form.flow.obstacles if slot in fields_of(o.when)]
        return any(evaluate(when, known) for when in about)

    def _worded_act(
        self, dossier: DossierView, flux: Flux, now: Next, heard: Heard
    ) -> Outcome | None:
        """An act that nothing else can be; a correction may give its value."""
        act = act_in_words(heard)
        if act is None or act in (Act.CORRECT, Act.WRONG, Act.LACK):
            return None
        return self._act(dossier, flux, now, heard)

    def _act(self, dossier: DossierView, flux: Flux, now: Next, heard: Heard) -> Outcome | None:
        act = act_of(heard)
        if act is None or (act is Act.CORRECT and self._line_named(dossier, heard)):
            return None
        if act is Act.OTHER and not flux.aside:
            return None
        if act is Act.CORRECT and now.in_own_words and not is_corrective(heard.text, opening=True):
            return None
        if act is Act.CORRECT and not self._answered(dossier):
            return None
        if act is Act.LACK and (now.champ is None or now.champ.kind in ("choice", "text")):
            return None
        if act is Act.WHERE and (now.champ is None or _names_a_topic(heard, now.champ)):
            return None
        if act is Act.STATUS and now.stage is Stage.RECAP:
            return Outcome([self._ask(dossier, flux)], flux)
        return self._do(dossier, flux, now, act)

    def _do(self, dossier: DossierView, flux: Flux, now: Next, act: Act) -> Outcome:
        today = self._today()
        if act is Act.PAUSE:
            return self._pause(dossier)
        if act is Act.CANCEL and flux.editing:
            return self._skip(dossier, flux, now)
        if act is Act.CANCEL:
            return Outcome([replies.confirm_cancel(dossier, today)], replace(flux, cancelling=True))
        if act is Act.HUMAN:
            return Outcome([handoff(), self._ask(dossier, flux)], flux)
        if act in (Act.BACK, Act.WRONG):
            return self._back(dossier, flux)
        if act is Act.OTHER:
            return self._back_to_aside(dossier, flux)
        if act is Act.SKIP:
            return self._skip(dossier, flux, now)
        if act is Act.STATUS:
            return Outcome([self._ask(dossier, flux, replies.status(dossier, today))], flux)
        if act is Act.CORRECT:
            return self._ask_line(dossier, flux)
        leads = {
            Act.WHY: replies.why,
            Act.WHERE: replies.where,
            Act.HELP: replies.help_on,
            Act.HOLD: replies.holding,
            Act.LACK: replies.lacking,
        }
        lead = leads[act](now) if act in leads else ""
        return Outcome([self._ask(dossier, flux, lead)], flux)

    def _back_to_aside(self, dossier: DossierView, flux: Flux) -> Outcome:
        """The dossier put aside is taken up, and this one put aside in its turn."""
        *others, last = flux.aside
        other = self.dossiers.get(last)
        if not other.editable:
            return Outcome([self._ask(dossier, flux)], flux)
        taken = self.resume(other)
        resumed = replace(Flux(other.id), aside=(*others, flux.dossier))
        return Outcome([replies.put_aside(dossier), *taken.messages], resumed)

    def _chosen_act(self, dossier: DossierView, flux: Flux, act: str) -> Outcome:
        now = next_of(dossier, flux, self._today())
        if act == "validate":
            return self._go_on(dossier, replace(flux, validated=True))
        if act == "again":
            flux = replace(flux, pending=())
            return Outcome([self._ask(dossier, flux)], flux)
        if act == "keep":
            flux = replace(flux, cancelling=False, correcting=False)
            return Outcome([self._ask(dossier, flux, replies.GOING_ON)], flux)
        if act == "abandon":
            return self._abandon(dossier, flux)
        if act.startswith("edit="):
            return self._edit(dossier, flux, act.removeprefix("edit="))
        return self._do(dossier, flux, now, Act(act))

    def _changed(self, dossier: DossierView, flux: Flux, now: Next, heard: Heard) -> Outcome | None:
        """An earlier answer corrected by its new value."""
        at_recap = now.stage is Stage.RECAP and not asides.asks(heard.text)
        asked = None if now.in_own_words or asides.asks(heard.text) else now.champ
        denial = denied(asked, dossier.form.flow.fields, heard.text) if asked else None
        if denial is not None:
            return self._keep(dossier, flux, [denial])
        if not at_recap and not is_corrective(heard.text, opening=now.in_own_words):
            return None
        given = self._new_values(dossier, heard)
        return self._keep(dossier, flux, given) if given else None

    def _named(self, dossier: DossierView, flux: Flux, now: Next, heard: Heard) -> Outcome | None:
        """An earlier answer named, to be asked again."""
        if asides.asks(heard.text):
            return None
        corrective = is_corrective(heard.text, opening=now.in_own_words)
        if now.stage is not Stage.RECAP and not corrective:
            return None
        named = field_named(heard.text, self._answered(dossier))
        if named is None:
            return None
        denial = denied(named, dossier.form.flow.fields, heard.text)
        return (
            self._keep(dossier, flux, [denial]) if denial else self._edit(dossier, flux, named.id)
        )

    def _line(self, dossier: DossierView, flux: Flux, heard: Heard) -> Outcome | None:
        """The answer to « which one do you want to correct? »."""
        given = self._new_values(dossier, heard)
        if given:
            return self._keep(dossier, flux, given)
        slot = self._line_named(dossier, heard)
        return self._edit(dossier, replace(flux, correcting=False), slot) if slot else None

    def _new_values(self, dossier: DossierView, heard: Heard) -> list[Given]:
        answered = self._answered(dossier)
        known = dict(dossier.values)
        can_find = findable(answered, heard)
        return new_values(answered, known, heard, can_find, self._today())

    def _line_named(self, dossier: DossierView, heard: Heard) -> str | None:
        named = field_named(heard.text, self._answered(dossier))
        return named.id if named else None

    def _corrects_other(self, dossier: DossierView, now: Next, heard: Heard) -> bool:
        others = [f for f in self._answered(dossier) if now.champ is None or f.id != now.champ.id]
        if len(heard.text.split()) < 2 or not is_corrective(heard.text):
            return False
        told = spots(findable(others, heard), heard.text, self._today())
        return bool(told) or field_named(heard.text, others) is not None


def _is_label(champ: Champ, heard: Heard) -> bool:
    """Whether a message is a choice's own label (« Corriger le nom du titulaire »), and no more."""
    return bare(heard.text) in {bare(choice.label) for choice in champ.choices}


def _agrees(heard: Heard) -> bool:
    """Whether a message says yes in other words, and nothing else (« c'est tout bon »)."""
    return (
        heard.whole.best == "oui"
        and heard.whole.confidence >= QUESTION_SURE
        and not is_corrective(heard.text)
        and not settling.denies(heard.text)
    )


def _names_a_topic(heard: Heard, asked: Champ) -> bool:
    """Whether a « where is it? » names what it looks for, rather than the field asked."""
    if field_named(heard.text, [asked]) is not None:
        return False
    return len(heard.text.split()) > 7 and heard.whole.confidence >= QUESTION_SURE
