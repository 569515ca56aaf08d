"""What may still be sold, how old the word is, and who may know the number."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.availability
import domain.ledger
import domain.reservations
import domain.stock
from domain.availability import Availability, Freshness, Sight, StockSignal
from domain.channels import Channel
from domain.demand import SaleRate
from domain.movements import Adjustment, MovementType
from domain.reservations import Changed, Reservation, ReservationKind, ReservationLine
from domain.stock import HOLD_SLOT, Hold, StockLevel, Terms, slot_end, terms_of, with_hold, with_terms
from tests.builders import NOW
from tests.domain.shelves import channels, freshnesses, levels

LEVEL = StockLevel("DJ01-L", "SH001", 5, 7, as_of=NOW, received_at=NOW, source="pos")
AN_HOUR = Freshness(timedelta(hours=1))
HIDDEN_AFTER_AN_HOUR = Freshness(timedelta(hours=1), hide_when_stale=True)

plain_levels = st.builds(
    lambda on_hand, age: replace(LEVEL, on_hand=on_hand, as_of=NOW - timedelta(minutes=age)),
    st.integers(-5, 12),
    st.integers(-5, 120),
)
rules = st.sampled_from([AN_HOUR, HIDDEN_AFTER_AN_HOUR])
thresholds = st.integers(0, 5)
steps = st.tuples(channels, st.integers(1, 4), st.sampled_from(["hold", "commit", "sell"]))


def shown(
    level: StockLevel | None, *, freshness: Freshness = AN_HOUR, low: int = 3, staff: bool = False
) -> Availability:
    """What one viewer sees now."""
    return domain.availability.seen(
        [level], Sight(NOW, Channel.APP, low, lambda source: freshness, sees_numbers=staff)
    )[0]


def promised(level: StockLevel, freshness: Freshness = AN_HOUR, channel: Channel = Channel.APP) -> int:
    """What a channel may still sell now."""
    return domain.availability.available_to_promise(level, channel=channel, now=NOW, freshness=freshness)


def slow(level: StockLevel, freshness: Freshness, channel: Channel) -> int:
    """The formula of domain.md §4.1, word by word."""
    active = [hold for hold in level.holds if hold.expires_at > NOW]
    own = next((terms for terms in level.terms if terms.channel is channel), Terms(channel))
    age_h = (NOW - level.as_of) / timedelta(hours=1)
    mean = level.sales.per_hour * age_h
    buffer = math.ceil(mean + freshness.buffer_z * math.sqrt(mean)) if NOW - level.as_of > freshness.budget else 0
    unsellable = sum(max(0, pieces) for pieces in (level.damaged, level.quality_control, level.display))
    raw = level.on_hand - unsellable - level.committed - sum(hold.quantity for hold in active) - own.safety - buffer
    left = math.inf if own.quota is None else own.quota - sum(h.quantity for h in active if h.channel is channel)
    return int(max(0, min(raw, left)))


@given(levels, freshnesses, channels)
def test_what_may_be_promised_is_the_formula_of_the_house(
    level: StockLevel, freshness: Freshness, channel: Channel
) -> None:
    assert promised(level, freshness, channel) == slow(level, freshness, channel)


@given(levels, freshnesses, channels)
def test_nothing_below_zero_and_no_more_than_is_there_is_promised_STK_4(
    level: StockLevel, freshness: Freshness, channel: Channel
) -> None:
    assert 0 <= promised(level, freshness, channel) <= max(0, level.on_hand - level.unsellable)
    assert level.unsellable >= 0  # a bucket below zero has nothing to sell


def _safer(terms: Terms, units: int) -> Terms:
    return replace(terms, safety=terms.safety + units)


def _less(level: StockLevel, channel: Channel, units: int) -> int:
    """A smaller share, or a first one."""
    quota = terms_of(level, channel).quota
    return 30 if quota is None else max(0, quota - units)


def _held(level: StockLevel, channel: Channel, units: int) -> StockLevel:
    return with_hold(level, Hold(slot_end(NOW) + HOLD_SLOT, channel, units), now=NOW)


LESS: dict[str, Callable[[StockLevel, Channel, int], StockLevel]] = {
    "safety": lambda level, at, n: with_terms(level, _safer(terms_of(level, at), n)),
    "held": _held,
    "held of others": lambda level, at, n: _held(level, next(c for c in Channel if c is not at), n),
    "committed": lambda level, at, n: replace(level, committed=level.committed + n),
    "age": lambda level, at, n: replace(level, as_of=level.as_of - timedelta(minutes=30 * n)),
    "damaged": lambda level, at, n: replace(level, damaged=level.damaged + n),
    "on hand": lambda level, at, n: replace(level, on_hand=level.on_hand - n),
    "quota": lambda level, at, n: with_terms(level, replace(terms_of(level, at), quota=_less(level, at, n))),
}
"""What leaves less to promise, or as much: never more."""


@pytest.mark.parametrize("what", LESS)
@given(level=levels, freshness=freshnesses, channel=channels, units=st.integers(1, 9))
def test_more_on_one_side_is_never_more_to_promise_on_the_other_STK_5(
    what: str, level: StockLevel, freshness: Freshness, channel: Channel, units: int
) -> None:
    assert promised(LESS[what](level, channel, units), freshness, channel) <= promised(level, freshness, channel)


@given(levels)
def test_on_hand_is_what_is_available_committed_held_and_unfit_for_sale(level: StockLevel) -> None:
    unpromised, kept = domain.stock.unpromised(level, NOW), domain.stock.held(level, NOW)
    assert level.on_hand == unpromised + level.committed + kept + level.unsellable
    assert domain.stock.oversold_by(level, NOW) == max(0, -unpromised)
    if unpromised < 0:
        assert {promised(level, channel=channel) for channel in Channel} == {0}


@given(levels, st.lists(steps, max_size=8))
def test_where_every_channel_has_its_share_none_takes_of_anothers_STK_8(
    level: StockLevel, taken: list[tuple[Channel, int, str]]
) -> None:
    level = replace(level, as_of=NOW, holds=())
    share = max(0, domain.stock.unpromised(level, NOW)) // len(Channel)
    level = replace(level, terms=tuple(Terms(channel, quota=share) for channel in Channel))
    for channel, units, step in taken:
        before = {known: promised(level, channel=known) for known in Channel}
        units = min(units, before[channel])
        if units:
            level = _taken(level, channel, units, step)
            assert {known: promised(level, channel=known) for known in Channel} == before | {
                channel: before[channel] - units
            }


def _taken(level: StockLevel, channel: Channel, units: int, step: str) -> StockLevel:
    """The level after a channel's customers took some of its share: held, held and paid, or sold at the till."""
    if step == "sell":
        sale = Adjustment("DJ01-L", "SH001", -units, "e1", NOW, MovementType.SALE, channel=channel)
        return domain.ledger.adjust(level, sale, seen=False, source="pos", now=NOW).level or level
    expires_at = slot_end(NOW) + HOLD_SLOT
    lines = (ReservationLine("DJ01-L", "SH001", units),)
    wish = Reservation("r", "c", "k", "h", ReservationKind.CHECKOUT, channel, lines, None, NOW, expires_at, expires_at)
    sight = Sight(NOW, channel, 3, lambda source: AN_HOUR, sees_numbers=True)
    made = domain.reservations.create(wish, {level.key: level}, sight)
    assert isinstance(made, Changed)
    if step == "hold":
        return made.levels[level.key]
    paid = domain.reservations.confirm(wish, made.levels, path=(), now=NOW)
    assert isinstance(paid, Changed)
    return paid.levels[level.key]


