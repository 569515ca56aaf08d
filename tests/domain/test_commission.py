"""Commission: who a sale counts for, and what is left of it when units come back, unit by unit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

import domain.bindings
from domain.bindings import BindingSource, Periods, Wish
from domain.commission import Attribution, Entry, EntryKind, Ground, Sale, accrue, attributed, claw_back
from domain.share_tokens import token
from tests.builders import NOW
from tests.domain.test_bindings import bound

DAY = timedelta(days=1)
BOUND = bound().now
weights = st.dictionaries(st.sampled_from(["a-1", "a-2", "a-3", "a-4"]), st.integers(1, 9), min_size=1)
sales = st.builds(
    Sale,
    st.just("o-1"),
    st.just("l-1"),
    units=st.integers(1, 12),
    net_minor=st.integers(0, 10**6),
    currency=st.just("CNY"),
)
rates = st.integers(0, 2_000)


def accrued(sale: Sale, shared: Mapping[str, int], rate_bp: int) -> Sequence[Entry]:
    """What is entered once the line is completed."""
    return accrue(sale, Attribution(Ground.SOLD_BY, shared), rate_bp=rate_bp, at=NOW)


@given(sales, weights, rates)
def test_all_parts_of_a_line_are_its_commission_and_all_shares_are_the_whole_CLI_3(
    sale: Sale, shared: dict[str, int], rate_bp: int
) -> None:
    entries = accrued(sale, shared, rate_bp)
    assert {one.associate_id for one in entries} == set(shared)
    assert sum(one.share_bp for one in entries) == 10_000
    assert sum(one.amount_minor for one in entries) == sale.net_minor * rate_bp // 10_000
    exact = {who: sale.net_minor * rate_bp // 10_000 * weight / sum(shared.values()) for who, weight in shared.items()}
    assert all(abs(one.amount_minor - exact[one.associate_id]) < 1 for one in entries)


@given(sales, weights, rates, st.lists(st.integers(0, 14), max_size=6))
def test_what_is_left_is_the_commission_of_the_kept_units_however_they_come_back_CLI_4(
    sale: Sale, shared: dict[str, int], rate_bp: int, returns: list[int]
) -> None:
    entries = list(accrued(sale, shared, rate_bp))
    parts = {one.associate_id: unit_by_unit(one.amount_minor, sale.units) for one in entries}
    back = 0
    for count in returns:
        back = max(back, min(count, sale.units))
        entries += claw_back(entries, returned=count, at=NOW)
        for who, units in parts.items():
            left = sum(one.amount_minor for one in entries if one.associate_id == who)
            assert left == sum(units[back:])
            assert left >= 0
    assert len({one.id for one in entries}) == len(entries)


def unit_by_unit(amount: int, units: int) -> list[int]:
    """What each single unit carries: together the amount, each no more than one apart."""
    carried = [amount * n // units - amount * (n - 1) // units for n in range(1, units + 1)]
    assert sum(carried) == amount
    assert max(carried) - min(carried) <= 1
    return carried


@given(sales, weights, rates, st.integers(0, 12))
def test_the_same_return_told_again_takes_nothing(
    sale: Sale, shared: dict[str, int], rate_bp: int, returned: int
) -> None:
    entries = list(accrued(sale, shared, rate_bp))
    entries += claw_back(entries, returned=returned, at=NOW)
    assert claw_back(entries, returned=returned, at=NOW + DAY) == []


def test_a_paid_entry_is_corrected_by_a_new_one_that_is_not_paid() -> None:
    (paid,) = [
        replace(one, statement_id="s-1") for one in accrued(Sale("o-1", "l-1", 2, 1_000, "CNY"), {"a-1": 1}, 500)
    ]
    (back,) = claw_back([paid], returned=1, at=NOW + DAY)
    assert (back.kind, back.amount_minor, back.statement_id) == (EntryKind.CLAW_BACK, -25, None)


def test_the_first_that_applies_is_who_sold_it_then_who_shared_it_then_who_looks_after_the_member() -> None:
    shared = token("c", "a-2", now=NOW)
    named = {"a-3": 2, "a-4": 1}
    assert attributed(sold_by=named, token=shared, binding=BOUND, at=NOW) == Attribution(Ground.SOLD_BY, named)
    assert attributed(sold_by={}, token=shared, binding=BOUND, at=NOW) == Attribution(Ground.SHARE_TOKEN, {"a-2": 1})
    assert attributed(sold_by={}, token=None, binding=BOUND, at=NOW) == Attribution(Ground.BINDING, {"a-1": 1})
    assert attributed(sold_by={}, token=None, binding=None, at=NOW) is None


def test_a_token_and_a_binding_count_within_their_time_only() -> None:
    shared = token("c", "a-2", now=NOW)
    for days, ground in ((6, Ground.SHARE_TOKEN), (7, Ground.BINDING), (179, Ground.BINDING), (180, None)):
        found = attributed(sold_by={"a-9": 0}, token=shared, binding=BOUND, at=NOW + days * DAY)
        assert (found.ground if found else None) is ground


@given(st.integers(0, 200), st.integers(1, 300))
def test_clients_who_are_handed_over_count_for_the_new_guide_from_then_on_and_no_sooner_CLI_6(
    over_on: int, ordered_on: int
) -> None:
    over_at = NOW + over_on * DAY
    made = domain.bindings.handed_over(BOUND, Wish("b-2", "m-1", "a-2", BindingSource.ASSIGNMENT), Periods(), over_at)
    assert made.ended is not None
    at = NOW + ordered_on * DAY
    found = attributed(sold_by={}, token=None, binding=domain.bindings.held_at([made.ended, made.now], at), at=at)
    if ordered_on >= over_on:
        assert (found.weights if found else None) == ({"a-2": 1} if ordered_on < over_on + 180 else None)
    else:
        assert found == attributed(sold_by={}, token=None, binding=BOUND, at=at)
