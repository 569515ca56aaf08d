"""Birthdays by the store's calendar, against walking from day to day."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.birthdays import born_on, day_at, days_until

birthdays = st.dates(date(1900, 1, 1), date(2025, 12, 31)) | st.just(date(2000, 2, 29))
todays = st.dates(date(2020, 1, 1), date(2031, 12, 31))


def celebrates(birthday: date, day: date) -> bool:
    """Whether it is the day, said at length."""
    if (birthday.month, birthday.day) == (day.month, day.day):
        return True
    is_last = (day + timedelta(days=1)).month == 3 and day.month == 2
    return is_last and day.day == 28 and (birthday.month, birthday.day) == (2, 29)


@given(birthdays, todays)
def test_a_birthday_is_as_far_off_as_there_are_days_to_walk(birthday: date, day: date) -> None:
    off = days_until(birthday, day)
    walked = next(n for n in range(367) if celebrates(birthday, day + timedelta(days=n)))
    assert off == walked


@given(birthdays, todays, st.integers(0, 40))
def test_who_is_looked_for_is_who_celebrates_soon(birthday: date, day: date, ahead: int) -> None:
    is_named = (birthday.month, birthday.day) in born_on(day, ahead_days=ahead)
    assert is_named == (days_until(birthday, day) <= ahead)


def test_the_day_is_the_store_s_and_not_ours() -> None:
    late = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
    assert (day_at(late, "Asia/Shanghai"), day_at(late, "Europe/London")) == (date(2026, 11, 28), date(2026, 11, 27))
