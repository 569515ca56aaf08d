"""A receipt is kept and read back word for word."""

from hypothesis import given
from hypothesis import strategies as st

import resolvers.receipts
from domain.statuses import Status
from domain.stock import StockLevel
from resolvers.receipts import ItemResult, Receipt
from tests.builders import NOW
from tests.refusing import instants, refusals

levels = st.builds(
    StockLevel,
    sku=st.text(max_size=5),
    location_id=st.text(max_size=5),
    on_hand=st.integers(-99, 99),
    version=st.integers(1, 99),
    as_of=instants,
    received_at=instants,
    source=st.text(max_size=5),
    counted_at=st.none() | instants,
    counted=st.integers(0, 99),
)
receipts = st.lists(
    st.builds(
        ItemResult, st.integers(0, 199), st.sampled_from(Status), st.none() | levels, st.lists(refusals).map(tuple)
    ),
    max_size=3,
).map(Receipt)


@given(receipts)
def test_a_receipt_is_read_back_word_for_word(receipt: Receipt) -> None:
    written = resolvers.receipts.dump(receipt)
    assert resolvers.receipts.load(written) == receipt
    assert resolvers.receipts.dump(resolvers.receipts.load(written)) == written


def test_requests_are_told_apart_by_their_content_alone() -> None:
    first = resolvers.receipts.request_hash({"sku": "a", "at": NOW})
    assert first == resolvers.receipts.request_hash({"at": NOW, "sku": "a"})
    assert first != resolvers.receipts.request_hash({"sku": "b", "at": NOW})
