"""What may still be sold, how old the word is, and who may know the number."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import domain.availability
from domain.assortment import Channel
from domain.availability import Availability, Freshness, Sight, StockSignal
from domain.stock import StockLevel
from tests.builders import NOW

LEVEL = StockLevel("DJ01-L", "SH001", 5, 7, as_of=NOW, received_at=NOW, source="pos")
AN_HOUR = Freshness(timedelta(hours=1))
HIDDEN_AFTER_AN_HOUR = Freshness(timedelta(hours=1), hide_when_stale=True)

levels = st.builds(
    lambda on_hand, age: replace(LEVEL, on_hand=on_hand, as_of=NOW - timedelta(minutes=age)),
    st.integers(-5, 12),
    st.integers(-5, 120),
)
rules = st.sampled_from([AN_HOUR, HIDDEN_AFTER_AN_HOUR])
thresholds = st.integers(0, 5)


def shown(
    level: StockLevel | None, *, freshness: Freshness = AN_HOUR, low: int = 3, staff: bool = False
) -> Availability:
    """What one viewer sees now."""
    return domain.availability.seen(
        [level], Sight(NOW, Channel.APP, low, lambda source: freshness, sees_numbers=staff)
    )[0]


def promised(level: StockLevel) -> int:
    """What the app may still sell now."""
    return domain.availability.available_to_promise(level, channel=Channel.APP, now=NOW, freshness=AN_HOUR)


@given(levels)
def test_nothing_below_zero_and_no_more_than_is_there_is_promised_STK_4(level: StockLevel) -> None:
    assert 0 <= promised(level) <= max(0, level.on_hand)


@given(levels, rules, thresholds, st.booleans())
def test_unknown_is_said_when_nobody_knows_and_only_then_STK_9(
    level: StockLevel, freshness: Freshness, low: int, staff: bool
) -> None:
    is_old = level.as_of + freshness.budget < NOW
    seen = shown(level, freshness=freshness, low=low, staff=staff)
    assert (seen.signal is StockSignal.UNKNOWN) == (is_old and freshness.hide_when_stale)
    assert seen.is_stale == is_old
    assert shown(None, freshness=freshness, low=low, staff=staff).signal is StockSignal.UNKNOWN


@given(levels, rules, thresholds)
def test_shoppers_see_a_number_only_when_it_is_low_STK_12(level: StockLevel, freshness: Freshness, low: int) -> None:
    seen = shown(level, freshness=freshness, low=low)
    assert (seen.quantity is not None) == (seen.signal is StockSignal.LOW)
    assert seen.quantity in (None, level.on_hand)


@given(levels, levels, thresholds)
def test_two_full_shelves_look_the_same_to_a_shopper_STK_12(one: StockLevel, other: StockLevel, low: int) -> None:
    assume(one.on_hand > low and other.on_hand > low)
    assert shown(one, low=low) == shown(replace(other, as_of=one.as_of), low=low)


@given(levels, rules, thresholds)
def test_staff_always_see_the_number_STK_12(level: StockLevel, freshness: Freshness, low: int) -> None:
    assert shown(level, freshness=freshness, low=low, staff=True).quantity == max(0, level.on_hand)


@pytest.mark.parametrize(
    ("on_hand", "signal"),
    [(-2, "OUT"), (0, "OUT"), (1, "LOW"), (3, "LOW"), (4, "IN_STOCK")],
)
def test_the_signal_follows_the_quantity(on_hand: int, signal: str) -> None:
    assert shown(replace(LEVEL, on_hand=on_hand)).signal.value == signal


@pytest.mark.parametrize(("minutes", "is_stale"), [(60, False), (61, True)])
def test_a_word_holds_to_the_end_of_its_budget_and_is_shown_as_stale_after_it(minutes: int, is_stale: bool) -> None:
    seen = shown(replace(LEVEL, as_of=NOW - timedelta(minutes=minutes)))
    assert (seen.is_stale, seen.signal) == (is_stale, StockSignal.IN_STOCK)


def test_it_is_told_who_said_so_when_and_until_when_it_holds() -> None:
    seen = shown(LEVEL)
    assert (seen.source, seen.as_of, seen.stale_after, seen.version) == ("pos", NOW, NOW + timedelta(hours=1), 7)
