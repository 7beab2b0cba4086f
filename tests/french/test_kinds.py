"""What each kind of value answers: where values stand, which are denied, how one is put right."""

import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

import french
from french import Context
from french.kinds import ALL
from french.plain import fillers, plain, telling
from french.questions import is_question, statements

TODAY = date(2026, 3, 18)
ROOT = Path(french.__file__).parent
OF_FIELDS = (
    "choice plate name address date birth_date email phone formule code_cession file_code text"
).split()


def test_every_kind_of_field_is_here_and_whole() -> None:
    assert set(OF_FIELDS) <= set(ALL)
    for name, kind in ALL.items():
        assert kind.name == name
        assert kind.format in ("choice", "date", "email", "phone", "address", "plate", "text")
        assert (ROOT / "kinds" / f"{name}.py").exists()
    assert {name for name, kind in ALL.items() if kind.free} == {
        "name", "address", "text", "file_code",
    }  # fmt: skip
    assert {"plate", "phone", "email", "formule", "date", "birth_date"} <= {
        name for name, kind in ALL.items() if kind.read_back
    }
    assert ALL["date"].keypad
    assert ALL["date"].keypad.written("12032019") == "12/03/2019"


def test_today_never_comes_from_the_clock() -> None:
    for path in ROOT.rglob("*.py"):
        assert not re.search(r"\.today\(\)|\.now\(|time\.time", path.read_text("utf-8")), path
    assert french.parse("date", "hier").value is None
    assert french.parse("date", "le 12 mars 2019").value == "2019-03-12"


def test_a_sentence_to_people_has_one_apostrophe() -> None:
    texts = ("", "?", "je ne sais pas", "31/02/2020", "12", "x", "a@b", "AB-12-CD", "75011 Paris")
    for kind in ALL.values():
        for text in texts:
            reading = kind.read(text, Context(TODAY))
            assert "'" not in (reading.problem or "") + (reading.doubt or "")


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("plate", "GH-412-KL et non GH-421-KL", [("GH-412-KL", False), ("GH-421-KL", True)]),
        ("plate", "ni GH-412-KL ni GH-421-KL", [("GH-412-KL", True), ("GH-421-KL", True)]),
        ("plate", "GH-421-KL, pardon, GH-412-KL", [("GH-421-KL", True), ("GH-412-KL", False)]),
        ("plate", "GH-412-KL n'est pas la bonne", [("GH-412-KL", True)]),
        ("plate", "non, GH-412-KL", [("GH-412-KL", False)]),
        ("plate", "pas de souci, GH-412-KL", [("GH-412-KL", False)]),
        ("plate", "j'ai la GH-412-KL plutôt que la GH-421-KL",
         [("GH-412-KL", False), ("GH-421-KL", True)]),
        ("date", "le 4 mai 2018, pas le 5 mai 2018", [("2018-05-04", False), ("2018-05-05", True)]),
        ("date", "vendu hier, né le 5 mai 1980", [("2026-03-17", False)]),
        ("birth_date", "vendu hier, né le 5 mai 1980", [("1980-05-05", False)]),
        ("email", "a.b@free.fr, surtout pas c.d@free.fr",
         [("a.b@free.fr", False), ("c.d@free.fr", True)]),
        ("email", "lucas moreau@free.fr", []),
        ("phone", "0698765432 et non 0698765423", [("0698765432", False), ("0698765423", True)]),
        ("phone", "06 98 76 54 32 1", []),
        ("formule", "2021CD54321 sauf erreur", [("2021CD54321", False)]),
        ("code_cession", "code de cession 7H2QP", [("7H2QP", False)]),
        ("address", "je vends à Luc Roy, 8 bis rue Verte 10000 Troyes, le 4 mai",
         [("8 bis rue Verte, 10000 Troyes", False)]),
        ("address", "8 rue Verte 10000 Troyes et plus au 9 rue Noire 10000 Troyes",
         [("8 rue Verte, 10000 Troyes", False), ("9 rue Noire, 10000 Troyes", True)]),
        ("address", "rendez-vous place de la Mairie", []),
        ("name", "l'acheteur s'appelle luc roy et habite Troyes", [("Luc Roy", False)]),
        ("name", "je la donne à ma nièce Zoé de La Rue demain", [("Zoé de La Rue", False)]),
        ("name", "au nom de Luc Roy, pas au nom d'Anne Roy",
         [("Luc Roy", False), ("Anne Roy", True)]),
        ("name", "Luc Roy", []),
        ("name", "il s'appelle comment ?", []),
    ],
)  # fmt: skip
def test_values_are_found_and_those_denied_are_marked(
    kind: str, text: str, found: list[tuple[str, bool]]
) -> None:
    assert [(f.value, f.denied) for f in french.find(kind, text, TODAY)] == found


