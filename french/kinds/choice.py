"""One of the choices of a closed question."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from french.choices import CLEARLY, Heard, find, hear, longest, stem
from french.commands import command, yes_or_no
from french.kinds import yes_no
from french.kinds.base import Kind
from french.plain import fillers, listed, phrase_list, plain, word_list
from french.reading import Choice, Context, Found, Reading, refused, sure, unsure
from french.reading import listed as enumerated

_FUZZY = 78.0  # a likeness below this is none
_CLEAR = 90.0  # above, with no rival near, it needs no confirmation
_NEAR = 8.0
_WORD_ALIKE = 82.0
_UNDECIDED = "Vous hésitez encore. Laquelle de ces réponses est la bonne ?"
_COMMANDS = ("hold", "agent", "repeat", "slower", "cancel", "correct", "back", "help")

_RANKS = tuple(tuple(plain(str(word)) for word in words) for words in listed("choices")["ranks"])
_LAST = phrase_list("choices", "last")
_LAST_BUT_ONE = phrase_list("choices", "last_but_one")
_AROUND = fillers("hesitations", "asides", "openings", "polite", "light") | word_list(
    "choices", "pointing"
)
_RANK_WORDS = frozenset(word for words in _RANKS for word in words)
_LIGHT = fillers("light") | {"pas", "ne", "plus"}
_SEVERAL = re.compile(rf"\b(?:{'|'.join(phrase_list('choices', 'several'))})\b")
_NONE = re.compile(rf"\b(?:{'|'.join(phrase_list('choices', 'none_of_them'))})\b")
_NEGATION = re.compile(r"\b(?:pas|sans?|non|ni|aucune?|n|jamais|plus)\b")
_SAYS_NO = re.compile(rf"\b(?:{'|'.join(listed('choices')['says_no'])})\b")
_SAYS_YES = re.compile(rf"(?:{'|'.join(listed('choices')['says_yes'])})")
_OUT_OF_REACH = re.compile(rf"\b(?:{'|'.join(phrase_list('choices', 'out_of_reach'))})\b")
_NOT_YET = re.compile(r"\b(?:pas|rien) encore\b|\bencore (?:pas|rien)\b")
_YES_NO = frozenset({"oui", "non"})


def read(text: str, choices: Sequence[Choice]) -> Reading:
    """The ``value`` of the choice that a message makes, by its words or its rank."""
    if not choices:
        return refused("Il n’y a rien à choisir ici.")
    options = enumerated([f"« {choice.label} »" for choice in choices])
    unread = f"Je n’ai pas reconnu votre choix. Répondez par {options}."
    said = plain(text[:500])
    for choice in choices:
        if said and said in {plain(n) for n in (choice.value, choice.label, *choice.synonyms)}:
            return sure(choice.value)
    if not said or command(text) in _COMMANDS:
        return refused(unread)
    heard = hear(text[:500], choices)
    if heard.question:
        return refused(unread)
    if is_yes_no(choices):
        return _by_sides(text, said, heard, choices) or refused(unread)
    return (
        _by_names(heard, said, text, choices)
        or _of_several(said, heard, options)
        or _by_answer(text, choices)
        or _by_rank(said, choices)
        or _by_likeness(text, said, heard, choices)
        or refused(unread)
    )


def is_yes_no(choices: Sequence[Choice]) -> bool:
    """Whether the choices are yes and no, or « je ne sais pas »."""
    values = {choice.value for choice in choices if not choice.value.startswith("ne_sait")}
    return len(values) == 2 and (
        values == _YES_NO or {yes_or_no(c.label) for c in choices} >= {"yes", "no"}
    )


def taken_up(text: str, choices: Sequence[Choice]) -> str | None:
    """The offered choice that a message takes up beyond doubt: by its name, rank, or words."""
    if len(choices) == 1 and yes_no.read(text) == sure("yes"):
        return choices[0].value
    reading = read(text, choices)
    if reading.value is not None and reading.doubt is None:
        return reading.value
    heard = hear(text, choices)
    if reading.value is None and not heard.question and not heard.denied:
        return _by_words(text, choices)
    return None


def _by_words(text: str, choices: Sequence[Choice]) -> str | None:
    """The only choice whose label holds every telling word of the message."""
    telling = [word for word in plain(text).split() if word not in _AROUND and len(word) > 2]
    if not telling or _NEGATION.search(plain(text)):
        return None
    held = [
        choice.value
        for choice in choices
        if all(
            any(fuzz.ratio(word, other) >= _WORD_ALIKE for other in plain(choice.label).split())
            for word in telling
        )
    ]
    return held[0] if len(held) == 1 else None


def _by_names(heard: Heard, said: str, text: str, choices: Sequence[Choice]) -> Reading | None:
    by_value = {choice.value: choice for choice in choices}
    values = [by_value[value] for value in heard.values]
    if heard.wondering:
        return refused(_UNDECIDED, [choice.value for choice in values])
    if not values:
        return _other(heard, choices)
    if len(values) > 1 and (heard.balanced or heard.undecided):
        labels = enumerated([f"« {choice.label} »" for choice in values])
        return refused(
            f"Il faut choisir une seule réponse : {labels}. Laquelle est la bonne ?",
            [choice.value for choice in values],
        )
    fullest = longest(heard, choices)
    if len(values) > 1 and fullest is None:
        return _asked(values[0], values[1:])
    chosen = by_value[fullest] if fullest else values[0]
    rank = ranked(said, len(choices))
    if rank is not None and choices[rank] is not chosen:
        return _asked(choices[rank], [chosen])
    astray = max(n.likeness for n in heard.affirmed if n.value == chosen.value) < CLEARLY
    if astray or heard.hedged or heard.undecided or _contradicted(heard, chosen):
        return _asked(chosen, [])
    return sure(chosen.value)


def _contradicted(heard: Heard, chosen: Choice) -> bool:
    """Whether the same choice is denied elsewhere in the message, and after it was affirmed."""
    last = max((n.start for n in heard.affirmed if n.value == chosen.value), default=-1)
    return any(n.value == chosen.value and n.start > last for n in heard.denied)


def _other(heard: Heard, choices: Sequence[Choice]) -> Reading | None:
    """Of two choices, the one that is left when the other is denied: to be confirmed."""
    rejected = heard.rejected
    if len(choices) != 2 or len(rejected) != 1 or heard.undecided:
        return None
    other = next(choice for choice in choices if choice.value != rejected[0])
    return unsure(other.value, f"Votre choix est-il donc « {other.label} » ?")


def _of_several(said: str, heard: Heard, options: str) -> Reading | None:
    if _SEVERAL.search(said) or _NONE.search(said) or heard.denied:
        return refused(f"Il faut choisir une seule réponse : {options}.")
    return None


def _by_sides(text: str, said: str, heard: Heard, choices: Sequence[Choice]) -> Reading | None:
    """Yes or no: said as such, or by what each side means (« il n'est pas étranger »)."""
    sides = {_side(choice): choice for choice in choices}
    whole = yes_or_no(text)
    if whole in sides:  # « non pas du tout »: nothing else is said
        return sure(sides[whole].value)
    votes: list[str] = []
    answer = yes_no.read(text)
    if answer.value is not None:
        votes.append(answer.value)
        if answer.doubt:
            votes.append("no" if answer.value == "yes" else "yes")
    against = {"yes": "no", "no": "yes"}
    by_value = {choice.value: _side(choice) for choice in choices}
    named = [by_value[n.value] for n in heard.affirmed]
    named += [against.get(by_value[n.value] or "", "") for n in heard.denied]
    votes += [side for side in named if side]
    if heard.wondering or ("no" in votes and _OUT_OF_REACH.search(said)):
        return _unknown(said, choices)
    if not named and _SAYS_NO.search(said):
        if _NOT_YET.search(said) or _OUT_OF_REACH.search(said) or heard.undecided:
            return _unknown(said, choices)
        votes.append("no")
    elif not named and _SAYS_YES.fullmatch(_bared(said)):
        votes.append("yes")
    if not votes or (heard.undecided and len(set(votes)) > 1):
        return _unknown(said, choices)
    chosen = sides[votes[0]]
    if len(set(votes)) > 1 or heard.hedged or heard.undecided or _astray(heard):
        return _asked(chosen, [])
    return sure(chosen.value)


def _bared(said: str) -> str:
    empty = fillers("hesitations", "asides", "openings", "polite")
    return " ".join(word for word in said.split() if word not in empty)


def _astray(heard: Heard) -> bool:
    return any(n.likeness < CLEARLY for n in (*heard.affirmed, *heard.denied))


def _unknown(said: str, choices: Sequence[Choice]) -> Reading | None:
    """« je ne sais pas », where that is one of the choices."""
    unknown = [choice for choice in choices if choice.value.startswith("ne_sait")]
    if len(unknown) == 1 and re.search(r"\b(?:sais|sait|jsp|aucune idee)\b", said):
        return sure(unknown[0].value)
    return None


def _side(choice: Choice) -> str | None:
    if choice.value in _YES_NO:
        return "yes" if choice.value == "oui" else "no"
    return yes_or_no(choice.label)


def _by_answer(text: str, choices: Sequence[Choice]) -> Reading | None:
    """« non » where one label alone begins with it (« Non, je suis le candidat »)."""
    answer = yes_or_no(text)
    if answer is None:
        return None
    word = "oui" if answer == "yes" else "non"
    begun = [choice for choice in choices if plain(choice.label).split()[:1] == [word]]
    return sure(begun[0].value) if len(begun) == 1 else None


def ranked(said: str, count: int) -> int | None:
    """The rank that a message names, from 0: « la deuxième », « option 3 », « le dernier »."""
    said = re.sub(r"\b(\d+) (er|ere|e|eme|nd|nde)\b", r"\1", said)
    left = [word for word in said.split() if word not in _AROUND or word in _RANK_WORDS]
    if len(left) > 1:
        left = [word for word in left if word not in ("un", "une")]
    told = " ".join(left)
    if told in _LAST and count:
        return count - 1
    if told in _LAST_BUT_ONE and count > 1:
        return count - 2
    for rank, words in enumerate(_RANKS[:count]):
        if told in words:
            return rank
    return None


def _by_rank(said: str, choices: Sequence[Choice]) -> Reading | None:
    """The choice of a rank; « pas la première » leaves the other one, to be confirmed."""
    head, denied, tail = said.rpartition("pas ")
    if denied and not ranked(head, len(choices)) and len(choices) == 2:
        rank = ranked(tail, len(choices))
        if rank is not None:
            other = choices[1 - rank]
            return unsure(other.value, f"Votre choix est-il donc « {other.label} » ?")
    again = re.split(r"\b(?:non|pardon|plutot)\b", said)[-1]
    rank = ranked(again, len(choices)) if again.strip() else None
    rank = ranked(said, len(choices)) if rank is None else rank
    return None if rank is None else sure(choices[rank].value)


def _content(text: str) -> list[str]:
    return [stem(word) for word in plain(text).split() if word not in _LIGHT]


def _namesakes(choice: Choice, said: str) -> list[str]:
    """The names that a message may resemble: « sans compte » only where something is denied."""
    denies = _NEGATION.search(said) is not None
    names = [n for n in choice.synonyms if denies or not _NEGATION.search(plain(n))]
    return [choice.label, *names]


def _likeness(text: str, label: str) -> float:
    """0 to 100: how much of ``label`` a message says."""
    said, wanted = _content(text), _content(label)
    if not said or not wanted:
        return 100.0 if plain(text) == plain(label) != "" else 0.0
    if said == wanted:
        return 100.0
    hits = [max(fuzz.ratio(word, other) for other in said) for word in wanted]
    whole = sum(hits) / len(hits)
    if min(hits) >= 80:
        return min(96.0, whole)
    back = [max(fuzz.ratio(word, other) for other in wanted) for word in said]
    # A short answer that is part of the label: « perte » for « Perte du certificat ».
    part = sum(back) / len(back) if min(back) >= 85 else 0.0
    stems = fuzz.ratio(" ".join(said), " ".join(wanted))
    return max(part * 0.95, stems, fuzz.ratio(plain(text), plain(label)))


def _by_likeness(text: str, said: str, heard: Heard, choices: Sequence[Choice]) -> Reading | None:
    """The choice whose names are most like what was said, when nothing is denied."""
    scored = sorted(
        (
            (max(_likeness(text, name) for name in _namesakes(choice, said)), -index)
            for index, choice in enumerate(choices)
        ),
        reverse=True,
    )
    best, place = scored[0]
    if yes_or_no(text) is not None:
        return None
    if best < _FUZZY or re.match(r"^(?:non )?pas\b", said):
        return None
    named = choices[-place]
    rivals = [choices[-other] for score, other in scored[1:] if best - score < _NEAR]
    if rivals:
        return _asked(named, rivals)
    negated = re.search(r"\b(?:pas|ni|jamais|plus)\b", said) and "pas" not in plain(named.label)
    if best < _CLEAR or negated or heard.hedged or heard.undecided:
        return _asked(named, [])
    return sure(named.value)


def _asked(chosen: Choice, rivals: Sequence[Choice]) -> Reading:
    if not rivals:
        return unsure(chosen.value, f"Votre choix est-il bien « {chosen.label} » ?")
    labels = enumerated([f"« {choice.label} »" for choice in (chosen, *rivals)])
    doubt = f"Votre réponse peut vouloir dire {labels}. Lequel choisissez-vous ?"
    return unsure(chosen.value, doubt, [rival.value for rival in rivals])


def _read(text: str, at: Context) -> Reading:
    return read(text, at.choices)


def _find(text: str, at: Context) -> list[Found]:
    return find(text, at.choices)


KIND = Kind(
    name="choice",
    reads=_read,
    finds_marked=_find,
    format="choice",
    denies=False,
    asked_again="Quel est votre choix ?",
)
