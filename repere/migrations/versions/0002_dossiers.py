"""Dossiers, their values, files and events."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _of_dossier(*, primary_key: bool = False, index: bool = False) -> "sa.Column[str]":
    return sa.Column(
        "dossier_id",
        sa.String(32),
        sa.ForeignKey("dossier.id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary_key,
        index=index or None,
    )


def upgrade() -> None:
    op.create_table(
        "dossier",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("number", sa.String(16), nullable=False, unique=True),
        sa.Column("secret_hash", sa.String(128), nullable=False),
        sa.Column("conversation_id", sa.String(32), index=True),
        sa.Column("demarche", sa.String(64), nullable=False),
        sa.Column("form_revision", sa.String(16), nullable=False),
        sa.Column("form", sa.JSON, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("register", sa.String(16)),
        sa.Column("ants_number", sa.String(40)),
        sa.Column("at_hand", sa.JSON, nullable=False),
        sa.Column("clu_accepted_at", sa.DateTime),
        sa.Column("paid_at", sa.DateTime),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("filed_at", sa.DateTime),
        sa.Column("closed_at", sa.DateTime),
        sa.Column("failed_tries", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.DateTime),
    )
    op.create_index("ix_dossier_state", "dossier", ["state", "updated_at"])
    op.create_table(
        "field_value",
        _of_dossier(primary_key=True),
        sa.Column("slot", sa.String(64), primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("doubt", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(32), primary_key=True),
        _of_dossier(index=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("piece", sa.String(64), nullable=False),
        sa.Column("stored_name", sa.String(64), nullable=False, unique=True),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "dossier_event",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_dossier(index=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("text", sa.LargeBinary),
    )
    op.create_table(
        "dossier_key",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("probe", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    for table in ("dossier_key", "dossier_event", "attachment", "field_value", "dossier"):
        op.drop_table(table)
