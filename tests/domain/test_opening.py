"""When work begun now is done: by the clock on the shop's wall, minute by minute, over changes of the clocks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import domain.opening
from domain.opening import OpenInterval

MINUTE = timedelta(minutes=1)
MONDAY_NOON = datetime(2026, 11, 16, 4, tzinfo=UTC)  # in Shanghai
NINE_TO_FIVE = [OpenInterval(weekday, 540, 1020) for weekday in range(7)]
ALWAYS = [OpenInterval(weekday, 0, 1440) for weekday in range(7)]

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Africa/Cairo", "America/Havana", "Australia/Lord_Howe")
CHANGES = [  # the days around which their clocks are changed: at night, at midnight, by half an hour
    datetime(2026, *day, tzinfo=UTC)
    for day in ((3, 8), (3, 29), (4, 4), (4, 23), (4, 24), (10, 3), (10, 25), (10, 29), (10, 30), (11, 1), (11, 16))
]

interval_minutes = st.lists(st.integers(0, 1440), min_size=2, max_size=2, unique=True).map(sorted)
intervals = st.builds(
    lambda weekday, minutes: OpenInterval(weekday, minutes[0], minutes[1]), st.integers(0, 6), interval_minutes
)
night_intervals = st.builds(
    lambda weekday, opens, length: OpenInterval(weekday, opens, opens + length),
    st.integers(0, 6),
    st.integers(0, 200),
    st.integers(1, 120),
)
every_day = (intervals | night_intervals).map(lambda i: [replace(i, weekday=weekday) for weekday in range(7)])
weeks = st.lists(intervals | night_intervals, max_size=9) | every_day
zones = st.sampled_from(ZONES)
moments = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-1500, 1500)
)


def _is_open(hours: Sequence[OpenInterval], zone: str, at: datetime) -> bool:
    wall = at.astimezone(ZoneInfo(zone))
    minute = wall.hour * 60 + wall.minute
    return any(i.weekday == wall.weekday() and i.opens_minute <= minute < i.closes_minute for i in hours)


def _by_waiting(hours: Sequence[OpenInterval], zone: str, prep_minutes: int, now: datetime) -> datetime | None:
    """The reference: stand in the shop and count, minute by minute, for nine days."""
    left = prep_minutes
    for minute in range(9 * 1440):
        if _is_open(hours, zone, now + minute * MINUTE):
            if left == 0:
                return now + minute * MINUTE
            left -= 1
            if left == 0:
                return now + (minute + 1) * MINUTE
    return None


@settings(max_examples=60, deadline=None)
@given(weeks, zones, st.integers(0, 300), moments)
def test_ready_when_someone_counting_the_open_minutes_says_so(
    hours: list[OpenInterval], zone: str, prep_minutes: int, now: datetime
) -> None:
    found = domain.opening.ready_at(hours, time_zone=zone, prep_minutes=prep_minutes, now=now)
    expected = _by_waiting(hours, zone, prep_minutes, now)
    if expected is None:  # nobody waited long enough, or the place never opens
        assert found is None or found > now + timedelta(days=9) - MINUTE
    else:
        assert found == expected


@given(weeks, zones, st.integers(0, 30_000), moments, st.integers(0, 59))
def test_ready_is_not_before_now_and_within_opening_hours_LOC_4(
    hours: list[OpenInterval], zone: str, prep_minutes: int, now: datetime, second: int
) -> None:
    now += timedelta(seconds=second)
    found = domain.opening.ready_at(hours, time_zone=zone, prep_minutes=prep_minutes, now=now)
    assert hours or found is None
    if found:
        assert found.tzinfo is UTC
        assert found >= now + prep_minutes * MINUTE
        assert _is_open(hours, zone, found) or (prep_minutes and _is_open(hours, zone, found - timedelta(seconds=1)))


@given(weeks, zones, st.integers(0, 5_000), st.integers(0, 5_000), moments)
def test_more_work_is_never_ready_sooner_LOC_4(
    hours: list[OpenInterval], zone: str, less: int, more: int, now: datetime
) -> None:
    sooner = domain.opening.ready_at(hours, time_zone=zone, prep_minutes=min(less, more), now=now)
    later = domain.opening.ready_at(hours, time_zone=zone, prep_minutes=max(less, more), now=now)
    assert later is None or (sooner is not None and sooner <= later)


@pytest.mark.parametrize(
    ("prep_minutes", "hours_later"),
    [(0, 0), (60, 1), (300, 5), (301, 21 + 1 / 60), (480 * 10, 24 * 10)],
    ids=["at once", "in an hour", "exactly at closing time", "a minute more is tomorrow", "ten days of work"],
)
def test_work_goes_on_the_next_morning(prep_minutes: int, hours_later: float) -> None:
    found = domain.opening.ready_at(NINE_TO_FIVE, time_zone="Asia/Shanghai", prep_minutes=prep_minutes, now=MONDAY_NOON)
    assert found == MONDAY_NOON + timedelta(hours=hours_later)


def test_whoever_comes_at_closing_time_is_served_the_next_morning() -> None:
    closing = MONDAY_NOON + timedelta(hours=5)
    found = domain.opening.ready_at(NINE_TO_FIVE, time_zone="Asia/Shanghai", prep_minutes=0, now=closing)
    assert found == closing + timedelta(hours=16)


def test_work_longer_than_a_week_waits_for_the_weeks_it_needs() -> None:
    mondays = [OpenInterval(0, 720, 780)]
    found = domain.opening.ready_at(mondays, time_zone="Asia/Shanghai", prep_minutes=150, now=MONDAY_NOON)
    assert found == MONDAY_NOON + timedelta(days=14, minutes=30)


def test_work_that_would_take_years_is_never_ready() -> None:
    a_minute_a_week = [OpenInterval(0, 720, 721)]
    assert domain.opening.ready_at(a_minute_a_week, time_zone="UTC", prep_minutes=200, now=MONDAY_NOON) is None


def test_an_hour_s_work_is_done_even_where_it_is_open_a_minute_a_week() -> None:
    a_minute_a_week = [OpenInterval(0, 720, 721)]
    found = domain.opening.ready_at(a_minute_a_week, time_zone="Asia/Shanghai", prep_minutes=60, now=MONDAY_NOON)
    assert found == MONDAY_NOON + timedelta(weeks=59, minutes=1)


def test_overlapping_hours_count_once() -> None:
    twice = [OpenInterval(0, 720, 780), OpenInterval(0, 750, 800), OpenInterval(0, 800, 810)]
    found = domain.opening.ready_at(twice, time_zone="Asia/Shanghai", prep_minutes=90, now=MONDAY_NOON)
    assert found == MONDAY_NOON + timedelta(minutes=90)


@pytest.mark.parametrize("now", [datetime(2026, 3, 8, 4, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)])
def test_a_night_with_a_changed_clock_has_as_many_minutes_as_pass(now: datetime) -> None:
    found = domain.opening.ready_at(ALWAYS, time_zone="America/New_York", prep_minutes=600, now=now)
    assert found == now + timedelta(minutes=600)


@pytest.mark.parametrize(
    ("saturday_night", "nine_o_clock"),
    [(datetime(2026, 3, 8, 4, tzinfo=UTC), 13), (datetime(2026, 11, 1, 4, tzinfo=UTC), 14)],
)
def test_on_the_morning_after_a_shop_opens_by_its_new_clock(saturday_night: datetime, nine_o_clock: int) -> None:
    found = domain.opening.ready_at(NINE_TO_FIVE, time_zone="America/New_York", prep_minutes=0, now=saturday_night)
    assert found == saturday_night.replace(hour=nine_o_clock)


def test_a_shop_is_open_twice_in_an_hour_that_comes_twice() -> None:
    night_shop = [OpenInterval(6, 75, 105)]  # Sundays from 1:15 to 1:45
    now = datetime(2026, 11, 1, 4, tzinfo=UTC)  # midnight in New York, where 2:00 becomes 1:00
    found = domain.opening.ready_at(night_shop, time_zone="America/New_York", prep_minutes=45, now=now)
    assert found == now + timedelta(hours=2, minutes=30)


@pytest.mark.parametrize(("weekday", "opens", "closes"), [(7, 0, 1), (-1, 0, 1), (0, 5, 5), (0, 6, 5), (0, 0, 1441)])
def test_hours_that_no_day_has_are_refused(weekday: int, opens: int, closes: int) -> None:
    with pytest.raises(ValueError):
        OpenInterval(weekday, opens, closes)


def test_a_question_without_a_zone_or_with_negative_work_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        domain.opening.ready_at(ALWAYS, time_zone="UTC", prep_minutes=0, now=MONDAY_NOON.replace(tzinfo=None))
    with pytest.raises(ValueError, match="-1 minutes"):
        domain.opening.ready_at(ALWAYS, time_zone="UTC", prep_minutes=-1, now=MONDAY_NOON)
    with pytest.raises(ZoneInfoNotFoundError):
        domain.opening.ready_at(ALWAYS, time_zone="Mars/Olympus", prep_minutes=0, now=MONDAY_NOON)


def _closing(hours: Sequence[OpenInterval], now: datetime, zone: str = "Asia/Shanghai") -> datetime:
    return domain.opening.closes_next_day(hours, time_zone=zone, now=now)


day_hours = st.builds(
    lambda weekday, opens, length: OpenInterval(weekday, opens, min(opens + length, 1439)),
    st.integers(0, 6),
    st.integers(1, 1300),
    st.integers(1, 700),
)


@given(st.lists(day_hours, max_size=7), zones, moments)
def test_it_closes_when_someone_who_waits_there_from_the_next_day_on_is_sent_home(
    hours: list[OpenInterval], zone: str, now: datetime
) -> None:
    """The reference: minute by minute from tomorrow's midnight, until the first day with an open minute is over."""
    today = now.astimezone(ZoneInfo(zone)).date()
    found, last_open = _closing(hours, now, zone), None
    for minute in range(10 * 1440):
        at = now + minute * MINUTE
        day = at.astimezone(ZoneInfo(zone)).date()
        if last_open and day > last_open.astimezone(ZoneInfo(zone)).date():
            break
        if day > today and _is_open(hours, zone, at):
            last_open = at
    if last_open is None:
        assert found.astimezone(ZoneInfo(zone)).date() == today + timedelta(days=2)
        return
    assert found == last_open + MINUTE


