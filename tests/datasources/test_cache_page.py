"""A page that was seen before costs one statement: the one that says which products stand on it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

import schema.build
from datasources.bus.memory import MemoryBus
from domain.catalog import Category
from domain.geo import Coordinates
from domain.imports import Item
from tests.builders import BASE, NOW, count, entry, minutes, on_sale, priced, shop
from tests.datasources.cached import Worker, cached_sources, statements, worker
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
STORES = ("SH001", "SH002")
PAGE = """query { products(first: 9) { nodes { title categories { name parent { name } children { name } }
  variants { sku barcodes { value } product { id } price { price { amount } priceList { code } }
    availability(%s) { signal quantity readyAt distanceKm location { name } variant { sku } } } } } }"""
NAMED, NEAR = PAGE % 'storeIds: ["SH001", "SH002"]', PAGE % "near: {latitude: 31.23, longitude: 121.47}"
DETAIL = '{ product(slug: "p-p0") { title variants { sku price { price { amount } } } } }'
SCANNED = '{ productByCode(code: "P0-L") { sku product { title } } }'


@pytest.fixture
async def here(migrated_database_url: str) -> AsyncIterator[Worker]:
    entries = [entry(f"P{n}", sizes=("L", "M"), category_ids=("low",)) for n in range(5)]
    skus = [variant.sku for entry in entries for variant in entry.variants]
    places = [shop(id, coordinates=Coordinates(31.23 + n / 100, 121.47)) for n, id in enumerate(STORES)]
    shelves: list[Item] = [Category("top", "top", "top"), Category("low", "low", "low", "top")]
    prices: list[Item] = [BASE, *(priced(sku, 100) for sku in skus)]
    await fill(migrated_database_url, [*shelves, *on_sale(*entries), *places, *prices])
    async with worker(migrated_database_url, MemoryBus()) as opened:
        await tell(opened.store, *(count(5, sku=sku, location_id=id) for sku in skus[1:] for id in STORES))
        yield opened


async def page(of: Worker, question: str) -> Any:
    """What a shopper is answered."""
    done = await GRAPH.execute(question, context_value=asked(cached_sources(of)))
    assert done.errors is None
    return done.data


@pytest.mark.parametrize(
    ("question", "most"), [(NAMED, 1), (NEAR, 1), (DETAIL, 0), (SCANNED, 0)], ids=["named", "near", "detail", "scanned"]
)
async def test_a_page_seen_before_costs_one_statement_or_none(here: Worker, question: str, most: int) -> None:
    first = await page(here, question)
    with statements(here.store) as sent:
        assert await page(here, question) == first
    assert len(sent) == most


async def test_pages_asked_at_once_for_the_first_time_share_their_questions(here: Worker) -> None:
    with statements(here.store) as sent:
        await asyncio.gather(*(page(here, NAMED) for _ in range(6)))
    lists = [statement for statement in sent if "LIMIT" in statement]
    with statements(here.store) as again:
        await page(here, NAMED)
    assert (len(lists), len(again)) == (6, 1)
    assert len(sent) - len(lists) <= 16


async def test_a_change_of_one_level_costs_the_next_page_nothing(here: Worker) -> None:
    await page(here, NAMED)
    await tell(here.store, count(0, sku="P1-L", at=NOW + minutes(1)))
    with statements(here.store) as sent:
        answer = await page(here, NAMED)
    assert len(sent) == 1
    signals = {v["sku"]: v["availability"][0]["signal"] for p in answer["products"]["nodes"] for v in p["variants"]}
    assert (signals["P1-L"], signals["P1-M"], signals["P0-L"]) == ("OUT", "IN_STOCK", "UNKNOWN")
