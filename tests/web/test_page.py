"""The full page with the real Repère behind it."""

from chat import field, no_violation, ready, say, screenshot
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
