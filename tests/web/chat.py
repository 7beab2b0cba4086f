"""What a person does and sees in the conversation."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens"


def ready(page: Page, url: str) -> None:
    """Open a page that holds the conversation, and wait for its first message."""
    page.goto(url)
    expect(page.locator(".msg.bot").first).to_be_visible()


def open_corner(page: Page, url: str) -> None:
    """Open the demo page and its widget."""
    page.goto(f"{url}/page/demo.html")
    page.get_by_role("button", name="Une question").click()
    expect(page.locator(".msg.bot").first).to_be_visible()


def field(page: Page) -> Locator:
    return page.get_by_label("Votre message")


def say(page: Page, text: str) -> None:
    """Send a text and wait for what is answered."""
    answered(page, lambda: write(page, text))


def write(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Enter")


def choose(page: Page, label: str) -> None:
    """Click a choice and wait for what is answered."""
    answered(page, page.get_by_role("button", name=label, exact=True).click)


def answered(page: Page, act: Callable[[], object]) -> None:
    before = page.locator(".msg.bot").count()
    act()
    expect(page.locator(".msg.bot")).not_to_have_count(before)
    expect(page.locator(".msg.waiting")).to_have_count(0)


def screenshot(page: Page, name: str) -> None:
    """A picture to look at, kept out of the repository."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")


def option(page: Page, name: str) -> None:
    """Choose something of the conversation's menu."""
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name=name).click()
