"""Questions to the knowledge base: typed, and answered from sheets only."""

from dataclasses import dataclass, field
from functools import cached_property

from knowledge.conditions import Situation, evaluate
from knowledge.schema import (
    Clarification,
    Document,
    Facet,
    FacetName,
    Item,
    Note,
    Outside,
    Piece,
    Section,
    Sheet,
    SituationField,
    Step,
)
from knowledge.sheets_reader import Contents


class UnknownSubjectError(KeyError):
    """No sheet has this id."""


@dataclass(frozen=True)
class Citation:
    """A passage of a source document, as it is shown to people."""

    document: str
    title: str
    section: str
    period: str


@dataclass(frozen=True)
class Answer:
    """A facet resolved in a situation. ``refine`` names the details that would narrow it."""

    topic: str
    title: str
    text: str
    steps: tuple[Step, ...]
    items: tuple[Item, ...]
    notes: tuple[Note, ...]
    citations: tuple[Citation, ...]
    refine: tuple[str, ...] = ()
    needs_refining: bool = False
    hand_over: bool = False


def split_topic(topic: str) -> tuple[str, str]:
    """The facet and the subject of a topic."""
    facet, _, subject = topic.partition("/")
    return facet, subject


@dataclass(frozen=True)
class KnowledgeBase:
    """All sheets, read-only; built by ``knowledge.store``."""

    contents: Contents = field(repr=False)

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        return {sheet.id: sheet for sheet in self.contents.sheets}

    @cached_property
    def outsides(self) -> dict[str, Outside]:
        return {entry.id: entry for entry in self.contents.outsides}

    @cached_property
    def clarifications(self) -> dict[str, Clarification]:
        return {entry.id: entry for entry in self.contents.clarifications}

    @cached_property
    def facets(self) -> dict[str, FacetName]:
        return {entry.id: entry for entry in self.contents.facets}

    @cached_property
    def situation(self) -> dict[str, SituationField]:
        return {entry.id: entry for entry in self.contents.situation}

    @cached_property
    def _sections(self) -> dict[str, tuple[Document, Section]]:
        return {
            f"{document.id}/{section.id}": (document, section)
            for document in self.contents.documents
            for section in document.sections
        }

    def lineage(self, subject: str) -> list[Sheet]:
        """The sheet, then its parents."""
        found: list[Sheet] = []
        current: str | None = subject
        while current is not None:
            if current not in self.sheets:
                raise UnknownSubjectError(current)
            found.append(self.sheets[current])
            current = found[-1].parent
        return found

    def holder(self, facet: str, subject: str) -> Sheet | None:
        """The sheet that answers the facet for a subject: its own, or the nearest parent."""
        if subject not in self.sheets:
            return None
        return next((sheet for sheet in self.lineage(subject) if facet in sheet.facets), None)

    def covers(self, topic: str) -> bool:
        """Whether a sheet answers this topic."""
        return self.holder(*split_topic(topic)) is not None

    def facets_of(self, subject: str) -> list[str]:
        """The types of question answered for a subject, its own first."""
        names: list[str] = []
        for sheet in self.lineage(subject):
            names += [name for name in sheet.facets if name not in names]
        return names

    def answer(self, topic: str, situation: Situation | None = None) -> Answer | None:
        """The answer to a topic in a situation; None when no sheet has it."""
        facet_name, subject = split_topic(topic)
        sheet = self.holder(facet_name, subject)
        if sheet is None:
            return None
        return self._resolve(facet_name, subject, sheet, situation or {})

    def pieces(self, subject: str, situation: Situation) -> list[Piece]:
        """The supporting documents that apply, or may still apply, in the situation."""
        lineage = reversed(self.lineage(subject))
        return [
            piece
            for sheet in lineage
            for piece in sheet.pieces
            if piece.when is None or evaluate(piece.when, situation) is not False
        ]

    def title_of(self, topic: str) -> str:
        """A topic as the label of a choice."""
        facet, subject = split_topic(topic)
        if subject not in self.sheets:
            return topic
        title = self.facets[facet].with_label.format(label=self.sheets[subject].label)
        return title[0].upper() + title[1:]

    def citations(self, references: list[str]) -> tuple[Citation, ...]:
        """The passages behind source references, without repeats, in order."""
        found: dict[tuple[str, str], Citation] = {}
        for reference in references:
            document, section = self._sections[reference]
            citation = Citation(document.file, document.title, section.title, document.period)
            found.setdefault((document.id, section.id), citation)
        return tuple(found.values())

    def _resolve(self, facet_name: str, subject: str, sheet: Sheet, situation: Situation) -> Answer:
        facet = sheet.facets[facet_name]
        variant = next((v for v in facet.variants if evaluate(v.when, situation)), None)
        text = variant.text if variant else facet.text
        steps = _own_or(variant.steps if variant else None, facet.steps)
        items = _own_or(variant.items if variant else None, facet.items)
        notes = _own_or(variant.notes if variant else None, facet.notes)
        if facet_name == "pieces" and not items:
            items = [_as_item(piece) for piece in self.pieces(subject, situation)]
        steps = [s for s in steps if _may_apply(s.when, situation)]
        items = [i for i in items if _may_apply(i.when, situation)]
        notes = [n for n in notes if _may_apply(n.when, situation)]
        own_sources = variant.sources if variant else None
        references = _references(facet, own_sources, [*steps, *items], notes)
        return Answer(
            topic=f"{facet_name}/{subject}",
            title=self.sheets[subject].title,
            text=text,
            steps=tuple(steps),
            items=tuple(items),
            notes=tuple(notes),
            citations=self.citations(references),
            refine=tuple(name for name in facet.refine if name not in situation),
            needs_refining=facet.clarify and variant is None,
            hand_over=facet.hand_over,
        )


def _own_or[T](own: list[T] | None, default: list[T]) -> list[T]:
    return default if own is None else own


def _may_apply(when: dict[str, object] | None, situation: Situation) -> bool:
    return when is None or evaluate(when, situation) is not False


def _as_item(piece: Piece) -> Item:
    return Item(label=piece.label, note=piece.note, sources=piece.sources)


def _references(
    facet: Facet, of_variant: list[str] | None, parts: list[Step | Item], notes: list[Note]
) -> list[str]:
    references = list(of_variant or facet.sources)
    for part in [*parts, *notes]:
        references += part.sources
    return references
