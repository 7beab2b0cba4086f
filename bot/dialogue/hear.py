"""Hearing: one reading of a message in its place gives its acts. Nothing else reads raw text.

What a message does (``Heard.acts``) was learnt from examples, with the stage as an input; values
are read by ``values``; closed languages (a dossier's number and code) by their own readers. An act
binds only when the model is sure that the whole message says it in so many words.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import french
from bot.dialogue import values
from bot.dialogue.acts import Act, Kind, Value
from bot.dialogue.offers import taken
from bot.dialogue.scene import Hands, Scene
from bot.dialogue.stages import FILLING, Now, Stage
from bot.dialogue.table import WHOLE, binding, move_of
from bot.dialogue.values import Unread
from bot.heard import Clause
from bot.questions import outcomes
from bot.questions.decision import decide
from dossiers import numbers
from dossiers.states import TEXTS, State
from french import plain
from french.questions import is_question
from french.reading import Context
from knowledge.query import split_topic
from knowledge.schema import Champ

SURE = 0.5  # an act this probable is taken as such
CLAUSE_SURE = 0.7  # a part of a message, this surely another act, is one of its own
TALK_SURE = 0.6  # … and a question on the guide itself
# What the channels put in place of a card's number, an account's or a secret.
_MASKED = re.compile(r"\[(?:numéro de (?:carte|compte|sécurité)[^\]]*|code secret) masqué\]")

# Acts that answer, correct or settle: what is said may hold values.
TELLING = frozenset(
    {Kind.ANSWER, Kind.AFFIRM, Kind.DENY, Kind.CORRECT, Kind.BACK, Kind.ACCEPT, Kind.HAS}
)
# Acts that stand beside an answer in one message.
BESIDE = frozenset(
    {
        Kind.ASK, Kind.WHY, Kind.WHERE, Kind.HELP, Kind.EXAMPLE, Kind.HOLD, Kind.STATUS,
        Kind.PAUSE, Kind.NEXT, Kind.PERSON, Kind.WORRY, Kind.BEGIN, Kind.CANCEL,
    }
)  # fmt: skip
# Acts about the question, which a question on the documents resembles.
ABOUT_THE_QUESTION = frozenset({Kind.WHERE, Kind.HELP, Kind.EXAMPLE})
# Acts that a question on the documents is not (« et le paiement ? » reports no payment).
ASKED_OTHERWISE = ABOUT_THE_QUESTION | {Kind.PAID, Kind.FILED, Kind.HOLD, Kind.SITE_STATUS}
# Acts that a choice answers rather than they are done (« j’ai pas de code »).
READABLE = frozenset(
    {
        Kind.LACK, Kind.HAS, Kind.SEND, Kind.FILED, Kind.PAID, Kind.NUMBER, Kind.ACCEPT,
        Kind.SITE_STATUS, Kind.NEXT, Kind.COURTESY, Kind.UNDO, Kind.OFFTOPIC, Kind.NEW_CODE,
    }
)  # fmt: skip
# Acts that a sentence resembles when it tells what a request is about (« sans réponse à ce jour »).
TOLD_AS_SUCH = frozenset({Kind.STATUS, Kind.HOLD, Kind.BEGIN, Kind.NEXT, Kind.SITE_STATUS})
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


def hear(hands: Hands, scene: Scene) -> list[Act]:
    """The acts of a message, in the order in which they are to be carried out; never empty."""
    if not any(char.isalnum() for char in scene.heard.text):
        return [Act(Kind.UNCLEAR)]
    if _MASKED.search(scene.heard.text):
        return [Act(Kind.MASKED, text=scene.heard.text)]
    number = numbers.find_number(scene.heard.text)
    if number is not None:
        secret = scene.heard.secret or numbers.find_secret(scene.heard.text, number) or ""
        return [Act(Kind.NAMED, detail=f"{number} {secret}")]
    if numbers.has_mistake(scene.heard.text):
        return [Act(Kind.NAMED)]
    if scene.now.stage in FILLING:
        return _filling(hands, scene)
    if scene.now.stage is Stage.CONFIRM:
        said = confirmation_of(scene)
        return [Act(said or Kind.UNCLEAR, binds=True)]
    if scene.now.stage in (Stage.NUMBER, Stage.STATUS):
        return _awaited(scene) or _talking(hands, scene)
    if scene.now.stage is Stage.REPLY:
        return _replying(hands, scene)
    return _talking(hands, scene)


def confirmation_of(scene: Scene) -> Kind | None:
    """A plain yes or no to what was asked in so many words; None for anything else."""
    said = _yes_no(scene.heard.text, scene)
    if said is not None:
        return Kind.AFFIRM if said == "oui" else Kind.DENY
    return Kind.DENY if scene.heard.act == Kind.DENY else None


# -- while a dossier is filled ---------------------------------------------------------------


def _filling(hands: Hands, scene: Scene) -> list[Act]:
    heard, now = scene.heard, scene.now
    best, sure = _likeliest(scene)
    talk = _about_the_guide(scene)
    if talk is not None and best not in TELLING:
        return [talk]
    beside = _beside(scene, best)
    text = (
        values.without(heard.text, heard, frozenset(BESIDE), CLAUSE_SURE)
        if beside
        else (heard.text)
    )
    asks = best in ABOUT_THE_QUESTION or is_question(heard.text)
    if asks and best in ASKED_OTHERWISE and _is_asked_of_documents(hands, scene):
        best = Kind.ASK
    wished = best in (Kind.BEGIN, Kind.ASK) and not is_question(heard.text)
    if (wished or best in READABLE) and _is_read(scene):
        best = Kind.ANSWER
    if best in TOLD_AS_SUCH and _tells_in_own_words(scene):
        best = Kind.ANSWER
    if best in BESIDE and not (beside and text != heard.text):
        told = _certain(scene, best, sure)
        return [*told, _act(hands, scene, best, sure)]
    if best is Kind.LACK and move_of(now.stage, best) == move_of(now.stage, Kind.CORRECT):
        best = Kind.CORRECT  # « elle n’est plus valide », before the recap
    telling = best if best in TELLING else Kind.ANSWER
    if best not in TELLING and best not in BESIDE:
        told = _certain(scene, best, sure) or _all_it_says(scene)
        return told or [_act(hands, scene, best, sure)]
    first = _told(scene, now, telling, text)
    # « oui, abandonner »: a part with the same move is the same act, said twice.
    done = move_of(now.stage, first.kind)
    others = [_act(hands, scene, k, p) for k, p in beside if move_of(now.stage, k) != done]
    return [first, *others] if first.kind is not Kind.UNCLEAR or not others else others


def _is_asked_of_documents(hands: Hands, scene: Scene) -> bool:
    """Whether a question names a subject of the sheets, and nothing of what is asked."""
    whole, champ = scene.heard.whole, scene.now.champ
    if scene.now.stage is Stage.OBSTACLE:
        return True
    names_it = champ is not None and values.named_among(scene.heard.text, [champ]) is not None
    about_a_sheet = split_topic(whole.best)[1] in hands.base.sheets
    return about_a_sheet and whole.confidence >= CLAUSE_SURE and not names_it


def _is_read(scene: Scene) -> bool:
    """Whether a choice asked is plainly made, or the question that it hangs on answered."""
    champ = scene.now.champ
    if champ is None or scene.now.stage is not Stage.FIELD or champ.kind != "choice":
        return False
    read = values.asked(scene, champ, scene.heard.text)
    return isinstance(read, Value) and not read.doubt


def _tells_in_own_words(scene: Scene) -> bool:
    """Whether an object is asked, in one's own words, and a statement is made."""
    champ = scene.now.champ
    free = champ is not None and champ.kind == "text" and scene.now.stage is Stage.FIELD
    return free and not is_question(scene.heard.text)


