"""The récapitulatif in words: Markdown for agents and the chat, plain sentences for the phone."""

from datetime import date

from dossiers import numbers
from dossiers.progress import Progress
from dossiers.recap import Line, Recap, next_step, said
from dossiers.states import text_of
from dossiers.views import PIECE_STATES, DossierView


def markdown(recap: Recap) -> str:
    """The whole récapitulatif. What people wrote can't become Markdown of its own."""
    parts = [f"# {_md(recap.title)}", f"**Dossier {recap.number}**"]
    if recap.ants_number:
        parts.append(f"Numéro de la démarche sur le site de l'ANTS : {_md(recap.ants_number)}")
    parts.append(f"**{recap.state}.** {recap.meaning}\n**La suite :** {recap.next}")
    if recap.missing:
        parts.append(f"Il manque encore : {', '.join(map(_md, recap.missing))}.")
    if recap.fields:
        parts.append("## Vos réponses")
    for group in recap.fields:
        if group.title:
            parts.append(f"### {_md(group.title)}")
        parts.append("\n".join(f"- {_md(line.label)} : {_value(line)}" for line in group.lines))
    parts.append("## Pièces à fournir")
    pieces = [f"- {_md(line.label)} : {_value(line)}" for line in recap.pieces]
    parts.append("\n".join(pieces) or "Les documents ne demandent aucune pièce dans votre cas.")
    if recap.clicks:
        parts.append("## Sur le site de l'ANTS, dans l'ordre")
        steps = enumerate(recap.clicks, start=1)
        parts.append("\n".join(f"{rank}. {_titled(line)}" for rank, line in steps))
    if recap.warnings:
        parts.append("## À savoir avant de valider")
        parts.append("\n".join(f"- {_md(warning)}" for warning in recap.warnings))
    if recap.outputs:
        parts.append("## Ce que vous obtenez à la fin")
        parts.append("\n".join(f"- {_titled(line)}" for line in recap.outputs))
    parts.append("## D'où viennent ces informations")
    documents = (f"- {_md(source.title)} ({_md(source.period)})" for source in recap.sources)
    parts.append("\n".join(documents))
    parts.append(recap.disclaimer)
    return "\n\n".join(parts) + "\n"


def spoken(dossier: DossierView, today: date) -> str:
    """The dossier in a few sentences to be read aloud: number, state, answers, pièces, next."""
    now: Progress = dossier.progress(today)
    text = text_of(dossier.state, dossier.register)
    sentences = [f"Dossier {numbers.say(dossier.number)}.", f"{dossier.form.title}."]
    sentences.append(f"État : {text.title}.")
    for entry in now.applicable:
        if dossier.values.get(entry.id):
            sentences.append(f"{entry.label} : {said(entry, dossier.values[entry.id])}.")
    if now.missing:
        named = ", ".join(entry.label for entry in now.missing)
        sentences.append(f"Il manque encore : {named}.")
    pieces = dossier.pieces(today)
    for view in pieces:
        sentences.append(f"Pièce : {view.piece.label}, {PIECE_STATES[view.state]}.")
    if not pieces:
        sentences.append("Aucune pièce n'est demandée par les documents.")
    sentences.append(next_step(dossier, today))
    return " ".join(sentences)


def _value(line: Line) -> str:
    note = f" ({_md(line.note)})" if line.note else ""
    return f"**{_md(line.value)}**{note}"


def _titled(line: Line) -> str:
    return f"**{_md(line.label)}**" + (f" : {_md(line.value)}" if line.value else "")


def _md(text: str) -> str:
    """Text as Markdown shows it: on one line, its special characters escaped."""
    flat = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in flat)
