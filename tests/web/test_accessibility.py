"""Axe finds nothing in any state; small screens and zoom lose nothing."""

import pytest
from browsing import NewContext, no_violation
from cards import Duplicata, answers
from chat import answered, choose, field, open_corner, ready, say, screenshot, write
from playwright.sync_api import Page, expect
from scripted import ScriptedApi, refused

from repere.running import Running

SCREENS = {
    "wide-light": (1280, 860, "light"),
    "wide-dark": (1280, 860, "dark"),
    "tablet-light": (768, 1024, "light"),
    "tablet-dark": (768, 1024, "dark"),
    "narrow-light": (320, 640, "light"),
    "narrow-dark": (320, 640, "dark"),
}


def look(page: Page, screen: str, state: str) -> None:
    page.wait_for_timeout(120)
    no_violation(page, f"{screen} {state}")
    screenshot(page, f"{screen}-{state}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    panel = page.locator(".panel")
    assert panel.count() == 0 or panel.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize("screen", SCREENS)
def test_every_state_of_an_exchange(screen: str, new_context: NewContext, running: Running) -> None:
    width, height, scheme = SCREENS[screen]
    context = new_context(width, height, scheme)
    api = ScriptedApi(answers, features=["feedback"]).attach(context)
    page = context.new_page()
    page.goto(f"{running.url}/page/demo.html")
    expect(page.get_by_role("button", name="Une question")).to_be_visible()
    look(page, screen, "01-closed")
    ready(page, running.url)
    look(page, screen, "02-page")
    open_corner(page, running.url)
    look(page, screen, "03-open")
    say(page, "ma carte grise")
    look(page, screen, "04-clarify")
    choose(page, "Elle a été volée")
    look(page, screen, "05-answer")
    page.get_by_text("Les 5 étapes").click()
    page.get_by_text("D'après 2 documents").click()
    look(page, screen, "06-unfolded")
    page.get_by_role("group", name="Cette réponse").get_by_role("button", name="Non").click()
    look(page, screen, "07-feedback")
    page.get_by_role("button", name="Il manque quelque chose").click()
    expect(page.get_by_text("votre avis est enregistré")).to_be_focused()
    say(page, "quelles pièces ?")
    look(page, screen, "08-items")
    say(page, "le prix ?")
    look(page, screen, "09-decline")
    say(page, "une personne")
    look(page, screen, "10-handoff")
    api.mishaps = [refused(422, "Votre message ne peut pas être pris.")]
    write(page, "refusé")
    expect(page.get_by_role("button", name="Supprimer")).to_be_visible()
    look(page, screen, "11-refused")
    page.get_by_role("button", name="Supprimer").click()
    write(page, "x" * 510)
    look(page, screen, "12-too-long")
    field(page).fill("")
    page.get_by_role("button", name="Options").click()
    look(page, screen, "13-menu")
    page.get_by_role("button", name="Nouvelle conversation").click()
    look(page, screen, "14-dialog")
    page.get_by_role("button", name="Annuler").click()
    api.mishaps = ["drop"] * 50
    write(page, "sans réseau")
    expect(page.locator(".banner")).to_contain_text("Connexion perdue")
    look(page, screen, "15-offline")
    api.mishaps = []
    ready(page, f"{running.url}/?reprendre=RP-7K3M-92QD")
    page.get_by_role("button", name="Reprendre", exact=True).click()
    expect(page.get_by_label("Code de reprise")).to_be_focused()
    look(page, screen, "16-resume")


@pytest.mark.parametrize("screen", SCREENS)
def test_every_state_of_a_demarche(screen: str, new_context: NewContext, running: Running) -> None:
    width, height, scheme = SCREENS[screen]
    context = new_context(width, height, scheme)
    flow = Duplicata()
    api = ScriptedApi(flow.reply, after_upload=flow.uploaded).attach(context)
    page = context.new_page()
    photo = {"name": "vol.png", "mimeType": "image/png", "buffer": b""}
    open_corner(page, running.url)
    photo["buffer"] = page.screenshot()
    say(page, "je veux un duplicata")
    look(page, screen, "20-question")
    choose(page, "Volée")
    say(page, "AB-123-CD")
    say(page, "hier")
    look(page, screen, "21-file")
    files = page.locator("input[type=file]").first
    api.upload_answers = [refused(422, "Ce document n'est ni un PDF ni une photo.")]
    files.set_input_files(photo)
    expect(page.get_by_text("ni un PDF ni une photo")).to_be_visible()
    look(page, screen, "22-file-refused")
    api.judged = [("doubtful", ["L'image est floue.", "L'image est trop sombre."])]
    answered(page, lambda: files.set_input_files(photo))
    look(page, screen, "23-file-blurred")
    choose(page, "Utiliser ce document quand même")
    look(page, screen, "24-recap")
    choose(page, "Tout est exact")
    look(page, screen, "25-dossier")
    api.owner = "agent"
    api.add("agent", "Bonjour, je suis Claire. Je regarde votre dossier.", sender="Claire")
    page.reload()
    if width < 480:
        page.get_by_role("button", name="Une question").click()
    expect(page.get_by_text("je suis Claire")).to_be_visible()
    look(page, screen, "26-agent")


@pytest.mark.parametrize(("width", "height"), [(640, 430), (320, 256)])
def test_zoomed_at_200_and_400_percent(
    width: int, height: int, page: Page, api: ScriptedApi, running: Running
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    ready(page, running.url)
    say(page, "j'ai perdu ma carte grise")
    screenshot(page, f"zoom-{width}")
    no_violation(page, f"zoom {width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    field(page).scroll_into_view_if_needed()
    expect(field(page)).to_be_in_viewport()
    page.get_by_role("button", name="Envoyer").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Envoyer")).to_be_in_viewport()


def test_targets_are_large_enough(page: Page, api: ScriptedApi, running: Running) -> None:
    api.features = ["feedback"]
    open_corner(page, running.url)
    say(page, "j'ai perdu ma carte grise")
    page.get_by_role("button", name="Options").click()
    small = page.evaluate(
        """() => [...document.querySelector("repere-chat").shadowRoot
             .querySelectorAll("button, summary, input:not([type=file])")]
           .filter((e) => e.checkVisibility())
           .map((e) => [e.innerText || e.title, e.getBoundingClientRect()])
           .filter(([, box]) => box.width < 24 || box.height < 24)
           .map(([name, box]) => `${name}: ${box.width} × ${box.height}`)"""
    )
    assert small == []


def test_a_conversation_prints_without_its_controls(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    api.features = ["feedback"]
    ready(page, running.url)
    say(page, "j'ai perdu ma carte grise")
    page.emulate_media(media="print")
    expect(field(page)).to_be_hidden()
    expect(page.get_by_text("Connectez-vous, cliquez").first).to_be_visible()
    # On paper nothing can be unfolded: steps, notes and sources are all there.
    for folded in (
        "Enregistrez le paiement",
        "Une quatrième précision.",
        "Le motif et la personne",
    ):
        expect(page.get_by_text(folded)).to_be_visible()
    for useless in (".more", ".choices", ".feedback"):
        expect(page.locator(useless).last).to_be_hidden()


def test_motion_only_for_those_who_accept_it(new_context: NewContext, running: Running) -> None:
    for wanted, moves in (("reduce", False), ("no-preference", True)):
        context = new_context()
        ScriptedApi(answers).attach(context)
        page = context.new_page()
        page.emulate_media(reduced_motion=wanted)
        open_corner(page, running.url)
        for part in (".panel", ".dots i"):
            name = page.locator(part).first.evaluate("e => getComputedStyle(e).animationName")
            assert (name != "none") is moves