def _likeliest(scene: Scene) -> tuple[Kind, float]:
    """The likeliest act of the whole message."""
    name = scene.heard.act
    if not name:
        return Kind.UNCLEAR, 0.0
    return Kind(name), scene.heard.sure(name)


def _beside(scene: Scene, best: Kind) -> list[tuple[Kind, float]]:
    """The acts of parts of the message that are surely another act than the whole's."""
    clauses = scene.heard.clauses
    if len(clauses) < 2:
        return []
    answers = best in TELLING or any(Kind(c.best) in TELLING for c in clauses)
    found = {Kind(c.best): c.sure for c in clauses if _is_beside(c)}
    return list(found.items()) if answers and len(found) < len(clauses) else []


def _is_beside(clause: Clause) -> bool:
    return Kind(clause.best) in BESIDE and clause.sure >= CLAUSE_SURE


def _certain(scene: Scene, best: Kind, sure: float) -> list[Act]:
    """A value of the form asked, told beyond doubt by a message that also does something else."""
    champ = scene.now.champ
    if champ is None or scene.now.stage is not Stage.FIELD:
        return []
    if best in (Kind.LACK, Kind.UNDO, Kind.CANCEL, Kind.SKIP) and sure >= SURE:
        return []
    kind = french.kind(champ.kind)
    if kind.free or champ.kind == "choice":
        return []
    spots = [s for s in kind.find(scene.heard.text, Context(scene.today)) if not s.denied]
    if len({spot.value for spot in spots}) != 1:
        return []
    value = Value(champ.id, spots[0].value, spots[0].start, spots[0].end, asked=True)
    if scene.heard.spoken and kind.read_back:
        value = replace(value, doubt=values.read_back(champ, [value.value]))
    return [Act(Kind.ANSWER, values=(value,))]


