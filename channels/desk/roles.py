"""What each role may do: the one table that every route of the desk refers to."""

from typing import Literal, get_args

Role = Literal["agent", "supervisor", "editor", "administrator"]

Permission = Literal[
    "signed_in",  # one's own account
    "answer",  # the queue, conversations, replies, notes
    "instruct",  # dossiers: reading them, accepting and refusing pièces, setting a status
    "read_knowledge",  # sheets, passages, coverage
    "propose",  # making the guide better: questions without answer, proposals
    "approve",  # reviewing the proposal of another editor
    "figures",  # figures and their export
    "supervise",  # acting on a colleague's conversation, the team's presence
    "administer",  # accounts, webhooks
    "audit",  # the audit log
]

_AGENT: frozenset[Permission] = frozenset({"signed_in", "answer", "instruct", "read_knowledge"})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    "agent": _AGENT,
    "supervisor": _AGENT | {"figures", "supervise"},
    "editor": frozenset({"signed_in", "read_knowledge", "propose", "approve", "figures"}),
    "administrator": frozenset(get_args(Permission)),
}

ROLE_NAMES: dict[Role, str] = {
    "agent": "agent",
    "supervisor": "superviseur",
    "editor": "rédacteur",
    "administrator": "administrateur",
}

# What a key of the API may be limited to.
SCOPES: tuple[Permission, ...] = ("answer", "instruct", "read_knowledge", "figures", "supervise")
