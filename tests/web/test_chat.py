"""Asking and being answered: keyboard, choices, errors, continuity."""

import re

import pytest
from browsing import no_violation
from chat import answered, choose, field, open_corner, option, ready, say, screenshot, write
from playwright.sync_api import BrowserContext, Page, expect
from scripted import ScriptedApi, refused

from repere.running import Running


def test_the_keyboard_is_enough(page: Page, api: ScriptedApi, running: Running) -> None:
    page.goto(f"{running.url}/page/demo.html")
    launcher = page.get_by_role("button", name="Une question")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    expect(page.locator(".msg.bot")).to_have_count(1)
    page.keyboard.type("ma carte grise ?")
    page.keyboard.press("Enter")
    choice = page.get_by_role("button", name="Elle a été volée")
    expect(choice).to_be_visible()
    expect(field(page)).to_be_focused()  # focus was not stolen by the answer
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if choice.evaluate("e => e.matches(':focus-visible')"):
            break
    answered(page, lambda: page.keyboard.press("Enter"))
    # The choice is gone: reading goes on from what was just said, then to what came after it.
    expect(page.locator(".msg.user").last).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('repere-chat').shadowRoot.activeElement.innerText")
    page.locator("summary", has_text="Les 5 étapes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Enregistrez le paiement")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(launcher).to_be_focused()
    assert [body.get("choice") for body in api.sent] == [None, "detail:motif=vol"]


