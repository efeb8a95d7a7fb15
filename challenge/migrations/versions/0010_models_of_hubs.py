"""A team hands in a model by its commit on a hub, and a worker fetches it."""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Instant = challenge.foundation.database.Instant(timezone=True)
BEFORE = "a_model_entry_has_its_package"
LAWS = {
    "a_model_entry_has_its_package_or_is_fetched": (
        "entry <> 'model' OR (package_sha256 IS NOT NULL) <> (hub IS NOT NULL)"
    ),
    "from_a_hub_comes_a_model_alone": "hub IS NULL OR entry = 'model'",
}
OUTCOMES = (
    "fetched", "not_there", "too_large", "no_weights", "not_taken", "model_refused", "hub_untrue", "hub_away",
    "engine_missing", "fetch_broken", "abandoned",
)  # fmt: skip


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column("submissions", sa.Column("hub", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_constraint(BEFORE, type_="check")
        for name, law in LAWS.items():
            batch_op.create_check_constraint(name, law)
    op.create_table(
        "fetches",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("fetch_state_is_known", "waiting", "running", "ended"), nullable=False),
        sa.Column("outcome", _one_of("fetch_outcome_is_known", *OUTCOMES), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", Instant, nullable=False),
        sa.Column("token", sa.String(32), nullable=True),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("worker", sa.String(80), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("doing", sa.String(200), nullable=False),
        sa.Column("package_sha256", sa.String(64), nullable=True),
        sa.Column("package_name", sa.String(200), nullable=False),
        sa.Column("package_size", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("quota_note", sa.String(200), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("started_at", Instant, nullable=True),
        sa.Column("ended_at", Instant, nullable=True),
        sa.CheckConstraint("(outcome IS NOT NULL) = (state = 'ended')", name="fetch_outcome_only_if_ended"),
        sa.CheckConstraint("(ended_at IS NOT NULL) = (state = 'ended')", name="fetch_ended_at_only_if_ended"),
        sa.CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'running') AND (token IS NOT NULL) = (state = 'running')",
            name="fetch_leased_only_if_running",
        ),
        sa.CheckConstraint(
            "(package_sha256 IS NOT NULL) = (state = 'ended' AND outcome = 'fetched')",
            name="a_package_only_where_it_was_fetched",
        ),
        sa.CheckConstraint("attempts >= 0 AND done >= 0 AND total >= 0", name="counts_of_a_fetch_are_not_negative"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_fetches_submission_id_submissions"),
        sa.PrimaryKeyConstraint("submission_id", name="pk_fetches"),
    )
    op.create_index("ix_fetches_state_not_before", "fetches", ["state", "not_before"])
    op.create_table(
        "fetchers",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_fetchers"),
    )


def downgrade() -> None:
    op.drop_table("fetchers")
    op.drop_table("fetches")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        for name in LAWS:
            batch_op.drop_constraint(name, type_="check")
        batch_op.drop_column("hub")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_check_constraint(BEFORE, "entry <> 'model' OR package_sha256 IS NOT NULL")
