"""Everything that a sheet says, text by text, each with the sources that it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.conditions import Condition
from knowledge.schema import Champ, Facet, Flow, Item, Note, Piece, Sheet, Step


@dataclass(frozen=True)
class Statement:
    """A text of a sheet.

    ``named`` are the sources written at its own level; ``sources`` those it rests on, which are
    its own, else those of the variant or facet that it belongs to. ``when`` is its condition.
    """

    where: str
    text: str
    named: tuple[str, ...]
    sources: tuple[str, ...]
    when: Condition | None = None


def statements(sheet: Sheet) -> Iterator[Statement]:
    """All texts of a sheet; its title and label rest on all the sources of the sheet."""
    found: list[Statement] = []
    for name, facet in sheet.facets.items():
        found += _of_facet(f"facets.{name}", facet)
    found += _of_parts("pieces", sheet.pieces, ())
    if sheet.flow is not None:
        found += _of_flow(sheet.flow)
    everything = tuple(dict.fromkeys(source for part in found for source in part.sources))
    yield Statement("title", f"{sheet.title}\n{sheet.label}", (), everything)
    yield from found


def _of_facet(where: str, facet: Facet) -> Iterator[Statement]:
    sources = tuple(facet.sources)
    yield Statement(f"{where}.text", facet.text, sources, sources)
    yield from _of_parts(f"{where}.steps", facet.steps, sources)
    yield from _of_parts(f"{where}.items", facet.items, sources)
    yield from _of_parts(f"{where}.notes", facet.notes, sources)
    for position, variant in enumerate(facet.variants):
        place = f"{where}.variants.{position}"
        own = tuple(variant.sources or ())
        yield Statement(f"{place}.text", variant.text, own, own or sources, variant.when)
        yield from _of_parts(f"{place}.steps", variant.steps or [], own or sources)
        yield from _of_parts(f"{place}.items", variant.items or [], own or sources)
        yield from _of_parts(f"{place}.notes", variant.notes or [], own or sources)


def _of_flow(flow: Flow) -> Iterator[Statement]:
    for position, champ in enumerate(flow.fields):
        sources = tuple(champ.sources)
        place = f"flow.fields.{position}"
        yield Statement(place, _text_of_field(champ), sources, sources, champ.when)
        yield from _of_parts(f"{place}.notes", champ.notes, sources)
    for position, obstacle in enumerate(flow.obstacles):
        sources = tuple(obstacle.sources)
        place = f"flow.obstacles.{position}"
        yield Statement(place, obstacle.text, sources, sources, obstacle.when)
    yield from _of_parts("flow.warnings", flow.warnings, ())
    yield from _of_parts("flow.clicks", flow.clicks, ())
    yield from _of_parts("flow.outputs", flow.outputs, ())


def _text_of_field(champ: Champ) -> str:
    """What is said of a field; its choices are our words, and its example the person's."""
    return "\n".join(text for text in (champ.question, champ.why, champ.where, champ.help) if text)


def _of_parts(
    where: str, parts: Sequence[Step | Item | Note | Piece], above: tuple[str, ...]
) -> Iterator[Statement]:
    for position, part in enumerate(parts):
        named = tuple(part.sources)
        # What a later official page says does not rest on the documents of the answer.
        of_page = isinstance(part, Note) and part.page is not None
        sources = named if of_page else named or above
        yield Statement(f"{where}.{position}", _text_of(part), named, sources, part.when)


def _text_of(part: Step | Item | Note | Piece) -> str:
    if isinstance(part, Step):
        return f"{part.title}\n{part.text}"
    if isinstance(part, Note):
        return part.text
    return f"{part.label}\n{part.note}"
