"""The widget on a page that another server sends: really another origin, under a strict policy."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from agent import Agent, conversation_of
from browsing import no_violation
from chat import answered, choose, field, option, say, screenshot
from playwright.sync_api import Page, expect

from repere.running import Running


def site_at(origin: str, repere: str) -> ThreadingHTTPServer:
    """A town hall's site, which knows of Repère but its address."""
    policy = f"default-src 'none'; script-src {repere}; connect-src {repere}"
    page = (
        '<!doctype html><html lang="fr"><title>Mairie</title><main><h1>Mairie</h1></main>'
        f'<script type="module" src="{repere}/widget/repere.js"></script>'
        "<repere-chat></repere-chat></html>"
    ).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/"
            self.send_response(200 if found else 204)
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page if found else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", urlsplit(origin).port or 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def site(allowed_site: str, running: Running) -> Iterator[str]:
    server = site_at(allowed_site, running.url)
    yield allowed_site
    server.shutdown()
    server.server_close()


def test_a_demarche_from_another_site(
    page: Page, site: str, running: Running, agent: Agent, photo: Path
) -> None:
    page.goto(site)
    page.get_by_role("button", name="Une question").click()
    say(page, "Que veut dire CPI ?")
    say(page, "Je veux faire un duplicata, on m'a volé ma carte grise")
    choose(page, "Pour moi-même")
    choose(page, "Compte ANTS classique (adresse e-mail)")
    say(page, "ab123cd")
    page.reload()
    expect(field(page)).to_be_visible()
    answered(page, lambda: page.locator("input[type=file]").first.set_input_files(photo))
    choose(page, "Tout est exact")
    choose(page, "J’accepte les conditions légales d’utilisation")
    choose(page, "C’est compris")
    no_violation(page, "another site")
    screenshot(page, "other-site")
    with page.expect_download() as download:
        page.get_by_role("button", name="Récapitulatif (PDF)").last.click()
    assert download.value.suggested_filename.startswith("recapitulatif-RP-")
    agent.take(conversation_of(page))
    expect(page.locator(".banner")).to_have_text("Vous parlez avec Claire.")
    option(page, "Effacer la conversation")
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.locator(".msg.user")).to_have_count(0)


@pytest.mark.parametrize("expected", [("Access to fetch at",)])
def test_a_site_that_is_not_allowed_is_not_answered(page: Page, running: Running) -> None:
    """The same page under another name; its visitor is told in words."""
    server = site_at("http://127.0.0.1:0", running.url)
    page.goto(f"http://localhost:{server.server_port}")
    page.get_by_role("button", name="Une question").click()
    expect(page.locator(".banner")).to_contain_text("Connexion perdue, je réessaie.")
    expect(page.locator(".msg.bot")).to_have_count(0)
    server.shutdown()
    server.server_close()
