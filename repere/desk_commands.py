"""``repere user …``: the agents' accounts and tokens; ``repere webhook …``."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from channels.desk import api_tokens, audit
from channels.desk.accounts import AccountError, Accounts
from channels.desk.roles import ROLE_NAMES, SCOPES
from channels.desk.webhooks import WebhookError, Webhooks
from channels.models import now
from channels.outbox import EVENTS
from dossiers.vault import Vault
from repere.commands import opened_database, stop
from repere.settings import Settings

user_app = typer.Typer(
    help="Les comptes des agents : les créer, leur donner un rôle, un mot de passe, des jetons.",
    no_args_is_help=True,
    add_completion=False,
)
token_app = typer.Typer(help="Les jetons d'un agent pour l'API du pupitre.", no_args_is_help=True)
user_app.add_typer(token_app, name="token")

Login = Annotated[str, typer.Argument(metavar="IDENTIFIANT")]
ROLES = ", ".join(ROLE_NAMES)


webhook_app = typer.Typer(
    help="Les adresses prévenues de ce qui se passe (messages, file, dossiers).",
    no_args_is_help=True,
    add_completion=False,
)


class CommandLine:
    """Who acts, in the audit log."""

    id = None
    name = "ligne de commande"


WHO = CommandLine()


@user_app.command("add")
def add_command(
    login: Login,
    name: Annotated[
        str, typer.Option("--name", help="Le nom que les personnes verront : « Camille D. ».")
    ],
    role: Annotated[str, typer.Option("--role", help=f"Le rôle : {ROLES}.")] = "agent",
) -> None:
    """Créer un compte ; son mot de passe temporaire est affiché une seule fois."""
    with _accounts() as accounts:
        agent, password = accounts.add(login, name, role)
        _record(accounts, "user.added", agent.id, {"role": agent.role})
        print(f"Compte créé : {agent.login}, {agent.name}, {ROLE_NAMES[agent.role]}.")
        _say_password(password)


@user_app.command("list")
def list_command() -> None:
    """Lister les comptes."""
    with _accounts() as accounts:
        rows = accounts.all()
    if not rows:
        print("Aucun compte. Créez le premier : repere user add … --role administrator")
    for row in rows:
        marks = [
            mark
            for holds, mark in (
                (row.disabled, "désactivé"),
                (row.must_change, "mot de passe temporaire"),
                (row.totp_secret, "code à usage unique"),
            )
            if holds
        ]
        print(f"{row.login}  {row.name}  {row.role}  {', '.join(marks)}".rstrip())


@user_app.command("role")
def role_command(
    login: Login, role: Annotated[str, typer.Argument(metavar="ROLE", help=ROLES)]
) -> None:
    """Changer le rôle d'un compte ; ses sessions se ferment."""
    with _accounts() as accounts:
        row = accounts.named(login)
        accounts.set_role(row.id, role)
        _record(accounts, "user.role", row.id, {"role": role})
        print(f"{row.login} a maintenant le rôle {role}.")


@user_app.command("password")
def password_command(login: Login) -> None:
    """Donner un mot de passe temporaire ; les sessions du compte se ferment."""
    with _accounts() as accounts:
        row = accounts.named(login)
        password = accounts.reset_password(row.id)
        _record(accounts, "user.password", row.id)
        _say_password(password)


@user_app.command("disable")
def disable_command(login: Login) -> None:
    """Fermer un compte : ni connexion, ni jeton. Rien de son journal n'est effacé."""
    _set_disabled(login, disabled=True)


@user_app.command("enable")
def enable_command(login: Login) -> None:
    """Rouvrir un compte."""
    _set_disabled(login, disabled=False)


@user_app.command("totp")
def totp_command(
    login: Login,
    off: Annotated[bool, typer.Option("--off", help="Retirer le code à usage unique.")] = False,
) -> None:
    """Dire si un compte a un code à usage unique, ou le retirer (téléphone perdu)."""
    with _accounts() as accounts:
        row = accounts.named(login)
        if off:
            accounts.disable_totp(row.id)
            _record(accounts, "totp.disabled", row.id)
            print(f"{row.login} se connecte maintenant sans code à usage unique.")
        else:
            has = "a" if row.totp_secret else "n'a pas"
            print(f"{row.login} {has} de code à usage unique. Il s'active dans « Mon compte ».")


