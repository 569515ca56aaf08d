"""Two server processes on one PostgreSQL and one Redis: what is told to one is seen at the other."""

import asyncio
from pathlib import Path

import pytest

import compose
import resolvers.imports
from datasources.store.imports import SqlImports
from domain.imports import Line
from resolvers.imports import Job
from tests import builders
from tests.journeys.house import House
from tests.journeys.test_real_shop import COUNT, SELL, WATCH, quantity, tell


@pytest.mark.anyio
async def test_a_change_through_one_process_reaches_a_subscriber_of_the_other(
    tmp_path: Path, migrated_postgres_url: str, redis_url: str
) -> None:
    house = House(tmp_path, migrated_postgres_url, redis_url)
    assert house.run("keys").returncode == 0
    await stock(migrated_postgres_url)
    erp, associate = house.token("integrator"), house.token("associate")
    with house.serving() as one, house.serving() as other:
        watched = {"skus": ["DJ01-L"], "stores": ["SH001"]}
        async with (
            asyncio.timeout(30),
            one.watching(WATCH, authorization=associate, **watched) as here,
            other.watching(WATCH, authorization=associate, **watched) as there,
        ):
            assert [await quantity(here), await quantity(there)] == [7, 7]
            tell(one, COUNT, erp, key="k-1", sku="DJ01-L", location="SH001", quantity=5)
            assert [await quantity(here), await quantity(there)] == [5, 5]
            sale = {"sku": "DJ01-L", "location": "SH001", "delta": -1, "type": "SALE", "eventId": "till-7:1"}
            tell(other, SELL, erp, key="k-2", **sale)
            assert [await quantity(here), await quantity(there)] == [4, 4]


async def stock(url: str) -> None:
    """A jacket, a store, and seven pieces."""
    items = [*builders.on_sale(builders.entry()), builders.shop(), builders.count(7, at=compose.utc_now())]
    place = SqlImports(url)
    try:
        lines = [Line(number, (item,)) for number, item in enumerate(items, start=1)]
        report = await resolvers.imports.run(place, lines, Job("shop", "erp", compose.utc_now))
        assert report.findings == []
    finally:
        await place.close()
