"""`repere chat`: a conversation in the terminal, typed line by line."""

import os
import subprocess
import sys
from pathlib import Path

from repere import chatting
from repere.running import Running
from repere.settings import ROOT

WIDE = "300"
BEGIN = "je veux faire une demande de duplicata de carte grise avec vous"


def chat(running: Running, *lines: str) -> "subprocess.CompletedProcess[str]":
    """A conversation with the Repère of the tests; standard input ends after the lines."""
    around = {
        "REPERE_PORT": running.url.rpartition(":")[2],
        "REPERE_VAR": str(running.var),
        "COLUMNS": WIDE,
        "NO_COLOR": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", "repere", "chat"],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | around,
        timeout=120,
        check=False,
    )


def test_an_answer_with_its_steps_choices_and_sources(running: Running) -> None:
    done = chat(running, "J'ai perdu ma carte grise, que faire ?", ":q", "jamais dit")
    assert done.returncode == 0, done.stderr
    assert "repère > Bonjour" in done.stdout
    answer = done.stdout.split("vous > ")[1]
    assert "1. Connectez-vous" in answer
    assert "1 → Préparer cette démarche avec vous" in answer
    assert "D'après Téléprocédure : demande de duplicata" in answer
    assert done.stdout.rstrip().endswith("(fin de la conversation)")
    assert done.stdout.count("vous > ") == 2


def test_a_choice_is_taken_by_its_number_and_a_text_is_said(running: Running) -> None:
    done = chat(running, BEGIN, "1", "", "pour moi", "99")
    assert done.returncode == 0, done.stderr
    _, begun, chosen, silent, told, unknown, _ = done.stdout.split("vous > ")
    assert "• Numéro d’immatriculation" in begun
    assert "1 → Elle est perdue" in begun
    assert "Motif : Elle est perdue" in chosen
    assert silent == ""
    assert "Pour qui : Pour moi-même" in told
    assert "1 → Compte certifié" in told
    assert "compte" in unknown.lower()


def test_what_was_understood(running: Running) -> None:
    done = chat(running, ":n", "Que veut dire CERT ?", ":n", BEGIN, "perdue", ":n", "2", ":n")
    assert done.returncode == 0, done.stderr
    said = done.stdout.split("vous > ")
    assert "Rien n’a encore été dit." in said[1]
    assert "étape : idle" in said[3]
    assert "intention : definition 0," in said[3] or "intention : definition 1," in said[3]
    assert "sujets : definition/cert" in said[3]
    assert "actes : ask " in said[3]
    assert "étape : choice" in said[6]
    assert "intention : dans_demarche" in said[6]
    assert "actes : answer " in said[6]
    assert "étape : choice" in said[8]
    assert "intention : choisir" in said[8]


def test_a_refused_message_does_not_end_the_conversation(running: Running) -> None:
    done = chat(running, "carte grise " * 60, "bonjour")
    assert done.returncode == 0, done.stderr
    _, refused, greeted, _ = done.stdout.split("vous > ")
    assert "500 caractères" in refused
    assert "repère > Bonjour" in greeted


def test_an_engine_that_remembers_elsewhere_is_told(tmp_path: Path) -> None:
    (told,) = chatting.understood(tmp_path / "trackers.db", "c" * 32)
    assert "n’est pas ici" in told


def test_the_makefile_has_it() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\nshell: setup ##" in makefile
    assert ".venv/bin/repere chat" in makefile
