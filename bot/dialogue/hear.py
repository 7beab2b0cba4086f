"""Hearing: one reading of a message in its place gives its acts. Nothing else reads raw text.

What a message does (``Heard.acts``) was learnt from examples, with the stage as an input; values
are read by ``values``; closed languages (a dossier's number and code) by their own readers. An act
binds only when the model is sure that the whole message says it in so many words. Here is what is
heard while a dossier is filled; ``hear_idle`` is for the rest.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import french
from bot.dialogue import values
from bot.dialogue.about import SURE, about_the_guide, act_of
from bot.dialogue.acts import Act, Kind, Value
from bot.dialogue.scene import Hands, Scene
from bot.dialogue.stages import Now, Stage
from bot.dialogue.table import move_of, said_whole
from bot.dialogue.values import Unread
from bot.heard import Clause
from dossiers import numbers
from french import plain
from french.commands import yes_or_no
from french.questions import is_question
from french.reading import Context
from knowledge.query import split_topic
from knowledge.schema import Champ

CLAUSE_SURE = 0.7  # a part of a message, this surely another act, is one of its own
SECOND = 0.25  # the second likeliest act, this probable, is taken when the first explains nothing
ASKED = 0.1  # a question this probable, on a subject of the sheets, is one on the documents
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
# Acts that a question on the documents resembles (« et le paiement ? » reports no payment).
LIKE_A_QUESTION = frozenset(
    {
        Kind.WHERE, Kind.HELP, Kind.EXAMPLE, Kind.PAID, Kind.FILED, Kind.HOLD, Kind.SITE_STATUS
    }
)  # fmt: skip
# Acts that a choice answers rather than they are done (« j’ai pas de code »).
READABLE = frozenset(
    {
        Kind.LACK, Kind.HAS, Kind.SEND, Kind.FILED, Kind.PAID, Kind.NUMBER, Kind.ACCEPT,
        Kind.SITE_STATUS, Kind.NEXT, Kind.COURTESY, Kind.UNDO, Kind.OFFTOPIC, Kind.NEW_CODE,
    }
)  # fmt: skip


def in_closed_language(scene: Scene) -> list[Act]:
    """What has a form of its own, and needs no model: nothing said, a mask, a dossier's number."""
    text = scene.heard.text
    if not any(char.isalnum() for char in text):
        return [Act(Kind.UNCLEAR)]
    if _MASKED.search(text):
        return [Act(Kind.MASKED, text=text)]
    number = numbers.find_number(text)
    if number is not None:
        secret = scene.heard.secret or numbers.find_secret(text, number) or ""
        return [Act(Kind.NAMED, detail=f"{number} {secret}")]
    return [Act(Kind.NAMED)] if numbers.has_mistake(text) else []


def confirmation_of(scene: Scene) -> Kind | None:
    """A plain yes, or a no, to what was asked in so many words; None for anything else."""
    said = _yes_no(scene.heard.text, scene)
    if said is not None:
        return Kind.AFFIRM if said == "oui" else Kind.DENY
    return Kind.DENY if scene.heard.sure(Kind.DENY) >= SURE else None


def likeliest(hands: Hands, scene: Scene) -> tuple[Kind, float]:
    """The likeliest act of the whole message, a question being one on the documents if it can."""
    heard = scene.heard
    if not heard.act:
        return Kind.UNCLEAR, 0.0
    best, sure = Kind(heard.act), heard.sure(heard.act)
    if best is Kind.UNCLEAR and sure < SURE:
        best, sure = Kind(heard.next_act or best), heard.sure(heard.next_act or best)
    if best in LIKE_A_QUESTION and heard.sure(Kind.ASK) >= ASKED and _asks_documents(hands, scene):
        return Kind.ASK, sure
    return best, sure


def _asks_documents(hands: Hands, scene: Scene) -> bool:
    """Whether a question names a subject of the sheets, and nothing of what is asked."""
    whole, champ = scene.heard.whole, scene.now.champ
    if not is_question(scene.heard.text):
        return False
    if scene.now.stage is Stage.OBSTACLE:
        return True
    names_it = champ is not None and values.named_among(scene.heard.text, [champ]) is not None
    about_a_sheet = split_topic(whole.best)[1] in hands.base.sheets
    return about_a_sheet and whole.confidence >= CLAUSE_SURE and not names_it


