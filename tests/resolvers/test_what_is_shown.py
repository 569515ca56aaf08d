"""Shoppers see what is on sale where they stand, by every way that leads to it; staff of the catalogue see all."""

from dataclasses import replace
from datetime import timedelta

import pytest

import resolvers.catalog
import resolvers.categories
import resolvers.ids
from datasources.store.store import Store
from domain.catalog import Barcode, BarcodeType, Category, ProductSort, ProductStatus
from domain.channels import Channel
from domain.imports import ProductEntry
from resolvers.catalog import ProductsAsked
from resolvers.context import Context
from resolvers.errors import BadQuestion
from tests.builders import ADMINISTRATOR, ASSOCIATE, INTEGRATOR, MEMBER, NOW, entry, listing, on_sale, shop, variant
from tests.worlds import asked, fill

pytestmark = pytest.mark.anyio

EAN = Barcode(BarcodeType.EAN, "6901234567892")
CODED = ProductEntry(entry("CODE", brand="Nordwind").product, (variant("CODE-L", "CODE", barcodes=(EAN,)),))
EVERY = ["PLAIN", "CODE", "DRAFT", "GONE", "FUTURE", "STORE", "WEB", "NONE"]


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    tomorrow = NOW + timedelta(days=1)
    await fill(
        migrated_database_url,
        [
            *(Category("top", "top", "top"), Category("low", "low", "low", "top"), shop("SH001")),
            *on_sale(entry("PLAIN", category_ids=("low", "top")), CODED),
            *on_sale(entry("DRAFT", status=ProductStatus.DRAFT), entry("GONE", status=ProductStatus.ARCHIVED)),
            *(entry("FUTURE", sizes=("L", "M")), listing("FUTURE-L", listed_from=tomorrow)),
            *(entry("STORE", sizes=("L", "M")), listing("STORE-L", location_id="SH001")),
            *on_sale(entry("WEB"), channel=Channel.WEB),
            entry("NONE"),
        ],
    )
    return asked(store)


async def seen_by_id(ctx: Context) -> set[str]:
    """Which products a viewer finds by id."""
    return {found.id for found in await resolvers.catalog.products_by_ids(ctx, EVERY) if found}


async def seen_in_lists(ctx: Context, *, store_id: str | None = None) -> set[str]:
    """Which products a viewer meets when browsing."""
    (page,) = await resolvers.catalog.products(ctx, [None], filter=ProductsAsked(store_id=store_id))
    return {product.id for product in page.nodes}


async def test_shoppers_see_what_is_on_sale_everywhere_CAT_7(ctx: Context) -> None:
    for viewer in (ctx.viewer, MEMBER, replace(ASSOCIATE, location_id="SH002")):
        theirs = replace(ctx, viewer=viewer)
        assert await seen_by_id(theirs) == await seen_in_lists(theirs) == {"PLAIN", "CODE"}


async def test_an_associate_sees_what_only_the_own_store_sells_too_CAT_7(ctx: Context) -> None:
    theirs = replace(ctx, viewer=ASSOCIATE)
    assert await seen_by_id(theirs) == await seen_in_lists(theirs) == {"PLAIN", "CODE", "STORE"}
    (unfiltered,) = await resolvers.catalog.products(theirs, [None])
    (found,) = await resolvers.catalog.search(theirs, [None], text="jacket")
    assert {p.id for p in unfiltered.nodes} == {p.id for p in found.nodes} == {"PLAIN", "CODE", "STORE"}
    assert await resolvers.catalog.variants_by_skus(theirs, ["STORE-M"]) == [None]


async def test_lists_and_searches_hold_only_what_the_filter_asks_for(ctx: Context) -> None:
    shelf = ProductsAsked(category_id=resolvers.ids.encode("Category", "top"))
    for wanted, ids in (
        (shelf, ["PLAIN"]),
        (ProductsAsked(brand="Nordwind"), ["CODE"]),
        (replace(shelf, brand="Nordwind"), []),
        (ProductsAsked(store_id="SH001"), ["CODE", "PLAIN", "STORE"]),
    ):
        (listed,) = await resolvers.catalog.products(ctx, [None], filter=wanted)
        (found,) = await resolvers.catalog.search(ctx, [None], text="jacket", filter=wanted)
        assert sorted(p.id for p in listed.nodes) == sorted(p.id for p in found.nodes) == ids


async def test_what_is_archived_is_shown_to_nobody_but_staff(ctx: Context) -> None:
    id = resolvers.ids.encode("Product", "GONE")
    assert await resolvers.catalog.product(ctx, [None], id=id) == [None]
    assert await resolvers.catalog.variants_by_skus(ctx, ["GONE-L"]) == [None]
    (product,) = await resolvers.catalog.product(replace(ctx, viewer=INTEGRATOR), [None], id=id)
    assert product is not None


async def test_a_scan_in_a_store_finds_what_only_that_store_sells(ctx: Context) -> None:
    assert await resolvers.catalog.product_by_code(ctx, [None], code="STORE-L") == [None]
    (found,) = await resolvers.catalog.product_by_code(ctx, [None], code="STORE-L", store_id="SH001")
    assert found is not None
    assert found.sku == "STORE-L"
    id = resolvers.ids.encode("Product", "STORE")
    assert await resolvers.catalog.product(ctx, [None], id=id) == [None]
    (product,) = await resolvers.catalog.product(ctx, [None], id=id, store_id="SH001")
    assert product is not None


