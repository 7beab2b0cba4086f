"""Opinions on answers, given by the person who asked."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from channels.feedback import Feedbacks
from channels.web.access import authorised
from channels.web.api import require_json
from channels.web.problems import problems
from channels.web.tokens import Tokens


class NewFeedback(BaseModel):
    """Whether a message of the guide helped; why not, in 500 characters at most."""

    model_config = ConfigDict(extra="forbid")

    seq: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]
    useful: StrictBool
    reason: Annotated[
        str | None, Field(max_length=20_000, description="500 characters at most")
    ] = None


def router(feedbacks: Feedbacks, tokens: Tokens) -> APIRouter:
    """The route that keeps what people think of answers."""
    api = APIRouter(prefix="/api/conversations/{conversation}", tags=["conversations"])
    owner = authorised(tokens)

    @api.post("/feedback", status_code=204, responses=problems(400, 401, 404, 413, 415, 422))
    async def give(
        conversation: Annotated[str, owner], feedback: NewFeedback, request: Request
    ) -> None:
        """Say whether a message of the guide helped; said again, it replaces what was said."""
        require_json(request)
        await feedbacks.give(conversation, feedback.seq, feedback.useful, feedback.reason)

    return api
