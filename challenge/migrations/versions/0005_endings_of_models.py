"""Runs of models have endings of their own, and workers say whether they can run models."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = (
    "scored", "unreadable", "timed_out", "out_of_memory", "cancelled", "suite_broken", "file_lost", "engine_failed",
    "abandoned",
)  # fmt: skip
NEW = ("model_refused", "not_loadable", "gate_failed", "engine_missing")


def _admit(outcomes: tuple[str, ...]) -> None:
    words = ", ".join(f"'{outcome}'" for outcome in outcomes)
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_constraint("outcome_is_known", type_="check")
        batch_op.create_check_constraint("outcome_is_known", f"outcome IN ({words})")


def upgrade() -> None:
    _admit(BEFORE + NEW)
    op.add_column("workers", sa.Column("trouble", sa.Text(), nullable=False, server_default=""))
    op.add_column("workers", sa.Column("open", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("workers", schema=None) as batch_op:
        batch_op.drop_column("open")
        batch_op.drop_column("trouble")
    _admit(BEFORE)
