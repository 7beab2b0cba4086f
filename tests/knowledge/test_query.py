"""Answers: from the nearest sheet, in the situation, with the passages that they rest on."""

from pathlib import Path

import pytest
from sample_files import facet, sheet, small_base

from knowledge.query import KnowledgeBase, UnknownSubjectError


@pytest.fixture
def small(tmp_path: Path) -> KnowledgeBase:
    identity = {"id": "identite", "label": "Identité", "sources": ["guide/debut"]}
    mandate = {"id": "mandat", "label": "Mandat", "sources": ["guide/suite"]}
    parent = sheet(
        "parent",
        facets={
            "etapes": facet(
                "Pour tous.",
                steps=[
                    {"title": "Toujours"},
                    {"title": "Pour un autre", "when": {"pour_qui": "autrui"}},
                ],
                variants=[
                    {"when": {"pour_qui": "autrui"}, "text": "Pour un autre.",
                     "sources": ["guide/suite"]},
                ],
                refine=["pour_qui"],
                clarify=True,
            ),
            "pieces": facet("Voici les pièces."),
        },
        pieces=[mandate | {"when": {"pour_qui": "autrui"}}],
    )  # fmt: skip
    child = sheet("enfant", parent="parent", facets={}, pieces=[identity])
    return KnowledgeBase(small_base(tmp_path, parent, child))


def test_a_facet_comes_from_the_nearest_sheet_of_the_lineage(small: KnowledgeBase) -> None:
    assert [entry.id for entry in small.lineage("enfant")] == ["enfant", "parent"]
    answer = small.answer("etapes/enfant")
    assert answer is not None
    assert answer.text == "Pour tous."
    assert answer.title == "La démarche enfant"
    assert small.facets_of("enfant") == ["etapes", "pieces"]


def test_unknown_subjects_and_facets_have_no_answer(small: KnowledgeBase) -> None:
    assert small.answer("etapes/inconnu") is None
    assert small.answer("paiement/enfant") is None
    assert not small.covers("etapes/inconnu")
    with pytest.raises(UnknownSubjectError):
        small.lineage("inconnu")


def test_a_variant_answers_its_situation_only(small: KnowledgeBase) -> None:
    unknown, other, self_ = (
        small.answer("etapes/enfant", situation)
        for situation in ({}, {"pour_qui": "autrui"}, {"pour_qui": "moi"})
    )
    assert unknown is not None
    assert other is not None
    assert self_ is not None
    assert (unknown.text, other.text, self_.text) == ("Pour tous.", "Pour un autre.", "Pour tous.")
    assert unknown.needs_refining
    assert unknown.refine == ("pour_qui",)
    assert not other.needs_refining
    assert other.refine == ()


def test_what_may_still_apply_stays_and_what_does_not_goes(small: KnowledgeBase) -> None:
    unknown, self_ = (
        small.answer("etapes/enfant"),
        small.answer("etapes/enfant", {"pour_qui": "moi"}),
    )
    assert unknown is not None
    assert self_ is not None
    assert [step.title for step in unknown.steps] == ["Toujours", "Pour un autre"]
    assert [step.title for step in self_.steps] == ["Toujours"]


def test_pieces_are_gathered_from_the_lineage_in_the_situation(small: KnowledgeBase) -> None:
    answer = small.answer("pieces/enfant", {"pour_qui": "autrui"})
    assert answer is not None
    assert [item.label for item in answer.items] == ["Mandat", "Identité"]
    assert [piece.id for piece in small.pieces("enfant", {"pour_qui": "moi"})] == ["identite"]


def test_citations_name_each_passage_once(small: KnowledgeBase) -> None:
    answer = small.answer("etapes/enfant", {"pour_qui": "autrui"})
    assert answer is not None
    assert [(c.document, c.title, c.section, c.period) for c in answer.citations] == [
        ("guide.txt", "Le guide", "La suite", "2018")
    ]
    cited = small.citations(["guide/suite", "guide/debut", "guide/suite"])
    assert [citation.section for citation in cited] == ["La suite", "Le début"]


def test_every_topic_of_the_real_base_is_answered_with_its_sources(base: KnowledgeBase) -> None:
    for subject, entry in base.sheets.items():
        for name in base.facets_of(subject):
            answer = base.answer(f"{name}/{subject}")
            assert answer is not None
            assert answer.text, f"{name}/{subject}"
            assert answer.citations, f"{name}/{subject}"
            label = entry.label[0].upper() + entry.label[1:]
            assert base.title_of(f"{name}/{subject}").startswith(f"{label} : ")


def test_the_confidential_code_follows_the_account_and_the_person(base: KnowledgeBase) -> None:
    asked = {
        (account, person): "Code confidentiel"
        in {
            item.label
            for item in base.answer(
                "elements/duplicata", {"compte": account, "pour_qui": person}
            ).items  # type: ignore[union-attr]
        }
        for account in ("classique", "certifie")
        for person in ("moi", "autrui")
    }
    assert asked == {
        ("classique", "moi"): True,
        ("classique", "autrui"): True,
        ("certifie", "moi"): False,
        ("certifie", "autrui"): True,
    }


def test_the_mandate_is_inherited_by_complementary_requests(base: KnowledgeBase) -> None:
    other = {piece.label for piece in base.pieces("vehicule_neuf", {"pour_qui": "autrui"})}
    self_ = {piece.label for piece in base.pieces("vehicule_neuf", {"pour_qui": "moi"})}
    assert any("13757" in label for label in other)
    assert not any("13757" in label for label in self_)
    assert any("13749" in label for label in self_)
