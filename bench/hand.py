"""The product page by hand: one Starlette endpoint over the store's own tables, without layers.

What a careful programmer would write who needs this one page and nothing else: guests in the mini-program, prices
in yuan, levels that are shown when stale. It holds what our workers hold (variants with their listings and prices,
levels) in dictionaries, and asks for what they ask: which products stand on the page. Nothing changes while it runs,
so nothing is dropped. `python -m bench.hand --database URL --port PORT`
"""

import argparse
import gc
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson
import uvicorn
from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, any_, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from datasources.store import engine
from datasources.store.stock_tables import stock_levels
from datasources.store.tables import listings, price_lists, prices, products, variants

CHANNEL, CURRENCY = "MINI_PROGRAM", "CNY"


Span = tuple[datetime | None, datetime | None]
"""From when and until when; None: always."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the merchant decided: how few are few, and how long a level's word holds."""

    low_threshold: int
    budget: timedelta


@dataclass(slots=True)
class Goods:
    """One variant: what is shown of it, when it is listed, and its amounts, the one that wins first."""

    sku: str
    option_values: list[dict[str, str]]
    listed: list[Span]
    amounts: list[tuple[Span, str]]


@dataclass(slots=True)
class Held:
    """What was read before: the variants of products, and levels, also where there is none."""

    goods: dict[str, list[Goods]] = field(default_factory=dict)
    levels: dict[tuple[str, str], tuple[int, datetime] | None] = field(default_factory=dict)


def app(database_url: str, rules: Rules) -> Starlette:
    """Serve `/page?first=24&store=A&store=B&store=C`."""
    readers, held = engine.reading(database_url), Held()

    async def page(request: Request) -> Response:
        first, store_ids = int(request.query_params["first"]), request.query_params.getlist("store")
        now = datetime.now(UTC)
        async with readers.connect() as connection:
            found = (await connection.execute(_products(now, first))).all()
        if missing := [row.id for row in found if row.id not in held.goods]:
            held.goods |= await _goods(readers, missing)
        shown = [(row, [goods for goods in held.goods[row.id] if _any(goods.listed, now)]) for row in found]
        keys = [(goods.sku, store_id) for _, kept in shown for goods in kept for store_id in store_ids]
        if unread := [key for key in keys if key not in held.levels]:
            held.levels |= dict.fromkeys(unread) | await _levels(readers, unread)
        nodes = [
            {"id": _id("Product", row.id), "title": row.title, "variants": _variants(kept, store_ids, held, rules, now)}
            for row, kept in shown
        ]
        return Response(orjson.dumps({"data": {"products": {"nodes": nodes}}}), media_type="application/json")

    return Starlette(routes=[Route("/page", page)])


def _variants(
    kept: Sequence[Goods], store_ids: Sequence[str], held: Held, rules: Rules, now: datetime
) -> list[dict[str, Any]]:
    places = [(store_id, {"id": _id("Location", store_id)}) for store_id in store_ids]
    levels, low_threshold, fresh_since = held.levels, rules.low_threshold, now - rules.budget

    def offer(sku: str, store_id: str, location: dict[str, str]) -> dict[str, Any]:
        found = levels[sku, store_id]
        if found is None:
            return {"location": location, "signal": "UNKNOWN", "isStale": True}
        on_hand, as_of = found
        signal = "OUT" if on_hand <= 0 else "LOW" if on_hand <= low_threshold else "IN_STOCK"
        return {"location": location, "signal": signal, "isStale": as_of < fresh_since}

    return [
        {
            "sku": goods.sku,
            "optionValues": goods.option_values,
            "price": {"price": {"amount": _amount(goods, now), "currencyCode": CURRENCY}},
            "availability": [offer(goods.sku, store_id, location) for store_id, location in places],
        }
        for goods in kept
    ]


def _amount(goods: Goods, now: datetime) -> str:
    return next(amount for span, amount in goods.amounts if _any((span,), now))


def _any(spans: Iterable[Span], now: datetime) -> bool:
    for begins, ends in spans:  # noqa: SIM110  # quicker than any(…)
        if (begins is None or begins <= now) and (ends is None or now < ends):
            return True
    return False


def _products(now: datetime, first: int) -> Select[Any]:
    listed = exists().where(listings.c.product_id == products.c.id, _on_shelf(now))
    return (
        select(products.c.id, products.c.title)
        .where(products.c.status == "ACTIVE", listed)
        .order_by(products.c.created_at.desc(), products.c.id.desc())
        .limit(first)
    )


async def _goods(readers: AsyncEngine, product_ids: Sequence[str]) -> dict[str, list[Goods]]:
    async with readers.connect() as connection:
        statement = (
            select(variants.c.sku, variants.c.product_id, variants.c.option_values)
            .where(_among(connection, variants.c.product_id, product_ids))
            .order_by(variants.c.position, variants.c.sku)
        )
        rows = (await connection.execute(statement)).all()
        skus = [row.sku for row in rows]
        amounts, listed = await _amounts(connection, skus), await _listed(connection, skus)
    found: defaultdict[str, list[Goods]] = defaultdict(list)
    for row in rows:
        options = [{"name": name, "value": value} for name, value in row.option_values]
        found[row.product_id].append(Goods(row.sku, options, listed[row.sku], amounts[row.sku]))
    return found


async def _listed(connection: AsyncConnection, skus: Sequence[str]) -> dict[str, list[Span]]:
    statement = select(listings.c.sku, listings.c.listed_from, listings.c.listed_to).where(
        _among(connection, listings.c.sku, skus), listings.c.channel == CHANNEL, listings.c.location_id == ""
    )
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for sku, begins, ends in await connection.execute(statement):
        found[sku].append((begins, ends))
    return found


async def _amounts(connection: AsyncConnection, skus: Sequence[str]) -> dict[str, list[tuple[Span, str]]]:
    """Amounts per sku, the winner first: the channel's list before the base list, priority, then the lowest."""
    scope = price_lists.c
    statement = (
        select(prices.c.sku, prices.c.amount_minor, scope.valid_from, scope.valid_to)
        .join(price_lists, scope.id == prices.c.price_list_id)
        .where(
            _among(connection, prices.c.sku, skus),
            prices.c.min_quantity <= 1,
            scope.currency == CURRENCY,
            scope.store_group.is_(None),
            scope.member_tier.is_(None),
            or_(scope.channel.is_(None), scope.channel == CHANNEL),
        )
        .order_by(scope.channel.is_(None), scope.priority.desc(), prices.c.amount_minor)
    )
    found: defaultdict[str, list[tuple[Span, str]]] = defaultdict(list)
    for sku, minor, begins, ends in await connection.execute(statement):
        found[sku].append(((begins, ends), f"{minor // 100}.{minor % 100:02}"))
    return found


async def _levels(
    readers: AsyncEngine, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, datetime] | None]:
    level = stock_levels.c
    async with readers.connect() as connection:
        statement = select(level.sku, level.location_id, level.on_hand, level.as_of).where(
            _among(connection, level.sku, [sku for sku, _ in keys]),
            _among(connection, level.location_id, sorted({place for _, place in keys})),
        )
        found = await connection.execute(statement)
        return {(sku, place): (on_hand, as_of) for sku, place, on_hand, as_of in found}


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
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # as our own workers do
    rules = Rules(given.low_threshold, timedelta(seconds=given.budget_s))
    uvicorn.run(app(given.database, rules), host="127.0.0.1", port=given.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
