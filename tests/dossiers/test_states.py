"""The state machine: declared once, and no path that goes around a guard."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.states import (
    FINAL,
    TEXTS,
    TRANSITIONS,
    Facts,
    Move,
    State,
    TransitionError,
    check,
    reachable,
    state_of_status,
)
from knowledge.query import KnowledgeBase

READY = Facts(clu_accepted=True)
some = st.sampled_from([(), ("Déclaration",)])
facts = st.builds(
    Facts,
    missing_fields=some,
    obstacles=some,
    missing_pieces=some,
    refused_pieces=some,
    unaccepted_pieces=some,
    clu_accepted=st.booleans(),
    register=st.sampled_from([None, "ants", "interne"]),
    pays=st.booleans(),
    control=st.booleans(),
    paid=st.booleans(),
)
moves = st.builds(
    Move,
    st.sampled_from(["citizen", "agent:7", "system"]),
    st.sampled_from(["", "illisible"]),
    facts,
)
FILED = frozenset(State) - {State.EN_PREPARATION, State.PRETE_A_DEPOSER, *FINAL}


def refusal(start: State, end: State, move: Move) -> str | None:
    try:
        check(start, end, move)
    except TransitionError as error:
        return error.reason
    return None


def test_every_state_says_what_it_means_and_what_to_do() -> None:
    assert set(TEXTS) == set(State)
    for text in TEXTS.values():
        assert text.title
        assert text.meaning.endswith(".")
        assert text.next.endswith(".")


def test_the_states_of_the_site_are_sourced_and_have_their_sheet(base: KnowledgeBase) -> None:
    for state, text in TEXTS.items():
        assert bool(text.sources) == bool(text.sheet)
        if text.sheet:
            assert base.sheets[text.sheet].kind == "statut"
            assert base.citations(list(text.sources))
            assert state_of_status(text.sheet) is state
    assert state_of_status("statuts") is None


def test_every_state_is_reached_and_only_the_final_ones_are_not_left() -> None:
    assert {end for _, end in TRANSITIONS} == set(State)
    left = {start for start, _ in TRANSITIONS}
    assert left == set(State) - {State.REJETEE, State.TERMINEE}


@given(moves)
def test_nothing_is_ready_before_it_is_complete_and_accepted(move: Move) -> None:
    reason = refusal(State.EN_PREPARATION, State.PRETE_A_DEPOSER, move)
    f = move.facts
    incomplete = f.missing_fields or f.missing_pieces or f.obstacles or not f.clu_accepted
    if incomplete or f.register or move.who == "system":
        assert reason
    else:
        assert reason is None


@given(moves)
def test_only_a_ready_dossier_is_filed(move: Move) -> None:
    for start in State:
        if start is not State.PRETE_A_DEPOSER:
            assert refusal(start, State.DEPOSEE, move)
    if move.facts.missing_pieces or not move.facts.clu_accepted or not move.facts.register:
        assert refusal(State.PRETE_A_DEPOSER, State.DEPOSEE, move)


@given(moves)
def test_a_person_does_not_decide_for_the_agents(move: Move) -> None:
    if move.who != "citizen" or move.facts.register != "interne":
        return
    for start in FILED - {State.ATTENTE_TELEDECLARANT}:
        allowed = set(reachable(start, move))
        assert allowed <= {State.ABANDONNEE, State.EN_COURS_ANALYSE}
        if State.EN_COURS_ANALYSE in allowed:
            assert start is State.ATTENTE_INFORMATION
            assert not move.facts.refused_pieces


@given(moves)
def test_nothing_ends_here_unpaid_or_uncontrolled(move: Move) -> None:
    f = move.facts
    if f.register != "interne":
        return
    for start in State:
        reason = refusal(start, State.TERMINEE, move)
        if (f.pays and not f.paid) or (f.control and f.unaccepted_pieces):
            assert reason


@given(moves)
def test_an_agent_explains_what_is_asked_or_rejected(move: Move) -> None:
    if move.kind == "agent" and not move.why:
        for start, end in product(State, (State.ATTENTE_INFORMATION, State.REJETEE)):
            assert refusal(start, end, move)


@given(moves)
def test_nothing_is_undone_once_filed(move: Move) -> None:
    if move.facts.register:
        for start in State:
            assert refusal(start, State.EN_PREPARATION, move)


@given(moves)
def test_what_is_reachable_is_what_passes(move: Move) -> None:
    for start in State:
        allowed = set(reachable(start, move))
        assert allowed == {end for end in State if refusal(start, end, move) is None}


@given(moves)
def test_a_person_may_always_abandon_what_is_not_closed(move: Move) -> None:
    for start in State:
        reason = refusal(start, State.ABANDONNEE, move)
        assert (reason is None) == (start not in FINAL and move.kind != "system")


@pytest.mark.parametrize("status", sorted(FILED - {State.DEPOSEE}))
def test_a_person_reports_any_status_seen_on_the_site(status: State) -> None:
    move = Move("citizen", "", Facts(register="ants", pays=True, control=True))
    assert refusal(State.DEPOSEE, status, move) is None


def test_a_refusal_is_said_in_french() -> None:
    move = Move("citizen", "", Facts(missing_fields=("Plaque", "Motif")))
    reason = refusal(State.EN_PREPARATION, State.PRETE_A_DEPOSER, move)
    assert reason == "Il manque des réponses : Plaque, Motif."
    reason = refusal(State.TERMINEE, State.DEPOSEE, move)
    assert reason == "Une demande « Terminée » ne peut pas devenir « Déposée »."
