"""The récapitulatif of a dossier: what it says, and its PDF.

The PDF is made with Typst: tagged, in French, with a title and real fonts (PDF/UA-1, so that a
screen reader can read it). What people wrote goes to the template as data, never as its language.
"""

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import segno
import typst

import french
from dossiers.progress import clicks, outputs, warnings
from dossiers.states import Register, State, text_of
from dossiers.views import PIECE_STATES, DossierView, PieceView
from knowledge.schema import Champ, Note

TEMPLATE = Path(__file__).with_name("recap.typ")
_FONTS_PACKAGE = "font_source_sans_pro"
# Kinds of fields whose name in ``french`` is another.
_FRENCH_KINDS = {"birth_date": "date", "file_code": "text"}

_NOT_THE_SITE = (
    "Ce récapitulatif vous aide à faire votre démarche. Il n'est pas un document officiel, et il "
    "ne remplace pas celui que donne le site à la fin."
)
_NO_SCREEN = "Pour préparer votre dossier"
# Repère gives nothing to the site: what was sent here has to be sent there too.
_ALSO_ON_THE_SITE = "gardée ici, à envoyer aussi sur le site"
DOUBT = "à vérifier"
SKIPPED = "non renseigné"
POSSIBLE = "selon votre cas"


@dataclass(frozen=True)
class Line:
    """A line: what, its value or state, and a remark."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """The answers to type under one rubric; ``screen``: whether it is one of the site."""

    title: str
    lines: tuple[Line, ...]
    screen: bool = True


@dataclass(frozen=True)
class Quoted:
    """A source document and its passages used here."""

    title: str
    period: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Recap:
    """Everything that a récapitulatif says, in order; ``spoken`` are the same values aloud."""

    number: str
    title: str
    state: str
    meaning: str
    next: str
    ants_number: str
    made_on: str
    fields: tuple[Group, ...]
    missing: tuple[str, ...]
    pieces: tuple[Line, ...]
    clicks: tuple[Line, ...]
    warnings: tuple[str, ...]
    outputs: tuple[Line, ...]
    sources: tuple[Quoted, ...]
    resume_url: str
    disclaimer: str = _NOT_THE_SITE


def recap_of(dossier: DossierView, today: date, url: str = "") -> Recap:
    """What the récapitulatif of a dossier says today; ``url``: where it is resumed, no secret."""
    now = dossier.progress(today)
    state = text_of(dossier.state, dossier.register)
    pieces = dossier.pieces(today)
    steps = clicks(dossier.form, now.situation)
    warned = warnings(dossier.form, now.situation)
    obtained = outputs(dossier.form, now.situation)
    answered = [entry for entry in now.applicable if entry.id in dossier.values]
    references = [
        *state.sources,
        *(ref for entry in answered for ref in entry.sources),
        *(ref for piece in pieces for ref in piece.piece.sources),
        *(ref for piece in now.pieces_possible for ref in piece.sources),
        *(ref for step in steps for ref in step.sources),
        *(ref for item in obtained for ref in item.sources),
        *(ref for note in warned for ref in note.sources),
    ]
    return Recap(
        number=dossier.number,
        title=dossier.form.title,
        state=state.title,
        meaning=state.meaning,
        next=next_step(dossier, today),
        ants_number=dossier.ants_number or "",
        made_on=french.show("date", today.isoformat()),
        fields=_grouped(dossier, answered),
        missing=tuple(entry.label for entry in now.missing),
        pieces=tuple(_piece_line(piece, dossier.register) for piece in pieces)
        + tuple(Line(piece.label, POSSIBLE, piece.note) for piece in now.pieces_possible),
        clicks=tuple(Line(step.title, step.text) for step in steps),
        warnings=tuple(_warning(note) for note in warned),
        outputs=tuple(Line(item.label, item.note) for item in obtained),
        sources=_quoted(dossier, references),
        resume_url=url,
    )


def resume_url(public_url: str, number: str) -> str:
    """Where a dossier is resumed: its number is in the address, its secret never is."""
    return f"{public_url}/?reprendre={number}"


def next_step(dossier: DossierView, today: date) -> str:
    """What the person has to do now."""
    facts = dossier.facts(today)
    text = text_of(dossier.state, dossier.register)
    if dossier.state is not State.EN_PREPARATION:
        return text.next
    if facts.obstacles:
        return facts.obstacles[0]
    if facts.missing_fields:
        return text.next
    if facts.missing_pieces:
        return "Joignez les pièces demandées, ou dites-nous que vous les avez."
    return "Relisez vos réponses, puis acceptez les conditions légales d'utilisation."


def shown(field: Champ, value: str) -> str:
    """A value as it is shown to people."""
    if not value:
        return SKIPPED
    if field.kind == "choice":
        return next((c.label for c in field.choices if c.value == value), value)
    return french.show(_FRENCH_KINDS.get(field.kind, field.kind), value)


def said(field: Champ, value: str) -> str:
    """A value as it is read aloud."""
    if not value or field.kind == "choice":
        return shown(field, value)
    return french.say(_FRENCH_KINDS.get(field.kind, field.kind), value)


def pdf(recap: Recap) -> bytes:
    """The récapitulatif as a PDF.

    A text in a script that the fonts lack is shown as boxes; the file then still is tagged, but
    is not declared PDF/UA.
    """
    data = asdict(recap) | {"qr": _qr(recap.resume_url)}
    for ours in ("state", "meaning", "next", "disclaimer"):
        data[ours] = data[ours].replace("'", "’")
    text = json.dumps(_clean(data), ensure_ascii=False)
    try:
        return _compiled(text, "ua-1")
    except typst.TypstError:
        return _compiled(text, "1.7")


def _compiled(data: str, standard: Literal["ua-1", "1.7"]) -> bytes:
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
    )
    made = compiler.compile(format="pdf", pdf_standards=standard)
    assert isinstance(made, bytes)
    return made


def _clean(value: Any) -> Any:
    """The data without the characters that no font draws (controls, private use)."""
    if isinstance(value, str):
        return "".join(c for c in value if c == "\n" or unicodedata.category(c)[0] != "C")
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    spec = find_spec(_FONTS_PACKAGE)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    folder = Path(spec.submodule_search_locations[0]) / "files"
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)]
    )


def _qr(url: str) -> str:
    """The address as an SVG image; empty without address."""
    if not url:
        return ""
    return segno.make(url, error="m", micro=False).svg_inline(border=0, omitsize=True)


def _grouped(dossier: DossierView, answered: Iterable[Champ]) -> tuple[Group, ...]:
    """The answers under the rubrics of the site, in the order of its screens."""
    groups: dict[str, list[Line]] = {}
    for entry in answered:
        note = DOUBT if entry.id in dossier.doubts else ""
        line = Line(entry.label, shown(entry, dossier.values[entry.id]), note)
        groups.setdefault(entry.screen, []).append(line)
    # What is typed nowhere on the site comes last: it only served to prepare the dossier.
    apart = groups.pop("", [])
    found = [Group(title, tuple(lines)) for title, lines in groups.items()]
    if apart:
        found.append(Group(_NO_SCREEN if found else "", tuple(apart), screen=False))
    return tuple(found)


def _piece_line(view: PieceView, register: Register | None) -> Line:
    note, state = view.piece.note, PIECE_STATES[view.state]
    if view.state == "sent" and register != "interne":
        state = _ALSO_ON_THE_SITE
    if view.state == "refused" and view.reason:
        note = f"Motif du refus : {view.reason}"
    return Line(view.piece.label, state, note)


def _warning(note: Note) -> str:
    if note.page is None:
        return note.text
    dated = f", {french.show('date', note.page.date)}" if note.page.date else ""
    return f"{note.text} ({note.page.site}{dated})"


def _quoted(dossier: DossierView, references: Iterable[str]) -> tuple[Quoted, ...]:
    documents: dict[tuple[str, str], dict[str, None]] = {}
    for reference in references:
        source = dossier.form.sources.get(reference)
        if source is not None:
            documents.setdefault((source.title, source.period), {})[source.section] = None
    return tuple(
        Quoted(title, period, tuple(sections)) for (title, period), sections in documents.items()
    )