def _all_it_says(scene: Scene) -> list[Act]:
    """Another question's answer, when a message is that and nothing else (« usage perso »)."""
    text = scene.heard.text
    told = [v for v in values.others(scene, scene.open, text) if _covers(v, text)]
    return [Act(Kind.ANSWER, values=tuple(told))] if told else []


def _told(scene: Scene, now: Now, kind: Kind, text: str) -> Act:
    """An answer, a yes, a no, a correction, with the values that it tells."""
    if now.stage is Stage.DOUBT and now.champ is not None:
        return _at_doubt(scene, now.champ, kind, text)
    if now.stage in (Stage.FIELD, Stage.OBSTACLE) and now.champ is not None:
        return _at_field(scene, now.champ, kind, text)
    if now.stage is Stage.ABANDON and now.champ is not None and kind is not Kind.AFFIRM:
        read = values.asked(scene, now.champ, text)
        if isinstance(read, Value) and not french.kind(now.champ.kind).free:
            return Act(Kind.ANSWER, values=(read,))
    return _at_step(scene, kind, text)


def _at_field(scene: Scene, champ: Champ, kind: Kind, text: str) -> Act:
    corrects = kind in (Kind.CORRECT, Kind.BACK)
    if corrects and scene.answered and not _only_the_asked(scene, champ, text):
        return _correction(scene, kind, text)
    read = values.asked(scene, champ, text)
    told = values.others(scene, _besides(scene, champ), text)
    if isinstance(read, Unread) and champ.kind != "choice" and kind is Kind.ANSWER:
        shorter = _without_values(text, told)
        again = values.asked(scene, champ, shorter) if shorter != text else read
        read = again
    stopped = scene.now.stage is Stage.OBSTACLE
    if stopped and isinstance(read, Value) and read.value == scene.filling.values.get(champ.id):
        return _yes_or_no(scene, kind, text)
    if isinstance(read, Value):
        whole = [v for v in told if champ.kind == "text" and _covers(v, text)]
        if whole:  # « pour mon père », where an object is asked: another question's choice
            return Act(Kind.ANSWER, values=tuple(whole))
        kept = [v for v in told if v.slot != champ.id and not _overlaps(read, v, champ)]
        return Act(Kind.ANSWER, values=(read, *kept))
    if scene.now.stage is Stage.OBSTACLE and kind in (Kind.AFFIRM, Kind.DENY):
        return _yes_or_no(scene, kind, text)
    told = told or _answered_again(scene, text)
    new = [v for v in told if v.value != scene.filling.values.get(v.slot)]
    if new or (told and not _reads_names(champ)):
        return Act(Kind.ANSWER, values=tuple(told))
    if kind is Kind.ANSWER and scene.heard.next_act == Kind.CORRECT:
        corrected = _correction(scene, Kind.CORRECT, text)
        if corrected.values:
            return corrected
    own_name = kind is Kind.AFFIRM and _reads_names(champ)  # « c’est moi » is no name
    if kind in (Kind.AFFIRM, Kind.DENY, Kind.BACK, Kind.CORRECT) and not own_name:
        return Act(kind)
    return Act(
        Kind.ANSWER if kind in TELLING else Kind.UNCLEAR, problem=read.problem, near=read.near
    )