def hear_in_form(hands: Hands, scene: Scene) -> list[Act]:
    """The acts of a message while a dossier is filled, in the order in which to carry them out."""
    heard, now = scene.heard, scene.now
    best, sure = likeliest(hands, scene)
    talk = about_the_guide(scene)
    if talk is not None and best not in TELLING:
        return [talk]
    beside = _beside(scene, best)
    text = heard.text
    if beside:
        text = values.without(text, heard, frozenset(BESIDE), CLAUSE_SURE)
    if (best in READABLE and _is_read(scene)) or _chooses(scene, sure):
        best = Kind.ANSWER
    if best is Kind.UNCLEAR and now.champ is not None and now.champ.kind != "text":
        best = Kind.ANSWER  # a code or a rare name may look like nothing: its form tells
    if best in BESIDE and not (beside and text != heard.text):
        told = _certain(scene, best, sure)
        return [*told, act_of(hands, scene, best, sure)]
    if best is Kind.LACK and move_of(now.stage, best) == move_of(now.stage, Kind.CORRECT):
        best = Kind.CORRECT  # « elle n’est plus valide », before the recap
    if best not in TELLING and best not in BESIDE:
        told = _certain(scene, best, sure) or _all_it_says(scene)
        return told or [act_of(hands, scene, best, sure)]
    first = _told(scene, now, best if best in TELLING else Kind.ANSWER, text)
    second = Kind(heard.next_act or Kind.UNCLEAR)
    unread = best is Kind.ANSWER and sure < CLAUSE_SURE and not first.values
    if unread and heard.sure(second) >= SECOND:
        return [act_of(hands, scene, second, heard.sure(second))]
    # « oui, abandonner »: a part with the same move is the same act, said twice.
    done = move_of(now.stage, first.kind)
    others = [act_of(hands, scene, k, p) for k, p in beside if move_of(now.stage, k) != done]
    return [first, *others] if first.kind is not Kind.UNCLEAR or not others else others


def _is_read(scene: Scene) -> bool:
    """Whether a choice asked is plainly named, or the question that it hangs on answered."""
    champ, heard = scene.now.champ, scene.heard
    if champ is None or scene.now.stage is not Stage.FIELD or champ.kind != "choice":
        return False
    read = values.read(champ, heard.text, scene.today, heard.spoken)
    return isinstance(read, Value) and not read.doubt


def _chooses(scene: Scene, sure: float) -> bool:
    """Whether a choice asked is made in one's own words, more surely than anything else."""
    champ = scene.now.champ
    if champ is None or scene.now.stage is not Stage.FIELD or champ.kind != "choice":
        return False
    _, made = values.likeliest_choice(champ, scene.heard.choices)
    return made >= max(values.CHOICE_SURE, sure)


def _beside(scene: Scene, best: Kind) -> list[tuple[Kind, float]]:
    """The acts of parts of the message that are surely another act than the whole's."""
    clauses = scene.heard.clauses
    if len(clauses) < 2:
        return []
    answers = best in TELLING or any(_surely(c, TELLING) for c in clauses)
    found = {Kind(c.best): c.sure for c in clauses if _surely(c, BESIDE)}
    return list(found.items()) if answers and len(found) < len(clauses) else []


def _surely(clause: Clause, kinds: frozenset[Kind]) -> bool:
    return Kind(clause.best) in kinds and clause.sure >= CLAUSE_SURE


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
    if now.stage is Stage.ABANDON and now.champ is not None and yes_or_no(text) is None:
        read = values.read(now.champ, text, scene.today, scene.heard.spoken)
        if isinstance(read, Value) and not read.doubt and not french.kind(now.champ.kind).free:
            return Act(Kind.ANSWER, values=(replace(read, asked=True),))
    return _at_step(scene, kind, text)


