"""Reading the sheets (``knowledge/sheets``) and the list of documents."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.schema import Clarification, Document, FacetName, Outside, Sheet, SituationField

SHEETS = Path(__file__).parent / "sheets"
DOCUMENTS = Path(__file__).parent / "documents.yml"


class SheetError(Exception):
    """Sheets that cannot be read; ``problems`` are lines « path: message »."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _File(BaseModel):
    """What one YAML file may hold besides a single sheet."""

    model_config = ConfigDict(extra="forbid")

    hors: list[Outside] = []
    clarifications: list[Clarification] = []
    facets: list[FacetName] = []
    situation: list[SituationField] = []


@dataclass
class Contents:
    """Everything that the sheets say."""

    documents: list[Document] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    outsides: list[Outside] = field(default_factory=list)
    clarifications: list[Clarification] = field(default_factory=list)
    facets: list[FacetName] = field(default_factory=list)
    situation: list[SituationField] = field(default_factory=list)
    paths: dict[str, Path] = field(default_factory=dict)


def read(folder: Path = SHEETS, documents: Path = DOCUMENTS) -> Contents:
    """Read all sheets; raises SheetError listing every file that is not of the schema."""
    contents, problems = Contents(), list[str]()
    for path, data in _yaml_files([documents, *sorted(folder.rglob("*.yml"))], problems):
        try:
            _add_file(contents, path, data)
        except ValidationError as error:
            for line in error.errors():
                where = ".".join(str(part) for part in line["loc"])
                problems.append(f"{path}: {where}: {line['msg']}")
    if problems:
        raise SheetError(problems)
    return contents


def _yaml_files(paths: list[Path], problems: list[str]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in paths:
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            problems.append(f"{path}: {error}")
            continue
        if not isinstance(data, dict):
            problems.append(f"{path}: a sheet is a mapping")
            continue
        yield path, data


def _add_file(contents: Contents, path: Path, data: dict[str, Any]) -> None:
    if "documents" in data:
        contents.documents += [Document.model_validate(entry) for entry in data["documents"]]
    elif "id" in data:
        sheet = Sheet.model_validate(data)
        contents.sheets.append(sheet)
        contents.paths[sheet.id] = path
    else:
        file = _File.model_validate(data)
        contents.outsides += file.hors
        contents.clarifications += file.clarifications
        contents.facets += file.facets
        contents.situation += file.situation
