"""Returns take from what the same member bought before, the latest first, and no money is lost or made."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.channels import Channel
from domain.orders import Order, OrderLine, totals
from domain.returns import Back, Purchases, ReturnLine, returned
from tests.builders import NOW

SKUS = ("A", "B")
bought = st.lists(
    st.tuples(st.integers(0, 9), st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 6), st.integers(0, 500)))),
    max_size=5,
)
backs = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(SKUS), st.integers(1, 9), st.integers(1, 600)))


def order(id: str, day: int, lines: Sequence[tuple[str, int, int]]) -> Order:
    """An order of lines of (sku, units, price)."""
    return Order(
        id=id,
        number=id,
        source="till",
        channel=Channel.POS,
        currency="GBP",
        placed_at=NOW + timedelta(days=day),
        lines=tuple(
            OrderLine(f"{id}:{n}", sku, sku, units, price, units * price) for n, (sku, units, price) in enumerate(lines)
        ),
    )


@given(bought, backs)
def test_no_line_gives_back_more_than_was_bought_or_paid_and_all_money_is_accounted_for_ORD_3(
    purchases: list[tuple[int, list[tuple[str, int, int]]]], wanted: list[tuple[int, str, int, int]]
) -> None:
    orders = {f"o{n}": order(f"o{n}", day, lines) for n, (day, lines) in enumerate(purchases)}
    books = Purchases(orders.values())
    taken: list[ReturnLine] = []
    for day, sku, units, price in sorted(wanted):
        at = NOW + timedelta(days=day)
        lines = books.take(Back(sku, sku, units, price), at=at)
        assert sum(line.refunded_minor for line in lines) == units * price
        assert sum(line.quantity for line in lines) == units or lines[-1].order_id is None
        assert all(line.sku == sku for line in lines)
        assert all(orders[line.order_id].placed_at <= at for line in lines if line.order_id)
        taken += lines
    after = orders | books.changed
    for one in after.values():
        assert all(0 <= line.returned <= line.quantity for line in one.lines)
        assert all(0 <= line.refunded_minor <= line.net_minor for line in one.lines)
        assert totals(one).net_minor == one.net_minor - one.refunded_minor
    matched = [line for line in taken if line.order_id is not None]
    assert sum(one.refunded_minor for one in after.values()) == sum(line.refunded_minor for line in matched)
    units_back: Counter[str | None] = Counter()
    for one_back in matched:
        units_back[one_back.order_line_id] += one_back.quantity
    assert {line.id: line.returned for one in after.values() for line in one.lines if line.returned} == units_back
    found = {line: units for lines in returned(matched).values() for line, units in lines.items()}
    assert found == units_back


def test_the_latest_purchase_before_gives_first() -> None:
    books = Purchases([order("o1", 1, [("A", 5, 100)]), order("o2", 2, [("A", 2, 90)]), order("o3", 9, [("A", 9, 1)])])
    lines = books.take(Back("A", "A", 4, 90), at=NOW + timedelta(days=3))
    assert [(line.order_id, line.quantity, line.refunded_minor) for line in lines] == [("o2", 2, 180), ("o1", 2, 180)]
    assert [(line.returned, line.refunded_minor) for line in books.changed["o1"].lines] == [(2, 180)]


def test_what_nobody_bought_and_what_goes_beyond_the_price_stands_without_receipt() -> None:
    books = Purchases([order("o1", 1, [("A", 1, 100)])])
    lines = books.take(Back("A", "A", 3, 150), at=NOW + timedelta(days=3))
    assert [(line.order_id, line.quantity, line.refunded_minor) for line in lines] == [("o1", 1, 100), (None, 2, 350)]
    again = books.take(Back("A", "A", 1, 100), at=NOW + timedelta(days=3))
    assert [(line.order_id, line.quantity) for line in again] == [(None, 1)]


def test_more_than_was_paid_for_a_unit_stands_without_receipt_and_without_units() -> None:
    books = Purchases([order("o1", 1, [("A", 1, 100)])])
    lines = books.take(Back("A", "A", 1, 110), at=NOW + timedelta(days=3))
    assert [(line.order_id, line.quantity, line.refunded_minor) for line in lines] == [("o1", 1, 100), (None, 0, 10)]