@given(levels, freshnesses, channels, thresholds)
def test_what_nobody_knows_is_neither_out_nor_in_stock_STK_9(
    level: StockLevel, freshness: Freshness, channel: Channel, low: int
) -> None:
    (seen,) = domain.availability.seen([level], Sight(NOW, channel, low, lambda source: freshness, sees_numbers=False))
    is_hidden = freshness.hide_when_stale and NOW - level.as_of > freshness.budget
    units = promised(level, freshness, channel)
    known = StockSignal.OUT if units == 0 else StockSignal.LOW if units <= low else StockSignal.IN_STOCK
    assert seen.signal is (StockSignal.UNKNOWN if is_hidden else known)
    assert not (is_hidden and seen.quantity is not None)


@given(plain_levels, rules, thresholds, st.booleans())
def test_unknown_is_said_when_nobody_knows_and_only_then_STK_9(
    level: StockLevel, freshness: Freshness, low: int, staff: bool
) -> None:
    is_old = level.as_of + freshness.budget < NOW
    seen = shown(level, freshness=freshness, low=low, staff=staff)
    assert (seen.signal is StockSignal.UNKNOWN) == (is_old and freshness.hide_when_stale)
    assert seen.is_stale == is_old
    assert shown(None, freshness=freshness, low=low, staff=staff).signal is StockSignal.UNKNOWN


