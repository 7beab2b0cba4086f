"""The documents' example, whole: a declaration of theft refused as illegible, then accepted."""

import contextlib
from collections.abc import Callable

import pytest
import sent_files
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from small_demarche import STRAIGHT

from dossiers.answers import Answer
from dossiers.attachments import RefusedFileError
from dossiers.form import Form
from dossiers.ledger import NotNowError
from dossiers.pieces import UnknownPieceError
from dossiers.register import Dossiers
from dossiers.states import FINAL, State, TransitionError
from dossiers.teleservice import EmbeddedRegister, Teleservice
from dossiers.views import DossierView

AGENT = "agent:7"


@pytest.fixture
def register(dossiers: Dossiers) -> EmbeddedRegister:
    return EmbeddedRegister(dossiers)


def ready(dossiers: Dossiers, form: Form, **changes: str) -> DossierView:
    dossier, _ = dossiers.begin(form)
    given = STRAIGHT | changes
    dossiers.save(dossier.id, [Answer(slot, value) for slot, value in given.items()])
    if given["motif"] == "vol":
        dossiers.pieces.attach(dossier.id, "vol", sent_files.pdf())
    dossiers.accept_clu(dossier.id)
    return dossiers.move(dossier.id, State.PRETE_A_DEPOSER, "citizen")


def test_the_theft_example_works_whole(
    dossiers: Dossiers, register: EmbeddedRegister, form: Form
) -> None:
    service: Teleservice = register
    dossier = ready(dossiers, form)
    assert service.file(dossier.id, "citizen").state is State.MISE_EN_ATTENTE
    register.examine(dossier.id, AGENT)
    refused = register.refuse_piece(dossier.id, "vol", "La déclaration est illisible.", AGENT)
    assert refused.state is State.ATTENTE_INFORMATION
    assert service.status(dossier.id).message == "La déclaration est illisible."
    (piece, _) = refused.pieces(dossiers.today())
    assert (piece.state, piece.reason) == ("refused", "La déclaration est illisible.")
    with pytest.raises(TransitionError, match="Envoyez de nouveau ces pièces : Déclaration"):
        service.answer(dossier.id, "La voici.", "citizen")
    dossiers.pieces.attach(dossier.id, "vol", sent_files.photo())
    assert service.answer(dossier.id, "La voici.", "citizen").state is State.EN_COURS_ANALYSE
    with pytest.raises(TransitionError):
        register.pay(dossier.id)
    accepted = register.accept_piece(dossier.id, "vol", AGENT)
    assert accepted.state is State.ATTENTE_TELEDECLARANT
    with pytest.raises(TransitionError, match="paiement"):
        register.finish(dossier.id, "citizen")
    register.pay(dossier.id)
    finished = register.finish(dossier.id, "citizen")
    assert (finished.state, finished.paid) == (State.TERMINEE, True)
    said = [event.text for event in dossiers.events(dossier.id) if event.text]
    assert said[0] == "La déclaration est illisible."
    assert said[-1] == "La voici."


def test_without_control_the_payment_comes_at_once(
    dossiers: Dossiers, register: EmbeddedRegister, form: Form
) -> None:
    dossier = ready(dossiers, form, motif="perte")
    assert register.file(dossier.id, "citizen").state is State.ATTENTE_TELEDECLARANT
    register.pay(dossier.id)
    assert register.finish(dossier.id, "citizen").closed


def test_a_piece_at_hand_is_not_enough_to_file_here(
    dossiers: Dossiers, register: EmbeddedRegister, form: Form
) -> None:
    dossier, _ = dossiers.begin(form)
    dossiers.save(dossier.id, [Answer(slot, value) for slot, value in STRAIGHT.items()])
    dossiers.pieces.keep_at_hand(dossier.id, "vol")
    dossiers.accept_clu(dossier.id)
    dossiers.move(dossier.id, State.PRETE_A_DEPOSER, "citizen")
    with pytest.raises(TransitionError, match="Il manque des pièces"):
        register.file(dossier.id, "citizen")
    assert dossiers.get(dossier.id).register is None


