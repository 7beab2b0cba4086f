"""What an act is about, beside what it is: the démarche wished, the number or status reported."""

import re

import french
from bot.dialogue import values
from bot.dialogue.acts import Act, Kind, Value
from bot.dialogue.scene import Hands, Scene
from bot.dialogue.table import said_whole
from bot.questions import outcomes
from bot.questions.decision import decide
from dossiers.states import TEXTS, State
from french.reading import Context

SURE = 0.5  # an act this probable is taken as such
TALK_SURE = 0.6  # a question on the guide itself, this probable, is one
# Talk intents of the questions' model, and the acts they are.
TALK = {
    "saluer": Kind.COURTESY,
    "remercier": Kind.COURTESY,
    "au_revoir": Kind.PAUSE,
    "compliment": Kind.COURTESY,
    "humain": Kind.PERSON,
    "detresse": Kind.PERSON,
    "repeter": Kind.REPEAT,
    "reformuler": Kind.HELP,
    "plainte_bot": Kind.HELP,
    "reprendre_dossier": Kind.RESUME,
    "aide": Kind.TALK,
    "identite": Kind.TALK,
    "donnees": Kind.TALK,
    "insulte": Kind.TALK,
    "injection": Kind.TALK,
    "autre_langue": Kind.TALK,
    "recommencer": Kind.TALK,
}


def act_of(hands: Hands, scene: Scene, kind: Kind, sure: float) -> Act:
    """An act that gives no value, with what else it is about."""
    detail = ""
    if kind is Kind.COURTESY:
        detail = scene.heard.whole.best
    elif kind in (Kind.BEGIN, Kind.NEXT):
        detail = _wished(hands, scene)
    elif kind is Kind.NUMBER:
        detail = site_number(scene.heard.text)
    elif kind is Kind.SITE_STATUS:
        detail = _site_status(hands, scene)
    elif kind is Kind.LACK and scene.now.champ is not None:
        without = values.without_it(scene, scene.now.champ, scene.heard.text)
        if without is not None:
            return Act(Kind.ANSWER, values=(without,))
    if sure < SURE and scene.now.champ is not None:
        read = values.asked(scene, scene.now.champ, scene.heard.text)
        if isinstance(read, Value) and not read.doubt:
            return Act(Kind.ANSWER, values=(read,))
    return Act(kind, sure, detail=detail, binds=said_whole(scene.now.stage, kind, scene.heard))


def about_the_guide(scene: Scene) -> Act | None:
    """A question on the guide itself (who it is, what it keeps), which no act but talk is."""
    whole = scene.heard.whole
    kind = TALK.get(whole.best)
    if kind is not Kind.TALK or whole.confidence < TALK_SURE or whole.similarity < TALK_SURE:
        return None
    return Act(Kind.TALK, whole.confidence, detail=whole.best)


def _wished(hands: Hands, scene: Scene) -> str:
    """The démarches that a wish names, one space between them; "" when it names none."""
    decisions = decide(scene.heard, scene.talk.focus, hands.base, wish=True)
    for decision in decisions:
        if isinstance(decision, outcomes.Begin):
            return decision.demarche
        if isinstance(decision, outcomes.AskWhichToBegin):
            return " ".join(decision.demarches)
    return ""


_NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9]|[ ./_-](?=[A-Z0-9]*\d)){2,38}", re.IGNORECASE)
_LEAST_DIGITS = 3


def site_number(text: str) -> str:
    """The number that a message gives of a démarche: its longest run of figures."""
    found = [
        " ".join(match.group().upper().split())
        for match in _NUMBER.finditer(text)
        if sum(char.isdigit() for char in match.group()) >= _LEAST_DIGITS
    ]
    plates = {spot.value for spot in french.find("plate", text)}
    kept = [one for one in found if one not in plates]
    return max(kept, key=len, default="")


def named_status(scene: Scene) -> str:
    """The status of the site that a message names, alone and undenied."""
    choices = tuple(
        french.Choice(str(state), TEXTS[state].title) for state in State if TEXTS[state].sheet
    )
    spots = french.kind("choice").find(scene.heard.text, Context(scene.today, choices=choices))
    named = {spot.value for spot in spots if not spot.denied}
    return named.pop() if len(named) == 1 else ""


def _site_status(hands: Hands, scene: Scene) -> str:
    """The status told, by its title or by the sheet of the status that the message speaks of."""
    named = named_status(scene)
    if named:
        return named
    subjects = scene.heard.whole.subjects
    best = max(
        ((subjects.get(TEXTS[s].sheet or "", 0.0), s) for s in State if TEXTS[s].sheet),
        key=lambda pair: pair[0],
    )
    return str(best[1]) if best[0] >= SURE else ""
