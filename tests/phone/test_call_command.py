"""`repere call`: a call from the terminal."""

import os
import subprocess
import sys

from repere.running import Running
from repere.settings import ROOT


def dial(typed: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "repere", "call", *options],
        input=typed,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | environment,
        timeout=120,
    )


def test_a_call_in_the_terminal(running: Running, token: str) -> None:
    port = running.url.rpartition(":")[2]
    typed = "j'ai perdu ma carte grise\n\n#*\nau revoir\njamais dit\n"
    done = dial(typed, REPERE_PORT=port, REPERE_PHONE_AUDIOCODES_TOKEN=token)
    assert done.returncode == 0, done.stderr
    assert "guide automatique" in done.stdout
    assert "Je ne vous ai pas entendu" in done.stdout
    assert done.stdout.count("Mon Espace") >= 2
    assert done.stdout.rstrip().endswith("(fin de l'appel)")


def test_the_end_of_the_input_hangs_up(running: Running, token: str) -> None:
    port = running.url.rpartition(":")[2]
    done = dial("", REPERE_PORT=port, REPERE_PHONE_AUDIOCODES_TOKEN=token)
    assert (done.returncode, done.stdout.rstrip()[-16:]) == (0, "(fin de l'appel)")


def test_a_repere_without_a_telephone_is_told_clearly(running: Running) -> None:
    port = running.url.rpartition(":")[2]
    done = dial("", REPERE_PORT=port, REPERE_PHONE_AUDIOCODES_TOKEN="")
    assert done.returncode == 1
    assert "REPERE_PHONE_AUDIOCODES_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_token_is_told_clearly(running: Running) -> None:
    port = running.url.rpartition(":")[2]
    done = dial("", REPERE_PORT=port, REPERE_PHONE_AUDIOCODES_TOKEN="wrong")
    assert done.returncode == 1
    assert "401" in done.stderr
    assert "Traceback" not in done.stderr
