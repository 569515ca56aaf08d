"""The tables around orders: what came back, and what was learned from what was bought together."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from datasources.store.tables import Instant, metadata

returns = Table(
    "returns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("member_id", Text, ForeignKey("members.id")),
    Column("currency", Text, nullable=False),
    Column("settled_at", Instant, nullable=False),
    Column("refunded_minor", BigInteger, nullable=False, comment="the sum of its lines"),
    Column("without_receipt_minor", BigInteger, nullable=False, comment="of lines that no order is known for"),
    Column("lines", JSON, nullable=False),
    UniqueConstraint("source", "number", name="returns_once"),
    Index("returns_of", "member_id", "settled_at"),
)

co_purchases = Table(
    "co_purchases",
    metadata,
    Column("sku", Text, primary_key=True),
    Column("baskets", Integer, nullable=False, comment="in how many it was"),
    Column("neighbours", JSON, nullable=False, comment="[[sku, score, baskets with both], …], best first"),
    Index("co_purchases_popular", "baskets"),
)
