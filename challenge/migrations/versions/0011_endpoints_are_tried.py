"""An endpoint that was never reached is an ending of its own, and an endpoint may be tried."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OF_TRIALS = (
    "scored", "unreadable", "timed_out", "out_of_memory", "cancelled", "suite_broken", "file_lost", "engine_failed",
    "abandoned", "model_refused", "not_loadable", "gate_failed", "engine_missing",
)  # fmt: skip
OF_RUNS = (*OF_TRIALS, "endpoint_refused", "endpoint_silent", "budget_spent")
NEW = (*OF_RUNS, "endpoint_unreached")
WHERE_IT_IS_ONE, GOES = "a_trial_has_an_endpoint_where_it_is_one", "the_key_of_a_trial_goes_when_it_ends"


def _admit(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"{column} IN ({listed})")


def upgrade() -> None:
    _admit("runs", "outcome", "outcome_is_known", NEW)
    op.add_column("trials", sa.Column("endpoint", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("trials", sa.Column("sealed_key", sa.Text(), nullable=False, server_default=""))
    _admit("trials", "outcome", "trial_outcome_is_known", NEW)
    _admit("trials", "entry", "what_is_tried_is_known", ("predictions", "model", "endpoint"))
    with op.batch_alter_table("trials", schema=None) as batch_op:
        batch_op.create_check_constraint(WHERE_IT_IS_ONE, "(entry = 'endpoint') = (endpoint IS NOT NULL)")
        batch_op.create_check_constraint(GOES, "state <> 'ended' OR sealed_key = ''")


def downgrade() -> None:
    with op.batch_alter_table("trials", schema=None) as batch_op:
        batch_op.drop_constraint(GOES, type_="check")
        batch_op.drop_constraint(WHERE_IT_IS_ONE, type_="check")
    _admit("trials", "entry", "what_is_tried_is_known", ("predictions", "model"))
    _admit("trials", "outcome", "trial_outcome_is_known", OF_TRIALS)
    with op.batch_alter_table("trials", schema=None) as batch_op:
        batch_op.drop_column("sealed_key")
        batch_op.drop_column("endpoint")
    _admit("runs", "outcome", "outcome_is_known", OF_RUNS)
