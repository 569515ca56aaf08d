"""A session and its refresh tokens: the last one given holds, a former one betrays a thief, the rest is nothing."""

from collections.abc import Mapping
from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import given
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import domain.sessions
from domain.sessions import RefreshToken, Session, Verdict
from domain.viewers import Role
from tests.builders import NOW

LIFETIME = timedelta(days=30)
parts = st.text("abcXYZ019_-", min_size=1, max_size=8)


def begun(token: RefreshToken) -> Session:
    return domain.sessions.begun(token, subject="m-1", role=Role.MEMBER, location_id=None, now=NOW, lifetime=LIFETIME)


@given(parts, parts, parts)
def test_a_refresh_token_is_read_as_it_was_written(id: str, family: str, turn: str) -> None:
    token = RefreshToken(id, family, turn)
    assert domain.sessions.parsed(str(token)) == token


@given(st.text(max_size=30).filter(lambda text: text.count(".") != 2 or "" in text.split(".")))
def test_what_has_not_its_shape_is_no_refresh_token(text: str) -> None:
    assert domain.sessions.parsed(text) is None


def test_neither_secret_of_a_token_is_kept() -> None:
    kept = repr(begun(RefreshToken("s-1", "the-family", "the-turn")))
    assert "the-family" not in kept
    assert "the-turn" not in kept


def test_nobody_ends_a_session_with_a_token_that_was_never_one_of_it() -> None:
    session = begun(RefreshToken("s-1", "family", "turn"))
    assert domain.sessions.judged(session, RefreshToken("s-1", "guess", "turn"), NOW) is Verdict.VOID
    assert domain.sessions.judged(None, RefreshToken("s-1", "family", "turn"), NOW) is Verdict.VOID


class Refreshing(RuleBasedStateMachine):
    """A session whose tokens are used, used again, and left lying, while time passes."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.given = [RefreshToken("s-1", "family", "0")]
        self.session = begun(self.given[0])
        self.holds_until = NOW + LIFETIME
        self.is_over = False

    def verdict(self, token: RefreshToken) -> Verdict:
        return domain.sessions.judged(self.session, token, self.now)

    @property
    def holds(self) -> bool:
        return not self.is_over and self.now < self.holds_until

    @rule(days=st.integers(0, 40))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def the_last_token_is_used(self) -> None:
        assert self.verdict(self.given[-1]) is (Verdict.CURRENT if self.holds else Verdict.VOID)
        if self.holds:
            self.given.append(RefreshToken("s-1", "family", str(len(self.given))))
            self.session = domain.sessions.renewed(self.session, self.given[-1], now=self.now, lifetime=LIFETIME)
            self.holds_until = self.now + LIFETIME

    @precondition(lambda self: len(self.given) > 1)
    @rule(which=st.integers(0))
    def a_former_token_is_shown(self, which: int) -> None:
        former = self.given[which % (len(self.given) - 1)]
        assert self.verdict(former) is (Verdict.REUSED if self.holds else Verdict.VOID)
        if self.holds:
            self.session, self.is_over = domain.sessions.ended(self.session, self.now), True

    @rule()
    def it_is_ended(self) -> None:
        self.session, self.is_over = domain.sessions.ended(self.session, self.now), True

    @rule(token=st.builds(RefreshToken, st.just("s-1"), st.just("guess"), parts))
    def somebody_guesses(self, token: Mapping[str, str]) -> None:
        assert self.verdict(RefreshToken(*token)) is Verdict.VOID


TestRefreshing = Refreshing.TestCase
