"""The demo's seed: twelve stores, two hundred products, and every rule of the catalogue kept."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

import domain.assortment
import domain.catalog
import domain.codes
import domain.prices
import domain.search
from datasources.demo import catalogue, traffic
from domain.assortment import Listing, Shelf
from domain.catalog import BarcodeType, Category, Product, ProductStatus, Variant
from domain.channels import Channel
from domain.imports import ProductEntry
from domain.locations import Location, LocationType
from domain.movements import Count
from domain.prices import Price, PriceContext, PriceList

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
LINES = tuple(catalogue.lines(NOW))
ITEMS = tuple(item for line in LINES for item in line.items)

T = TypeVar("T")


def of(kind: type[T]) -> list[T]:
    return [item for item in ITEMS if isinstance(item, kind)]


PRODUCTS: list[Product] = [entry.product for entry in of(ProductEntry)]
VARIANTS: list[Variant] = [variant for entry in of(ProductEntry) for variant in entry.variants]
SKUS = {variant.sku for variant in VARIANTS}


def test_the_same_moment_gives_the_same_lines() -> None:
    assert tuple(catalogue.lines(NOW)) == LINES


def test_on_one_day_only_the_counts_change() -> None:
    later = NOW + timedelta(hours=6)
    assert tuple(catalogue.catalogue_lines(later)) == tuple(catalogue.catalogue_lines(NOW))
    assert {
        item.observed_at for line in catalogue.stock_lines(later) for item in line.items if isinstance(item, Count)
    } == {later}


def test_lines_are_numbered_from_one_and_carry_no_problems() -> None:
    assert [line.number for line in LINES] == list(range(1, len(LINES) + 1))
    assert all(line.items and not line.problems for line in LINES)


def test_there_are_twelve_stores_in_three_cities_and_two_warehouses() -> None:
    stores = [place for place in of(Location) if place.type is LocationType.STORE]
    assert (len(stores), {store.city for store in stores}) == (12, {"上海", "北京", "深圳"})
    assert {place.id: place.type for place in of(Location) if place not in stores} == {
        "WH01": LocationType.WAREHOUSE,
        "CW01": LocationType.CLOUD_WAREHOUSE,
    }


def test_every_location_says_where_it_is_when_it_opens_and_what_it_can_do() -> None:
    for place in of(Location):
        assert place.coordinates is not None
        assert {interval.weekday for interval in place.hours} == set(range(7))
        assert place.capabilities
        assert place.store_group


def test_there_are_two_hundred_products_of_one_to_sixteen_variants() -> None:
    sizes = [len(entry.variants) for entry in of(ProductEntry)]
    assert (len(sizes), min(sizes), max(sizes)) == (200, 1, 16)
    assert len({product.id for product in PRODUCTS}) == len({product.slug for product in PRODUCTS}) == 200
    assert len(SKUS) == len(VARIANTS)


def test_slugs_are_latin() -> None:
    assert all(slug.isascii() and slug == slug.lower() and " " not in slug for slug in (p.slug for p in PRODUCTS))


def test_variants_of_one_product_can_be_told_apart_CAT_1() -> None:
    assert [found for entry in of(ProductEntry) if (found := domain.catalog.same_options(entry.variants))] == []


def test_a_code_leads_to_one_sku_CAT_2() -> None:
    assert domain.catalog.shared_barcodes(VARIANTS) == []


def test_every_variant_has_an_in_store_ean_with_a_valid_check_digit() -> None:
    for variant in VARIANTS:
        (ean,) = (code.value for code in variant.barcodes if code.type is BarcodeType.EAN)
        assert len(ean) == 13
        assert 200 <= int(ean[:3]) <= 299
        assert domain.codes.is_gtin(ean)


def test_a_radio_tag_names_the_number_its_bars_show() -> None:
    tagged = [variant for variant in VARIANTS if any(code.type is BarcodeType.EPC for code in variant.barcodes)]
    assert tagged
    for variant in tagged:
        values = {code.type: code.value for code in variant.barcodes}
        assert values[BarcodeType.EAN] in domain.codes.candidates(values[BarcodeType.EPC])


def test_squares_lead_to_the_products_page() -> None:
    pages = {f"https://shop.example/p/{product.slug}" for product in PRODUCTS}
    squares = {code.value for variant in VARIANTS for code in variant.barcodes if code.type is BarcodeType.QR}
    assert squares
    assert squares <= pages


def test_every_product_stands_on_a_shelf_of_a_tree_two_levels_deep() -> None:
    tree = {category.id: category for category in of(Category)}
    assert {category.parent_id for category in tree.values() if category.parent_id} <= tree.keys()
    assert {tree[leaf].parent_id == root for leaf, root in (product.category_ids for product in PRODUCTS)} == {True}


def test_nothing_is_told_before_what_it_refers_to() -> None:
    known: set[str] = set()
    for item in ITEMS:
        match item:
            case Category() | PriceList() | Location():
                known.add(item.id)
                assert not isinstance(item, Category) or item.parent_id is None or item.parent_id in known
            case ProductEntry():
                assert known.issuperset(item.product.category_ids)
                known.update(variant.sku for variant in item.variants)
            case Price():
                assert {item.price_list.id, item.sku} <= known
            case Listing() | Count():
                assert {item.sku, item.location_id or item.sku} <= known


def test_every_variant_has_a_base_price_that_all_channels_share_CAT_6() -> None:
    by_sku: dict[str, list[Price]] = {sku: [] for sku in SKUS}
    for price in of(Price):
        by_sku[price.sku].append(price)
    for sku, prices in by_sku.items():
        quotes = [
            domain.prices.resolve(sku, prices, PriceContext("CNY", NOW, channel=channel, member_tier=tier))
            for channel in (None, *Channel)
            for tier in (None, "gold")
        ]
        assert len({quote and quote.list for quote in quotes}) == 1
        assert all(quote and 0 < quote.price.amount_minor <= quote.list.amount_minor for quote in quotes)


def test_buying_more_never_costs_more_a_piece_CAT_5() -> None:
    assert domain.prices.rising_steps(of(Price)) == []
    assert any(price.min_quantity > 1 for price in of(Price))


def test_one_price_list_is_for_a_few_days_around_now() -> None:
    (flash,) = [found for found in of(PriceList) if found.valid_to is not None]
    assert flash.valid_from is not None
    assert flash.valid_to is not None
    assert flash.valid_from < NOW < flash.valid_to


@pytest.mark.parametrize("channel", list(Channel))
def test_most_of_the_range_is_on_sale_in_every_channel(channel: Channel) -> None:
    by_sku: dict[str, list[Listing]] = {sku: [] for sku in SKUS}
    for listing in of(Listing):
        by_sku[listing.sku].append(listing)
    listed = sum(domain.assortment.is_listed(listings, Shelf(channel, NOW)) for listings in by_sku.values())
    assert 0.8 * len(SKUS) < listed < len(SKUS)


def test_some_are_drafts_some_archived_some_upcoming_some_in_few_stores_only() -> None:
    statuses = Counter(product.status for product in PRODUCTS)
    assert statuses[ProductStatus.DRAFT] >= 3
    assert statuses[ProductStatus.ARCHIVED] >= 3
    assert any(listing.listed_from > NOW for listing in of(Listing))
    assert any(listing.location_id for listing in of(Listing))


def test_shelves_hold_plenty_few_and_none_and_some_places_were_never_counted() -> None:
    quantities = [count.quantity for count in of(Count)]
    assert min(quantities) == 0
    assert sum(0 < quantity <= 3 for quantity in quantities) > 500
    assert len(quantities) == len({count.key for count in of(Count)}) < len(SKUS) * 14


def test_the_hot_skus_are_down_jackets_in_l_in_the_stores_of_shanghai() -> None:
    options = {variant.sku: {o.name: o.value for o in variant.option_values} for variant in VARIANTS}
    titles = {product.id: product.title for product in PRODUCTS}
    cities = {place.id: place.city for place in of(Location)}
    counted = {count.key: count.quantity for count in of(Count)}
    for sku in traffic.HOT_SKUS:
        assert options[sku]["尺码"] == "L"
        assert "羽绒服" in titles[sku.split("-")[0]]
        assert all(counted[sku, place] > 3 for place in traffic.HOT_LOCATIONS)
    assert {cities[place] for place in traffic.HOT_LOCATIONS} == {"上海"}


@pytest.mark.parametrize(
    ("question", "at_least"), [("羽绒", 8), ("冲锋衣", 7), ("jacket", 20), ("DJ01", 1), ("轻暖 jackets", 1)]
)
def test_people_find_products_by_chinese_and_by_english_words(question: str, at_least: int) -> None:
    asked = set(domain.search.query_terms(question))
    found = [p for p in PRODUCTS if asked <= domain.search.index_terms(f"{p.title} {p.description}")]
    assert len(found) >= at_least
