"""Prices and listings are read back with all that they hold for, per sku in the order asked."""

from datetime import timedelta

import pytest

from datasources.store.store import Store
from domain.channels import Channel
from domain.prices import PriceList
from tests.builders import BASE, NOW, entry, listing, priced
from tests.worlds import fill

pytestmark = pytest.mark.anyio

SCOPED = PriceList("gold", "金卡", "USD", Channel.POS, "east", "gold", 7, NOW, NOW + timedelta(days=1))


async def test_prices_come_per_sku_in_the_order_asked(store: Store, migrated_database_url: str) -> None:
    wide, narrow = priced("DJ01-L", 39900), priced("DJ01-L", 5000, list=SCOPED, from_quantity=3)
    await fill(migrated_database_url, [entry("DJ01", sizes=("L", "M")), BASE, SCOPED, wide, narrow])
    none, unknown, two = await store.prices.prices(["DJ01-M", "nope", "DJ01-L"])
    assert (none, unknown) == ([], [])
    assert sorted(two, key=lambda price: price.min_quantity) == [wide, narrow]


async def test_listings_come_per_sku_in_the_order_asked(store: Store, migrated_database_url: str) -> None:
    one = listing("DJ01-L", Channel.POS, location_id="SH001", listed_from=NOW, listed_to=NOW + timedelta(days=1))
    other = listing("DJ01-L", Channel.WEB)
    await fill(migrated_database_url, [entry("DJ01", sizes=("L", "M")), one, other])
    none, unknown, two = await store.prices.listings(["DJ01-M", "nope", "DJ01-L"])
    assert (none, unknown) == ([], [])
    assert sorted(two, key=lambda found: found.channel.value) == [one, other]


async def test_a_thousand_skus_are_one_call(store: Store, migrated_database_url: str) -> None:
    entries = [entry(f"P{n:04}") for n in range(1000)]
    skus = [f"P{n:04}-L" for n in range(1000)]
    prices = [priced(sku, 100 + n) for n, sku in enumerate(skus)]
    await fill(migrated_database_url, [*entries, BASE, *prices, *map(listing, skus)])
    assert await store.prices.prices(skus) == [[price] for price in prices]
    assert [len(found) for found in await store.prices.listings(skus)] == [1] * 1000
