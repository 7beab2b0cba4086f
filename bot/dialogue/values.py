"""The values that a message tells: the answer to what was asked, and others, with their places."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import french
from bot.book import say
from bot.dialogue.acts import Value
from bot.dialogue.cards import PIECE_SLOT, SETTLED, shown
from bot.dialogue.scene import Scene
from bot.heard import NO_CHOICE, Heard
from dossiers.views import DossierView
from french import plain
from french.choices import item, together
from french.plates import issued_since
from french.reading import Context, Found, Reading, listed
from knowledge.schema import Champ

# A subject this probable is the choice that bears its name; this probable, it is worth asking.
SUBJECT_SURE = 0.60
SUBJECT_LIKELY = 0.25
SUBJECT_NEAR = 0.04
MOST_NEAR = 4
MOST_READ_BACK = 3
# What stands between a field's name and its value: « le nom, c’est Paul Durand ».
_LINK = re.compile(
    r"^.*?(?:\b(?:est|c['’ ]?est|etait|était|sont|s['’]appelle|s['’]écrit|sera|devient|plut[oô]t)"
    r"\b|:)\s*(?!pas\b)",
    re.IGNORECASE,
)
# A choice learnt from people's own words is taken when it is this probable; asked about when this.
CHOICE_SURE = 0.85
CHOICE_LIKELY = 0.50
NO_SUBJECTS: Mapping[str, float] = MappingProxyType({})
DATES = frozenset({"date", "birth_date"})


@dataclass(frozen=True)
class Unread:
    """No value: why, in words for the person; ``near`` are the choices most like what was said."""

    problem: str
    near: tuple[str, ...] = ()


def asked(scene: Scene, champ: Champ, text: str) -> Value | Unread:
    """The answer to the field asked, in the part of the message that answers."""
    heard = scene.heard
    if not heard.spoken:
        told = of_message(champ, text, heard, scene.today)
    else:
        others = heard.alternatives if text == heard.text else ()
        told = _heard(champ, (text, *others), heard, scene.today)
    if isinstance(told, Unread):
        return told
    value = replace(told, asked=True, start=0, end=len(text))
    return _before_its_plate(champ, value, scene.filling) or value


def read(champ: Champ, text: str, today: date, spoken: bool = False) -> Value | Unread:
    """The value of a field that a text tells by its words or its form, whatever else is known."""
    if champ.kind == "choice":
        return _choice(champ, text, today, spoken, NO_SUBJECTS, NO_SUBJECTS)
    return _of_reading(champ, french.kind(champ.kind).read(text, Context(today, spoken)))


def of_message(champ: Champ, text: str, heard: Heard, today: date) -> Value | Unread:
    """The same, with what the engine heard of the whole message."""
    if champ.kind != "choice":
        return read(champ, text, today, heard.spoken)
    return _choice(champ, text, today, heard.spoken, heard.whole.subjects, heard.choices)


def _of_reading(champ: Champ, reading: Reading) -> Value | Unread:
    if reading.value is None:
        return Unread(reading.problem or say("not_understood"))
    return Value(
        champ.id, reading.value, doubt=reading.doubt or "", alternatives=reading.alternatives
    )


def choices_of(champ: Champ) -> tuple[french.Choice, ...]:
    return tuple(french.Choice(c.value, c.label, tuple(c.names)) for c in champ.choices)


def is_yes_no(champ: Champ) -> bool:
    """Whether the choices of a field are yes and no."""
    return {c.value for c in champ.choices} <= {"oui", "non"}


def _choice(
    champ: Champ,
    text: str,
    today: date,
    spoken: bool,
    subjects: Mapping[str, float],
    made: Mapping[str, float],
) -> Value | Unread:
    """The choice that the words name, else the one that people mean by such words."""
    reading = french.kind("choice").read(text, Context(today, spoken, choices_of(champ)))
    named = reading.value if not reading.doubt else None
    likely, sure = likeliest_choice(champ, made)
    agreed = named is None or named == likely
    if named is not None and (agreed or sure < CHOICE_LIKELY):
        return Value(champ.id, named)
    if named is not None:  # « la sienne, rien d’autre » names « autre » and means the other one
        doubt = say("choice_by_subject", label=shown(champ, likely))
        return Value(champ.id, likely, doubt=doubt, alternatives=(named,))
    hedged = reading.doubt and reading.value == likely  # « plutôt perdue, je crois »
    if sure >= CHOICE_SURE and not hedged:
        return Value(champ.id, likely)
    long = len(champ.choices) > MOST_NEAR
    if long and {c.value for c in champ.choices} & set(subjects):
        by_subject = _by_subject(champ, subjects)
        if by_subject is not None:
            return by_subject
    if reading.value is not None:
        return Value(
            champ.id, reading.value, doubt=reading.doubt or "", alternatives=reading.alternatives
        )
    if sure >= CHOICE_LIKELY:
        return Value(champ.id, likely, doubt=say("choice_by_subject", label=shown(champ, likely)))
    if long:
        return _not_in_the_list(champ, subjects)
    if spoken:
        return Unread(say("choice_unread_heard"))
    labels = " ; ".join(c.label for c in champ.choices)
    return Unread(say("choice_unread", labels=labels))


def likeliest_choice(champ: Champ, made: Mapping[str, float]) -> tuple[str, float]:
    """The choice of a field that a message most likely makes, learnt from people's own words."""
    own = {c.value: made.get(c.value, 0.0) for c in champ.choices}
    best = max(own, key=lambda value: own[value], default="")
    total = sum(own.values()) + made.get(NO_CHOICE, 0.0)
    return best, own.get(best, 0.0) / total if total else 0.0


