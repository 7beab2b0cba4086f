"""A duplicata after a theft, from the first question to the récapitulatif."""

from pathlib import Path

import pytest
from cards import Duplicata
from chat import answered, choose, field, open_corner, say
from playwright.sync_api import BrowserContext, Page, expect
from scripted import ScriptedApi, refused

from repere.running import Running


@pytest.fixture
def flow() -> Duplicata:
    return Duplicata()


@pytest.fixture
def api(context: BrowserContext, flow: Duplicata) -> ScriptedApi:
    return ScriptedApi(flow.reply, after_upload=flow.uploaded).attach(context)


def up_to_the_document(page: Page, url: str) -> None:
    open_corner(page, url)
    say(page, "je veux un duplicata")
    expect(page.get_by_text("Étape 1 sur 4")).to_be_visible()
    choose(page, "Volée")
    say(page, "AB-123-CD")
    expect(field(page)).to_have_attribute("placeholder", "Par exemple : 12/03/2019")
    say(page, "hier")


def pick(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choisir un fichier").press("Enter")
    chooser.value.set_files(path)


def test_a_whole_duplicata(page: Page, api: ScriptedApi, running: Running, photo: Path) -> None:
    up_to_the_document(page, running.url)
    page.reload()
    expect(page.get_by_role("button", name="Choisir un fichier")).to_be_visible()
    answered(page, lambda: pick(page, photo))
    assert 'name="piece"\r\n\r\npiece:declaration_vol' in api.uploads[0]
    expect(page.get_by_role("heading", name="Récapitulatif")).to_be_visible()
    expect(page.locator(".pieces .badge")).to_have_text("Envoyé")
    expect(page.get_by_text("Voici votre récapitulatif. Tout est-il exact ?")).to_be_visible()
    answered(page, page.get_by_role("button", name="Modifier : Numéro d'immatriculation").click)
    assert api.sent[-1]["choice"] == "act:edit=plaque"
    say(page, "CD-456-EF")
    expect(page.locator(".recap-body").last).to_contain_text("CD-456-EF")
    choose(page, "Tout est exact")
    expect(page.locator(".code", has_text="RP-7K3M-92QD")).to_be_visible()
    expect(page.get_by_text("orage-lilas-42")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger le récapitulatif").click()
    assert download.value.suggested_filename == "recapitulatif.pdf"


def test_a_duplicata_asks_little_of_the_machine(
    page: Page, api: ScriptedApi, running: Running, photo: Path
) -> None:
    measures = page.context.new_cdp_session(page)
    measures.send("Performance.enable")
    up_to_the_document(page, running.url)
    answered(page, lambda: pick(page, photo))
    choose(page, "Tout est exact")
    found = {m["name"]: m["value"] for m in measures.send("Performance.getMetrics")["metrics"]}
    work = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    assert sum(found[name] for name in work) < 1


def test_a_line_without_its_own_choice_is_corrected_by_words(
    page: Page, api: ScriptedApi, running: Running, photo: Path
) -> None:
    up_to_the_document(page, running.url)
    answered(page, lambda: pick(page, photo))
    page.get_by_role("button", name="Modifier : Motif").click()
    expect(page.locator(".msg.user").last).to_contain_text("Je veux modifier : Motif")


def test_a_refused_document_says_why(
    page: Page, api: ScriptedApi, running: Running, photo: Path
) -> None:
    up_to_the_document(page, running.url)
    api.upload_answers = [refused(422, "Ce document n'est ni un PDF ni une photo.")]
    pick(page, photo)
    expect(page.get_by_role("alert").filter(has_text="ni un PDF ni une photo")).to_be_visible()
    expect(page.get_by_role("button", name="Choisir un fichier")).to_be_focused()


def test_a_blurred_photo_may_be_used_all_the_same(
    page: Page, api: ScriptedApi, running: Running, photo: Path
) -> None:
    up_to_the_document(page, running.url)
    api.judged = [("doubtful", ["L'image est floue."])]
    answered(page, lambda: pick(page, photo))
    expect(page.get_by_text("L'image est floue.")).to_be_visible()
    expect(page.get_by_text("Difficile à lire", exact=True)).to_be_visible()
    expect(page.locator(".thumb canvas")).to_be_visible()
    expect(page.get_by_role("button", name="Choisir un fichier")).to_be_visible()
    choose(page, "Utiliser ce document quand même")
    expect(page.get_by_role("heading", name="Récapitulatif")).to_be_visible()


def test_an_upload_cut_by_the_network_is_sent_again(
    page: Page, api: ScriptedApi, running: Running, photo: Path
) -> None:
    up_to_the_document(page, running.url)
    api.upload_answers = [refused(503, "Le serveur est occupé.")]
    pick(page, photo)
    expect(page.get_by_text("Le serveur est occupé.")).to_be_visible()
    answered(page, page.get_by_role("button", name="Réessayer").click)
    assert len(api.uploads) == 2


def test_a_document_may_be_dropped_on_the_panel(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    up_to_the_document(page, running.url)
    data = page.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["%PDF-1.4"], "vol.pdf", {type: "application/pdf"}));
          return data;
        }"""
    )
    page.dispatch_event(".log", "dragenter", {"dataTransfer": data})
    expect(page.get_by_text("Déposez le document ici")).to_be_visible()
    answered(page, lambda: page.dispatch_event(".log", "drop", {"dataTransfer": data}))
    expect(page.get_by_text("Déposez le document ici")).to_be_hidden()
    assert 'filename="vol.pdf"' in api.uploads[0]
