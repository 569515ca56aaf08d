"""Allocation and unit shares: nothing is lost and nothing is made, however it is cut (§0.1, §0.2)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.allocation import allocate, unit_share

TOTALS = st.integers(0, 10**9)
WEIGHTS = st.dictionaries(st.text(max_size=3), st.integers(0, 10**6), min_size=1, max_size=8)
SOME = WEIGHTS.filter(lambda weights: sum(weights.values()) > 0)


@given(TOTALS, SOME)
def test_shares_sum_to_the_total_ALC_1(total: int, weights: dict[str, int]) -> None:
    assert sum(allocate(total, weights).values()) == total


@given(st.lists(st.text(max_size=3), unique=True), st.integers(1, 9))
def test_without_weights_nothing_is_shared_and_something_cannot_be_ALC_1(keys: list[str], total: int) -> None:
    weights = dict.fromkeys(keys, 0)
    assert allocate(0, weights) == weights
    with pytest.raises(ValueError, match="nothing to share"):
        allocate(total, weights)


@given(TOTALS, SOME)
def test_no_share_is_a_whole_unit_off_its_quota_ALC_2(total: int, weights: dict[str, int]) -> None:
    for key, share in allocate(total, weights).items():
        assert abs(share - Fraction(total * weights[key], sum(weights.values()))) < 1


@given(SOME, st.data())
def test_no_line_gives_more_than_it_has_ALC_3(weights: dict[str, int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(weights.values())))
    for key, share in allocate(total, weights).items():
        assert 0 <= share <= weights[key]


@given(TOTALS, SOME, st.data())
def test_the_order_of_lines_does_not_matter_ALC_4(total: int, weights: dict[str, int], data: st.DataObject) -> None:
    shuffled = dict(data.draw(st.permutations(list(weights.items()))))
    assert allocate(total, shuffled) == allocate(total, weights)


def test_remainders_go_to_the_largest_fractions_then_weights_then_keys() -> None:
    assert allocate(10, {"a": 6, "b": 6, "c": 2}) == {"a": 4, "b": 4, "c": 2}
    assert allocate(1, {"b": 1, "a": 1}) == {"a": 1, "b": 0}
    with pytest.raises(ValueError, match="not negative"):
        allocate(-1, {"a": 1})


@given(st.integers(0, 10**6), st.lists(st.integers(0, 9), min_size=1))
def test_any_way_of_cutting_a_line_gives_all_of_it_USH_1(amount: int, cuts: list[int]) -> None:
    units = sum(cuts)
    parts = [unit_share(amount, units, taken=sum(cuts[:i]), more=cut) for i, cut in enumerate(cuts)]
    assert sum(parts) == (amount if units else 0)


@given(st.integers(1, 50), st.integers(0, 10**6), st.data())
def test_no_unit_carries_more_than_its_price_USH_2(units: int, price: int, data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, units * price))
    for taken in range(units):
        assert 0 <= unit_share(amount, units, taken=taken, more=1) <= price


def test_more_units_than_there_are_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="2 units after 1 of 2"):
        unit_share(10, 2, taken=1, more=2)