@pytest.mark.parametrize(
    ("hours", "local"),
    [
        (NINE_TO_FIVE, "2026-11-17T17:00"),
        ([OpenInterval(1, 540, 720), OpenInterval(1, 780, 1200)], "2026-11-17T20:00"),
        ([OpenInterval(5, 540, 1020)], "2026-11-21T17:00"),
        ([OpenInterval(0, 540, 1020)], "2026-11-23T17:00"),
        ([], "2026-11-18T00:00"),
        (ALWAYS, "2026-11-18T00:00"),
        ([OpenInterval(day, *minutes) for day in range(7) for minutes in ((0, 120), (1080, 1440))], "2026-11-18T02:00"),
        ([OpenInterval(0, 1080, 1440), OpenInterval(1, 0, 120), OpenInterval(4, 600, 1200)], "2026-11-20T20:00"),
        ([OpenInterval(6, 1080, 1440), OpenInterval(0, 0, 120)], "2026-11-23T02:00"),
    ],
    ids=[
        "every day", "with a break at noon", "next on Saturday", "only today", "hours unknown", "never closed",
        "bar, every night", "club, tonight and Friday's day", "from Sunday into Monday",
    ],
)  # fmt: skip
def test_on_monday_noon_the_next_closing_is_that_of_the_next_day_it_opens(
    hours: list[OpenInterval], local: str
) -> None:
    expected = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert _closing(hours, MONDAY_NOON) == expected


@pytest.mark.parametrize(
    ("now", "zone"), [("2026-11-16T15:59:59", "Asia/Shanghai"), ("2026-11-17T04:59:59", "America/New_York")]
)
def test_the_next_day_begins_at_midnight_by_the_clock_on_its_wall(now: str, zone: str) -> None:
    before = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert _closing(NINE_TO_FIVE, before + timedelta(seconds=1), zone) - _closing(NINE_TO_FIVE, before, zone) == (
        timedelta(days=1)
    )


@pytest.mark.parametrize(("day", "hour"), [((3, 7), 21), ((10, 31), 22)], ids=["forward", "back"])
def test_it_closes_by_its_new_clock_on_the_day_the_clocks_are_changed(day: tuple[int, int], hour: int) -> None:
    found = _closing(NINE_TO_FIVE, datetime(2026, *day, 17, tzinfo=UTC), "America/New_York")
    assert found == datetime(2026, *day, hour, tzinfo=UTC) + timedelta(days=1)
