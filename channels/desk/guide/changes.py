"""From a proposal to the files that it changes, and to a patch that « git apply » takes."""

import difflib
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

# Questions really asked, attached to their topic from the desk: one file, written by machine.
RECEIVED = "bot/data/nlu/questions_recues.yml"
_HEADER = """version: "3.1"

# Questions that people really asked, attached to their topic at the desk (« Améliorer le guide »).
nlu:
"""
SHEET_PATH = re.compile(r"knowledge/sheets/(?:[a-z]+/)?[a-z0-9_]+\.yml")
TOPIC = re.compile(r"[a-z_]+(?:/[a-z0-9_]+)?")
LONGEST_EXAMPLE = 300
# Rasa reads [text](entity) in an example.
_MARKS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")"})


@dataclass(frozen=True)
class Change:
    """A file that changes, by its path from the root of the project; ``before`` None: new."""

    path: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Draft:
    """What an editor proposes: questions by topic, and a sheet's whole file."""

    examples: Mapping[str, Sequence[str]]
    path: str | None = None
    content: str | None = None


class DraftError(Exception):
    """What is proposed can't be made into files; ``reason`` is French."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def cleaned(lines: str) -> list[str]:
    """The examples typed, one a line, each once."""
    found: dict[str, None] = {}
    for line in lines.splitlines():
        text = " ".join(line.translate(_MARKS).split()).removeprefix("- ").strip()
        if text:
            found[text[:LONGEST_EXAMPLE]] = None
    return list(found)


def changes_of(draft: Draft, root: Path) -> list[Change]:
    """The files that the proposal changes, as the tree now is. Raises DraftError."""
    wanted: dict[str, str] = {}
    if draft.path is not None and draft.content is not None:
        if not SHEET_PATH.fullmatch(draft.path):
            raise DraftError("Le fichier d'une fiche est dans knowledge/sheets.")
        text = draft.content.replace("\r\n", "\n").strip("\n")
        wanted[draft.path] = f"{text}\n"
    if draft.examples:
        wanted[RECEIVED] = _with_examples(_read(root, RECEIVED), draft.examples)
    made = [Change(path, _read(root, path), after) for path, after in wanted.items()]
    return [change for change in made if change.before != change.after]


def patch(changes: Sequence[Change]) -> str:
    """The changes as a unified diff."""
    return "".join(_diff(change) for change in sorted(changes, key=lambda c: c.path))


def digest(draft: Draft, changes: Sequence[Change]) -> str:
    """Tells two contents of a proposal apart, and two states of the files that it changes."""
    told = [repr(sorted((t, list(e)) for t, e in draft.examples.items()))]
    told += [f"{c.path}\0{c.before}\0{c.after}" for c in changes]
    return hashlib.sha256("\1".join(told).encode()).hexdigest()


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def received(text: str | None) -> dict[str, list[str]]:
    """The examples of the file of received questions, by topic."""
    entries = (yaml.safe_load(text) or {}).get("nlu") or [] if text else []
    return {
        entry["intent"]: [line.removeprefix("- ") for line in entry["examples"].splitlines()]
        for entry in entries
    }


def _with_examples(text: str | None, added: Mapping[str, Sequence[str]]) -> str:
    kept = received(text)
    for topic, examples in added.items():
        if not TOPIC.fullmatch(topic):
            raise DraftError(f"« {topic} » n'est pas un sujet.")
        known = kept.setdefault(topic, [])
        known += [example for example in examples if example not in known]
    blocks = (
        f"- intent: {topic}\n  examples: |\n" + "".join(f"    - {line}\n" for line in lines)
        for topic, lines in sorted(kept.items())
    )
    return _HEADER + "".join(blocks)


def _read(root: Path, path: str) -> str | None:
    file = root / path
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _diff(change: Change) -> str:
    before = (change.before or "").splitlines(keepends=True)
    after = change.after.splitlines(keepends=True)
    new = change.before is None
    head = f"diff --git a/{change.path} b/{change.path}\n"
    if new:
        head += "new file mode 100644\n"
    origin = "/dev/null" if new else f"a/{change.path}"
    lines = difflib.unified_diff(before, after, origin, f"b/{change.path}")
    return head + "".join(_ended(line) for line in lines)


def _ended(line: str) -> str:
    """A last line without its end is told as git tells it."""
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
