"""Bindings: who a member belongs to, and who may take them over, against a list of what was said."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import domain.bindings
from domain.bindings import Binding, BindingSource, Bound, Periods, Wish
from domain.refusals.clients import ClientProtected
from tests.builders import NOW

PERIODS = Periods()
DAY = timedelta(days=1)
AT = ("input", "client")


def wish(associate: str = "a-1", source: BindingSource = BindingSource.SCAN, id: str = "b-1") -> Wish:
    """Somebody scans the member's code, unless said otherwise."""
    return Wish(id, "m-1", associate, source)


def bound(current: Binding | None = None, *, now: datetime = NOW, by: Wish | None = None) -> Bound:
    """What a wish that is granted makes."""
    made = domain.bindings.bind(by or wish(), current, PERIODS, path=AT, now=now)
    assert isinstance(made, Bound)
    return made


def test_a_client_is_valid_for_half_a_year_and_protected_for_a_month() -> None:
    made = bound().now
    assert (made.valid_until, made.protected_until) == (NOW + 180 * DAY, NOW + 30 * DAY)
    assert made.is_active_at(NOW + 180 * DAY - timedelta.resolution)
    assert not made.is_active_at(NOW + 180 * DAY)


def test_another_associate_is_told_until_when_a_client_is_protected() -> None:
    made = bound().now
    later = NOW + 30 * DAY
    other = wish("a-2", id="b-2")
    refused = domain.bindings.bind(other, made, PERIODS, path=AT, now=later - timedelta.resolution)
    assert refused == ClientProtected(AT, later)
    taken = bound(made, now=later, by=other)
    assert taken.now.associate_id == "a-2"
    assert taken.ended == domain.bindings.ended(made, later)


def test_contact_renews_both_periods_and_keeps_since_when_somebody_is_a_client() -> None:
    made = bound().now
    again = bound(made, now=NOW + 20 * DAY, by=wish(id="b-2"))
    assert again.ended is None
    assert (again.now.id, again.now.since) == ("b-1", NOW)
    assert (again.now.valid_until, again.now.protected_until) == (NOW + 200 * DAY, NOW + 50 * DAY)


def test_the_merchant_s_word_and_a_guide_who_left_end_protection() -> None:
    made = bound().now
    assert bound(made, by=wish("a-2", BindingSource.ASSIGNMENT, "b-2")).now.associate_id == "a-2"
    free = domain.bindings.bind(wish("a-2", id="b-2"), made, PERIODS, is_free=True, path=AT, now=NOW)
    assert isinstance(free, Bound)


def test_a_binding_that_ran_out_ends_when_it_did_and_not_when_somebody_noticed() -> None:
    made = bound().now
    late = bound(made, now=NOW + 300 * DAY, by=wish(id="b-2"))
    assert late.ended is not None
    assert late.ended.ended_at == made.valid_until
    assert late.now.since == NOW + 300 * DAY


def test_a_scan_by_a_clock_that_is_behind_takes_nobody_over() -> None:
    made = bound().now
    early = domain.bindings.bind(wish("a-2", id="b-2"), made, PERIODS, path=AT, now=NOW - DAY)
    assert isinstance(early, ClientProtected)


@dataclass
class Client:
    """The obvious member: who they belong to on each day that has passed, and the last contact."""

    days: dict[int, str | None] = field(default_factory=dict)
    guide: str | None = None
    contact: int = 0

    def holder(self, day: int) -> str | None:
        """Whose client they are on a day."""
        return self.guide if self.guide and day < self.contact + 180 else None


class Scans(RuleBasedStateMachine):
    """Three associates scan, assign and hand over one member, over years."""

    def __init__(self) -> None:
        super().__init__()
        self.day = 0
        self.client = Client()
        self.kept: dict[str, Binding] = {}
        self.made = 0

    @property
    def now(self) -> datetime:
        """The day as an instant."""
        return NOW + self.day * DAY

    @property
    def current(self) -> Binding | None:
        """The one that nobody ended."""
        return next((one for one in self.kept.values() if one.ended_at is None), None)

    def keep(self, made: Bound) -> None:
        """Write it down."""
        for one in (made.ended, made.now):
            if one is not None:
                self.kept[one.id] = one

    @rule(days=st.sampled_from([1, 7, 29, 30, 31, 100, 179, 180]))
    def pass_days(self, days: int) -> None:
        """Time goes by, day for day."""
        for _ in range(days):
            self.client.days[self.day] = self.client.holder(self.day)
            self.day += 1

    @rule(guide=st.sampled_from(["a-1", "a-2", "a-3"]), source=st.sampled_from(BindingSource))
    def scan(self, guide: str, source: BindingSource) -> None:
        """Somebody would have them: they get them unless another one's contact is less than a month old."""
        self.made += 1
        made = domain.bindings.bind(
            Wish(f"b-{self.made}", "m-1", guide, source), self.current, PERIODS, path=AT, now=self.now
        )
        holder = self.client.holder(self.day)
        is_kept = holder not in (None, guide) and self.day < self.client.contact + 30
        if is_kept and source is not BindingSource.ASSIGNMENT:
            assert isinstance(made, ClientProtected)
            return
        assert isinstance(made, Bound)
        self.keep(made)
        self.client.guide, self.client.contact = guide, self.day

    @rule(guide=st.sampled_from(["a-1", "a-2", "a-3"]))
    def hand_over(self, guide: str) -> None:
        """Whoever has them leaves, and somebody follows (CLI-6)."""
        if (current := self.current) is None or current.associate_id == guide or self.day >= self.client.contact + 180:
            return
        self.made += 1
        successor = Wish(f"b-{self.made}", "m-1", guide, BindingSource.ASSIGNMENT)
        self.keep(domain.bindings.handed_over(current, successor, PERIODS, self.now))
        self.client.guide, self.client.contact = guide, self.day

    @invariant()
    def at_any_moment_there_is_at_most_one_and_it_is_the_right_one(self) -> None:
        """Today, and on every day that has passed: nothing that was done since has changed whose client they were."""
        for day, guide in [*self.client.days.items(), (self.day, self.client.holder(self.day))]:
            held = [one for one in self.kept.values() if one.is_active_at(NOW + day * DAY)]
            assert [one.associate_id for one in held] == ([guide] if guide else [])


TestAMemberHasOneGuideAtAnyMomentAndHistoryStays_CLI_5 = Scans.TestCase
