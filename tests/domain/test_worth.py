"""What a member has brought is a sum; what may come of it is their yearly average, for three years."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.worth
from domain.worth import EXPECTED_YEARS, Bought, LifetimeValue, Repurchase
from tests.builders import NOW


@given(st.integers(1, 500), st.integers(0, 10**12), st.integers(0, 5_000))
def test_the_forecast_is_average_order_times_orders_a_year_times_expected_years(
    orders: int, amount_minor: int, days: int
) -> None:
    value = domain.worth.lifetime_value(Bought(orders, amount_minor, NOW - timedelta(days=days)), NOW)
    years = max(days, 365) / 365
    assert value.orders_per_year == pytest.approx(orders / years)
    assert value.forecast_minor == pytest.approx(amount_minor / orders * value.orders_per_year * EXPECTED_YEARS, abs=1)
    assert value.average_order_minor * orders <= value.historic_minor == amount_minor


def test_whoever_never_bought_is_worth_nothing_so_far() -> None:
    assert domain.worth.lifetime_value(Bought(), NOW) == LifetimeValue(0, 0, 0, 0.0, 0)


def test_a_rate_of_nobody_is_none() -> None:
    assert (Repurchase(0, 0).rate, Repurchase(4, 1).rate) == (None, 0.25)
