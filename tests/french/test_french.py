"""Values of every kind, typed and dictated, with what is doubted and what is refused."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from num2words import num2words

from french import Choice, Found, command, find, parse, say, show, spell
from french.numerals import words
from french.plates import format_of
from french.reading import Reading

TODAY = date(2026, 3, 18)
HERE = Path(__file__).parent
DEV = HERE.parents[2] / "shared" / "data" / "spoken-values-dev.jsonl"


def typed(kind: str, text: str) -> Reading:
    return parse(kind, text, today=TODAY)


@pytest.mark.parametrize(
    "row",
    [json.loads(line) for line in (HERE / "dictated.jsonl").read_text("utf-8").splitlines()],
    ids=lambda row: str(row["said"]),
)
def test_a_dictated_value_is_read(row: dict[str, str | None]) -> None:
    reading = parse(str(row["kind"]), str(row["said"]), today=TODAY, spoken=True)
    assert reading.value == row["value"], reading
    assert (reading.problem is None) == (reading.value is not None)


def test_the_development_rows() -> None:
    if not DEV.exists():
        pytest.skip("the shared folder with the development rows is not here")
    kinds = {"plate": "plate", "date": "date"}
    missed = []
    for line in DEV.read_text("utf-8").splitlines():
        row = json.loads(line)
        kind, said, expected = row["kind"], row["utterance"], row["expected"]
        if isinstance(expected, str) and expected.startswith("TODAY-"):
            expected = (TODAY - timedelta(days=int(expected[6:]))).isoformat()
        if kind.startswith("cmd_") or kind in ("yes", "no"):
            got = command(said)
        else:
            kind = kinds.get(kind.split("_")[0], kind)
            got = parse(kind, said, today=TODAY, spoken=True).value
        if got != expected:
            missed.append((said, expected, got))
    assert missed == []


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("plate", "AB-123-CD", "AB-123-CD"),
        ("plate", "ab123cd", "AB-123-CD"),
        ("plate", "AB 123 CD.", "AB-123-CD"),
        ("plate", "non, la plaque c'est AB-123-CD", "AB-123-CD"),
        ("plate", "AB-123-CD non pardon AB-124-CD", "AB-124-CD"),
        ("plate", "123ab01", "123 AB 01"),
        ("plate", "1234 WW 75", "1234 WW 75"),
        ("plate", "W-123-AB", "W-123-AB"),
        ("postcode", "75 011", "75011"),
        ("postcode", "69003 Lyon", "69003"),
        ("postcode", "2 rue X, 20090 Ajaccio", "20090"),
        ("phone", "06.12.34.56.78", "0612345678"),
        ("phone", "+33 (0)6 12 34 56 78", "0612345678"),
        ("phone", "0033612345678", "0612345678"),
        ("phone", "+32 475 12 34 56", "+32475123456"),
        ("email", "Jean.Petit@Gmail.com", "jean.petit@gmail.com"),
        ("email", "mon mail : jean.petit@gmail.com merci", "jean.petit@gmail.com"),
        ("formule", "2019 AB 12345", "2019AB12345"),
        ("code5", "le 48213", "48213"),
        ("code_cession", "a1b2c", "A1B2C"),
        ("date", "12/03/19", "2019-03-12"),
        ("date", "12.03.2019", "2019-03-12"),
        ("date", "2019-03-12", "2019-03-12"),
        ("date", "le 1er avril 2020", "2020-04-01"),
        ("date", "vendredi 13 mars 2026 vers 15h30", "2026-03-13"),
        ("date", "12/03/98", "1998-03-12"),
        ("date", "lundi dernier", "2026-03-16"),
        ("date", "il y a 3 jours", "2026-03-15"),
        ("number", "1 500", "1500"),
        ("number", "6 CV", "6"),
        ("name", "DUPONT JEAN-PIERRE", "Dupont Jean-Pierre"),
        ("name", "je m'appelle marie le goff", "Marie Le Goff"),
        ("name", "Jean d'Ormesson", "Jean d'Ormesson"),
        ("name", "Ian McKay", "Ian McKay"),
        ("name", "pierre dupond d u p o n d", "Pierre Dupond"),
        ("address", "12, rue des Lilas\n75011 Paris", "12 rue des Lilas, 75011 Paris"),
        ("address", "3 av du Général Leclerc 69003 LYON",
         "3 avenue du Général Leclerc, 69003 Lyon"),
        ("address", "8 rue du 8 mai 1945, 93200 SAINT DENIS",
         "8 rue du 8 Mai 1945, 93200 Saint-Denis"),
        ("address", "lieu-dit Le Moulin 56000 Vannes", "lieu-dit Le Moulin, 56000 Vannes"),
        ("yes_no", "oui je l'ai reçue", "yes"),
        ("yes_no", "non, pas encore", "no"),
        ("text", "  bonjour\t vous ", "bonjour vous"),
    ],
)  # fmt: skip
def test_a_typed_value_is_read_without_a_doubt(kind: str, text: str, value: str) -> None:
    assert typed(kind, text) == Reading(value=value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("plate", "AO-123-CD", "AO-123-CD"),
        ("plate", "SS-123-AB", "SS-123-AB"),
        ("plate", "AB-000-CD", "AB-000-CD"),
        ("plate", "AB-I23-CD", "AB-123-CD"),
        ("plate", "123 AB 96", "123 AB 96"),
        ("plate", "123 AB 1", "123 AB 01"),
        ("plate", "AB-12-C", "AB-12-C"),
        ("plate", "AB-123-CD et CD-456-EF", "AB-123-CD"),
        ("postcode", "99123", "99123"),
        ("formule", "201AB12345", "201AB12345"),
        ("email", "jean@gmial.com", "jean@gmial.com"),
        ("date", "12 mars", "2026-03-12"),
        ("date", "lundi", "2026-03-16"),
        ("date", "il y a un mois", "2026-02-18"),
        ("date", "le 3/4/2020 ou le 5/4/2020", "2020-04-03"),
        ("address", "rue des Lilas 75011 Paris", "rue des Lilas, 75011 Paris"),
        ("yes_no", "oui enfin je crois", "yes"),
    ],
)
def test_a_plausible_value_is_doubted(kind: str, text: str, value: str) -> None:
    reading = typed(kind, text)
    assert reading.value == value
    assert reading.problem is None
    assert reading.doubt
    assert reading.doubt[-1] in ".?"


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("plate", "AB-12-CD", "trois chiffres"),
        ("plate", "123 AB", "département"),
        ("plate", "AB-123", "deux dernières lettres"),
        ("phone", "06 12 34 56 7", "9 chiffres"),
        ("code5", "1234", "4 chiffres"),
        ("postcode", "00123", "00"),
        ("email", "jean.petit@gmail", "complète"),
        ("email", "jean.petit chez gmail", "arobase"),
        ("date", "31/02/2020", "31 février 2020"),
        ("date", "demain", "pas encore passé"),
        ("date", "12/13/2019", "12/13/2019"),
        ("date", "12/03", "année"),
        ("date", "début mars", "jour exact"),
        ("date", "la semaine dernière", "date exacte"),
        ("number", "12,5", "entier"),
        ("name", "12 rue", "chiffres"),
        ("address", "12 rue des Lilas Paris", "code postal"),
        ("address", "12 rue des Lilas 75011", "ville"),
        ("yes_no", "peut-être", "oui ou par non"),
        ("text", "   ", "rien"),
    ],
)
def test_what_can_not_be_right_is_refused_with_the_reason(kind: str, text: str, why: str) -> None:
    reading = typed(kind, text)
    assert reading.value is None
    assert reading.doubt is None
    assert reading.problem
    assert why in reading.problem


@pytest.mark.parametrize("kind", ["plate", "code5", "code_cession", "number", "phone", "date"])
@pytest.mark.parametrize(
    "text", ["deux secondes", "un conseiller", "attendez", "une minute", "six"]
)
def test_what_is_said_to_the_guide_is_no_value(kind: str, text: str) -> None:
    if kind == "number" and text == "six":
        return
    assert parse(kind, text, today=TODAY, spoken=True).value is None


def test_a_plate_never_issued_is_asked_again_on_the_phone() -> None:
    reading = parse("plate", "a o cent vingt-trois c d", spoken=True)
    assert reading.value is None
    assert reading.problem
    assert "AO-123-CD" in reading.alternatives


def test_near_readings_are_alternatives() -> None:
    reading = parse("plate", "t comme pierre b un deux trois c d", spoken=True)
    assert reading.value == "PB-123-CD"
    assert "TB-123-CD" in reading.alternatives
    reading = parse("email", "sophie point le roi arobase free point fr", spoken=True)
    assert reading.value == "sophie.leroy@free.fr"
    assert reading.alternatives == ("sophie.leroi@free.fr",)


def test_a_value_cut_short_is_not_completed_in_silence() -> None:
    for said in ("zéro six douze trente quatre cinquante six", "zéro six douze trente-quatre"):
        reading = parse("phone", said, spoken=True)
        assert reading.value is None or reading.doubt


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("AB-123-CD", "siv"),
        ("WW-123-AB", "ww"),
        ("W-123-AB", "ww"),
        ("AB-12-C", "cyclo"),
        ("123 AB 01", "fni"),
        ("123 AB 2A", "fni"),
        ("1234 WW 75", "ww"),
        ("bonjour", None),
    ],
)
def test_the_format_of_a_plate(value: str, form: str | None) -> None:
    assert format_of(value) == form


THEFT = (
    Choice("perte", "Perte", ("perdue", "égarée")),
    Choice("vol", "Vol", ("volée", "on me l'a volée")),
)
FOR_WHOM = (
    Choice("moi", "Pour moi-même", ("moi", "pour moi")),
    Choice("autrui", "Pour quelqu'un d'autre", ("mon père", "un proche")),
)


@pytest.mark.parametrize(
    ("choices", "text", "value", "doubted"),
    [
        (THEFT, "perte", "perte", False),
        (THEFT, "je l'ai perdu", "perte", False),
        (THEFT, "la deuxième", "vol", False),
        (THEFT, "2", "vol", False),
        (THEFT, "le dernier", "vol", False),
        (THEFT, "on me l'a volé hier", "vol", False),
        (THEFT, "parte", "perte", True),
        (THEFT, "perdue et volée", "perte", True),
        (THEFT, "les deux", None, False),
        (THEFT, "pas perdue", "vol", True),
        (THEFT, "deux secondes", None, False),
        (THEFT, "3", None, False),
        (FOR_WHOM, "c'est pour moi", "moi", False),
        (FOR_WHOM, "quelqu'un d'autre", "autrui", False),
        (FOR_WHOM, "pour mon père", "autrui", False),
        (FOR_WHOM, "je ne sais pas", None, False),
    ],
)
def test_one_of_the_choices(
    choices: tuple[Choice, ...], text: str, value: str | None, doubted: bool
) -> None:
    reading = parse("choice", text, choices=choices)
    assert reading.value == value, reading
    assert (reading.doubt is not None) == doubted


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("deux secondes", "hold"),
        ("attendez deux secondes je cherche ma carte grise", "hold"),
        ("je voudrais parler à un conseiller s'il vous plaît", "agent"),
        ("passez-moi quelqu'un", "agent"),
        ("une vraie personne", "agent"),
        ("quelqu'un d'autre", None),
        ("vous pouvez aller plus lentement", "slower"),
        ("est-ce que vous pouvez répéter", "repeat"),
        ("Pardon ?", "repeat"),
        ("la suite", "next"),
        ("je me suis trompée", "correct"),
        ("je veux annuler", "cancel"),
        ("retour", "back"),
        ("aidez-moi", "help"),
        ("oui, merci", "yes"),
        ("non merci", "no"),
        ("deux", None),
        ("AB-123-CD", None),
        ("j'attends ma carte grise depuis deux minutes", None),
        ("comment faire un duplicata", None),
        ("après le vol de ma voiture", None),
        ("", None),
    ],
)
def test_a_command_is_the_whole_message(text: str, name: str | None) -> None:
    assert command(text) == name


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("plate", "duplicata pour AB-123-CD, volée, pour moi-même", [("AB-123-CD", 15, 24)]),
        ("plate", "non, la plaque c'est ab 123 cd", [("AB-123-CD", 21, 30)]),
        ("plate", "123 AB 01 et AB123CD", [("123 AB 01", 0, 9), ("AB-123-CD", 13, 20)]),
        ("plate", "ma 308 SW, la 206 hd, la 308 sw, 10 km 30, 12 rue 75", []),
        ("plate", "une plaque AO-123-CD", []),
        ("date", "perdue hier, achetée le 3 mai 2018",
         [("2026-03-17", 7, 11), ("2018-05-03", 24, 34)]),
        ("date", "j'ai 2 voitures et 12 3 19", []),
        ("date", "lundi", []),
        ("email", "écrivez à Jean.Petit@gmail.com.", [("jean.petit@gmail.com", 10, 30)]),
        ("phone", "06.12.34.56.78 ou +32 475 12 34 56",
         [("0612345678", 0, 14), ("+32475123456", 18, 34)]),
        ("postcode", "j'habite 75011 Paris", [("75011", 9, 14)]),
        ("postcode", "mon code est 48213", []),
        ("formule", "formule 2019AB12345 ok", [("2019AB12345", 8, 19)]),
        ("name", "Jean Petit", []),
    ],
)  # fmt: skip
def test_values_are_found_in_a_longer_message(
    kind: str, text: str, found: list[tuple[str, int, int]]
) -> None:
    assert find(kind, text, TODAY) == [Found(*spot) for spot in found]


@pytest.mark.parametrize(
    ("kind", "value", "shown", "said"),
    [
        ("plate", "AB-123-CD", "AB-123-CD", "A, B, cent vingt-trois, C, D"),
        ("plate", "WX-007-YZ", "WX-007-YZ", "W, X, zéro zéro sept, Y, Z"),
        ("plate", "789 KZ 2A", "789 KZ 2A", "sept cent quatre-vingt-neuf, K, Z, deux, A"),
        ("date", "2019-03-12", "12 mars 2019", "douze mars deux mille dix-neuf"),
        ("date", "2020-01-01", "1er janvier 2020", "premier janvier deux mille vingt"),
        ("phone", "0612345678", "06 12 34 56 78",
         "zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit"),
        ("postcode", "01000", "01000", "zéro un, zéro zéro zéro"),
        ("code5", "00719", "00719", "zéro, zéro, sept, un, neuf"),
        ("formule", "2019AB12345", "2019AB12345",
         "deux mille dix-neuf, A, B, un, deux, trois, quatre, cinq"),
        ("email", "j.b@gmail.com", "j.b@gmail.com",
         "J, point, B, arobase, gmail, point, com"),
        ("yes_no", "yes", "oui", "oui"),
    ],
)  # fmt: skip
def test_a_value_is_shown_and_said(kind: str, value: str, shown: str, said: str) -> None:
    assert show(kind, value) == shown
    assert say(kind, value) == said


def test_a_name_is_spelled() -> None:
    assert spell("Le Goff") == "L, E, espace, G, O, F, F"


def test_numbers_are_written_as_num2words_does() -> None:
    for number in (*range(2000), *range(2000, 999_999, 7919)):
        assert words(number) == num2words(number, lang="fr")


def test_an_unknown_kind_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        parse("colour", "rouge")


@pytest.mark.parametrize(
    ("kind", "told", "said"),
    [
        ("date", "le 31 février", "Le 31 février n’existe pas"),
        ("date", "32 mars 2020", "Le 32 mars 2020 n’existe pas"),
        ("address", "12 rue de la Paix 99999 Paris", "Le code postal 99999 n’existe pas"),
    ],
)
def test_what_cannot_be_says_what_is_wrong(kind: str, told: str, said: str) -> None:
    reading = parse(kind, told)
    assert reading.value is None
    assert said in (reading.problem or "")


def test_a_plate_spelled_in_a_sentence_is_found() -> None:
    told = "la clio a c 3 4 5 d b et la 208 e f 234 g h"
    assert [found.value for found in find("plate", told)] == ["AC-345-DB", "EF-234-GH"]