@token_app.command("add")
def add_token_command(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="À quoi sert ce jeton.")],
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help=f"Ce qu'il permet : {', '.join(SCOPES)}.")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="Sa durée, en jours.")] = 365,
) -> None:
    """Créer un jeton, affiché une seule fois ; il agit au nom de l'agent."""
    with _accounts() as accounts:
        row = accounts.named(login)
        scopes = scope or ["answer"]
        token = api_tokens.make(accounts.database, row.id, name, scopes, days)
        _record(accounts, "token.made", row.id, {"name": name, "scopes": scopes})
        print(f"Jeton, affiché cette seule fois :\n{token}")


@token_app.command("list")
def list_tokens_command(login: Login) -> None:
    """Lister les jetons d'un agent."""
    with _accounts() as accounts:
        rows = api_tokens.of_agent(accounts.database, accounts.named(login).id)
    if not rows:
        print("Aucun jeton.")
    local = Settings().calendar.local
    for row in rows:
        end = f"jusqu'au {local(row.expires_at):%d/%m/%Y}" if row.expires_at else "sans fin"
        if row.expires_at and row.expires_at < now():
            end = "périmé"
        print(f"{row.id}  {row.name}  {', '.join(row.scopes)}  {end}")


@token_app.command("revoke")
def revoke_token_command(
    login: Login, token: Annotated[str, typer.Argument(metavar="JETON", help="Comme list le dit.")]
) -> None:
    """Révoquer un jeton."""
    with _accounts() as accounts:
        row = accounts.named(login)
        api_tokens.revoke(accounts.database, row.id, token)
        _record(accounts, "token.revoked", row.id, {"token": token})
        print("Jeton révoqué.")


@webhook_app.command("add")
def add_webhook_command(
    url: Annotated[str, typer.Argument(metavar="ADRESSE")],
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help=f"Un événement ; tous par défaut : {', '.join(EVENTS)}."),
    ] = None,
) -> None:
    """Prévenir une adresse ; le secret qui signe les envois est affiché une seule fois."""
    with _webhooks() as (webhooks, accounts):
        webhook_id, secret = webhooks.add(url, event or [])
        _record_webhook(accounts, "webhook.added", webhook_id)
        print(f"Webhook {webhook_id} ajouté. Son secret, affiché cette seule fois :\n{secret}")


@webhook_app.command("list")
def list_webhooks_command() -> None:
    """Lister les adresses prévenues."""
    with _webhooks() as (webhooks, _):
        rows = webhooks.all()
    if not rows:
        print("Aucun webhook.")
    for row in rows:
        print(f"{row.id}  {row.url}  {', '.join(row.events)}")


@webhook_app.command("remove")
def remove_webhook_command(
    webhook: Annotated[str, typer.Argument(metavar="WEBHOOK", help="Comme list le dit.")],
) -> None:
    """Ne plus prévenir une adresse ; ce qui restait à lui dire est oublié."""
    with _webhooks() as (webhooks, accounts):
        webhooks.remove(webhook)
        _record_webhook(accounts, "webhook.removed", webhook)
        print("Webhook retiré.")


@contextmanager
def _webhooks() -> Iterator[tuple[Webhooks, Accounts]]:
    settings = Settings()
    with _accounts() as accounts:
        vault = Vault(settings.resolved_secret_key)
        try:
            yield Webhooks(accounts.database, vault, local=settings.webhooks_local), accounts
        except WebhookError as error:
            stop(error.reason)


def _record_webhook(accounts: Accounts, action: str, webhook_id: str) -> None:
    audit.record(accounts.database, WHO, action, f"webhook:{webhook_id}")


def _set_disabled(login: str, disabled: bool) -> None:
    with _accounts() as accounts:
        row = accounts.named(login)
        accounts.set_disabled(row.id, disabled)
        _record(accounts, "user.disabled" if disabled else "user.enabled", row.id)
        print(f"Le compte {row.login} est {'désactivé' if disabled else 'réactivé'}.")


def _say_password(password: str) -> None:
    print(f"Mot de passe temporaire, affiché cette seule fois : {password}")
    print("Il sera à changer à la première connexion.")


def _record(
    accounts: Accounts, action: str, agent_id: str, detail: dict[str, object] | None = None
) -> None:
    audit.record(accounts.database, WHO, action, f"agent:{agent_id}", detail)


@contextmanager
def _accounts() -> Iterator[Accounts]:
    """The accounts; what goes wrong is told in French, and ends the command."""
    settings = Settings()
    try:
        with opened_database(settings) as database:
            key = settings.resolved_secret_key
            yield Accounts(database, Vault(key), key)
    except AccountError as error:
        stop(error.reason)
