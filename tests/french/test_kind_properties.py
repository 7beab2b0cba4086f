"""What holds for any value of a kind: shown, it is read; cut short or denied, never in silence."""

import random
from datetime import date, timedelta

import pytest
import voices
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from french import Choice, Context
from french.kinds import ALL

TODAY = date(2026, 3, 18)
CHOICES = (
    Choice("perte", "Elle est perdue", ("perdue", "perte")),
    Choice("vol", "Elle est volée", ("volée", "vol")),
    Choice("autre", "Autre raison (carte abîmée, par exemple)", ("abîmée", "déchirée")),
)
AT = Context(TODAY, choices=CHOICES)

FIRST = "Jean Anne-Laure Inès Noël Kévin Zoé Ève Jean-Baptiste Awa Thi Ömer".split()
LAST = [
    "Petit", "Le Goff", "d'Ormesson", "Giscard d'Estaing", "Le Floc'h", "D'Angelo", "O'Connor",
    "de La Tour du Pin", "van der Berg", "dos Santos", "N'Diaye", "Petit-Renaud", "Nguyen",
    "Lefèvre", "Saint-Exupéry", "McKay", "El Amrani", "Dupont Martin",
]  # fmt: skip
FIRMS = [
    "Garage 2000", "Martin & Fils", "SCI Les Lilas", "SARL Dupont Frères", "Auto'Passion Lyon",
    "Transports du Nord", "Auto-École de la Gare", "Taxi 75",
]  # fmt: skip
STREETS = [
    "rue des Deux-Églises", "rue du Quatre-Septembre", "boulevard Victor-Hugo", "villa Seurat",
    "allée des Tilleuls", "impasse du Puits", "place de la République", "rue du 8 Mai 1945",
    "cours Mirabeau",
    "chemin de la Croix d'Or", "lotissement Les Pins", "square Lamartine", "hameau de la Source",
    "rue du Pas de Calais", "rue Saint-Antoine", "quai de la Rapée", "rue d'En-Haut",
]  # fmt: skip
TOWNS = [
    "Lyon", "Aix-en-Provence", "L'Haÿ-les-Roses", "Saint-Denis", "Fort-de-France", "La Rochelle",
    "Bourg-en-Bresse", "Y", "Rennes Cedex 7", "Le Mans", "Le Grand-Quevilly",
]  # fmt: skip
BEFORE = ["", "", "", "Bâtiment B, ", "Appt 12, ", "3e étage, ", "chez M. Roux, ", "BP 12, "]


def _made(kind: str) -> st.SearchStrategy[str]:
    return st.integers(0, 2**32).map(lambda seed: voices.random_value(kind, random.Random(seed)))


def _address(seed: int) -> str:
    rng = random.Random(seed)
    number = f"{rng.randint(1, 9999)}{rng.choice(['', '', '', ' bis', ' ter', 'B', '-9999'])}"
    postcode = f"{rng.choice([n for n in range(1, 96) if n != 20]):02d}{rng.randint(0, 999):03d}"
    return f"{rng.choice(BEFORE)}{number} {rng.choice(STREETS)}, {postcode} {rng.choice(TOWNS)}"


names = st.builds(lambda a, b: f"{a} {b}", st.sampled_from(FIRST), st.sampled_from(LAST))
days = st.integers(0, 27_000).map(lambda back: (TODAY - timedelta(days=back)).isoformat())
VALUES: dict[str, st.SearchStrategy[str]] = {
    kind: _made(kind) for kind in ("plate", "formule", "code5", "code_cession", "postcode", "phone")
} | {
    "date": days,
    "birth_date": st.integers(13 * 366, 100 * 365).map(
        lambda back: (TODAY - timedelta(days=back)).isoformat()
    ),
    "email": st.from_regex(
        r"[a-z][a-z0-9]{0,8}([._'-][a-z][a-z0-9]{0,5})?@(gmail\.com|free\.fr|my-club\.org)",
        fullmatch=True,
    ),
    "name": st.one_of(names, st.sampled_from(FIRMS)),
    "address": st.integers(0, 2**32).map(_address),
    "file_code": st.from_regex(r"[A-Z]{2}[A-Z0-9]{4,12}[2-9]", fullmatch=True),
    "number": st.integers(0, 999_999).map(str),
    "yes_no": st.sampled_from(["yes", "no"]),
    "text": st.sampled_from(["usage agricole", "on la retire", "C", "sans l’avis du médecin"]),
}
FIXED = ("phone", "formule", "code5", "code_cession", "postcode")
DENIABLE = ("plate", "date", "email", "phone", "formule", "name", "address", "code_cession")


