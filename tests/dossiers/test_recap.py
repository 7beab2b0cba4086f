"""The récapitulatif: complete, in the order of the site, readable by people and by machines."""

import io
from datetime import date

import pytest
import sent_files
from pypdf import PdfReader
from small_demarche import STRAIGHT

from dossiers.answers import Answer
from dossiers.form import Form, form_of
from dossiers.recap import pdf, recap_of, resume_url
from dossiers.recap_text import markdown, spoken
from dossiers.register import Dossiers
from dossiers.states import State
from dossiers.views import DossierView
from knowledge.query import KnowledgeBase

TODAY = date(2026, 11, 21)
URL = "https://repere.exemple.fr/reprendre/"


@pytest.fixture
def dossier(dossiers: Dossiers, form: Form) -> DossierView:
    begun, _ = dossiers.begin(form)
    given = STRAIGHT | {"remarque": "Une œuvre à 1 500 €, « ça » : #panic(1) *gras* [x](y) <b>"}
    dossiers.save(begun.id, [Answer(s, v, doubt=s == "plaque_lue") for s, v in given.items()])
    return dossiers.get(begun.id)


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_pdf_says_everything(dossier: DossierView) -> None:
    text = text_of(pdf(recap_of(dossier, TODAY, URL + dossier.number)))
    for said in (
        dossier.number, "Essayer l’œuvre à 10 €", "En préparation", "21 novembre 2026",
        "Libellé motif Motif Vol", "AB-123-CD (à vérifier)", "4 mai 1980", "lea.d-oeuf@exemple.fr",
        "#panic(1) *gras* [x](y) <b>", "Une œuvre à 1 500 €", "Déclaration à fournir",
        "Adresse électronique donnée dans vos réponses", "Cliquez sur [Essai]", "Envoyez",
        "Gardez la déclaration.", "Le site a changé. (exemple.fr, 13 janvier 2025)",
        "Certificat : À garder.", URL + dossier.number, "Page 1 sur",
    ):  # fmt: skip
        assert said in text


def test_the_pdf_is_made_for_screen_readers(dossier: DossierView) -> None:
    reader = PdfReader(io.BytesIO(pdf(recap_of(dossier, TODAY, URL))))
    root = reader.trailer["/Root"].get_object()
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    title = reader.metadata.title
    assert title == f"Récapitulatif {dossier.number} : Essayer l’œuvre à 10 €"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    fonts = {font for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert all("SourceSansPro" in font.get_object()["/BaseFont"] for font in fonts)


def test_a_text_that_no_font_draws_still_makes_a_pdf(
    dossiers: Dossiers, dossier: DossierView
) -> None:
    dossiers.set_value(dossier.id, "remarque", "张伟 😀 \x07\ue000")
    assert pdf(recap_of(dossiers.get(dossier.id), TODAY)).startswith(b"%PDF-")


def test_an_empty_dossier_has_a_recap_too(dossiers: Dossiers, form: Form) -> None:
    begun, secret = dossiers.begin(form)
    content = pdf(recap_of(begun, TODAY))
    assert "Il manque encore : Libellé motif" in text_of(content)
    assert secret not in text_of(content)


def test_answers_follow_the_screens_of_the_site_and_the_others_come_last(
    dossier: DossierView,
) -> None:
    groups = recap_of(dossier, TODAY).fields
    assert [group.title for group in groups] == ["Motif", "Véhicule", "Pour préparer votre dossier"]


def test_the_reason_of_a_refusal_is_shown(dossiers: Dossiers, dossier: DossierView) -> None:
    dossiers.pieces.attach(dossier.id, "vol", sent_files.pdf())
    dossiers.pieces.refuse(dossier.id, "vol", "Illisible.", "agent:7")
    piece = recap_of(dossiers.get(dossier.id), TODAY).pieces[0]
    assert (piece.value, piece.note) == ("refusée", "Motif du refus : Illisible.")


def test_what_to_do_next_follows_what_is_missing(dossiers: Dossiers, dossier: DossierView) -> None:
    def following() -> str:
        return recap_of(dossiers.get(dossier.id), TODAY).next

    assert following().startswith("Joignez les pièces")
    dossiers.pieces.keep_at_hand(dossier.id, "vol")
    assert "acceptez les conditions" in following()
    dossiers.accept_clu(dossier.id)
    dossiers.move(dossier.id, State.PRETE_A_DEPOSER, "citizen")
    assert "site de l'ANTS" in following()
    dossiers.set_value(dossier.id, "motif", "autre")
    assert following() == "Ce n'est pas prévu."


def test_the_markdown_is_complete_and_quotes_people_as_text(dossier: DossierView) -> None:
    text = markdown(recap_of(dossier, TODAY))
    assert f"**Dossier {dossier.number}**" in text
    assert "\\*gras\\* \\[x\\](y) \\<b\\>" in text
    assert "1. **Cliquez sur \\[Essai\\]**" in text


def test_the_phone_is_told_the_essential_in_words(dossier: DossierView) -> None:
    text = spoken(dossier, TODAY)
    assert "Libellé plaque_lue : A, B, cent vingt-trois, C, D." in text
    assert "quatre mai mille neuf cent quatre-vingts" in text
    assert "Pièce : Déclaration, à fournir." in text
    assert "**" not in text


def test_a_piece_that_may_be_asked_is_shown_as_such(
    dossiers: Dossiers, base: KnowledgeBase
) -> None:
    begun, _ = dossiers.begin(form_of(base, "permis_inscription"))
    while (field := dossiers.get(begun.id).progress(TODAY).next) is not None:
        choices = [choice.value for choice in field.choices]
        answer = "1980-05-04" if field.kind == "birth_date" else (choices or ["x"])[-1]
        dossiers.set_value(begun.id, field.id, "" if field.optional else answer)
    recap = recap_of(dossiers.get(begun.id), TODAY)
    possible = [line for line in recap.pieces if line.value == "selon votre cas"]
    assert [line.note for line in possible] == [
        "Le cas échéant",
        "Pour les demandes qui le nécessitent",
    ]
    assert all(line.label in text_of(pdf(recap)) for line in possible)
    assert all(line.label in markdown(recap) for line in possible)


def test_what_was_sent_here_is_still_to_be_sent_on_the_site(
    dossiers: Dossiers, dossier: DossierView
) -> None:
    dossiers.pieces.attach(dossier.id, "vol", sent_files.pdf())
    shown = {line.label: line.value for line in recap_of(dossiers.get(dossier.id), TODAY).pieces}
    assert shown["Déclaration"] == "gardée ici, à envoyer aussi sur le site"


def test_the_address_names_the_dossier_and_keeps_its_code_out(
    dossiers: Dossiers, form: Form
) -> None:
    begun, secret = dossiers.begin(form)
    address = resume_url("https://repere.exemple.fr", begun.number)
    assert address == f"https://repere.exemple.fr/?reprendre={begun.number}"
    recap = recap_of(begun, TODAY, address)
    said = text_of(pdf(recap)) + markdown(recap) + spoken(begun, TODAY)
    assert secret not in said
    assert secret.replace("-", "") not in said
