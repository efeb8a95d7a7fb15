"""A team hands in an endpoint in place of a model, and its key is kept sealed.

A suite takes no endpoints, and a trial is none: their words stay as they were.
"""

import sqlalchemy as sa
from alembic import op

import challenge.foundation.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Instant = challenge.foundation.database.Instant(timezone=True)
LAW = "an_endpoint_only_where_it_is_the_entry"


def _admit(*kinds: str) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_constraint("entry_is_known", type_="check")
        batch_op.create_check_constraint("entry_is_known", f"entry IN ({words})")


def upgrade() -> None:
    op.add_column("submissions", sa.Column("endpoint", sa.JSON(none_as_null=True), nullable=True))
    _admit("predictions", "model", "endpoint")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_check_constraint(LAW, "(entry = 'endpoint') = (endpoint IS NOT NULL)")
    op.create_table(
        "endpoint_keys",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("sealed_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_endpoint_keys_submission_id_submissions"
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_endpoint_keys"),
    )


def downgrade() -> None:
    op.drop_table("endpoint_keys")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_constraint(LAW, type_="check")
    _admit("predictions", "model")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.drop_column("endpoint")
