"""What the pages of the guide's improvement share."""

from datetime import timedelta
from typing import Annotated

from fastapi import Form, Path
from starlette.exceptions import HTTPException

from channels.desk import audit
from channels.desk.access import require
from channels.desk.accounts import Agent
from channels.desk.context import Desk
from channels.desk.guide.questions import Group, grouped, missed
from channels.models import now

PREFIX = "/desk/guide"
LONGEST_LOOK = 365

Editor = Annotated[Agent, require("propose")]
Reviewer = Annotated[Agent, require("approve")]
Short = Annotated[str, Form(max_length=120)]
Long = Annotated[str, Form(max_length=70_000)]
Key = Annotated[int, Path(ge=1)]


def groups(desk: Desk, days: int) -> list[Group]:
    """What the guide failed on in the last days."""
    failed = missed(desk.database, now() - timedelta(days=days))
    return grouped(failed, desk.index.current().weight)


def group_of(desk: Desk, key: int) -> Group:
    """The group in which a question is, whoever stands for it; none is a 404."""
    for group in groups(desk, LONGEST_LOOK):
        if any(question.message_id == key for question in group.questions):
            return group
    raise HTTPException(404)


def record(desk: Desk, agent: Agent, action: str, proposal: int) -> None:
    audit.record(desk.database, agent, action, f"proposal:{proposal}")
