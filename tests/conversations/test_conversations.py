"""Conversations written as files, run through the whole system.

A file is ``<pattern>/<what_happens>.yml``: a description, then turns. A turn is what a person types
(``user``) or takes up (``choose``, the label of a choice offered), with what is expected of the
reply, or the reason for which it is refused. Every conversation is run as written, then again with
a message that is refused (empty, or far too long) sent in its middle: nothing else changes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from repere.client import Conversation

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
FILES = sorted(FOLDER.glob("*/*.yml"))
PATTERNS = {
    "happy_path", "follow_ups", "clarifications", "digressions", "corrections", "repeat",
    "handoff", "invalid_input", "knowledge", "security", "voice", "demarches", "interruptions",
}  # fmt: skip
LONGEST_QUESTION = 600
EMPTY = ("", "est vide")
TOO_LONG = ("Ma carte grise est perdue. " * 40, "trop long")


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Several = Annotated[list[str], BeforeValidator(_as_list)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Expectation(_Model):
    """What one message of the reply must be.

    Kinds, topics, reasons, slots and démarches listed are alternatives.
    """

    kind: Several
    demarche: Several = []
    slot: Several = []
    topic: Several = []
    reason: Several = []
    text_has: Several = []
    text_lacks: Several = []
    card_has: Several = []
    choices_have: Several = []
    sources: Several = []


class Turn(_Model):
    """``expect`` describes the messages of the reply, one by one."""

    user: str | None = None
    choose: str | None = None
    refused: str | None = None
    expect: Annotated[list[Expectation], BeforeValidator(_as_list)] = []

    @model_validator(mode="after")
    def _is_whole(self) -> "Turn":
        if (self.user is None) == (self.choose is None):
            raise ValueError("a turn has either user or choose")
        if (self.refused is None) != bool(self.expect):
            raise ValueError("a turn has either expect or refused")
        return self


class Scenario(_Model):
    description: str
    turns: list[Turn] = Field(min_length=1)
    history_has: Several = []
    history_lacks: Several = []


class Talk:
    """A conversation under way, with the choices offered so far."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._offered: dict[str, str] = {}
        self._note_choices(conversation.first)

    def take(self, turn: Turn) -> None:
        """Play one turn and check its reply."""
        if turn.refused is not None:
            self.is_refused(turn.user or "", turn.refused)
            return
        if turn.choose is not None:
            assert turn.choose in self._offered, f"not offered, but {sorted(self._offered)}"
            said = self._conversation.choose(self._offered[turn.choose])
        else:
            said = self._conversation.say(turn.user or "")
        self._note_choices(said)
        assert len(said) == len(turn.expect), f"another number of messages: {_shown(said)}"
        for message, expected in zip(said, turn.expect, strict=True):
            check(message, expected)

    def is_refused(self, text: str, reason: str) -> None:
        """A message that is refused with a French reason, and leaves no trace."""
        before = self.history()
        answer = self._conversation.http.post(
            f"/api/conversations/{self._conversation.id}/messages", json={"text": text}
        )
        assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert answer.headers["content-type"] == "application/problem+json"
        assert reason in answer.json()["detail"]
        assert self.history() == before

    def history(self) -> list[dict[str, Any]]:
        answer = self._conversation.http.get(f"/api/conversations/{self._conversation.id}/messages")
        answer.raise_for_status()
        return list(answer.json()["messages"])

    def _note_choices(self, said: list[dict[str, Any]]) -> None:
        for message in said:
            for choice in (message["card"] or {}).get("choices") or []:
                self._offered[choice["label"]] = choice["value"]


