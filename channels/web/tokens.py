"""Conversation tokens: signed by the server, valid for one conversation and for some days."""

from itsdangerous import BadSignature, URLSafeTimedSerializer


class Tokens:
    """Makes and checks the bearer tokens of conversations."""

    def __init__(self, secret: str, days: int) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt="conversation")
        self._seconds = days * 24 * 3600

    def make(self, conversation: str) -> str:
        return str(self._serializer.dumps(conversation))

    def opens(self, token: str, conversation: str) -> bool:
        """Whether the token is ours, fresh enough, and of this conversation."""
        try:
            return bool(self._serializer.loads(token, max_age=self._seconds) == conversation)
        except BadSignature:
            return False