def _reads_names(champ: Champ) -> bool:
    """Whether « c’est moi » must be told apart from what is known already."""
    return champ.kind == "name"


def _covers(value: Value, text: str) -> bool:
    """Whether a value is nearly all that a text says."""
    return value.end > 0 and not plain.telling(f"{text[: value.start]} {text[value.end :]}")


def _only_the_asked(scene: Scene, champ: Champ, text: str) -> bool:
    """Whether a correction gives a value of the form asked, and no earlier answer has that form."""
    same = [f for f in scene.answered if f.kind == champ.kind]
    named = values.named_among(text, scene.answered)
    return not same and named is None and isinstance(values.asked(scene, champ, text), Value)


def _besides(scene: Scene, champ: Champ) -> list[Champ]:
    """The fields without an answer that a message may fill besides the one asked."""
    return [
        f for f in scene.open if (f.id != champ.id and f.kind != champ.kind) or f.kind == "choice"
    ]


def _answered_again(scene: Scene, text: str) -> list[Value]:
    """Answers given already, told again or otherwise."""
    return [
        v
        for v in values.others(scene, scene.answered, text)
        if v.slot != (scene.now.champ.id if scene.now.champ else "")
    ]


def _without_values(text: str, told: Sequence[Value]) -> str:
    """A text without the values that were found in it."""
    for value in sorted(told, key=lambda one: -one.start):
        if value.end:
            text = f"{text[: value.start]} , {text[value.end :]}"
    return " ".join(text.split()).strip(" ,;")


def _overlaps(read: Value, other: Value, champ: Champ) -> bool:
    """Whether a value is only a word of an answer in one's own words."""
    free = french.kind(champ.kind).free
    return free and other.value.lower() in read.value.lower()


def _correction(scene: Scene, kind: Kind, text: str) -> Act:
    """A correction: the new values that it tells, else the field that it names."""
    known = scene.filling.values
    fields = [*scene.answered, *(f for f in scene.open if f not in scene.answered)]
    told = [
        v for v in values.others(scene, fields, text, named=True) if v.value != known.get(v.slot)
    ]
    named = values.named_among(text, scene.answered)
    if named is not None and named.id not in {v.slot for v in told}:
        own = values.told_of(scene, named, text)
        if own is not None and own.value != known.get(named.id):
            told = [own, *(v for v in told if not _inside(v, own))]
    piece = values.piece_named(scene, text) if not told and named is None else ""
    if piece:
        return Act(kind, slot=piece)
    asked = scene.now.champ.id if scene.now.champ else ""
    told = [replace(v, asked=v.slot == asked) for v in told]
    denied = _denied_condition(scene, named, text) if not told else None
    if denied is not None:
        told = [denied]
    return Act(kind, values=tuple(told), slot=named.id if named else "")


def _inside(value: Value, other: Value) -> bool:
    return value.value.lower() in other.value.lower()


def _denied_condition(scene: Scene, named: Champ | None, text: str) -> Value | None:
    """« elle n’est plus valide »: no to a yes-or-no answer that is named."""
    if named is None or not values.is_yes_no(named):
        return None
    reading = french.kind("choice").read(
        text, Context(scene.today, choices=values.choices_of(named))
    )
    if reading.value and not reading.doubt and reading.value != scene.filling.values.get(named.id):
        return Value(named.id, reading.value)
    return None


def _at_doubt(scene: Scene, champ: Champ, kind: Kind, text: str) -> Act:
    """A yes, a no, the value again (« non, b comme bravo »); a contrary word makes a doubt."""
    said = _yes_no(text, scene)
    again = values.said_again(scene, champ, text)
    told = isinstance(again, Value) and (not french.kind(champ.kind).free or said is None)
    if told and again is not None and (again.value not in scene.talk.doubt or said != "oui"):
        if said == "non" or kind is Kind.DENY:
            return Act(Kind.DENY, values=(again,))
        return Act(Kind.ANSWER, values=(again,))
    if said == "oui" or (said is None and kind in (Kind.AFFIRM, Kind.ACCEPT)):
        return Act(Kind.AFFIRM, binds=True)
    if said == "non" or kind in (Kind.DENY, Kind.BACK):
        return Act(Kind.DENY)
    if kind is Kind.CORRECT and scene.answered:
        return _correction(scene, kind, text)
    if kind is Kind.ANSWER:
        return Act(kind, problem="")
    return Act(Kind.UNCLEAR)


