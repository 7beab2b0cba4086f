"""The real démarches: whatever a person changes her mind about, her dossier ends the same."""

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.people import DEMARCHES, Person, other_answer, person
from dossiers.answers import Answer, settle
from dossiers.form import form_of
from dossiers.progress import change, progress
from knowledge.query import KnowledgeBase

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("demarche", DEMARCHES)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), detours=st.integers(0, 12))
def test_any_order_of_corrections_ends_in_the_same_dossier(
    base: KnowledgeBase, demarche: str, seed: int, detours: int
) -> None:
    form, random = form_of(base, demarche), Random(seed)
    someone = person(form, random, TODAY)
    values: dict[str, str] = {}
    for _ in range(detours):  # answers given in any order, right or wrong
        slot = random.choice(sorted(someone.values))
        value = someone.values[slot]
        if value and random.random() < 0.6:
            value = other_answer(form, slot, someone, random, TODAY)[0]
        values = settle(form, values, [Answer(slot, value)], [], TODAY).values
    for slot in random.sample(sorted(values), len(values)):  # then put right, in any order
        if slot in values and values[slot] != someone.values[slot]:
            values = change(form, values, slot, someone.values[slot], TODAY).values
    while (field := progress(form, values, TODAY).next) is not None:
        values = change(form, values, field.id, someone.values[field.id], TODAY).values
    assert values == someone.values
    assert listed(base, demarche, values) == listed(base, demarche, straight(base, someone))


def straight(base: KnowledgeBase, someone: Person) -> dict[str, str]:
    form, values = form_of(base, someone.demarche), dict[str, str]()
    while (field := progress(form, values, TODAY).next) is not None:
        values = change(form, values, field.id, someone.values[field.id], TODAY).values
    return values


def listed(base: KnowledgeBase, demarche: str, values: dict[str, str]) -> set[str]:
    return {piece.id for piece in progress(form_of(base, demarche), values, TODAY).pieces}
