"""The form of a démarche: what a dossier keeps of the sheets on the day it begins.

Sheets change; a dossier goes on with the questions, the pièces and the sources it began with.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from pydantic import JsonValue

from dossiers.states import TEXTS
from knowledge.query import KnowledgeBase
from knowledge.schema import Champ, Flow, Model, Piece


class NoFlowError(Exception):
    """The subject has no flow: it is not a démarche that can be carried through."""


class Source(Model):
    """A passage of a source document, as it is shown."""

    document: str
    title: str
    section: str
    period: str


class Form(Model):
    """A démarche's flow, every pièce that it may ask for, and the passages they come from.

    ``parents`` gives the category of each choice which is itself a sheet (a sub-category).
    """

    demarche: str
    title: str
    label: str
    flow: Flow
    pieces: list[Piece]
    parents: dict[str, str]
    sources: dict[str, Source]

    def field(self, slot: str) -> Champ | None:
        return next((field for field in self.flow.fields if field.id == slot), None)

    def piece(self, piece: str) -> Piece | None:
        return next((entry for entry in self.pieces if entry.id == piece), None)

    def kept(self) -> dict[str, Any]:
        """The form as it is kept: JSON, read back by ``Form.model_validate``."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def revision(self) -> str:
        """Tells two forms apart: a hash of their content."""
        text = json.dumps(self.kept(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def form_of(base: KnowledgeBase, demarche: str) -> Form:
    """The form of a démarche, today. Raises NoFlowError, or UnknownSubjectError."""
    lineage = base.lineage(demarche)
    sheet = lineage[0]
    flow = next((entry.flow for entry in lineage if entry.flow is not None), None)
    if flow is None:
        raise NoFlowError(demarche)
    pieces, parents = base.pieces(demarche, {}), dict[str, str]()
    own = {entry.id for entry in lineage}
    for field in flow.fields:
        for choice in field.choices:
            chosen = base.sheets.get(choice.value)
            if chosen is None or chosen.kind not in ("sous_categorie", "categorie"):
                continue
            if chosen.parent:
                parents[chosen.id] = chosen.parent
            for entry in reversed(base.lineage(chosen.id)):
                if entry.id not in own:
                    pieces += [_only_for(piece, field.id, chosen.id) for piece in entry.pieces]
    form = Form(
        demarche=demarche,
        title=sheet.title,
        label=sheet.label,
        flow=flow,
        pieces=pieces,
        parents=parents,
        sources={},
    )
    references = [*_references(form.model_dump(mode="json")), *_of_states()]
    return form.model_copy(update={"sources": _sources(base, references)})


def _only_for(piece: Piece, slot: str, value: str) -> Piece:
    """The pièce of a sub-category, asked only when that one was chosen."""
    chosen: dict[str, Any] = {slot: value}
    when = chosen if piece.when is None else {"all": [chosen, piece.when]}
    return piece.model_copy(update={"when": when})


def _references(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "sources" and isinstance(part, list):
                yield from (str(reference) for reference in part)
            else:
                yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def _of_states() -> Iterator[str]:
    for text in TEXTS.values():
        yield from text.sources


def _sources(base: KnowledgeBase, references: list[str]) -> dict[str, Source]:
    found = {}
    for reference in dict.fromkeys(references):
        try:
            citation = base.citations([reference])[0]
        except KeyError:  # a base without this document has nothing to show for it
            continue
        found[reference] = Source(
            document=citation.document,
            title=citation.title,
            section=citation.section,
            period=citation.period,
        )
    return found
