"""Packages are examined again, the evidence of each scan is kept, and a decision on a licence takes two people."""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

Instant = challenge.foundation.database.Instant(timezone=True)
VERDICTS = ("compliant", "by_publication", "needs_review", "non_compliant")
IN_FORCE = """
    SELECT COALESCE(MAX(CASE WHEN state = 'ended' THEN id END), MAX(id)) FROM examinations GROUP BY submission_id
"""


def known(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("examinations", schema=None) as batch_op:
        batch_op.drop_constraint("uq_examinations_submission_id", type_="unique")
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("asked_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("why_asked", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("not_before", Instant, nullable=True))
        batch_op.add_column(sa.Column("asked_again", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_foreign_key("fk_examinations_asked_by_accounts", "accounts", ["asked_by"], ["id"])
        batch_op.create_unique_constraint("a_scan_has_a_number_of_its_own", ["submission_id", "number"])
    op.create_index(
        "ix_examinations_one_waits",
        "examinations",
        ["submission_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "examination_evidence",
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examinations.id"], name="fk_examination_evidence_examination_id_examinations"
        ),
        sa.PrimaryKeyConstraint("examination_id", name="pk_examination_evidence"),
    )
    op.create_table(
        "decision_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("examination_id", sa.Integer(), nullable=False),
        sa.Column("state", known("proposal_state_is_known", "open", "confirmed", "turned_down", "withdrawn"), nullable=False),
        sa.Column("verdict", known("proposed_verdict_is_known", *VERDICTS), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", Instant, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("length(reason) >= 10", name="a_proposal_has_a_reason"),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="a_proposal_is_open_until_somebody_ends_it",
        ),
        sa.CheckConstraint("state <> 'turned_down' OR length(answer) >= 10", name="turning_down_has_a_reason"),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'turned_down') OR ended_by <> proposed_by",
            name="another_officer_confirms_or_turns_down",
        ),
        sa.CheckConstraint("state <> 'withdrawn' OR ended_by = proposed_by", name="whoever_proposed_it_withdraws"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_decision_proposals_submission_id_submissions"),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examinations.id"], name="fk_decision_proposals_examination_id_examinations"
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["accounts.id"], name="fk_decision_proposals_proposed_by_accounts"),
        sa.ForeignKeyConstraint(["ended_by"], ["accounts.id"], name="fk_decision_proposals_ended_by_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_decision_proposals"),
    )
    op.create_index("ix_decision_proposals_submission_id", "decision_proposals", ["submission_id"])
    op.create_index(
        "ix_decision_proposals_one_is_open",
        "decision_proposals",
        ["submission_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    with op.batch_alter_table("officer_decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_officer_decisions_confirmed_by_accounts", "accounts", ["confirmed_by"], ["id"])
        batch_op.create_check_constraint(
            "a_decision_takes_two_people", "confirmed_by IS NULL OR confirmed_by <> officer_id"
        )


def downgrade() -> None:
    """Keep of each submission the scan that is in force; decisions stay, proposals and kept evidence go."""
    with op.batch_alter_table("officer_decisions", schema=None) as batch_op:
        batch_op.drop_constraint("a_decision_takes_two_people", type_="check")
        batch_op.drop_constraint("fk_officer_decisions_confirmed_by_accounts", type_="foreignkey")
        batch_op.drop_column("confirmed_by")
    op.drop_table("decision_proposals")
    op.drop_table("examination_evidence")
    op.execute(
        "UPDATE officer_decisions SET examination_id = (SELECT COALESCE(MAX(CASE WHEN other.state = 'ended' THEN"
        " other.id END), MAX(other.id)) FROM examinations AS other JOIN examinations AS own ON own.submission_id ="
        " other.submission_id WHERE own.id = officer_decisions.examination_id)"
    )
    op.execute(f"DELETE FROM examinations WHERE id NOT IN ({IN_FORCE})")
    op.drop_index("ix_examinations_one_waits", "examinations")
    with op.batch_alter_table("examinations", schema=None) as batch_op:
        batch_op.drop_constraint("a_scan_has_a_number_of_its_own", type_="unique")
        batch_op.drop_constraint("fk_examinations_asked_by_accounts", type_="foreignkey")
        for column in ("number", "asked_by", "why_asked", "not_before", "asked_again"):
            batch_op.drop_column(column)
        batch_op.create_unique_constraint("uq_examinations_submission_id", ["submission_id"])