async def test_staff_of_the_catalogue_see_all(ctx: Context) -> None:
    for viewer in (INTEGRATOR, ADMINISTRATOR):
        theirs = replace(ctx, viewer=viewer)
        assert await seen_by_id(theirs) == await seen_in_lists(theirs) == set(EVERY)


async def test_another_channel_and_another_day_show_other_things_CAT_7(ctx: Context) -> None:
    assert await seen_by_id(replace(ctx, channel=Channel.WEB)) == {"WEB"}
    tomorrow = replace(ctx, clock=lambda: NOW + timedelta(days=1))
    assert await seen_by_id(tomorrow) == await seen_in_lists(tomorrow) == {"PLAIN", "CODE", "FUTURE"}


async def test_a_store_shows_what_only_it_lists_too(ctx: Context) -> None:
    assert await seen_in_lists(ctx, store_id="SH001") == {"PLAIN", "CODE", "STORE"}
    store_only = entry("STORE", sizes=("L", "M")).product
    assert await resolvers.catalog.variants_of(ctx, [store_only]) == [[]]
    for reference in ("SH001", resolvers.ids.encode("Location", "SH001")):
        (found,) = await resolvers.catalog.variants_of(ctx, [store_only], store_id=reference)
        assert [variant.sku for variant in found] == ["STORE-L"]


async def test_variants_that_are_not_on_sale_do_not_show_by_sku_or_code(ctx: Context) -> None:
    skus = ["PLAIN-L", "DRAFT-L", "FUTURE-L", "nope", "NONE-L"]
    found = await resolvers.catalog.variants_by_skus(ctx, skus)
    assert [variant and variant.sku for variant in found] == ["PLAIN-L", None, None, None, None]
    staff = await resolvers.catalog.variants_by_skus(replace(ctx, viewer=INTEGRATOR), skus)
    assert [variant and variant.sku for variant in staff] == ["PLAIN-L", "DRAFT-L", "FUTURE-L", None, "NONE-L"]
    for code, sku in (("6901234567892", "CODE-L"), (" PLAIN-L ", "PLAIN-L"), ("DRAFT-L", None), ("nope", None)):
        (scanned,) = await resolvers.catalog.product_by_code(ctx, [None], code=code)
        assert (scanned and scanned.sku) == sku


async def test_a_product_is_found_by_id_or_slug_and_by_one_of_them(ctx: Context) -> None:
    by_id = await resolvers.catalog.product(ctx, [None], id=resolvers.ids.encode("Product", "PLAIN"))
    by_slug = await resolvers.catalog.product(ctx, [None], slug="p-plain")
    assert by_id == by_slug
    assert by_id[0] is not None
    assert await resolvers.catalog.product(ctx, [None], slug="p-draft") == [None]
    for both in ({}, {"id": "x", "slug": "p-plain"}):
        with pytest.raises(BadQuestion, match="either"):
            await resolvers.catalog.product(ctx, [None], **both)


async def test_a_list_is_walked_by_its_cursors_and_by_no_others(ctx: Context) -> None:
    (first,) = await resolvers.catalog.products(ctx, [None], first=1)
    (last,) = await resolvers.catalog.products(ctx, [None], first=1, after=first.page_info.end_cursor)
    assert [first.page_info.has_next_page, last.page_info.has_next_page] == [True, False]
    assert [product.id for page in (first, last) for product in page.nodes] == ["PLAIN", "CODE"]
    (found,) = await resolvers.catalog.search(ctx, [None], text="jacket", first=1)
    with pytest.raises(BadQuestion, match="cursor"):
        await resolvers.catalog.products(ctx, [None], after=found.page_info.end_cursor)


async def test_a_list_by_title_is_walked_by_the_cursors_of_titles(ctx: Context) -> None:
    (first,) = await resolvers.catalog.products(ctx, [None], sort=ProductSort.TITLE, first=1)
    after = first.page_info.end_cursor
    (last,) = await resolvers.catalog.products(ctx, [None], sort=ProductSort.TITLE, first=1, after=after)
    assert [product.id for page in (first, last) for product in page.nodes] == ["CODE", "PLAIN"]
    with pytest.raises(BadQuestion, match="in this order"):
        await resolvers.catalog.products(ctx, [None], after=after)


async def test_categories_lead_up_and_down_and_to_what_is_filed_there(ctx: Context) -> None:
    ((top,),) = await resolvers.categories.roots(ctx, [None])
    ((low,),) = await resolvers.categories.children_of(ctx, [top])
    assert await resolvers.categories.parent_of(ctx, [low, top]) == [top, None]
    assert await resolvers.categories.by_ids(ctx, ["low", "nope"]) == [low, None]
    filed = entry("PLAIN", category_ids=("low", "top")).product
    assert await resolvers.categories.of_products(ctx, [filed, CODED.product]) == [[low, top], []]
    wanted = ProductsAsked(category_id=resolvers.ids.encode("Category", "top"))
    (page,) = await resolvers.catalog.products(ctx, [None], filter=wanted)
    assert [product.id for product in page.nodes] == ["PLAIN"]
