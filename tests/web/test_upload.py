"""Sending a document over a slow network, and from a phone, to the real Repère."""

from pathlib import Path

from browsing import NewContext, no_violation
from chat import answered, choose, ready, say, screenshot
from playwright.sync_api import Page, expect

from repere.running import Running

SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 15_000}
USUAL = {**SLOW, "uploadThroughput": -1}


def up_to_the_document(page: Page, url: str) -> None:
    ready(page, url)
    say(page, "Je veux faire un duplicata, on m'a volé ma carte grise")
    choose(page, "Pour moi-même")
    choose(page, "Compte ANTS classique (adresse e-mail)")
    say(page, "AB-123-CD")


def test_an_upload_is_followed_stopped_and_done_again(
    page: Page, running: Running, photo: Path
) -> None:
    up_to_the_document(page, running.url)
    network = page.context.new_cdp_session(page)
    network.send("Network.emulateNetworkConditions", SLOW)
    file = page.locator(".msg:not(.past) input[type=file]")
    file.set_input_files(photo)
    bar = page.get_by_role("progressbar", name="Envoi de declaration.png")
    expect(bar).to_be_visible()
    expect(page.get_by_role("button", name="Annuler")).to_be_focused()
    expect(page.locator(".thumb canvas")).to_be_visible()
    page.wait_for_function(
        """() => {
          const share = document.querySelector("repere-chat").shadowRoot
            .querySelector(".file progress").value;
          return share > 0 && share < 1;
        }"""
    )
    no_violation(page, "uploading")
    screenshot(page, "real-uploading")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Envoi annulé.")).to_be_visible()
    expect(page.get_by_role("button", name="Choisir un fichier")).to_be_focused()
    network.send("Network.emulateNetworkConditions", USUAL)
    answered(page, lambda: file.set_input_files(photo))
    expect(page.locator(".recap-body")).to_be_visible()


def test_a_phone_offers_its_camera(new_context: NewContext, running: Running) -> None:
    context = new_context(390, 780, has_touch=True, is_mobile=True)
    page = context.new_page()
    up_to_the_document(page, running.url)
    expect(page.get_by_role("button", name="Prendre une photo")).to_be_visible()
    camera = page.locator("input[capture]")
    expect(camera).to_have_attribute("capture", "environment")
    expect(camera).to_have_attribute("accept", "image/*")
    expect(page.get_by_text("déposez-le ici")).to_be_hidden()
    no_violation(page, "phone")
    screenshot(page, "phone-file")


def test_a_document_hard_to_read_may_be_used_all_the_same(
    page: Page, running: Running, tmp_path: Path
) -> None:
    up_to_the_document(page, running.url)
    small = tmp_path / "petite.png"
    page.screenshot(path=small, clip={"x": 400, "y": 200, "width": 240, "height": 160})
    file = page.locator(".msg:not(.past) input[type=file]")
    answered(page, lambda: file.set_input_files(small))
    expect(page.get_by_text("Difficile à lire", exact=True).first).to_be_visible()
    screenshot(page, "real-doubtful")
    no_violation(page, "doubtful")
    # What was offered with the first document is no longer, though the person wrote nothing.
    expect(page.get_by_role("button", name="Je ne l’ai pas encore")).to_have_count(1)
    choose(page, "Utiliser ce document quand même")
    expect(page.locator(".recap-body")).to_be_visible()
