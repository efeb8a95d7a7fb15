"""A team tries its entry on the public part of a suite."""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Instant = challenge.foundation.database.Instant(timezone=True)
OUTCOMES = (
    "scored", "unreadable", "timed_out", "out_of_memory", "cancelled", "suite_broken", "file_lost", "engine_failed",
    "abandoned", "model_refused", "not_loadable", "gate_failed", "engine_missing",
)  # fmt: skip


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("suite_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("entry", _one_of("what_is_tried_is_known", "predictions", "model"), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_size", sa.BigInteger(), nullable=False),
        sa.Column("state", _one_of("trial_state_is_known", "waiting", "running", "ended"), nullable=False),
        sa.Column("outcome", _one_of("trial_outcome_is_known", *OUTCOMES), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(32), nullable=True),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant, nullable=True),
        sa.Column("ended_at", Instant, nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("intervals", sa.Text(), nullable=False),
        sa.Column("items_sha256", sa.String(64), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.CheckConstraint("(outcome IS NOT NULL) = (state = 'ended')", name="trial_outcome_only_if_ended"),
        sa.CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'running') AND (token IS NOT NULL) = (state = 'running')",
            name="trial_leased_only_if_running",
        ),
        sa.CheckConstraint("attempts >= 0 AND done >= 0 AND total >= 0", name="counts_of_a_trial_are_not_negative"),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name="fk_trials_asked_by_accounts"),
        sa.ForeignKeyConstraint(["suite_id"], ["call_suites.id"], name="fk_trials_suite_id_call_suites"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_trials_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_trials"),
    )
    op.create_index("ix_trials_team_id", "trials", ["team_id"])
    op.create_index("ix_trials_state_lease", "trials", ["state", "lease_until"])


def downgrade() -> None:
    op.drop_table("trials")
