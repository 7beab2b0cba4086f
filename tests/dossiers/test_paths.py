"""Whatever people and agents do to a dossier, in whatever order, no guard is gone around."""

from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from small_demarche import STRAIGHT, Clock

from dossiers.answers import Answer, ValueRefusedError
from dossiers.form import Form
from dossiers.ledger import NotNowError
from dossiers.pieces import UnknownPieceError
from dossiers.register import Dossiers
from dossiers.states import FINAL, State, TransitionError

WHO = st.sampled_from(["citizen", "agent:7", "system"])
ANSWERS = st.sampled_from(
    [
        *STRAIGHT.items(),
        ("motif", "perte"),
        ("motif", "autre"),
        ("pour_qui", "autrui"),
        ("mandant", "Paul Martin"),
        ("plaque_lue", "123 AB 01"),
        ("avec_code", "non"),
        ("formule", "2019AB12345"),
        ("naissance", "2015-01-01"),
        ("tuteur", "Anne Roux"),
    ]
)
PIECES = st.sampled_from(["vol", "mandat"])
REFUSALS = (TransitionError, NotNowError, ValueRefusedError, UnknownPieceError)


class Anything(RuleBasedStateMachine):
    """Every call of the register, refused or not; what must hold is looked at after each."""

    form: Form
    dossiers: Dossiers
    clock: Clock
    reached: ClassVar[set[State]] = set()

    @initialize()
    def begin(self) -> None:
        self.id = self.dossiers.begin(self.form)[0].id
        self.before = self.dossiers.get(self.id)

    def tried(self, act: Any, *given: Any, **more: Any) -> None:
        self.before = self.dossiers.get(self.id)
        self.clock.forward(minutes=1)
        try:
            act(self.id, *given, **more)
        except REFUSALS:
            assert self.dossiers.get(self.id) == self.before  # a refusal changes nothing

    @rule(given=ANSWERS)
    def answer(self, given: tuple[str, str]) -> None:
        self.tried(self.dossiers.set_value, *given)

    @rule()
    def answer_everything(self) -> None:
        self.tried(self.dossiers.save, [Answer(*given) for given in STRAIGHT.items()])

    @rule()
    def prepare_everything(self) -> None:
        self.answer_everything()
        self.keep_at_hand("vol")
        self.accept_clu()
        self.move(State.PRETE_A_DEPOSER, "citizen", "")

    @rule(slot=st.sampled_from(sorted(STRAIGHT)))
    def forget(self, slot: str) -> None:
        self.tried(self.dossiers.forget_value, slot)

    @rule(piece=PIECES)
    def keep_at_hand(self, piece: str) -> None:
        self.tried(self.dossiers.pieces.keep_at_hand, piece)

    @rule()
    def accept_clu(self) -> None:
        self.tried(self.dossiers.accept_clu)

    @rule(state=st.sampled_from(State), who=WHO, why=st.sampled_from(["", "illisible"]))
    def move(self, state: State, who: str, why: str) -> None:
        self.tried(self.dossiers.move, state, who, why)

    @rule(register=st.sampled_from(["ants", "interne"]), who=WHO)
    def file(self, register: Any, who: str) -> None:
        self.tried(self.dossiers.file, register, who)

    @rule(register=st.sampled_from(["ants", "interne"]))
    def prepare_and_file(self, register: Any) -> None:
        self.prepare_everything()
        self.file(register, "citizen")

    @rule(status=st.sampled_from(State))
    def report(self, status: State) -> None:
        self.tried(self.dossiers.report, status=status)

    @rule(end=st.sampled_from([State.REJETEE, State.TERMINEE]), who=WHO)
    def end(self, end: State, who: str) -> None:
        self.tried(self.dossiers.record_payment, who)
        self.tried(self.dossiers.move, end, who, "décidé")

    @rule(who=WHO)
    def pay(self, who: str) -> None:
        self.tried(self.dossiers.record_payment, who)

    @invariant()
    def it_is_somewhere(self) -> None:
        self.reached.add(self.dossiers.get(self.id).state)

    @invariant()
    def what_is_ready_or_filed_is_complete_and_accepted(self) -> None:
        now = self.dossiers.get(self.id)
        if now.state is State.PRETE_A_DEPOSER or now.register is not None:
            progress = now.progress(self.dossiers.today())
            assert not progress.missing
            assert not progress.obstacles
            assert all(p.state != "missing" for p in now.pieces(self.dossiers.today()))
            assert now.clu_accepted

    @invariant()
    def what_is_filed_was_ready_and_no_longer_changes(self) -> None:
        now = self.dossiers.get(self.id)
        if self.before.register is not None:
            assert now.register == self.before.register
            assert now.values == self.before.values
        elif now.register is not None:
            assert self.before.state is State.PRETE_A_DEPOSER
            assert now.values == self.before.values

    @invariant()
    def what_is_closed_stays_closed(self) -> None:
        now = self.dossiers.get(self.id)
        if self.before.state in FINAL and now.state is not self.before.state:
            assert self.before.state is State.ABANDONNEE
            assert self.before.register is None
            assert now.state is State.EN_PREPARATION

    @invariant()
    def nothing_ends_here_unpaid_or_uncontrolled(self) -> None:
        now = self.dossiers.get(self.id)
        if now.state is State.TERMINEE and now.register == "interne":
            progress = now.progress(self.dossiers.today())
            assert now.paid or not progress.pays
            pieces = now.pieces(self.dossiers.today())
            assert not progress.control or all(p.state == "accepted" for p in pieces)

    @invariant()
    def only_what_applies_is_kept(self) -> None:
        now = self.dossiers.get(self.id)
        progress = now.progress(self.dossiers.today())
        known = {entry.id for entry in (*progress.applicable, *progress.pending)}
        assert set(now.values) <= known


def test_no_order_of_acts_goes_around_a_guard(form: Form, dossiers: Dossiers, clock: Clock) -> None:
    given = {"form": form, "dossiers": dossiers, "clock": clock}
    machine = type("AnythingOnThisForm", (Anything,), given)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {State.PRETE_A_DEPOSER, State.DEPOSEE, *FINAL} <= Anything.reached
