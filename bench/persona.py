"""A persona fills a démarche through the public API, driven by the cards' data alone."""

from dataclasses import dataclass, field
from typing import Any

from repere.client import Conversation

# How a person asks to begin each démarche, in words.
OPENINGS = {
    "duplicata": "je veux faire une demande de duplicata de carte grise avec vous",
    "changement_adresse": "je veux faire mon changement d'adresse de carte grise avec vous",
    "cession": "aidez-moi à déclarer la cession de mon véhicule",
    "changement_titulaire": "je veux faire le changement de titulaire avec vous",
    "complementaire": "je veux faire une demande complémentaire, une tpc, avec vous",
    "permis_inscription": "je veux faire une inscription au permis pour un élève avec vous",
    "permis_titre_examen": "je veux faire la demande de titre après examen pour mon élève",
    "permis_titre_formation": "je veux faire la demande de titre après une formation pour un élève",
}
MOST_TURNS = 60


@dataclass
class Carried:
    """What a persona went through: the slots asked, the pièces asked for, the last message."""

    slots: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)
    turns: int = 0

    @property
    def number(self) -> str | None:
        return (self.last.get("card") or {}).get("number")

    @property
    def complete(self) -> bool:
        card = self.last.get("card") or {}
        return card.get("kind") == "dossier" and card.get("status") == "Prête à déposer"


def carry_through(conversation: Conversation, persona: dict[str, Any]) -> Carried:
    """Answer whatever is asked from the persona's answers until the dossier is complete."""
    carried = Carried()
    messages = conversation.say(OPENINGS[persona["demarche"]])
    for carried.turns in range(1, MOST_TURNS):
        carried.last = messages[-1]
        if carried.complete:
            break
        reply = _reply(carried, persona)
        if reply is None:
            break
        messages = conversation.say(reply)
    return carried


def _reply(carried: Carried, persona: dict[str, Any]) -> str | None:
    """What the persona says to the last message; None when she has nothing to say to it."""
    card = carried.last.get("card") or {}
    slot = card.get("slot", "")
    if card.get("kind") == "recap":
        carried.fields = {line["label"]: line["value"] for line in card["fields"]}
        return "tout est exact"
    if card.get("kind") != "question":
        return None
    if slot.startswith("piece:"):
        carried.pieces.append(slot.removeprefix("piece:"))
        return "je l'ai, je l'enverrai sur le site"
    if slot == "clu":
        return "j'accepte"
    if slot == "paiement":
        return "c'est compris"
    asked_again = bool(carried.slots) and carried.slots[-1] == slot
    carried.slots.append(slot)
    if asked_again:  # a doubtful answer is confirmed
        return "oui"
    return persona["answers"].get(slot)
