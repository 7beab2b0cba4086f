"""The real base, and an empty database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from knowledge.query import KnowledgeBase
from knowledge.sheets_reader import Contents, read
from repere.database import open_database


@pytest.fixture(scope="session")
def contents() -> Contents:
    return read()


@pytest.fixture(scope="session")
def base(contents: Contents) -> KnowledgeBase:
    return KnowledgeBase(contents)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{tmp_path / 'base.db'}")
    yield opened
    opened.dispose()
