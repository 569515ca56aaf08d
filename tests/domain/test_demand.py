"""How fast something sells, and how much of it may have gone unheard."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.demand import HALF_LIFE, NO_SALES, SaleRate, staleness_buffer
from tests.builders import NOW

sales = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 500)), max_size=8)
weights = st.floats(0, 1_000)
ages = st.integers(0, 10_000).map(lambda n: timedelta(minutes=n))
deviations = st.floats(0, 4)


def heard(told: list[tuple[int, int]]) -> SaleRate:
    """The rate after these sales, each of so many units so many hours ago."""
    rate = NO_SALES
    for quantity, hours_ago in told:
        rate = rate.sold(quantity, NOW - timedelta(hours=hours_ago))
    return rate


@given(sales)
def test_the_order_in_which_sales_are_heard_does_not_matter_DSR_1(told: list[tuple[int, int]]) -> None:
    one, other = heard(told), heard(sorted(told))
    assert one.at == other.at
    assert one.weight == pytest.approx(other.weight)


@given(sales.filter(bool))
def test_each_sale_counts_half_after_every_half_life(told: list[tuple[int, int]]) -> None:
    latest = min(hours for _, hours in told)
    weight = sum(units * 0.5 ** (timedelta(hours=hours - latest) / HALF_LIFE) for units, hours in told)
    assert heard(told).weight == pytest.approx(weight)


def test_a_steady_trade_is_told_as_its_rate() -> None:
    rate = heard([(2, hours) for hours in range(24 * 60)])
    assert rate.per_hour == pytest.approx(2, rel=0.01)


@given(weights, ages, deviations)
def test_the_buffer_is_the_formula_of_the_house(weight: float, age: timedelta, z: float) -> None:
    """domain.md §4.1: ⌈λ·age + z·√(λ·age)⌉, with λ in units an hour."""
    rate = SaleRate(weight, NOW)
    expected = rate.per_hour * age.total_seconds() / 3600
    units = staleness_buffer(rate, age, z=z)
    assert units - 1 < expected + z * math.sqrt(expected) + 1e-6
    assert units >= expected + z * math.sqrt(expected) - 1e-6


@given(weights, ages, ages, deviations)
def test_the_buffer_grows_with_age_STK_5(weight: float, one: timedelta, other: timedelta, z: float) -> None:
    rate = SaleRate(weight, NOW)
    assert staleness_buffer(rate, min(one, other), z=z) <= staleness_buffer(rate, max(one, other), z=z)


def test_an_hour_of_four_sales_keeps_back_eight_at_two_deviations() -> None:
    four_an_hour = SaleRate(4 * (HALF_LIFE / timedelta(hours=1)) / math.log(2), NOW)
    assert staleness_buffer(four_an_hour, timedelta(hours=1), z=2) in (8, 9)  # 4 + 2·2, and what rounding adds
    assert staleness_buffer(four_an_hour, timedelta(hours=1), z=0) in (4, 5)
    assert staleness_buffer(NO_SALES, timedelta(days=9), z=2) == 0
