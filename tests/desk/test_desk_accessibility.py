"""Axe finds nothing on the desk's pages, light or dark; nothing overflows a small laptop."""

from collections.abc import Callable

import pytest
from browsing import no_violation
from playwright.sync_api import Page, expect

from repere.client import Conversation
from repere.running import Running

PAGES = ("/desk", "/desk/account", "/desk/password", "/desk/team", "/desk/audit", "/desk/nothing")


def looked_at(page: Page, state: str) -> None:
    no_violation(page, state)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), state


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page(
    scheme: str,
    running: Running,
    conversation: Conversation,
    new_page: Callable[[], Page],
    sign_in: Callable[[str], Page],
) -> None:
    conversation.say("Quelles pièces pour un duplicata ?")
    conversation.say("Je veux parler à une personne")
    door = new_page()
    door.emulate_media(color_scheme=scheme)
    door.goto(f"{running.url}/desk/sign-in")
    looked_at(door, "sign-in")
    page = sign_in("alix")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1280, "height": 720})
    for path in PAGES:
        page.goto(f"{running.url}{path}")
        looked_at(page, path)
    page.goto(f"{running.url}/desk/account")
    page.get_by_role("button", name="Activer").click()
    page.get_by_label("Code à six chiffres").wait_for()
    looked_at(page, "totp")
    page.goto(f"{running.url}/desk/conversations/{conversation.id}")
    looked_at(page, "conversation before")
    page.get_by_role("button", name="Prendre la conversation").click()
    expect(page.get_by_label("Votre réponse")).to_be_visible()
    expect(page.locator("[data-suggestions] [data-insert]").first).to_be_visible(timeout=15_000)
    page.locator("#replies summary").click()
    looked_at(page, "conversation taken")
    page.set_viewport_size({"width": 900, "height": 700})
    looked_at(page, "conversation on a narrow screen")
    page.keyboard.press("Alt+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    looked_at(page, "help")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Terminer").click()
    page.get_by_role("heading", name="File d'attente").wait_for()
    page.get_by_role("button", name="Ouvrir une conversation au guichet").click()
    page.get_by_label("Question ou réponse de la personne").wait_for()
    looked_at(page, "counter")
    page.get_by_role("button", name="Terminer").click()
