"""Searching: sheets above imported passages, each thing once, passages with their source."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge import search, store
from knowledge.importer import import_file
from knowledge.query import Citation, KnowledgeBase
from knowledge.search import SearchIndex, analyse


@pytest.fixture(scope="module")
def index(base: KnowledgeBase) -> SearchIndex:
    return SearchIndex(base)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("où trouver le code de cession", "code_cession"),
        ("certificat provisoire durée de validité", "cpi"),
        ("créer un compte ameli", "fc_ameli"),
        ("photo d'identité numérique pour le permis", "permis_photo"),
        ("ma demande est rejetée", "statut_rejetee"),
    ],
)
def test_the_sheet_that_answers_is_found(index: SearchIndex, question: str, subject: str) -> None:
    found = [hit.topic.partition("/")[2] for hit in index.find(question) if hit.topic]
    assert subject in found[:3]


def test_accents_case_and_endings_do_not_matter() -> None:
    assert analyse("Périmées") == analyse("périmée")
    assert analyse("les CARTES grises") == analyse("carte grise")


def test_a_question_of_empty_or_unknown_words_finds_nothing(index: SearchIndex) -> None:
    assert index.find("") == []
    assert index.find("comment faire pour la") == []
    assert index.find("xyzzy abracadabra") == []


def test_the_share_tells_how_much_of_the_question_is_held(index: SearchIndex) -> None:
    known = index.find("code de cession")[0]
    partly = index.find("code de cession xyzzy abracadabra")[0]
    assert known.share == pytest.approx(1)
    assert partly.share < 0.5


def test_sheets_come_above_passages(base: KnowledgeBase) -> None:
    citation = Citation("guide.txt", "Code de cession", "Code de cession", "importé")
    hits = SearchIndex(base, [("Code de cession. " * 5, citation)]).find("code de cession")
    kinds = [hit.topic is None for hit in hits]
    assert kinds == sorted(kinds)
    assert kinds[0] is False


def test_an_imported_passage_is_found_at_once_and_quoted_with_its_source(
    database: Engine, tmp_path: Path
) -> None:
    store.build(database)
    text = (
        "LE MACARON RÉSIDENT\n\nLE TARIF ANNUEL\n\nLe macaron de stationnement coûte trente euros."
    )
    for name in ("guide.txt", "copie.txt"):
        (tmp_path / name).write_text(text + (" " * (name == "copie.txt")), encoding="utf-8")
        import_file(database, tmp_path / name)
    hits = search.index(store.load(database), database).find("tarif du macaron de stationnement")
    (passage,) = [hit for hit in hits if hit.topic is None]  # the copy is not there a second time
    assert "trente euros" in passage.text
    assert passage.citation is not None
    assert passage.citation.document == "guide.txt"
    assert "TARIF ANNUEL" in passage.citation.section
    assert passage.citation.period.startswith("importé le ")


def test_imported_passages_outlive_a_new_build(database: Engine, tmp_path: Path) -> None:
    store.build(database)
    (tmp_path / "guide.txt").write_text("Le macaron de stationnement coûte trente euros.", "utf-8")
    import_file(database, tmp_path / "guide.txt")
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    (sheets / "questions.yml").write_text("facets: []\n", encoding="utf-8")
    assert store.build(database, sheets)
    hits = search.index(store.load(database), database).find("macaron")
    assert [hit.topic for hit in hits] == [None]
