"""The layout: packages import one way, Rasa stays in its rooms, products need no tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from repere.settings import ROOT

# Each may import those that come before it.
ORDER = (
    "french", "knowledge", "dossiers", "bot.messages", "bot.book", "bot.heard", "bot.questions",
    "bot.dialogue", "bot.actions", "channels", "repere",
)  # fmt: skip
ENGINE = ("bot.nlu", "bot.engine")
OURS = (*ORDER, *ENGINE, "bot.encoder", "bench", "tests")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, f"{path}: a relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(module: str, parts: tuple[str, ...]) -> str | None:
    return next((part for part in parts if f"{module}.".startswith(f"{part}.")), None)


def files(package: str) -> list[Path]:
    folder = ROOT / package.replace(".", "/")
    found = folder.rglob("*.py") if folder.is_dir() else [folder.with_suffix(".py")]
    return [path for path in found if ".venv" not in path.parts]


@pytest.mark.parametrize("package", [*ORDER, *ENGINE])
def test_imports_run_one_way(package: str) -> None:
    allowed = ENGINE if package in ENGINE else ORDER[: ORDER.index(package) + 1]
    assert files(package)
    for path in files(package):
        for module in imported(path):
            assert part_of(module, OURS) in (None, *allowed), f"{path} imports {module}"
            assert package in ENGINE or part_of(module, ("rasa",)) is None, f"{path}: {module}"
