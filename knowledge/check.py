"""Checking the knowledge base: what the schema cannot see, as lines « path: message ».

Without the documents: references, topics, parents, fields of conditions, lengths, examples, and
the training data of the topics. With them (``check_documents``): that every passage is used, and
that every quoted label stands in a document that is cited.
"""

import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge import check_documents, check_training
from knowledge.conditions import CONNECTIVES, Condition, fields_of
from knowledge.query import Answer, KnowledgeBase, split_topic
from knowledge.schema import Example, Sheet
from knowledge.sheets_reader import SHEETS, Contents
from knowledge.statements import statements

LONGEST_ANSWER = 1000
MEDIAN_TARGET = 450
ANY_FACET = "*"
QUOTE = re.compile(r"«\s*([^«»]+?)\s*»|\[([^\[\]]+)\]")


@dataclass
class Report:
    """What a check found: problems, and figures worth reading even when there are none."""

    problems: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


def check(
    contents: Contents, *, training: Path | None = None, documents: Path | None = None
) -> Report:
    """Check the sheets; their training data and documents too when their folders are given."""
    report = Report()
    report.problems += _problems(contents, [_identifiers, _parents])
    if report.problems:
        # Nothing can be looked up safely in such a base.
        return report
    report.problems += _problems(
        contents, [_sources, _topics, _facet_names, _fields, _bare_quotes, _lengths, _examples]
    )
    report.figures += _length_figures(contents)
    if training is not None:
        found = check_training.check(contents, training)
        report.problems += found.problems
        report.figures += found.figures
    if documents is not None:
        report.problems += check_documents.check(contents, documents, quotes, where)
    return report


def where(contents: Contents, sheet: Sheet) -> str:
    """How problems name a sheet: its file when it has one."""
    path = contents.paths.get(sheet.id)
    if path is None:
        return sheet.id
    root = SHEETS.parent.parent
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def quotes(text: str) -> list[str]:
    """The labels that a text quotes: « … » and [ … ]."""
    return [(match[1] or match[2]).strip() for match in QUOTE.finditer(text)]


def rendered(answer: Answer) -> str:
    """Everything that people read of an answer, in one text."""
    parts = [answer.text]
    parts += [f"{step.title}\n{step.text}" for step in answer.steps]
    parts += [f"{item.label}\n{item.note}" for item in answer.items]
    parts += [note.text for note in answer.notes]
    return _even("\n".join(parts))


def example_problems(base: KnowledgeBase, sheet: Sheet, example: Example) -> list[str]:
    """What an example of a sheet expects and does not get."""
    answer = base.answer(f"{example.facet}/{sheet.id}", example.situation)
    if answer is None:
        return [f"no facet « {example.facet} »"]
    text, named = rendered(answer), f"example {example.facet} {example.situation or ''}".strip()
    missing = [s for s in example.includes if _even(s) not in text]
    unwanted = [s for s in example.excludes if _even(s) in text]
    return [f"{named}: « {s} » is missing" for s in missing] + [
        f"{named}: « {s} » should not be there" for s in unwanted
    ]


type Rule = Callable[[Contents], Iterable[str]]


def _problems(contents: Contents, rules: list[Rule]) -> list[str]:
    return [problem for rule in rules for problem in rule(contents)]


def _identifiers(contents: Contents) -> Iterator[str]:
    subjects = [sheet.id for sheet in contents.sheets]
    subjects += [outside.id for outside in contents.outsides]
    subjects += [clarification.id for clarification in contents.clarifications]
    sections = [f"{d.id}/{s.id}" for d in contents.documents for s in d.sections]
    groups = {
        "subject": subjects,
        "facet": [entry.id for entry in contents.facets],
        "situation": [entry.id for entry in contents.situation],
        "section": sections,
    }
    for kind, names in groups.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield f"{name}: {count} times as {kind}"
    for identifier, path in contents.paths.items():
        if path.stem != identifier:
            yield f"{path}: the file of the sheet « {identifier} » bears its name"


def _parents(contents: Contents) -> Iterator[str]:
    parents = {sheet.id: sheet.parent for sheet in contents.sheets}
    for sheet in contents.sheets:
        seen, current = {sheet.id}, sheet.parent
        while current is not None:
            if current not in parents:
                yield f"{where(contents, sheet)}: unknown parent « {current} »"
                break
            if current in seen:
                yield f"{where(contents, sheet)}: its parents form a cycle"
                break
            seen.add(current)
            current = parents[current]


def _sources(contents: Contents) -> Iterator[str]:
    known = {f"{d.id}/{s.id}" for d in contents.documents for s in d.sections}
    for sheet in contents.sheets:
        for statement in statements(sheet):
            for source in statement.named:
                if source not in known:
                    yield f"{where(contents, sheet)}: {statement.where}: no section « {source} »"


def _topics(contents: Contents) -> Iterator[str]:
    base = KnowledgeBase(contents)
    for sheet in contents.sheets:
        for topic in sheet.related:
            if not base.covers(topic):
                yield f"{where(contents, sheet)}: related: no sheet covers « {topic} »"
    for outside in contents.outsides:
        for topic in outside.near:
            if not base.covers(topic):
                yield f"hors/{outside.id}: near: no sheet covers « {topic} »"
        if outside.answer_near and not outside.near:
            yield f"hors/{outside.id}: answer_near needs a topic in near"
    for clarification in contents.clarifications:
        for choice in clarification.choices:
            facet, subject = split_topic(choice.topic)
            known = subject in base.sheets if facet == ANY_FACET else base.covers(choice.topic)
            outside_too = facet == "hors" and subject in base.outsides
            if not known and not outside_too:
                yield f"clarifications/{clarification.id}: no sheet covers « {choice.topic} »"


