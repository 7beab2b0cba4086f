"""The desk's pictures in the guides (docs/images): a real desk, real pages, invented data.

``python -m bench.desk_pictures`` starts a Repère in a temporary folder and draws them all.
"""

import io
import re
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bench import desk_data
from bench.browser import chromium
from bench.desk_data import PASSWORD, Invented
from channels.desk.guide.changes import Draft
from channels.desk.guide.proposals import Proposals
from repere.client import Conversation
from repere.running import running
from repere.settings import ROOT, Settings
from repere.training import train

IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1280, 760
COLOURS = 128
MOST_BYTES = 200_000
TEAM = {
    "camille": ("Camille R.", "agent"),
    "emma": ("Emma F.", "editor"),
    "elio": ("Élio B.", "editor"),
    "sonia": ("Sonia R.", "supervisor"),
}


def main() -> None:
    train(Settings())
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as repere:
        invented = desk_data.opened(Settings(var=Path(folder)))
        draw(repere.url, invented)
        invented.database.dispose()


def draw(url: str, invented: Invented) -> None:
    """Invent a morning at the desk, and draw its pages."""
    for login, (name, role) in TEAM.items():
        desk_data.account(invented, login, name, role)
    desk_data.unanswered(invented.database)
    for minutes in (2.0, 3.5, 6.0):
        desk_data.handed_over(invented.database, "je voudrais parler à quelqu'un", minutes)
    citizen = Conversation(url)
    citizen.say("j'ai perdu ma carte grise, que faire ?")
    citizen.say("je veux parler à une personne")
    # The conversation's own dossier waits for an agent, with a document that is hard to read.
    number = desk_data.theft(
        invented, citizen.id, document=desk_data.declaration(blurred=True)
    ).number
    desk_data.theft(invented)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        _agent(browser, url, citizen.id, number)
        _editor(browser, url, invented)
        browser.close()
    citizen.close()


def _agent(browser: Browser, url: str, conversation: str, number: str) -> None:
    page = _signed_in(browser, url, "camille")
    page.goto(f"{url}/desk")
    page.get_by_role("button", name="Me rendre disponible").click()
    _save(page, "desk-file")
    page.goto(f"{url}/desk/conversations/{conversation}")
    page.get_by_role("button", name="Prendre la conversation").click()
    page.locator(".suggestion-take").first.wait_for()
    page.locator(".suggestion-take").first.click()
    _save(page, "desk-conversation")
    page.goto(f"{url}/desk/dossiers/{number}")
    page.get_by_role("button", name="Examiner ce dossier").click()
    page.get_by_text("Refuser…").click()
    page.get_by_label("Précision pour la personne").fill("Le texte est flou : reprenez la photo.")
    _save(page, "desk-refus", page.locator(".piece").first)
    page.goto(f"{url}/desk/dossiers/{number}")
    _save(page, "desk-dossier")


def _editor(browser: Browser, url: str, invented: Invented) -> None:
    page = _signed_in(browser, url, "emma")
    page.goto(f"{url}/desk/guide")
    _save(page, "desk-questions")
    page.get_by_role("link", name=re.compile("drone")).first.click()
    _save(page, "desk-groupe")
    examples = ["faut-il une carte grise pour un drone ?", "immatriculer un drone de loisir"]
    emma = invented.accounts.named("emma")
    draft = Draft({"hors/droit_legal": examples})
    one = Proposals(invented.database).add(emma.id, emma.name, "Exemples sur les drones", draft)
    page.goto(f"{url}/desk/guide/proposals/{one}")
    _save(page, "desk-proposition")
    page = _signed_in(browser, url, "sonia")
    page.goto(f"{url}/desk/figures")
    _save(page, "desk-chiffres")


def _signed_in(browser: Browser, url: str, login: str) -> Page:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="fr-FR", timezone_id="Europe/Paris"
    )
    page = context.new_page()
    page.goto(f"{url}/desk/sign-in")
    page.get_by_label("Identifiant").fill(login)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name="Se déconnecter").wait_for()
    return page


def _save(page: Page, name: str, part: Locator | None = None) -> None:
    """The page, or a part of it, as a small PNG."""
    page.wait_for_timeout(600)  # images and what scripts put in place
    taken = part.screenshot() if part else page.screenshot()
    image = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS)
    path = IMAGES / f"{name}.png"
    image.save(path, optimize=True)
    assert path.stat().st_size < MOST_BYTES, f"{path.name}: {path.stat().st_size} bytes"


if __name__ == "__main__":
    main()
