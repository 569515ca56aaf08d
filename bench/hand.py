"""The product page by hand: one Starlette endpoint over the store's own tables, four statements, no layers.

What a careful programmer would write who needs this one page and nothing else: guests in the mini-program, prices
in yuan, levels that are shown when stale. `python -m bench.hand --database URL --port PORT`
"""

import argparse
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson
import uvicorn
from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, any_, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from datasources.store import engine
from datasources.store.tables import listings, price_lists, prices, products, stock_levels, variants

CHANNEL, CURRENCY = "MINI_PROGRAM", "CNY"


Levels = dict[tuple[str, str], tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the merchant decided: how few are few, and how long a level's word holds."""

    low_threshold: int
    budget: timedelta


def app(database_url: str, rules: Rules) -> Starlette:
    """Serve `/page?first=24&store=A&store=B&store=C`."""
    readers = engine.reading(database_url)

    async def page(request: Request) -> Response:
        first, store_ids = int(request.query_params["first"]), request.query_params.getlist("store")
        now = datetime.now(UTC)
        async with readers.connect() as connection:
            found = (await connection.execute(_products(now, first))).all()
            of_product = await _variants(connection, now, [row.id for row in found])
            skus = [row.sku for rows in of_product.values() for row in rows]
            amounts = await _amounts(connection, now, skus)
            levels = await _levels(connection, skus, store_ids, fresh_since=now - rules.budget)
        offers = _offers(skus, store_ids, levels=levels, low_threshold=rules.low_threshold)
        nodes = [
            {
                "id": _id("Product", product.id),
                "title": product.title,
                "variants": [
                    {
                        "sku": variant.sku,
                        "optionValues": [{"name": name, "value": value} for name, value in variant.option_values],
                        "price": {"price": {"amount": amounts[variant.sku], "currencyCode": CURRENCY}},
                        "availability": offers[variant.sku],
                    }
                    for variant in of_product[product.id]
                ],
            }
            for product in found
        ]
        return Response(orjson.dumps({"data": {"products": {"nodes": nodes}}}), media_type="application/json")

    return Starlette(routes=[Route("/page", page)])


def _offers(
    skus: Sequence[str], store_ids: Sequence[str], *, levels: Levels, low_threshold: int
) -> dict[str, list[dict[str, Any]]]:
    places = [(store_id, {"id": _id("Location", store_id)}) for store_id in store_ids]

    def offer(sku: str, store_id: str, location: dict[str, str]) -> dict[str, Any]:
        found = levels.get((sku, store_id))
        if found is None:
            return {"location": location, "signal": "UNKNOWN", "isStale": True}
        on_hand, is_stale = found
        signal = "OUT" if on_hand <= 0 else "LOW" if on_hand <= low_threshold else "IN_STOCK"
        return {"location": location, "signal": signal, "isStale": bool(is_stale)}

    return {sku: [offer(sku, store_id, location) for store_id, location in places] for sku in skus}


def _products(now: datetime, first: int) -> Select[Any]:
    listed = exists().where(listings.c.product_id == products.c.id, _on_shelf(now))
    return (
        select(products.c.id, products.c.title)
        .where(products.c.status == "ACTIVE", listed)
        .order_by(products.c.created_at.desc(), products.c.id.desc())
        .limit(first)
    )


async def _variants(connection: AsyncConnection, now: datetime, product_ids: Sequence[str]) -> dict[str, list[Any]]:
    statement = (
        select(variants.c.sku, variants.c.product_id, variants.c.option_values)
        .join(listings, and_(listings.c.sku == variants.c.sku, _on_shelf(now)))
        .where(_among(connection, variants.c.product_id, product_ids))
        .order_by(variants.c.position, variants.c.sku)
    )
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in await connection.execute(statement):
        found[row.product_id].append(row)
    return found


async def _amounts(connection: AsyncConnection, now: datetime, skus: Sequence[str]) -> dict[str, str]:
    """The winning amount per sku: the channel's list before the base list, priority, then the lowest."""
    statement = (
        select(prices.c.sku, prices.c.amount_minor)
        .join(price_lists, price_lists.c.id == prices.c.price_list_id)
        .where(
            _among(connection, prices.c.sku, skus),
            prices.c.min_quantity <= 1,
            price_lists.c.currency == CURRENCY,
            price_lists.c.store_group.is_(None),
            price_lists.c.member_tier.is_(None),
            or_(price_lists.c.channel.is_(None), price_lists.c.channel == CHANNEL),
            or_(price_lists.c.valid_from.is_(None), price_lists.c.valid_from <= now),
            or_(price_lists.c.valid_to.is_(None), price_lists.c.valid_to > now),
        )
        .order_by(price_lists.c.channel.is_(None).desc(), price_lists.c.priority, prices.c.amount_minor.desc())
    )
    return {sku: f"{minor // 100}.{minor % 100:02}" for sku, minor in await connection.execute(statement)}


async def _levels(
    connection: AsyncConnection, skus: Sequence[str], store_ids: Sequence[str], *, fresh_since: datetime
) -> Levels:
    level = stock_levels.c
    statement = select(level.sku, level.location_id, level.on_hand, level.as_of < fresh_since).where(
        _among(connection, level.sku, skus), _among(connection, level.location_id, store_ids)
    )
    return {(sku, place): (on_hand, stale) for sku, place, on_hand, stale in await connection.execute(statement)}


def _among(connection: AsyncConnection, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
    """One parameter for all values, in each database's own words."""
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(orjson.dumps(values).decode()).table_valued("value").c.value))
    return column == any_(cast(values, ARRAY(Text)))


def _on_shelf(now: datetime) -> ColumnElement[bool]:
    return and_(
        listings.c.channel == CHANNEL,
        listings.c.location_id == "",
        listings.c.listed_from <= now,
        or_(listings.c.listed_to.is_(None), listings.c.listed_to > now),
    )


@cache
def _id(kind: str, key: str) -> str:
    return urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def main(arguments: Iterable[str] | None = None) -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m bench.hand")
    parser.add_argument("--database", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--low-threshold", type=int, required=True)
    parser.add_argument("--budget-s", type=float, required=True)
    given = parser.parse_args(list(arguments) if arguments is not None else None)
    rules = Rules(given.low_threshold, timedelta(seconds=given.budget_s))
    uvicorn.run(app(given.database, rules), host="127.0.0.1", port=given.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