def _facet_names(contents: Contents) -> Iterator[str]:
    known = {entry.id for entry in contents.facets}
    for sheet in contents.sheets:
        for name in sheet.facets:
            if name not in known:
                yield f"{where(contents, sheet)}: unknown facet « {name} »"
        if sheet.aspect is not None and sheet.aspect not in known:
            yield f"{where(contents, sheet)}: aspect: unknown facet « {sheet.aspect} »"


def _fields(contents: Contents) -> Iterator[str]:
    """Conditions read known details; a sheet declares others in its examples and its flow."""
    values = {entry.id: set(entry.values) for entry in contents.situation}
    base = KnowledgeBase(contents)
    for sheet in contents.sheets:
        declared = {
            name
            for relative in base.lineage(sheet.id)
            for example in relative.examples
            for name in example.situation
        }
        asked = _asked(base, sheet)
        for place, condition in _conditions(sheet):
            line = f"{where(contents, sheet)}: {place}"
            for name in sorted(fields_of(condition) - set(values) - declared - set(asked)):
                yield f"{line}: « {name} » is neither a detail of questions.yml nor in an example"
            for name, wanted in _values_of(condition):
                if name in values and wanted not in values[name] | asked.get(name, set()):
                    yield f"{line}: « {name} » is never « {wanted} »"
        for slot, answer in sheet.implies.items():
            if answer not in asked.get(slot, set()):
                yield f"{where(contents, sheet)}: implies: « {slot} » cannot be « {answer} »"
        for name, facet in sheet.facets.items():
            for detail in facet.refine:
                if detail not in values:
                    yield f"{where(contents, sheet)}: facets.{name}.refine: unknown « {detail} »"


def _asked(base: KnowledgeBase, sheet: Sheet) -> dict[str, set[str]]:
    """The fields that a sheet's flow asks, with the values of those that have choices."""
    flow = next((kin.flow for kin in base.lineage(sheet.id) if kin.flow is not None), None)
    fields = flow.fields if flow is not None else []
    return {field.id: {choice.value for choice in field.choices} for field in fields}


def _conditions(sheet: Sheet) -> Iterator[tuple[str, Condition]]:
    for statement in statements(sheet):
        if statement.when is not None:
            yield statement.where, statement.when
    for position, example in enumerate(sheet.examples):
        if example.situation:
            yield f"examples.{position}", example.situation


def _values_of(condition: Condition) -> Iterator[tuple[str, Any]]:
    """The values that a condition compares its fields with, dates' bounds apart."""
    for key, expected in condition.items():
        if key in CONNECTIVES:
            for part in expected if isinstance(expected, list) else [expected]:
                yield from _values_of(part)
        elif isinstance(expected, list):
            yield from ((key, value) for value in expected)
        elif not isinstance(expected, Mapping):
            yield key, expected


def _bare_quotes(contents: Contents) -> Iterator[str]:
    for sheet in contents.sheets:
        for statement in statements(sheet):
            if not statement.sources and quotes(statement.text):
                line = f"{where(contents, sheet)}: {statement.where}"
                yield f"{line}: quotes {_listed(quotes(statement.text))} without a document"
    others = {f"hors/{o.id}": f"{o.label}\n{o.note}" for o in contents.outsides}
    for clarification in contents.clarifications:
        labels = "\n".join(choice.label for choice in clarification.choices)
        others[f"clarifications/{clarification.id}"] = f"{clarification.text}\n{labels}"
    for name, text in others.items():
        if quotes(text):
            yield f"{name}: quotes {_listed(quotes(text))} without a document"


def _lengths(contents: Contents) -> Iterator[str]:
    lengths = []
    for sheet, place, text in _answers(contents):
        lengths.append(len(text))
        if len(text) > LONGEST_ANSWER:
            size = f"{len(text)} characters, at most {LONGEST_ANSWER}"
            yield f"{where(contents, sheet)}: {place}: {size}"
    if lengths and statistics.median(lengths) > MEDIAN_TARGET:
        yield f"sheets: answers' median length is over {MEDIAN_TARGET} characters"


def _length_figures(contents: Contents) -> list[str]:
    lengths = sorted(len(text) for _, _, text in _answers(contents))
    if not lengths:
        return ["no answers"]
    high = lengths[min(len(lengths) - 1, int(0.95 * len(lengths)))]
    return [
        f"{len(contents.sheets)} sheets, {len(lengths)} answers (variants included)",
        f"answers: median {statistics.median(lengths):.0f} characters (target {MEDIAN_TARGET}),"
        f" 95th percentile {high}, longest {lengths[-1]} (at most {LONGEST_ANSWER})",
    ]


def _answers(contents: Contents) -> Iterator[tuple[Sheet, str, str]]:
    for sheet in contents.sheets:
        for name, facet in sheet.facets.items():
            yield sheet, f"facets.{name}.text", facet.text
            for position, variant in enumerate(facet.variants):
                yield sheet, f"facets.{name}.variants.{position}.text", variant.text


def _examples(contents: Contents) -> Iterator[str]:
    base = KnowledgeBase(contents)
    sections = {f"{d.id}/{s.id}" for d in contents.documents for s in d.sections}
    for sheet in contents.sheets:
        named = {source for statement in statements(sheet) for source in statement.named}
        if not named <= sections:
            continue  # already told; its answers cannot be cited
        for example in sheet.examples:
            for problem in example_problems(base, sheet, example):
                yield f"{where(contents, sheet)}: {problem}"


def _listed(labels: list[str]) -> str:
    return ", ".join(f"« {label} »" for label in labels)


def _even(text: str) -> str:
    """Apostrophes and spaces all alike: folded YAML lines and typing habits differ."""
    return " ".join(text.replace("’", "'").split())
