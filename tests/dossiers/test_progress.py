"""What comes next, from the form and the values alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_demarche import STRAIGHT

from bench.people import DEMARCHES
from dossiers.answers import Answer, ValueRefusedError, settle
from dossiers.form import Form, NoFlowError, form_of
from dossiers.progress import change, clicks, outputs, progress, situation_of, warnings
from knowledge.conditions import fields_of
from knowledge.query import KnowledgeBase

TODAY = date(2026, 11, 21)


def ids(entries: object) -> list[str]:
    return [entry.id for entry in entries]  # type: ignore[attr-defined]


def test_required_fields_are_asked_in_order_then_the_optional_ones(form: Form) -> None:
    asked, values = [], dict[str, str]()
    while (field := progress(form, values, TODAY).next) is not None:
        asked.append(field.id)
        values[field.id] = STRAIGHT[field.id]
    assert asked == [
        "motif", "pour_qui", "plaque_lue", "avec_code", "code", "naissance", "courriel", "remarque",
    ]  # fmt: skip
    at_end = progress(form, values, TODAY)
    assert (at_end.done, at_end.total, at_end.answered, at_end.pending) == (8, 8, True, ())


def test_a_preset_is_known_and_never_asked(form: Form) -> None:
    assert situation_of(form, {}, TODAY) == {"version": "une"}
    assert "version" not in ids(progress(form, {}, TODAY).applicable)


def test_not_known_yet_is_not_does_not_apply(form: Form) -> None:
    start = progress(form, {}, TODAY)
    assert ids(start.pending) == ["mandant", "code", "formule", "tuteur"]
    assert (ids(start.pieces), ids(start.pieces_unknown)) == (["courriel"], ["vol", "mandat"])
    later = progress(form, {"avec_code": "oui", "motif": "perte"}, TODAY)
    assert ids(later.pending) == ["mandant", "tuteur"]
    assert ids(later.pieces_unknown) == ["mandat"]


def test_the_plate_tells_its_format_and_the_birth_date_the_minority(form: Form) -> None:
    known = situation_of(form, {"plaque_lue": "123 AB 01", "naissance": "2008-11-22"}, TODAY)
    assert (known["plaque"], known["mineur"]) == ("fni", "oui")
    known = situation_of(form, {"plaque_lue": "AB-123-CD", "naissance": "2008-11-21"}, TODAY)
    assert (known["plaque"], known["mineur"]) == ("siv", "non")


def test_a_value_given_ahead_of_its_question_waits(form: Form) -> None:
    ahead = {"formule": "2019AB12345"}
    assert "formule" not in situation_of(form, ahead, TODAY)
    then = ahead | {"plaque_lue": "AB-123-CD", "avec_code": "non"}
    assert situation_of(form, then, TODAY)["formule"] == "2019AB12345"
    assert change(form, ahead, "avec_code", "oui", TODAY).dropped[0].id == "formule"


def test_a_changed_answer_asks_again_only_what_depends_on_it(form: Form) -> None:
    done = change(form, STRAIGHT, "avec_code", "non", TODAY)
    assert ids(done.dropped) == ["code"]
    assert ids(done.asked) == ["formule"]
    assert done.values.keys() == STRAIGHT.keys() - {"code"}
    same = change(form, STRAIGHT, "motif", "perte", TODAY)
    assert (same.dropped, same.asked) == ((), ())


def test_a_correction_far_back_drops_through_what_it_implies(form: Form) -> None:
    values = STRAIGHT | {"avec_code": "non", "formule": "2019AB12345"}
    del values["code"]
    to_old_plate = change(form, values, "plaque_lue", "123 AB 01", TODAY)
    assert (ids(to_old_plate.dropped), ids(to_old_plate.asked)) == (["formule"], [])


def test_obstacles_warnings_clicks_and_outputs_follow_the_situation(form: Form) -> None:
    assert [o.text for o in progress(form, {"motif": "autre"}, TODAY).obstacles] == [
        "Ce n'est pas prévu."
    ]
    theft, loss = (situation_of(form, {"motif": motif}, TODAY) for motif in ("vol", "perte"))
    assert len(warnings(form, theft)) == 2
    assert len(warnings(form, loss)) == 1
    assert [len(clicks(form, known)) for known in (theft, loss)] == [2, 1]
    assert [item.label for item in outputs(form, loss)] == ["Certificat"]
    assert progress(form, {"motif": "vol"}, TODAY).control
    assert not progress(form, {"motif": "perte"}, TODAY).control


@pytest.mark.parametrize(
    "answer",
    [
        Answer("inconnu", "x"),
        Answer("version", "une"),
        Answer("motif", "casse"),
        Answer("motif", ""),
        Answer("remarque", "  "),
        Answer("remarque", "x" * 2001),
        Answer("naissance", "hier"),
    ],
)
def test_an_answer_that_the_form_cannot_take_is_refused(form: Form, answer: Answer) -> None:
    with pytest.raises(ValueRefusedError):
        settle(form, {}, [answer], [], TODAY)


def test_an_answer_that_does_not_apply_is_not_kept(form: Form) -> None:
    settled = settle(form, {"avec_code": "oui"}, [Answer("formule", "2019AB12345")], [], TODAY)
    assert (settled.values, ids(settled.ignored)) == ({"avec_code": "oui"}, ["formule"])


def test_a_message_is_read_in_the_form_s_order_whatever_the_message_s(form: Form) -> None:
    answers = [Answer("formule", "2019AB12345"), Answer("plaque_lue", "AB-123-CD")]
    settled = settle(form, {}, [*answers, Answer("avec_code", "non")], [], TODAY)
    assert (len(settled.values), settled.ignored) == (3, ())


choices = st.one_of(
    st.tuples(st.just("motif"), st.sampled_from(["perte", "vol", "autre"])),
    st.tuples(st.just("pour_qui"), st.sampled_from(["moi", "autrui"])),
    st.tuples(st.just("mandant"), st.just("Paul Martin")),
    st.tuples(st.just("plaque_lue"), st.sampled_from(["AB-123-CD", "123 AB 01", "EF-456-GH"])),
    st.tuples(st.just("avec_code"), st.sampled_from(["oui", "non"])),
    st.tuples(st.just("code"), st.sampled_from(["ABC12", "XYZ99"])),
    st.tuples(st.just("formule"), st.just("2019AB12345")),
    st.tuples(st.just("remarque"), st.sampled_from(["", "bonjour"])),
    st.tuples(st.just("naissance"), st.sampled_from(["1980-05-04", "2015-01-01"])),
    st.tuples(st.just("tuteur"), st.just("Anne Roux")),
)
GOALS = [
    STRAIGHT,
    STRAIGHT | {"pour_qui": "autrui", "mandant": "Paul Martin", "avec_code": "non",
                "formule": "2019AB12345"},
    STRAIGHT | {"plaque_lue": "123 AB 01", "avec_code": "non", "naissance": "2015-01-01",
                "tuteur": "Anne Roux", "motif": "perte"},
]  # fmt: skip


@given(st.lists(choices, max_size=25), st.sampled_from(GOALS))
def test_any_order_of_corrections_ends_in_the_same_dossier_as_a_straight_run(
    form: Form, wandering: list[tuple[str, str]], goal: dict[str, str]
) -> None:
    values: dict[str, str] = {}
    for slot, value in wandering:
        values = settle(form, values, [Answer(slot, value)], [], TODAY).values
    # The person then puts right what is wrong, and answers what is left.
    for slot, value in list(values.items()):
        if slot in values and slot in goal and value != goal[slot]:
            values = change(form, values, slot, goal[slot], TODAY).values
    while (field := progress(form, values, TODAY).next) is not None:
        values = change(form, values, field.id, goal[field.id], TODAY).values
    straight: dict[str, str] = {}
    while (field := progress(form, straight, TODAY).next) is not None:
        straight = change(form, straight, field.id, goal[field.id], TODAY).values
    assert values == straight


def test_a_subject_without_flow_has_no_form(base: KnowledgeBase) -> None:
    with pytest.raises(NoFlowError):
        form_of(base, "cpi")


@pytest.mark.parametrize("demarche", DEMARCHES)
def test_a_form_is_kept_and_read_back_the_same(base: KnowledgeBase, demarche: str) -> None:
    form = form_of(base, demarche)
    again = Form.model_validate(form.kept())
    assert again.revision == form.revision
    assert again.sources == form.sources
    assert form.sources


@pytest.mark.parametrize("demarche", DEMARCHES)
def test_conditions_read_only_fields_that_come_before(base: KnowledgeBase, demarche: str) -> None:
    form = form_of(base, demarche)
    derived = {"plate": {"plaque"}, "birth_date": {"mineur"}}
    known: set[str] = set()
    for field in form.flow.fields:
        assert fields_of(field.when or {}) <= known, field.id
        known |= {field.id} | derived.get(field.kind, set())
    known |= {"categorie"} if form.parents else set()
    parts = [*form.pieces, *form.flow.obstacles, *form.flow.warnings, *form.flow.clicks]
    for part in [*parts, *form.flow.outputs]:
        assert fields_of(part.when or {}) <= known, part
    assert fields_of(form.flow.pays or {}) | fields_of(form.flow.control or {}) <= known


def test_a_skipped_field_keeps_the_pieces_that_hang_on_it_possible(base: KnowledgeBase) -> None:
    form = form_of(base, "permis_inscription")
    values: dict[str, str] = {"service_national": "", "avis_medical": "non"}
    before = progress(form, values, TODAY)
    assert before.pieces_possible == ()
    assert "service_national" in ids(before.pieces_unknown)
    while (field := progress(form, values, TODAY).next) is not None:
        choices = [choice.value for choice in field.choices]
        answer = "1980-05-04" if field.kind == "birth_date" else (choices or ["x"])[-1]
        values[field.id] = "" if field.optional else answer
    at_end = progress(form, values, TODAY)
    assert ids(at_end.pieces_possible) == ["service_national"]
    assert "avis_medical" not in ids((*at_end.pieces, *at_end.pieces_possible))
