"""The search index of products: kept beside the rows it is made of, in the transaction that changes them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

import domain.search
from datasources.store.sql import among
from datasources.store.tables import barcodes, categories, product_categories, products, search_terms, variants
from datasources.store.upsert import replace

TITLE, CODE, SHELF, TEXT = 1, 2, 3, 4
"""How a term ranks by where it stands: in the title, in a code, in brand or category, in description or options."""

_Texts = defaultdict[str, list[tuple[int, str]]]


async def rewrite(connection: AsyncConnection, product_ids: Sequence[str]) -> None:
    """Index these products as their rows now are."""
    texts: _Texts = defaultdict(list)
    for statement, ranks in _statements(product_ids):
        for row in await connection.execute(statement):
            texts[row.product_id] += _ranked(row, ranks)
    rows = {id: [{"term": t, "product_id": id, "rank": r} for t, r in _terms(texts[id])] for id in product_ids}
    await replace(connection, search_terms, search_terms.c.product_id, rows)


async def filed_under(connection: AsyncConnection, category_ids: Collection[str]) -> frozenset[str]:
    """The products that are found by the names of these categories."""
    if not category_ids:
        return frozenset()
    wanted = among(product_categories.c.category_id, sorted(category_ids))
    return frozenset((await connection.execute(select(product_categories.c.product_id).where(wanted))).scalars())


def _statements(ids: Collection[str]) -> Iterable[tuple[Select[Any], Mapping[str, int]]]:
    """Statements whose rows hold texts of products, and how each text ranks."""
    product_id = products.c.id.label("product_id")
    yield (
        select(
            product_id, products.c.id.label("code"), products.c.title, products.c.brand, products.c.description
        ).where(among(products.c.id, ids)),
        {"title": TITLE, "code": CODE, "brand": SHELF, "description": TEXT},
    )
    yield (
        select(variants.c.product_id, variants.c.sku, variants.c.option_values).where(
            among(variants.c.product_id, ids)
        ),
        {"sku": CODE, "option_values": TEXT},
    )
    yield (
        select(variants.c.product_id, barcodes.c.value)
        .join(barcodes, barcodes.c.sku == variants.c.sku)
        .where(among(variants.c.product_id, ids)),
        {"value": CODE},
    )
    yield (
        select(product_categories.c.product_id, categories.c.name)
        .join(categories, categories.c.id == product_categories.c.category_id)
        .where(among(product_categories.c.product_id, ids)),
        {"name": SHELF},
    )


def _ranked(row: Row[Any], ranks: Mapping[str, int]) -> Iterable[tuple[int, str]]:
    for column, rank in ranks.items():
        value = row._mapping[column]
        texts = [value] if isinstance(value, str) else [option for _, option in value]
        for text in texts:
            yield rank, text


def _terms(texts: Iterable[tuple[int, str]]) -> Iterable[tuple[str, int]]:
    ranks: dict[str, int] = {}
    for rank, text in set(texts):
        for term in domain.search.index_terms(text):
            ranks[term] = min(rank, ranks.get(term, rank))
    return sorted(ranks.items())
