"""An event alone is enough to know the present state of what it tells of."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

import domain.events
from domain.events import Topic
from domain.stock import StockLevel
from tests.builders import NOW
from tests.domain.shelves import levels as any_levels

names = st.text("ab@%/", min_size=1, max_size=4)
awkward = st.lists(st.sampled_from(["a", "@", "%", "%40", "%25"]), max_size=3).map("".join)
levels = st.builds(
    StockLevel,
    sku=names,
    location_id=names,
    on_hand=st.integers(-9, 99),
    version=st.integers(1, 99),
    as_of=st.integers(0, 9).map(lambda n: NOW + timedelta(microseconds=n)),
    received_at=st.just(NOW),
    source=st.sampled_from(["pos", "erp"]),
)


@given(levels)
def test_the_level_can_be_read_back_from_its_event(level: StockLevel) -> None:
    event = domain.events.stock_changed(level)
    assert (event.topic, event.version) == (Topic.STOCK_CHANGED, level.version)
    assert domain.events.level_of(event) == level


@given(any_levels)
def test_whatever_a_level_holds_can_be_read_back_from_its_event(level: StockLevel) -> None:
    assert domain.events.level_of(domain.events.stock_changed(level)) == level


def test_what_an_older_version_did_not_tell_of_a_level_was_nothing() -> None:
    """Events and receipts are kept for days, and read by whoever was installed meanwhile."""
    plain = StockLevel("S1", "SH001", 5, 3, as_of=NOW, received_at=NOW, source="pos")
    told = domain.events.stock_changed(plain)
    first = ("sku", "location_id", "on_hand", "version", "as_of", "received_at", "source")
    assert domain.events.level_of(replace(told, payload={name: told.payload[name] for name in first})) == plain


@given(levels, st.integers(1, 9))
def test_the_same_version_in_another_book_is_read_for_itself(level: StockLevel, more: int) -> None:
    other = replace(level, on_hand=level.on_hand + more)
    for told in (level, other):
        assert domain.events.level_of(domain.events.stock_changed(told)) == told


@given(st.lists(names, min_size=3, max_size=3))
def test_two_levels_never_share_a_key(parts: list[str]) -> None:
    first, middle, last = parts
    one, other = (f"{first}@{middle}", last), (first, f"{middle}@{last}")
    assert domain.events.stock_key(*one) != domain.events.stock_key(*other)


def test_a_sku_that_looks_escaped_shares_no_key_with_the_one_it_looks_like() -> None:
    assert domain.events.stock_key("a@b", "SH001") != domain.events.stock_key("a%40b", "SH001")


TELLS = {
    Topic.CATALOG_CHANGED: domain.events.product_changed,
    Topic.LOCATION_CHANGED: domain.events.location_changed,
    Topic.CATEGORY_CHANGED: domain.events.category_changed,
    Topic.PRICE_LIST_CHANGED: domain.events.price_list_changed,
    Topic.TASKS_CHANGED: domain.events.tasks_changed,
    Topic.MEMBER_CHANGED: domain.events.member_changed,
    Topic.MEMBER_IN_STORE: domain.events.member_in_store,
    Topic.SESSION_ENDED: domain.events.session_ended,
}


@given(st.sampled_from(list(TELLS)), st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_later_change_of_the_same_thing_has_a_higher_version_LIV_1(topic: Topic, first: int, later: int) -> None:
    at = NOW + timedelta(microseconds=first)
    before, after = TELLS[topic]("DJ01", at), TELLS[topic]("DJ01", at + timedelta(microseconds=later))
    assert before.version < after.version
    assert (before.topic, before.key, before.payload, before.occurred_at) == (topic, "DJ01", {"id": "DJ01"}, at)


def test_everything_that_changes_is_told_under_a_topic_of_its_own() -> None:
    assert {*TELLS, Topic.STOCK_CHANGED, Topic.POINTS_CHANGED} == set(Topic)


def test_a_change_is_dated_by_what_the_book_knows_not_by_when_it_heard() -> None:
    level = StockLevel("S1", "SH001", 1, 1, as_of=NOW, received_at=NOW + timedelta(hours=1), source="pos")
    assert domain.events.stock_changed(level).occurred_at == NOW
    assert domain.events.stock_changed(replace(level, version=2)).key == "S1@SH001"
