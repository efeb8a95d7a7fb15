"""A review says strengths, weaknesses and how sure its judge is."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("strengths", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("weaknesses", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("confidence", sa.Integer(), nullable=True))
        batch_op.create_check_constraint("confidence_is_from_1_to_3", "confidence BETWEEN 1 AND 3")


def downgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_constraint("confidence_is_from_1_to_3", type_="check")
        batch_op.drop_column("confidence")
        batch_op.drop_column("weaknesses")
        batch_op.drop_column("strengths")
