"""Hearing while nothing is filled: questions, offers taken up, what the site did, wishes."""

from bot.dialogue.about import (
    SURE,
    TALK,
    TALK_SURE,
    about_the_guide,
    act_of,
    named_status,
    site_number,
)
from bot.dialogue.acts import Act, Kind
from bot.dialogue.hear import BESIDE, CLAUSE_SURE, confirmation_of, likeliest
from bot.dialogue.offers import taken
from bot.dialogue.scene import Hands, Scene
from bot.dialogue.stages import Stage
from bot.dialogue.table import said_whole
from french.questions import is_question
from knowledge.query import split_topic

GUIDE_SURE = 0.9  # a question that is surely on the guide itself is none on the documents


def hear_idly(hands: Hands, scene: Scene) -> list[Act]:
    """The acts of a message at a stage where no dossier is filled; never empty."""
    if scene.now.stage is Stage.CONFIRM:
        return [Act(confirmation_of(scene) or Kind.UNCLEAR, binds=True)]
    if scene.now.stage is Stage.REPLY:
        return _replying(hands, scene)
    awaited = scene.now.stage in (Stage.NUMBER, Stage.STATUS)
    return (_awaited(hands, scene) if awaited else []) or _talking(hands, scene)


def _talking(hands: Hands, scene: Scene) -> list[Act]:
    heard = scene.heard
    best, sure = likeliest(hands, scene)
    talk = about_the_guide(scene)
    if talk is not None and (best is not Kind.ASK or talk.sure >= GUIDE_SURE):
        return [talk]
    offered = taken(heard, scene.talk.focus.offered, best)
    if offered is not None:
        return [Act(Kind.ANSWER, detail=offered)]
    if best in _OF_DOSSIERS and sure >= SURE and scene.own:
        return [act_of(hands, scene, best, sure)]
    intent = heard.whole.best
    about = TALK.get(intent)
    if about is not None and heard.whole.confidence >= SURE and best is not Kind.ASK:
        if about is Kind.PERSON and best is not Kind.PERSON:
            return [Act(Kind.ASK)]
        return [Act(about, sure, detail=intent, binds=said_whole(scene.now.stage, about, heard))]
    if best is Kind.HOLD and "/" in intent and heard.whole.confidence > max(sure, TALK_SURE):
        return [Act(Kind.ASK)]  # « ma demande est en attente », to whom nothing was asked
    if best in _ANYTIME and sure >= SURE:
        return [act_of(hands, scene, best, sure)]
    wished = act_of(hands, scene, Kind.BEGIN, sure)
    begins = split_topic(intent)[0] == "demarrer" and not is_question(heard.text)
    # « pourriez-vous la préparer avec moi ? » asks for it, though it is a question.
    asks_for_it = heard.binds.get("open", 0.0) >= SURE
    likely = (
        best is Kind.BEGIN and sure >= CLAUSE_SURE and (asks_for_it or (begins and wished.detail))
    )
    # A likely wish is asked in so many words; a vaguer one is answered, with the offer to begin.
    return [wished if wished.binds or likely else Act(Kind.ASK)]


# Acts that concern the dossiers of the conversation, where there are some.
_OF_DOSSIERS = frozenset(
    {
        Kind.FILED, Kind.PAID, Kind.NUMBER, Kind.SITE_STATUS, Kind.STATUS, Kind.UNDO,
        Kind.RECAP_PDF, Kind.NEW_CODE, Kind.CORRECT, Kind.BACK, Kind.RESUME, Kind.NEXT,
    }
)  # fmt: skip
_ANYTIME = frozenset(
    {
        Kind.PERSON, Kind.AFFIRM, Kind.DENY, Kind.ACCEPT, Kind.RESUME, Kind.COURTESY, Kind.HOLD,
        Kind.PAUSE, Kind.CANCEL, Kind.REPEAT,
    }
)  # fmt: skip


def _awaited(hands: Hands, scene: Scene) -> list[Act]:
    """The number or the status that was asked for, when the message gives it."""
    best, _ = likeliest(hands, scene)
    if best in BESIDE or "?" in scene.heard.text:
        return []
    if scene.now.stage is Stage.NUMBER:
        number = site_number(scene.heard.text)
        if number:
            return [Act(Kind.NUMBER, detail=number)]
    status = named_status(scene)
    if status:
        return [Act(Kind.SITE_STATUS, detail=status)]
    if best in (Kind.ASK, Kind.BEGIN):
        return []
    kept = best in _OF_DOSSIERS | _ANYTIME | {Kind.LACK, Kind.SKIP, Kind.HELP, Kind.WHERE}
    if not kept:
        return [Act(Kind.UNCLEAR)]
    return [Act(best, binds=said_whole(scene.now.stage, best, scene.heard))]


def _replying(hands: Hands, scene: Scene) -> list[Act]:
    """What is said to the agent goes to the agent; a question to the guide is answered by it."""
    best, sure = likeliest(hands, scene)
    if best is Kind.ASK and not ("?" in scene.heard.text and sure >= SURE):
        return [Act(Kind.ANSWER)]
    return [act_of(hands, scene, best, sure)]
