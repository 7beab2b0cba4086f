"""After a dossier is ready: what the person reports of it, and the exchange with an agent.

The site decides nothing here: the person says what she read there (« ants »). In a dossier filed
with this organisation (« interne »), agents decide, and the person answers and sends again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.actions import decision as decided
from bot.actions.context import Context
from bot.actions.flow import cards, follow_cards, replies, resuming, settling
from bot.actions.flow.acts import Act, act_of
from bot.actions.flow.carry import Carrier
from bot.actions.flow.flux import Flux
from bot.actions.flow.keeper import Outcome
from bot.actions.flow.reports import Report, Said, number_alone, report_of, status_alone
from bot.actions.heard import Heard
from bot.actions.messages import Message, smalltalk
from bot.actions.speech import Speech, handoff
from dossiers.answers import ValueRefusedError
from dossiers.ledger import NotNowError
from dossiers.register import Dossiers
from dossiers.states import TEXTS, State, TransitionError
from dossiers.teleservice import EmbeddedRegister
from dossiers.views import DossierView, PieceView
from knowledge.query import KnowledgeBase, split_topic

# What a flow waits for once its dossier is filed (``Flux.awaiting``).
QUESTION_SURE = 0.75  # a question to the guide, and not to the agent, is this surely one
NUMBER, STATUS, REPLY = "number", "status", "reply"
_LATER = (Act.SKIP, Act.PAUSE, Act.CANCEL, Act.BACK)


class Follower:
    """A conversation's hand on its dossiers that are no longer being filled."""

    def __init__(
        self,
        base: KnowledgeBase,
        speech: Speech,
        carrier: Carrier,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._base = base
        self._speech = speech
        self._carrier = carrier
        self._today = today

    @property
    def _dossiers(self) -> Dossiers:
        return self._carrier.dossiers

    def resume(self, dossier: DossierView, lead: str = "") -> Outcome:
        """Go on with a dossier: with its questions, its exchange, or where it stands."""
        complete = not dossier.facts(self._today()).missing_pieces
        if dossier.editable and not (dossier.state is State.PRETE_A_DEPOSER and complete):
            return self._carrier.resume(dossier, lead)
        if dossier.register == "interne" and dossier.state is State.ATTENTE_INFORMATION:
            return self._exchange(dossier, lead)
        if dossier.state is State.PRETE_A_DEPOSER:
            return Outcome([replies.ready(dossier, self._today(), lead)], None)
        return Outcome([follow_cards.standing(dossier, self._today(), lead)], None)

    def concerns(self, conversation: str, text: str, flux: Flux | None = None) -> bool:
        """Whether a message reports or asks something of this conversation's dossiers.

        The dossier being filled (``flux``) answers for itself where it can.
        """
        report = report_of(text)
        if report is None:
            return False
        if report.said is Said.RESUME:
            return flux is None
        own = self._dossiers.of_conversation(conversation)
        if report.said is Said.NEW_CODE:
            return True
        if report.said in (Said.STANDING, Said.RECAP):
            return bool(own) and flux is None
        if flux is None and not any(map(_followed, own)):
            return any(map(_unfinished, own))
        # In the middle of a dossier, « c'est payé » answers what is explained of the payment.
        return any(map(_followed, own)) and (flux is None or report.said is not Said.PAID)

    def hear(
        self, conversation: str, text: str, flux: Flux | None = None, *, spoken: bool = False
    ) -> Outcome:
        """What is done of a message that ``concerns`` these dossiers; ``spoken`` on the phone."""
        report = report_of(text)
        assert report is not None
        own = self._dossiers.of_conversation(conversation)
        if report.said is Said.RESUME:
            return self._offer(conversation)
        if report.said is Said.NEW_CODE:
            return self.back_to(flux, self._new_code(own, flux))
        if report.said in (Said.STANDING, Said.RECAP):
            return self._asked(own, report, spoken)
        followed = [one for one in own if _followed(one)]
        if not followed:
            unfinished = next(one for one in own if _unfinished(one))
            return Outcome([follow_cards.left_unfinished(unfinished, self._today())], None)
        if len(followed) > 1:
            asked = follow_cards.which(followed, _value(report))
            return self.back_to(flux, Outcome([asked], None))
        told = self._report(followed[0], report)
        about_it = flux is not None and flux.dossier == followed[0].id
        return told if about_it else self.back_to(flux, told)

    def back_to(self, flux: Flux | None, told: Outcome) -> Outcome:
        """What was said of another dossier, then the question of the one being filled."""
        if flux is None or flux.awaiting:
            return told
        return self._carrier.aside(flux, told.messages[:1])

    def choose(self, conversation: str, kind: str, rest: str) -> Outcome:
        """A choice offered about a dossier of this conversation."""
        number, _, what = rest.partition("=")
        own = self._dossiers.of_conversation(conversation)
        dossier = next((one for one in own if one.number == number), None)
        if dossier is None:
            gone = "Ce dossier n’est plus dans cette conversation."
            return Outcome([smalltalk(gone)], None)
        if kind == "review":
            return self._review(dossier)
        if what == "status":
            asked = follow_cards.status_question(dossier, self._today())
            return Outcome([asked], Flux(dossier.id, awaiting=STATUS))
        if what == "number":
            return self._ask_number(dossier)
        if what == "sent":
            return self._answered(dossier, "")
        if what == "paid":
            return self._report(dossier, Report(Said.PAID))
        if what.startswith("number:"):
            number = what.removeprefix("number:")
            return self._report(dossier, Report(Said.NUMBER, number=number))
        return self._report(dossier, Report(Said.STATUS, state=State(what)))

    def take(self, flux: Flux, heard: Heard, context: Context) -> Outcome:
        """An answer to what is awaited of a filed dossier, or anything else that is said."""
        dossier = self._dossiers.get(flux.dossier)
        act = act_of(heard)
        if act is Act.HUMAN:
            return Outcome([handoff()], None)
        if act in _LATER:
            return self._later(dossier)
        if flux.awaiting == REPLY:
            return self._take_reply(dossier, flux, heard, act, context)
        number = number_alone(heard.text) if flux.awaiting == NUMBER else None
        if number is not None:
            return self._report(dossier, Report(Said.NUMBER, number=number))
        state = status_alone(heard.text) if flux.awaiting == STATUS else None
        if state is not None:
            return self._report(dossier, Report(Said.STATUS, state=state))
        report = report_of(heard.text)
        if report is not None and report.said in (Said.STATUS, Said.PAID, Said.NUMBER):
            return self._report(dossier, report)
        if "?" not in heard.text and flux.failures == 0 and act is None and _is_short(heard):
            asked = self._awaited(dossier, flux)
            again = replace(asked, text=f"Je n’ai pas reconnu votre réponse. {asked.text}")
            return Outcome([again], replace(flux, failures=1))
        return Outcome(self._decided(heard, context), None)

    def choose_awaited(self, flux: Flux, kind: str, rest: str) -> Outcome:
        """A choice offered with what is awaited: later, or a document used anyway."""
        dossier = self._dossiers.get(flux.dossier)
        slot, _, value = rest.partition("=")
        if kind == "answer" and slot.startswith(cards.PIECE_SLOT) and value == "use_anyway":
            return self._use_anyway(dossier, slot.removeprefix(cards.PIECE_SLOT))
        return self._later(dossier)

    def after_file(self, dossier: DossierView) -> Outcome:
        """A document has just been received for a dossier."""
        return self.resume(dossier, "J’ai bien reçu votre document.")

    def _decided(self, heard: Heard, context: Context) -> list[Message]:
        """What the guide says of anything else than the dossier."""
        decisions = decided.decide(heard, replace(context, pending=()), self._base)
        return [self._speech.say(d, heard.text, context.failures) for d in decisions]

    def _is_question(self, heard: Heard) -> bool:
        """Whether a message asks the guide something, rather than answers the agent."""
        facet = split_topic(heard.whole.best)[0]
        sure = facet in self._base.facets and heard.whole.confidence >= QUESTION_SURE
        return sure and "?" in heard.text

    def _offer(self, conversation: str) -> Outcome:
        """This conversation's dossiers to go on with, or how to name another."""
        found = resuming.offer(self._dossiers, conversation)
        return Outcome([found], None) if isinstance(found, Message) else self.resume(found)

    def _asked(self, own: list[DossierView], report: Report, spoken: bool) -> Outcome:
        """Where a dossier stands, or its récapitulatif; the list of them when there are several."""
        if len(own) > 1:
            return Outcome([follow_cards.several(own, "Voici vos dossiers.")], None)
        if report.said is Said.RECAP:
            told = follow_cards.recap_of(own[0], self._today(), spoken)
            return Outcome([told], None)
        if own[0].register == "interne" and own[0].state is State.ATTENTE_INFORMATION:
            return self._exchange(own[0], f"Dossier {own[0].number} : en attente d’information.")
        return Outcome([follow_cards.standing(own[0], self._today())], None)

    def _new_code(self, own: list[DossierView], flux: Flux | None) -> Outcome:
        """Another resume code, for who is in the dossier's conversation already."""
        still = [one for one in own if not one.closed]
        current = next((one for one in still if flux is not None and one.id == flux.dossier), None)
        if current is None and len(still) == 1:
            current = still[0]
        if current is not None:
            return Outcome([follow_cards.new_code(current, self._today())], None)
        if still:
            text = "Reprenez d’abord le dossier dont vous voulez le code."
            return Outcome([follow_cards.several(still, text)], None)
        return Outcome(
            [
                smalltalk(
                    "Je ne peux donner un nouveau code de reprise que dans la conversation où le "
                    "dossier est ouvert. Retrouvez-la dans le même navigateur, ou demandez une "
                    "personne."
                )
            ],
            None,
        )

    def _report(self, dossier: DossierView, report: Report) -> Outcome:
        """Keep what the person reports; one that cannot be is explained, and changes nothing."""
        try:
            if report.said is Said.PAID:
                return self._paid(dossier)
            if report.said is Said.NUMBER and report.number is None:
                return self._ask_number(dossier)
            return self._reported(dossier, report)
        except (TransitionError, NotNowError) as error:
            said = follow_cards.standing(
                self._dossiers.get(dossier.id), self._today(), error.reason
            )
            return Outcome([said], None)
        except ValueRefusedError:
            return self._ask_number(dossier, "Ce numéro est trop long.")

    def _reported(self, dossier: DossierView, report: Report) -> Outcome:
        state = report.state
        if state is None and dossier.state is State.PRETE_A_DEPOSER:
            state = State.DEPOSEE
        same = state is dossier.state
        dossier = self._dossiers.report(dossier.id, ants_number=report.number, status=state)
        title = TEXTS[dossier.state].title
        if report.number is not None:
            lead = f"C’est noté : votre démarche porte le numéro {report.number}."
        elif same:
            lead = f"Votre démarche est toujours « {title} »."
        else:
            lead = f"C’est noté : votre démarche est maintenant « {title} »."
        said = follow_cards.reported(dossier, self._today(), lead)
        if state is State.DEPOSEE and dossier.ants_number is None:
            asked = follow_cards.number_question(self._base, dossier, self._today())
            return Outcome([said, asked], Flux(dossier.id, awaiting=NUMBER))
        return Outcome([said], None)

    def _paid(self, dossier: DossierView) -> Outcome:
        """The payment is made: on the site, the click that records it is recalled."""
        today = self._today()
        if dossier.register == "interne":
            register = EmbeddedRegister(self._dossiers)
            register.pay(dossier.id)
            dossier = register.finish(dossier.id, "citizen")
            lead = "Merci, votre paiement est noté."
            return Outcome([follow_cards.reported(dossier, today, lead)], None)
        if not dossier.progress(today).pays:
            lead = "Les documents ne parlent d’aucun paiement pour cette démarche."
            return Outcome([follow_cards.standing(dossier, today, lead)], None)
        if dossier.state is State.PRETE_A_DEPOSER:
            self._dossiers.report(dossier.id, status=State.DEPOSEE)
        self._dossiers.record_payment(dossier.id, "citizen")
        dossier = self._dossiers.get(dossier.id)
        lead = (
            f"C’est noté, vous avez payé. Vérifiez que vous avez cliqué sur "
            f"{follow_cards.RECORD_PAYMENT} : sans ce clic, le paiement n’est pas enregistré."
        )
        return Outcome([follow_cards.reported(dossier, today, lead)], None)

    def _ask_number(self, dossier: DossierView, lead: str = "") -> Outcome:
        asked = follow_cards.number_question(self._base, dossier, self._today())
        asked = replace(asked, text=f"{lead} {asked.text}".strip())
        return Outcome([asked], Flux(dossier.id, awaiting=NUMBER))

    def _later(self, dossier: DossierView) -> Outcome:
        said = follow_cards.told(
            dossier,
            self._today(),
            f"D’accord. Le dossier {dossier.number} est gardé. Pour y revenir, dites : "
            "où en est mon dossier ?",
        )
        return Outcome([said], None)

    def _review(self, dossier: DossierView) -> Outcome:
        """The answers of a dossier that is ready, each correctable."""
        if not dossier.editable:
            return self.resume(dossier)
        return Outcome([cards.recap(dossier, self._today())], Flux(dossier.id))

    def _exchange(self, dossier: DossierView, lead: str = "") -> Outcome:
        """What the agent waits for: the pièces refused, then an answer."""
        return Outcome(
            [self._awaited(dossier, Flux(dossier.id, awaiting=REPLY), lead)],
            Flux(dossier.id, awaiting=REPLY),
        )

    def _awaited(self, dossier: DossierView, flux: Flux, lead: str = "") -> Message:
        today = self._today()
        if flux.awaiting == NUMBER:
            return follow_cards.number_question(self._base, dossier, today)
        if flux.awaiting == STATUS:
            return follow_cards.status_question(dossier, today)
        piece = self._to_send_again(dossier)
        if piece is not None:
            return follow_cards.piece_again(dossier, piece, today, lead)
        asked = EmbeddedRegister(self._dossiers).status(dossier.id).message
        return follow_cards.reply_question(dossier, asked, self._sent(dossier), today, lead)

    def _take_reply(
        self, dossier: DossierView, flux: Flux, heard: Heard, act: Act | None, context: Context
    ) -> Outcome:
        piece = self._to_send_again(dossier)
        if piece is not None and _is_doubtful(piece) and settling.uses_anyway(heard.text):
            return self._use_anyway(dossier, piece.piece.id)
        if act in (Act.REPEAT, Act.HELP, Act.WHY, Act.WHERE, Act.STATUS, Act.HOLD):
            return Outcome([self._awaited(dossier, flux)], flux)
        if self._is_question(heard):
            back = self._awaited(dossier, flux, replies.BACK_TO_IT)
            said = [*self._decided(heard, context), back]
            return Outcome(said, flux)
        if piece is None:
            return self._answered(dossier, heard.text)
        # The answer came before the pièce: it is kept, and goes with it.
        self._dossiers.write(dossier.id, heard.text, "citizen")
        lead = "Votre message est gardé pour l’agent. Il manque encore la pièce."
        return Outcome([self._awaited(dossier, flux, lead)], flux)

    def _answered(self, dossier: DossierView, text: str) -> Outcome:
        """The exchange goes back to the agent."""
        try:
            dossier = EmbeddedRegister(self._dossiers).answer(dossier.id, text)
        except TransitionError as error:
            said = follow_cards.standing(dossier, self._today(), error.reason)
            return Outcome([said], None)
        lead = "Votre réponse est envoyée à l’agent."
        return Outcome([follow_cards.reported(dossier, self._today(), lead)], None)

    def _use_anyway(self, dossier: DossierView, piece: str) -> Outcome:
        self._carrier.use_anyway(dossier, piece)
        return self.resume(self._dossiers.get(dossier.id), "D’accord, je garde ce document.")

    def _to_send_again(self, dossier: DossierView) -> PieceView | None:
        """A pièce that keeps the dossier from going back to the agent."""
        return next(
            (p for p in dossier.pieces(self._today()) if p.state == "refused" or _is_doubtful(p)),
            None,
        )

    def _sent(self, dossier: DossierView) -> bool:
        """Whether a document was sent since the agent's message."""
        kinds = [event.kind for event in self._dossiers.events(dossier.id)]
        since = len(kinds) - kinds[::-1].index("moved") if "moved" in kinds else 0
        return "attached" in kinds[since:]


def _followed(dossier: DossierView) -> bool:
    """Whether there is something to report of the dossier."""
    return dossier.state is State.PRETE_A_DEPOSER or (
        dossier.register is not None and not dossier.closed
    )


def _unfinished(dossier: DossierView) -> bool:
    """Whether the dossier still has questions to answer."""
    return dossier.editable and not _followed(dossier)


def _value(report: Report) -> str:
    """A report as the value of a choice."""
    if report.number is not None:
        return f"number:{report.number}"
    if report.said is Said.FILED:
        return str(State.DEPOSEE)
    return str(report.state or report.said)


def _is_doubtful(piece: PieceView) -> bool:
    return bool(piece.files) and piece.files[-1].state == "doubtful"


def _is_short(heard: Heard) -> bool:
    return len(heard.text.split()) <= 4
