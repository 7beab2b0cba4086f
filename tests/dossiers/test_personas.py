"""The real démarches, carried through by people made up for the tests (personas/*.yml)."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

from dossiers.answers import Answer
from dossiers.form import form_of
from dossiers.progress import change, elements, progress
from dossiers.recap import pdf, recap_of
from dossiers.register import Dossiers
from dossiers.states import State
from knowledge.query import KnowledgeBase

PERSONAS = sorted((Path(__file__).parent / "personas").glob("*.yml"))
TODAY = date(2026, 11, 21)


def persona(path: Path) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["values"] = {slot: str(value) for slot, value in data["values"].items()}
    assert isinstance(data, dict)
    return data


def squeezed(text: str) -> str:
    """Without what the layout of a page changes: spaces, and hyphens at the ends of lines."""
    return "".join(char for char in text if not char.isspace() and char not in "-\u00ad\u2010")


@pytest.mark.parametrize("path", PERSONAS, ids=lambda path: path.stem)
def test_a_persona_answers_what_is_asked_and_has_exactly_her_pieces(
    base: KnowledgeBase, path: Path
) -> None:
    data = persona(path)
    form = form_of(base, data["demarche"])
    values: dict[str, str] = {}
    while (field := progress(form, values, TODAY).next) is not None:
        given = data["values"].get(field.id, "" if field.optional else None)
        assert given is not None, f"asked « {field.id} », which the persona does not know"
        values = change(form, values, field.id, given, TODAY).values
    at_end = progress(form, values, TODAY)
    assert {slot for slot, value in values.items() if value} == set(data["values"])
    assert sorted(piece.id for piece in at_end.pieces) == sorted(data["pieces"])
    assert sorted(piece.id for piece in at_end.pieces_possible) == data.get("possible", [])
    assert (at_end.pieces_unknown, at_end.obstacles) == (at_end.pieces_possible, ())


@pytest.mark.parametrize(
    "name",
    [
        "duplicata_vol_moi_classique",
        "complementaire_deces_autrui",
        "permis_inscription_b_mineur_corse",
    ],
)
def test_a_persona_s_dossier_goes_from_its_first_answer_to_its_end(
    base: KnowledgeBase, dossiers: Dossiers, name: str
) -> None:
    data = persona(Path(__file__).parent / "personas" / f"{name}.yml")
    dossier, _ = dossiers.begin(form_of(base, data["demarche"]))
    answers = [Answer(slot, value) for slot, value in data["values"].items()]
    saved = dossiers.save(dossier.id, answers)
    assert saved.ignored == ()
    for field in saved.dossier.progress(TODAY).unanswered:
        dossiers.set_value(dossier.id, field.id, "")
    for view in dossiers.get(dossier.id).pieces(TODAY):
        if view.state == "missing":
            dossiers.pieces.keep_at_hand(dossier.id, view.piece.id)
    dossiers.accept_clu(dossier.id)
    ready = dossiers.move(dossier.id, State.PRETE_A_DEPOSER, "citizen")
    recap = recap_of(ready, TODAY, "https://repere.exemple.fr/reprendre")
    assert recap.missing == ()
    assert recap.clicks
    assert recap.outputs
    assert recap.sources
    pages = PdfReader(io.BytesIO(pdf(recap))).pages
    text = squeezed(" ".join(page.extract_text() for page in pages))
    lines = [
        *recap.pieces,
        *recap.clicks,
        *(line for group in recap.fields for line in group.lines),
    ]
    for line in lines:
        assert squeezed(line.label) in text
        assert squeezed(line.value) in text
    assert dossiers.report(dossier.id, ants_number="1234", status=State.TERMINEE).closed


def test_what_to_have_at_hand_depends_on_the_account(base: KnowledgeBase) -> None:
    oneself = {"pour_qui": "moi"}
    certified = elements(base, "duplicata", oneself | {"compte": "certifie"})
    classic = elements(base, "duplicata", oneself | {"compte": "classique"})
    assert certified != classic
    assert elements(base, "cpi", {}) == ()
