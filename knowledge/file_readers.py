"""Reading a document's text: txt, Markdown, HTML, PDF with text, DOCX; told apart by content."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import docx
import pypdf
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from markdown_it import MarkdownIt

from knowledge import plain_text
from knowledge.passages import Block

LONGEST_TITLE = 150
MOST_PAGES = 1000
MOST_UNZIPPED = 100_000_000
FEWEST_LETTERS = 20
MOST_CONTROLS = 0.01

_HEAD = 4096
_SIGNATURES = (
    (b"\x89PNG", "C'est une image"),
    (b"\xff\xd8\xff", "C'est une image"),
    (b"GIF8", "C'est une image"),
    (b"II*\0", "C'est une image"),
    (b"MM\0*", "C'est une image"),
    (b"\xd0\xcf\x11\xe0", "C'est un fichier d'un ancien format d'Office"),
    (b"{\\rtf", "C'est un fichier RTF"),
)
_ACCEPTED = "Formats acceptés : txt, md, html, pdf avec du texte, docx."
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DROPPED = ["script", "style", "noscript", "template", "nav", "footer", "svg", "iframe", "head"]
_CONTAINERS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl"}
    | {"dt", "fieldset", "figcaption", "figure", "form", "header", "hr", "html", "li", "main"}
    | {"ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "ul"}
)


class RefusedFileError(Exception):
    """A file that cannot be imported; ``reason`` says why, in French, for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Reading:
    """What was read of a document. ``warnings`` say, in French, what could not be."""

    title: str
    blocks: list[Block]
    warnings: tuple[str, ...] = ()


def read(data: bytes, name: str, suffix: str) -> Reading:
    """The text of a file; ``name`` is its title for want of another. Raises RefusedFileError."""
    if not data:
        raise RefusedFileError("Le fichier est vide.")
    for signature, found in _SIGNATURES:
        if data.startswith(signature):
            raise RefusedFileError(f"{found}. {_ACCEPTED}")
    if b"%PDF-" in data[:1024]:
        reading = _guarded(_read_pdf, data, "PDF")
    elif data.startswith(b"PK"):
        reading = _guarded(_read_docx, data, "DOCX")
    else:
        text = decode(data)
        reader = _kind_of_text(text, suffix)
        reading = reader(text) if reader is _read_text else _guarded(reader, text, "texte")
    if sum(c.isalpha() for block in reading.blocks for c in block.text) < FEWEST_LETTERS:
        raise RefusedFileError("Le fichier ne contient pas de texte.")
    return Reading(_title(reading, name), reading.blocks, reading.warnings)


