"""Whether a proposal may be applied: its form, the sheets' own check, and the examples.

Run in a copy of the files that it changes: nothing of the guide in use is touched.
"""

import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from rapidfuzz import fuzz, process

from channels.desk.guide.anonymous import anonymous
from channels.desk.guide.changes import Change, Draft
from knowledge.check import check
from knowledge.sheets_reader import SheetError, read

SHEETS, DOCUMENTS = Path("knowledge/sheets"), Path("knowledge/documents.yml")
TRAINING, EVALUATION = Path("bot/data"), Path("tests/evaluation")
LONGEST_SHEET = 60_000
SHORTEST_SENTENCE = 5  # words; shorter messages (« merci ») are everybody's
SAME_QUESTION = 92.0
# What masking left in a question that was really asked: nothing to learn from.
_PLACEHOLDER = re.compile(r"\((?:nom|adresse|adresse électronique|téléphone|plaque|numéro|date)\)")
# Phrases to look up, not sentences to learn.
_LOOKUPS = "details.yml"


def problems(draft: Draft, changes: Sequence[Change], root: Path) -> list[str]:
    """What must be corrected, in French, before the proposal can be tried; empty when nothing."""
    if not changes:
        return ["Cette proposition ne change rien : tout est déjà dans le guide."]
    found = [*_unsafe(draft)]
    if found:
        return found
    found += _personal(draft)
    found += _evaluated(draft, root / EVALUATION)
    found += _elsewhere(draft, root / TRAINING)
    return found + _sheets(changes, root)


def write(changes: Sequence[Change], root: Path) -> None:
    """Write the changed files under a root, which must be a copy."""
    for change in changes:
        path = root / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")


def _unsafe(draft: Draft) -> Iterator[str]:
    """A sheet is plain data: no anchors, whose expansion has no limit, and no huge file."""
    if draft.content is None:
        return
    if len(draft.content) > LONGEST_SHEET:
        yield f"La fiche dépasse {LONGEST_SHEET} caractères."
        return
    try:
        events = list(yaml.parse(draft.content, Loader=yaml.SafeLoader))
    except yaml.YAMLError as error:
        yield f"La fiche n'est pas du YAML lisible : {_where(error)}"
        return
    if any(
        isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) for event in events
    ):
        yield "Une fiche n'a ni ancre ni alias YAML (& et *)."


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "erreur"
    return f"ligne {mark.line + 1}, {problem}" if mark is not None else str(problem)


def _personal(draft: Draft) -> Iterator[str]:
    for text in _all(draft):
        if anonymous(text) != text or _PLACEHOLDER.search(text):
            yield f"Cet exemple contient, ou contenait, une donnée personnelle : « {text} »."


def _evaluated(draft: Draft, folder: Path) -> Iterator[str]:
    """The questions that measure the guide must not teach it."""
    evaluated = [plain(text) for text in _questions(folder)]
    kept = [text for text in evaluated if len(text.split()) >= SHORTEST_SENTENCE]
    for text in _all(draft):
        normal = plain(text)
        if len(normal.split()) < SHORTEST_SENTENCE:
            continue
        same = process.extractOne(normal, kept, scorer=fuzz.ratio, score_cutoff=SAME_QUESTION)
        if same is not None:
            yield (
                "Cet exemple est une question du jeu d'évaluation, qui doit rester à part : "
                f"« {text} »."
            )


def _elsewhere(draft: Draft, folder: Path) -> Iterator[str]:
    """The same sentence can't teach two topics."""
    taught: dict[str, str] = {}
    for path in sorted(folder.rglob("*.yml")):
        if path.name != _LOOKUPS:
            taught |= _taught(path.read_text(encoding="utf-8"))
    own: dict[str, str] = {}
    for topic, examples in draft.examples.items():
        for text in examples:
            normal = plain(text)
            other = taught.get(normal, own.get(normal, topic))
            own[normal] = topic
            if other != topic:
                yield f"« {text} » est déjà un exemple d'un autre sujet, « {other} »."


def _taught(text: str) -> dict[str, str]:
    """The topic of every example of a file of training data."""
    found, topic = dict[str, str](), ""
    for line in text.splitlines():
        if line.startswith("- "):
            topic = line.removeprefix("- intent:").strip() if "intent:" in line else ""
        elif topic and line.startswith("    - "):
            found[plain(line.removeprefix("    - "))] = topic
    return found


def _sheets(changes: Sequence[Change], root: Path) -> list[str]:
    with TemporaryDirectory(prefix="repere-check-") as made:
        copy = Path(made)
        for part in (SHEETS, TRAINING):
            shutil.copytree(root / part, copy / part)
        shutil.copyfile(root / DOCUMENTS, copy / DOCUMENTS)
        write(changes, copy)
        try:
            contents = read(copy / SHEETS, copy / DOCUMENTS)
            told = check(contents, training=copy / TRAINING).problems
        except SheetError as error:
            told = error.problems
        return [problem.replace(f"{made}/", "") for problem in told]


def _all(draft: Draft) -> Iterator[str]:
    for examples in draft.examples.values():
        yield from examples


def _questions(folder: Path) -> Iterator[str]:
    for path in sorted((folder / "questions").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield str(entry["question"])
    for path in sorted((folder / "dialogues").glob("*.yml")):
        for dialogue in yaml.safe_load(path.read_text(encoding="utf-8")):
            turns: list[Mapping[str, Any]] = dialogue["turns"]
            yield from (str(turn["user"]) for turn in turns)


def plain(text: str) -> str:
    """The words alone, without case or accents."""
    text = text.lower().replace("œ", "oe")
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare))
