"""Whatever a file claims, what is admitted of it keeps the rules of the catalogue."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

import domain.admission
import domain.catalog
import domain.imports
from domain.catalog import Barcode, BarcodeType, OptionValue, Product, ProductStatus, Variant
from domain.imports import Kind, ProductEntry, Tally
from domain.known import Known
from domain.statuses import Status

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def entry(product_id: str, *variants: Variant) -> ProductEntry:
    options = domain.catalog.options_of(variants)
    product = Product(product_id, product_id, product_id, "", "", ProductStatus.ACTIVE, options, (), (), NOW)
    return ProductEntry(product, variants)


def variants_of(product_id: str) -> st.SearchStrategy[Variant]:
    return st.builds(
        lambda sku, size, codes: Variant(
            sku, product_id, (OptionValue("size", size),), tuple(Barcode(BarcodeType.EAN, code) for code in codes)
        ),
        st.sampled_from("abcdef"),
        st.sampled_from("SML"),
        st.frozensets(st.sampled_from("123"), max_size=2),
    )


entries = st.sampled_from("PQ").flatmap(
    lambda id: st.lists(variants_of(id), max_size=4, unique_by=lambda v: v.sku).map(lambda found: entry(id, *found))
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


@given(st.dictionaries(st.tuples(st.sampled_from(Kind), st.sampled_from(Status)), st.integers(1, 9)))
def test_a_tally_comes_back_from_its_checkpoint_as_it_was(counts: dict[tuple[Kind, Status], int]) -> None:
    tally = Tally()
    for (kind, status), times in counts.items():
        tally.add(kind, status, times)
    assert Tally.from_json(tally.as_json()) == tally
