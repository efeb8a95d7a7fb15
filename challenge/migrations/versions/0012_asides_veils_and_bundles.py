"""Boards may be veiled; a standing keeps what stands beside its ranking, and the name of its bundle."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = "veil IN ('nobody', 'public', 'judges')"
LAW = "a_veiled_board_has_its_key"


def upgrade() -> None:
    with op.batch_alter_table("boards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("veil", sa.String(40), nullable=False, server_default="nobody"))
        batch_op.add_column(sa.Column("veil_key", sa.String(40), nullable=False, server_default=""))
        batch_op.create_check_constraint("veil_is_known", KINDS)
        batch_op.create_check_constraint(LAW, "veil = 'nobody' OR veil_key <> ''")
    op.add_column("standings", sa.Column("asides", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("standings", sa.Column("bundle_sha256", sa.String(64), nullable=True))


def downgrade() -> None:
    for column in ("bundle_sha256", "asides"):
        with op.batch_alter_table("standings", schema=None) as batch_op:
            batch_op.drop_column(column)
    with op.batch_alter_table("boards", schema=None) as batch_op:
        batch_op.drop_constraint(LAW, type_="check")
        batch_op.drop_constraint("veil_is_known", type_="check")
        batch_op.drop_column("veil_key")
        batch_op.drop_column("veil")
