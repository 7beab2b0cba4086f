"""The public API as a script of replies, put between a page and the running Repère.

It lets the widget meet what the engine says seldom or not yet: every kind of card, an agent, a
network that fails half-way, a hostile answer. The files and their headers are the real ones.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Request, Route

Card = dict[str, Any]
Reply = list[tuple[str, Card | None]]
TOKEN = "a-token"

WELCOME: tuple[str, Card | None] = (
    "Bonjour, je suis Repère. Quelle est votre question ?",
    {
        "kind": "smalltalk",
        "choices": [
            {"label": "J'ai perdu ma carte grise", "value": "topic:etapes/duplicata"},
            {"label": "Quelles pièces ?", "value": "topic:pieces/vehicule_etranger"},
        ],
    },
)


def refused(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """A problem document as an answer to a request."""
    body = {"type": "about:blank", "title": "Erreur", "status": status, "detail": detail, **more}
    return {"status": status, "content_type": "application/problem+json", "body": json.dumps(body)}


@dataclass
class ScriptedApi:
    """One conversation kept in memory; ``reply`` says what is answered to each message."""

    reply: Callable[[str, str | None], Reply]
    messages: list[dict[str, Any]] = field(default_factory=list)
    owner: str = "bot"
    features: list[str] = field(default_factory=list)
    conversation: str = "0" * 32
    started: int = 0
    erased: bool = False
    # What to do instead of answering, one per POST to come: "drop" (the network fails before),
    # "lose" (it fails after the message was stored) or a prepared answer.
    mishaps: list[Any] = field(default_factory=list)
    upload_answers: list[dict[str, Any]] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    events: list[tuple[str, Any]] | None = None
    stored: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    after_upload: Callable[[str], Reply] = lambda _: []
    # What is found of the documents to come: their state, why they are hard to read.
    judged: list[tuple[str, list[str]]] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> "ScriptedApi":
        context.route(re.compile(r"/api/conversations"), self._handle)
        context.route("**/recap.pdf", self._recap)
        return self

    def add(self, author: str, text: str, card: Card | None = None, **more: str) -> dict[str, Any]:
        message = {
            "seq": len(self.messages) + 1,
            "author": author,
            "at": "2026-03-12T09:41:00.000Z",
            "text": text,
            "card": card,
            **more,
        }
        self.messages.append(message)
        return message

    def texts(self, author: str) -> list[str]:
        return [message["text"] for message in self.messages if message["author"] == author]

    def _handle(self, route: Route) -> None:
        request = route.request
        path = request.url.split("/api/conversations", 1)[1].partition("?")[0]
        end = path.rpartition("/")[2] if path.count("/") > 1 else ""
        if request.method == "OPTIONS":
            self._answer(route, {"status": 204})
        elif path == "":
            self._start(route)
        elif self.erased or self.conversation not in path:
            self._answer(route, refused(404, "Cette conversation n'existe pas."))
        elif request.headers.get("authorization") != f"Bearer {TOKEN}":
            self._answer(route, refused(401, "Le jeton est absent ou faux."))
        elif request.method == "DELETE":
            self.erased = True
            self._answer(route, {"status": 204})
        else:
            getattr(self, f"_{end}")(route, request)

    def _start(self, route: Route) -> None:
        self.started += 1
        self.erased = False
        self.conversation = f"{self.started:032x}"
        self.messages = []
        self.stored = {}
        first = self.add("bot", *WELCOME)
        body = {"conversation": self.conversation, "token": TOKEN, "messages": [first]}
        self._json(route, {**body, "features": self.features}, 201)

    def _messages(self, route: Route, request: Request) -> None:
        if request.method == "GET":
            after = int(request.url.rpartition("after=")[2])
            known = [message for message in self.messages if message["seq"] > after]
            body = {"messages": known, "owner": self.owner, "features": self.features}
            self._json(route, body)
            return
        mishap = self.mishaps.pop(0) if self.mishaps else None
        if mishap == "drop":
            route.abort("connectionreset")
            return
        if isinstance(mishap, dict):
            self._answer(route, mishap)
            return
        replies = self._turn(request.post_data_json)
        if mishap == "lose":
            route.abort("connectionreset")
            return
        self._json(route, {"messages": replies})

    def _turn(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        self.sent.append(body)
        known = self.stored.get(body["client_id"])
        if known is not None:
            return known
        choice = body.get("choice")
        text = body.get("text") or self._label(choice)
        self.add("user", text)
        replies = [self.add("bot", *said) for said in self.reply(text, choice)]
        self.stored[body["client_id"]] = replies
        return replies

    def _label(self, value: str | None) -> str:
        for message in reversed(self.messages):
            for choice in (message["card"] or {}).get("choices", []):
                if choice["value"] == value:
                    return str(choice["label"])
        raise AssertionError(f"a choice that was not offered: {value}")

    def _events(self, route: Route, _: Request) -> None:
        if self.events is None:
            self._answer(route, refused(404, "Introuvable."))
            return
        lines = [f"event: {kind}\ndata: {json.dumps(data)}\n\n" for kind, data in self.events]
        self.events = []
        body = ": bonjour\n\n" + "".join(lines)
        self._answer(route, {"status": 200, "content_type": "text/event-stream", "body": body})

    def _files(self, route: Route, request: Request) -> None:
        body = (request.post_data_buffer or b"").decode("latin-1")
        self.uploads.append(body)
        answer = self.upload_answers.pop(0) if self.upload_answers else None
        if answer is not None:
            self._answer(route, answer)
            return
        state, warnings = self.judged.pop(0) if self.judged else ("sent", [])
        attachment = {"id": "f1", "piece": "declaration_vol", "state": state, "warnings": warnings}
        replies = [self.add("bot", *said) for said in self.after_upload(state)]
        self._json(route, {"attachment": attachment, "messages": replies}, 201)

    def _feedback(self, route: Route, request: Request) -> None:
        self.feedback.append(request.post_data_json)
        self._answer(route, {"status": 204})

    def _recap(self, route: Route) -> None:
        if route.request.headers.get("authorization") != f"Bearer {TOKEN}":
            self._answer(route, refused(401, "Le jeton est absent ou faux."))
            return
        headers = {"Content-Disposition": 'attachment; filename="recapitulatif.pdf"'}
        self._answer(route, {"status": 200, "body": "%PDF-1.4", "headers": headers})

    def _json(self, route: Route, body: Any, status: int = 200) -> None:
        answer = {"status": status, "content_type": "application/json", "body": json.dumps(body)}
        self._answer(route, answer)

    def _answer(self, route: Route, answer: dict[str, Any]) -> None:
        allowed = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
            "Access-Control-Allow-Methods": "GET, POST, DELETE",
        }
        content_type = answer.get("content_type")
        named = {"Content-Type": content_type} if content_type else {}
        headers = {**allowed, **answer.get("headers", {}), **named}
        route.fulfill(status=answer["status"], body=answer.get("body", ""), headers=headers)