def decode(data: bytes) -> str:
    """The text of bytes: UTF-8, else Windows-1252. Raises RefusedFileError for other data."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = sum(c < " " and c not in "\t\n\r\f\v" for c in text)
        if controls <= MOST_CONTROLS * len(text):
            return text
    raise RefusedFileError(f"Le fichier n'est pas un texte. {_ACCEPTED}")


def _guarded[T](reader: Callable[[T], Reading], content: T, kind: str) -> Reading:
    """Read; whatever goes wrong in a library means that the file is broken."""
    try:
        return reader(content)
    except RefusedFileError:
        raise
    except Exception as error:
        raise RefusedFileError(f"Le fichier {kind} est abîmé ou illisible.") from error


def _kind_of_text(text: str, suffix: str) -> Callable[[str], Reading]:
    head = text[:_HEAD].lower()
    if re.search(r"<!doctype html|<html[\s>]|<body[\s>]", head) or (
        suffix in (".html", ".htm", ".xhtml") and re.search(r"<[a-z][^<>]*>", head)
    ):
        return _read_html
    if suffix in (".md", ".markdown") or len(re.findall(r"(?m)^#{1,6} \S", text)) >= 2:
        return _read_markdown
    return _read_text


def _title(reading: Reading, name: str) -> str:
    first = next((block.text for block in reading.blocks if block.level), "")
    for candidate in (reading.title, first):
        title = " ".join(plain_text.clean(candidate).split())
        if 3 <= len(title) <= LONGEST_TITLE:
            return title
    return name


def _read_text(text: str) -> Reading:
    found = plain_text.blocks(text)
    first = found[0].text if found else ""
    return Reading(first if len(first) <= plain_text.LONGEST_HEADING else "", found)


def _read_markdown(text: str) -> Reading:
    title = ""
    if front := re.match(r"---\n(.*?)\n---\n", text, re.DOTALL):
        text = text[front.end() :]
        named = re.search(r"(?m)^title:\s*[\"']?(.+?)[\"']?\s*$", front[1])
        title = named[1] if named else ""
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    return Reading(title, _read_html(html).blocks)


def _read_html(text: str) -> Reading:
    soup = BeautifulSoup(text, "html.parser")
    title = soup.title.get_text() if soup.title else ""
    for tag in soup.find_all([*_DROPPED, "sup"]):
        # Calls of footnotes go; other raised letters stay.
        if tag.name != "sup" or tag.get_text().strip().isdigit():
            tag.decompose()
    for tag in soup.find_all(hidden=True):
        tag.decompose()
    return Reading(title, list(_Html().blocks(soup)))


class _Html:
    """Gathers the running text of a page, and gives it as blocks where the layout breaks it."""

    def __init__(self) -> None:
        self._pending: list[str] = []

    def blocks(self, tag: Tag) -> Iterator[Block]:
        yield from self._walk(tag)
        yield from self._flush()

    def _walk(self, tag: Tag) -> Iterator[Block]:
        for child in tag.children:
            if isinstance(child, Tag):
                yield from self._of_tag(child)
            elif type(child) is NavigableString:  # not a comment, a doctype…
                self._pending.append(str(child))

    def _of_tag(self, tag: Tag) -> Iterator[Block]:
        if tag.name == "br":
            self._pending.append(" ")
        elif tag.name in _HEADINGS:
            yield from self._flush()
            yield from _blocks_of(tag.get_text(" "), _HEADINGS[tag.name])
        elif tag.name == "tr":
            yield from self._flush()
            cells = [" ".join(c.get_text(" ").split()) for c in tag.find_all(["td", "th"])]
            yield from _blocks_of(" | ".join(cell for cell in cells if cell))
        elif tag.name in _CONTAINERS:
            yield from self._flush()
            if tag.name == "li":
                self._pending.append("• ")
            yield from self._walk(tag)
            yield from self._flush()
        else:
            yield from self._walk(tag)

    def _flush(self) -> Iterator[Block]:
        text, self._pending = "".join(self._pending), []
        if text.strip(" •\n\t"):
            yield from _blocks_of(text)


def _blocks_of(text: str, level: int = 0) -> Iterator[Block]:
    text = " ".join(plain_text.clean(text).split())
    if text:
        yield Block(text, level)


def _read_docx(data: bytes) -> Reading:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "word/document.xml" not in archive.namelist():
            raise RefusedFileError(f"C'est une archive ou un autre format d'Office. {_ACCEPTED}")
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNZIPPED:
            raise RefusedFileError("Le fichier DOCX est trop gros une fois décompressé.")
    document = docx.Document(io.BytesIO(data))
    return Reading(document.core_properties.title or "", list(_of_word(document)))


def _of_word(container: Any) -> Iterator[Block]:
    for part in container.iter_inner_content():
        if hasattr(part, "rows"):
            for row in part.rows:
                yield from _of_row(row)
            continue
        style = (part.style.name if part.style is not None else "") or ""
        level = re.fullmatch(r"(?:heading|titre) ([1-9])", style.lower())
        if level or style.lower() in ("title", "titre"):
            yield from _blocks_of(part.text, min(6, int(level[1])) if level else 1)
        else:
            mark = "• " if style.lower().startswith("list") and part.text.strip() else ""
            yield from _blocks_of(mark + part.text)


def _of_row(row: Any) -> Iterator[Block]:
    cells: list[str] = []
    seen: set[int] = set()
    for cell in row.cells:
        # A merged cell comes once for each column that it covers.
        if id(cell._tc) not in seen:
            seen.add(id(cell._tc))
            cells.append(" ".join(block.text for block in _of_word(cell)))
    yield from _blocks_of(" | ".join(cell for cell in cells if cell))


def _read_pdf(data: bytes) -> Reading:
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise RefusedFileError("Le fichier PDF est protégé par un mot de passe.")
    if len(reader.pages) > MOST_PAGES:
        raise RefusedFileError(f"Le fichier PDF a plus de {MOST_PAGES} pages.")
    pages = [page.extract_text() or "" for page in reader.pages]
    silent = [number for number, page in enumerate(pages, start=1) if not page.strip()]
    if len(silent) == len(pages):
        raise RefusedFileError(
            "Le fichier PDF ne contient pas de texte : c'est sans doute un document numérisé."
            " Passez-le d'abord par une reconnaissance de caractères."
        )
    text = "\f".join(page.replace("\f", "\n") for page in pages)
    title = (reader.metadata.title if reader.metadata else "") or ""
    reading = _read_text(text)
    listed = ", ".join(map(str, silent))
    warnings = (f"Pages sans texte, qui n'ont pas pu être lues : {listed}.",) if silent else ()
    return Reading(title or reading.title, reading.blocks, warnings)
