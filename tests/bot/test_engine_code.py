"""The code that lives in Rasa's process, checked on its Python (engine_checks.py)."""

import subprocess

from repere.settings import ROOT
from repere.training import ENGINE_PYTHON, engine_environment


def test_engine_code() -> None:
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "unittest", "-v", "tests/bot/engine_checks.py"],
        cwd=ROOT,
        env=engine_environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-6000:]
