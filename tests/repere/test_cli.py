"""The ``repere`` command: questions asked from a terminal, and what is said when it is misused."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from repere.running import Running, free_port
from repere.settings import ROOT

Command = Callable[..., "subprocess.CompletedProcess[str]"]
LONG = 240


def _run(
    *arguments: str, typed: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "repere", *arguments],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": str(LONG), "NO_COLOR": "1"} | environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )


@pytest.fixture
def repere(running: Running) -> Command:
    """The command, where a Repère runs."""
    port = str(urlsplit(running.url).port)
    around = {"REPERE_PORT": port, "REPERE_VAR": str(running.var)}

    def run(*arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        return _run(*arguments, typed=typed, **around)

    return run


class TestAsk:
    def test_a_question(self, repere: Command) -> None:
        done = repere("ask", "Que veut dire CERT ?")
        assert done.returncode == 0
        assert "Centre d’Expertise et de Ressources Titres" in done.stdout
        assert "D'après" in done.stdout
        assert done.stderr == ""

    def test_as_json(self, repere: Command) -> None:
        done = repere("ask", "--json", "Que veut dire CERT ?")
        (line,) = done.stdout.splitlines()
        answered = json.loads(line)
        assert answered["question"] == "Que veut dire CERT ?"
        (message,) = answered["messages"]
        assert message["card"]["topic"] == "definition/cert"
        assert message["card"]["sources"]

    def test_a_file_of_questions(self, repere: Command, tmp_path: Path) -> None:
        file = tmp_path / "questions.txt"
        file.write_text("Que veut dire CPI ?\n\n  Que veut dire CLU ?  \n", encoding="utf-8")
        done = repere("ask", "--json", "--file", str(file))
        answered = [json.loads(line) for line in done.stdout.splitlines()]
        assert [one["question"] for one in answered] == [
            "Que veut dire CPI ?",
            "Que veut dire CLU ?",
        ]
        topics = [one["messages"][0]["card"]["topic"] for one in answered]
        assert topics == ["definition/cpi", "definition/clu"]

    def test_standard_input(self, repere: Command) -> None:
        done = repere("ask", "-", typed="Que veut dire CPI ?\nJe dois changer ma carte grise\n")
        assert done.returncode == 0
        assert "certificat provisoire" in done.stdout.lower()
        assert "→ J'ai déménagé" in done.stdout

    def test_a_question_too_long(self, repere: Command) -> None:
        done = repere("ask", "carte grise " * 60)
        assert done.returncode == 1
        assert "500 caractères" in done.stderr
        assert "Traceback" not in done.stderr


class TestMisuse:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["ask"], "Donnez une question"),
            (["ask", "Bonjour", "--file", "README.md"], "Donnez une question"),
            (["ask", "  "], "Aucune question"),
            (["ask", "-"], "Aucune question"),
            (["ask", "--file", "nulle/part.txt"], "nulle/part.txt"),
            (["demander"], "demander"),
            (["ask", "--xml", "Bonjour"], "--xml"),
        ],
    )
    def test_bad_usage(self, arguments: list[str], said: str) -> None:
        done = _run(*arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stdout == ""
        assert "Traceback" not in done.stderr

    def test_a_file_that_is_not_text(self, tmp_path: Path) -> None:
        file = tmp_path / "questions.txt"
        file.write_bytes("carte grise abîmée".encode("latin-1"))
        done = _run("ask", "--file", str(file))
        assert done.returncode == 1
        assert "UTF-8" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_wrong_setting(self) -> None:
        done = _run("ask", "Bonjour", REPERE_PORT="abc")
        assert done.returncode == 2
        assert "REPERE_PORT" in done.stderr
        assert "Traceback" not in done.stderr

    def test_help_names_the_commands(self) -> None:
        done = _run("--help")
        assert done.returncode == 0
        for command in ("serve", "train", "ask", "knowledge"):
            assert command in done.stdout


def test_the_start_warns_of_the_key_that_was_made(running: Running) -> None:
    assert f"Attention : la clef qui chiffre les dossiers est dans {running.var}" in running.log


def test_the_model_is_not_trained_again(running: Running) -> None:
    done = _run("train", REPERE_MODELS=str(ROOT / "var" / "models"), REPERE_VAR=str(running.var))
    assert done.returncode == 0
    assert "à jour" in done.stdout


def test_without_a_running_server(running: Running, tmp_path: Path) -> None:
    """It starts what it needs, says so apart from the answer, and leaves nothing running."""
    done = _run(
        "ask",
        "--json",
        "Que veut dire CPI ?",
        REPERE_PORT=str(free_port()),
        REPERE_VAR=str(tmp_path),
        REPERE_MODELS=str(ROOT / "var" / "models"),
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["messages"][0]["card"]["topic"] == "definition/cpi"
    assert "Démarrage de Repère" in done.stderr