@given(plain_levels, rules, thresholds)
def test_shoppers_see_a_number_only_when_it_is_low_STK_12(level: StockLevel, freshness: Freshness, low: int) -> None:
    seen = shown(level, freshness=freshness, low=low)
    assert (seen.quantity is not None) == (seen.signal is StockSignal.LOW)
    assert seen.quantity in (None, level.on_hand)


@given(plain_levels, st.integers(1, 12), st.integers(1, 12), thresholds)
def test_two_full_shelves_look_the_same_to_a_shopper_STK_12(level: StockLevel, one: int, other: int, low: int) -> None:
    assert shown(replace(level, on_hand=low + one), low=low) == shown(replace(level, on_hand=low + other), low=low)


@given(plain_levels, rules, thresholds)
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


def test_nothing_is_kept_back_to_the_end_of_a_words_budget_and_after_it_for_all_its_age() -> None:
    """At the end of the hour the word still holds; a moment later a whole hour of sales may be missing from it."""
    steady = replace(LEVEL, on_hand=50, as_of=NOW - timedelta(hours=1), sales=SaleRate(500, NOW - timedelta(hours=1)))
    assert promised(steady) == 50
    assert promised(replace(steady, as_of=steady.as_of - timedelta(microseconds=1))) == 50 - 5  # ⌈500·ln 2 / 72⌉


def test_of_many_levels_each_is_as_old_as_its_own_source_allows_STK_9() -> None:
    rules = {"pos": AN_HOUR, "erp": HIDDEN_AFTER_AN_HOUR, "wms": Freshness(timedelta(days=1))}
    told = [replace(LEVEL, source=source, as_of=NOW - timedelta(hours=2)) for source in ("pos", "erp", "wms", "erp")]
    seen = domain.availability.seen([*told, None], Sight(NOW, Channel.APP, 3, rules.__getitem__, sees_numbers=False))
    assert [(one.signal.value, one.is_stale) for one in seen] == [
        ("IN_STOCK", True),
        ("UNKNOWN", True),
        ("IN_STOCK", False),
        ("UNKNOWN", True),
        ("UNKNOWN", True),
    ]


def test_it_is_told_who_said_so_when_and_until_when_it_holds() -> None:
    seen = shown(LEVEL)
    assert (seen.source, seen.as_of, seen.stale_after, seen.version) == ("pos", NOW, NOW + timedelta(hours=1), 7)


def test_a_channel_without_a_share_is_sold_out_where_the_till_still_sells() -> None:
    level = replace(LEVEL, on_hand=9, terms=(Terms(Channel.APP, quota=0),))
    signals = [
        domain.availability.seen([level], Sight(NOW, channel, 3, lambda source: AN_HOUR, sees_numbers=False))[0].signal
        for channel in (Channel.APP, Channel.POS)
    ]
    assert signals == [StockSignal.OUT, StockSignal.IN_STOCK]