def _yes_no(text: str, scene: Scene) -> str | None:
    """oui or non, said without a contrary word; None for the rest."""
    reading = french.kind("yes_no").read(text, Context(scene.today))
    if reading.value is None or reading.doubt:
        return None
    return "oui" if reading.value == "yes" else "non"


def _yes_or_no(scene: Scene, kind: Kind, text: str) -> Act:
    said = _yes_no(text, scene)
    if said is not None:
        return Act(Kind.AFFIRM if said == "oui" else Kind.DENY, binds=True)
    return Act(kind, binds=_binds(scene, kind))


def _at_step(scene: Scene, kind: Kind, text: str) -> Act:
    """At a pièce, the recap, the conditions, the payment…: what corrects, else a yes or a no."""
    if kind in (Kind.ANSWER, Kind.CORRECT, Kind.BACK) or (
        kind is Kind.DENY and scene.now.stage in (Stage.RECAP, Stage.LINE)
    ):
        corrected = _correction(scene, Kind.CORRECT if kind is Kind.ANSWER else kind, text)
        if corrected.values or corrected.slot:
            return replace(corrected, kind=Kind.CORRECT)
        if kind is Kind.ANSWER:
            return Act(Kind.UNCLEAR)
    if kind is Kind.AFFIRM and scene.now.stage is Stage.ABANDON:
        return _yes_or_no(scene, kind, text)  # asked in so many words already
    return Act(kind, binds=_binds(scene, kind))


def _binds(scene: Scene, kind: Kind) -> bool:
    """Whether the whole message says a binding act, in so many words."""
    bound = binding().get(move_of(scene.now.stage, kind))
    sure = bound is not None and scene.heard.binds.get(bound.act, 0.0) >= WHOLE
    return sure and not is_question(scene.heard.text)


def _act(hands: Hands, scene: Scene, kind: Kind, sure: float) -> Act:
    """An act that gives no value, with what else it is about."""
    detail = ""
    if kind is Kind.COURTESY:
        detail = scene.heard.whole.best
    elif kind in (Kind.BEGIN, Kind.NEXT):
        detail = _wished(hands, scene)
    elif kind is Kind.NUMBER:
        detail = _site_number(scene.heard.text)
    elif kind is Kind.SITE_STATUS:
        detail = _site_status(hands, scene)
    elif kind is Kind.LACK and scene.now.champ is not None:
        without = values.without_it(scene, scene.now.champ, scene.heard.text)
        if without is not None:
            return Act(Kind.ANSWER, values=(without,))
    if sure < SURE and kind not in TELLING and scene.now.champ is not None:
        read = values.asked(scene, scene.now.champ, scene.heard.text)
        if isinstance(read, Value) and not read.doubt:
            return Act(Kind.ANSWER, values=(read,))
    return Act(kind, sure, detail=detail, binds=_binds(scene, kind))


def _about_the_guide(scene: Scene) -> Act | None:
    """A question on the guide itself (who it is, what it keeps), which no act but talk is."""
    whole = scene.heard.whole
    kind = TALK.get(whole.best)
    if kind is not Kind.TALK or whole.confidence < TALK_SURE or whole.similarity < TALK_SURE:
        return None
    return Act(Kind.TALK, whole.confidence, detail=whole.best)


# -- while nothing is filled -------------------------------------------------------------------


