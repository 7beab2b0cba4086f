"""Files made for the tests: small bases of sheets, and documents of each format."""

import io
from pathlib import Path
from typing import Any

import docx
import yaml
from pypdf import PdfReader, PdfWriter

from knowledge.sheets_reader import Contents, read

QUESTIONS = {
    "facets": [
        {"id": "etapes", "title": "Les étapes", "with_label": "Comment faire pour {label}",
         "silent": "ne décrivent pas les étapes pour {label}"},
        {"id": "pieces", "title": "Les pièces", "with_label": "Les pièces pour {label}",
         "silent": "ne donnent pas de pièces pour {label}"},
    ],
    "situation": [
        {"id": "pour_qui", "question": "Pour qui ?", "values": {"moi": "Moi", "autrui": "Autrui"}},
    ],
}  # fmt: skip
DOCUMENT = {
    "id": "guide", "file": "guide.txt", "sha256": "", "title": "Le guide", "kind": "dépliant",
    "period": "2018", "sections": [
        {"id": "debut", "title": "Le début", "lines": "1-2"},
        {"id": "suite", "title": "La suite", "lines": "4"},
    ],
}  # fmt: skip


def sheet(identifier: str = "duplicata", **changes: Any) -> dict[str, Any]:
    """A sheet of one facet, sound in itself."""
    return {
        "id": identifier,
        "kind": "demarche",
        "title": f"La démarche {identifier}",
        "label": f"la démarche {identifier}",
        "names": [identifier],
        "facets": {"etapes": facet()},
    } | changes


def facet(text: str = "Cliquez sur « Mon Espace ».", **changes: Any) -> dict[str, Any]:
    return {"text": text, "sources": ["guide/debut", "guide/suite"]} | changes


def small_base(
    folder: Path, *sheets: dict[str, Any], document: dict[str, Any] | None = None, **others: Any
) -> Contents:
    """Write sheets as files, then read them; ``others`` are hors and clarifications."""
    kept = folder / "sheets"
    kept.mkdir()
    for entry in sheets:
        _write(kept / f"{entry['id']}.yml", entry)
    _write(kept / "questions.yml", QUESTIONS)
    if others:
        _write(kept / "others.yml", others)
    _write(folder / "documents.yml", {"documents": [document or DOCUMENT]})
    return read(kept, folder / "documents.yml")


def _write(path: Path, data: Any) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def pdf(pages: list[list[str]], title: str = "") -> bytes:
    """A PDF whose pages hold these lines (an empty page has no text, as a scanned one)."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects.append(font)
    kids = []
    for lines in pages:
        shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td\n{shown}ET" if lines else ""
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects.append(f"<< /Title ({_escaped(title)}) >>")
    return _assembled(objects)


def _assembled(objects: list[str]) -> bytes:
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = len(data)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode()
    size = len(objects)
    trailer = f"trailer\n<< /Size {size + 1} /Root 1 0 R /Info {size} 0 R >>\n"
    return data + f"{trailer}startxref\n{table}\n%%EOF".encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def protected(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt("secret", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def word(path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Guide du stationnement"
    document.add_heading("Le macaron", level=1)
    document.add_paragraph("Le macaron de stationnement se demande à la mairie de la commune.")
    document.add_heading("Les pièces", level=2)
    document.add_paragraph("Une copie de la carte grise", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "Tarif annuel"
    table.rows[0].cells[1].text = "Trente euros"
    document.save(str(path))
