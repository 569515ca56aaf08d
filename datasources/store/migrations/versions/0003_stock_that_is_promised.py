"""Buckets, holds and terms on levels; movements between buckets; reservations, counts, transfers, inbound."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BUCKETS = ("damaged", "quality_control", "display", "in_transit_in", "in_transit_out", "committed")
IS_ACTIVE = sa.text("state = 'ACTIVE'")
IS_TO_HAND_OVER = sa.text("location_id IS NOT NULL AND state IN ('ACTIVE', 'CONFIRMED') AND fulfilled_at IS NULL")


def upgrade() -> None:
    """Widen what is there, and create the rest."""
    _levels()
    _movements()
    _reservations()
    _counts()
    _under_way()


def downgrade() -> None:
    """Refuse: a promise cannot be told in the old tables."""
    raise NotImplementedError("restore a backup instead")


def _levels() -> None:
    for bucket in BUCKETS:
        op.add_column("stock_levels", sa.Column(bucket, sa.BigInteger(), nullable=False, server_default="0"))
    for name, comment in (("holds", "[[expiry, channel, quantity], …]"), ("terms", "[[channel, safety, quota], …]")):
        op.add_column("stock_levels", sa.Column(name, sa.JSON(), nullable=False, server_default="[]", comment=comment))
    op.add_column("stock_levels", sa.Column("sales_weight", sa.Float(), nullable=False, server_default="0"))
    op.add_column("stock_levels", sa.Column("sales_at", INSTANT))


def _movements() -> None:
    """A signed delta becomes a way from or to the shelf."""
    with op.batch_alter_table("stock_movements") as table:
        table.add_column(sa.Column("from_bucket", sa.Text(), comment="empty: from outside"))
        table.add_column(sa.Column("to_bucket", sa.Text(), comment="empty: out of the house"))
        table.add_column(sa.Column("quantity", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE stock_movements SET quantity = abs(delta)")
    op.execute("UPDATE stock_movements SET from_bucket = 'SELLABLE' WHERE delta < 0")
    op.execute("UPDATE stock_movements SET to_bucket = 'SELLABLE' WHERE delta >= 0")
    with op.batch_alter_table("stock_movements") as table:
        table.drop_column("delta")
        table.alter_column("quantity", server_default=None)


def _reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False, comment="[[sku, location, quantity], …]"),
        sa.Column("location_id", sa.Text(), comment="of the store that has it ready"),
        sa.Column("reference", sa.Text()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("extendable_until", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", INSTANT),
        sa.Column("fulfilled_at", INSTANT),
        sa.UniqueConstraint("client", "idempotency_key", name="reservations_once"),
    )
    indexes = (
        ("reservations_due", ["expires_at"], IS_ACTIVE),
        ("reservations_at", ["location_id", "expires_at"], IS_TO_HAND_OVER),
    )
    for name, columns, which in indexes:
        op.create_index(name, "reservations", columns, sqlite_where=which, postgresql_where=which)


def _counts() -> None:
    op.create_table(
        "stock_counts",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("location_id", sa.Text(), sa.ForeignKey("locations.id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("skus", sa.JSON(), nullable=False, comment="what is to be counted; empty: everything there"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("submitted_at", INSTANT),
        sa.Column("settled_at", INSTANT),
        sa.Column("settled_by", sa.Text()),
        sa.Column("findings", sa.JSON(), comment="once approved: [[sku, status, book], …]"),
    )
    op.create_index("stock_counts_at", "stock_counts", ["location_id", "state"])
    op.create_table(
        "stock_count_lines",
        sa.Column("count_id", sa.Text(), sa.ForeignKey("stock_counts.id"), primary_key=True),
        sa.Column("sku", sa.Text(), sa.ForeignKey("variants.sku"), primary_key=True),
        sa.Column("device", sa.Text(), primary_key=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", INSTANT, nullable=False),
    )


def _under_way() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("from_location_id", sa.Text(), sa.ForeignKey("locations.id"), nullable=False),
        sa.Column("to_location_id", sa.Text(), sa.ForeignKey("locations.id"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False, comment="[[sku, requested, picked, shipped, received, lost], …]"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("expected_at", INSTANT),
        sa.Column("hold", sa.Text(), comment="the reservation that keeps the units at the sender"),
    )
    op.create_index("transfers_from", "transfers", ["from_location_id", "state"])
    op.create_index("transfers_to", "transfers", ["to_location_id", "state"])
    op.create_table(
        "inbound",
        sa.Column("reference", sa.Text(), primary_key=True, comment="of the purchase order or delivery"),
        sa.Column("sku", sa.Text(), sa.ForeignKey("variants.sku"), primary_key=True),
        sa.Column("location_id", sa.Text(), sa.ForeignKey("locations.id"), primary_key=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("expected_at", INSTANT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
    )
    op.create_index("inbound_key", "inbound", ["sku", "location_id"])