def _talking(hands: Hands, scene: Scene) -> list[Act]:
    heard = scene.heard
    best, sure = _likeliest(scene)
    talk = _about_the_guide(scene)
    if talk is not None and best is not Kind.ASK:
        return [talk]
    offered = taken(heard, scene.talk.focus.offered, best)
    if offered is not None:
        return [Act(Kind.ANSWER, detail=offered)]
    intent = heard.whole.best
    about = TALK.get(intent)
    if about is not None and heard.whole.confidence >= SURE and best is not Kind.ASK:
        if about is Kind.PERSON and best is not Kind.PERSON:
            return [Act(Kind.ASK)]
        return [Act(about, sure, detail=intent, binds=_binds(scene, about))]
    if best in _OF_DOSSIERS and sure >= SURE and scene.own:
        return [_act(hands, scene, best, sure)]
    if best is Kind.HOLD and "/" in intent and heard.whole.confidence > max(sure, TALK_SURE):
        return [Act(Kind.ASK)]  # « ma demande est en attente », to whom nothing was asked
    if best in _ANYTIME and sure >= SURE:
        return [_act(hands, scene, best, sure)]
    wished = _act(hands, scene, Kind.BEGIN, sure)
    begins = split_topic(heard.whole.best)[0] == "demarrer" and not is_question(heard.text)
    likely = best is Kind.BEGIN and begins and wished.detail
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


def _wished(hands: Hands, scene: Scene) -> str:
    """The démarches that a wish names, one space between them; "" when it names none."""
    decisions = decide(scene.heard, scene.talk.focus, hands.base, wish=True)
    for decision in decisions:
        if isinstance(decision, outcomes.Begin):
            return decision.demarche
        if isinstance(decision, outcomes.AskWhichToBegin):
            return " ".join(decision.demarches)
    return ""


def _awaited(scene: Scene) -> list[Act]:
    """The number or the status that was asked for, when the message gives it."""
    best, _ = _likeliest(scene)
    if best in BESIDE or "?" in scene.heard.text:
        return []
    if scene.now.stage is Stage.NUMBER:
        number = _site_number(scene.heard.text)
        if number:
            return [Act(Kind.NUMBER, detail=number)]
    status = _named_status(scene)
    if status:
        return [Act(Kind.SITE_STATUS, detail=status)]
    if best in (Kind.ASK, Kind.BEGIN):
        return []
    kept = best in _OF_DOSSIERS | _ANYTIME | {Kind.LACK, Kind.SKIP, Kind.HELP, Kind.WHERE}
    return [Act(best, binds=_binds(scene, best))] if kept else [Act(Kind.UNCLEAR)]


def _replying(hands: Hands, scene: Scene) -> list[Act]:
    """What is said to the agent goes to the agent; a question to the guide is answered by it."""
    best, sure = _likeliest(scene)
    if best is Kind.ASK and not ("?" in scene.heard.text and sure >= SURE):
        return [Act(Kind.ANSWER)]
    return [_act(hands, scene, best, sure)]


_NUMBER = re.compile(r"[A-Z0-9](?:[A-Z0-9]|[ ./_-](?=[A-Z0-9]*\d)){2,38}", re.IGNORECASE)
_LEAST_DIGITS = 3


def _site_number(text: str) -> str:
    """The number that a message gives of a démarche: its longest run of figures."""
    found = [
        " ".join(match.group().upper().split())
        for match in _NUMBER.finditer(text)
        if sum(char.isdigit() for char in match.group()) >= _LEAST_DIGITS
    ]
    plates = {spot.value for spot in french.find("plate", text)}
    kept = [one for one in found if one not in plates]
    return max(kept, key=len, default="")


def _named_status(scene: Scene) -> str:
    """The status of the site that a message names, alone and undenied."""
    choices = tuple(
        french.Choice(str(state), TEXTS[state].title) for state in State if TEXTS[state].sheet
    )
    spots = french.kind("choice").find(scene.heard.text, Context(scene.today, choices=choices))
    named = {spot.value for spot in spots if not spot.denied}
    return named.pop() if len(named) == 1 else ""


def _site_status(hands: Hands, scene: Scene) -> str:
    """The status told, by its title or by the sheet of the status that the message speaks of."""
    named = _named_status(scene)
    if named:
        return named
    subjects = scene.heard.whole.subjects
    best = max(
        ((subjects.get(TEXTS[s].sheet or "", 0.0), s) for s in State if TEXTS[s].sheet),
        key=lambda pair: pair[0],
    )
    return str(best[1]) if best[0] >= SURE else ""
