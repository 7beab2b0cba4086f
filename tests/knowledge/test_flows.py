"""The flows of the démarches: what the schema cannot see, and the pièces of each persona."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from french import KINDS, Choice, parse
from french.plates import format_of
from knowledge.conditions import Condition, evaluate, fields_of
from knowledge.query import KnowledgeBase
from knowledge.schema import Champ, Flow, Sheet
from knowledge.sheets_reader import Contents, read

PERSONAS = sorted((Path(__file__).parents[1] / "dossiers" / "personas").glob("*.yml"))
FLOWS = {sheet.id: sheet for sheet in read().sheets if sheet.flow is not None}
DERIVED = {"plaque": {"siv", "fni", "ww", "cyclo"}, "mineur": {"oui", "non"}}
ADULTS_UNTIL = "2008-11-21"  # personas are grown-up, or born in 2010 and later
KIND = {"birth_date": "date", "file_code": "text"}
LONGEST_QUESTION = 140
SKIPPED = "passer"


def flow_of(sheet: Sheet) -> Flow:
    assert sheet.flow is not None
    return sheet.flow


def conditions(flow: Flow) -> Iterator[Condition]:
    groups: list[list[Any]] = [
        list(flow.fields), list(flow.obstacles), list(flow.warnings), list(flow.clicks),
        list(flow.outputs), *(list(field.notes) for field in flow.fields),
    ]  # fmt: skip
    for group in groups:
        yield from (part.when for part in group if part.when is not None)
    yield from (when for when in (flow.pays, flow.control) if when is not None)


def values(condition: Condition) -> Iterator[tuple[str, str]]:
    """The values that a condition compares its fields with."""
    for key, expected in condition.items():
        if key == "not":
            yield from values(expected)
        elif key in ("all", "any"):
            for part in expected:
                yield from values(part)
        else:
            yield from ((key, v) for v in (expected if isinstance(expected, list) else [expected]))


def situation(flow: Flow, answers: dict[str, str]) -> dict[str, str]:
    known = {field.id: field.preset for field in flow.fields if field.preset is not None} | answers
    if "date_naissance" in known:
        known["mineur"] = "oui" if known["date_naissance"] > ADULTS_UNTIL else "non"
    if "numero_immatriculation" in known:
        known["plaque"] = format_of(known["numero_immatriculation"]) or ""
    return known


def read_answer(field: Champ, words: str) -> str | None:
    choices = [Choice(c.value, c.label, tuple(c.names)) for c in field.choices]
    reading = parse(KIND.get(field.kind, field.kind), words, choices=choices)
    assert not reading.doubt, f"{field.id}: {words}: {reading.doubt}"
    return reading.value


def test_the_eight_demarches_have_a_flow() -> None:
    assert set(FLOWS) == {
        "duplicata", "changement_adresse", "cession", "changement_titulaire", "complementaire",
        "permis_inscription", "permis_titre_examen", "permis_titre_formation",
    }  # fmt: skip


@pytest.mark.parametrize("sheet", FLOWS.values(), ids=FLOWS)
class TestEachFlow:
    def test_conditions_read_its_fields_and_their_values(self, sheet: Sheet) -> None:
        flow = flow_of(sheet)
        allowed = DERIVED | {f.id: {choice.value for choice in f.choices} for f in flow.fields}
        assert len({field.id for field in flow.fields}) == len(flow.fields)
        for condition in conditions(flow):
            assert fields_of(condition) <= set(allowed)
            for name, value in values(condition):
                assert value in allowed[name], f"{name} is never {value}"

    def test_a_field_depends_on_fields_asked_before_it(self, sheet: Sheet) -> None:
        before: set[str] = set()
        for field in flow_of(sheet).fields:
            needed = fields_of(field.when or {})
            assert needed - set(DERIVED) <= before, field.id
            before.add(field.id)

    def test_questions_are_short_and_never_ask_for_a_secret(self, sheet: Sheet) -> None:
        for field in flow_of(sheet).fields:
            assert len(field.question) <= LONGEST_QUESTION
            assert KIND.get(field.kind, field.kind) in KINDS
            for secret in ("code confidentiel", "cryptogramme", "carte bancaire", "mot de passe"):
                assert secret not in field.question.lower()

    def test_its_examples_and_the_names_of_its_choices_are_understood(self, sheet: Sheet) -> None:
        for field in flow_of(sheet).fields:
            if field.example:
                assert read_answer(field, field.example), field.id
            for choice in field.choices:
                for name in (choice.label, *choice.names):
                    assert read_answer(field, name) == choice.value, name

    def test_its_sources_exist(self, sheet: Sheet, contents: Contents) -> None:
        known = {f"{d.id}/{s.id}" for d in contents.documents for s in d.sections}
        flow = flow_of(sheet)
        parts = [*flow.fields, *flow.obstacles, *flow.warnings, *flow.clicks, *flow.outputs]
        notes = [note for field in flow.fields for note in field.notes]
        for part in [*parts, *notes]:
            assert set(part.sources) <= known
            assert part.sources or getattr(part, "page", None)

    def test_obstacles_lead_to_an_answer(self, sheet: Sheet, contents: Contents) -> None:
        base = KnowledgeBase(contents)
        for obstacle in flow_of(sheet).obstacles:
            assert obstacle.instead is None or base.covers(obstacle.instead)


def test_shared_fields_have_the_same_choices_everywhere() -> None:
    shared: dict[str, tuple[str, set[str]]] = {}
    for sheet in FLOWS.values():
        for field in flow_of(sheet).fields:
            if field.id in ("formation", "nature"):
                continue  # each démarche has its own
            form = (field.kind, {choice.value for choice in field.choices})
            assert shared.setdefault(field.id, form) == form


def test_the_sub_categories_are_all_choices(contents: Contents) -> None:
    field = flow_of(FLOWS["complementaire"]).fields[0]
    sheets = {sheet.id for sheet in contents.sheets if sheet.kind == "sous_categorie"}
    assert {choice.value for choice in field.choices} == sheets


@pytest.mark.parametrize("path", PERSONAS, ids=lambda path: path.stem)
def test_a_persona_gets_exactly_the_pieces_of_her_case(path: Path, contents: Contents) -> None:
    persona = yaml.safe_load(path.read_text(encoding="utf-8"))
    flow = flow_of(FLOWS[persona["demarche"]])
    given: dict[str, str] = {}
    asked = []
    for field in flow.fields:
        applies = field.when is None or evaluate(field.when, situation(flow, given))
        assert applies is not None, field.id
        if not applies or field.preset is not None:
            continue
        asked.append(field.id)
        words = persona["answers"][field.id]
        if words == SKIPPED:
            assert field.optional
            continue
        given[field.id] = read_answer(field, words) or ""
    assert list(persona["answers"]) == asked
    assert persona["values"] == given
    known = situation(flow, given)
    assert not any(evaluate(obstacle.when, known) for obstacle in flow.obstacles)
    pieces = KnowledgeBase(contents).pieces(given.get("sous_categorie", persona["demarche"]), known)
    sure = [p.id for p in pieces if p.when is None or evaluate(p.when, known)]
    assert sure == persona["pieces"]
