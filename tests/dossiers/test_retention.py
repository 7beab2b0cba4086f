"""Kept no longer than said; given back whole, and erased whole, on request."""

import io
import json
import os
import zipfile
from pathlib import Path

import pytest
import sent_files
from small_demarche import STRAIGHT, Clock
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dossiers.answers import Answer
from dossiers.form import Form
from dossiers.ledger import UnknownDossierError
from dossiers.model import Base, KeyRow
from dossiers.register import Dossiers
from dossiers.retention import Delays, erase, export, purge
from dossiers.states import State
from dossiers.views import DossierView


@pytest.fixture
def full(dossiers: Dossiers, form: Form) -> DossierView:
    dossier, _ = dossiers.begin(form)
    dossiers.save(dossier.id, [Answer(slot, value) for slot, value in STRAIGHT.items()])
    dossiers.pieces.attach(dossier.id, "vol", sent_files.pdf())
    dossiers.write(dossier.id, "Bonjour", "citizen")
    return dossiers.get(dossier.id)


def kept(dossiers: Dossiers, *dossier_ids: str) -> list[bool]:
    known = {entry.id for entry in dossiers.listing()}
    return [dossier_id in known for dossier_id in dossier_ids]


def test_each_kind_of_dossier_has_its_delay(dossiers: Dossiers, form: Form, clock: Clock) -> None:
    draft, abandoned, closed = (dossiers.begin(form)[0].id for _ in range(3))
    dossiers.move(abandoned, State.ABANDONNEE, "citizen")
    dossiers.save(closed, [Answer(s, v) for s, v in (STRAIGHT | {"motif": "perte"}).items()])
    dossiers.accept_clu(closed)
    dossiers.move(closed, State.PRETE_A_DEPOSER, "citizen")
    dossiers.report(closed, status=State.TERMINEE)
    ages = {6: (True, True, True), 7: (True, False, True), 29: (True, False, True),
            30: (True, False, False), 89: (True, False, False), 90: (False,) * 3}  # fmt: skip
    start = clock()
    for days, expected in ages.items():
        clock.at = start
        clock.forward(days=days)
        purge(dossiers)
        assert kept(dossiers, draft, abandoned, closed) == list(expected), days


def test_an_answer_starts_the_delay_of_a_draft_again(
    dossiers: Dossiers, form: Form, clock: Clock
) -> None:
    draft = dossiers.begin(form)[0].id
    clock.forward(days=80)
    dossiers.set_value(draft, "motif", "vol")
    clock.forward(days=80)
    assert purge(dossiers) == 0
    assert purge(dossiers, Delays(draft=1)) == 1


def test_erasing_leaves_nothing(
    dossiers: Dossiers, full: DossierView, database: Engine, tmp_path: Path
) -> None:
    erase(dossiers, full.id)
    erase(dossiers, full.id)
    assert list((tmp_path / "pieces").iterdir()) == []
    with Session(database) as db:
        for mapper in Base.registry.mappers:
            if mapper.class_ is not KeyRow:
                assert db.scalar(select(func.count()).select_from(mapper.class_)) == 0
    with pytest.raises(UnknownDossierError):
        dossiers.set_value(full.id, "motif", "vol")


def test_an_export_holds_everything(dossiers: Dossiers, full: DossierView) -> None:
    with zipfile.ZipFile(io.BytesIO(export(dossiers, full.id))) as archive:
        content = json.loads(archive.read("dossier.json"))
        (piece,) = content["pieces"]
        assert archive.read(piece["file"]) == sent_files.pdf()
        assert len(archive.namelist()) == 2
    assert {entry["slot"]: entry["value"] for entry in content["fields"]} == STRAIGHT
    assert "Bonjour" in [event.get("text") for event in content["events"]]
    assert "secret" not in json.dumps(content)


def test_files_left_by_a_killed_process_are_swept(
    dossiers: Dossiers, full: DossierView, tmp_path: Path, clock: Clock
) -> None:
    old, recent = tmp_path / "pieces" / "old.pdf", tmp_path / "pieces" / "recent.pdf"
    old.write_bytes(b"x")
    recent.write_bytes(b"x")
    at = clock().timestamp()
    os.utime(old, (at - 90_000, at - 90_000))
    os.utime(recent, (at - 60, at - 60))
    purge(dossiers)
    assert (old.exists(), recent.exists(), len(list(tmp_path.glob("pieces/*")))) == (False, True, 2)