def _by_subject(champ: Champ, subjects: Mapping[str, float]) -> Value | None:
    """The choice that is a subject of the sheets, when that is what the message speaks of."""
    likely = _near(champ, subjects, SUBJECT_LIKELY)
    if not likely:
        return None
    if subjects[likely[0]] >= SUBJECT_SURE:
        return Value(champ.id, likely[0])
    doubt = say("choice_by_subject", label=shown(champ, likely[0]))
    return Value(champ.id, likely[0], doubt=doubt, alternatives=likely[1:])


def _not_in_the_list(champ: Champ, subjects: Mapping[str, float]) -> Unread:
    """No choice was recognised in a long list: the few that are likest, or what helps to choose."""
    near = _near(champ, subjects, SUBJECT_NEAR)
    if not near:
        return Unread(say("choice_unread_help", help=champ.help))
    labels = " ; ".join(shown(champ, value) for value in near)
    return Unread(say("choice_near", labels=labels), near)


def _near(champ: Champ, subjects: Mapping[str, float], least: float) -> tuple[str, ...]:
    """The choices that are subjects of the message with at least this probability, best first."""
    scored = sorted(((subjects.get(c.value, 0.0), c.value) for c in champ.choices), reverse=True)
    return tuple(value for p, value in scored if p >= least)[:MOST_NEAR]


def _heard(champ: Champ, texts: Sequence[str], heard: Heard, today: date) -> Value | Unread:
    """The first transcript's reading, doubted when another one reads otherwise."""
    readings = [of_message(champ, text, heard, today) for text in texts]
    values = [reading for reading in readings if isinstance(reading, Value)]
    if not values:
        return readings[0]
    best = values[0]
    if not french.kind(champ.kind).read_back:
        return _spelled(champ, best)
    told = [best.value, *best.alternatives, *(other.value for other in values[1:])]
    rivals = list(dict.fromkeys(told))[:MOST_READ_BACK]
    alone = best.doubt and len(rivals) == 1
    doubt = best.doubt if alone else read_back(champ, rivals)
    return replace(best, doubt=doubt, alternatives=tuple(rivals[1:]))


def read_back(champ: Champ, values: Sequence[str]) -> str:
    """« J’ai compris AB-123-CD. C’est bien cela ? », with its rivals if any."""
    first, *others = [shown(champ, value) for value in values]
    if not others:
        return say("read_back", value=first)
    return say("read_back_rivals", value=first, rivals=listed(others))


def _spelled(champ: Champ, value: Value) -> Value:
    """A name's spelling can't be heard: it is said letter by letter."""
    if champ.kind != "name":
        return value
    letters = french.spell(value.value.split()[-1])
    return replace(value, doubt=say("read_back_name", value=value.value, letters=letters))


