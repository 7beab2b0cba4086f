"""The widget in a page of another site, under a strict content security policy."""

import re

from chat import say
from playwright.sync_api import Page, Route, expect
from scripted import ScriptedApi

from repere.running import Running


def site(url: str) -> str:
    """Another origin on the same machine (browsers keep public sites from local addresses)."""
    return url.replace("127.0.0.1", "localhost")


def open_site(page: Page, url: str, attributes: str = "") -> None:
    policy = f"default-src 'none'; script-src {url}; connect-src {url}; style-src 'self'"
    html = (
        '<!doctype html><html lang="fr"><title>Mairie</title><main><h1>Mairie</h1></main>'
        f'<script type="module" src="{url}/widget/repere.js"></script>'
        f"<repere-chat {attributes}></repere-chat></html>"
    )

    def serve(route: Route) -> None:
        found = route.request.url == f"{site(url)}/"
        headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(status=200 if found else 404, headers=headers, body=html if found else "")

    page.context.route(f"{site(url)}/**", serve)
    page.goto(f"{site(url)}/")


def test_one_tag_is_enough_on_another_site(page: Page, api: ScriptedApi, running: Running) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_site(page, running.url)
    page.get_by_role("button", name="Une question").click()
    say(page, "j'ai perdu ma carte grise")
    expect(page.get_by_role("heading", name="Demander un duplicata")).to_be_visible()
    elsewhere = [u for u in asked if not u.startswith((site(running.url), running.url, "blob:"))]
    assert elsewhere == []


def test_events_and_attributes(page: Page, api: ScriptedApi, running: Running) -> None:
    open_site(page, running.url, 'label="Aide carte grise" theme="dark"')
    page.evaluate(
        """() => {
          window.heard = [];
          for (const type of ["repere-open", "repere-close", "repere-message"])
            document.addEventListener(type, (event) => heard.push([type, event.detail?.author]));
        }"""
    )
    expect(page.get_by_role("button", name="Aide carte grise")).to_be_visible()
    page.evaluate("document.querySelector('repere-chat').open()")
    say(page, "ma carte grise")
    page.evaluate("document.querySelector('repere-chat').close()")
    heard = page.evaluate("window.heard")
    assert heard[0] == ["repere-open", None]
    assert ["repere-message", "bot"] in heard
    assert heard[-1] == ["repere-close", None]
    colour = "e => getComputedStyle(e).backgroundColor"
    page.evaluate("document.querySelector('repere-chat').open()")
    shade = page.locator(".panel").evaluate(colour)
    assert max(int(part) for part in re.findall(r"\d+", shade)[:3]) < 60


def test_the_sites_colours(page: Page, api: ScriptedApi, running: Running) -> None:
    open_site(page, running.url)
    page.evaluate(
        "document.querySelector('repere-chat').style.setProperty('--repere-accent', '#402080')"
    )
    launcher = page.get_by_role("button", name="Une question")
    expect(launcher).to_have_css("background-color", "rgb(64, 32, 128)")


def test_the_files_may_be_loaded_by_any_site_and_are_checked_again(
    page: Page, running: Running
) -> None:
    answer = page.request.get(f"{running.url}/widget/repere.js")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    again = page.request.get(
        f"{running.url}/widget/repere.js", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status == 304
