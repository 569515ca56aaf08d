"""Variants can be told apart by their options, and a code leads to one of them."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

import domain.catalog
from domain.catalog import Barcode, BarcodeType, Option, OptionValue, Variant

options = st.lists(
    st.builds(OptionValue, st.sampled_from(["尺码", "颜色"]), st.sampled_from(["L", "M", "红"])), max_size=2
).map(tuple)
barcodes = st.lists(
    st.builds(Barcode, st.sampled_from(BarcodeType), st.sampled_from(["6901234567892", "DJ01", "x"])), max_size=3
).map(tuple)
variants = st.lists(
    st.builds(lambda n, found, codes: Variant(f"S{n}", "P", found, codes), st.integers(0, 99), options, barcodes),
    max_size=6,
    unique_by=lambda variant: variant.sku,
)


@given(variants)
def test_variants_of_one_product_that_cannot_be_told_apart_are_named_together_CAT_1(found: list[Variant]) -> None:
    named = {pair for group in domain.catalog.same_options(found) for pair in combinations(sorted(group), 2)}
    alike = {
        (min(a.sku, b.sku), max(a.sku, b.sku))
        for a, b in combinations(found, 2)
        if set(a.option_values) == set(b.option_values)
    }
    assert named == alike
    assert all(list(group) == sorted(group) for group in domain.catalog.same_options(found))


@given(variants)
def test_a_code_that_two_skus_claim_is_named_CAT_2(found: list[Variant]) -> None:
    claims = {(code.value, variant.sku) for variant in found for code in variant.barcodes}
    doubled = {value for value, sku in claims for other, another in claims if value == other and sku != another}
    assert domain.catalog.shared_barcodes(found) == sorted(doubled)


def test_a_sku_may_carry_one_code_twice_on_different_labels() -> None:
    twice = Variant(
        "S1", "P", (), (Barcode(BarcodeType.EAN, "6901234567892"), Barcode(BarcodeType.QR, "6901234567892"))
    )
    assert domain.catalog.shared_barcodes([twice]) == []


def test_a_product_s_options_are_those_of_its_variants_in_the_order_met() -> None:
    size, colour = "尺码", "颜色"
    found = [
        Variant("S1", "P", (OptionValue(size, "L"), OptionValue(colour, "红"))),
        Variant("S2", "P", (OptionValue(size, "M"), OptionValue(colour, "红"))),
    ]
    assert domain.catalog.options_of(found) == (Option(size, ("L", "M")), Option(colour, ("红",)))