def said_again(scene: Scene, champ: Champ, text: str) -> Value | None:
    """The doubtful value given again, whole or corrected in one place."""
    told = asked(scene, champ, text)
    if isinstance(told, Value):
        return told
    amended = french.kind(champ.kind).amend(scene.talk.doubt[0], text)
    if not amended:
        return None
    return Value(champ.id, amended, doubt=read_back(champ, [amended]), asked=True)


def others(scene: Scene, fields: Sequence[Champ], text: str, *, named: bool = False) -> list[Value]:
    """The values of these fields that a message tells, by their form or their names.

    ``named``: a choice named anywhere in the message counts, as in a correction; otherwise only
    one that is an item of it, or one of several that make it up (« certifié, pour moi »).
    """
    chosen = [champ for champ in fields if champ.kind == "choice" and not is_yes_no(champ)]
    made_of = together(text, {champ.id: choices_of(champ) for champ in chosen}, 2)
    found: list[Value] = []
    for champ in fields:
        if champ.kind == "choice":
            found += _chosen(scene, champ, text, made_of.get(champ.id), named)
        elif champ.kind == "text":
            found += _called(champ, text)
        elif _alone(champ, fields, text):
            found += _formed(scene, champ, text)
    return found


def _formed(scene: Scene, champ: Champ, text: str) -> list[Value]:
    """The one value of a field's form that a text tells beyond doubt, and does not deny."""
    kind = french.kind(champ.kind)
    spots = [spot for spot in kind.find(text, Context(scene.today)) if not spot.denied]
    if len({spot.value for spot in spots}) != 1:
        return []
    spot = spots[0]
    if champ.kind in DATES and spot.value > scene.today.isoformat():
        return []
    value = Value(champ.id, spot.value, spot.start, spot.end)
    if scene.heard.spoken and kind.read_back:
        return [replace(value, doubt=read_back(champ, [spot.value]))]
    return [_before_its_plate(champ, value, scene.dossier) or value]


def _called(champ: Champ, text: str) -> list[Value]:
    """« usage personnel »: words for a field in one’s own words, opened by its name."""
    said, called = plain.plain(text).split(), plain.plain(champ.label).split()
    opened = len(said) > 1 and said[0] == called[0]
    return [Value(champ.id, text.strip(), 0, len(text))] if opened else []


def _chosen(scene: Scene, champ: Champ, text: str, made_of: str | None, named: bool) -> list[Value]:
    """The choice that a text names; a yes or a no is no one's but the question's asked."""
    if is_yes_no(champ):
        return []
    if not named:
        value = made_of or item(text, choices_of(champ)) or _detail(scene, champ)
        spots = [s for s in _named(champ, text, scene.today) if s.value == value]
        start, end = (spots[0].start, spots[0].end) if spots else (0, 0)
        return [Value(champ.id, value, start, end)] if value else []
    spots = _named(champ, text, scene.today)
    affirmed = {spot.value for spot in spots if not spot.denied}
    denied = {spot.value for spot in spots if spot.denied} - affirmed
    if len(affirmed) == 1 and not affirmed & denied:
        spot = next(s for s in spots if not s.denied)
        return [Value(champ.id, spot.value, spot.start, spot.end)]
    detail = _detail(scene, champ)
    return [Value(champ.id, detail)] if detail and not affirmed and not denied else []


def _detail(scene: Scene, champ: Champ) -> str | None:
    """The choice that the engine found among the details of the situation."""
    detail = scene.heard.details.get(champ.id)
    return detail if detail in {c.value for c in champ.choices} else None


def without_it(scene: Scene, champ: Champ, text: str) -> Value | None:
    """« je n’ai pas de code »: the answer no to the question that a field hangs on."""
    when = champ.when if isinstance(champ.when, dict) else {}
    if len(when) != 1:
        return None
    slot, wanted = next(iter(when.items()))
    parent = scene.filling.form.field(slot)
    if parent is None or not is_yes_no(parent) or wanted != "oui":
        return None
    reading = french.kind("choice").read(text, Context(scene.today, choices=choices_of(parent)))
    return Value(slot, "non") if reading.value == "non" and not reading.doubt else None


