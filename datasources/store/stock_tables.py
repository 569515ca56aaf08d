"""The tables of stock: levels, the book behind them, and what is promised, counted, under way or expected."""

from sqlalchemy import JSON, BigInteger, Column, Float, ForeignKey, Index, Table, Text, UniqueConstraint, text

from datasources.store.tables import COUNTER, Instant, metadata

stock_levels = Table(
    "stock_levels",
    metadata,
    Column("sku", Text, ForeignKey("variants.sku"), primary_key=True),
    Column("location_id", Text, ForeignKey("locations.id"), primary_key=True),
    Column("on_hand", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Column("counted_at", Instant),
    Column("counted", BigInteger, nullable=False),
    Column("damaged", BigInteger, nullable=False, server_default="0"),
    Column("quality_control", BigInteger, nullable=False, server_default="0"),
    Column("display", BigInteger, nullable=False, server_default="0"),
    Column("in_transit_in", BigInteger, nullable=False, server_default="0"),
    Column("in_transit_out", BigInteger, nullable=False, server_default="0"),
    Column("committed", BigInteger, nullable=False, server_default="0"),
    Column("holds", JSON, nullable=False, server_default="[]", comment="[[expiry, channel, quantity], …]"),
    Column("terms", JSON, nullable=False, server_default="[]", comment="[[channel, safety, quota], …]"),
    Column("sales_weight", Float, nullable=False, server_default="0"),
    Column("sales_at", Instant),
)

stock_movements = Table(
    "stock_movements",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("type", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("from_bucket", Text, comment="empty: from outside"),
    Column("to_bucket", Text, comment="empty: out of the house"),
    Column("quantity", BigInteger, nullable=False),
    Column("counted", BigInteger),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    UniqueConstraint("source", "event_id", name="stock_movements_once"),
    Index("stock_movements_key", "sku", "location_id", "occurred_at"),
)

_IS_ACTIVE = text("state = 'ACTIVE'")
IS_TO_HAND_OVER = text("location_id IS NOT NULL AND state IN ('ACTIVE', 'CONFIRMED') AND fulfilled_at IS NULL")
"""What a store keeps for somebody who will come for it, paid or not; worded once, for its index as well."""

reservations = Table(
    "reservations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("client", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("request_hash", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("lines", JSON, nullable=False, comment="[[sku, location, quantity], …]"),
    Column("location_id", Text, comment="of the store that has it ready"),
    Column("reference", Text),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("extendable_until", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("settled_at", Instant),
    Column("fulfilled_at", Instant),
    UniqueConstraint("client", "idempotency_key", name="reservations_once"),
    Index("reservations_due", "expires_at", sqlite_where=_IS_ACTIVE, postgresql_where=_IS_ACTIVE),
    Index(
        "reservations_at",
        "location_id",
        "expires_at",
        sqlite_where=IS_TO_HAND_OVER,
        postgresql_where=IS_TO_HAND_OVER,
    ),
)

stock_counts = Table(
    "stock_counts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("location_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("skus", JSON, nullable=False, comment="what is to be counted; empty: everything there"),
    Column("note", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("settled_at", Instant),
    Column("settled_by", Text),
    Column("findings", JSON(none_as_null=True), comment="once approved: [[sku, status, book], …]"),
    Index("stock_counts_at", "location_id", "state"),
)

stock_count_lines = Table(
    "stock_count_lines",
    metadata,
    Column("count_id", Text, ForeignKey("stock_counts.id"), primary_key=True),
    Column("sku", Text, ForeignKey("variants.sku"), primary_key=True),
    Column("device", Text, primary_key=True),
    Column("quantity", BigInteger, nullable=False),
    Column("counted_at", Instant, nullable=False),
)

transfers = Table(
    "transfers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("from_location_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("to_location_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("lines", JSON, nullable=False, comment="[[sku, requested, picked, shipped, received, lost], …]"),
    Column("note", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("expected_at", Instant),
    Column("hold", Text, comment="the reservation that keeps the units at the sender"),
    Index("transfers_from", "from_location_id", "state"),
    Index("transfers_to", "to_location_id", "state"),
)

inbound = Table(
    "inbound",
    metadata,
    Column("reference", Text, primary_key=True, comment="of the purchase order or delivery"),
    Column("sku", Text, ForeignKey("variants.sku"), primary_key=True),
    Column("location_id", Text, ForeignKey("locations.id"), primary_key=True),
    Column("quantity", BigInteger, nullable=False),
    Column("expected_at", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Index("inbound_key", "sku", "location_id"),
)
