"""A page costs a fixed number of statements, however many products, variants and stores are on it."""

from typing import Any

import pytest

import schema.build
from datasources.store.store import Store
from domain.catalog import Barcode, BarcodeType, Category
from domain.geo import Coordinates
from domain.imports import Item, ProductEntry
from tests.builders import BASE, count, entry, on_sale, priced, shop, variant
from tests.datasources.cached import statements
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
PRODUCTS, SIZES = 24, ("S", "M", "L", "XL")
MOST = 28
"""What this page may cost at most: a few statements per field that crosses to the store, and one per ring."""
STORES = ("SH001", "SH002", "SH003")

OFFERS = (
    "signal quantity readyAt distanceKm location { name coordinates { latitude } } variant { sku product { title } } "
    "incoming { expectedAt } availableFrom(quantity: 9)"
)
PAGE = """query ($first: Int!) { products(first: $first) { nodes {
  id title categories { name parent { name } }
  variants { sku barcodes { value } product { id }
    price { price { amount } list { amount } priceList { code } }
    availability(%s) { %s } } } } }"""
NAMED = PAGE % ('storeIds: ["SH001", "SH002", "SH003"]', OFFERS)
NEAR = PAGE % ("near: {latitude: 31.23, longitude: 121.47}", OFFERS)


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    entries = [coded(n) for n in range(PRODUCTS)]
    skus = [variant.sku for entry in entries for variant in entry.variants]
    places = [shop(id, coordinates=Coordinates(31.23 + n / 100, 121.47)) for n, id in enumerate(STORES)]
    shelves: list[Item] = [Category("top", "top", "top"), Category("low", "low", "low", "top")]
    prices: list[Item] = [BASE, *(priced(sku, 100) for sku in skus)]
    await fill(migrated_database_url, [*shelves, *on_sale(*entries), *places, *prices])
    await tell(store, *(count(5, sku=sku, location_id=id) for sku in skus for id in STORES))
    return store


def coded(number: int) -> ProductEntry:
    """A product with four labelled sizes."""
    id = f"P{number:02}"
    made = entry(id, category_ids=("low", "top"))
    sizes = [variant(f"{id}-{s}", id, barcodes=(Barcode(BarcodeType.QR, f"{id}-{s}"),)) for s in SIZES]
    return ProductEntry(made.product, tuple(sizes))


async def cost(store: Store, question: str, **said: Any) -> tuple[int, Any]:
    """How many statements an answer takes, and the answer."""
    with statements(store) as sent:
        done = await GRAPH.execute(question, variable_values=said, context_value=asked(store))
    assert done.errors is None
    return len(sent), done.data


@pytest.mark.parametrize("question", [NAMED, NEAR], ids=["named stores", "stores near"])
async def test_a_page_of_24_products_costs_what_a_page_of_one_costs_FED_4(filled: Store, question: str) -> None:
    one, _ = await cost(filled, question, first=1)
    many, data = await cost(filled, question, first=PRODUCTS)
    offers = [o for p in data["products"]["nodes"] for v in p["variants"] for o in v["availability"]]
    assert len(offers) == PRODUCTS * len(SIZES) * len(STORES)
    assert one == many
    assert many <= MOST


@pytest.mark.parametrize("first", [1, 3])
async def test_stores_near_cost_one_statement_per_ring(filled: Store, first: int) -> None:
    stores = """query ($first: Int!) {
        stores(near: {latitude: 31.23, longitude: 121.47}, first: $first, radiusKm: 4) {
            nodes { distanceKm location { name } } } }"""
    sent, data = await cost(filled, stores, first=first)
    assert sent == 1
    assert len(data["stores"]["nodes"]) == first
