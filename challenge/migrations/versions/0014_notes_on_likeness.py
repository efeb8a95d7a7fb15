"""What came of entries whose answers are too alike is noted."""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

Instant = challenge.foundation.database.Instant(timezone=True)


def upgrade() -> None:
    op.create_table(
        "likeness_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("suite_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("noted_at", Instant, nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name="a_pair_has_one_order"),
        sa.ForeignKeyConstraint(["first_id"], ["submissions.id"], name="fk_likeness_notes_first_id_submissions"),
        sa.ForeignKeyConstraint(["noted_by"], ["accounts.id"], name="fk_likeness_notes_noted_by_accounts"),
        sa.ForeignKeyConstraint(["second_id"], ["submissions.id"], name="fk_likeness_notes_second_id_submissions"),
        sa.ForeignKeyConstraint(["suite_id"], ["call_suites.id"], name="fk_likeness_notes_suite_id_call_suites"),
        sa.PrimaryKeyConstraint("id", name="pk_likeness_notes"),
    )
    op.create_index("ix_likeness_notes_suite_id", "likeness_notes", ["suite_id"])


def downgrade() -> None:
    op.drop_table("likeness_notes")
