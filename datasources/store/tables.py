"""The tables. Keys are the merchant's own: style code, sku, store code; instants are UTC on both databases."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData()
COUNTER = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the key is called INTEGER."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values, and bring the rest to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


products = Table(
    "products",
    metadata,
    Column("id", Text, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("options", JSON, nullable=False),
    Column("media", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("products_newest", "created_at", "id"),
    Index("products_title", "title", "id"),
    Index("products_brand_newest", "brand", "created_at", "id"),
    Index("products_brand_title", "brand", "title", "id"),
)

variants = Table(
    "variants",
    metadata,
    Column("sku", Text, primary_key=True),
    Column("product_id", Text, ForeignKey("products.id"), nullable=False, index=True),
    Column("option_values", JSON, nullable=False),
    Column("uom", Text, nullable=False),
    Column("weight_g", Integer),
    Column("position", Integer, nullable=False),
)

barcodes = Table(
    "barcodes",
    metadata,
    Column("value", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("sku", Text, ForeignKey("variants.sku"), nullable=False, index=True),
)

categories = Table(
    "categories",
    metadata,
    Column("id", Text, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("parent_id", Text, ForeignKey("categories.id"), index=True),
    Column("position", Integer, nullable=False),
)

product_categories = Table(
    "product_categories",
    metadata,
    Column("product_id", Text, ForeignKey("products.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("category_id", Text, ForeignKey("categories.id"), nullable=False, index=True),
)

category_products = Table(
    "category_products",
    metadata,
    Column("category_id", Text, ForeignKey("categories.id"), primary_key=True, comment="filed there, or below"),
    Column("product_id", Text, ForeignKey("products.id"), primary_key=True, index=True),
    Column("created_at", Instant, nullable=False, comment="of the product, as its title: a list is read in order"),
    Column("title", Text, nullable=False),
    Index("category_products_newest", "category_id", "created_at", "product_id"),
    Index("category_products_title", "category_id", "title", "product_id"),
)

search_terms = Table(
    "search_terms",
    metadata,
    Column("term", Text, primary_key=True),
    Column("product_id", Text, ForeignKey("products.id"), primary_key=True, index=True),
    Column("rank", Integer, nullable=False),
    Index("search_terms_best", "term", "rank", "product_id"),
)

listings = Table(
    "listings",
    metadata,
    Column("sku", Text, ForeignKey("variants.sku"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("location_id", Text, primary_key=True, comment="empty: every location"),
    Column("product_id", Text, ForeignKey("products.id"), nullable=False),
    Column("listed_from", Instant, nullable=False),
    Column("listed_to", Instant),
    Index("listings_shelf", "product_id", "channel", "location_id"),
)

price_lists = Table(
    "price_lists",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("channel", Text),
    Column("store_group", Text),
    Column("member_tier", Text),
    Column("priority", Integer, nullable=False),
    Column("valid_from", Instant),
    Column("valid_to", Instant),
)

prices = Table(
    "prices",
    metadata,
    Column("sku", Text, ForeignKey("variants.sku"), primary_key=True),
    Column("price_list_id", Text, ForeignKey("price_lists.id"), primary_key=True),
    Column("min_quantity", Integer, primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
)

locations = Table(
    "locations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("latitude", Float, comment="as given, in `coordinate_system`"),
    Column("longitude", Float),
    Column("coordinate_system", Text),
    Column("wgs84_latitude", Float, comment="for search"),
    Column("wgs84_longitude", Float),
    Column("time_zone", Text, nullable=False),
    Column("hours", JSON, nullable=False),
    Column("capabilities", JSON, nullable=False),
    Column("prep_minutes", Integer, nullable=False),
    Column("daily_capacity", Integer),
    Column("delivery_zone", JSON),
    Column("store_group", Text),
    Column("status", Text, nullable=False),
    Index("locations_near", "wgs84_latitude", "wgs84_longitude"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("position", BigInteger, unique=True),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index("outbox_key", "topic", "key", "position"),
)
Index(
    "outbox_unnumbered",
    outbox.c.id,
    postgresql_where=outbox.c.position.is_(None),
    sqlite_where=outbox.c.position.is_(None),
)

relay = Table(
    "relay",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("log", Text, nullable=False, comment="names this log among all others"),
    Column("position", BigInteger, nullable=False, comment="of the last event given one"),
    Column("published", BigInteger, nullable=False, comment="position of the last event published"),
    Column("leader", Text),
    Column("leads_until", Instant),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("client", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", Text, nullable=False),
    Column("response", Text, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
)

import_runs = Table(
    "import_runs",
    metadata,
    Column("input", Text, primary_key=True, comment="kind and hash of what is read"),
    Column("line", Integer, nullable=False, comment="the last line that is done"),
    Column("counts", JSON, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
