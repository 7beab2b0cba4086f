"""Recognising that a message corrects an earlier answer, by its name or by its value."""

import re
from collections.abc import Sequence

from bot.actions.flow.acts import bare
from knowledge.schema import Champ

_CORRECTIVE = re.compile(
    r"\b(non|en fait|plutot|pardon|erreur|trompee?|corriger|correction|je voulais dire|finalement"
    r"|changer|modifier|rectifier|pas le bon|pas la bonne|c est pas|ce n est pas|je me reprends)\b"
)
# What people call a field of each kind.
_KIND_NAMES = {
    "plate": "plaque immatriculation matricule",
    "date": "date",
    "birth_date": "naissance anniversaire date",
    "name": "nom prenom identite",
    "address": "adresse rue",
    "email": "mail email courriel",
    "phone": "telephone portable numero",
    "formule": "formule",
    "code_cession": "code cession",
}
_LIGHT = frozenset("pour avec dans quel quelle votre cette type date nom".split())


def is_corrective(text: str) -> bool:
    """Whether a message says that something said before is not right."""
    return _CORRECTIVE.search(bare(text)) is not None


def field_named(text: str, answered: Sequence[Champ]) -> Champ | None:
    """The answered field that a message names; the last answered where several fit equally."""
    said = set(bare(text).split())
    best: tuple[int, Champ] | None = None
    for champ in answered:
        label = {w for w in bare(champ.label).split() if len(w) > 3 and w not in _LIGHT}
        kind = set(_KIND_NAMES.get(champ.kind, "").split())
        score = 2 * len(said & label) + len(said & kind)
        if score and (best is None or score >= best[0]):
            best = (score, champ)
    return best[1] if best else None
