"""The sentence encoder, checked on the engine's Python (encoder_checks.py)."""

import hashlib
import subprocess

from repere.settings import ROOT
from repere.training import ENGINE_PYTHON, engine_environment


def test_encoder() -> None:
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "unittest", "-v", "tests/nlu/encoder_checks.py"],
        cwd=ROOT,
        env=engine_environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-6000:]


def test_the_files_are_those_that_training_wrote() -> None:
    """`make encoder` writes both and their hashes: one changed alone would go unnoticed."""
    lines = (ROOT / "bot/nlu/encoder.sha256").read_text(encoding="utf-8").splitlines()
    assert {line.split()[1] for line in lines} == {"encoder.onnx", "encoder_pieces.json.gz"}
    for line in lines:
        expected, name = line.split()
        assert hashlib.sha256((ROOT / "bot/nlu" / name).read_bytes()).hexdigest() == expected
