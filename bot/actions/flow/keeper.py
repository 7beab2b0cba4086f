"""What a flow does to a dossier: keep answers, go on to the next question, pause, end."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.actions.flow import cards, replies
from bot.actions.flow.answers import Given, Unread
from bot.actions.flow.by_voice import read_back
from bot.actions.flow.flux import Flux
from bot.actions.flow.stages import Next, Stage, answered, next_of
from bot.actions.messages import Message
from bot.actions.speech import Speech
from dossiers.answers import Answer, Saved
from dossiers.register import Dossiers
from dossiers.states import State
from dossiers.views import DossierView
from knowledge.query import KnowledgeBase
from knowledge.schema import Champ

EXPLAIN_AFTER = 2
GIVE_UP_AFTER = 3


@dataclass(frozen=True)
class Outcome:
    """What a turn says, what is remembered (None: the flow stops here), what begins instead."""

    messages: list[Message]
    flux: Flux | None
    begin: str | None = None


class Keeper:
    """A conversation's hand on its dossier."""

    def __init__(
        self,
        base: KnowledgeBase,
        speech: Speech,
        dossiers: Dossiers,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._base = base
        self._speech = speech
        self.dossiers = dossiers
        self._today = today

    def _ask(self, dossier: DossierView, flux: Flux, lead: str = "") -> Message:
        now = next_of(dossier, flux, self._today())
        return replies.ask(self._base, dossier, now, self._today(), lead)

    def _go_on(self, dossier: DossierView, flux: Flux, lead: str = "") -> Outcome:
        now = next_of(dossier, flux, self._today())
        told = flux.told_early(now.champ.id) if now.champ and not flux.editing else ""
        if told and now.champ:
            flux = flux.without_early(now.champ.id)
            return self._doubted(dossier, flux, Given(now.champ.id, told), lead)
        if now.stage is not Stage.READY:
            return Outcome([replies.ask(self._base, dossier, now, self._today(), lead)], flux)
        dossier = self.dossiers.move(dossier.id, State.PRETE_A_DEPOSER, "citizen")
        ready = replies.ready(dossier, self._today(), lead)
        return Outcome([ready, *self._set_aside(flux)], None)

    def _doubted(self, dossier: DossierView, flux: Flux, given: Given, lead: str = "") -> Outcome:
        champ = dossier.form.field(given.slot)
        if champ is None:
            return Outcome([self._ask(dossier, flux)], flux)
        values = [given.value, *given.alternatives]
        flux = replace(flux, pending=tuple(values))
        doubt = f"{lead} {given.doubt or read_back(champ, values)}".strip()
        return Outcome([cards.confirmation(dossier, champ, doubt, values, self._today())], flux)

    def aside(self, flux: Flux, said: list[Message]) -> Outcome:
        """Messages that are not of the flow, then its question again."""
        dossier = self.dossiers.get(flux.dossier)
        return Outcome([*said, self._ask(dossier, flux, replies.BACK_TO_IT)], flux)

    def _misread(self, dossier: DossierView, flux: Flux, champ: Champ, unread: Unread) -> Outcome:
        """Ask again: with an example after two failures, with ways out after three."""
        problem = unread.problem
        failures = flux.failures + 1
        flux = replace(flux, failures=failures)
        if failures >= GIVE_UP_AFTER:
            said = replies.stuck(dossier, champ, self._today(), problem)
        elif failures >= EXPLAIN_AFTER:
            said = self._ask(dossier, flux, replies.explained(champ, problem))
        else:
            said = self._ask(dossier, flux, problem)
        if unread.near:
            said = cards.narrowed(said, champ, unread.near)
        card = {**(said.card or {}), "misread": failures}
        return Outcome([replace(said, card=card)], flux)

    def _save(self, dossier: DossierView, given: list[Given], doubt: bool = False) -> Saved:
        whole = [*_hung_on(dossier, given), *given]
        answers = [Answer(g.slot, g.value, doubt) for g in whole]
        return self.dossiers.save(dossier.id, answers)

    def _edit(self, dossier: DossierView, flux: Flux, slot: str) -> Outcome:
        """Ask a field again; its old answer stays until another is given."""
        champ = dossier.form.field(slot)
        if champ is None:
            return Outcome([self._ask(dossier, flux)], flux)
        flux = replace(flux, editing=slot, pending=(), failures=0)
        return Outcome([self._ask(dossier, flux, replies.editing(dossier, champ))], flux)

    def _back(self, dossier: DossierView, flux: Flux) -> Outcome:
        trail = [slot for slot in flux.trail if slot in dossier.values]
        if flux.editing in trail:
            trail = trail[: trail.index(flux.editing)]
        if not trail:
            lead = "Nous sommes à la première question."
            return Outcome([self._ask(dossier, flux, lead)], flux)
        return self._edit(dossier, flux, trail[-1])

    def _skip(self, dossier: DossierView, flux: Flux, now: Next) -> Outcome:
        if flux.editing:
            flux = replace(flux, editing=None)
            return self._go_on(dossier, flux, "Je garde la réponse précédente.")
        if now.champ is not None and now.champ.optional:
            saved = self._save(dossier, [Given(now.champ.id, "")])
            return self._go_on(saved.dossier, flux.moved_on(now.champ.id), "D'accord, passons.")
        if now.stage is Stage.PIECE:
            return self._pause(dossier)
        lead = "Cette réponse est nécessaire pour la suite ; vous pouvez aussi faire une pause."
        return Outcome([self._ask(dossier, flux, lead)], flux)

    def _answered(self, dossier: DossierView) -> list[Champ]:
        return answered(dossier, self._today())

    def _settle_piece(self, dossier: DossierView, flux: Flux, piece: str, value: str) -> Outcome:
        if value == "use_anyway":
            self.use_anyway(dossier, piece)
        else:
            self.dossiers.pieces.keep_at_hand(dossier.id, piece)
        return self._go_on(self.dossiers.get(dossier.id), flux, "C'est noté.")

    def use_anyway(self, dossier: DossierView, piece: str) -> None:
        """Keep the documents of a pièce that are hard to read."""
        for file in dossier.attachments:
            if file.piece == piece and file.state == "doubtful":
                self.dossiers.pieces.use_anyway(dossier.id, file.id)

    def _settle_clu(self, dossier: DossierView, flux: Flux, accepted: bool) -> Outcome:
        if not accepted:
            return Outcome([replies.clu_refused(self._base, dossier, self._today())], flux)
        self.dossiers.accept_clu(dossier.id)
        return self._go_on(self.dossiers.get(dossier.id), flux, "Merci.")

    def _ask_line(self, dossier: DossierView, flux: Flux) -> Outcome:
        """Ask which answer is to be corrected; with no answer yet, the question goes on."""
        if not self._answered(dossier):
            return Outcome([self._ask(dossier, flux)], flux)
        said = replies.which_line(dossier, self._today())
        return Outcome([said], replace(flux, correcting=True, pending=()))

    def _pause(self, dossier: DossierView, lead: str = "") -> Outcome:
        if dossier.state is State.EN_PREPARATION:
            dossier = self.dossiers.move(dossier.id, State.MISE_EN_ATTENTE, "citizen", "pause")
        return Outcome([replies.paused(dossier, self._today(), lead)], None)

    def _abandon(self, dossier: DossierView, flux: Flux) -> Outcome:
        dossier = self.dossiers.move(dossier.id, State.ABANDONNEE, "citizen", "à sa demande")
        return Outcome([replies.abandoned(dossier, self._today()), *self._set_aside(flux)], None)

    def _set_aside(self, flux: Flux) -> list[Message]:
        """The last dossier put aside, offered again."""
        others = [self.dossiers.get(other) for other in reversed(flux.aside)]
        return [replies.offer_aside(one) for one in others if one.editable][:1]

    def _implied(self, dossier: DossierView) -> list[Given]:
        """What the démarche's own name already answers (a stolen card, a sub-category)."""
        own = dossier.demarche
        given = [Given(slot, value) for slot, value in self._base.sheets[own].implies.items()]
        named = (f for f in dossier.form.flow.fields if own in {c.value for c in f.choices})
        return [*given, *(Given(champ.id, own) for champ in named)]


def _hung_on(dossier: DossierView, given: list[Given]) -> list[Given]:
    """The answers that these ones tell: who gives a code de cession has one."""
    told = {g.slot for g in given} | dossier.values.keys()
    fields = [dossier.form.field(g.slot) for g in given if g.value]
    conditions = [champ.when for champ in fields if champ and isinstance(champ.when, dict)]
    return [
        Given(slot, wanted)
        for when in conditions
        if len(when) == 1
        for slot, wanted in when.items()
        if isinstance(wanted, str) and slot not in told and dossier.form.field(slot)
    ]
