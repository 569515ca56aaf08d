"""Returns, and what is bought together."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "returns",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), sa.ForeignKey("members.id")),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("settled_at", INSTANT, nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False, comment="the sum of its lines"),
        sa.Column(
            "without_receipt_minor", sa.BigInteger(), nullable=False, comment="of lines that no order is known for"
        ),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.UniqueConstraint("source", "number", name="returns_once"),
    )
    op.create_index("returns_of", "returns", ["member_id", "settled_at"])
    op.create_table(
        "co_purchases",
        sa.Column("sku", sa.Text(), primary_key=True),
        sa.Column("baskets", sa.Integer(), nullable=False, comment="in how many it was"),
        sa.Column("neighbours", sa.JSON(), nullable=False, comment="[[sku, score, baskets with both], …], best first"),
    )
    op.create_index("co_purchases_popular", "co_purchases", ["baskets"])


def downgrade() -> None:
    """Refuse: nobody forgets returns by accident."""
    raise NotImplementedError("restore a backup instead")
