"""Pages in the real browser: whatever they complain of fails the test, and axe finds nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

NewContext = Callable[..., BrowserContext]

# A refused request is said in the console whatever the page does with it.
REFUSED = "Failed to load resource"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def watched_contexts(browser: Browser, *expected: str) -> Iterator[NewContext]:
    """Makes browser contexts, one person's browser each; what they complain of is an error.

    ``expected``: how the console's messages begin that are meant, besides refused requests.
    """
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type in ("error", "warning")
                and not message.text.startswith((REFUSED, *expected))
                else None
            ),
        )
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))

    def make(width: int, height: int, **options: object) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="fr-FR",
            timezone_id="Europe/Paris",
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


def no_violation(page: Page, state: str, exclude: str | None = None) -> None:
    """Axe finds nothing, all WCAG A and AA rules and best practices."""
    context = {"exclude": [[exclude]]} if exclude else None
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    found = Axe().run(page, context=context, options=options).response["violations"]
    lines = [
        f"{state}: {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
    assert not lines, "\n".join(lines)