def test_an_answer_shows_steps_notes_and_sources(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    say(page, "j'ai perdu ma carte grise")
    expect(page.get_by_role("heading", name="Demander un duplicata")).to_be_visible()
    expect(page.locator("b.label", has_text="Mon Espace").first).to_be_visible()
    site = page.get_by_role("link", name="immatriculation.ants.gouv.fr")
    expect(site.last).to_have_attribute("href", "https://immatriculation.ants.gouv.fr")
    expect(page.get_by_text("Le motif et la personne")).to_be_hidden()
    page.get_by_text("D'après 2 documents").click()
    expect(page.get_by_text("Le motif et la personne")).to_be_visible()
    page.get_by_role("button", name="Voir 2 autres précisions").click()
    expect(page.get_by_text("Une quatrième précision.")).to_be_visible()


def test_long_lists_fold(page: Page, api: ScriptedApi, running: Running) -> None:
    ready(page, running.url)
    choose(page, "Quelles pièces ?")
    expect(page.get_by_text("Pièce numéro 7")).to_be_hidden()
    page.get_by_role("button", name="Voir les 3 autres").click()
    expect(page.get_by_text("Pièce numéro 9")).to_be_visible()


def test_a_choice_may_be_typed(page: Page, api: ScriptedApi, running: Running) -> None:
    ready(page, running.url)
    say(page, "ma carte grise")
    say(page, "elle a ete VOLEE.")
    assert api.sent[-1]["choice"] == "detail:motif=vol"
    expect(page.get_by_role("button", name="Elle a été volée")).to_be_hidden()


def test_empty_and_too_long_are_said_by_the_field(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    field(page).press("Enter")
    expect(page.locator("#message-error")).to_have_text("Écrivez votre message avant de l'envoyer.")
    expect(field(page)).to_have_attribute("aria-invalid", "true")
    write(page, "é" * 501)
    expect(page.locator("#message-error")).to_contain_text("501 caractères")
    expect(page.locator("#message-count")).to_have_text("1 caractère en trop")
    field(page).fill("é" * 500)
    expect(page.locator("#message-error")).to_be_empty()
    assert api.sent == []


def test_what_the_server_refuses_is_said_and_given_back(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    api.mishaps = [refused(422, "Votre message ne peut pas être pris.")]
    write(page, "un message refusé")
    expect(page.get_by_role("alert").filter(has_text="ne peut pas être pris")).to_be_visible()
    page.get_by_role("button", name="Supprimer").click()
    expect(field(page)).to_have_value("un message refusé")
    expect(page.locator(".msg.user")).to_have_count(0)
    expect(page.get_by_role("button", name="Quelles pièces ?")).to_be_visible()


def test_an_unavailable_engine_is_tried_again(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    api.mishaps = [refused(503, "Je ne peux pas répondre pour le moment.")]
    write(page, "ma carte grise")
    expect(page.locator(".banner")).to_contain_text("Je ne peux pas répondre pour le moment.")
    expect(page.get_by_role("button", name="Elle a été volée")).to_be_visible()
    expect(page.locator(".banner")).to_be_empty()
    assert len(api.texts("user")) == 1


def test_a_lost_network_loses_and_repeats_nothing(
    page: Page, context: BrowserContext, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    api.mishaps = ["drop", "lose", "lose"]
    context.set_offline(True)
    write(page, "première question")
    write(page, "deuxième question")
    expect(page.locator(".banner")).to_contain_text("Connexion perdue")
    expect(page.get_by_text("En attente d'envoi").last).to_be_visible()
    context.set_offline(False)
    expect(page.locator(".msg.waiting")).to_have_count(0, timeout=20_000)
    expect(page.locator(".msg.user")).to_have_count(2)
    expect(page.locator(".banner")).to_be_empty()
    assert api.texts("user") == ["première question", "deuxième question"]
    assert len({body["client_id"] for body in api.sent}) == 2


def test_a_reload_restores_everything(page: Page, api: ScriptedApi, running: Running) -> None:
    ready(page, running.url)
    say(page, "ma carte grise")
    choose(page, "Elle est perdue")
    field(page).fill("un brouillon")
    page.wait_for_timeout(400)
    api.mishaps = ["drop"] * 50
    write(page, "partie sans réponse")
    expect(page.locator(".banner")).to_contain_text("Connexion perdue")
    api.mishaps = []
    page.reload()
    expect(page.locator(".msg.user")).to_have_count(3)
    expect(page.locator(".msg.waiting")).to_have_count(0)
    texts = page.locator(".msg.user .text").all_text_contents()
    assert texts == ["ma carte grise", "Elle est perdue", "partie sans réponse"]
    assert api.started == 1
    field(page).fill("un brouillon gardé")
    page.wait_for_timeout(400)
    page.reload()
    expect(field(page)).to_have_value("un brouillon gardé")


def test_what_was_offered_before_is_not_offered_after_a_reload(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    for said in ("ma carte grise", "j'ai perdu ma carte grise", "ma carte grise"):
        say(page, said)
    for _ in range(2):
        expect(page.get_by_role("button", name="Elle a été volée")).to_have_count(1)
        expect(page.get_by_role("button", name="Quelles pièces ?")).to_have_count(0)
        page.reload()


def test_two_tabs_are_one_conversation(
    page: Page, context: BrowserContext, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    other = context.new_page()
    ready(other, running.url)
    assert api.started == 1
    say(page, "ma carte grise")
    expect(other.get_by_role("button", name="Elle a été volée")).to_be_visible()
    choose(other, "Elle a été volée")
    expect(page.get_by_role("heading", name="Demander un duplicata")).to_be_visible()
    for tab in (page, other):
        expect(tab.locator(".msg.user")).to_have_count(2)


def test_erasing_is_confirmed_and_begins_anew(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    say(page, "ma carte grise")
    for answer in ("Annuler", "Effacer définitivement"):
        option(page, "Effacer la conversation")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert not api.erased
        page.get_by_role("dialog").get_by_role("button", name=answer).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".msg")).to_have_count(2)  # the welcome, and the hidden « … »
    expect(page.get_by_role("button", name="Quelles pièces ?")).to_be_visible()
    assert api.started == 2


def test_a_new_conversation_keeps_or_erases_the_old_one(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    say(page, "ma carte grise")
    option(page, "Nouvelle conversation")
    page.get_by_role("button", name="Commencer").click()
    expect(page.locator(".msg.user")).to_have_count(0)
    assert api.started == 2


def test_a_conversation_erased_elsewhere_is_said(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    with page.expect_response("**/messages?after=1"):  # the page looks at its beginning once
        ready(page, running.url)
    api.erased = True
    write(page, "encore là ?")
    expect(page.locator(".banner")).to_contain_text("n'existe plus")
    expect(field(page)).to_be_hidden()
    no_violation(page, "gone")
    screenshot(page, "gone")
    page.locator(".banner").get_by_role("button", name="Nouvelle conversation").click()
    expect(field(page)).to_be_visible()
    expect(page.locator(".msg.user:not(.waiting)")).to_have_count(1)
    assert api.texts("user") == ["encore là ?"]  # what was not sent is not lost


def test_the_transcript_is_a_text_with_its_sources(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    say(page, "j'ai perdu ma carte grise")
    with page.expect_download() as download:
        option(page, "Télécharger la conversation")
    assert re.fullmatch(r"conversation-repere-[\d-]{10}\.txt", download.value.suggested_filename)
    text = download.value.path().read_text(encoding="utf-8")
    assert "Vous (" in text
    assert "5. Enregistrez le paiement" in text
    assert "D'après : Les téléprocédures" in text


def test_a_hostile_answer_is_only_text(page: Page, api: ScriptedApi, running: Running) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    ready(page, running.url)
    say(page, "hostile")
    expect(page.locator(".log").get_by_text("<script>alert(2)</script>")).to_be_visible()
    bubble = page.locator(".msg.bot").last
    assert bubble.locator("img, script, iframe, style, em, i, u").count() == 0
    assert bubble.locator("a").count() == 0
    assert page.locator(".log").evaluate("e => e.scrollWidth <= e.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_answer_may_be_judged(page: Page, api: ScriptedApi, running: Running) -> None:
    api.features = ["feedback"]
    ready(page, running.url)
    say(page, "j'ai perdu ma carte grise")
    page.get_by_role("group", name="Cette réponse").get_by_role("button", name="Non").click()
    page.get_by_role("button", name="Il manque quelque chose").click()
    expect(page.get_by_text("Merci, votre avis est enregistré.")).to_be_visible()
    reason = "Il manque quelque chose"
    assert api.feedback == [
        {"seq": 3, "useful": False},
        {"seq": 3, "useful": False, "reason": reason},
    ]


def test_an_opinion_may_be_given_in_ones_own_words(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    api.features = ["feedback"]
    ready(page, running.url)
    say(page, "j'ai perdu ma carte grise")
    page.get_by_role("group", name="Cette réponse").get_by_role("button", name="Non").click()
    page.get_by_label("Ou dites-le avec vos mots").fill("et le prix ?")
    page.get_by_role("button", name="Envoyer l'avis").click()
    expect(page.get_by_text("Merci, votre avis est enregistré.")).to_be_visible()
    assert api.feedback[-1] == {"seq": 3, "useful": False, "reason": "et le prix ?"}


def test_a_dossier_named_by_the_address_is_offered(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    """As the récapitulatif's square code names it: the code is asked for, and checked in form."""
    ready(page, f"{running.url}/?reprendre=RP-7K3M-92QD")
    expect(page.get_by_role("heading", name="Reprendre le dossier RP-7K3M-92QD")).to_be_visible()
    code = page.get_by_label("Code de reprise")
    expect(code).to_have_value("")
    expect(code).not_to_be_focused()
    code.fill("abc")
    code.press("Enter")
    expect(page.locator("#resume-error")).to_contain_text("huit lettres et chiffres")
    expect(code).to_have_attribute("aria-invalid", "true")
    code.fill("abcd-2345")
    answered(page, lambda: code.press("Enter"))
    assert api.texts("user") == ["Reprendre le dossier RP-7K3M-92QD, code ABCD-2345"]
    expect(code).to_have_count(0)
    page.reload()
    expect(page.locator(".msg.user")).to_have_count(1)
    expect(code).to_have_count(0)


@pytest.mark.parametrize("named", ["RP-0000-0000", "<script>", "RP-7K3M-92QD-x", ""])
def test_an_address_that_names_no_dossier_offers_nothing(
    named: str, page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, f"{running.url}/?reprendre={named}")
    expect(page.get_by_label("Code de reprise")).to_have_count(0)


def test_the_panel_stays_open_from_page_to_page(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    open_corner(page, running.url)
    say(page, "ma carte grise")
    page.reload()
    expect(page.get_by_role("button", name="Elle a été volée")).to_be_visible()
    expect(field(page)).not_to_be_focused()
    page.get_by_role("button", name="Fermer la conversation").click()
    page.reload()
    expect(page.get_by_role("button", name="Une question")).to_be_visible()
    expect(page.locator(".panel")).to_be_hidden()
