"""Ties at the maximum of a shortlist are settled on record."""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "settled_ties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("tied", sa.JSON(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=False),
        sa.Column("at", challenge.foundation.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("length(reason) >= 10", name="a_settled_tie_has_a_reason"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_settled_ties_call_id_calls"),
        sa.ForeignKeyConstraint(["settled_by"], ["accounts.id"], name="fk_settled_ties_settled_by_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_settled_ties"),
    )
    op.create_index("ix_settled_ties_call_id", "settled_ties", ["call_id"])


def downgrade() -> None:
    op.drop_table("settled_ties")
