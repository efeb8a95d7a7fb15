"""The platform looks at what winners released, and at times again; a proof may name a commit on a hub."""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

Instant = challenge.foundation.database.Instant(timezone=True)


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proof_hub", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("accepted_reason", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "release_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("hub", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("doi", sa.String(200), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("state", _one_of("check_state_is_known", "waiting", "running", "ended"), nullable=False),
        sa.Column("outcome", _one_of("check_outcome_is_known", "clear", "findings", "unknown"), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", Instant, nullable=False),
        sa.Column("token", sa.String(32), nullable=True),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("worker", sa.String(80), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("doing", sa.String(200), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column(
            "verdict",
            _one_of("checked_verdict_is_known", "compliant", "by_publication", "needs_review", "non_compliant"),
            nullable=True,
        ),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("concluded", sa.String(300), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("publication", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("engine", sa.String(80), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("started_at", Instant, nullable=True),
        sa.Column("ended_at", Instant, nullable=True),
        sa.Column("noted_at", Instant, nullable=True),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("(outcome IS NOT NULL) = (state = 'ended')", name="check_outcome_only_if_ended"),
        sa.CheckConstraint("(ended_at IS NOT NULL) = (state = 'ended')", name="check_ended_at_only_if_ended"),
        sa.CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'running') AND (token IS NOT NULL) = (state = 'running')",
            name="check_leased_only_if_running",
        ),
        sa.CheckConstraint("attempts >= 0 AND done >= 0 AND total >= 0", name="counts_of_a_check_are_not_negative"),
        sa.CheckConstraint(
            "(noted_at IS NULL) = (noted_by IS NULL) AND (noted_by IS NULL OR length(note) >= 10)",
            name="a_note_on_a_check_has_its_officer_and_words",
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name="fk_release_checks_obligation_id_obligations"
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["accounts.id"], name="fk_release_checks_noted_by_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_release_checks"),
    )
    op.create_index("ix_release_checks_obligation_id", "release_checks", ["obligation_id"])
    op.create_index("ix_release_checks_state_not_before", "release_checks", ["state", "not_before"])


def downgrade() -> None:
    op.drop_table("release_checks")
    with op.batch_alter_table("obligations", schema=None) as batch_op:
        batch_op.drop_column("accepted_reason")
        batch_op.drop_column("proof_hub")
