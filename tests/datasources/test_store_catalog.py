"""The catalogue is read back as it was written, in the order asked, however many keys are asked at once."""

from dataclasses import replace

import pytest

from datasources.store.store import Store
from domain.catalog import Barcode, BarcodeType, Category, Media, MediaKind, ProductStatus, UnitOfMeasure
from domain.imports import ProductEntry
from tests.builders import NOW, entry, product, variant
from tests.worlds import fill

pytestmark = pytest.mark.anyio

WOMEN = Category("women", "women", "女装")
JACKETS = Category("jackets", "jackets", "羽绒服", parent_id="women", position=2)
COATS = Category("coats", "coats", "大衣", parent_id="women", position=3)
FULL = ProductEntry(
    product(
        "DJ01",
        slug="轻薄羽绒服",
        title="轻薄羽绒服 ❄",
        description="90% 白鸭绒",
        brand="山岚",
        status=ProductStatus.DRAFT,
        media=(Media("/media/1.svg", "正面"), Media("/media/1.mp4", "", MediaKind.VIDEO)),
        category_ids=("jackets", "women"),
        created_at=NOW.replace(microsecond=123456),
    ),
    (
        variant(
            "DJ01-L",
            barcodes=(Barcode(BarcodeType.EAN, "6901234567892"), Barcode(BarcodeType.QR, "dj01-l")),
            weight_g=420,
            position=1,
        ),
        variant("DJ01-M", uom=UnitOfMeasure.GRAM, position=0),
    ),
)


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [WOMEN, JACKETS, COATS, FULL, entry("MH01", sizes=("S", "M"))])
    return store


async def test_what_was_written_is_read_back_whole(filled: Store) -> None:
    large, medium = FULL.variants
    assert await filled.catalog.products(["DJ01"]) == [FULL.product]
    assert await filled.catalog.products_by_slug(["轻薄羽绒服"]) == [FULL.product]
    assert await filled.catalog.variants(["DJ01-L", "DJ01-M"]) == [large, medium]
    assert await filled.catalog.categories(["jackets"]) == [JACKETS]


async def test_answers_keep_the_order_asked_and_unknown_keys_give_nothing(filled: Store) -> None:
    by_id = await filled.catalog.products(["MH01", "nope", "DJ01", "MH01"])
    assert [found and found.id for found in by_id] == ["MH01", None, "DJ01", "MH01"]
    by_slug = await filled.catalog.products_by_slug(["nope", "p-mh01", "轻薄羽绒服"])
    assert [found and found.id for found in by_slug] == [None, "MH01", "DJ01"]
    by_sku = await filled.catalog.variants(["MH01-M", "nope", "DJ01-L"])
    assert [found and found.sku for found in by_sku] == ["MH01-M", None, "DJ01-L"]
    by_product = await filled.catalog.variants_of(["MH01", "nope", "DJ01"])
    assert [[found.sku for found in each] for each in by_product] == [["MH01-S", "MH01-M"], [], ["DJ01-M", "DJ01-L"]]
    assert await filled.catalog.skus_by_code(["dj01-l", "nope", "6901234567892"]) == ["DJ01-L", None, "DJ01-L"]
    assert await filled.catalog.categories(["coats", "nope", "women"]) == [COATS, None, WOMEN]


async def test_children_come_by_position_and_under_nobody_stand_the_roots(filled: Store) -> None:
    under = await filled.catalog.children(["women", None, "coats", "nope"])
    assert under == [[JACKETS, COATS], [WOMEN], [], []]
    assert await filled.catalog.children(["women"]) == [[JACKETS, COATS]]


async def test_what_stands_in_one_place_comes_by_sku_by_id_and_by_code(
    store: Store, migrated_database_url: str
) -> None:
    """Two databases, and two answers of one database, agree on the order of what nobody put in order."""
    labels = tuple(Barcode(BarcodeType.QR, value) for value in ("b", "a"))
    alike = ProductEntry(product("DJ01"), (variant("DJ01-M"), variant("DJ01-L", barcodes=labels)))
    await fill(migrated_database_url, [Category("men", "men", "男装"), Category("coats", "coats", "大衣"), alike])
    ((large, medium),) = await store.catalog.variants_of(["DJ01"])
    assert (large.sku, medium.sku) == ("DJ01-L", "DJ01-M")
    assert [barcode.value for barcode in large.barcodes] == ["a", "b"]
    ((first, second),) = await store.catalog.children([None])
    assert (first.id, second.id) == ("coats", "men")


async def test_nothing_asked_is_nothing_answered(filled: Store) -> None:
    assert await filled.catalog.products([]) == []
    assert await filled.catalog.variants([]) == []
    assert await filled.catalog.variants_of([]) == []
    assert await filled.catalog.skus_by_code([]) == []
    assert await filled.catalog.children([]) == []
    assert await filled.prices.prices([]) == []
    assert await filled.locations.locations([]) == []
    assert await filled.stock.levels([], ["SH001"]) == {}


async def test_a_thousand_keys_are_one_call(store: Store, migrated_database_url: str) -> None:
    entries = [entry(f"P{n:04}") for n in range(1000)]
    await fill(migrated_database_url, [*entries, *(Category(f"c{n}", f"c{n}", f"C{n}") for n in range(1000))])
    ids = [f"P{n:04}" for n in reversed(range(1000))]
    assert [found and found.id for found in await store.catalog.products(ids)] == ids
    skus = [f"{id}-L" for id in ids]
    assert [found and found.sku for found in await store.catalog.variants(skus)] == skus
    assert [len(found) for found in await store.catalog.variants_of(ids)] == [1] * 1000
    assert len(await store.catalog.categories([f"c{n}" for n in range(1000)])) == 1000


async def test_a_product_that_is_written_again_is_changed_and_not_doubled(
    filled: Store, migrated_database_url: str
) -> None:
    renamed = ProductEntry(replace(FULL.product, title="长款羽绒服", category_ids=("coats",)), FULL.variants)
    await fill(migrated_database_url, [renamed])
    assert await filled.catalog.products(["DJ01"]) == [renamed.product]
