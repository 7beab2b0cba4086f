"""A form, a register in an empty database, and a clock that is moved by hand."""

from pathlib import Path

import pytest
from small_demarche import KEY, QUICK, Clock, small_sheet
from sqlalchemy import Engine

from dossiers.attachments import Limits
from dossiers.calendar import Calendar
from dossiers.form import Form, form_of
from dossiers.register import Dossiers
from knowledge.query import KnowledgeBase
from knowledge.sheets_reader import Contents


@pytest.fixture(scope="session")
def form() -> Form:
    return form_of(KnowledgeBase(Contents(sheets=[small_sheet()])), "essai")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dossiers(database: Engine, tmp_path: Path, clock: Clock) -> Dossiers:
    limits = Limits(files=6)
    return Dossiers(
        database, KEY, tmp_path / "pieces", limits, calendar=Calendar(clock=clock), hasher=QUICK
    )
