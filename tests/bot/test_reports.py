"""What people say of a dossier that is ready or filed is told from questions on the documents."""

import random

import pytest

from bot.actions.flow import resuming
from bot.actions.flow.reports import Said, number_alone, report_of, status_alone
from dossiers import numbers
from dossiers.states import State

REPORTS = {
    Said.FILED: [
        "j'ai déposé ma démarche",
        "J’ai déposé ma demande sur le site",
        "ça y est, c'est envoyé",
        "c'est fait, j'ai tout envoyé",
        "je viens de déposer mon dossier sur le site de l'ANTS",
        "Ma demande est déposée",
    ],
    Said.PAID: [
        "c'est payé",
        "j'ai payé les taxes par carte",
        "le paiement est enregistré",
        "voilà j'ai réglé",
    ],
    Said.STANDING: [
        "où en est mon dossier ?",
        "Ou en est ma demande",
        "quel est le statut de mon dossier ?",
        "je veux suivre mon dossier",
        "mes dossiers",
        "rien de nouveau",
    ],
    Said.RECAP: [
        "télécharger mon récapitulatif",
        "je voudrais mon récapitulatif",
        "donnez-moi le récapitulatif en PDF",
    ],
    Said.NEW_CODE: ["j'ai perdu mon code de reprise", "donnez-moi un nouveau code de reprise"],
    Said.RESUME: [
        "Reprendre ma démarche",
        "je veux continuer mon dossier",
        "reprendre mon dossier",
    ],
}

STATUSES = {
    State.MISE_EN_ATTENTE: ["le site indique mise en attente"],
    State.EN_COURS_ANALYSE: ["c'est passé en cours d'analyse", "elle est en cours de traitement"],
    State.ATTENTE_INFORMATION: [
        "le site dit en attente d'information",
        "Ma démarche est en attente d’information, que faire ?",
        "mon statut a changé : attente information",
    ],
    State.ATTENTE_TELEDECLARANT: [
        "le statut est « En attente télédéclarant »",
        "elle est passée en attente du télédéclarant",
    ],
    State.REJETEE: ["ma demande a été rejetée", "ma demande est refusée"],
    State.ABANDONNEE: ["j'ai abandonné ma démarche", "ma démarche est abandonnée"],
    State.TERMINEE: ["ma démarche est terminée", "statut : terminée", "mon dossier est finalisé"],
}

NUMBERS = {
    "mon numéro de démarche est 2018-123456": "2018-123456",
    "Le numéro de ma démarche c'est A7F3K9": "A7F3K9",
    "Voici mon numéro de démarche : 20-1234-5678, merci": "20-1234-5678",
    "J'ai déposé ma démarche, le numéro est 12345678": "12345678",
    "le numéro de démarche est le DA 2018 4455": "DA 2018 4455",
}

NOTHING = [
    "que veut dire en attente d'information ?",
    "c'est quoi en attente télédéclarant ?",
    "Que faire si ma demande est rejetée ?",
    "Pourquoi ma demande est en attente ?",
    "Comment reprendre ma démarche ?",
    "Comment suivre ma démarche ?",
    "ma démarche n'est pas terminée",
    "je n'ai pas encore déposé",
    "j'ai payé mais ça n'a pas marché",
    "ma pièce a été refusée",
    "j'ai envoyé la déclaration de vol",
    "c'est terminé",
    "j'ai perdu ma carte grise",
    "où trouver le numéro de démarche ?",
    "mon numéro de téléphone est 06 12 34 56 78",
    "la plaque est AB-123-CD pour ma demande",
    "je veux déposer ma demande",
    "bonjour",
    "",
]


@pytest.mark.parametrize(("said", "text"), [(s, text) for s in REPORTS for text in REPORTS[s]])
def test_what_is_reported_or_asked(said: Said, text: str) -> None:
    report = report_of(text)
    assert report is not None
    assert report.said is said


@pytest.mark.parametrize(("state", "text"), [(s, text) for s in STATUSES for text in STATUSES[s]])
def test_a_status_read_on_the_site(state: State, text: str) -> None:
    report = report_of(text)
    assert report is not None
    assert (report.said, report.state) == (Said.STATUS, state)


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_the_number_of_a_demarche(text: str, number: str) -> None:
    report = report_of(text)
    assert report is not None
    assert (report.said, report.number) == (Said.NUMBER, number)
    assert number_alone(text) == number


@pytest.mark.parametrize("text", NOTHING)
def test_what_reports_nothing(text: str) -> None:
    assert report_of(text) is None


def test_what_answers_a_question_just_asked() -> None:
    assert number_alone("2018-123456") == "2018-123456"
    assert number_alone("c'est le 2018 123456.") == "2018 123456"
    assert number_alone("je ne l'ai pas") is None
    assert status_alone("Terminée") is State.TERMINEE
    assert status_alone("c'est en attente télédéclarant je crois") is State.ATTENTE_TELEDECLARANT
    assert status_alone("terminée ou rejetée") is None
    assert status_alone("que veut dire terminée ?") is None


def test_a_resume_code_is_found_whatever_its_letters() -> None:
    draw = random.Random(3)
    for _ in range(300):
        number = numbers.new_number()
        code = "".join(draw.choice(numbers.ALPHABET) for _ in range(8))
        code = f"{code[:4]}-{code[4:]}"
        for text in (
            f"{number} {code}",
            f"reprendre {number.lower()} code {code.lower()}",
            f"Je veux reprendre le dossier {number}. Mon code de reprise est : {code}",
            f"{number.replace('-', ' ')}, {code.replace('-', ' ')} merci",
        ):
            found = resuming.secret_in(text, number)
            assert found is not None, text
            assert numbers.parse_secret(found) == numbers.parse_secret(code), text
    assert resuming.secret_in("je veux demander le dossier RP-7K3M-92QD", "RP-7K3M-92QD") is None
