"""A persona fills a démarche through the public API, driven by the cards' data alone."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from bench.people import Person
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
MOST_TRIES = 4
READY = "Prête à déposer"

Card = dict[str, Any]
Body = dict[str, Any]


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
        return card.get("kind") == "dossier" and card.get("status") == READY


def carry_through(conversation: Conversation, persona: dict[str, Any]) -> Carried:
    """Answer whatever is asked from the persona's answers until the dossier is complete."""
    carried = Carried()
    messages = conversation.say(OPENINGS[persona["demarche"]])
    for carried.turns in range(1, MOST_TURNS):
        carried.last = messages[-1]
        if carried.complete:
            break
        body = reply(carried, persona["answers"])
        if body is None:
            break
        messages = conversation.send(body)
    return carried


def reply(carried: Carried, answers: dict[str, str]) -> Body | None:
    """What a persona sends after the last message; None when she has nothing to say to it."""
    card = carried.last.get("card") or {}
    slot = card.get("slot", "")
    if card.get("kind") == "recap":
        carried.fields = {line["slot"]: line["value"] for line in card["fields"]}
        return {"text": "tout est exact"}
    if card.get("kind") != "question":
        return None
    if slot.startswith("piece:"):
        carried.pieces.append(slot.removeprefix("piece:"))
        return {"text": "je l'ai, je l'enverrai sur le site"}
    if slot == "clu":
        return {"text": "j'accepte"}
    if slot == "paiement":
        return {"text": "c'est compris"}
    carried.slots.append(slot)
    offered = [choice["value"] for choice in card["choices"]]
    if "act:again" in offered:  # a doubtful answer is confirmed
        return {"text": "oui"}
    patient = carried.slots[-MOST_TRIES:] != [slot] * MOST_TRIES
    return {"text": answers[slot]} if slot in answers and patient else None


@dataclass
class Player:
    """A made-up person in front of the cards: clicks, types, corrects herself, digresses."""

    person: Person
    random: Random
    carried: Carried = field(default_factory=Carried)

    def hear(self, messages: list[dict[str, Any]]) -> None:
        """What the guide has just said; only the last card is answered."""
        self.carried.last = messages[-1]

    def body(self) -> Body | None:
        """The answer to the last card: a click, or words."""
        asked = reply(self.carried, self.person.said)
        card = self.carried.last.get("card") or {}
        choice = self._click(card)
        if choice is not None and self.random.random() < 0.6:
            return {"choice": choice}
        return asked

    def _click(self, card: Card) -> str | None:
        """The choice that says what the person means, when one is offered."""
        slot = card.get("slot", "")
        wanted = self.person.values.get(slot)
        value = "act:skip" if wanted == "" else f"answer:{slot}={wanted}"
        offered = [choice["value"] for choice in card.get("choices") or []]
        return value if value in offered else None
