"""An agent in the conversation: by server-sent events, or by asking again without them."""

from chat import open_corner, ready, say
from playwright.sync_api import Page, expect
from scripted import ScriptedApi

from repere.running import Running


def test_events_bring_an_agent(page: Page, api: ScriptedApi, running: Running) -> None:
    api.events = []
    ready(page, running.url)
    say(page, "je veux parler à une personne")
    expect(page.get_by_text("Demande transmise à un conseiller")).to_be_visible()
    message = api.add("agent", "Bonjour, je suis Claire.")
    api.owner = "agent"
    api.events = [("owner", {"owner": "agent"}), ("message", message), ("typing", {"typing": True})]
    expect(page.get_by_text("Bonjour, je suis Claire.").first).to_be_visible(timeout=30_000)
    expect(page.locator(".banner")).to_have_text("Vous parlez avec un conseiller.")
    expect(page.locator(".typing")).to_be_visible()


def test_without_events_the_server_is_asked_again(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    api.owner = "queue"
    say(page, "je veux parler à une personne")
    expect(page.locator(".banner")).to_contain_text("Un conseiller va vous répondre.")
    api.owner = "agent"
    api.add("agent", "Bonjour, je suis Claire.")
    expect(page.get_by_text("Bonjour, je suis Claire.").first).to_be_visible(timeout=15_000)


def test_a_closed_panel_shows_that_an_agent_wrote(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    open_corner(page, running.url)
    api.owner = "agent"
    say(page, "je veux parler à une personne")
    page.keyboard.press("Escape")
    api.add("agent", "Bonjour.")
    expect(page.get_by_role("button", name="Nouveau message du conseiller")).to_be_visible(
        timeout=15_000
    )


def test_each_message_is_announced_once(page: Page, api: ScriptedApi, running: Running) -> None:
    ready(page, running.url)
    announced = page.locator(".panel > [aria-live=polite]")
    say(page, "ma carte grise")
    expect(announced.get_by_text("perdue ou volée")).to_have_count(1)
    expect(announced).to_contain_text("2 choix proposés.")
    page.reload()
    expect(page.locator(".msg.bot")).to_have_count(2)
    expect(announced).to_be_empty()