def test_places_are_those_of_the_text_as_it_came() -> None:
    text = unicodedata.normalize("NFD", "reçu à Orléans\u200b : rémi@free.fr")
    [found] = french.find("email", text)
    assert unicodedata.normalize("NFC", text[found.start : found.end]) == "rémi@free.fr"


@pytest.mark.parametrize(
    ("kind", "value", "text", "amended"),
    [
        ("address", "14 bis rue Verte, 10000 Troyes", "c'est le 41, pas le 14 bis",
         "41 rue Verte, 10000 Troyes"),
        ("address", "14 rue Verte, 10000 Troyes", "10 120", "14 rue Verte, 10120 Troyes"),
        ("address", "14 rue Verte, 10000 Troyes", "pourquoi ?", None),
        ("date", "2018-05-04", "le 5", "2018-05-05"),
        ("date", "2018-05-04", "en juin", "2018-06-04"),
        ("date", "2018-05-04", "c'est 2019", "2019-05-04"),
        ("date", "2018-05-04", "le 5 juin", "2018-06-05"),
        ("date", "2018-05-31", "en juin", None),
        ("name", "Ana Lopes", "avec un z", "Ana Lopez"),
        ("name", "Luc Durant", "d u r a n d", "Luc Durand"),
        ("name", "Luc Durant", "oui", None),
        ("plate", "GH-412-KL", "quatre cent treize", "GH-413-KL"),
    ],
)  # fmt: skip
def test_one_place_is_put_right(kind: str, value: str, text: str, amended: str | None) -> None:
    assert french.amend(kind, value, text) == amended


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("pk vous demandez ça", ""),
        ("c'est où sur la carte ?", ""),
        ("est-ce que c'est grave", ""),
        ("je fais comment", ""),
        ("c'est pour ma mère, ça change quoi ?", "c'est pour ma mère"),
        ("AB-123-CD. Pourquoi ?", "AB-123-CD."),
        ("quand j'ai déménagé je l'ai perdue", "quand j'ai déménagé je l'ai perdue"),
    ],
)
def test_questions_are_told_from_statements(text: str, kept: str) -> None:
    assert statements(text) == kept
    assert is_question(text) == (not kept)


def test_words_are_made_plain_in_one_way() -> None:
    assert plain("  L’ÉTÉ, c'est « où » ?! ") == "l ete c est ou"
    assert plain("cœur-à-cœur") == "coeur a coeur"
    assert telling("euh, alors c'est la carte grise") == ["carte", "grise"]
    assert {"euh", "alors", "svp", "je"} <= fillers()


@pytest.mark.parametrize(
    ("kind", "text", "value", "doubted"),
    [
        ("name", "Nous parlons d'Odile Garnier, une habituée", "Odile Garnier", True),
        ("name", "C'est pour madame Odile Garnier, une habituée", "Odile Garnier", True),
        ("name", "Garnier, Odile de son prénom", "Odile Garnier", True),
        ("name", "je ne saurais vous dire, demandez à la mairie", None, False),
        ("file_code", "Voici ce que je lis : 7KD4-MX9Q-TB", "7KD4MX9QTB", False),
        ("file_code", "7KD4MX9QTB. Je répète : 7KD4MX9QTB.", "7KD4MX9QTB", False),
        ("address", "9 rue du Puits à Auch (32000)", "9 rue du Puits, 32000 Auch", False),
    ],
)
def test_a_value_is_found_in_its_sentence(
    kind: str, text: str, value: str | None, doubted: bool
) -> None:
    reading = french.parse(kind, text, today=TODAY)
    assert reading.value == value
    assert bool(reading.doubt) is doubted