def check(message: dict[str, Any], expected: Expectation) -> None:
    """Check one message of a reply against what is expected of it."""
    card = message["card"]
    seen = _shown([message])
    assert card["kind"] in expected.kind, seen
    assert not expected.topic or card["topic"] in expected.topic, seen
    assert not expected.reason or card["reason"] in expected.reason, seen
    assert not expected.demarche or card["demarche"] in expected.demarche, seen
    assert not expected.slot or card["slot"] in expected.slot, seen
    text = _plain(message["text"])
    everything = _plain(f"{message['text']} {list(_texts(card))}")
    for wanted in expected.text_has:
        assert _plain(wanted) in text, f"« {wanted} » is not in {seen}"
    for wanted in expected.card_has:
        assert _plain(wanted) in everything, f"« {wanted} » is not in {seen}"
    for unwanted in expected.text_lacks:
        assert _plain(unwanted) not in everything, f"« {unwanted} » is in {seen}"
    labels = {_plain(choice["label"]) for choice in card["choices"] or []}
    assert {_plain(label) for label in expected.choices_have} <= labels, seen
    cited = {source["document"] for source in card["sources"] or []}
    assert {DOCUMENTS[name] for name in expected.sources} <= cited, seen
    if card["kind"] == "answer":
        assert cited, f"an answer without a source: {seen}"
    if card["kind"] == "question":
        is_answerable(message, seen)


def is_answerable(message: dict[str, Any], seen: str) -> None:
    """A question is short, ends as one, and says by its card alone how to answer it."""
    card = message["card"]
    assert card["demarche"], seen
    assert card["slot"], seen
    assert card["format"], seen
    assert 0 <= card["progress"]["done"] <= card["progress"]["total"], seen
    assert card["choices"] or card["format"] != "choice", seen
    assert message["text"].endswith("?"), seen
    assert len(message["text"]) <= LONGEST_QUESTION, seen


def _documents() -> dict[str, str]:
    content = yaml.safe_load((ROOT / "knowledge" / "documents.yml").read_text(encoding="utf-8"))
    return {document["id"]: document["file"] for document in content["documents"]}


DOCUMENTS = _documents()


def _plain(text: str) -> str:
    """A text without the differences that typography makes."""
    return " ".join(text.replace("’", "'").casefold().split())


def _texts(card: dict[str, Any]) -> Iterator[str]:
    """What a card shows besides the message: steps, items, notes."""
    for step in card["steps"] or []:
        yield f"{step['title']} {step['text']}"
    for item in card["items"] or []:
        yield f"{item['label']} {item['note']}"
    yield from card["notes"] or []


def _shown(said: list[dict[str, Any]]) -> str:
    """The messages of a reply as a failed test shows them."""
    lines = []
    for message in said:
        card = message["card"] or {}
        what = ", ".join(str(card[key]) for key in ("kind", "topic", "reason") if card.get(key))
        offered = [choice["label"] for choice in card.get("choices") or []]
        lines.append(f"[{what}] {message['text']} {offered or ''}")
    return "\n".join(lines)


def _read(path: Path) -> Scenario:
    return Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_conversation(path: Path, conversation: Conversation) -> None:
    """The conversation goes as its file says, to the history that it leaves."""
    scenario = _read(path)
    talk = Talk(conversation)
    for turn in scenario.turns:
        talk.take(turn)
    kept = talk.history()
    assert [message["seq"] for message in kept] == list(range(1, len(kept) + 1))
    whole = _plain(str([(m["text"], m["card"]) for m in kept]))
    for wanted in scenario.history_has:
        assert _plain(wanted) in whole
    for unwanted in scenario.history_lacks:
        assert _plain(unwanted) not in whole


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_interrupted(path: Path, conversation: Conversation) -> None:
    """Refused messages in the middle change nothing: the conversation goes on."""
    turns = _read(path).turns
    middle = len(turns) // 2
    talk = Talk(conversation)
    for turn in turns[:middle]:
        talk.take(turn)
    for interruption in (EMPTY, TOO_LONG):
        talk.is_refused(*interruption)
    for turn in turns[middle:]:
        talk.take(turn)


def test_every_pattern_has_conversations() -> None:
    """The folder keeps its patterns, and no file lies outside them."""
    assert {path.parent.name for path in FILES} == PATTERNS
