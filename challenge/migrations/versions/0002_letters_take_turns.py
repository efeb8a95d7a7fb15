"""A letter is taken up by one worker at a time, and waits between two attempts."""

import sqlalchemy as sa
from alembic import op
import challenge.foundation.database


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.add_column(sa.Column('due_at', challenge.foundation.database.Instant(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_letters_sent_at'), ['sent_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letters_sent_at'))
        batch_op.drop_column('due_at')
