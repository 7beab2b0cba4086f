"""Replies that an agent keeps at hand."""

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from channels.desk import replies
from channels.desk.accounts import Accounts
from channels.redaction import CARD_MASK
from dossiers.vault import Vault


def test_no_card_number_is_kept_in_a_reply(database: Database) -> None:
    agent, _ = Accounts(database, Vault("key"), "key").add("agnes", "Agnès Martin", "agent")
    with Session(database) as db, db.begin():
        replies.add(db, agent.id, "Carte 4970 1012 3456 7893", "Carte 4970 1012 3456 7893")
        own = replies.for_agent(db, agent.id)[0]
    assert (own.title, own.text) == (f"Carte {CARD_MASK}", f"Carte {CARD_MASK}")
