"""A real browser (Debian's Chromium) that fails a test on any error or CSP violation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from agent import Agent, agent_of
from browsing import NewContext, watched_contexts
from cards import answers
from playwright.sync_api import Browser, BrowserContext, Page
from scripted import ScriptedApi

from repere.running import Running


@pytest.fixture
def expected() -> tuple[str, ...]:
    """How the console's messages begin that a test means, besides refused requests."""
    return ()


@pytest.fixture
def new_context(browser: Browser, expected: tuple[str, ...]) -> Iterator[NewContext]:
    """Makes browser contexts, where nothing moves."""
    with watched_contexts(browser, *expected) as new:

        def make(
            width: int = 1280, height: int = 860, scheme: str = "light", **options: object
        ) -> BrowserContext:
            return new(width, height, color_scheme=scheme, reduced_motion="reduce", **options)

        yield make


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
