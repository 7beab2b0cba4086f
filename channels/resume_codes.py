"""Resume codes, told once: neither the engine nor the history ever holds one.

The guide's message has a mark where the code goes. The code is made as the reply leaves, and this
process remembers it a while, so that a reply lost on its way can be sent again the same.
"""

from collections import OrderedDict
from typing import Any

from bot.messages import CODE_TO_COME, DossierCard, Message
from dossiers.ledger import UnknownDossierError
from dossiers.register import Dossiers

REMEMBERED = 1000


class ResumeCodes:
    """Puts codes into the messages that wait for one."""

    def __init__(self, dossiers: Dossiers) -> None:
        self._dossiers = dossiers
        self._told: OrderedDict[tuple[str, int], str] = OrderedDict()

    def told(self, conversation: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The messages as the person receives them: stored ones, with the codes to come."""
        return [self._with_code(conversation, message) for message in messages]

    def _with_code(self, conversation: str, message: dict[str, Any]) -> dict[str, Any]:
        card = message["card"] or {}
        if CODE_TO_COME not in message["text"] or "number" not in card:
            return message
        place = (conversation, int(message["seq"]))
        code = self._told.get(place) or self._made(card["number"])
        if code is None:
            return message
        self._told[place] = code
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        text = message["text"].replace(CODE_TO_COME, code)
        return {**message, "text": text, "card": {**card, "secret": code}}

    def _made(self, number: str) -> str | None:
        try:
            dossier = self._dossiers.numbered(number)
        except UnknownDossierError:
            return None  # erased between the reply and its sending
        return self._dossiers.new_secret(dossier.id, "system")


def kept(said: Message) -> Message:
    """A message as it is stored: a code to come is no code."""
    to_come = isinstance(said.card, DossierCard) and said.card.secret == CODE_TO_COME
    return said.showing(secret=None) if to_come else said
