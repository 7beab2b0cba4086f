"""``repere knowledge`` as it is typed: messages in French, exit codes, JSON."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from repere.knowledge_commands import knowledge_app

runner = CliRunner()


@pytest.fixture(autouse=True)
def _own_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPERE_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("REPERE_DATABASE_URL", "")


def test_the_base_is_built_once() -> None:
    assert "La base est construite." in runner.invoke(knowledge_app, ["build"]).stdout
    assert "La base est déjà à jour." in runner.invoke(knowledge_app, ["build"]).stdout


def test_a_document_is_imported_then_found(tmp_path: Path) -> None:
    path = tmp_path / "guide.txt"
    path.write_text("LE MACARON\n\nLe macaron de stationnement coûte trente euros.", "utf-8")
    imported = runner.invoke(knowledge_app, ["import", str(path)])
    assert imported.exit_code == 0
    assert "1 passage ajouté." in imported.stdout
    assert "aucune fiche ne les couvre encore" in imported.stdout
    assert "rien n'a changé" in runner.invoke(knowledge_app, ["import", str(path)]).stdout
    assert "guide.txt" in runner.invoke(knowledge_app, ["uncovered"]).stdout
    found = runner.invoke(knowledge_app, ["search", "macaron", "--json"])
    (result,) = json.loads(found.stdout)
    assert result["kind"] == "passage"
    assert result["sources"][0]["document"] == "guide.txt"
    shown = runner.invoke(knowledge_app, ["search", "prix", "du", "macaron"])
    assert "Source : LE MACARON (guide.txt, importé le" in shown.stdout


def test_a_refused_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "vide.txt").touch()
    (tmp_path / "guide.txt").write_text("Le macaron de stationnement coûte trente euros.", "utf-8")
    paths = [str(tmp_path / "vide.txt"), str(tmp_path / "guide.txt")]
    result = runner.invoke(knowledge_app, ["import", *paths])
    assert result.exit_code == 1
    assert "vide.txt : refusé. Le fichier est vide." in result.stderr
    assert "guide.txt : " in result.stdout


def test_sheets_are_found_with_their_sources() -> None:
    result = runner.invoke(knowledge_app, ["search", "code de cession", "--json", "--most", "2"])
    assert result.exit_code == 0
    results = json.loads(result.stdout)
    assert len(results) == 2
    assert results[0]["topic"].endswith("/code_cession")
    assert results[0]["sources"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["import"], "Indiquez au moins un fichier"),
        (["import", "absent.txt"], "Fichier introuvable : absent.txt"),
        (["search"], "Indiquez ce que vous cherchez"),
        (["check", "--documents", "absent"], "n'existe pas"),
    ],
)
def test_bad_usage_is_explained(arguments: list[str], message: str) -> None:
    result = runner.invoke(knowledge_app, arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_problems_are_listed_and_counted(tmp_path: Path) -> None:
    training = tmp_path / "nlu"
    training.mkdir()
    (training / "nlu.yml").write_text(
        "nlu:\n- intent: etapes/rien\n  examples: |\n    - a\n", "utf-8"
    )
    result = runner.invoke(knowledge_app, ["check", "--training", str(training)])
    assert result.exit_code == 1
    assert "training/etapes/rien: nothing answers this intent" in result.stderr
    assert "problèmes trouvés." in result.stderr
    assert "median" in result.stdout
