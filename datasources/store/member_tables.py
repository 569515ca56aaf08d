"""The tables of members: who they are, what they allow, what they bought, who looks after them, who looked at them."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, ForeignKey, Index, Table, Text, UniqueConstraint, text

from datasources.store.tables import COUNTER, Instant, metadata

_IS_MERGED = text("merged_into IS NOT NULL")

members = Table(
    "members",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("gender", Text),
    Column("birthday", Date),
    Column("registration_source", Text, nullable=False),
    Column("home_location_id", Text, ForeignKey("locations.id")),
    Column("created_at", Instant, nullable=False),
    Column("merged_into", Text, comment="who they are now"),
    Column("version", BigInteger, nullable=False),
    Column("birthday_frozen_until", Instant),
    Column("contact_channel", Text, nullable=False, server_default=""),
    Column("contact_language", Text, nullable=False, server_default=""),
    Column("quiet_from", Text, nullable=False, server_default=""),
    Column("quiet_until", Text, nullable=False, server_default=""),
    Index("members_merged", "merged_into", sqlite_where=_IS_MERGED, postgresql_where=_IS_MERGED),
)

IS_VERIFIED = text("is_verified")
IS_TOLD = text("NOT is_verified")
"""Whether somebody has shown that a name is theirs, or was only said to have it: worded as in the indexes of both."""
_IS_PHONE = text("tail IS NOT NULL")

member_identifiers = Table(
    "member_identifiers",
    metadata,
    Column("member_id", Text, ForeignKey("members.id"), primary_key=True),
    Column("type", Text, primary_key=True),
    Column("realm", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("is_verified", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("tail", Text, comment="of a phone: its last four digits"),
    Index(
        "member_identifiers_once",
        "type",
        "realm",
        "value",
        unique=True,
        sqlite_where=IS_VERIFIED,
        postgresql_where=IS_VERIFIED,
    ),
    Index("member_identifiers_told", "type", "realm", "value", sqlite_where=IS_TOLD, postgresql_where=IS_TOLD),
    Index("member_identifiers_tail", "tail", "member_id", sqlite_where=_IS_PHONE, postgresql_where=_IS_PHONE),
)

consents = Table(
    "consents",
    metadata,
    Column("member_id", Text, ForeignKey("members.id"), primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("channel", Text, primary_key=True, comment="empty: every channel"),
    Column("state", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("place", Text, nullable=False),
    Column("text_hash", Text, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("location_id", Text, ForeignKey("locations.id")),
    Column("member_id", Text, ForeignKey("members.id")),
    Column("associate_id", Text),
    Column("currency", Text, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("completed_at", Instant),
    Column("net_minor", BigInteger, nullable=False, comment="the sum of its lines"),
    Column("refunded_minor", BigInteger, nullable=False),
    Column("lines", JSON, nullable=False),
    UniqueConstraint("source", "number", name="orders_once"),
    Index("orders_of", "member_id", "placed_at", "id"),
    Index("orders_completed", "member_id", "completed_at"),
)

associates = Table(
    "associates",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("location_id", Text, ForeignKey("locations.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("wecom_user_id", Text, unique=True),
    Column("pin_hash", Text),
    Column("is_active", Boolean, nullable=False),
    Index("associates_at", "location_id", "id"),
)

_IS_OPEN = text("ended_at IS NULL")

bindings = Table(
    "bindings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member_id", Text, ForeignKey("members.id"), nullable=False),
    Column("associate_id", Text, ForeignKey("associates.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("protected_until", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("bindings_once", "member_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    Index("bindings_of", "associate_id", "member_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
)

visits = Table(
    "visits",
    metadata,
    Column("location_id", Text, ForeignKey("locations.id"), primary_key=True),
    Column("member_id", Text, ForeignKey("members.id"), primary_key=True),
    Column("last_at", Instant, nullable=False),
    Index("visits_latest", "location_id", "last_at"),
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("viewer_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("fields", JSON, nullable=False),
    Index("access_log_of", "member_id", "at"),
)
