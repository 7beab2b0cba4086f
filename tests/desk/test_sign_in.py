"""Signing in: what is refused, what is locked, what a session is worth."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from http_desk import Clients, cookie_of
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bench import desk_data
from bench.desk_data import PASSWORD, Invented
from channels.desk import accounts as accounts_module
from channels.desk.accounts import AccountError, Accounts, LockedError, RefusedSignInError
from channels.desk.models import AgentRow, SessionRow, TryRow
from channels.desk.sessions import Sessions, hashed
from channels.models import now
from dossiers.vault import Vault
from repere.database import open_database, upgrade
from repere.running import Running

TRIES = accounts_module.TRIES_OF_A_LOGIN


@pytest.fixture
def accounts(tmp_path: Path) -> Any:
    database = open_database(f"sqlite:///{tmp_path / 'desk.db'}")
    upgrade(database)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield Accounts(database, Vault("key"), "key", quick)
    database.dispose()


def test_a_temporary_password_is_changed_before_anything_else(
    clients: Clients, invented: Invented
) -> None:
    _, temporary = invented.accounts.add("nouveau", "Noé V.", "agent")
    client = clients.visitor()
    first = client.post("/desk/sign-in", data={"login": "nouveau", "password": temporary})
    assert first.headers["location"] == "/desk/password"
    before = cookie_of(client)
    assert client.get("/desk").headers["location"] == "/desk/password"
    assert client.get("/api/desk/queue").status_code == 401
    new = {"old": temporary, "new": PASSWORD, "again": PASSWORD}
    changed = client.post("/desk/password", data=new)
    assert changed.headers["location"] == "/desk"
    assert cookie_of(client) != before
    assert client.get("/desk").status_code == 200
    other = clients.visitor()
    other.cookies.set("repere-desk", before)
    assert other.get("/desk").status_code == 303


@pytest.mark.parametrize(
    "new", ["court", "une-phrase-avec-nouvelle", "aaaaaaaaaaaaaa", "je suis Noémie moi-même"]
)
def test_a_password_too_easily_guessed_is_refused(new: str, accounts: Accounts) -> None:
    agent, temporary = accounts.add("nouvelle", "Noémie V.", "agent")
    with pytest.raises(AccountError):
        accounts.change_password(agent.id, temporary, new)


def test_a_session_that_the_browser_had_before_is_never_the_one_opened(clients: Clients) -> None:
    client = clients.visitor()
    client.cookies.set("repere-desk", "chosen-by-an-attacker")
    client.post("/desk/sign-in", data={"login": "agnes", "password": PASSWORD})
    values = [c.value for c in client.cookies.jar if c.name == "repere-desk"]
    opened = [value for value in values if value != "chosen-by-an-attacker"]
    assert len(opened) == 1
    attacker = clients.visitor()
    attacker.cookies.set("repere-desk", "chosen-by-an-attacker")
    assert attacker.get("/desk").status_code == 303


def test_the_cookie_is_out_of_scripts_reach(clients: Clients) -> None:
    client = clients.visitor()
    answer = client.post("/desk/sign-in", data={"login": "agnes", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie  # over http, on one machine
    behind = {"X-Forwarded-Proto": "https"}
    data = {"login": "agnes", "password": PASSWORD}
    over_tls = client.post("/desk/sign-in", data=data, headers=behind)
    assert over_tls.headers["set-cookie"].startswith("__Host-repere-desk=")
    assert "secure" in over_tls.headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": ""},
    ],
)
def test_what_another_site_makes_a_browser_send_is_refused(
    headers: dict[str, str], clients: Clients
) -> None:
    client = clients.signed_in("bruno")
    sent = {name: value for name, value in headers.items() if value}
    if not headers["Sec-Fetch-Site"]:
        del client.headers["Sec-Fetch-Site"]
    for path in ("/desk/presence", "/desk/counter", "/desk/sign-out", "/api/desk/conversations"):
        assert client.post(path, headers=sent).status_code == 403, path
    assert client.get("/desk").status_code == 200


def test_an_old_browser_says_its_origin(running: Running, clients: Clients) -> None:
    client = clients.signed_in("bruno")
    del client.headers["Sec-Fetch-Site"]
    headers = {"Origin": running.url}
    assert client.post("/desk/presence", data={"available": "false"}, headers=headers).is_redirect


def test_unknown_login_and_wrong_password_are_told_alike(clients: Clients) -> None:
    client = clients.visitor()
    answers = [
        client.post("/desk/sign-in", data={"login": login, "password": "faux"})
        for login in ("elio", "personne-de-ce-nom")
    ]
    pages = [a.text.replace("personne-de-ce-nom", "elio") for a in answers]
    assert pages[0] == pages[1]
    assert [a.status_code for a in answers] == [403, 403]
    assert "incorrect" in pages[0]


@pytest.mark.parametrize("login", ["known", "unknown"])
def test_a_login_is_locked_after_some_tries_known_or_not(login: str, accounts: Accounts) -> None:
    _, password = accounts.add("known", "Karim K.", "agent")
    for _ in range(TRIES):
        with pytest.raises(RefusedSignInError):
            accounts.sign_in(login, "faux", "192.0.2.1")
    with pytest.raises(LockedError):
        accounts.sign_in(login, password, "192.0.2.1")
    # From elsewhere too; and the lock ends by itself.
    with pytest.raises(LockedError):
        accounts.sign_in(login, password, "192.0.2.2")
    with Session(accounts.database) as db, db.begin():
        db.execute(update(TryRow).values(until=now() - timedelta(seconds=1)))
    if login == "known":
        assert accounts.sign_in(login, password, "192.0.2.1").stage == "password"


def test_an_address_is_locked_whatever_the_logins(accounts: Accounts) -> None:
    for rank in range(accounts_module.TRIES_OF_AN_ADDRESS):
        with pytest.raises(RefusedSignInError):
            accounts.sign_in(f"login{rank}", "faux", "192.0.2.9")
    with pytest.raises(LockedError):
        accounts.sign_in("one-more", "faux", "192.0.2.9")


def test_what_was_tried_is_not_kept_in_clear(accounts: Accounts) -> None:
    with pytest.raises(RefusedSignInError):
        accounts.sign_in("someone", "faux", "192.0.2.7")
    with Session(accounts.database) as db:
        kept = " ".join(db.scalars(select(TryRow.key)))
    assert "someone" not in kept
    assert "192.0.2.7" not in kept


def test_a_disabled_account_neither_signs_in_nor_stays(
    clients: Clients, invented: Invented
) -> None:
    agent = desk_data.account(invented, "partant", "Paul T.", "agent")
    client = clients.signed_in("partant")
    invented.accounts.set_disabled(agent.id, True)
    assert client.get("/desk").status_code == 303
    answer = client.post("/desk/sign-in", data={"login": "partant", "password": PASSWORD})
    assert answer.status_code == 403


def test_there_is_always_an_administrator(accounts: Accounts) -> None:
    agent, _ = accounts.add("seul", "Sam S.", "administrator")
    with pytest.raises(AccountError):
        accounts.set_disabled(agent.id, True)
    with pytest.raises(AccountError):
        accounts.set_role(agent.id, "agent")
    accounts.add("second", "Zoé S.", "administrator")
    accounts.set_role(agent.id, "agent")


def test_a_one_time_code_is_asked_and_works_once(clients: Clients, invented: Invented) -> None:
    agent = desk_data.account(invented, "prudente", "Prune D.", "agent")
    client = clients.signed_in("prudente")
    page = client.post("/desk/account/totp").text
    secret = page.split("<code>")[1].split("</code>")[0]
    wrong = client.post("/desk/account/totp/confirm", data={"secret": secret, "code": "000000"})
    assert wrong.status_code == 422
    code = pyotp.TOTP(secret).now()
    client.post("/desk/account/totp/confirm", data={"secret": secret, "code": code})
    other = clients.visitor()
    first = other.post("/desk/sign-in", data={"login": "prudente", "password": PASSWORD})
    assert first.headers["location"] == "/desk/code"
    assert other.get("/desk").headers["location"] == "/desk/code"
    # The code that activated it has been used.
    assert other.post("/desk/code", data={"code": code}).status_code == 403
    with Session(invented.database) as db, db.begin():
        db.execute(update(AgentRow).where(AgentRow.id == agent.id).values(totp_step=0))
    before = cookie_of(other)
    answer = other.post("/desk/code", data={"code": pyotp.TOTP(secret).now()})
    assert answer.headers["location"] == "/desk"
    assert cookie_of(other) != before
    assert invented.accounts.named("prudente").totp_secret != secret.encode()


def test_codes_are_not_guessed_for_ever(accounts: Accounts) -> None:
    agent, _ = accounts.add("cible", "Cléo B.", "agent")
    secret, _ = accounts.new_totp(agent.id)
    accounts.enable_totp(agent.id, secret, pyotp.TOTP(secret).now())
    for _ in range(TRIES):
        with pytest.raises(RefusedSignInError):
            accounts.check_code(agent.id, "123456x")
    with pytest.raises(LockedError):
        accounts.check_code(agent.id, pyotp.TOTP(secret).now())


def test_signing_out_everywhere_ends_every_session(clients: Clients, invented: Invented) -> None:
    desk_data.account(invented, "partout", "Paola R.", "agent")
    first, second = clients.signed_in("partout"), clients.signed_in("partout")
    assert first.post("/desk/sign-out-everywhere").headers["location"] == "/desk/sign-in"
    assert second.get("/desk").status_code == 303


def test_signing_out_ends_the_session_itself(clients: Clients) -> None:
    client = clients.signed_in("bruno")
    cookie = cookie_of(client)
    client.post("/desk/sign-out")
    client.cookies.set("repere-desk", cookie)
    assert client.get("/desk").status_code == 303


def test_sessions_end_by_themselves(accounts: Accounts) -> None:
    agent, _ = accounts.add("absente", "Anne B.", "agent")
    sessions = Sessions(accounts.database, timedelta(minutes=60), timedelta(hours=12))

    def aged(**values: Any) -> str:
        cookie = sessions.open(agent.id, "open")
        with Session(accounts.database) as db, db.begin():
            row = SessionRow.id_hash == hashed(cookie)
            db.execute(update(SessionRow).where(row).values(**values))
        return cookie

    assert sessions.find(sessions.open(agent.id, "open")) is not None
    idle = aged(seen_at=now() - timedelta(minutes=61))
    assert sessions.find(idle) is None
    old = aged(created_at=now() - timedelta(hours=13))
    assert sessions.find(old) is None
    # What a page fetches by itself keeps nobody signed in.
    watched = aged(seen_at=now() - timedelta(minutes=59))
    assert sessions.find(watched, alive=False) is not None
    with Session(accounts.database) as db:
        row = db.get(SessionRow, hashed(watched))
    assert row is not None
    assert row.seen_at < now() - timedelta(minutes=58)


def test_the_page_to_go_on_with_is_one_of_the_desk(clients: Clients) -> None:
    client = clients.visitor()
    asked = client.get("/desk/dossiers")
    assert asked.headers["location"] == "/desk/sign-in?next=/desk/dossiers"
    for target, expected in (
        ("/desk/dossiers", "/desk/dossiers"),
        ("https://elsewhere.example/", "/desk"),
        ("//elsewhere.example", "/desk"),
        ("/desk//elsewhere.example", "/desk"),
    ):
        data = {"login": "agnes", "password": PASSWORD, "next": target}
        assert client.post("/desk/sign-in", data=data).headers["location"] == expected
