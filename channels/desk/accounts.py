"""The agents' accounts: making them, signing in, passwords, one-time codes."""

import hashlib
import hmac
import re
import secrets
import string
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import cast, get_args

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine as Database
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from channels.desk.models import AgentRow, SessionRow, TryRow
from channels.desk.roles import PERMISSIONS, Permission, Role
from channels.models import now
from dossiers.vault import Vault

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
MIN_PASSWORD, MAX_PASSWORD = 12, 200
LEAST_DIFFERENT = 6
TRIES_OF_A_LOGIN, TRIES_OF_AN_ADDRESS = 5, 50
TRIES_WINDOW = timedelta(minutes=15)
TOTP_STEP_SECONDS = 30
ISSUER = "Repère"


class AccountError(Exception):
    """What was asked cannot be done; ``reason`` is French."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RefusedSignInError(Exception):
    """No such login, wrong password, disabled account: which of them is not told."""


class LockedError(Exception):
    """Too many failed tries, of a login (known or not) or from an address."""


@dataclass(frozen=True)
class Agent:
    """Who is signed in, and what they may do here (a token may do less than its agent)."""

    id: str
    name: str
    login: str
    role: Role
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


@dataclass(frozen=True)
class SignedIn:
    """A right password; what is still to do before the desk opens: totp, password or nothing."""

    agent: Agent
    stage: str


class Accounts:
    """The accounts kept in a database. ``vault`` keeps secrets; ``key`` hashes what was tried."""

    def __init__(
        self, database: Database, vault: Vault, key: str, hasher: PasswordHasher | None = None
    ) -> None:
        self.database = database
        self._vault = vault
        self._key = key.encode()
        self._hasher = hasher or PasswordHasher()
        self._no_one = self._hasher.hash(secrets.token_hex())

    def add(self, login: str, name: str, role: str) -> tuple[Agent, str]:
        """A new account and its temporary password, told once. Raises AccountError."""
        login, name = login.strip().lower(), " ".join(name.split())
        if not LOGIN.fullmatch(login):
            raise AccountError(
                "L'identifiant a 2 à 64 caractères : lettres sans accent, chiffres, . _ @ -"
            )
        if not 2 <= len(name) <= 80 or not name.isprintable():
            raise AccountError("Le nom, que les personnes verront, a 2 à 80 caractères.")
        password = temporary_password()
        row = AgentRow(
            id=secrets.token_hex(16),
            login=login,
            name=name,
            role=checked_role(role),
            password_hash=self._hasher.hash(password),
        )
        try:
            with Session(self.database, expire_on_commit=False) as db, db.begin():
                db.add(row)
        except IntegrityError as error:
            raise AccountError(f"L'identifiant « {login} » est déjà pris.") from error
        return agent_of(row), password

    def all(self) -> list[AgentRow]:
        """Every account, by name."""
        with Session(self.database) as db:
            return list(db.scalars(select(AgentRow).order_by(AgentRow.name)))

    def named(self, login: str) -> AgentRow:
        """The account with this login. Raises AccountError."""
        with Session(self.database) as db:
            row = db.scalar(select(AgentRow).where(AgentRow.login == login.strip().lower()))
        if row is None:
            raise AccountError(f"Aucun compte n'a l'identifiant « {login} ».")
        return row

    def get(self, agent_id: str) -> AgentRow | None:
        with Session(self.database) as db:
            return db.get(AgentRow, agent_id)

    def sign_in(self, login: str, password: str, address: str) -> SignedIn:
        """Check a login and its password. Raises RefusedSignInError, LockedError.

        Each try is counted before it is looked at, so that tries made together count too, and an
        unknown login takes the same time and locks the same way as a known one.
        """
        login = login.strip().lower()
        self._count(f"address:{address}", TRIES_OF_AN_ADDRESS)
        self._count(f"login:{login}", TRIES_OF_A_LOGIN)
        with Session(self.database) as db:
            row = db.scalar(select(AgentRow).where(AgentRow.login == login))
        right = self._verify(row.password_hash if row else self._no_one, password)
        if row is None or row.disabled or not right:
            raise RefusedSignInError
        self._forget_tries(f"login:{login}")
        self._forget_one_try(f"address:{address}")
        return SignedIn(agent_of(row), "totp" if row.totp_secret else _after_code(row))

    def check_code(self, agent_id: str, code: str) -> str:
        """Check a one-time code at sign-in; what is still to do. Raises as ``sign_in``."""
        self._count(f"totp:{agent_id}", TRIES_OF_A_LOGIN)
        row = self.get(agent_id)
        if row is None or row.disabled or row.totp_secret is None:
            raise RefusedSignInError
        self._use_code(row.id, self._vault.open(row.totp_secret), code)
        self._forget_tries(f"totp:{agent_id}")
        return _after_code(row)

    def change_password(self, agent_id: str, old: str, new: str) -> None:
        """Raises AccountError, LockedError. Every session of the agent ends."""
        self._count(f"password:{agent_id}", TRIES_OF_A_LOGIN)
        row = self.get(agent_id)
        if row is None or not self._verify(row.password_hash, old):
            raise AccountError("Le mot de passe actuel n'est pas le bon.")
        self._forget_tries(f"password:{agent_id}")
        check_password(new, row.login, row.name)
        if new == old:
            raise AccountError("Choisissez un mot de passe différent de l'actuel.")
        self._set(agent_id, password_hash=self._hasher.hash(new), must_change=False)

    def reset_password(self, agent_id: str) -> str:
        """A temporary password, told once, to change at the next sign-in; sessions end."""
        password = temporary_password()
        self._set(agent_id, password_hash=self._hasher.hash(password), must_change=True)
        return password

    def set_role(self, agent_id: str, role: str) -> None:
        """Raises AccountError: there is always an administrator."""
        wanted = checked_role(role)
        if wanted != "administrator":
            self._keep_an_administrator(agent_id)
        self._set(agent_id, role=wanted)

    def set_disabled(self, agent_id: str, disabled: bool) -> None:
        """Raises AccountError: there is always an administrator."""
        if disabled:
            self._keep_an_administrator(agent_id)
        self._set(agent_id, disabled=disabled, available=False)

    def new_totp(self, agent_id: str) -> tuple[str, str]:
        """A secret for one-time codes, not kept yet, and its address for an application."""
        row = self.get(agent_id)
        secret = pyotp.random_base32()
        return secret, self.totp_address(row.login if row else agent_id, secret)

    def totp_address(self, login: str, secret: str) -> str:
        """What an application of codes reads in the QR code."""
        return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER))

    def enable_totp(self, agent_id: str, secret: str, code: str) -> None:
        """Keep the secret once a first code proves it. Raises AccountError."""
        try:
            self._use_code(agent_id, secret, code)
        except (RefusedSignInError, ValueError) as error:
            raise AccountError("Ce code n'est pas le bon : vérifiez l'heure du téléphone.") from (
                error
            )
        with Session(self.database) as db, db.begin():
            kept = self._vault.close(secret)
            db.execute(update(AgentRow).where(AgentRow.id == agent_id).values(totp_secret=kept))

    def disable_totp(self, agent_id: str) -> None:
        self._set(agent_id, totp_secret=None)

    def _use_code(self, agent_id: str, secret: str, code: str) -> None:
        """A code of the previous, present or next half-minute, later than the last one used."""
        step = matching_step(secret, code)
        if step is None:
            raise RefusedSignInError
        with Session(self.database) as db, db.begin():
            used = db.execute(
                update(AgentRow)
                .where(AgentRow.id == agent_id, AgentRow.totp_step < step)
                .values(totp_step=step)
                .returning(AgentRow.id)
            ).first()
        if used is None:
            raise RefusedSignInError

    def _set(self, agent_id: str, **values: object) -> None:
        """Change an account; whoever is signed in with it signs in again."""
        with Session(self.database) as db, db.begin():
            db.execute(update(AgentRow).where(AgentRow.id == agent_id).values(**values))
            db.execute(delete(SessionRow).where(SessionRow.agent_id == agent_id))

    def _keep_an_administrator(self, agent_id: str) -> None:
        with Session(self.database) as db:
            others = select(AgentRow.id).where(
                AgentRow.role == "administrator", ~AgentRow.disabled, AgentRow.id != agent_id
            )
            row = db.get(AgentRow, agent_id)
            if row is not None and row.role == "administrator" and db.scalar(others) is None:
                raise AccountError("C'est le seul administrateur : il en faut au moins un.")

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password[:MAX_PASSWORD])
        except (VerificationError, InvalidHashError):
            return False

    def _count(self, what: str, most: int) -> None:
        key, moment = self._hashed(what), now()
        with Session(self.database) as db, db.begin():
            db.execute(delete(TryRow).where(TryRow.until < moment))
            count = _more(db, key)
            if count is None:
                try:
                    with db.begin_nested():
                        db.add(TryRow(key=key, count=1, until=moment + TRIES_WINDOW))
                    count = 1
                except IntegrityError:
                    count = _more(db, key) or 1
        if count > most:
            raise LockedError

    def _forget_tries(self, what: str) -> None:
        with Session(self.database) as db, db.begin():
            db.execute(delete(TryRow).where(TryRow.key == self._hashed(what)))

    def _forget_one_try(self, what: str) -> None:
        """A try that succeeded does not count: a whole desk may sign in from one address."""
        counted = TryRow.key == self._hashed(what)
        with Session(self.database) as db, db.begin():
            db.execute(update(TryRow).where(counted).values(count=TryRow.count - 1))

    def _hashed(self, what: str) -> str:
        return hmac.new(self._key, what.encode(), hashlib.sha256).hexdigest()


def agent_of(row: AgentRow) -> Agent:
    role = cast(Role, row.role)
    return Agent(row.id, row.name, row.login, role, PERMISSIONS[role])


def checked_role(role: str) -> Role:
    if role not in get_args(Role):
        raise AccountError(
            f"« {role} » n'est pas un rôle. Les rôles : {', '.join(get_args(Role))}."
        )
    return cast(Role, role)


def check_password(password: str, login: str, name: str) -> None:
    """Raises AccountError when a password is too easily guessed."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise AccountError(f"Le mot de passe a au moins {MIN_PASSWORD} caractères : une phrase va.")
    lowered = password.lower()
    if login in lowered or any(len(part) > 3 and part in lowered for part in name.lower().split()):
        raise AccountError("Le mot de passe ne doit contenir ni l'identifiant ni le nom.")
    if len(set(lowered)) < LEAST_DIFFERENT:
        raise AccountError("Le mot de passe répète trop les mêmes caractères.")


def temporary_password() -> str:
    """Easy to copy by hand: no character that looks like another."""
    letters = [c for c in string.ascii_lowercase + string.digits if c not in "0o1li"]
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def matching_step(secret: str, code: str) -> int | None:
    """The half-minute whose code this is, around now; None when it is none of them."""
    digits = "".join(c for c in code if c.isdigit())
    present = int(time.time()) // TOTP_STEP_SECONDS
    totp, found = pyotp.TOTP(secret), None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits):
            found = step
    return found


def _after_code(row: AgentRow) -> str:
    return "password" if row.must_change else "open"


def _more(db: Session, key: str) -> int | None:
    counted = db.execute(
        update(TryRow)
        .where(TryRow.key == key)
        .values(count=TryRow.count + 1)
        .returning(TryRow.count)
    ).first()
    return None if counted is None else int(counted[0])
