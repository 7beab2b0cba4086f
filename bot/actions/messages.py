"""What the guide says: a text that stands alone, and a card (the contract of every channel)."""

import json
from dataclasses import dataclass
from typing import Any

from knowledge.query import Answer, Citation

Card = dict[str, Any]

OFFICIAL_SITE = "immatriculation.ants.gouv.fr"


@dataclass(frozen=True)
class Message:
    text: str
    card: Card | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"text": self.text, "card": self.card}


@dataclass(frozen=True)
class Choice:
    """A choice offered: ``value`` is for the server alone to interpret."""

    label: str
    value: str

    def as_dict(self) -> dict[str, str]:
        return {"label": self.label, "value": self.value}


def topic_choice(label: str, topic: str) -> Choice:
    return Choice(label, f"topic:{topic}")


def detail_choice(label: str, field: str, value: str) -> Choice:
    return Choice(label, f"detail:{field}={value}")


HUMAN = Choice("Parler à une personne", "talk:humain")


# The engine's payload once a document has been received.
DOCUMENT_PAYLOAD = "/document_recu"


def choice_payload(value: str) -> str:
    """The engine's payload of a choice (only the server makes payloads)."""
    return "/choisir" + json.dumps({"choix": value})


def welcome() -> Message:
    """The first message of a conversation."""
    return Message(
        "Bonjour, je suis Repère, un guide pour vos démarches de carte grise et de permis de "
        f"conduire. Je ne suis pas un site officiel : le site de l'État est {OFFICIAL_SITE}. "
        "Méfiez-vous des sites payants qui l'imitent. Mes réponses viennent de documents de "
        "2017-2018, que je cite à chaque fois. Nos échanges sont enregistrés pour suivre la "
        "conversation et vous pouvez les effacer ; ne donnez ni mot de passe ni numéro de carte "
        "bancaire. Quelle est votre question ?",
        {
            "kind": "smalltalk",
            "choices": [
                topic_choice(
                    "J'ai perdu ma carte grise, que faire ?", "etapes/duplicata"
                ).as_dict(),
                topic_choice("Comment reprendre ma démarche ?", "etapes/reprise").as_dict(),
                topic_choice(
                    "Quelles pièces pour un véhicule importé ?", "pieces/vehicule_etranger"
                ).as_dict(),
            ],
        },
    )


def sources(citations: tuple[Citation, ...]) -> list[dict[str, str]]:
    return [
        {"document": c.document, "title": c.title, "section": c.section, "period": c.period}
        for c in citations
    ]


def answer_card(answer: Answer, choices: list[Choice]) -> Card:
    """The card of an answer; sources are never empty."""
    card: Card = {"kind": "answer", "topic": answer.topic, "title": answer.title}
    if answer.steps:
        card["steps"] = [{"title": step.title, "text": step.text} for step in answer.steps]
    if answer.items:
        card["items"] = [{"label": item.label, "note": item.note} for item in answer.items]
    if answer.notes:
        card["notes"] = [note.text for note in answer.notes]
    if choices:
        card["choices"] = [choice.as_dict() for choice in choices]
    if answer.hand_over:
        card["hand_over"] = True
    card["sources"] = sources(answer.citations)
    return card


def clarify(text: str, choices: list[Choice]) -> Message:
    return Message(text, {"kind": "clarify", "choices": [choice.as_dict() for choice in choices]})


def decline(text: str, reason: str, choices: list[Choice]) -> Message:
    """``reason``: out_of_scope, not_covered or not_understood."""
    offered = [*choices, HUMAN]
    return Message(
        text,
        {"kind": "decline", "reason": reason, "choices": [choice.as_dict() for choice in offered]},
    )


def smalltalk(text: str, choices: list[Choice] | None = None) -> Message:
    card: Card = {"kind": "smalltalk"}
    if choices:
        card["choices"] = [choice.as_dict() for choice in choices]
    return Message(text, card)
