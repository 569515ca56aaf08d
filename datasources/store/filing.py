"""Products by every category they stand in: the one they are filed under, and all above it.

Kept beside the rows it is made of, in the transaction that changes them, with what lists are ordered by.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.store.sql import among
from datasources.store.tables import categories, category_products, product_categories, products
from datasources.store.upsert import Values, replace


async def rewrite(connection: AsyncConnection, product_ids: Sequence[str]) -> None:
    """File these products as their rows and categories now are."""
    filed = (
        select(product_categories.c.product_id, product_categories.c.category_id)
        .where(among(product_categories.c.product_id, product_ids))
        .cte("filed", recursive=True)
    )
    above = select(filed.c.product_id, categories.c.parent_id).join(categories, categories.c.id == filed.c.category_id)
    filed = filed.union(above.where(categories.c.parent_id.is_not(None)))
    statement = select(filed.c.category_id, filed.c.product_id, products.c.created_at, products.c.title)
    rows: defaultdict[str, list[Values]] = defaultdict(list, {id: [] for id in product_ids})
    for row in (await connection.execute(statement.join(products, products.c.id == filed.c.product_id))).mappings():
        rows[row["product_id"]].append(dict[str, Any](row))
    await replace(connection, category_products, category_products.c.product_id, rows)


async def under(connection: AsyncConnection, category_ids: Collection[str]) -> frozenset[str]:
    """The products that stood in these categories before they were moved, filed there or below."""
    if not category_ids:
        return frozenset()
    wanted = among(category_products.c.category_id, sorted(category_ids))
    return frozenset((await connection.execute(select(category_products.c.product_id).where(wanted))).scalars())
