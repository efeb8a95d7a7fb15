"""Keep what happened to a run, what its model said, and what running it took."""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Instant = challenge.foundation.database.Instant(timezone=True)


def upgrade() -> None:
    op.create_table(
        "run_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("sentence", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_events_run_id_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_run_events"),
    )
    op.create_index("ix_run_events_run_id", "run_events", ["run_id"])
    op.create_table(
        "run_usages",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("cpu_milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("peak_megabytes", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(80), nullable=False),
        sa.Column("energy_joules", sa.BigInteger(), nullable=False),
        sa.Column("energy_method", sa.String(20), nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("energy_method IN ('measured', 'estimated', 'none')", name="energy_method_is_known"),
        sa.CheckConstraint(
            "milliseconds >= 0 AND cpu_milliseconds >= 0 AND peak_megabytes >= 0 AND energy_joules >= 0 "
            "AND cost_micros >= 0",
            name="usage_is_not_negative",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_usages_run_id_runs"),
        sa.PrimaryKeyConstraint("run_id", name="pk_run_usages"),
    )
    op.create_table(
        "run_papers",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_papers_run_id_runs"),
        sa.PrimaryKeyConstraint("run_id", "name", name="pk_run_papers"),
    )
    op.create_table(
        "paper_releases",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=False),
        sa.Column("released_at", Instant, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_paper_releases_run_id_runs"),
        sa.ForeignKeyConstraint(["released_by"], ["accounts.id"], name="fk_paper_releases_released_by_accounts"),
        sa.PrimaryKeyConstraint("run_id", name="pk_paper_releases"),
    )


def downgrade() -> None:
    for table in ("paper_releases", "run_papers", "run_usages", "run_events"):
        op.drop_table(table)