def _at_field(scene: Scene, champ: Champ, kind: Kind, text: str) -> Act:
    stopped = scene.now.stage is Stage.OBSTACLE
    if (stopped and kind is Kind.DENY) or (champ.kind == "choice" and kind is Kind.BACK):
        return _yes_or_no(scene, kind, text) if stopped else _correction(scene, kind, text)
    corrects = kind in (Kind.CORRECT, Kind.BACK)
    if corrects and scene.answered and not _only_the_asked(scene, champ, text):
        return _correction(scene, kind, text)
    read = _asked(scene, champ, kind, text)
    beside = _besides(scene, champ)
    # « certifié, pour moi »: the choice asked and another make up the message together.
    together = [champ, *beside] if champ.kind == "choice" else beside
    told = values.others(scene, together, text)
    elsewhere = [v for v in told if v.slot != champ.id]
    if champ.kind == "choice" and elsewhere and isinstance(read, Value) and read.doubt:
        return Act(Kind.ANSWER, values=tuple(elsewhere))  # it tells other things
    if isinstance(read, Unread) and champ.kind != "choice" and kind is Kind.ANSWER:
        shorter = _without_values(text, told)
        again = values.asked(scene, champ, shorter) if shorter != text else read
        read = again
    if stopped and isinstance(read, Value):
        unchanged = read.value == scene.filling.values.get(champ.id)
        if unchanged or (read.doubt and kind is Kind.AFFIRM):
            return _yes_or_no(scene, kind, text)
    if isinstance(read, Value):
        whole = [v for v in told if champ.kind == "text" and _covers(v, text)]
        if whole:  # « pour mon père », where an object is asked: another question's choice
            return Act(Kind.ANSWER, values=tuple(whole))
        kept = [v for v in told if v.slot != champ.id and not _overlaps(read, v, champ)]
        return Act(Kind.ANSWER, values=(read, *kept))
    if stopped and kind is Kind.AFFIRM:
        return _yes_or_no(scene, kind, text)
    told = told or _answered_again(scene, text)
    new = [v for v in told if v.value != scene.filling.values.get(v.slot)]
    if new or (told and not _reads_names(champ)):
        return Act(Kind.ANSWER, values=tuple(told))
    if kind is Kind.ANSWER and scene.heard.next_act == Kind.CORRECT:
        corrected = _correction(scene, Kind.CORRECT, text)
        if corrected.values:
            own = all(value.asked for value in corrected.values)
            return replace(corrected, kind=Kind.ANSWER) if own else corrected
    own_name = kind is Kind.AFFIRM and _reads_names(champ)  # « c’est moi » is no name
    if kind in (Kind.AFFIRM, Kind.DENY, Kind.BACK, Kind.CORRECT) and not own_name:
        return Act(kind)
    return Act(
        Kind.ANSWER if kind in TELLING else Kind.UNCLEAR, problem=read.problem, near=read.near
    )


def _asked(scene: Scene, champ: Champ, kind: Kind, text: str) -> Value | Unread:
    """The answer to the field asked; a yes or a no chooses by its words among other choices."""
    agrees = kind in (Kind.AFFIRM, Kind.ACCEPT, Kind.DENY)
    if agrees and champ.kind == "choice" and not values.is_yes_no(champ):
        read = values.read(champ, text, scene.today, scene.heard.spoken)
        return replace(read, asked=True) if isinstance(read, Value) else read
    return values.asked(scene, champ, text)


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
    denied = values.denied(scene, named, text) if not told else None
    if denied is not None:
        told = [denied]
    return Act(kind, values=tuple(told), slot=named.id if named else "")


def _inside(value: Value, other: Value) -> bool:
    return value.value.lower() in other.value.lower()


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
    return Act(kind, binds=said_whole(scene.now.stage, kind, scene.heard))


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
    if kind is Kind.AFFIRM and scene.now.stage is Stage.ABANDON and yes_or_no(text) == "yes":
        return Act(kind, binds=True)  # asked in so many words already
    return Act(kind, binds=said_whole(scene.now.stage, kind, scene.heard))
