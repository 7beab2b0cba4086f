"""An agent at the desk over plain HTTP, as a browser without scripts is."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from bench.desk_data import PASSWORD
from repere.running import Running

# What a browser adds to the forms of the page itself.
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


class Clients:
    """Makes clients of the desk, closed together."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._made: list[httpx.Client] = []

    def visitor(self) -> httpx.Client:
        """Someone who is not signed in; redirections are looked at, not followed."""
        client = httpx.Client(base_url=self._url, headers=OWN_PAGE, timeout=30, trust_env=False)
        self._made.append(client)
        return client

    def signed_in(self, login: str, password: str = PASSWORD) -> httpx.Client:
        """Someone signed in: the cookie is in the client."""
        client = self.visitor()
        answer = client.post("/desk/sign-in", data={"login": login, "password": password})
        assert answer.status_code == 303, answer.text
        return client

    def close(self) -> None:
        for client in self._made:
            client.close()


@contextmanager
def clients_of(running: Running) -> Iterator[Clients]:
    made = Clients(running.url)
    yield made
    made.close()


def cookie_of(client: httpx.Client) -> str:
    return str(client.cookies["repere-desk"])
