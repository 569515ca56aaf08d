"""What may be promised of a level with everything in it: never more than lies there, and less of it for good reason."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.assortment import Channel
from domain.availability import Freshness, available_to_promise
from domain.demand import SaleRate
from domain.stock import Hold, StockLevel, Terms, held, oversold_by, with_hold, with_terms
from tests.builders import NOW, minutes

FRESH_FOR = Freshness(timedelta(hours=1), buffer_z=1.0)
LEVEL = StockLevel("DJ01-L", "SH001", 5, 7, as_of=NOW, received_at=NOW, source="pos")

few = st.integers(0, 4)
channels = st.sampled_from([Channel.APP, Channel.MINI_PROGRAM])
terms = st.builds(Terms, channels, few, st.none() | st.integers(0, 12))
holds = st.builds(lambda m, channel, units: Hold(NOW + minutes(m), channel, units), st.integers(-5, 30), channels, few)
sales = st.builds(lambda weight: SaleRate(weight, NOW), st.floats(0.1, 200))


@st.composite
def levels(draw: st.DrawFn) -> StockLevel:
    """A level with anything that a level can hold."""
    level = replace(
        LEVEL,
        on_hand=draw(st.integers(-3, 25)),
        damaged=draw(few),
        quality_control=draw(few),
        display=draw(few),
        committed=draw(few),
        sales=draw(sales),
        as_of=NOW - minutes(draw(st.integers(0, 300))),
    )
    for hold in draw(st.lists(holds, max_size=4)):
        level = with_hold(level, hold, now=NOW)
    for agreed in draw(st.lists(terms, max_size=2)):
        level = with_terms(level, agreed)
    return level


def promised(level: StockLevel, channel: Channel = Channel.APP, *, later: timedelta = timedelta()) -> int:
    return available_to_promise(level, channel=channel, now=NOW + later, freshness=FRESH_FOR)


@given(levels(), channels)
def test_nothing_below_zero_and_no_more_than_is_for_sale_is_promised_STK_4(level: StockLevel, channel: Channel) -> None:
    assert 0 <= promised(level, channel) <= max(0, level.on_hand - level.unsellable)


@given(levels(), st.integers(1, 5), channels)
def test_more_kept_back_held_committed_or_spoiled_never_promises_more_STK_5(
    level: StockLevel, more: int, channel: Channel
) -> None:
    now = promised(level)
    safer = next((known for known in level.terms if known.channel is Channel.APP), Terms(Channel.APP))
    assert promised(with_terms(level, replace(safer, safety=safer.safety + more))) <= now
    assert promised(with_hold(level, Hold(NOW + minutes(9), channel, more), now=NOW)) <= now
    assert promised(replace(level, committed=level.committed + more)) <= now
    assert promised(replace(level, damaged=level.damaged + more)) <= now
    assert promised(replace(level, as_of=level.as_of - minutes(60 * more))) <= now


@given(levels(), st.integers(1, 5))
def test_more_on_hand_or_a_larger_share_never_promises_less_STK_5(level: StockLevel, more: int) -> None:
    now = promised(level)
    assert promised(replace(level, on_hand=level.on_hand + more)) >= now
    share = next((known for known in level.terms if known.channel is Channel.APP), Terms(Channel.APP))
    assert promised(with_terms(level, replace(share, quota=None))) >= now
    if share.quota is not None:
        assert promised(with_terms(level, replace(share, quota=share.quota + more))) >= now


@given(levels(), st.integers(0, 40))
def test_what_is_on_hand_is_free_or_promised_or_unfit_RSV_5(level: StockLevel, later_min: int) -> None:
    """onHand = available (signed) + committed + held + unsellable, and what is missing of it is shown."""
    now = NOW + minutes(later_min)
    still = sum(hold.quantity for hold in level.holds if hold.expires_at > now)
    assert held(level, now) == still
    available = level.on_hand - level.committed - still - level.unsellable
    assert oversold_by(level, now) == max(0, -available)
    plain = replace(level, terms=(), sales=SaleRate())
    assert promised(plain, later=now - NOW) == max(0, available)
