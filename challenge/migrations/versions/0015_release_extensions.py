"""Winners are reminded of their duty to release, and its due date may be extended on record."""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("due_before", challenge.foundation.database.Instant(timezone=True), nullable=False),
        sa.Column("due_after", challenge.foundation.database.Instant(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("at", challenge.foundation.database.Instant(timezone=True), nullable=False),
        sa.CheckConstraint("due_after > due_before", name=op.f("an_extension_gives_time")),
        sa.CheckConstraint("length(reason) >= 20", name=op.f("an_extension_has_a_reason")),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"]),
        sa.ForeignKeyConstraint(["officer_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("extensions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extensions_obligation_id"), ["obligation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("extensions")
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.drop_column("reminders")
