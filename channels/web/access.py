"""Who may reach a conversation: the bearer of its token."""

from typing import Annotated, Any

from fastapi import Depends, Path
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from channels.web.tokens import Tokens

ConversationId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="Server-made id.")]
_bearer = HTTPBearer(auto_error=False, description="The conversation's token.")


def authorised(tokens: Tokens) -> Any:
    """A dependency: the id of the conversation, once its token is checked."""

    def check(
        conversation: ConversationId,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> str:
        if credentials is None or not tokens.opens(credentials.credentials, conversation):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        return conversation

    return Depends(check)
