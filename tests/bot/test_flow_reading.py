"""What a message is at a question of a flow, from its words alone: an act, a name, a correction."""

from datetime import date

import pytest

from bot.actions.flow import asides
from bot.actions.flow.acts import Act, act_in_words
from bot.actions.flow.answers import Given, Unread, read
from bot.actions.flow.corrections import denied, field_named, is_corrective, new_values
from bot.actions.flow.finding import find_others, spots, volunteered, without
from bot.actions.flow.naming import composed, named
from bot.actions.heard import Heard, Ranking
from knowledge.schema import Champ, FieldChoice

TODAY = date(2026, 11, 21)


def field(slot: str, kind: str, label: str, question: str = "", **more: object) -> Champ:
    data = {"id": slot, "kind": kind, "label": label, "question": question or f"{label} ?"}
    return Champ.model_validate(data | {"why": "…", "sources": ["un/passage"]} | more)


def choices(**listed: list[str]) -> list[FieldChoice]:
    return [FieldChoice(value=v, label=names[0], names=names[1:]) for v, names in listed.items()]


MOTIF = field(
    "motif",
    "choice",
    "Motif",
    choices=choices(
        perte=["Elle est perdue", "perdue", "perte", "je l’ai perdue"],
        vol=["Elle est volée", "volée", "vol", "on me l’a volée"],
    ),
)
POUR_QUI = field(
    "pour_qui",
    "choice",
    "Pour qui",
    choices=choices(
        moi=["Pour moi-même", "moi", "pour moi", "ma voiture"],
        autrui=["Pour quelqu’un d’autre", "ma mère", "mon père"],
    ),
)
AVEC_CODE = field("avec_code", "choice", "Avec un code", choices=choices(oui=["Oui"], non=["Non"]))
CODE = field("code", "code_cession", "Code de cession", when={"avec_code": "oui"})
PLAQUE = field("plaque", "plate", "Numéro d’immatriculation")
NOM = field("nom", "name", "Nom de l’acquéreur", "Quels sont le prénom et le nom de l’acheteur ?")
ADRESSE = field("adresse", "address", "Adresse de l’acquéreur")
DATE = field("date", "date", "Date de la cession")
PHOTO = field("photo", "file_code", "Code photo")
OBJET = field("objet", "text", "Objet de la demande")
FIELDS = [MOTIF, POUR_QUI, PLAQUE, NOM, ADRESSE, DATE]


def heard(text: str) -> Heard:
    return Heard(Ranking(text, (("nlu_fallback", 0.1),)))


def value(champ: Champ, text: str) -> str | None:
    given = read(champ, text, TODAY)
    return given.value if isinstance(given, Given) else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("jean dupont", "Jean Dupont"),
        ("c'est ma sœur Julie Martin", "Julie Martin"),
        ("l'acheteur s'appelle Jean-Pierre DE LA TOUR", "Jean-Pierre de La Tour"),
        ("son nom est Ahmed Ben Salah", "Ahmed Ben Salah"),
        ("M. Thomas GIRAUD", "Thomas Giraud"),
        ("garage du centre", "Garage du Centre"),
        ("sa mère Claire Petit, née le 3 mars 1970", "Claire Petit"),
    ],
)
def test_a_name_is_taken_out_of_its_sentence(text: str, name: str) -> None:
    assert value(NOM, text) == name


@pytest.mark.parametrize(
    "text",
    [
        "bonjour", "deux secondes", "je sais pas", "tout est exact", "oui", "c'est moi",
        "il faut le donner ou pas", "pourquoi", "la voiture", "je n'en ai aucune idée",
        "c'est un garage", "samedi dernier", "comment vous vous appelez", "quelle question",
        "attendez", "je l'ai pas", "non merci",
    ],
)  # fmt: skip
def test_a_remark_is_never_a_name(text: str) -> None:
    assert isinstance(read(NOM, text, TODAY), Unread)


def test_a_single_word_is_a_doubtful_name() -> None:
    given = read(NOM, "Dupont", TODAY)
    assert isinstance(given, Given)
    assert given.doubt


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7kd4 2mx9 qt", "7KD42MX9QT"),
        ("j'ai son code photo : K7D42MX9QT", "K7D42MX9QT"),
        ("il me le donnera demain", None),
        ("je l'ai pas", None),
    ],
)
def test_a_code_is_told_from_a_sentence(text: str, code: str | None) -> None:
    assert value(PHOTO, text) == code


@pytest.mark.parametrize("text", ["oui", "ok", "bonjour", "???", "euh"])
def test_empty_words_are_no_answer(text: str) -> None:
    assert value(OBJET, text) is None


def test_an_address_is_taken_out_of_its_sentence() -> None:
    said = "je vis maintenant au 3 bis impasse des Mimosas, 13008 Marseille"
    assert value(ADRESSE, said) == "3 bis impasse des Mimosas, 13008 Marseille"


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("c'était pas un vol mais une perte", "perte"),
        ("pas volée, perdue", "perte"),
        ("on me l'a volée", "vol"),
        ("ni perdue ni volée", None),
        ("je sais pas si elle est perdue ou volée", None),
    ],
)
def test_what_is_denied_is_not_chosen(text: str, choice: str | None) -> None:
    assert named(MOTIF, text) == choice


@pytest.mark.parametrize(
    ("text", "least", "choices"),
    [
        ("perdue et pour moi", 0, {"motif": "perte", "pour_qui": "moi"}),
        ("j'ai perdu la clé pour moi", 0, {}),
        ("un duplicata volée pour moi stp", 2, {"motif": "vol", "pour_qui": "moi"}),
        ("faites un duplicata pour moi", 2, {}),
    ],
)
def test_choices_listed_one_after_the_other(text: str, least: int, choices: dict[str, str]) -> None:
    assert composed([MOTIF, POUR_QUI], text, least) == choices


