"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create everything; the relay starts before the first position."""
    _catalogue()
    _shelves()
    _prices()
    _locations()
    _stock()
    _events()
    op.execute("INSERT INTO relay (id, position) VALUES (1, 0)")


def downgrade() -> None:
    """Refuse: before the first tables there is nothing to go back to."""
    raise NotImplementedError("drop the database instead")


def _catalogue() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("slug"),
    )
    op.create_index("products_brand", "products", ["brand"])
    op.create_index("products_newest", "products", ["created_at", "id"])
    op.create_index("products_title", "products", ["title", "id"])
    op.create_table(
        "variants",
        sa.Column("sku", sa.Text(), primary_key=True),
        sa.Column("product_id", sa.Text(), sa.ForeignKey("products.id"), nullable=False),
        sa.Column("option_values", sa.JSON(), nullable=False),
        sa.Column("uom", sa.Text(), nullable=False),
        sa.Column("weight_g", sa.Integer()),
        sa.Column("position", sa.Integer(), nullable=False),
    )
    op.create_index("ix_variants_product_id", "variants", ["product_id"])
    op.create_table(
        "barcodes",
        sa.Column("value", sa.Text(), primary_key=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), sa.ForeignKey("variants.sku"), nullable=False),
    )
    op.create_index("ix_barcodes_sku", "barcodes", ["sku"])


def _shelves() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), sa.ForeignKey("categories.id")),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.UniqueConstraint("slug"),
    )
    op.create_index("ix_categories_parent_id", "categories", ["parent_id"])
    op.create_table(
        "product_categories",
        sa.Column("product_id", sa.Text(), sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("category_id", sa.Text(), sa.ForeignKey("categories.id"), nullable=False),
    )
    op.create_index("ix_product_categories_category_id", "product_categories", ["category_id"])
    op.create_table(
        "search_terms",
        sa.Column("term", sa.Text(), primary_key=True),
        sa.Column("product_id", sa.Text(), sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("weight", sa.Integer(), nullable=False),
    )
    op.create_index("ix_search_terms_product_id", "search_terms", ["product_id"])


def _prices() -> None:
    op.create_table(
        "listings",
        sa.Column("sku", sa.Text(), sa.ForeignKey("variants.sku"), primary_key=True),
        sa.Column("channel", sa.Text(), primary_key=True),
        sa.Column("location_id", sa.Text(), primary_key=True, comment="empty: every location"),
        sa.Column("product_id", sa.Text(), sa.ForeignKey("products.id"), nullable=False),
        sa.Column("listed_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_to", sa.DateTime(timezone=True)),
    )
    op.create_index("listings_shelf", "listings", ["product_id", "channel", "location_id"])
    op.create_table(
        "price_lists",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text()),
        sa.Column("store_group", sa.Text()),
        sa.Column("member_tier", sa.Text()),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True)),
        sa.Column("valid_to", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "prices",
        sa.Column("sku", sa.Text(), sa.ForeignKey("variants.sku"), primary_key=True),
        sa.Column("price_list_id", sa.Text(), sa.ForeignKey("price_lists.id"), primary_key=True),
        sa.Column("min_quantity", sa.Integer(), primary_key=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
    )


def _locations() -> None:
    op.create_table(
        "locations",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), comment="as given, in `coordinate_system`"),
        sa.Column("longitude", sa.Float()),
        sa.Column("coordinate_system", sa.Text()),
        sa.Column("wgs84_latitude", sa.Float(), comment="for search"),
        sa.Column("wgs84_longitude", sa.Float()),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("capabilities", sa.JSON(), nullable=False),
        sa.Column("prep_minutes", sa.Integer(), nullable=False),
        sa.Column("daily_capacity", sa.Integer()),
        sa.Column("delivery_zone", sa.JSON()),
        sa.Column("store_group", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
    )
    op.create_index("locations_near", "locations", ["wgs84_latitude", "wgs84_longitude"])


def _stock() -> None:
    op.create_table(
        "stock_levels",
        sa.Column("sku", sa.Text(), sa.ForeignKey("variants.sku"), primary_key=True),
        sa.Column("location_id", sa.Text(), sa.ForeignKey("locations.id"), primary_key=True),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True)),
        sa.Column("counted", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", COUNTER, primary_key=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("delta", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger()),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.UniqueConstraint("source", "event_id", name="stock_movements_once"),
    )
    op.create_index("stock_movements_key", "stock_movements", ["sku", "location_id", "occurred_at"])


def _events() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", COUNTER, primary_key=True),
        sa.Column("position", sa.BigInteger()),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("position"),
    )
    op.create_index("outbox_waiting", "outbox", ["published", "id"])
    op.create_table(
        "relay",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the last event given one"),
    )
    op.create_table(
        "idempotency",
        sa.Column("client", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.create_table(
        "import_runs",
        sa.Column("input", sa.Text(), primary_key=True, comment="kind and hash of what is read"),
        sa.Column("line", sa.Integer(), nullable=False, comment="the last line that is done"),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
