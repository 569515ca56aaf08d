"""Lists of products are read in their order from an index: by brand, by category and what lies below, by a word."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FILL = """
INSERT INTO category_products (category_id, product_id, created_at, title)
WITH RECURSIVE up (product_id, category_id) AS (
    SELECT product_id, category_id FROM product_categories
    UNION SELECT up.product_id, categories.parent_id FROM up JOIN categories ON categories.id = up.category_id
    WHERE categories.parent_id IS NOT NULL
)
SELECT up.category_id, products.id, products.created_at, products.title
FROM up JOIN products ON products.id = up.product_id
"""


def upgrade() -> None:
    """Make the indexes, and file every product under all that its categories stand in."""
    op.drop_index("products_brand", "products")
    op.create_index("products_brand_newest", "products", ["brand", "created_at", "id"])
    op.create_index("products_brand_title", "products", ["brand", "title", "id"])
    _categories()
    _terms()


def downgrade() -> None:
    """Refuse: the version before ranks words the other way round."""
    raise NotImplementedError("restore a backup instead")


def _categories() -> None:
    said = "of the product, as its title: a list is read in order"
    op.create_table(
        "category_products",
        sa.Column(
            "category_id", sa.Text(), sa.ForeignKey("categories.id"), primary_key=True, comment="filed there, or below"
        ),
        sa.Column("product_id", sa.Text(), sa.ForeignKey("products.id"), primary_key=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment=said),
        sa.Column("title", sa.Text(), nullable=False),
    )
    op.execute(FILL)
    op.create_index("ix_category_products_product_id", "category_products", ["product_id"])
    op.create_index("category_products_newest", "category_products", ["category_id", "created_at", "product_id"])
    op.create_index("category_products_title", "category_products", ["category_id", "title", "product_id"])


def _terms() -> None:
    """What weighed 4 in a title ranks first now, so that an index holds a word's products best first, then by id."""
    op.execute("ALTER TABLE search_terms RENAME COLUMN weight TO rank")
    op.execute("UPDATE search_terms SET rank = 5 - rank")
    op.create_index("search_terms_best", "search_terms", ["term", "rank", "product_id"])
