"""An agent in the conversation: by server-sent events, or by asking again without them."""

from agent import Agent, conversation_of
from browsing import no_violation
from chat import open_corner, ready, say, screenshot, write
from playwright.sync_api import BrowserContext, Page, expect
from scripted import ScriptedApi

from repere.running import Running


def test_an_agent_takes_over_writes_and_leaves(page: Page, running: Running, agent: Agent) -> None:
    """The real thing: queue, agent by name, typing on both sides, back to the guide."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    ready(page, running.url)
    name = conversation_of(page)
    say(page, "je veux parler à une personne")
    expect(page.get_by_role("heading", name="Parler à une personne")).to_be_visible()
    banner = page.locator(".banner")
    expect(banner).to_have_text("Votre demande attend un agent. Repère vous répond en attendant.")
    no_violation(page, "queue")
    agent.take(name)
    expect(banner).to_have_text("Vous parlez avec Claire.")
    expect(page.get_by_text("en relation avec Claire").first).to_be_visible()
    agent.types(name, 4)
    expect(page.get_by_text("Claire écrit")).to_be_visible()
    no_violation(page, "agent typing")
    screenshot(page, "real-agent-typing")
    agent.say(name, "Bonjour, je regarde.")
    expect(page.get_by_text("Bonjour, je regarde.").first).to_be_visible()
    expect(page.get_by_role("heading", name="Claire, à")).to_be_visible()
    expect(page.locator(".typing")).to_be_hidden()
    with page.expect_response("**/typing") as typed:
        page.get_by_label("Votre message").press_sequentially("Merci")
    assert typed.value.status == 204
    write(page, "Merci Claire")
    expect(page.locator(".msg.waiting")).to_have_count(0)
    screenshot(page, "real-agent")
    agent.close(name)
    expect(banner).to_be_empty()
    say(page, "Que veut dire CPI ?")
    page.reload()
    expect(page.get_by_role("heading", name="Claire, à")).to_be_visible()
    histories = [request for request in asked if request.startswith("GET") and "after=" in request]
    assert len(histories) < 12  # it listens: it does not ask again and again


def test_a_single_tab_listens_and_tells_the_others(
    page: Page, context: BrowserContext, running: Running, agent: Agent
) -> None:
    ready(page, running.url)
    tabs = [page]
    for _ in range(7):  # one more than the connections that a browser holds to a server
        tabs.append(context.new_page())
        ready(tabs[-1], running.url)
    name = conversation_of(page)
    agent.take(name)
    for tab in tabs:
        expect(tab.locator(".banner")).to_have_text("Vous parlez avec Claire.")
    for tab in tabs[:0:-1]:
        tab.close()
    agent.say(name, "Je suis toujours là.")
    expect(page.get_by_text("Je suis toujours là.").first).to_be_visible()


def test_a_laptop_asleep_wakes_to_what_was_said(
    page: Page, context: BrowserContext, running: Running, agent: Agent
) -> None:
    ready(page, running.url)
    name = conversation_of(page)
    agent.take(name)
    expect(page.locator(".banner")).to_have_text("Vous parlez avec Claire.")
    machine = context.new_cdp_session(page)
    machine.send("Page.setWebLifecycleState", {"state": "frozen"})
    context.set_offline(True)
    agent.say(name, "Êtes-vous là ?")
    agent.say(name, "Je vous attends.")
    page.wait_for_timeout(3000)
    context.set_offline(False)
    machine.send("Page.setWebLifecycleState", {"state": "active"})
    for said in ("Êtes-vous là ?", "Je vous attends."):
        expect(page.locator(".msg.agent .text", has_text=said)).to_have_count(1)


def test_without_events_the_server_is_asked_again(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    ready(page, running.url)
    api.owner = "queue"
    say(page, "je veux parler à une personne")
    expect(page.locator(".banner")).to_contain_text("Votre demande attend un agent.")
    api.owner = "agent"
    api.add("agent", "Bonjour, je suis Claire.", sender="Claire")
    expect(page.get_by_text("Bonjour, je suis Claire.").first).to_be_visible(timeout=15_000)
    expect(page.locator(".banner")).to_have_text("Vous parlez avec Claire.")


def test_a_closed_panel_shows_that_an_agent_wrote(
    page: Page, running: Running, agent: Agent
) -> None:
    open_corner(page, running.url)
    name = conversation_of(page)
    page.keyboard.press("Escape")
    agent.take(name)
    agent.say(name, "Bonjour.")
    expect(page.get_by_role("button", name="Nouveau message d'un agent")).to_be_visible()


def test_each_message_is_announced_once(page: Page, api: ScriptedApi, running: Running) -> None:
    ready(page, running.url)
    announced = page.locator(".panel > [aria-live=polite]")
    say(page, "ma carte grise")
    expect(announced.get_by_text("perdue ou volée")).to_have_count(1)
    expect(announced).to_contain_text("2 choix proposés.")
    page.reload()
    expect(page.locator(".msg.bot")).to_have_count(2)
    expect(announced).to_be_empty()
