"""The tables of points and store credit: accounts, their lots and freezes, what was told of them, and the postings."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Table, Text, UniqueConstraint, text

from datasources.store.tables import COUNTER, Instant, metadata

points_accounts = Table(
    "points_accounts",
    metadata,
    Column("member_id", Text, primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("pending", BigInteger, nullable=False),
    Column("active", BigInteger, nullable=False, comment="less what is owed"),
    Column("frozen", BigInteger, nullable=False),
    Column("debt", BigInteger, nullable=False),
    Column("united", BigInteger, nullable=False, comment="accounts that were joined in it"),
    Column("version", BigInteger, nullable=False),
    Column("last_at", Instant, comment="where the last fact stood: last_at, last_rank, last_ref"),
    Column("last_rank", BigInteger, nullable=False),
    Column("last_ref", Text, nullable=False),
    Column("waiting", JSON, nullable=False, comment="facts that wait for those they speak of"),
    Column("next_expiry", Instant, comment="of what is free"),
    Index("points_accounts_due", "next_expiry"),
)

_IS_FREE = text("remaining > 0")

points_lots = Table(
    "points_lots",
    metadata,
    Column("member_id", Text, primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("earned_by", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("pending", BigInteger, nullable=False),
    Column("remaining", BigInteger, nullable=False),
    Column("frozen", BigInteger, nullable=False),
    Column("active_from", Instant),
    Column("expires_at", Instant),
    Column("shares", JSON, nullable=False, comment="[[line, units, points, units taken back], …]"),
    Index(
        "points_lots_free",
        "member_id",
        "programme",
        "expires_at",
        sqlite_where=_IS_FREE,
        postgresql_where=_IS_FREE,
    ),
)

points_holds = Table(
    "points_holds",
    metadata,
    Column("member_id", Text, primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("parts", JSON, nullable=False, comment="[[lot, frozen, spent, restored], …]"),
    Column("shares", JSON, nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    Column("is_captured", Boolean, nullable=False),
)

points_transactions = Table(
    "points_transactions",
    metadata,
    Column("id", Text, primary_key=True, comment="a digest of programme, member, kind and ref"),
    Column("programme", Text, nullable=False),
    Column("member_id", Text, nullable=False, comment="whose account it is written in"),
    Column("owner_id", Text, nullable=False, comment="who that member is now"),
    Column("kind", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("fact", JSON(none_as_null=True), comment="what was told; null: the clock did it"),
    Column("is_void", Boolean, nullable=False, comment="a merge that was undone, and what went back with it"),
    UniqueConstraint("programme", "member_id", "kind", "ref", name="points_transactions_once"),
    Index("points_transactions_of", "owner_id", "programme", "occurred_at", "id"),
    Index("points_transactions_ref", "owner_id", "ref"),
)

points_postings = Table(
    "points_postings",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("transaction_id", Text, ForeignKey("points_transactions.id"), nullable=False),
    Column("programme", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("lot", Text, nullable=False, comment="empty: of no lot"),
    Column("amount", BigInteger, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("version", BigInteger, nullable=False, comment="of the account, once it was written"),
    Index("points_postings_of", "transaction_id"),
    Index("points_postings_since", "member_id", "programme", "version"),
)

rewards = Table(
    "rewards",
    metadata,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("stock", BigInteger, comment="how many can still be redeemed; null: any number"),
    Column("channels", JSON, nullable=False, comment="where it can be redeemed; empty: everywhere"),
    Column("sku", Text, comment="what a gift is"),
    Column("valid_from", Instant),
    Column("valid_until", Instant),
    Column("version", BigInteger, nullable=False),
)

reward_redemptions = Table(
    "reward_redemptions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True, comment="what the member shows"),
    Column("reward_code", Text, ForeignKey("rewards.code"), nullable=False),
    Column("member_id", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("points", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("redeemed_at", Instant, nullable=False),
    Column("fulfilled_at", Instant),
    Column("fulfilled_by", Text),
    Column("location_id", Text, comment="where it was handed over"),
    Index("reward_redemptions_of", "member_id", "redeemed_at", "id"),
)
