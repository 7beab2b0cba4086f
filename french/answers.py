"""Closed answers: yes or no, and one of several choices."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from french.commands import command, yes_or_no
from french.reading import Choice, Reading, listed, refused, sure, unsure
from french.tokens import fold, plain, word_set

_FUZZY = 78.0  # a likeness below this is none
_CLEAR = 90.0  # above, with no rival near, it needs no confirmation
_NEAR = 8.0

_ORDINALS = (
    ("premier", "premiere", "1er", "1ere", "un", "une", "1"),
    ("deuxieme", "second", "seconde", "2e", "2eme", "deux", "2"),
    ("troisieme", "3e", "3eme", "trois", "3"),
    ("quatrieme", "4e", "4eme", "quatre", "4"),
    ("cinquieme", "5e", "5eme", "cinq", "5"),
    ("sixieme", "6e", "6eme", "six", "6"),
    ("septieme", "7e", "7eme", "sept", "7"),
    ("huitieme", "8e", "8eme", "huit", "8"),
    ("neuvieme", "9e", "9eme", "neuf", "9"),
    ("dixieme", "10e", "10eme", "dix", "10"),
)
_AROUND = re.compile(
    r"\b(?:le|la|l'|les|numero|choix|option|reponse|proposition|plutot|alors|euh|heu|c'est|ce sera|"
    r"je (?:veux|voudrais|choisis|prends|dirais|pense)|pour|svp|s'il vous plait|merci|oui|bon|donc|"
    r"ben|bah|celle|celui|de la liste|non)\b"
)
_EMPTY = word_set(
    """
    le la les l' un une de du des d' a au aux en et ou pour par sur mon ma mes son sa ses je
    j'ai est c'est il elle on ce cet cette vous nous moi que qui qu'il avec dans ne pas plus y
    """
)


def parse_yes_no(text: str) -> Reading:
    """« yes » or « no »; a message that says a little of both is a doubt."""
    whole = yes_or_no(text)
    if whole is not None:
        return sure(whole)
    words = plain(text[:300]).split()
    yes = any(word in ("oui", "ouais", "ok", "accord", "exact", "exactement") for word in words[:3])
    no = any(word in ("non", "nan", "negatif") for word in words[:3])
    if yes != no and command(text) is None:
        value, heard = ("yes", "oui") if yes else ("no", "non")
        mixed = {"mais", "sauf", "enfin", "peut-etre", "presque", "sais", "pense", "crois"}
        opposed = {"non", "pas"} if yes else {"oui", "si"}
        if mixed & set(words) or opposed & set(words[1:]):
            return unsure(value, f"Votre réponse est-elle bien « {heard} » ?")
        return sure(value)
    return refused("Je n'ai pas compris votre réponse. Pouvez-vous répondre par oui ou par non ?")


def _number(text: str, count: int) -> int | None:
    """The rank a message names, from 0: « la deuxième », « option 3 », « le dernier »."""
    said = " ".join(_AROUND.sub(" ", plain(text)).split())
    if said in ("dernier", "derniere") and count:
        return count - 1
    if said in ("avant dernier", "avant derniere") and count > 1:
        return count - 2
    said = re.sub(r"^(\d+) (er|ere|e|eme|nd|nde)$", r"\1", said)
    for rank, words in enumerate(_ORDINALS[:count]):
        if said in words:
            return rank
    return None


def _stem(word: str) -> str:
    if len(word) < 4:
        return word
    return re.sub(r"(?:ees|ee|es|er|ez|e|s|x)$" if len(word) > 4 else r"e+$", "", word)


def _content(text: str) -> list[str]:
    return [_stem(word) for word in plain(text).split() if word not in _EMPTY]


def _mentions(said: str, choice: Choice) -> bool:
    """Whether a message has one of a choice's names in it, word for word, or as a whole stem."""
    stems = [_stem(word) for word in said.split()]
    for name in (choice.label, *choice.synonyms):
        wanted = plain(name)
        if wanted and f" {wanted} " in f" {said} ":
            return True
        if " " in said and f" {said} " in f" {wanted} " and len(_content(said)) >= 1:
            return True
        alone = [_stem(word) for word in wanted.split()]
        if len(alone) == 1 and len(alone[0]) >= 3 and alone[0] in stems:
            return True
    return False


_NEGATION = re.compile(r"\b(?:pas|sans?|non|ni|aucune?|n)\b")


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


def parse_choice(text: str, choices: Sequence[Choice]) -> Reading:
    """The ``value`` of the choice that a message makes, by its words or its rank."""
    if not choices:
        return refused("Il n'y a rien à choisir ici.")
    options = listed([f"« {choice.label} »" for choice in choices])
    unread = f"Je n'ai pas reconnu votre choix. Répondez par {options}."
    said = plain(text[:500])
    if not said:
        return refused(unread)
    for choice in choices:
        names = (choice.value, choice.label, *choice.synonyms)
        if said in {plain(name) for name in names}:
            return sure(choice.value)
    if command(text) in ("hold", "agent", "repeat", "slower", "cancel", "correct", "back", "help"):
        return refused(unread)
    if re.search(r"\b(?:aucune?|ni l'une?|les deux|tous|toutes|peu importe)\b", said):
        return refused(f"Il faut choisir une seule réponse : {options}.")
    answered = _by_yes_no(text, choices)
    if answered is not None:
        return answered
    rank = _number(text[:200], len(choices))
    scored = sorted(
        (
            (max(_likeness(text, name) for name in _namesakes(choice, said)), -index)
            for index, choice in enumerate(choices)
        ),
        reverse=True,
    )
    mentioned = [choice for choice in choices if _mentions(said, choice)]
    if rank is None and len(mentioned) == 1 and not re.search(r"\b(?:pas|ni|non)\b", said):
        return sure(mentioned[0].value)
    if rank is None and len(mentioned) > 1:
        return _asked(mentioned[0], mentioned[1:])
    best, place = scored[0]
    named = choices[-place]
    if rank is not None:
        chosen = choices[rank]
        if best >= _CLEAR and named is not chosen:
            return _asked(chosen, [named])
        return sure(chosen.value)
    if best < _FUZZY or re.match(r"^(?:non )?pas\b", said):
        return refused(unread)
    rivals = [choices[-other] for score, other in scored[1:] if best - score < _NEAR]
    if rivals:
        return _asked(named, rivals)
    negated = re.search(r"\b(?:pas|ni)\b", said) and "pas" not in fold(named.label)
    if best < _CLEAR or negated:
        return _asked(named, [])
    return sure(named.value)


def _by_yes_no(text: str, choices: Sequence[Choice]) -> Reading | None:
    """« tout à fait » where the choices are yes and no."""
    sides = {yes_or_no(choice.label): choice for choice in choices}
    answer = yes_or_no(text)
    if answer is not None and "yes" in sides and "no" in sides:
        return sure(sides[answer].value)
    return None


def _asked(chosen: Choice, rivals: Sequence[Choice]) -> Reading:
    if not rivals:
        return unsure(chosen.value, f"Votre choix est-il bien « {chosen.label} » ?")
    labels = listed([f"« {choice.label} »" for choice in (chosen, *rivals)])
    doubt = f"Votre réponse peut vouloir dire {labels}. Lequel choisissez-vous ?"
    return unsure(chosen.value, doubt, [rival.value for rival in rivals])
