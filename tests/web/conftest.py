"""A real browser (Debian's Chromium) that fails a test on any error or CSP violation."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from agent import Agent, agent_of
from cards import answers
from playwright.sync_api import Browser, BrowserContext, Page
from scripted import ScriptedApi

from repere.running import Running

# A refused request is said in the console whatever the page does with it.
EXPECTED = ("Failed to load resource", "Access to fetch at")

NewContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Makes browser contexts (one person's browser each); their errors fail the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type in ("error", "warning") and not message.text.startswith(EXPECTED)
                else None
            ),
        )
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))

    def make(
        width: int = 1280, height: int = 860, scheme: str = "light", **options: object
    ) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(8000)
        context.on("page", watch)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def api(context: BrowserContext) -> ScriptedApi:
    """The API as a script of replies, for the pages of ``context``."""
    return ScriptedApi(answers).attach(context)


@pytest.fixture
def agent(running: Running) -> Iterator[Agent]:
    with agent_of(running) as agent:
        yield agent


@pytest.fixture
def photo(browser: Browser, running: Running, tmp_path: Path) -> Path:
    """A picture that can be read: it stands for a document's photo."""
    path = tmp_path / "declaration.png"
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(f"{running.url}/page/demo.html")
    page.screenshot(path=path)
    page.close()
    return path
