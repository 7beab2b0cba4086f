"""Turns of conversation on dossiers, each kept with its effect; the turn being played."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "dossier_turn",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.String(32), nullable=False),
        sa.Column("turn", sa.Integer),
        sa.Column("dossier_id", sa.String(32), nullable=False, index=True),
        sa.Column("outcome", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("conversation_id", "turn"),
    )
    op.add_column("conversation", sa.Column("playing", sa.Integer))


def downgrade() -> None:
    op.drop_column("conversation", "playing")
    op.drop_table("dossier_turn")
