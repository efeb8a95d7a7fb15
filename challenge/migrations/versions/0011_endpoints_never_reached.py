"""An endpoint that was never reached is an ending of its own."""

from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = (
    "scored", "unreadable", "timed_out", "out_of_memory", "cancelled", "suite_broken", "file_lost", "engine_failed",
    "abandoned", "model_refused", "not_loadable", "gate_failed", "engine_missing", "endpoint_refused",
    "endpoint_silent", "budget_spent",
)  # fmt: skip
NEW = ("endpoint_unreached",)


def _admit(outcomes: tuple[str, ...]) -> None:
    words = ", ".join(f"'{outcome}'" for outcome in outcomes)
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_constraint("outcome_is_known", type_="check")
        batch_op.create_check_constraint("outcome_is_known", f"outcome IN ({words})")


def upgrade() -> None:
    _admit(BEFORE + NEW)


def downgrade() -> None:
    _admit(BEFORE)
