"""The server killed and started again in the middle of a conversation."""

from chat import ready, say, write
from playwright.sync_api import Page, expect

from bench.site import Site


def test_what_was_written_meanwhile_is_answered_once(page: Page, site: Site) -> None:
    ready(page, site.url)
    say(page, "Que veut dire CPI ?")
    site.kill("application")
    write(page, "Que veut dire CERT ?")
    expect(page.locator(".banner")).to_contain_text("Connexion perdue, je réessaie.")
    site.start("application")
    expect(page.locator(".msg.waiting")).to_have_count(0, timeout=40_000)
    expect(page.locator(".msg.user")).to_have_count(2)
    expect(page.locator(".msg.bot")).to_have_count(3)
    expect(page.locator(".banner")).to_be_empty()
    say(page, "Merci")
    page.reload()
    expect(page.locator(".msg.user")).to_have_count(3)
