"""A one-time code proves a phone once, within five minutes, and is not found by guessing five times."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

import domain.codes_once
from domain.codes_once import LIFETIME, TRIES, OneTimeCode, Verdict
from tests.builders import NOW

PHONE = "+8613800138000"
digits = st.from_regex(r"[0-9]{6}", fullmatch=True)
shown = st.one_of(digits, st.text(max_size=8))


def sent(code: str) -> OneTimeCode:
    return domain.codes_once.made(PHONE, code, salt="salt", now=NOW)


@given(digits, st.lists(st.tuples(shown, st.integers(0, 200)), max_size=9))
def test_a_code_is_right_once_before_its_time_and_five_wrong_tries(right: str, tries: list[tuple[str, int]]) -> None:
    code: OneTimeCode | None = sent(right)
    now, wrong, is_spent = NOW, 0, False
    for text, seconds in [*tries, (right, 0), (right, 0)]:
        now += timedelta(seconds=seconds)
        is_over = is_spent or wrong >= TRIES or now >= NOW + LIFETIME
        verdict, code = domain.codes_once.judged(code, text, now)
        if is_over:
            assert (verdict, code) == (Verdict.EXPIRED, None)
            is_spent = True
        elif text == right:
            assert (verdict, code) == (Verdict.RIGHT, None)
            is_spent = True
        else:
            wrong += 1
            assert verdict is Verdict.WRONG
            assert (code is None) == (wrong == TRIES)


@given(digits)
def test_what_is_kept_of_a_code_is_not_the_code_and_another_each_time(right: str) -> None:
    assert right not in (sent(right).digest, sent(right).salt)
    assert sent(right).digest != domain.codes_once.made(PHONE, right, salt="other", now=NOW).digest


def test_where_none_was_sent_none_is_right() -> None:
    assert domain.codes_once.judged(None, "000000", NOW) == (Verdict.EXPIRED, None)
