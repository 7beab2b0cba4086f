"""Calls of the public API, whatever comes back."""

import re
from typing import Any

import httpx

from repere.client import Conversation

PROBLEM = "application/problem+json"


def post(conversation: Conversation, **request: Any) -> httpx.Response:
    """One message sent, whatever comes back."""
    return conversation.http.post(f"/api/conversations/{conversation.id}/messages", **request)


def history(conversation: Conversation, **query: Any) -> dict[str, Any]:
    answer = conversation.http.get(
        f"/api/conversations/{conversation.id}/messages", params=query or None
    )
    answer.raise_for_status()
    return dict(answer.json())


def assert_problem(answer: httpx.Response, status: int) -> str:
    """The answer is an RFC 9457 document in French; its detail."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert re.search(r"\b(le|la|les|est|pas|un|une|de|votre|cette|dans)\b", body["detail"])
    return str(body["detail"])
