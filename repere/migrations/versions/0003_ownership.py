"""Who answers a conversation, who is writing, what people think of answers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OF_CONVERSATION: dict[str, sa.types.TypeEngine[Any]] = {
    "agent_id": sa.String(32),
    "agent_name": sa.String(80),
    "queued_at": sa.DateTime(),
    "agent_typing_until": sa.DateTime(),
    "person_typing_until": sa.DateTime(),
}


def upgrade() -> None:
    for name, kind in OF_CONVERSATION.items():
        op.add_column("conversation", sa.Column(name, kind))
    op.add_column("message", sa.Column("sender", sa.String(80)))
    op.create_index("ix_conversation_owner", "conversation", ["owner"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "conversation_id",
            sa.String(32),
            sa.ForeignKey("conversation.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String(500)),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("conversation_id", "seq"),
    )


def downgrade() -> None:
    op.drop_table("feedback")
    op.drop_index("ix_conversation_owner", "conversation")
    op.drop_column("message", "sender")
    for name in reversed(OF_CONVERSATION):
        op.drop_column("conversation", name)
