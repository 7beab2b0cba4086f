"""Choices: named, denied, hedged, asked about, by rank, misspelled; and yes or no."""

import pytest

from french import Choice, parse
from french.choices import find, hear, item, named, together
from french.kinds.choice import taken_up

FUEL = (
    Choice("essence", "À l’essence", ("essence", "sans plomb", "SP95")),
    Choice("diesel", "Au gazole", ("gazole", "diesel", "gasoil")),
    Choice("autre", "Autre carburant (électrique, par exemple)", ("électrique", "hybride", "GPL")),
)
HOME = (
    Choice("proprio", "Propriétaire", ("propriétaire", "c’est à moi", "j’ai acheté")),
    Choice("locataire", "Locataire", ("locataire", "en location", "je loue", "pas propriétaire")),
)
INSURED = (
    Choice("oui", "Oui", ("elle est assurée", "une assurance", "l’assureur me l’a confirmé")),
    Choice("non", "Non", ("pas assurée", "aucune assurance", "résiliée")),
)
WHERE = tuple(
    Choice(value, label, (label.lower(), *more))
    for value, label, more in (
        ("nord", "Dans le nord", ("Lille",)), ("sud", "Dans le sud", ("Marseille",)),
        ("sud_ouest", "Dans le sud ouest", ("Bordeaux",)), ("est", "Dans l’est", ("Metz",)),
        ("ouest", "Dans l’ouest", ("Brest",)),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("choices", "text", "value", "asked"),
    [
        (FUEL, "diesel", "diesel", False),
        (FUEL, "elle roule au gasoil", "diesel", False),
        (FUEL, "diésel", "diesel", False),
        (FUEL, "électriques", "autre", False),
        (FUEL, "la deuxième", "diesel", False),
        (FUEL, "je prends la 3", "autre", False),
        (FUEL, "la dernière option", "autre", False),
        (FUEL, "essence, pas diesel", "essence", False),
        (FUEL, "pas diesel, essence", "essence", False),
        (FUEL, "pas diesel mais essence", "essence", False),
        (FUEL, "elle n'est pas diesel, elle est hybride", "autre", False),
        (FUEL, "ni diesel ni essence, électrique", "autre", False),
        (FUEL, "essence et non diesel", "essence", False),
        (FUEL, "plutôt essence que diesel", "essence", False),
        (FUEL, "essence au lieu de diesel", "essence", False),
        (FUEL, "diesel non pardon essence", "essence", False),
        (FUEL, "je ne pense pas qu'elle soit diesel, c'est une essence", "essence", False),
        (FUEL, "diesel je crois", "diesel", True),
        (FUEL, "peut-être essence", "essence", True),
        (FUEL, "essence et diesel", "essence", True),
        (FUEL, "diezel", "diesel", True),
        (FUEL, "diesel non", None, False),
        (FUEL, "pas diesel", None, False),
        (FUEL, "ni l'un ni l'autre", None, False),
        (FUEL, "essence ou diesel, je ne sais pas", None, False),
        (FUEL, "essence ou diesel", None, False),
        (FUEL, "je sais pas si c'est une essence", None, False),
        (FUEL, "pourquoi vous demandez si elle est diesel", None, False),
        (FUEL, "c'est quoi un diesel ?", None, False),
        (FUEL, "et si elle est hybride", None, False),
        (FUEL, "essence, ça change quoi ?", "essence", False),
        (FUEL, "peu importe", None, False),
        (FUEL, "non", None, False),
        (HOME, "je loue", "locataire", False),
        (HOME, "je ne suis pas propriétaire", "locataire", False),
        (HOME, "je ne pense pas être locataire", "proprio", True),
        (HOME, "locataire non", "proprio", True),
        (HOME, "pas la première", "locataire", True),
        (HOME, "la première non la deuxième", "locataire", False),
        (HOME, "aidez-moi", None, False),
        (INSURED, "oui", "oui", False),
        (INSURED, "elle est assurée", "oui", False),
        (INSURED, "elle n'est pas assurée", "non", False),
        (INSURED, "elle n'est plus assurée", "non", False),
        (INSURED, "l'assureur ne me l'a pas confirmé", "non", False),
        (INSURED, "il m'a rien donné", "non", False),
        (INSURED, "elle n'est pas résiliée", "oui", False),
        (INSURED, "elle n'a pas d'assurance", "non", False),
        (INSURED, "non elle est résiliée", "non", False),
        (INSURED, "oui elle est résiliée", "oui", True),
        (INSURED, "oui c'est faux", "oui", True),
        (INSURED, "oui mais non", "oui", True),
        (INSURED, "ah non c'est bien ça", "non", True),
        (INSURED, "je crois que oui", "oui", True),
        (INSURED, "pk vous voulez savoir si elle est assurée", None, False),
        (INSURED, "je ne sais pas si elle est assurée", None, False),
        (INSURED, "assurée ?", None, False),
        (INSURED, "je ne l'ai pas sous la main", None, False),
        (WHERE, "dans le sud ouest", "sud_ouest", False),
        (WHERE, "à Metz", "est", False),
    ],
)  # fmt: skip
def test_one_choice(choices: tuple[Choice, ...], text: str, value: str | None, asked: bool) -> None:
    reading = parse("choice", text, choices=choices)
    assert reading.value == value, reading
    assert (reading.doubt is not None) == asked, reading


def test_what_is_denied_is_told_from_what_is_said() -> None:
    heard = hear("elle n'est pas diesel mais essence", FUEL)
    assert heard.values == ("essence",)
    assert heard.rejected == ("diesel",)
    text = "pas diesel, essence"
    assert [(text[f.start : f.end], f.denied) for f in find(text, FUEL)] == [
        ("diesel", True),
        ("essence", False),
    ]


def test_two_in_balance_are_none() -> None:
    assert hear("essence ou diesel", FUEL).balanced
    assert named("essence ou diesel", FUEL) is None
    assert named("une essence", FUEL) == "essence"


def test_the_choices_of_several_fields_make_up_a_message() -> None:
    fields = {"fuel": FUEL, "home": HOME}
    assert together("diesel et locataire", fields) == {"fuel": "diesel", "home": "locataire"}
    assert together("diesel et bleu", fields) == {}
    assert together("je la vends diesel locataire demain", fields, least=2) == {
        "fuel": "diesel",
        "home": "locataire",
    }
    assert item("AB-123-CD, en location, hier", HOME) == "locataire"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("le duplicata", "dup"),
        ("la deuxième", "cession"),
        ("declarer une vente", "cession"),
        ("2", "cession"),
        ("non", None),
        ("pas le duplicata", None),
        ("c'est quoi un duplicata ?", None),
    ],
)
def test_offered_choices_are_taken_up(text: str, value: str | None) -> None:
    offered = (
        Choice("dup", "Demander un duplicata"),
        Choice("cession", "Déclarer la vente d’un véhicule"),
        Choice("autre", "Autre chose"),
    )
    assert taken_up(text, offered) == value


def test_yes_takes_up_the_only_one() -> None:
    assert taken_up("oui", (Choice("go", "Préparer cette démarche"),)) == "go"
    assert taken_up("oui c'est faux", (Choice("go", "Préparer cette démarche"),)) is None
