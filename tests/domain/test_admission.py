"""Whatever a file claims, what is admitted of it keeps the rules of the catalogue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.admission
import domain.catalog
from domain.catalog import Barcode, BarcodeType, Category, OptionValue, Variant
from domain.imports import Item, NamedCategory, ProductEntry
from domain.known import Known
from domain.movements import CLOCK_SKEW
from domain.prices import PriceList
from domain.stock import MAX_QUANTITY
from tests.builders import BASE, NOW, count, entry, listing, priced, product, shop, variant

MOMENT = timedelta(microseconds=1)


def variants_of(product_id: str) -> st.SearchStrategy[Variant]:
    return st.builds(
        lambda sku, size, codes: Variant(
            sku, product_id, (OptionValue("size", size),), tuple(Barcode(BarcodeType.EAN, code) for code in codes)
        ),
        st.sampled_from("abcdef"),
        st.sampled_from("SML"),
        st.frozensets(st.sampled_from("123"), max_size=2),
    )


def _told(product_id: str, variants: Sequence[Variant]) -> ProductEntry:
    return ProductEntry(product(product_id, options=domain.catalog.options_of(variants)), tuple(variants))


entries = st.sampled_from("PQ").flatmap(
    lambda id: st.lists(variants_of(id), max_size=4, unique_by=lambda v: v.sku).map(lambda found: _told(id, found))
)


def admitted(told: Sequence[ProductEntry]) -> dict[str, Variant]:
    """What stands at the end: of each sku the last word that was let in."""
    known = Known()
    stands: dict[str, Variant] = {}
    for said in told:
        item = domain.admission.admit(said, known, now=NOW).item
        assert isinstance(item, ProductEntry)
        stands |= {variant.sku: variant for variant in item.variants}
    return stands


@given(st.lists(entries, max_size=6))
def test_what_is_admitted_never_shares_a_barcode_CAT_2(told: list[ProductEntry]) -> None:
    assert domain.catalog.shared_barcodes(list(admitted(told).values())) == []


@given(st.lists(entries, max_size=6))
def test_what_is_admitted_can_be_told_apart_by_its_options_CAT_1(told: list[ProductEntry]) -> None:
    stands = admitted(told)
    for product_id in "PQ":
        assert domain.catalog.same_options([v for v in stands.values() if v.product_id == product_id]) == []


@given(st.lists(entries, max_size=6))
def test_every_variant_is_either_admitted_or_refused_with_a_reason(told: list[ProductEntry]) -> None:
    known = Known()
    for said in told:
        admission = domain.admission.admit(said, known, now=NOW)
        assert isinstance(admission.item, ProductEntry)
        assert len(admission.item.variants) + len(admission.refused) == len(said.variants)
        assert bool(admission.problems) == bool(admission.refused)


def knowing(*items: Item) -> Known:
    """What is known once these went in."""
    known = Known()
    for item in items:
        assert domain.admission.admit(item, known, now=NOW).problems == ()
    return known


def codes(item: Item, known: Known) -> list[tuple[str, str]]:
    """On which field, and why, an item is refused."""
    return [(problem.field, problem.code) for problem in domain.admission.admit(item, known, now=NOW).problems]


SHOP: tuple[Item, ...] = (
    Category("women", "women", "女装"),
    entry("DJ01", sizes=("L", "M")),
    entry("MH01"),
    BASE,
    shop("SH001"),
)


@pytest.mark.parametrize(
    ("item", "field", "code"),
    [
        (Category("top", "top", "Top", "top"), "parent", "OWN_PARENT"),
        (Category("low", "low", "Low", "nowhere"), "parent", "UNKNOWN_CATEGORY"),
        (Category("top", "women", "Top"), "slug", "DUPLICATE_SLUG"),
        (NamedCategory(Category("top", "women", "Top")), "slug", "DUPLICATE_SLUG"),
        (entry("NEW", slug="p-dj01"), "slug", "DUPLICATE_SLUG"),
        (entry("NEW", category_ids=("women", "nowhere")), "categories", "UNKNOWN_CATEGORY"),
        (ProductEntry(product("NEW"), (variant("DJ01-L", "NEW"),)), "sku", "SKU_TAKEN"),
        (ProductEntry(product("NEW"), (variant("N-L", "NEW"),) * 2), "sku", "REPEATED"),
        (ProductEntry(product("DJ01"), (variant("XX-L"),)), "options", "SAME_OPTIONS"),
        (PriceList("web", "Web", "CNY", valid_from=NOW, valid_to=NOW), "valid_to", "EMPTY_INTERVAL"),
        (priced("DJ01-L", -1), "amount", "NEGATIVE_PRICE"),
        (priced("DJ01-L", 1, from_quantity=0), "min_quantity", "BAD_QUANTITY"),
        (priced("DJ01-L", 1, list=replace(BASE, currency="USD")), "currency", "OTHER_CURRENCY"),
        (priced("DJ01-L", 1, list=replace(BASE, id="nobody")), "price_list", "UNKNOWN_PRICE_LIST"),
        (priced("nobody", 1), "sku", "UNKNOWN_SKU"),
        (listing("nobody"), "sku", "UNKNOWN_SKU"),
        (listing("DJ01-L", location_id="nowhere"), "location", "UNKNOWN_LOCATION"),
        (listing("DJ01-L", listed_from=NOW, listed_to=NOW), "listed_to", "EMPTY_INTERVAL"),
        (count(1, sku="nobody"), "sku", "UNKNOWN_SKU"),
        (count(1, location_id="nowhere"), "location", "UNKNOWN_LOCATION"),
        (count(-1), "quantity", "NEGATIVE_QUANTITY"),
        (count(MAX_QUANTITY + 1), "quantity", "OUT_OF_RANGE"),
        (count(1, at=NOW + CLOCK_SKEW + MOMENT), "observed_at", "OBSERVED_IN_FUTURE"),
    ],
)
def test_what_no_shop_can_mean_is_refused_by_the_name_of_its_field(item: Item, field: str, code: str) -> None:
    assert codes(item, knowing(*SHOP)) == [(field, code)]


@pytest.mark.parametrize(
    "item",
    [
        priced("DJ01-L", 0),
        priced("DJ01-L", 1, from_quantity=1),
        PriceList("web", "Web", "CNY", valid_from=NOW, valid_to=NOW + MOMENT),
        listing("DJ01-L", listed_from=NOW, listed_to=NOW + MOMENT),
        count(0),
        count(MAX_QUANTITY),
        count(1, at=NOW + CLOCK_SKEW),
        NamedCategory(Category("women", "other-words", "Women", "nowhere")),
    ],
)
def test_what_only_just_holds_goes_in(item: Item) -> None:
    assert codes(item, knowing(*SHOP)) == []


def test_a_category_that_is_only_named_keeps_the_address_it_has_and_holds_what_is_filed_there() -> None:
    renamed, new = NamedCategory(Category("women", "ladies", "Ladies")), NamedCategory(Category("men", "men", "男装"))
    known = knowing(*SHOP, renamed, new)
    assert codes(Category("top", "women", "Top"), known) == [("slug", "DUPLICATE_SLUG")]
    assert codes(entry("NEW", category_ids=("women", "men")), known) == []


def test_an_address_that_a_file_says_nothing_of_stands_in_nobody_s_way() -> None:
    """What a reader made up for a product that has an address already is not written, so it cannot clash."""
    made_up = entry("MH01", slug="p-dj01")
    assert codes(replace(made_up, silent=frozenset({"slug"})), knowing(*SHOP)) == []
    assert codes(made_up, knowing(*SHOP)) == [("slug", "DUPLICATE_SLUG")]
    new = replace(entry("NEW", slug="p-dj01"), silent=frozenset({"slug"}))
    assert codes(new, knowing(*SHOP)) == [("slug", "DUPLICATE_SLUG")]
