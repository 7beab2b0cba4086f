"""A citizen and agents, each in a real browser, through a handover and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from repere.running import Running

SignIn = Callable[[str], Page]
# A loaded machine is slow; what is live arrives in about a second on a quiet one.
LIVE = 15_000


@pytest.fixture
def citizen(running: Running, new_page: Callable[[], Page]) -> Page:
    """Someone who asked a question, then for a person."""
    page = new_page()
    page.goto(running.url)
    write(page, "Comment payer la carte grise ?")
    write(page, "Je veux parler à une personne")
    expect(page.locator(".msg.bot").last).to_contain_text("est notée")
    return page


def write(page: Page, text: str) -> None:
    before = page.locator(".msg.bot").count()
    page.get_by_label("Votre message").fill(text)
    page.get_by_label("Votre message").press("Enter")
    expect(page.locator(".msg.bot")).not_to_have_count(before, timeout=LIVE)


def conversation_of(page: Page) -> str:
    kept = "Object.entries(localStorage).find(([key]) => key.startsWith('repere:'))[1]"
    return str(page.evaluate(f"JSON.parse({kept}).conversation"))


def opened(agent: Page, running: Running, citizen: Page) -> Page:
    agent.goto(f"{running.url}/desk/conversations/{conversation_of(citizen)}")
    return agent


def take(agent: Page) -> None:
    agent.get_by_role("button", name="Prendre la conversation").click()
    expect(agent.get_by_label("Votre réponse")).to_be_focused()


def test_from_the_queue_to_the_guide_and_back(
    running: Running, citizen: Page, sign_in: SignIn
) -> None:
    agent = sign_in("agnes")
    agent.goto(f"{running.url}/desk")
    waiting = agent.get_by_role("region", name=re.compile("En attente"))
    entry = waiting.get_by_role("listitem").filter(has_text="Comment payer la carte grise ?").first
    expect(entry).to_contain_text("demande une personne")
    opened(agent, running, citizen)
    summary = agent.get_by_role("region", name="Résumé")
    expect(summary).to_contain_text("Comment payer la carte grise ?")
    take(agent)
    expect(citizen.locator(".msg", has_text="en relation avec Agnès Martin")).to_be_visible(
        timeout=LIVE
    )

    # Each sees the other write; then each reads the other.
    citizen.get_by_label("Votre message").press_sequentially("Bonjour, je suis")
    expect(agent.get_by_text("La personne écrit…")).to_be_visible(timeout=LIVE)
    agent.get_by_label("Votre réponse").press_sequentially("Bonjour, que")
    expect(citizen.get_by_text(re.compile("Agnès Martin.*écrit")).first).to_be_visible(timeout=LIVE)
    agent.get_by_label("Votre réponse").press_sequentially(" puis-je pour vous ?")
    agent.get_by_label("Votre réponse").press("Enter")
    reply = citizen.locator(".msg.agent:not(.typing)")
    expect(reply).to_contain_text("Bonjour, que puis-je pour vous ?", timeout=LIVE)
    expect(reply).to_contain_text("Agnès Martin")
    expect(agent.locator(".msg.agent").get_by_text("remis")).to_be_visible(timeout=LIVE)
    expect(agent.get_by_label("Votre réponse")).to_have_value("")
    citizen.get_by_label("Votre message").fill("Le paiement est refusé")
    citizen.get_by_label("Votre message").press("Enter")
    expect(agent.locator(".msg.user").last).to_contain_text("Le paiement est refusé", timeout=LIVE)
    guide_said = citizen.locator(".msg.bot").count()

    # A suggested answer, with the keyboard alone: chosen, edited, sent.
    expect(agent.locator("[data-suggestions] [data-insert]").first).to_be_attached(timeout=LIVE)
    agent.keyboard.press("Alt+s")
    agent.keyboard.press("ArrowDown")
    agent.keyboard.press("ArrowUp")
    agent.keyboard.press("Enter")
    expect(agent.get_by_label("Votre réponse")).to_be_focused()
    taken = agent.get_by_label("Votre réponse").input_value()
    assert len(taken) > 40
    agent.keyboard.press("Control+End")
    agent.keyboard.type(" Est-ce plus clair ?")
    agent.keyboard.press("Enter")
    expect(citizen.locator(".msg.agent:not(.typing)").last).to_contain_text(
        "Est-ce plus clair ?", timeout=LIVE
    )
    assert citizen.locator(".msg.bot").count() == guide_said

    agent.get_by_role("button", name="Rendre au guide").click()
    expect(agent.get_by_role("heading", name="File d'attente")).to_be_visible()
    expect(citizen.locator(".msg", has_text="Je reprends la suite")).to_be_visible(timeout=LIVE)
    write(citizen, "Que veut dire CPI ?")
    expect(citizen.locator(".msg.bot").last).to_contain_text("CPI")


def test_two_agents_click_at_once(running: Running, citizen: Page, sign_in: SignIn) -> None:
    first, second = sign_in("agnes"), sign_in("bruno")
    for agent in (first, second):
        # A page that follows would tell before the click: here both click on what they see.
        agent.route("**/events*", lambda route: route.abort())
        opened(agent, running, citizen)
    forms = "document.querySelector('[data-take]').requestSubmit()"
    first.evaluate(forms)
    second.evaluate(forms)
    for agent in (first, second):
        agent.locator("#reply, [role=alert]:visible").first.wait_for(timeout=LIVE)
    won, lost = (first, second) if first.get_by_label("Votre réponse").count() else (second, first)
    expect(won.get_by_label("Votre réponse")).to_be_visible()
    told = lost.get_by_role("alert").filter(has_text="a déjà pris cette conversation")
    expect(told).to_be_visible()
    expect(citizen.locator(".msg", has_text="en relation avec")).to_have_count(1, timeout=LIVE)


def test_the_other_agents_page_follows(running: Running, citizen: Page, sign_in: SignIn) -> None:
    first, second = sign_in("agnes"), sign_in("bruno")
    opened(second, running, citizen)
    second.get_by_placeholder("La personne ne voit pas les notes").fill("je regarde")
    opened(first, running, citizen)
    take(first)
    expect(second.get_by_text("avec Agnès Martin").first).to_be_visible(timeout=LIVE)
    expect(second.get_by_role("button", name="Prendre la conversation")).to_have_count(0)


def test_a_draft_outlives_a_reload(running: Running, citizen: Page, sign_in: SignIn) -> None:
    agent = sign_in("agnes")
    opened(agent, running, citizen)
    take(agent)
    agent.get_by_label("Votre réponse").fill("Un début de réponse")
    agent.reload()
    expect(agent.get_by_label("Votre réponse")).to_have_value("Un début de réponse")


def test_without_scripts_an_agent_still_answers(
    running: Running, citizen: Page, sign_in: SignIn
) -> None:
    page = sign_in("bruno")
    bare = page.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=page.context.storage_state(), locale="fr-FR"
    )
    agent = bare.new_page()
    agent.goto(f"{running.url}/desk/conversations/{conversation_of(citizen)}")
    agent.get_by_role("button", name="Prendre la conversation").click()
    agent.get_by_label("Votre réponse").fill("Bonjour, sans script")
    agent.get_by_role("button", name="Envoyer").click()
    expect(agent.locator(".msg.agent")).to_contain_text("Bonjour, sans script")
    agent.get_by_role("button", name="Terminer").click()
    expect(agent.get_by_role("heading", name="File d'attente")).to_be_visible()
    bare.close()
    expect(citizen.locator(".msg", has_text="a terminé cet échange")).to_be_visible(timeout=LIVE)
