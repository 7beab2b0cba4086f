"""What the guide says: a text that stands alone, and a card. The contract of every channel.

Cards are one union, told apart by ``kind`` and checked where they leave (the API) and where they
are made (here): the telephone and the desk read their fields, and never guess back from French.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from knowledge.query import Answer, Citation

OFFICIAL_SITE = "immatriculation.ants.gouv.fr"
# In place of a resume code, which the channel makes when it tells it, and which nothing keeps.
CODE_TO_COME = "••••-••••"
# The engine's payload once a document has been received.
DOCUMENT_PAYLOAD = "/document_recu"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Part):
    """A choice offered: ``value`` is for the server alone to interpret."""

    label: str
    value: str


class Source(_Part):
    document: str
    title: str
    section: str
    period: str


class Step(_Part):
    title: str
    text: str


class Item(_Part):
    label: str
    note: str


class Progress(_Part):
    """How many of the questions and pièces are done, and how many there are."""

    done: int
    total: int


class Line(_Part):
    """An answer of the recap: the field, its label, its value as it is shown."""

    slot: str
    label: str
    value: str


class PieceLine(_Part):
    """A pièce of a dossier and its state (``dossiers.views.PieceState``)."""

    id: str
    label: str
    state: str


class Download(_Part):
    label: str
    url: str


class _Shown(_Part):
    """What any card may show."""

    topic: str | None = None
    title: str | None = None
    steps: list[Step] | None = None
    items: list[Item] | None = None
    notes: list[str] | None = None
    choices: list[Choice] | None = None
    sources: list[Source] | None = None
    # Why the guide declines; kept here so that clients read it on any card.
    reason: Literal["out_of_scope", "not_covered", "not_understood"] | None = None


class AnswerCard(_Shown):
    """An answer from a sheet or a passage; its sources are never empty.

    ``hand_over``: the sheet asks that a person takes over.
    """

    kind: Literal["answer"] = "answer"
    hand_over: bool | None = None


class ClarifyCard(_Shown):
    """Something that changes what follows is missing: choices."""

    kind: Literal["clarify"] = "clarify"


class QuestionCard(_Shown):
    """A field of a démarche, or another thing that it waits for.

    ``misread``: how many times in a row the answer was not read.
    """

    kind: Literal["question"] = "question"
    demarche: str
    slot: str
    format: str
    progress: Progress
    help: str | None = None
    misread: int | None = None


class RecapCard(_Shown):
    """Everything answered, each line correctable, before the conditions are accepted.

    ``lead``: what is said before the lines, which the telephone reads apart.
    """

    kind: Literal["recap"] = "recap"
    demarche: str
    slot: str
    fields: list[Line]
    pieces: list[PieceLine]
    progress: Progress
    lead: str | None = None
    misread: int | None = None


class DossierCard(_Shown):
    """The state of a dossier; ``secret`` only where it has just been made.

    ``ended``: the dossier has just become complete, or was put aside: its number matters now.
    """

    kind: Literal["dossier"] = "dossier"
    number: str
    demarche: str
    status: str
    next: str
    downloads: list[Download]
    progress: Progress
    secret: str | None = None
    pieces: list[PieceLine] | None = None
    ended: bool | None = None


class DeclineCard(_Shown):
    """Not in the documents, or not understood: ``reason`` says which."""

    kind: Literal["decline"] = "decline"
    reason: Literal["out_of_scope", "not_covered", "not_understood"]


class HandoffCard(_Shown):
    """To or from a person; ``place`` in the queue (1 is next), whether an agent is there."""

    kind: Literal["handoff"] = "handoff"
    state: Literal["queued", "agent", "closed"]
    place: int | None = None
    available: bool | None = None


class SmalltalkCard(_Shown):
    """A greeting, thanks, a word in passing.

    ``wants``: what the telephone is to do next (a dossier is to be named by voice).
    """

    kind: Literal["smalltalk"] = "smalltalk"
    wants: Literal["dossier_number"] | None = None


Card = Annotated[
    AnswerCard
    | ClarifyCard
    | QuestionCard
    | RecapCard
    | DossierCard
    | DeclineCard
    | HandoffCard
    | SmalltalkCard,
    Field(discriminator="kind"),
]
_ANY_CARD: TypeAdapter[Card] = TypeAdapter(Card)


class Message(BaseModel):
    """What is said at once: the text says the essential without the card."""

    model_config = ConfigDict(frozen=True)

    text: str
    card: Card | None = None

    def __init__(self, text: str, card: Card | None = None) -> None:
        super().__init__(text=text, card=card)

    @property
    def choices(self) -> list[Choice]:
        return list((self.card.choices if self.card else None) or [])

    def showing(self, **fields: Any) -> "Message":
        """The same message, other things on its card."""
        assert self.card is not None
        return Message(self.text, self.card.model_copy(update=fields))

    def saying(self, text: str) -> "Message":
        """The same card under another text."""
        return Message(text, self.card)

    def stored_card(self) -> dict[str, Any] | None:
        """The card as it is kept and sent between our processes: without what it lacks."""
        return None if self.card is None else self.card.model_dump(exclude_none=True)

    def as_dict(self) -> dict[str, Any]:
        return {"text": self.text, "card": self.stored_card()}

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Message":
        """A message that ``as_dict`` wrote. Raises pydantic.ValidationError."""
        card = said.get("card")
        return cls(said["text"], None if card is None else _ANY_CARD.validate_python(card))


def topic_choice(label: str, topic: str) -> Choice:
    return Choice(label=label, value=f"topic:{topic}")


def detail_choice(label: str, field: str, value: str) -> Choice:
    return Choice(label=label, value=f"detail:{field}={value}")


HUMAN = Choice(label="Parler à une personne", value="talk:humain")


def choice_payload(value: str) -> str:
    """The engine's payload of a choice (only the server makes payloads)."""
    return "/choisir" + json.dumps({"choix": value})


def sources(citations: tuple[Citation, ...]) -> list[Source]:
    return [
        Source(document=c.document, title=c.title, section=c.section, period=c.period)
        for c in citations
    ]


def answer_card(answer: Answer, choices: list[Choice]) -> AnswerCard:
    """The card of an answer."""
    steps = [Step(title=step.title, text=step.text) for step in answer.steps]
    items = [Item(label=item.label, note=item.note) for item in answer.items]
    return AnswerCard(
        topic=answer.topic,
        title=answer.title,
        steps=steps or None,
        items=items or None,
        notes=[note.text for note in answer.notes] or None,
        choices=choices or None,
        hand_over=True if answer.hand_over else None,
        sources=sources(answer.citations),
    )


def clarify(text: str, choices: list[Choice]) -> Message:
    return Message(text, ClarifyCard(choices=choices))


def decline(
    text: str,
    reason: Literal["out_of_scope", "not_covered", "not_understood"],
    choices: list[Choice],
) -> Message:
    return Message(text, DeclineCard(reason=reason, choices=[*choices, HUMAN]))


def smalltalk(text: str, choices: list[Choice] | None = None) -> Message:
    return Message(text, SmalltalkCard(choices=choices or None))
