"""A submission is evaluated on predictions or on its model, as the suites of its call take them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = "('predictions', 'model')"
LAWS = {
    "entry_is_known": f"entry IN {KINDS}",
    "predictions_only_where_they_are_the_entry": "(entry = 'predictions') = (predictions_sha256 IS NOT NULL)",
    "without_predictions_nothing_is_said_of_them": (
        "predictions_sha256 IS NOT NULL OR (predictions_size = 0 AND predictions_name = '')"
    ),
    "a_model_entry_has_its_package": "entry <> 'model' OR package_sha256 IS NOT NULL",
}


def upgrade() -> None:
    with op.batch_alter_table("call_suites", schema=None) as batch_op:
        batch_op.add_column(sa.Column("takes", sa.String(40), nullable=False, server_default="predictions"))
        batch_op.create_check_constraint("what_a_suite_takes_is_known", f"takes IN {KINDS}")
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entry", sa.String(40), nullable=False, server_default="predictions"))
        batch_op.alter_column("predictions_sha256", existing_type=sa.String(64), nullable=True)
        for name, law in LAWS.items():
            batch_op.create_check_constraint(name, law)


def downgrade() -> None:
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        for name in LAWS:
            batch_op.drop_constraint(name, type_="check")
        batch_op.alter_column("predictions_sha256", existing_type=sa.String(64), nullable=False)
        batch_op.drop_column("entry")
    with op.batch_alter_table("call_suites", schema=None) as batch_op:
        batch_op.drop_constraint("what_a_suite_takes_is_known", type_="check")
        batch_op.drop_column("takes")
