"""The check passes on the real base, and finds each kind of fault put in a small one."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from sample_files import DOCUMENT, facet, sheet, small_base

from knowledge.check import Report, check
from knowledge.check_documents import line_numbers, plain, stands_in
from knowledge.sheets_reader import Contents, SheetError, read

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
TEXT = "PREMIERS PAS\nCliquez sur « **Mon\u00a0Espace** ».\n\nPayez par carte."

needs_seeds = pytest.mark.skipif(
    not SEEDS.is_dir(), reason=f"the source documents are not in {SEEDS}"
)


def test_the_sheets_are_sound(contents: Contents) -> None:
    report = check(contents)
    assert report.problems == []
    assert any("median" in figure for figure in report.figures)


def test_every_topic_has_its_training_data(contents: Contents) -> None:
    assert check(contents, training=ROOT / "bot" / "data").problems == []


@needs_seeds
def test_the_sheets_trace_back_to_the_documents(contents: Contents) -> None:
    assert len(contents.documents) == 5
    assert check(contents, documents=SEEDS).problems == []


@needs_seeds
def test_a_label_that_no_document_shows_is_found(contents: Contents) -> None:
    changed = contents.sheets[0].model_copy(deep=True)
    name = next(iter(changed.facets))
    invented = changed.facets[name].model_copy(update={"text": "Cliquez sur « Tout annuler »."})
    changed.facets[name] = invented
    others = Contents(**(vars(contents) | {"sheets": [changed, *contents.sheets[1:]]}))
    problems = check(others, documents=SEEDS).problems
    assert any("« Tout annuler » is not in" in problem for problem in problems)


@needs_seeds
def test_a_label_that_a_flow_invents_is_found(contents: Contents) -> None:
    place, sheet = next((n, s) for n, s in enumerate(contents.sheets) if s.flow is not None)
    changed = sheet.model_copy(deep=True)
    assert changed.flow is not None
    click = changed.flow.clicks[0].model_copy(update={"text": "Cliquez sur « Tout annuler »."})
    changed.flow.clicks[0] = click
    sheets = [*contents.sheets[:place], changed, *contents.sheets[place + 1 :]]
    problems = check(Contents(**(vars(contents) | {"sheets": sheets})), documents=SEEDS).problems
    assert any("« Tout annuler » is not in" in problem for problem in problems)


def _found(report: Report, words: str) -> bool:
    return any(words in problem for problem in report.problems)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"parent": "absent"}, "unknown parent « absent »"),
        ({"parent": "duplicata"}, "its parents form a cycle"),
        ({"related": ["etapes/absent"]}, "related: no sheet covers « etapes/absent »"),
        ({"facets": {"prix": facet()}}, "unknown facet « prix »"),
        ({"facets": {"etapes": facet(sources=["guide/absent"])}}, "no section « guide/absent »"),
        ({"facets": {"etapes": facet(refine=["age"])}}, "refine: unknown « age »"),
        ({"facets": {"etapes": facet("Trop long. " * 100)}}, "at most 1000"),
        (
            {"facets": {"etapes": facet(variants=[{"when": {"age": "3"}, "text": "Oui."}])}},
            "« age » is neither a detail",
        ),
        (
            {"facets": {"etapes": facet(variants=[{"when": {"pour_qui": "lui"}, "text": "Oui."}])}},
            "« pour_qui » is never « lui »",
        ),
        (
            {"examples": [{"facet": "etapes", "includes": ["Absent"]}]},
            "« Absent » is missing",
        ),
        (
            {"examples": [{"facet": "etapes", "excludes": ["Mon Espace"]}]},
            "« Mon Espace » should not be there",
        ),
        ({"examples": [{"facet": "qui"}]}, "no facet « qui »"),
        (
            {"facets": {"etapes": facet(notes=[
                {"kind": "today", "text": "Cliquez sur « Ici ».", "page": {"site": "ants"}}
            ])}},
            "quotes « Ici » without a document",
        ),
    ],
)  # fmt: skip
def test_a_fault_of_a_sheet_is_found(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    report = check(small_base(tmp_path, sheet(**changes)))
    assert _found(report, words), report.problems


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"hors": [{"id": "cout", "label": "du prix", "near": ["qui/duplicata"]}]}, "near"),
        ({"hors": [{"id": "cout", "label": "du « prix »"}]}, "quotes « prix »"),
        ({"hors": [{"id": "cout", "label": "du prix", "answer_near": True}]}, "answer_near"),
        ({"hors": [{"id": "duplicata", "label": "du prix"}]}, "2 times as subject"),
        (
            {"clarifications": [{"id": "inconnu", "text": "Quoi ?", "choices": [
                {"label": "A", "topic": "*/absent"}, {"label": "B", "topic": "*/duplicata"}]}]},
            "no sheet covers « */absent »",
        ),
    ],
)  # fmt: skip
def test_a_fault_beside_the_sheets_is_found(
    tmp_path: Path, others: dict[str, Any], words: str
) -> None:
    assert _found(check(small_base(tmp_path, sheet(), **others)), words)


def test_a_field_given_in_an_example_is_declared(tmp_path: Path) -> None:
    by_age = facet(variants=[{"when": {"age": "mineur"}, "text": "Avec un parent."}])
    examples = [{"facet": "etapes", "situation": {"age": "mineur"}, "includes": ["parent"]}]
    report = check(small_base(tmp_path, sheet(facets={"etapes": by_age}, examples=examples)))
    assert report.problems == []


def test_a_cycle_of_several_sheets_is_found_without_being_followed(tmp_path: Path) -> None:
    report = check(small_base(tmp_path, sheet("a", parent="b"), sheet("b", parent="a")))
    assert len(report.problems) == 2


def test_training_data_and_sheets_are_compared(tmp_path: Path) -> None:
    training = tmp_path / "nlu"
    training.mkdir()
    (training / "nlu.yml").write_text(
        "nlu:\n- intent: etapes/inventee\n  examples: |\n    - comment faire\n"
        "- intent: saluer\n  examples: |\n    - bonjour\n",
        encoding="utf-8",
    )
    report = check(small_base(tmp_path, sheet()), training=training)
    assert _found(report, "training/etapes/inventee: nothing answers this intent")
    assert _found(report, "training/etapes/duplicata: no examples")
    assert _found(report, "training/etapes: 1 examples, at least 40")
    assert _found(report, "training/duplicata: 0 examples, at least 25")
    assert not _found(report, "saluer")


def _documents(tmp_path: Path, **changes: Any) -> tuple[dict[str, Any], Path]:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "guide.txt").write_text(TEXT, encoding="utf-8")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    return DOCUMENT | {"sha256": digest} | changes, folder


def test_a_base_that_uses_its_whole_document_passes(tmp_path: Path) -> None:
    document, folder = _documents(tmp_path)
    contents = small_base(tmp_path, sheet(), document=document)
    assert check(contents, documents=folder).problems == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sha256": "0" * 64}, "sha256"),
        ({"file": "absent.txt"}, "is not there"),
        ({"sections": [{"id": "debut", "title": "D", "lines": "1-2"},
                       {"id": "suite", "title": "S", "lines": "3"}]}, "line 4 is in no section"),
        ({"sections": [{"id": "debut", "title": "D", "lines": "1-4"},
                       {"id": "suite", "title": "S", "lines": "4"}]}, "line 4 is in 2 sections"),
        ({"sections": [{"id": "debut", "title": "D", "lines": "1-2"},
                       {"id": "suite", "title": "S", "lines": "4-9"}]}, "there is no line 9"),
        ({"ignored": [{"lines": "3", "reason": " "}]}, "ignored without a reason"),
        ({"sections": [{"id": "debut", "title": "D", "lines": "1"},
                       {"id": "suite", "title": "S", "lines": "2"},
                       {"id": "fin", "title": "F", "lines": "4"}]}, "no sheet cites « guide/fin »"),
    ],
)  # fmt: skip
def test_a_fault_of_a_document_is_found(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    document, folder = _documents(tmp_path, **changes)
    report = check(small_base(tmp_path, sheet(), document=document), documents=folder)
    assert _found(report, words), report.problems


@needs_seeds
def test_a_passage_cited_without_its_copy_is_found(contents: Contents) -> None:
    changed = next(entry for entry in contents.sheets if entry.id == "duplicata").model_copy(
        deep=True
    )
    alone = changed.facets["fin"].model_copy(update={"sources": ["duplicata/fin"]})
    changed.facets["fin"] = alone
    sheets = [changed if entry.id == "duplicata" else entry for entry in contents.sheets]
    problems = check(Contents(**(vars(contents) | {"sheets": sheets})), documents=SEEDS).problems
    assert any("« duplicata/fin » goes with" in problem for problem in problems)


@pytest.mark.parametrize(
    ("label", "document", "expected"),
    [
        ("Cliquer ici pour enregistrer", "« Cliquer ici pour\nenregistrer »", True),
        ("Je m’identifie", "[**Je m'identifie**]", True),
        ("Récapitulatif", "<b>RECAPITULATIF</b><sup>3</sup>", True),
        ("Conditions légales d’utilisation", "conditions Iégales d'utilisation", True),
        ("Ok", "cliquez sur « Ok ».", True),
        ("Ok", "un compte bloké", False),
        ("+", "en cliquant sur « + » .", True),
        ("Annuler ma demande", "Ajouter une demande", False),
    ],
)  # fmt: skip
def test_a_label_is_found_whatever_the_document_suffered(
    label: str, document: str, expected: bool
) -> None:
    assert stands_in(label, plain(document)) is expected


def test_line_ranges_are_read() -> None:
    assert line_numbers("1-3,7,9-10") == [1, 2, 3, 7, 9, 10]


def test_files_that_are_not_of_the_schema_are_all_listed(tmp_path: Path) -> None:
    broken = sheet("a") | {"couleur": "bleu"}
    with pytest.raises(SheetError) as caught:
        small_base(tmp_path, broken, sheet("b") | {"kind": "autre"})
    assert len(caught.value.problems) == 2
    (tmp_path / "sheets" / "c.yml").write_text("id: [", encoding="utf-8")
    with pytest.raises(SheetError):
        read(tmp_path / "sheets", tmp_path / "documents.yml")
