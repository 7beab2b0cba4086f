"""Who answers a conversation, who is writing, what people think of answers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

OF_CONVERSATION = (
    sa.Column("agent_id", sa.String(32)),
    sa.Column("agent_name", sa.String(80)),
    sa.Column("queued_at", sa.DateTime),
    sa.Column("agent_typing_until", sa.DateTime),
    sa.Column("person_typing_until", sa.DateTime),
)


def upgrade() -> None:
    for column in OF_CONVERSATION:
        op.add_column("conversation", column.copy())
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
    for column in reversed(OF_CONVERSATION):
        op.drop_column("conversation", column.name)
