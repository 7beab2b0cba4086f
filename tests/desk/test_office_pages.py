"""The pages of dossiers, of the guide's improvement, of sheets and figures, for everyone."""

from collections.abc import Callable

import pytest
from browsing import no_violation
from playwright.sync_api import Page, expect

from bench import desk_data
from bench.desk_data import Invented
from channels.desk.accounts import Agent
from channels.desk.guide.changes import Draft
from channels.desk.guide.proposals import Proposals
from repere.running import Running

SignIn = Callable[[str], Page]


def accessible(page: Page) -> None:
    # What a frame shows is the document that someone sent.
    no_violation(page, page.url, exclude="iframe")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(
    running: Running,
    invented: Invented,
    team: dict[str, Agent],
    sign_in: SignIn,
    scheme: str,
) -> None:
    desk_data.unanswered(invented.database)
    number = desk_data.theft(invented).number
    draft, _ = invented.dossiers.begin(desk_data.form_of(invented.base, "duplicata"))
    proposals = Proposals(invented.database)
    emma = team["emma"]
    examples = Draft({"definition/cpi": ["à quoi sert ce papier violet ?"]})
    one = proposals.add(emma.id, emma.name, "Exemples", examples)
    proposals.beat(one, {})
    page = sign_in("alix")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{running.url}/desk/guide")
    group = page.locator("tbody th a").first.get_attribute("href")
    for path in (
        "/desk/dossiers",
        f"/desk/dossiers/{number}",
        f"/desk/dossiers/{draft.number}",
        "/desk/guide",
        group,
        "/desk/guide/sheets/new",
        "/desk/guide/proposals",
        f"/desk/guide/proposals/{one}",
        "/desk/knowledge",
        "/desk/knowledge?q=carte%20grise%20perdue",
        "/desk/knowledge/sheets/duplicata",
        "/desk/knowledge/coverage",
        "/desk/figures",
    ):
        page.goto(f"{running.url}{path}")
        page.evaluate("document.querySelectorAll('details').forEach((e) => (e.open = true))")
        accessible(page)


def test_every_sheet_can_be_read(running: Running, invented: Invented, sign_in: SignIn) -> None:
    page = sign_in("agnes")
    for sheet in invented.base.contents.sheets:
        answer = page.request.get(f"{running.url}/desk/knowledge/sheets/{sheet.id}")
        assert answer.status == 200, sheet.id
    assert page.request.get(f"{running.url}/desk/knowledge/sheets/rien").status == 404


def test_the_coverage_says_what_is_repeated_nowhere(running: Running, sign_in: SignIn) -> None:
    page = sign_in("emma")
    page.goto(f"{running.url}/desk/knowledge/coverage")
    expect(page.get_by_text("tout est repris").first).to_be_visible()
    expect(page.get_by_role("heading", name="Pages officielles citées en note")).to_be_visible()


def test_pages_fit_a_small_screen(running: Running, invented: Invented, sign_in: SignIn) -> None:
    number = desk_data.theft(invented).number
    page = sign_in("alix")
    page.set_viewport_size({"width": 400, "height": 800})
    for path in (f"/desk/dossiers/{number}", "/desk/guide", "/desk/figures", "/desk/knowledge"):
        page.goto(f"{running.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
