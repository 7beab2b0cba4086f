"""Two whole trainings that must predict the same: ``make reproducible`` (docs/nlu.md).

The first is the one that is served. The second has its files renamed and their examples shuffled,
one thread, and the arithmetic of an older processor. Takes two trainings, the second a slow one.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import yaml

from repere.settings import ROOT
from repere.training import ENGINE_PYTHON, engine_environment, fingerprint

DATA = ROOT / "bot" / "data"
# Without the instructions that multiply and add at once, which round otherwise.
OLDER = {
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Sandybridge",
    "BLIS_ARCH_TYPE": "sandybridge",
    "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3",
}


def shuffled(target: Path, random: Random) -> None:
    """The training data in another order: of files, of blocks, of lines."""
    paths = sorted(DATA.rglob("*.yml"))
    names = random.sample(range(len(paths)), len(paths))
    for path, name in zip(paths, names, strict=True):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for block in content.get("nlu", ()):
            block["examples"] = _shuffled_lines(block["examples"], random)
        random.shuffle(content.get("nlu", []))
        text = yaml.safe_dump(content, allow_unicode=True)
        (target / f"{name:03}.yml").write_text(text, encoding="utf-8")


def _shuffled_lines(examples: str, random: Random) -> str:
    lines = examples.splitlines()
    random.shuffle(lines)
    return "\n".join(lines) + "\n"


def train(target: Path, data: Path, environment: dict[str, Any]) -> str:
    """Train on ``data``; the model's fingerprint."""
    done = subprocess.run(
        [str(ENGINE_PYTHON), "-m", "bot.engine.train", str(target), str(data)],
        cwd=ROOT,
        env=engine_environment() | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    return fingerprint(target)


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        data = folder / "data"
        data.mkdir()
        shuffled(data, Random(1))  # noqa: S311
        first = train(folder / "first.tar.gz", DATA, {})
        print(f"served:   {first}", flush=True)
        second = train(folder / "second.tar.gz", data, OLDER)
        print(f"shuffled: {second}")
    sys.exit(first != second)


if __name__ == "__main__":
    main()
