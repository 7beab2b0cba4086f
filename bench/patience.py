"""Sending again what had no answer: what a citizen's page does, by the same client id."""

import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx

from repere.client import Conversation

RETRY_SECONDS = 0.5
GIVEN_UP_SECONDS = 300
TRY_AGAIN = frozenset({409, 429, 502, 503, 504})


def until_answered[T](act: Callable[[], T], again: Callable[[], None] = lambda: None) -> T:
    """What ``act`` returns once Repère answers; ``again`` is told of every other try.

    Raises RuntimeError when it is refused, TimeoutError when nothing answers.
    """
    started = time.monotonic()
    while True:
        try:
            return act()
        except httpx.HTTPStatusError as error:
            if error.response.status_code not in TRY_AGAIN:
                raise RuntimeError(error.response.text) from error
        except httpx.TransportError:
            pass
        if time.monotonic() - started > GIVEN_UP_SECONDS:
            raise TimeoutError("nothing answers")
        again()
        time.sleep(RETRY_SECONDS)


def send(
    conversation: Conversation, body: dict[str, Any], again: Callable[[], None] = lambda: None
) -> list[dict[str, Any]]:
    """The messages in answer to one message, sent as often as it must be."""
    named = {**body, "client_id": secrets.token_hex(8)}
    return until_answered(lambda: conversation.send(named), again)
