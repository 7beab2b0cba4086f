"""Checking that the training data and the sheets speak of the same topics."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from knowledge.query import KnowledgeBase, split_topic
from knowledge.sheets_reader import Contents

FEWEST_A_FACET = 40
FEWEST_A_SUBJECT = 25
# Intents that have no subject in the sheets.
TALK = frozenset(
    {"saluer", "remercier", "au_revoir", "aide", "humain", "repeter", "reformuler", "recommencer"}
    | {"oui", "non", "identite", "donnees", "insulte", "charabia", "injection", "autre_langue"}
    | {"detresse", "compliment", "plainte_bot", "reprendre_dossier", "relance", "sans_rapport"}
)
OUTSIDE = "hors"
OF_A_SHEET = frozenset({"relance", "demarrer"})


@dataclass
class Training:
    problems: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


def check(contents: Contents, folder: Path) -> Training:
    """Compare the intents of Rasa's training data with the sheets."""
    examples = count_examples(folder)
    training = Training()
    if not examples:
        training.problems.append(f"{folder}: no training data")
        return training
    base = KnowledgeBase(contents)
    training.problems += _unknown_topics(base, examples)
    training.problems += _untrained_topics(base, examples)
    training.problems += _few_examples(base, examples)
    training.figures.append(f"{sum(examples.values())} examples of {len(examples)} intents")
    return training


def count_examples(folder: Path) -> Counter[str]:
    """The number of examples of each intent (facet/subject) of the folder's files."""
    counts: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in (data or {}).get("nlu") or []:
            if "intent" in entry:
                lines = str(entry.get("examples", "")).splitlines()
                counts[entry["intent"]] += sum(line.startswith("- ") for line in lines)
    return counts


def _unknown_topics(base: KnowledgeBase, examples: Counter[str]) -> Iterator[str]:
    for intent in sorted(examples):
        facet, subject = split_topic(intent)
        if facet in base.facets:
            known = base.covers(intent) or subject in base.clarifications
        elif facet == OUTSIDE:
            known = subject in base.outsides
        elif facet in OF_A_SHEET and subject:
            known = subject in base.sheets
        else:
            known = facet in TALK
        if not known:
            yield f"training/{intent}: nothing answers this intent"


def _untrained_topics(base: KnowledgeBase, examples: Counter[str]) -> Iterator[str]:
    for sheet in base.sheets.values():
        for facet in sheet.facets:
            if not examples[f"{facet}/{sheet.id}"]:
                yield f"training/{facet}/{sheet.id}: no examples"
    for outside in base.outsides:
        if not examples[f"{OUTSIDE}/{outside}"]:
            yield f"training/{OUTSIDE}/{outside}: no examples"


def _few_examples(base: KnowledgeBase, examples: Counter[str]) -> Iterator[str]:
    of_facets: Counter[str] = Counter()
    of_subjects: Counter[str] = Counter()
    for intent, count in examples.items():
        facet, subject = split_topic(intent)
        if facet in base.facets:
            of_facets[facet] += count
            of_subjects[subject] += count
    for facet in base.facets:
        if of_facets[facet] < FEWEST_A_FACET:
            yield f"training/{facet}: {of_facets[facet]} examples, at least {FEWEST_A_FACET}"
    for subject in base.sheets:
        if of_subjects[subject] < FEWEST_A_SUBJECT:
            counted = f"{of_subjects[subject]} examples, at least {FEWEST_A_SUBJECT}"
            yield f"training/{subject}: {counted} over all its facets"
