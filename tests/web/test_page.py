"""The full page with the real Repère behind it."""

import re
from pathlib import Path

import pytest
from browsing import no_violation
from chat import answered, field, option, ready, say, screenshot
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
    option(page, "Effacer la conversation")
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.locator(".msg.user")).to_have_count(0)
    expect(page.locator(".msg.bot")).to_have_count(1)


def test_a_card_number_comes_back_masked(page: Page, running: Running) -> None:
    ready(page, running.url)
    say(page, "ma carte est 4970 1000 0000 0006 merci")
    expect(page.locator(".msg.user")).to_have_count(1)
    expect(page.locator(".msg.user")).to_contain_text("[numéro de carte masqué]")


class Keyboard:
    """A person who has a keyboard and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, name: str, key: str = "Shift+Tab") -> None:
        """Move the focus, key by key, to what has this name; it must show that it has it."""
        reached = []
        for _ in range(60):
            self.page.keyboard.press(key)
            reached.append(self._focused().replace("\u00a0", " "))
            if reached[-1].startswith(name):
                return
        raise AssertionError(f"{name} is not reached: {reached}")

    def use(self, name: str, key: str = "Shift+Tab") -> None:
        self.go(name, key)
        answered(self.page, lambda: self.page.keyboard.press("Enter"))

    def say(self, text: str) -> None:
        self.go("Votre message", "Tab")
        self.page.keyboard.type(text)
        answered(self.page, lambda: self.page.keyboard.press("Enter"))

    def _focused(self) -> str:
        return str(
            self.page.evaluate(
                """() => {
                  const chat = document.querySelector("repere-chat").shadowRoot;
                  const e = chat.activeElement;
                  if (!e) return document.activeElement.innerText;
                  if (!e.matches(":focus-visible")) return "no visible focus";
                  const label = e.id && chat.querySelector(`label[for="${e.id}"]`);
                  return e.getAttribute("aria-label") ?? (label ? label.innerText : e.innerText);
                }"""
            )
        )


@pytest.mark.parametrize(("width", "height"), [(1280, 860), (320, 640)])
def test_the_keyboard_alone_from_questions_to_the_recapitulatif(
    width: int, height: int, page: Page, running: Running, photo: Path
) -> None:
    """Three questions, a duplicata after a theft with a photo, a reload on the way, the PDF."""
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{running.url}/page/demo.html")
    expect(page.get_by_role("button", name="Une question")).to_be_visible()
    person = Keyboard(page)
    person.go("Une question ?", "Tab")
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    expect(page.locator(".msg.bot")).to_have_count(1)
    person.say("J'ai perdu ma carte grise, que faire ?")
    person.say("Quelles pièces pour un véhicule importé ?")
    person.say("C'est quoi le code de cession ?")
    person.say("Je veux faire un duplicata, on m'a volé ma carte grise")
    screenshot(page, f"keyboard-{width}-question")
    person.use("Pour moi-même")
    person.use("Compte ANTS classique", "Tab")
    expect(field(page)).to_have_attribute("placeholder", "Par exemple : AB-123-CD")
    person.say("ab123cd")
    page.reload()
    if width < 480:  # where the panel would cover the page, it waits to be opened
        person.go("Une question ?", "Tab")
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Choisir un fichier")).to_be_visible()
    screenshot(page, f"keyboard-{width}-file")
    with page.expect_file_chooser() as chooser:
        person.go("Choisir un fichier", "Shift+Tab" if width < 480 else "Tab")
        page.keyboard.press("Enter")
    answered(page, lambda: chooser.value.set_files(photo))
    recap = page.locator(".recap-body")
    expect(recap.last).to_contain_text("AB-123-CD")
    screenshot(page, f"keyboard-{width}-recap")
    no_violation(page, f"recap {width}")
    person.use("Modifier : Numéro d’immatriculation", "Tab")
    person.say("CD-456-EF")
    expect(recap.last).to_contain_text("CD-456-EF")
    person.use("Tout est exact")
    person.use("J’accepte les conditions légales d’utilisation", "Tab")
    screenshot(page, f"keyboard-{width}-payment")
    person.use("C’est compris", "Tab")
    no_violation(page, f"dossier {width}")
    screenshot(page, f"keyboard-{width}-dossier")
    person.go("Récapitulatif (PDF)", "Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert download.value.suggested_filename.startswith("recapitulatif-RP-")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_code_given_once_is_shown(page: Page, running: Running) -> None:
    """It is in the direct reply alone: the events that tell of the same message don't hold it."""
    ready(page, running.url)
    say(page, "Je veux faire un duplicata, on m'a volé ma carte grise")
    code = page.locator(".secret .code")
    expect(code).to_have_text(re.compile(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$"))
    announced = page.locator(".panel > [aria-live=polite] p", has_text="code de reprise")
    expect(announced).to_have_count(1)
    number = page.locator(".whole", has_text="RP-").first.inner_text()
    say(page, "Pour moi-même")
    given = code.first.inner_text()
    page.reload()
    expect(page.locator(".msg.user")).to_have_count(2)
    expect(code).to_have_count(0)
    option(page, "Nouvelle conversation")
    page.get_by_role("button", name="Commencer").click()
    expect(page.locator(".msg.user")).to_have_count(0)
    ready(page, f"{running.url}/?reprendre={number}")
    page.get_by_label("Code de reprise").fill(given)
    answered(page, page.get_by_role("button", name="Reprendre", exact=True).click)
    expect(page.locator(".msg.bot").last).to_contain_text(re.compile("certifié|classique"))
