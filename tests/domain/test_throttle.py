"""Who guesses waits longer each time; who waits may try; nobody who guesses all day gets far."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

import domain.throttle
from domain.throttle import GUESSES, MESSAGES, Pace, Tries
from tests.builders import NOW

paces = st.builds(
    lambda free, first_s, longest_s, more_s: Pace(
        free, timedelta(seconds=first_s), timedelta(seconds=longest_s), timedelta(seconds=longest_s + more_s)
    ),
    st.integers(1, 10),
    st.integers(1, 120),
    st.integers(120, 7_200),
    st.integers(1, 86_400),
)
gaps = st.lists(st.integers(0, 10_000).map(lambda s: timedelta(seconds=s)), max_size=60)


@given(paces, st.integers(0, 200), st.integers(0, 200))
def test_who_tried_more_often_never_waits_shorter(pace: Pace, one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    waits = [domain.throttle.retry_at(Tries(count, NOW), pace, NOW) or NOW for count in (fewer, more)]
    assert waits == sorted(waits)
    assert waits[1] - NOW <= pace.longest


@given(paces, gaps)
def test_the_wait_is_what_a_plain_count_of_tries_says(pace: Pace, pauses: list[timedelta]) -> None:
    tries, now, count, last = Tries(), NOW, 0, NOW
    for pause in pauses:
        now += pause
        count = 1 if now - last >= pace.forgotten_after else count + 1
        tries, last = domain.throttle.counted(tries, pace, now), now
        wait = timedelta()
        for number in range(pace.free, count + 1):
            wait = pace.first if number == pace.free else min(pace.longest, wait * 2)
        expected = now + min(wait, pace.longest) if wait else None
        assert domain.throttle.retry_at(tries, pace, now) == expected


@given(paces, st.integers(1, 100))
def test_who_waits_as_long_as_was_said_may_try(pace: Pace, count: int) -> None:
    again = domain.throttle.retry_at(Tries(count, NOW), pace, NOW)
    if again is not None:
        assert domain.throttle.retry_at(Tries(count, NOW), pace, again) is None
        assert domain.throttle.retry_at(Tries(count, NOW), pace, again - timedelta(microseconds=1)) == again


@given(st.integers(1, 100), st.integers(1, 7_200))
def test_a_clock_that_goes_back_shortens_no_wait(count: int, back_s: int) -> None:
    tries = domain.throttle.counted(Tries(count, NOW), GUESSES, NOW - timedelta(seconds=back_s))
    assert tries.last_at == NOW
    assert tries.count == count + 1


def test_who_guesses_all_day_at_every_moment_that_is_allowed_gets_some_forty_guesses() -> None:
    assert guesses(GUESSES, timedelta(days=1)) in range(30, 50)


def test_a_phone_that_somebody_floods_rings_once_an_hour_in_the_end() -> None:
    assert guesses(MESSAGES, timedelta(days=1)) in range(24, 32)


def guesses(pace: Pace, span: timedelta) -> int:
    tries, now, count = Tries(), NOW, 0
    while now < NOW + span:
        tries, count = domain.throttle.counted(tries, pace, now), count + 1
        now = domain.throttle.retry_at(tries, pace, now) or now
    return count
