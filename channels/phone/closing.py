"""The dossier of a call: what is known of it, and how its number is given at the end."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from channels.phone import sentences
from dossiers.register import Dossiers
from dossiers.states import State, TransitionError
from dossiers.views import DossierView

_NUMBER = re.compile(
    r".*\b(?:(?:repete|redi|redonne|rappele|donne|quel|c'est quoi|note).*\b(?:numero|code)\b.*"
    r"\b(?:dossier|reprise)|(?:mon|le) (?:numero de dossier|code de reprise))\b.*"
)
_LONGEST_ASKING = 14


def card_of(message: Mapping[str, object]) -> dict[str, Any]:
    card = message.get("card")
    return dict(card) if isinstance(card, Mapping) else {}


def dossiers_of(dossiers: Dossiers, conversation: str | None) -> list[DossierView]:
    """The open dossiers of the conversation, the last touched first."""
    own = dossiers.of_conversation(conversation) if conversation else []
    return [dossier for dossier in own if not dossier.closed]


def asks_number(folded: str) -> bool:
    """« répétez le numéro du dossier »"""
    return len(folded.split()) <= _LONGEST_ASKING and _NUMBER.fullmatch(folded) is not None


def noted(
    known: dict[str, str], cards: Sequence[dict[str, Any]], dossiers: Sequence[DossierView]
) -> dict[str, str]:
    """The number, the title and, when it was just made, the code of the dossier under way."""
    if not dossiers:
        return {}
    now = dossiers[0]
    made = [card for card in cards if card.get("number") == now.number and card.get("secret")]
    kept = known.get("secret", "") if known.get("number") == now.number else ""
    return {
        "number": now.number,
        "title": now.form.title,
        "secret": made[-1]["secret"] if made else kept,
    }


def ends(cards: Sequence[dict[str, Any]]) -> bool:
    """Whether the dossier has just become complete, or was put in pause."""
    return any(card.get("ended") for card in cards)


def ending(cards: Sequence[dict[str, Any]], dossier: Mapping[str, str]) -> list[str]:
    """At the end: the number and the code dictated, and how to go on elsewhere."""
    if not dossier or not ends(cards):
        return []
    again = sentences.AGAIN if dossier["secret"] else sentences.AGAIN_NUMBER
    return [*_once(dossier), *sentences.ONLINE, again]


def dictation(dossier: Mapping[str, str]) -> list[str]:
    """The number and the code, each twice."""
    lines = [sentences.number_is(dossier["number"]), sentences.again(dossier["number"])]
    if dossier["secret"]:
        lines += [sentences.code_is(dossier["secret"]), sentences.again(dossier["secret"])]
    return [*lines, sentences.AGAIN if dossier["secret"] else sentences.AGAIN_NUMBER]


def hands_over(card: Mapping[str, Any]) -> bool:
    return card.get("kind") == "handoff" and card.get("state") == "queued"


def lost_tries(cards: Iterable[Mapping[str, Any]]) -> int:
    """How many times in a row the guide has not understood; 0 when it has."""
    lost = (card.get("misread") or card.get("reason") == "not_understood" for card in cards)
    return max(map(int, lost), default=0)


def pause(dossiers: Dossiers, conversation: str) -> None:
    """Pause what was being prepared when the call ended."""
    for dossier in dossiers_of(dossiers, conversation):
        if dossier.state is State.EN_PREPARATION:
            try:
                dossiers.move(dossier.id, State.MISE_EN_ATTENTE, "citizen", "fin de l'appel")
            except TransitionError:
                continue  # filed meanwhile: there is nothing to pause


def _once(dossier: Mapping[str, str]) -> list[str]:
    lines = [sentences.number_is(dossier["number"])]
    return [*lines, sentences.code_is(dossier["secret"])] if dossier["secret"] else lines
