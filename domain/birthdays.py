"""Birthdays: the day on which one is celebrated by the calendar on a store's wall, and how far it is off.

Who was born on 29 February celebrates on the 28th in common years.
"""

from calendar import isleap
from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def day_at(now: datetime, time_zone: str) -> date:
    """The date at an instant, where the store is."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def celebrated_on(birthday: date, year: int) -> date:
    """The day of a year on which a birthday is celebrated."""
    is_leap_day = (birthday.month, birthday.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day and not isleap(year) else birthday.replace(year=year)


def next_on(birthday: date, today: date) -> date:
    """The first day from today on, on which it is celebrated."""
    this_year = celebrated_on(birthday, today.year)
    return this_year if this_year >= today else celebrated_on(birthday, today.year + 1)


def days_until(birthday: date, today: date) -> int:
    """How many days it is off; 0 on the day itself."""
    return (next_on(birthday, today) - today).days


def born_on(today: date, *, ahead_days: int) -> Collection[tuple[int, int]]:
    """The months and days of those who celebrate between today and so many days later."""
    days = [today + timedelta(days=ahead) for ahead in range(ahead_days + 1)]
    celebrated = {(day.month, day.day) for day in days}
    if any((day.month, day.day) == (2, 28) and not isleap(day.year) for day in days):
        celebrated.add((2, 29))
    return celebrated
