"""People made up at random, each with a démarche to carry through, from its form alone.

A person knows the answer to every field that her case applies; she spells it in her own way.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from dossiers.form import Form
from dossiers.progress import progress, situation_of
from knowledge.conditions import evaluate
from knowledge.schema import Champ, Piece

DEMARCHES = (
    "duplicata",
    "changement_adresse",
    "cession",
    "changement_titulaire",
    "complementaire",
    "permis_inscription",
    "permis_titre_examen",
    "permis_titre_formation",
)
FIRST_NAMES = (
    "Zoé", "Jean-François", "Anaïs", "Thị Hoa", "Maëlle", "Łukasz", "Noël", "Inès", "Óscar",
    "Karim", "Françoise", "Marie-Ève", "Paul", "Aïcha", "Søren", "Chloé", "Benoît", "Müge",
)  # fmt: skip
LAST_NAMES = (
    "Lefèvre", "D'Haene", "Nguyễn", "Le Goff", "Muñoz", "Œuvrard", "Martin", "N'Diaye", "Müller",
    "Kowalski", "de La Tour", "Çelik", "Besançon", "Garcia-Pérez", "Ben Saïd", "O'Connor", "Roux",
)  # fmt: skip
ADDRESSES = (
    "12 bis rue de l'Œillet, 75011 Paris",
    "27 avenue du Général-de-Gaulle, 97400 Saint-Denis",
    "3 impasse des Écoles, 20000 Ajaccio",
    "8 rue Saint-Honoré, 35000 Rennes",
    "45 boulevard de l'Hôpital, 59000 Lille",
    "lieu-dit Le Bourg, 24200 Sarlat-la-Canéda",
    "19 chemin du Pré-Haut, 74000 Annecy",
    "Hauptstraße 5, 10115 Berlin, Allemagne",
    "Rue de la Loi 16, 1000 Bruxelles, Belgique",
    "Calle Mayor 3, 28013 Madrid, Espagne",
)
TEXTS = {
    "usage": ("usage personnel", "taxi", "trajets de l'été, vélos et œuvres d'art"),
    "objet": ("erreur sur mon prénom", "pose d'un attelage", "mon mari est décédé en août"),
    "categorie_precision": ("A2", "poids lourd C", "remorque BE"),
}
PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """What she answers to each field, the value it stands for, and what her case asks for.

    ``values``: normal forms by field, in the order of the form; ``said``: her own spelling.
    """

    demarche: str
    values: dict[str, str]
    said: dict[str, str]
    pieces: tuple[str, ...]


def person(form: Form, random: Random, today: date, **wanted: str) -> Person:
    """Someone for whom nothing stops the démarche; ``wanted`` sets some of her answers."""
    values: dict[str, str] = {}
    said: dict[str, str] = {}
    while (field := progress(form, values, today).next) is not None:
        value, spelled = _answer(form, field, values, random, today)
        value = wanted.get(field.id, value)
        if field.choices and value:
            spelled = next(c.label for c in field.choices if c.value == value)
        values[field.id], said[field.id] = value, spelled
    at_end = progress(form, values, today)
    return Person(form.demarche, values, said, _asked_for(at_end.pieces, values))


def other_answer(
    form: Form, slot: str, before: Person, random: Random, today: date
) -> tuple[str, str]:
    """Another value for a field, and its spelling: what the person then corrects."""
    field = form.field(slot)
    assert field is not None
    for _ in range(50):
        value, spelled = _answer(form, field, before.values, random, today)
        if value and value != before.values.get(slot):
            break
    return value, spelled


def _asked_for(pieces: Sequence[Piece], values: dict[str, str]) -> tuple[str, ...]:
    """A pièce that a field gives (a code, an e-mail address) is not asked for again."""
    return tuple(piece.id for piece in pieces if piece.id not in values)


def _answer(
    form: Form, field: Champ, values: dict[str, str], random: Random, today: date
) -> tuple[str, str]:
    if field.optional and random.random() < 0.4:
        return "", "passer"
    if field.kind == "choice":
        open_values = [
            c.value
            for c in field.choices
            if not _stopped(form, values | {field.id: c.value}, today)
        ]
        value = random.choice(open_values)
        return value, value
    if field.kind == "text":
        text = random.choice(TEXTS.get(field.id, ("précision à l'œil",)))
        return text, text
    return _made(field.kind, random, today)


def _stopped(form: Form, values: dict[str, str], today: date) -> bool:
    known = situation_of(form, values, today)
    return any(evaluate(obstacle.when, known) for obstacle in form.flow.obstacles)


def _made(kind: str, random: Random, today: date) -> tuple[str, str]:
    """A value of a kind, and a way to write it."""
    if kind == "plate":
        return _plate(random)
    if kind == "date":
        return _date(today - timedelta(days=random.randint(2, 4000)), random)
    if kind == "birth_date":
        return _date(today - timedelta(days=random.randint(16 * 366, 80 * 365)), random)
    if kind == "name":
        name = f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
        return name, name
    if kind == "address":
        address = random.choice(ADDRESSES)
        return address, address
    if kind == "email":
        email = f"essai{random.randint(1, 999)}.test@exemple.fr"
        return email, random.choice([email, email.upper(), f"mon adresse est {email}"])
    if kind == "phone":
        return _phone(random)
    if kind == "formule":
        code = f"20{random.randint(10, 24)}{_letters(random, 2)}{random.randint(10000, 99999)}"
        return code, random.choice([code, code.lower(), f"{code[:4]} {code[4:6]} {code[6:]}"])
    if kind == "code_cession":
        code = f"{random.randint(10, 99)}{_letters(random, 1)}{random.randint(10, 99)}"
        return code, random.choice([code, code.lower()])
    if kind == "file_code":
        code = "".join(random.choices(PLATE_LETTERS + string.digits[2:], k=10))
        return code, code
    raise ValueError(f"no way to make up a {kind}")


def _plate(random: Random) -> tuple[str, str]:
    if random.random() < 0.2:
        number, letters, place = random.randint(100, 999), _letters(random, 3), "69"
        return f"{number} {letters} {place}", random.choice(
            [f"{number} {letters} {place}", f"{number}{letters}{place}".lower()]
        )
    a, number, b = _letters(random, 2), random.randint(100, 999), _letters(random, 2)
    plate = f"{a}-{number}-{b}"
    return plate, random.choice(
        [plate, f"{a} {number} {b}".lower(), f"{a}{number}{b}", f"c'est {plate}", plate.lower()]
    )


def _letters(random: Random, count: int) -> str:
    while True:
        letters = "".join(random.choices(PLATE_LETTERS, k=count))
        if letters not in ("SS", "WW"):
            return letters


def _date(day: date, random: Random) -> tuple[str, str]:
    month = MONTHS[day.month - 1]
    return day.isoformat(), random.choice(
        [
            f"{day:%d/%m/%Y}",
            f"{day:%d-%m-%Y}",
            f"{day.day} {month} {day.year}",
            f"le {day.day} {month} {day.year}",
            f"{day.day}/{day.month}/{day.year}",
            f"{day:%d.%m.%Y}",
        ]
    )


def _phone(random: Random) -> tuple[str, str]:
    digits = f"06{random.randint(10_000_000, 99_999_999)}"
    pairs = [digits[n : n + 2] for n in range(0, 10, 2)]
    return digits, random.choice([digits, " ".join(pairs), ".".join(pairs), f"+33{digits[1:]}"])


def same(kept: str, told: str) -> bool:
    """Equal but for what putting in normal form changes: case, spaces, commas."""
    return _bare(kept) == _bare(told)


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
