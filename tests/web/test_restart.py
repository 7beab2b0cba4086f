"""The server stopped and started again in the middle of a conversation."""

from pathlib import Path
from urllib.parse import urlsplit

from chat import ready, say, write
from playwright.sync_api import Page, expect

from repere.running import Running
from repere.running import running as start


def test_what_was_written_meanwhile_is_answered_once(
    page: Page, running: Running, tmp_path: Path
) -> None:
    """``running`` is asked for so that the model is trained before."""
    with start(tmp_path) as first:
        ready(page, first.url)
        say(page, "Que veut dire CPI ?")
        first.process.kill()
        first.process.wait()
        write(page, "Que veut dire CERT ?")
        expect(page.locator(".banner")).to_contain_text("Connexion perdue, je réessaie.")
        port = urlsplit(first.url).port or 0
    with start(tmp_path, port=port):
        expect(page.locator(".msg.waiting")).to_have_count(0, timeout=40_000)
        expect(page.locator(".msg.user")).to_have_count(2)
        expect(page.locator(".msg.bot")).to_have_count(3)
        expect(page.locator(".banner")).to_be_empty()
        say(page, "Merci")
        page.reload()
        expect(page.locator(".msg.user")).to_have_count(3)
