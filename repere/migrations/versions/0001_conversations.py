"""Conversations and their messages."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(8), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("busy_until", sa.DateTime),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "conversation_id",
            sa.String(32),
            sa.ForeignKey("conversation.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("card", sa.JSON),
        sa.Column("choice", sa.String(120)),
        sa.Column("client_id", sa.String(64)),
        sa.Column("reply_to", sa.Integer),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.UniqueConstraint("conversation_id", "seq"),
        sa.UniqueConstraint("conversation_id", "client_id"),
    )
    op.create_index("ix_message_reply", "message", ["conversation_id", "reply_to"])


def downgrade() -> None:
    op.drop_table("message")
    op.drop_table("conversation")
