"""A desk in a running Repère, agents signed in with real browsers, and invented dossiers."""

from collections.abc import Callable, Iterator

import pytest
from browsing import watched_contexts
from http_desk import Clients, clients_of
from playwright.sync_api import Browser, Page

from bench import desk_data
from bench.desk_data import PASSWORD, Invented
from channels.desk.accounts import Agent
from repere.running import Running
from repere.settings import Settings

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def invented(running: Running) -> Iterator[Invented]:
    """The database of the running Repère, in which things are invented."""
    made = desk_data.opened(Settings(var=running.var))
    yield made
    made.database.dispose()


@pytest.fixture(scope="session")
def team(invented: Invented) -> dict[str, Agent]:
    """An account of each role, and seconds to work beside them."""
    people = {
        "agnes": ("Agnès Martin", "agent"),
        "bruno": ("Bruno Petit", "agent"),
        "sonia": ("Sonia Roy", "supervisor"),
        "emma": ("Emma Faure", "editor"),
        "elio": ("Élio Brun", "editor"),
        "alix": ("Alix Morel", "administrator"),
    }
    return {
        login: desk_data.account(invented, login, name, role)
        for login, (name, role) in people.items()
    }


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Makes pages, each in a browser of its own; their errors fail the test."""
    with watched_contexts(browser) as new:

        def make() -> Page:
            context = new(1366, 768)
            context.set_default_timeout(10_000)
            return context.new_page()

        yield make


@pytest.fixture
def sign_in(
    running: Running, team: dict[str, Agent], new_page: Callable[[], Page]
) -> Callable[[str], Page]:
    """Signs someone of the team in, in a browser of their own."""

    def sign(login: str) -> Page:
        page = new_page()
        page.goto(f"{running.url}/desk/sign-in")
        page.get_by_label("Identifiant").fill(login)
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.get_by_role("button", name="Se déconnecter").wait_for()
        return page

    return sign


@pytest.fixture
def clients(running: Running, team: dict[str, Agent]) -> Iterator[Clients]:
    """Makes clients over plain HTTP, as browsers without scripts are."""
    with clients_of(running) as made:
        yield made
