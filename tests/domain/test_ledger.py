"""A level is the last count and what happened after it, in whatever order and however often we are told."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.ledger
from domain.channels import Channel
from domain.demand import NO_SALES
from domain.ledger import Buckets
from domain.movements import Adjustment, Count, MovementType, Route, Shift
from domain.statuses import Status
from domain.stock import MAX_QUANTITY, PHYSICAL, Bucket, StockLevel, Terms, terms_of
from tests.builders import NOW, count, minutes, moved
from tests.domain.book import Book, Fact, opened_with
from tests.domain.shelves import told


def replayed(facts: list[Fact]) -> Buckets:
    """The slow, obvious book: pieces in their buckets, each event once, and the last count of what is on hand.

    Of two counts at one moment the lower is the last. Knows nothing of routes.
    """
    looked = sorted((f.observed_at, -f.quantity) for f in facts if isinstance(f, Count))
    pieces: Counter[Bucket | None] = Counter()
    on_hand = -looked[-1][1] if looked else 0
    for event in {f.event_id: f for f in facts if not isinstance(f, Count)}.values():
        ends = (event.route.from_bucket, event.route.to_bucket)
        for bucket, sign in zip(ends, (-1, 1), strict=True):
            pieces[bucket] += sign * event.route.quantity
            if bucket in PHYSICAL and not (looked and event.occurred_at <= looked[-1][0]):
                on_hand += sign * event.route.quantity
    shelves = (Bucket.DAMAGED, Bucket.QUALITY_CONTROL, Bucket.DISPLAY, Bucket.IN_TRANSIT_IN, Bucket.IN_TRANSIT_OUT)
    return Buckets(on_hand, *(pieces[bucket] for bucket in shelves))


def _shift(start: Bucket | None, end: Bucket | None) -> Shift:
    return Shift("DJ01-L", "SH001", Route(start, end, 1), "e1", NOW, MovementType.ADJUSTMENT)


@given(told())
def test_the_level_is_the_last_count_and_what_happened_after_it_STK_1(facts: list[Fact]) -> None:
    book = Book()
    for n, fact in enumerate(facts, start=1):
        book.take(fact)
        assert book.buckets == replayed(facts[:n]) == domain.ledger.fold(book.lines)


@given(told(), st.randoms(use_true_random=False))
def test_the_order_in_which_we_are_told_does_not_matter_DSR_1(facts: list[Fact], shuffler: Random) -> None:
    one, other = Book(), Book()
    for fact in facts:
        one.take(fact)
    shuffler.shuffle(facts)
    for fact in facts:
        other.take(fact)
    assert one.buckets == other.buckets
    if one.level and other.level:
        assert (one.level.as_of, one.level.counted_at) == (other.level.as_of, other.level.counted_at)
        assert one.level.sales.at == other.level.sales.at
        assert one.level.sales.weight == pytest.approx(other.level.sales.weight)


@given(told())
def test_hearing_everything_again_changes_nothing_STK_3(facts: list[Fact]) -> None:
    book = Book()
    for fact in facts:
        book.take(fact)
    level, lines = book.level, list(book.lines)
    statuses = {book.take(fact).status for fact in facts}
    assert statuses <= {Status.UNCHANGED, Status.STALE}
    assert (book.level, book.lines) == (level, lines)


@given(told())
def test_what_changes_a_level_is_a_new_version_and_nothing_else_is_LIV_1(facts: list[Fact]) -> None:
    book = Book()
    for fact in facts:
        before = book.level
        outcome = book.take(fact)
        version = before.version if before else 0
        is_told = outcome.status not in (Status.STALE, Status.UNCHANGED) or outcome.level is not before
        assert (book.level.version if book.level else 0) == version + is_told


@given(told(), st.integers(0, 9))
def test_counting_the_same_number_twice_finds_no_variance_the_second_time_STK_10(
    facts: list[Fact], quantity: int
) -> None:
    book = Book()
    for fact in facts:
        book.take(fact)
    book.take(count(quantity, at=NOW + minutes(1)))
    second = book.take(count(quantity, at=NOW + minutes(2)))
    assert second.movement is not None
    assert (second.status, second.movement.route.quantity, book.on_hand) == (Status.UNCHANGED, 0, quantity)


def test_a_sale_reported_after_the_count_that_saw_it_is_not_deducted_twice() -> None:
    book = Book()
    book.take(count(5, at=NOW))
    before = book.level
    late = book.take(moved(-1, "till-1", at=NOW - minutes(10)))
    assert (late.status, book.on_hand) == (Status.STALE, 5)
    assert book.level == before  # nobody need hear of it
    assert late.movement is not None  # it was sold all the same, and reports will want to know


def test_a_sale_after_the_count_counts_even_if_the_count_arrives_later() -> None:
    book = Book()
    book.take(moved(-1, "till-1", at=NOW))
    book.take(count(5, at=NOW - minutes(10)))
    assert book.on_hand == 4


def test_a_count_that_expects_a_number_finds_none_where_nobody_has_told_of_any() -> None:
    book = Book()
    for expected in (0, 5):
        outcome = book.take(replace(count(5), change_from=expected))
        assert (outcome.status, outcome.movement, book.level) == (Status.FAILED, None, None)


def test_an_older_count_than_the_last_is_stale() -> None:
    book = Book()
    book.take(count(5, at=NOW))
    assert book.take(count(9, at=NOW - minutes(1))).status is Status.STALE
    assert book.on_hand == 5


@pytest.mark.parametrize("quantities", [(5, 3), (3, 5)])
def test_of_two_counts_of_one_moment_the_lower_stands(quantities: tuple[int, int]) -> None:
    book = Book()
    for quantity in quantities:
        book.take(count(quantity))
    assert book.on_hand == 3


def test_a_level_says_who_spoke_of_it_last_and_when_we_heard() -> None:
    """A word may be old when it is heard: as of its own moment, received at ours."""
    old, heard, heard_next = NOW - minutes(30), NOW + minutes(1), NOW + minutes(2)
    counted = domain.ledger.observe(FULL, count(5, at=old), later=[], source="wms", now=heard)
    sold = domain.ledger.adjust(counted.level, moved(-1, "e1"), seen=False, source="till", now=heard_next)
    assert counted.level
    assert (counted.level.source, counted.level.as_of, counted.level.received_at) == ("wms", old, heard)
    assert sold.level
    assert (sold.level.source, sold.level.as_of, sold.level.received_at) == ("till", NOW, heard_next)
    assert [(line.source, line.recorded_at) for line in (counted.movement, sold.movement) if line] == [
        ("wms", heard),
        ("till", heard_next),
    ]


def test_the_book_goes_below_zero_rather_than_forget_a_sale() -> None:
    book = Book()
    assert book.take(moved(-2, "till-1")).status is Status.CREATED
    assert book.on_hand == -2


def test_movements_of_other_shelves_do_not_count_here() -> None:
    elsewhere = Book()
    elsewhere.take(moved(-1, "till-1", at=NOW, location_id="SH002"))
    outcome = domain.ledger.observe(None, count(5, at=NOW - minutes(1)), later=elsewhere.lines, source="pos", now=NOW)
    assert outcome.level is not None
    assert outcome.level.on_hand == 5


FULL = StockLevel("DJ01-L", "SH001", MAX_QUANTITY, 7, as_of=NOW, received_at=NOW, source="pos")


@pytest.mark.parametrize(
    ("level", "fact"),
    [
        (FULL, moved(1, "e1")),
        (FULL, count(MAX_QUANTITY + 1)),
        (replace(FULL, on_hand=-MAX_QUANTITY), moved(-1, "e1")),
        (replace(FULL, in_transit_in=MAX_QUANTITY), _shift(None, Bucket.IN_TRANSIT_IN)),
        (replace(FULL, in_transit_out=MAX_QUANTITY), _shift(Bucket.SELLABLE, Bucket.IN_TRANSIT_OUT)),
        (replace(FULL, damaged=MAX_QUANTITY - 1, display=1), _shift(Bucket.SELLABLE, Bucket.DISPLAY)),
        (replace(FULL, damaged=-MAX_QUANTITY), _shift(Bucket.DAMAGED, Bucket.SELLABLE)),
    ],
    ids=str,
)
def test_no_bucket_holds_more_than_anybody_can_mean(level: StockLevel, fact: Fact) -> None:
    book = opened_with(level)
    refused = book.take(fact)
    assert (refused.status, refused.movement, book.level) == (Status.FAILED, None, level)
    assert book.take(count(1)).movement


@given(told(), st.lists(st.none() | st.integers(0, 6), min_size=len(Channel), max_size=len(Channel)))
def test_sales_alone_are_demand_and_each_is_taken_once_off_the_share_of_its_channel_STK_3_STK_8(
    facts: list[Fact], shares: list[int | None]
) -> None:
    terms = tuple(Terms(channel, safety=1, quota=share) for channel, share in zip(Channel, shares, strict=True))
    book = opened_with(replace(FULL, on_hand=9, terms=terms))
    for fact in facts:
        book.take(fact)
    sales = {fact.event_id: fact for fact in facts if isinstance(fact, Adjustment) and fact.type is MovementType.SALE}
    weighed, taken = NO_SALES, Counter[Channel | None]()
    for sale in sales.values():
        weighed = weighed.sold(sale.route.quantity, sale.occurred_at)
        taken[sale.channel] += sale.route.quantity
    assert book.level is not None
    assert book.level.sales.at == weighed.at
    assert book.level.sales.weight == pytest.approx(weighed.weight)
    for agreed in terms:
        left = None if agreed.quota is None else max(0, agreed.quota - taken[agreed.channel])
        assert terms_of(book.level, agreed.channel) == replace(agreed, quota=left)


@pytest.mark.parametrize("is_told_late", [True, False])
def test_a_sale_pays_for_its_quota_and_weighs_on_demand_whenever_it_is_told(is_told_late: bool) -> None:
    start = replace(FULL, on_hand=9, terms=(Terms(Channel.POS, quota=5), Terms(Channel.APP, quota=4)))
    sale = replace(moved(-2, "till-1", at=NOW - minutes(10)), type=MovementType.SALE, channel=Channel.POS)
    book = opened_with(start)
    for fact in (count(7), sale) if is_told_late else (sale, count(7)):
        book.take(fact)
    assert book.level is not None
    assert (book.on_hand, book.level.sales.weight, book.level.version) == (7, 2, start.version + 2)
    assert (terms_of(book.level, Channel.POS).quota, terms_of(book.level, Channel.APP).quota) == (3, 4)
