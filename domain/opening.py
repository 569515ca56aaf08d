"""Opening hours: when a place is open by the clock on its wall, and when work begun now will be done there.

Knows no holidays, no stock and no clock: `now` is always given.
"""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_PER_DAY = 1440
SEARCH_DAYS = 731  # two years: whoever opens a minute a week still gets an hour's work done


@dataclass(frozen=True, slots=True)
class OpenInterval:
    """Open on one weekday from one local minute to another; a night over midnight is two intervals.

    `weekday` counts from 0 = Monday; minutes count from local midnight, `closes_minute` may be 1440.

    Raises:
        ValueError: no such weekday or minute, or it closes before it opens.
    """

    weekday: int
    opens_minute: int
    closes_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday {self.weekday} is not 0 (Monday) to 6 (Sunday)")
        if not 0 <= self.opens_minute < self.closes_minute <= MINUTES_PER_DAY:
            raise ValueError(f"{self.opens_minute} to {self.closes_minute} is not a stretch of minutes within one day")


def ready_at(hours: Sequence[OpenInterval], *, time_zone: str, prep_minutes: int, now: datetime) -> datetime | None:
    """Find the earliest opening moment at which `prep_minutes` of open time have passed since `now` (LOC-4).

    The answer is in UTC. It is the closing instant itself only if the work ends exactly then. Elapsed minutes are
    real ones: while clocks go back, the place is open for as long as its wall shows an opening time, twice if need be.
    None without known hours, or if the work is not done within `SEARCH_DAYS`.

    Raises:
        ValueError: `now` has no zone, or `prep_minutes` is negative.
        zoneinfo.ZoneInfoNotFoundError: there is no such time zone.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    if prep_minutes < 0:
        raise ValueError(f"{prep_minutes} minutes of work cannot be done")
    left, start = timedelta(minutes=prep_minutes), now.astimezone(UTC)
    for opens_at, closes_at in _open_spans(hours, ZoneInfo(time_zone), start):
        begins_at = max(opens_at, start)
        if begins_at >= closes_at:
            continue
        if left <= closes_at - begins_at:
            return begins_at + left
        left -= closes_at - begins_at
    return None


def closes_next_day(hours: Sequence[OpenInterval], *, time_zone: str, now: datetime) -> datetime:
    """Find when a place closes on the next day, or the next day it opens at all; in UTC.

    A night over midnight belongs to the day it began on. Without known hours, the answer is the midnight at the end of
    tomorrow, by the clock on its wall.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    week = [_merged(interval for interval in hours if interval.weekday == weekday) for weekday in range(7)]
    for day in (today + timedelta(days=n) for n in range(1, 8)):
        night_before, own, night = (week[(day.weekday() + n) % 7] for n in (-1, 0, 1))
        if _goes_on(night_before, own):
            own = own[1:]
        if own and _goes_on(own, night):
            own, day = night[:1], day + timedelta(days=1)
        if spans := list(_day_spans(day, own, zone)):
            return spans[-1][1]
    return _midnight(today + timedelta(days=2), zone)


Minutes = Sequence[tuple[int, int]]
"""Apart and in order: open from one minute of a day to another."""


def _goes_on(evening: Minutes, morning: Minutes) -> bool:
    """Tell whether a night goes on past midnight and ends; a place that never closes has no nights."""
    if not evening or not morning or evening[-1][1] != MINUTES_PER_DAY:
        return False
    return morning[0][0] == 0 and morning[0][1] != MINUTES_PER_DAY


Span = tuple[datetime, datetime]
Stretch = tuple[datetime, datetime, timedelta]


def _open_spans(hours: Sequence[OpenInterval], zone: ZoneInfo, start: datetime) -> Iterator[Span]:
    """Every span of open time from the local day of `start` on: in order, apart, in UTC."""
    week = [_merged(interval for interval in hours if interval.weekday == weekday) for weekday in range(7)]
    first_day = start.astimezone(zone).date()
    for day in (first_day + timedelta(days=n) for n in range(SEARCH_DAYS if hours else 0)):
        if minutes := week[day.weekday()]:
            yield from _day_spans(day, minutes, zone)


def _day_spans(day: date, minutes: Sequence[tuple[int, int]], zone: ZoneInfo) -> Iterator[Span]:
    for begins_at, ends_at, offset in _stretches(_midnight(day, zone), _midnight(day + timedelta(days=1), zone), zone):
        midnight = datetime.combine(day, time(), UTC) - offset
        for opens, closes in minutes:
            opens_at = max(begins_at, midnight + timedelta(minutes=opens))
            closes_at = min(ends_at, midnight + timedelta(minutes=closes))
            if opens_at < closes_at:
                yield opens_at, closes_at


def _stretches(begins_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Iterator[Stretch]:
    """Cut a day where its clock is changed, at most once: each part with its distance from UTC."""
    before, after = _offset(begins_at, zone), _offset(ends_at - timedelta(minutes=1), zone)
    if before == after:
        yield begins_at, ends_at, before
        return
    minutes = range((ends_at - begins_at) // timedelta(minutes=1))
    change = bisect.bisect_left(minutes, True, key=lambda n: _offset(begins_at + timedelta(minutes=n), zone) != before)
    changes_at = begins_at + timedelta(minutes=change)
    yield begins_at, changes_at, before
    yield changes_at, ends_at, after


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _merged(intervals: Iterable[OpenInterval]) -> list[tuple[int, int]]:
    """Join what overlaps or touches, so that no minute counts twice."""
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted((interval.opens_minute, interval.closes_minute) for interval in intervals):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return merged
