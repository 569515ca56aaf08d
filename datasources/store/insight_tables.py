"""The tables of what is known of a member: tiers, tags, behaviour, wishes, and where they stand among all."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from datasources.store.tables import Instant, metadata

tier_grants = Table(
    "tier_grants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("members.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Index("tier_grants_of", "member_id", "until"),
)

entitlement_uses = Table(
    "entitlement_uses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("members.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("location_id", Text, ForeignKey("locations.id")),
    Column("used_by", Text, nullable=False),
    Index("entitlement_uses_of", "member_id", "code", "used_at"),
)

member_tags = Table(
    "member_tags",
    metadata,
    Column("member_id", Text, ForeignKey("members.id"), primary_key=True),
    Column("dimension", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("value", Text, nullable=False),
    Column("confidence_bp", Integer, nullable=False),
    Column("expires_at", Instant),
)

behaviour = Table(
    "behaviour",
    metadata,
    Column("source", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("members.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("product_id", Text),
    Column("sku", Text),
    Column("sizes", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("location_id", Text),
    Index("behaviour_of", "member_id", "occurred_at"),
    Index("behaviour_old", "occurred_at"),
)

wishes = Table(
    "wishes",
    metadata,
    Column("member_id", Text, ForeignKey("members.id"), primary_key=True),
    Column("sku", Text, ForeignKey("variants.sku"), primary_key=True),
    Column("added_at", Instant, nullable=False),
)

rfm_runs = Table(
    "rfm_runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("as_of", Instant, nullable=False),
    Column("members", BigInteger, comment="empty: it has not come to its end"),
    Column("ranking", JSON(none_as_null=True), comment="[cuts, recency, orders, amounts]"),
    Column("sizes", JSON(none_as_null=True), comment="{bits: members}"),
    Index("rfm_runs_latest", "as_of"),
)

member_rfm = Table(
    "member_rfm",
    metadata,
    Column("run_id", Text, ForeignKey("rfm_runs.id"), primary_key=True),
    Column("member_id", Text, primary_key=True),
    Column("recency_days", Integer, nullable=False),
    Column("orders", BigInteger, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
)