def test_every_kind_is_here() -> None:
    assert set(VALUES) | {"choice"} == set(ALL)


@pytest.mark.parametrize("kind", VALUES)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_value_shown_is_read(kind: str, data: st.DataObject) -> None:
    value = data.draw(VALUES[kind])
    assert ALL[kind].read(ALL[kind].show(value), AT).value == value


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.value)
def test_a_label_is_its_choice(choice: Choice) -> None:
    for name in (choice.label, choice.label.upper(), *choice.synonyms):
        reading = ALL["choice"].read(name, AT)
        assert (reading.value, reading.doubt) == (choice.value, None)


@pytest.mark.parametrize("kind", FIXED)
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_value_too_short_or_too_long_is_never_taken_in_silence(
    kind: str, data: st.DataObject
) -> None:
    value = data.draw(VALUES[kind])
    assume(not value.startswith("+"))
    if kind == "formule":
        assume(len(value) == len("2019AB12345"))
    shown = ALL[kind].show(value)
    at = data.draw(st.integers(0, len(shown) - 1))
    cut = shown[:at] + shown[at + 1 :]
    more = f"{shown}{data.draw(st.sampled_from(['', ' ']))}{data.draw(st.sampled_from('3579'))}"
    for text in (cut, more):
        reading = ALL[kind].read(text, AT)
        told = "".join(char for char in text if char.isalnum()).upper()
        if told != value:
            assert reading.value is None or reading.doubt, (text, reading)


@pytest.mark.parametrize("kind", DENIABLE)
@pytest.mark.parametrize(
    "said",
    ["{0} et non {1}", "{0}, pas {1}", "pas {1} mais {0}", "ce n’est pas {1} c’est {0}",
     "{0} au lieu de {1}", "{0} plutôt que {1}"],
)  # fmt: skip
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_denied_is_never_the_value(kind: str, said: str, data: st.DataObject) -> None:
    value, other = data.draw(VALUES[kind]), data.draw(VALUES[kind])
    assume(value != other)
    reading = ALL[kind].read(said.format(ALL[kind].show(value), ALL[kind].show(other)), AT)
    assert reading.value == value or reading.value is None or reading.doubt, reading


@pytest.mark.parametrize("kind", ["plate", "date", "email", "phone", "formule", "address"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_found_values_and_their_denials(kind: str, data: st.DataObject) -> None:
    value, other = data.draw(VALUES[kind]), data.draw(VALUES[kind])
    assume(value != other)
    if kind == "plate":
        assume("-" in value and "-" in other)
    shown, denied = ALL[kind].show(value), ALL[kind].show(other)
    found = ALL[kind].find(f"bonjour, c’est {shown} et non {denied}, merci", AT)
    assert value not in [f.value for f in found if f.denied]
    assert other not in [f.value for f in found if not f.denied]


_NOISE = [
    "je ne sais pas", "où c’est marqué", "attendez", "la carte grise", "est dans la voiture",
    "mon mari", "va chercher les papiers", "pourquoi vous demandez ça", "il faut quoi", "merci",
    "bonjour", "un moment", "svp", "deux secondes", "euh", "enfin bon", "plus tard", "hier soir",
    "dans la rue", "c’est un garage",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["plate", "phone", "formule", "code5", "email", "address"])
@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(_NOISE), min_size=1, max_size=9), spoken=st.booleans())
def test_remarks_are_no_values(kind: str, words: list[str], spoken: bool) -> None:
    reading = ALL[kind].read(" ".join(words), Context(TODAY, spoken))
    assert reading.value is None or reading.doubt, reading
