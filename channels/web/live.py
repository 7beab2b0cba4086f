"""What happens in a conversation, as it happens: its events, who is writing."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from channels.conversations import Conversations
from channels.live import Live
from channels.web.access import authorised
from channels.web.problems import problems
from channels.web.tokens import Tokens

MOST = 2**31 - 1


def router(conversations: Conversations, live: Live, tokens: Tokens) -> APIRouter:
    """The routes that let a page follow a conversation without asking again and again."""
    api = APIRouter(prefix="/api/conversations/{conversation}", tags=["conversations"])
    owner = authorised(tokens)

    async def existing(conversation: Annotated[str, owner]) -> str:
        await conversations.history(conversation, MOST)
        return conversation

    @api.get("/events", response_class=EventSourceResponse, responses=problems(401, 404, 422))
    async def events(
        conversation: Annotated[str, Depends(existing)],
        after: Annotated[int, Query(ge=0, le=MOST, description="Last seq already known")] = 0,
        last_event_id: Annotated[
            int | None, Header(ge=0, le=MOST, description="The same, for who connects again")
        ] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """Server-sent events, until the conversation is erased.

        `message` (its id is the seq) holds a message as the history does; `owner` says who answers,
        `{"owner": "bot|queue|agent", "name"}`, first when one connects; `typing` says whether the
        agent is writing, `{"author": "agent", "typing": true}`. A comment comes when nothing does.
        """
        known = after if last_event_id is None else last_event_id
        async with aclosing(live.changes(conversation, known)) as changes:
            async for change in changes:
                if change.kind == "delivered" or (
                    change.kind == "typing" and change.data["author"] == "user"
                ):
                    continue
                seq = None if change.seq is None else str(change.seq)
                yield ServerSentEvent(event=change.kind, data=change.data, id=seq)
                if change.kind == "message" and change.data["author"] == "agent":
                    await conversations.delivered(conversation, change.data["seq"])

    @api.post("/typing", status_code=204, responses=problems(401, 404, 422))
    async def typing(conversation: Annotated[str, owner]) -> None:
        """The person is writing: it is shown to the agent for some seconds."""
        await conversations.person_types(conversation)

    return api