def test_an_order_to_the_guide_is_no_choice() -> None:
    assert named(POUR_QUI, "passez moi un conseiller") is None


def test_a_birth_date_is_no_other_date() -> None:
    said = "Paul Martin, né le 3 mars 1970"
    assert spots([DATE], said, TODAY) == []


def test_values_are_found_among_others_and_taken_out() -> None:
    said = "Jean Dupont, 8 place du Marché, 35000 Rennes, AB-123-CD"
    found = spots([PLAQUE, ADRESSE, DATE], said, TODAY)
    assert {s.given.slot: s.given.value for s in found} == {
        "plaque": "AB-123-CD",
        "adresse": "8 place du Marché, 35000 Rennes",
    }
    assert without(found, said) == "Jean Dupont"


def test_a_date_asked_is_not_given_to_another_field() -> None:
    other = field("date_ci", "date", "Date du CI")
    assert find_others([DATE, other], "date_ci", "le 12 mars 2019", {}, TODAY) == []


def test_the_choice_of_another_question_is_taken_alone_only() -> None:
    given = volunteered(FIELDS, "nom", "pour mon père", {}, TODAY)
    assert [(g.slot, g.value) for g in given] == [("pour_qui", "autrui")]
    assert volunteered(FIELDS, "nom", "mon père conduit la voiture de ma mère", {}, TODAY) == []


@pytest.mark.parametrize(
    ("text", "slot", "new"),
    [
        ("non, la plaque c'est AB-345-CD", "plaque", "AB-345-CD"),
        ("en fait c'est pour ma mère", "pour_qui", "autrui"),
        ("c'était pas un vol mais une perte", "motif", "perte"),
        ("l'acheteur c'est Paul Durand", "nom", "Paul Durand"),
        ("je me suis trompé, la date c'est hier", "date", "2026-11-20"),
    ],
)
def test_a_correction_by_value(text: str, slot: str, new: str) -> None:
    known = {
        "motif": "vol", "pour_qui": "moi", "plaque": "AB-123-CD", "nom": "Jean Petit",
        "adresse": "1 rue Haute, 75001 Paris", "date": "2026-11-01",
    }  # fmt: skip
    given = new_values(FIELDS, known, heard(text), FIELDS, TODAY)
    assert [(g.slot, g.value) for g in given] == [(slot, new)]


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("je me suis trompé d'adresse", "adresse"),
        ("la plaque n'est pas la bonne", "plaque"),
        ("le nom de l'acheteuse est faux", "nom"),
        ("modifier le motif", "motif"),
    ],
)
def test_a_correction_by_name(text: str, slot: str) -> None:
    champ = field_named(text, FIELDS)
    assert champ is not None
    assert champ.id == slot
    assert is_corrective(text)


def test_what_one_does_not_have_answers_the_question_before() -> None:
    fields = [AVEC_CODE, CODE]
    assert denied(CODE, fields, "le vendeur ne m'a pas donné de code") == Given("avec_code", "non")
    assert denied(CODE, fields, "je ne l'ai pas sous la main") is None
    assert denied(PLAQUE, fields, "je n'en ai pas") is None


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("pourquoi ?", Act.WHY),
        ("à quoi ça sert", Act.WHY),
        ("je sais pas où le trouver", Act.WHERE),
        ("elle est écrite où", Act.WHERE),
        ("je sais pas trop", Act.HELP),
        ("euh attends je cherche", Act.HOLD),
        ("non c'est pas ça", Act.WRONG),
        ("revenir à la question d'avant", Act.BACK),
        ("on passe", Act.SKIP),
        ("j'en suis où", Act.STATUS),
        ("je continuerai plus tard", Act.PAUSE),
        ("bonne nuit", Act.PAUSE),
        ("bon laissez tomber", Act.CANCEL),
        ("je me suis trompée", Act.CORRECT),
        ("reprendre l'autre dossier", Act.OTHER),
        ("on continue", Act.REPEAT),
        ("je ne l'ai pas sous la main", Act.LACK),
        ("vous êtes un robot ou une personne ?", None),
        ("je l'ai perdue", None),
        ("12 rue de la Pause, 75001 Paris", None),
        ("mon mari est décédé et je garde la voiture", None),
    ],
)
def test_acts(text: str, act: Act | None) -> None:
    assert act_in_words(heard(text)) is act


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("c'est payant ?", True),
        ("et combien ça coûte", True),
        ("du coup est ce que je dois payer", True),
        ("perdue", False),
        ("je ne sais pas comment je l'ai perdue", False),
    ],
)
def test_questions(text: str, asks: bool) -> None:
    assert asides.asks(text) is asks


COMPTE = field(
    "compte",
    "choice",
    "Compte",
    choices=choices(
        certifie=["Compte certifié", "certifié", "FranceConnect"],
        classique=["Compte classique", "classique", "non certifié", "sans FranceConnect"],
    ),
)


@pytest.mark.parametrize(
    ("told", "value"),
    [("franceconect", "certifie"), ("san france conect", "classique"), ("clasique", "classique")],
)
def test_a_misspelled_choice_is_told_from_its_denial(told: str, value: str) -> None:
    assert read(COMPTE, told, TODAY) == Given("compte", value)


@pytest.mark.parametrize(
    "told",
    [
        "non c'est Jean Durant l'acheteur",
        "en fait le nom c'est Jean Durant avec un t",
        "l'acheteur c'est Jean Durant",
    ],
)
def test_a_name_put_right_in_a_sentence(told: str) -> None:
    assert read(field("nom", "name", "Nom"), told, TODAY) == Given("nom", "Jean Durant")
