"""Whether a PDF can be taken: pages only, nothing that runs, nothing locked."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

# What makes a PDF do something when opened, or carry another file.
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMedia"})
_ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition"}
)
_MAX_OBJECTS = 20_000
_MAX_DEPTH = 30


class RefusedPdfError(Exception):
    """A PDF that is not taken; ``reason`` is French."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(content: bytes, max_pages: int) -> int:
    """The number of pages. Raises RefusedPdfError."""
    try:
        return _check(content, max_pages)
    except RefusedPdfError:
        raise
    except Exception as error:  # a damaged or hostile file makes the reader raise anything
        raise RefusedPdfError("Ce PDF est abîmé : je n'arrive pas à l'ouvrir.") from error


def _check(content: bytes, max_pages: int) -> int:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise RefusedPdfError("Ce PDF est protégé par un mot de passe. Enlevez la protection.")
    for entry in _objects(reader):
        if _is_active(entry, 0):
            raise RefusedPdfError(
                "Ce PDF contient un programme ou un fichier caché. "
                "Imprimez-le en PDF, ou prenez le document en photo."
            )
    pages = len(reader.pages)
    if pages == 0:
        raise RefusedPdfError("Ce PDF ne contient aucune page.")
    if pages > max_pages:
        raise RefusedPdfError(f"Ce PDF a {pages} pages : il en faut {max_pages} au plus.")
    return pages


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Every object of the file, even those that no page leads to."""
    yield reader.trailer
    numbers = {
        (number, generation) for generation, offsets in reader.xref.items() for number in offsets
    } | {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > _MAX_OBJECTS:
        raise RefusedPdfError("Ce PDF est trop compliqué. Prenez plutôt le document en photo.")
    for number, generation in sorted(numbers):
        yield reader.get_object(IndirectObject(number, generation, reader))


def _is_active(entry: Any, depth: int) -> bool:
    """Whether the object itself acts; what it refers to is looked at on its own."""
    if depth > _MAX_DEPTH:
        return True
    if isinstance(entry, DictionaryObject):
        if _ACTIVE_KEYS & entry.keys() or str(entry.get("/S")) in _ACTIVE_ACTIONS:
            return True
        parts = [entry.raw_get(key) for key in entry]
    elif isinstance(entry, ArrayObject):
        parts = list(entry)
    else:
        return False
    direct = (part for part in parts if not isinstance(part, IndirectObject))
    return any(_is_active(part, depth + 1) for part in direct)