def test_only_an_agent_decides(dossiers: Dossiers, register: EmbeddedRegister, form: Form) -> None:
    dossier = ready(dossiers, form)
    with pytest.raises(NotNowError):
        register.accept_piece(dossier.id, "vol", AGENT)
    register.file(dossier.id, "citizen")
    for state in (State.EN_COURS_ANALYSE, State.ATTENTE_TELEDECLARANT, State.TERMINEE):
        with pytest.raises(TransitionError):
            dossiers.move(dossier.id, state, "citizen")
    assert register.ask(dossier.id, "Quel est le motif ?", AGENT).state is State.ATTENTE_INFORMATION
    assert register.answer(dossier.id, "Le vol.").state is State.EN_COURS_ANALYSE
    with pytest.raises(TransitionError):
        register.reject(dossier.id, "", AGENT)
    assert register.reject(dossier.id, "Ce n'est pas le titulaire.", AGENT).closed


class AnyLife(RuleBasedStateMachine):
    """People and agents do anything, in any order; the dossier stays right."""

    dossiers: Dossiers
    form: Form

    def __init__(self) -> None:
        super().__init__()
        self.register = EmbeddedRegister(self.dossiers)
        self.id = self.dossiers.begin(self.form)[0].id

    def attempt(self, act: Callable[..., object], *arguments: object) -> None:
        with contextlib.suppress(TransitionError, NotNowError, UnknownPieceError, RefusedFileError):
            act(self.id, *arguments)

    @rule(slot=st.sampled_from(sorted(STRAIGHT)), motif=st.sampled_from(["vol", "perte", "autre"]))
    def answers_one(self, slot: str, motif: str) -> None:
        value = motif if slot == "motif" else STRAIGHT[slot]
        self.attempt(self.dossiers.save, [Answer(slot, value)])

    @rule()
    def answers_all(self) -> None:
        self.attempt(self.dossiers.save, [Answer(*pair) for pair in STRAIGHT.items()])

    @rule()
    def sends(self) -> None:
        self.attempt(self.dossiers.pieces.attach, "vol", sent_files.pdf())

    @rule()
    def accepts_conditions(self) -> None:
        self.attempt(self.dossiers.accept_clu)

    @rule(who=st.sampled_from(["citizen", AGENT, "system"]), state=st.sampled_from(State))
    def moves(self, who: str, state: State) -> None:
        if state is not State.ABANDONNEE:
            self.attempt(self.dossiers.move, state, who, "parce que")

    @rule()
    def gets_ready_and_files(self) -> None:
        self.attempt(self.dossiers.move, State.PRETE_A_DEPOSER, "citizen")
        self.attempt(self.register.file, "citizen")

    @rule()
    def is_refused(self) -> None:
        self.attempt(self.register.refuse_piece, "vol", "Illisible.", AGENT)

    @rule()
    def is_accepted(self) -> None:
        self.attempt(self.register.accept_piece, "vol", AGENT)

    @rule()
    def pays_and_finishes(self) -> None:
        self.attempt(self.register.pay)
        self.attempt(self.register.finish, "citizen")

    @invariant()
    def is_right(self) -> None:
        dossier = self.dossiers.get(self.id)
        facts = dossier.facts(self.dossiers.today())
        assert dossier.closed == (dossier.closed_at is not None)
        if dossier.state is State.PRETE_A_DEPOSER or dossier.register:
            assert not facts.missing_fields
            assert dossier.clu_accepted
        if dossier.state is State.TERMINEE and dossier.register == "interne":
            assert dossier.paid
            assert not facts.control or not facts.unaccepted_pieces
        if dossier.state not in {State.EN_PREPARATION, State.PRETE_A_DEPOSER,
                                 State.MISE_EN_ATTENTE, *FINAL}:  # fmt: skip
            assert dossier.register


def test_no_life_of_a_dossier_goes_around_a_guard(dossiers: Dossiers, form: Form) -> None:
    AnyLife.dossiers, AnyLife.form = dossiers, form
    run_state_machine_as_test(
        AnyLife,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
