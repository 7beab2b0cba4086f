"""The full page with the real Repère behind it."""

from pathlib import Path

from chat import answered, choose, field, no_violation, open_corner, ready, say, screenshot
from playwright.sync_api import Page, expect

from repere.running import Running


def test_three_questions_with_the_keyboard_a_reload_and_erasing(
    page: Page, running: Running
) -> None:
    ready(page, running.url)
    expect(page.locator(".msg.bot").first).to_contain_text("Repère")
    field(page).focus()
    for question in (
        "J'ai perdu ma carte grise, que faire ?",
        "Quelles pièces pour un véhicule importé ?",
        "C'est quoi le code de cession ?",
    ):
        before = page.locator(".msg.bot").count()
        page.keyboard.type(question)
        page.keyboard.press("Enter")
        expect(page.locator(".msg.bot")).not_to_have_count(before, timeout=15_000)
        expect(field(page)).to_be_focused()
    sources = page.locator("summary", has_text="D'après")
    expect(sources.first).to_be_visible()
    no_violation(page, "real answers")
    screenshot(page, "real-answers")
    texts = page.locator(".msg .text").all_text_contents()
    page.reload()
    expect(page.locator(".msg.user")).to_have_count(3)
    assert page.locator(".msg .text").all_text_contents() == texts
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name="Effacer la conversation").click()
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.locator(".msg.user")).to_have_count(0)
    expect(page.locator(".msg.bot")).to_have_count(1)


def test_a_card_number_comes_back_masked(page: Page, running: Running) -> None:
    ready(page, running.url)
    say(page, "ma carte est 4970 1000 0000 0006 merci")
    expect(page.locator(".msg.user")).to_have_count(1)
    expect(page.locator(".msg.user")).to_contain_text("[numéro de carte masqué]")


def test_a_duplicata_after_a_theft(page: Page, running: Running, tmp_path: Path) -> None:
    open_corner(page, running.url)
    document = tmp_path / "declaration.png"
    page.screenshot(path=document)
    say(page, "Je veux faire un duplicata, on m'a volé ma carte grise")
    choose(page, "Pour moi-même")
    choose(page, "Compte ANTS classique (adresse e-mail)")
    expect(field(page)).to_have_attribute("placeholder", "Par exemple : AB-123-CD")
    say(page, "ab123cd")
    page.reload()
    pick = page.get_by_role("button", name="Choisir un fichier")
    with page.expect_file_chooser() as chooser:
        pick.press("Enter")
    answered(page, lambda: chooser.value.set_files(document))
    recap = page.locator(".recap-body").last
    expect(recap).to_contain_text("AB-123-CD")
    screenshot(page, "real-recap")
    no_violation(page, "real recap")
    answered(page, recap.get_by_role("button", name="Modifier : Numéro d’immatriculation").click)
    say(page, "CD-456-EF")
    expect(page.locator(".recap-body").last).to_contain_text("CD-456-EF")
    choose(page, "Tout est exact")
    choose(page, "J'accepte les conditions légales d'utilisation")
    screenshot(page, "real-payment")
    choose(page, "C'est compris")
    screenshot(page, "real-dossier")
    no_violation(page, "real dossier")
    with page.expect_download() as download:
        page.get_by_role("button", name="Récapitulatif (PDF)").last.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert download.value.suggested_filename.startswith("recapitulatif-RP-")
