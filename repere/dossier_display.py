"""A dossier in lines, for an agent's terminal."""

from collections.abc import Iterator
from datetime import datetime

from dossiers.calendar import Calendar
from dossiers.legibility import TEXTS as LEGIBILITY
from dossiers.recap import shown
from dossiers.states import TEXTS, Move, reachable
from dossiers.views import EVENTS, PIECE_STATES, AttachmentView, DossierView, Event

REGISTERS = {"ants": "sur le site de l'ANTS", "interne": "ici", None: "pas encore"}
# On an agent's screen, a file's state is said without « vous ».
FILE_STATES = {**PIECE_STATES, "filled": "donnée dans les réponses"}


def lines(dossier: DossierView, events: list[Event], calendar: Calendar, who: str) -> Iterator[str]:
    """Everything kept of a dossier; ``who`` looks at it, and may move it."""
    yield f"Dossier {dossier.number} : {dossier.form.title}"
    yield f"État : {TEXTS[dossier.state].title} ({dossier.state})"
    today = calendar.today()
    facts = dossier.facts(today)
    # Some moves need a reason: they are listed as if it were given.
    following = reachable(dossier.state, Move(who, "motif", facts))
    yield f"Peut devenir : {', '.join(following) or 'rien, il est clos'}"
    ants = f", numéro {dossier.ants_number}" if dossier.ants_number else ""
    yield f"Déposé : {REGISTERS[dossier.register]}{ants}"
    if facts.pays:
        yield f"Paiement : {'noté' if dossier.paid else 'pas encore noté'}"
    yield ""
    yield "Réponses"
    for entry in dossier.progress(today).applicable:
        if entry.id in dossier.values:
            doubt = " (à vérifier)" if entry.id in dossier.doubts else ""
            yield f"  {entry.label} : {shown(entry, dossier.values[entry.id])}{doubt}"
    if facts.missing_fields:
        yield f"  Il manque : {', '.join(facts.missing_fields)}"
    yield ""
    yield "Pièces"
    for view in dossier.pieces(today):
        yield f"  {view.piece.id} : {view.piece.label}, {FILE_STATES[view.state]}"
        yield from (f"    {_described(file, calendar)}" for file in view.files)
    yield ""
    yield "Événements"
    yield from (f"  {_told(event, calendar)}" for event in events)


def _described(file: AttachmentView, calendar: Calendar) -> str:
    why = f" : {file.reason}" if file.reason else ""
    doubts = "".join(f" {text}" for key, text in LEGIBILITY.items() if key in file.warnings)
    size = max(1, file.size // 1024)
    return (
        f"{file.id}  {when(calendar, file.at)}  {file.media_type}, {size} Ko, "
        f"{FILE_STATES[file.state]}{why}{doubts}"
    )


def _told(event: Event, calendar: Calendar) -> str:
    kind, _, name = event.who.partition(":")
    who = {"citizen": "la personne", "system": "Repère"}.get(kind, f"agent {name}".strip())
    about = event.detail.get("piece") or event.detail.get("slot") or event.detail.get("to")
    named = f" ({about})" if about else ""
    text = f" : {event.text}" if event.text else ""
    return f"{when(calendar, event.at)}  {who}, {EVENTS.get(event.kind, event.kind)}{named}{text}"


def when(calendar: Calendar, at: datetime) -> str:
    """A moment kept in UTC, as the organisation's clocks show it."""
    return f"{calendar.local(at):%d/%m/%Y %H:%M}"
