"""Small, quick to show, and still quick after five hundred messages."""

import gzip
from pathlib import Path

from cards import STEPS
from chat import field, ready
from playwright.sync_api import Page, expect
from scripted import ScriptedApi

import channels.web
from channels.web.static import without_comments
from repere.running import Running

# Milliseconds from the script's arrival to the button, and from a click to the panel.
SHOWN = """() => {
  const script = performance.getEntriesByName(new URL("/widget/repere.js", location).href)[0];
  return performance.getEntriesByName("repere-shown")[0].startTime - script.responseEnd;
}"""
OPENED = """async () => {
  const from = performance.now();
  await document.querySelector("repere-chat").open();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - from;
}"""
WIDGET = Path(channels.web.__file__).parent / "widget"


def test_forty_kilobytes_in_all() -> None:
    files = [*WIDGET.glob("*.js"), *WIDGET.glob("*.css")]
    served = [without_comments(path.read_text(encoding="utf-8")) for path in files]
    assert sum(len(gzip.compress(text.encode())) for text in served) <= 40_000


def test_only_comments_on_lines_of_their_own_are_left_out() -> None:
    source = "/** One. */\na();\n  /*\n   * Two\n   */\n  /** @type {any} */ (b).c();\n/* 3 */\n"
    assert without_comments(source) == "a();\n  /** @type {any} */ (b).c();\n"


def test_the_button_and_the_panel_are_there_at_once(
    page: Page, api: ScriptedApi, running: Running
) -> None:
    shown, opened = [], []
    for _ in range(5):  # the best of five: the machine may be busy with something else
        page.goto(f"{running.url}/page/demo.html")
        expect(page.get_by_role("button", name="Une question")).to_be_visible()
        shown.append(page.evaluate(SHOWN))
        page.wait_for_timeout(700)  # the panel's modules come while nothing happens
        opened.append(page.evaluate(OPENED))
        page.evaluate("document.querySelector('repere-chat').close()")
    assert min(shown) < 100
    assert min(opened) < 100


def test_five_hundred_messages(page: Page, api: ScriptedApi, running: Running) -> None:
    ready(page, running.url)
    for rank in range(250):
        api.add("user", f"Question {rank}")
        api.add("bot", *STEPS)
    page.reload()
    expect(page.locator(".msg.bot")).to_have_count(251)
    slowest = page.evaluate(
        """async () => {
          const root = document.querySelector("repere-chat").shadowRoot;
          const log = root.querySelector(".log");
          const input = root.querySelector("textarea");
          let slowest = 0;
          const frame = async (act) => {
            const from = performance.now();
            act();
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            slowest = Math.max(slowest, performance.now() - from);
          };
          for (let i = 0; i < 30; i++) await frame(() => log.scrollBy(0, -400));
          for (const letter of "une question de plus") {
            await frame(() => {
              input.value += letter;
              input.dispatchEvent(new InputEvent("input", {bubbles: true}));
            });
          }
          return slowest;
        }"""
    )
    assert slowest < 100
    expect(field(page)).to_have_value("une question de plus")
