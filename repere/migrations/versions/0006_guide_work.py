"""Proposals that make the guide better."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "guide_proposal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("examples", sa.JSON, nullable=False),
        sa.Column("path", sa.String(160)),
        sa.Column("content", sa.Text),
        sa.Column("base", sa.String(64)),
        sa.Column("state", sa.String(12), nullable=False, index=True),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("reviewer_id", sa.String(32)),
        sa.Column("reviewer_name", sa.String(80)),
        sa.Column("reviewed_at", sa.DateTime),
        sa.Column("review", sa.Text, nullable=False),
        sa.Column("check_state", sa.String(12), nullable=False),
        sa.Column("check_hash", sa.String(64)),
        sa.Column("check_beat", sa.DateTime),
        sa.Column("check_report", sa.JSON),
    )
    op.create_table(
        "guide_handled",
        sa.Column(
            "message_id",
            sa.Integer,
            sa.ForeignKey("message.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "proposal_id", sa.Integer, sa.ForeignKey("guide_proposal.id", ondelete="SET NULL")
        ),
        sa.Column("agent_id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("guide_handled")
    op.drop_table("guide_proposal")
