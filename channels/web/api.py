"""The public web API: conversations and their messages (design's contract)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from bot.messages import Card
from channels.conversations import Conversations
from channels.incoming import Incoming
from channels.web.access import authorised
from channels.web.problems import problems
from channels.web.tokens import Tokens


class Message(BaseModel):
    """A message of a conversation: the text says the essential without the card."""

    seq: int
    author: Literal["user", "bot", "agent", "system"]
    at: str
    text: str
    card: Card | None
    client_id: str | None = Field(
        None, exclude_if=lambda v: v is None, description="The client's id of a person's message"
    )
    sender: str | None = Field(
        None, exclude_if=lambda v: v is None, description="The name of the agent who wrote it"
    )


# What this server can do besides messages; a client does without what is absent.
Features = list[Literal["events", "feedback"]]
FEATURES: Features = ["events", "feedback"]


class Started(BaseModel):
    conversation: str
    token: str
    messages: list[Message]
    features: Features = FEATURES


class Replies(BaseModel):
    messages: list[Message]


class History(BaseModel):
    messages: list[Message]
    owner: Literal["bot", "queue", "agent"]
    features: Features = FEATURES


class NewConversation(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewMessage(BaseModel):
    """Either a text typed by the person, or the value of a choice that was offered."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str | None, Field(max_length=20_000, description="500 characters at most")] = (
        None
    )
    choice: Annotated[str | None, Field(max_length=120)] = None
    client_id: Annotated[
        str | None,
        Field(
            pattern=r"^[\x21-\x7e]{1,64}$",
            description="The client's id of this message: a repeat is answered with the same reply",
        ),
    ] = None


def router(conversations: Conversations, tokens: Tokens) -> APIRouter:
    """The routes of the API over the given conversations."""
    api = APIRouter(prefix="/api/conversations", tags=["conversations"])

    owner = authorised(tokens)

    @api.post("", status_code=201, responses=problems(400, 413, 415, 422))
    async def start(_: NewConversation, request: Request) -> Started:
        """Begin a conversation: its id, its token, the guide's first message."""
        require_json(request)
        conversation, messages = await conversations.start("web")
        return Started.model_validate(
            {
                "conversation": conversation,
                "token": tokens.make(conversation),
                "messages": messages,
            }
        )

    @api.post(
        "/{conversation}/messages", responses=problems(400, 401, 404, 409, 413, 415, 422, 503)
    )
    async def send(
        conversation: Annotated[str, owner], message: NewMessage, request: Request
    ) -> Replies:
        """Send a text or a choice; the bot's messages of this turn come back."""
        require_json(request)
        incoming = Incoming(message.text, message.choice, message.client_id)
        return Replies.model_validate(
            {"messages": await conversations.turn(conversation, incoming)}
        )

    @api.get("/{conversation}/messages", responses=problems(401, 404, 422))
    async def history(
        conversation: Annotated[str, owner],
        after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Last seq already known")] = 0,
    ) -> History:
        """The messages after a seq, and who owns the conversation."""
        owner, messages = await conversations.history(conversation, after)
        if any(message["author"] == "agent" for message in messages):
            await conversations.delivered(conversation, messages[-1]["seq"])
        return History.model_validate({"messages": messages, "owner": owner})

    @api.delete("/{conversation}", status_code=204, responses=problems(401, 404, 422, 503))
    async def erase(conversation: Annotated[str, owner]) -> None:
        """Erase the conversation and everything in it."""
        await conversations.erase(conversation)

    return api


def require_json(request: Request) -> None:
    """A browser form cannot send JSON: refusing the rest keeps other sites' forms out."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "Envoyez du JSON (Content-Type: application/json).")