def denied(scene: Scene, named: Champ | None, text: str) -> Value | None:
    """« elle n’est plus valide »: no to a yes-or-no answer that is named."""
    if named is None or not is_yes_no(named):
        return None
    reading = french.kind("choice").read(text, Context(scene.today, choices=choices_of(named)))
    if reading.value and not reading.doubt and reading.value != scene.filling.values.get(named.id):
        return Value(named.id, reading.value)
    return None


def _named(champ: Champ, text: str, today: date) -> list[Found]:
    return french.kind("choice").find(text, Context(today, choices=choices_of(champ)))


def _alone(champ: Champ, fields: Sequence[Champ], text: str) -> bool:
    """Whether no other field could be meant by a value of this form, or this one is named."""
    same = [other for other in fields if _form(other) == _form(champ)]
    if len(same) == 1:
        return True
    return named_among(text, same) is champ


def _form(champ: Champ) -> str:
    return "date" if champ.kind in DATES else champ.kind


def named_among(text: str, fields: Sequence[Champ]) -> Champ | None:
    """The field that a message names; the last one where several fit equally.

    Words that several fields share (« client ») tell none of them.
    """
    said = _stems(text)
    best: tuple[int, Champ] | None = None
    for champ in fields:
        rest = [other for other in fields if other is not champ]
        label = _stems(champ.label).difference(*(_stems(o.label) for o in rest))
        question = _stems(champ.question).difference(
            *(_stems(f"{o.label} {o.question}") for o in rest)
        )
        called = _stems(" ".join(french.kind(champ.kind).called), shortest=3)
        named = 3 * len(said & label) + 2 * len(_stems(text, 3) & called) + len(said & question)
        if named and (best is None or named >= best[0]):
            best = (named, champ)
    return best[1] if best else None


def piece_named(scene: Scene, text: str) -> str:
    """The slot of the pièce already settled that a message names; "" when it names none."""
    said = _stems(text)
    pieces = [p for p in scene.filling.pieces(scene.today) if p.state in SETTLED]
    named = [(len(said & _stems(p.piece.label)), p.piece.id) for p in pieces]
    best = max(named, default=(0, ""))
    alone = sum(count == best[0] for count, _ in named) == 1
    return f"{PIECE_SLOT}{best[1]}" if best[0] and alone else ""


def _stems(text: str, shortest: int = 4) -> set[str]:
    """The telling words of a text, without the endings that change."""
    words = (word for word in plain.plain(text).split() if len(word) >= shortest)
    empty = plain.fillers("hesitations", "asides", "openings", "polite", "light")
    return {word[:7] for word in words if word not in empty}


def told_of(scene: Scene, champ: Champ, text: str) -> Value | None:
    """« le nom c’est Paul Durand »: a field named, then its value, of whatever form."""
    link = _LINK.match(text)
    if link is None or champ.kind == "choice" or link.end() == len(text):
        return None
    after = text[link.end() :]
    told = read(champ, after, scene.today, scene.heard.spoken)
    return told if isinstance(told, Value) and not told.doubt else None


def _before_its_plate(champ: Champ, value: Value, dossier: DossierView | None) -> Value | None:
    """The same date, doubted, when no plate like the vehicle's existed yet."""
    if champ.kind != "date" or value.doubt or dossier is None:
        return None
    of_plates = (dossier.values.get(f.id) for f in dossier.form.flow.fields if f.kind == "plate")
    since = max((issued_since(plate) for plate in of_plates if plate), default="")
    if value.value >= since:
        return None
    return replace(value, doubt=say("before_its_plate", date=french.show("date", value.value)))


def without(text: str, heard: Heard, acts: frozenset[str], least: float) -> str:
    """A message without the clauses that surely do something else than answer."""
    kept = text
    for clause in sorted(heard.clauses, key=lambda one: -one.start):
        if clause.best in acts and clause.sure >= least:
            kept = f"{kept[: clause.start]} {kept[clause.end :]}"
    return " ".join(kept.split()).strip(" ,;") or text
