"""A call may be written as an archive and brought to an empty site, with the lines of the log that speak of it."""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

Instant = challenge.foundation.database.Instant(timezone=True)


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.add_column("audit_lines", sa.Column("salt", sa.String(32), nullable=False, server_default=""))
    op.create_table(
        "earlier_logs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.CheckConstraint("size > 0 AND number > 0", name="an_earlier_log_has_lines"),
        sa.PrimaryKeyConstraint("id", name="pk_earlier_logs"),
        sa.UniqueConstraint("subject", "number", name="uq_earlier_logs_subject"),
    )
    op.create_table(
        "earlier_lines",
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(200), nullable=False),
        sa.Column("verb", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("particulars", sa.Text(), nullable=False),
        sa.Column("before", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False, server_default=""),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("withheld", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["log_id"], ["earlier_logs.id"], name="fk_earlier_lines_log_id_earlier_logs"),
        sa.PrimaryKeyConstraint("log_id", "number", name="pk_earlier_lines"),
    )
    op.create_index("ix_earlier_lines_subject", "earlier_lines", ["subject"])
    op.create_index("ix_earlier_lines_verb", "earlier_lines", ["verb"])
    op.create_table(
        "brought_archives",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("manifest_sha256", sa.String(64), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("people", _one_of("how_people_stood_is_known", "names", "pseudonyms"), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("brought_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_brought_archives_call_id_calls"),
        sa.PrimaryKeyConstraint("call_id", name="pk_brought_archives"),
    )
    op.create_table(
        "archives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("people", _one_of("how_people_stand_is_known", "names", "pseudonyms"), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("state", _one_of("archive_state_is_known", "waiting", "running", "ended"), nullable=False),
        sa.Column("worker", sa.String(80), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("manifest_sha256", sa.String(64), nullable=False),
        sa.Column("kept_until", Instant, nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(32), nullable=True),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("started_at", Instant, nullable=True),
        sa.Column("ended_at", Instant, nullable=True),
        sa.CheckConstraint("(ended_at IS NOT NULL) = (state = 'ended')", name="archive_ended_at_only_if_ended"),
        sa.CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'running') AND (token IS NOT NULL) = (state = 'running')",
            name="archive_leased_only_if_running",
        ),
        sa.CheckConstraint("sha256 = '' OR state = 'ended'", name="an_archive_has_its_file_at_the_end"),
        sa.CheckConstraint("(sha256 = '') = (kept_until IS NULL)", name="the_file_of_an_archive_is_kept_for_a_time"),
        sa.CheckConstraint("attempts >= 0 AND done >= 0 AND total >= 0", name="counts_of_an_archive_are_not_negative"),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name="fk_archives_asked_by_accounts"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_archives_call_id_calls"),
        sa.PrimaryKeyConstraint("id", name="pk_archives"),
    )
    op.create_index("ix_archives_call_id", "archives", ["call_id"])
    op.create_index("ix_archives_state", "archives", ["state"])


def downgrade() -> None:
    for table in ("archives", "brought_archives", "earlier_lines", "earlier_logs"):
        op.drop_table(table)
    with op.batch_alter_table("audit_lines", schema=None) as batch_op:
        batch_op.drop_column("salt")
