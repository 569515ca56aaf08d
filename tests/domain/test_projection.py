"""What may be promised for later, of what is there and what is to come."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

import domain.projection
from domain.availability import Freshness, available_to_promise
from domain.channels import Channel
from domain.inbound import Inbound, arrived, total
from domain.projection import Due, Outlook, promisable_at, promisable_from
from domain.stock import StockLevel, Terms
from tests.builders import NOW
from tests.domain.shelves import channels, freshnesses, levels

days = st.integers(0, 6).map(lambda n: NOW + timedelta(days=n))
dues = st.lists(st.builds(Due, days, st.integers(0, 5)), max_size=6).map(tuple)
outlooks = st.builds(Outlook, st.just(NOW), st.integers(-4, 8), dues, dues)
FAR = NOW + timedelta(days=99)
LEVEL = StockLevel("DJ01-L", "SH001", 2, 7, as_of=NOW, received_at=NOW, source="pos")


def least(outlook: Outlook, at: datetime) -> int:
    """The slow, obvious minimum: the balance at every day from a moment on."""
    moments = [at, *(NOW + timedelta(days=n) for n in range(8) if NOW + timedelta(days=n) > at)]
    return min(
        outlook.stock
        + sum(due.quantity for due in outlook.supply if due.at <= moment)
        - sum(due.quantity for due in outlook.demand if due.at <= moment)
        for moment in moments
    )


def inbound(quantity: int, days_ahead: int) -> Inbound:
    """So many jackets to come."""
    return Inbound("PO-1", "DJ01-L", "SH001", quantity, NOW + timedelta(days=days_ahead), "erp", NOW)


@given(outlooks, days)
def test_it_is_the_least_that_is_ever_left_STK_6(outlook: Outlook, at: datetime) -> None:
    assert domain.projection.least_from(outlook, at) == least(outlook, at)
    assert promisable_at(outlook, at) == max(0, least(outlook, at))


@given(outlooks, days, days)
def test_later_never_less_can_be_promised_STK_6(outlook: Outlook, one: datetime, other: datetime) -> None:
    assert promisable_at(outlook, min(one, other)) <= promisable_at(outlook, max(one, other))


@given(outlooks, days)
def test_promising_all_of_it_leaves_nothing_and_one_more_is_too_many_STK_6(outlook: Outlook, at: datetime) -> None:
    units = promisable_at(outlook, at)
    if least(outlook, at) < 0:
        assert units == 0
        return
    assert least(replace(outlook, demand=(*outlook.demand, Due(at, units))), at) == 0
    assert least(replace(outlook, demand=(*outlook.demand, Due(at, units + 1))), at) == -1


@given(outlooks, st.integers(1, 12))
def test_the_first_moment_for_which_so_many_can_be_promised(outlook: Outlook, units: int) -> None:
    found = promisable_from(outlook, units)
    if found is None:
        assert promisable_at(outlook, FAR) < units
        return
    assert promisable_at(outlook, found) >= units
    assert found == NOW or promisable_at(outlook, found - timedelta(microseconds=1)) < units


@given(levels, freshnesses, channels)
def test_what_can_be_promised_now_is_what_is_available_now(
    level: StockLevel, freshness: Freshness, channel: Channel
) -> None:
    ahead = domain.projection.outlook(level, (), channel=channel, now=NOW, freshness=freshness)
    assert promisable_at(ahead, NOW) == available_to_promise(level, channel=channel, now=NOW, freshness=freshness)


def test_what_comes_can_be_promised_from_when_it_comes_and_what_is_late_not_at_all() -> None:
    coming = [Due(NOW + timedelta(days=days), units) for units, days in ((3, 2), (50, 0), (4, 5))]
    ahead = domain.projection.outlook(LEVEL, coming, channel=Channel.APP, now=NOW, freshness=Freshness(timedelta(1)))
    asked = {units: promisable_from(ahead, units) for units in (2, 3, 5, 6, 9, 10)}
    two, five = NOW + timedelta(days=2), NOW + timedelta(days=5)
    assert asked == {2: NOW, 3: two, 5: two, 6: five, 9: five, 10: None}


def test_a_quota_bounds_what_is_promised_of_what_comes_too() -> None:
    level = replace(LEVEL, terms=(Terms(Channel.APP, quota=4),))
    ahead = domain.projection.outlook(
        level, [Due(NOW + timedelta(days=2), 9)], channel=Channel.APP, now=NOW, freshness=Freshness(timedelta(1))
    )
    assert (promisable_at(ahead, NOW), promisable_at(ahead, FAR)) == (2, 4)
    assert promisable_from(ahead, 4) == NOW + timedelta(days=2)
    assert promisable_from(ahead, 5) is None


def test_what_has_come_is_expected_no_more() -> None:
    assert arrived(inbound(5, 1), 3) == inbound(2, 1)
    assert arrived(inbound(5, 1), 6) == inbound(0, 1)
    assert total([inbound(5, 1), inbound(2, -1)]) == 7
