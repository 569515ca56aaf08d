"""What devices saw adds up, in whatever order it arrives; and what a count would do is what it does."""

from datetime import datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

import domain.counting
import domain.ledger
from domain.counting import CountState, StockCount, Tally
from domain.movements import Count
from tests.builders import NOW, minutes, moved
from tests.domain.book import Book

PATH = ("input", "stockCount")
SKU, PLACE = "DJ01-L", "SH001"

moments = st.integers(-5, 0).map(lambda n: NOW + minutes(n))
tallies = st.builds(Tally, st.sampled_from("LM"), st.sampled_from("xy"), st.integers(0, 9), moments)
sales = st.lists(st.tuples(st.integers(-4, 4).filter(bool), moments), max_size=5)


def opened(*seen: Tally) -> StockCount:
    """A count in which something was seen."""
    return StockCount("c", PLACE, CountState.COUNTING, (), "", "a-1", NOW, seen)


def recorded(count: StockCount, *seen: Tally) -> StockCount:
    """The count after more was seen."""
    after = domain.counting.record(count, seen, path=PATH)
    assert isinstance(after, StockCount)
    return after


@given(st.lists(tallies, max_size=9), st.randoms(use_true_random=False))
def test_the_order_in_which_devices_are_heard_does_not_matter_nor_how_often_DSR_1(
    seen: list[Tally], shuffler: Random
) -> None:
    once = recorded(opened(), *seen)
    again = [*seen, *seen]
    shuffler.shuffle(again)
    twice = opened()
    for tally in again:
        twice = recorded(twice, tally)
    assert set(twice.tallies) == set(once.tallies)
    assert twice.lines == once.lines


@given(st.lists(tallies, min_size=1, max_size=9))
def test_a_sku_s_count_is_the_sum_of_the_last_words_at_the_first_of_their_moments(seen: list[Tally]) -> None:
    for line in recorded(opened(), *seen).lines:
        last: dict[str, Tally] = {}
        for tally in sorted(seen, key=lambda tally: (tally.counted_at, -tally.quantity)):
            last |= {tally.device: tally} if tally.sku == line.sku else {}
        assert line.counted == sum(tally.quantity for tally in last.values())
        assert line.counted_at == min(tally.counted_at for tally in last.values())


def test_a_count_says_when_it_was_submitted_and_when_and_by_whom_it_was_settled() -> None:
    """Who counted does not always believe it."""
    later, last = NOW + minutes(5), NOW + minutes(9)
    submitted = domain.counting.submit(opened(), path=PATH, now=later)
    assert isinstance(submitted, StockCount)
    assert (submitted.state, submitted.submitted_at, submitted.settled_at) == (CountState.SUBMITTED, later, None)
    for settle, state in (
        (domain.counting.approve, CountState.APPROVED),
        (domain.counting.reject, CountState.REJECTED),
    ):
        settled = settle(submitted, by="manager", path=PATH, now=last)
        assert isinstance(settled, StockCount)
        assert (settled.state, settled.settled_at, settled.settled_by) == (state, last, "manager")
        assert (settled.opened_by, settled.submitted_at) == ("a-1", later)


@given(sales, st.integers(0, 9), moments, moments)
def test_what_a_count_would_do_is_what_it_does_and_its_book_is_what_had_happened_by_then(
    told: list[tuple[int, datetime]], quantity: int, first: datetime, second: datetime
) -> None:
    book = Book()
    book.take(Count(SKU, PLACE, 7, first))
    for n, (delta, at) in enumerate(told):
        book.take(moved(delta, f"e{n}", at=at))
    (line,) = opened(Tally(SKU, "x", quantity, second)).lines
    assert book.level
    expected = domain.counting.compare(line, book.levels, book.lines, now=NOW)
    until = [each for each in book.lines if each.occurred_at <= second]
    if expected.book is not None:
        assert expected.book == domain.ledger.fold(until).on_hand
    else:
        assert first > second or (first == second and quantity > 7)
    assert domain.counting.finding(line, book.take(line.entry)) == expected


@given(sales, st.integers(0, 9), moments, st.integers(0, 5), sales)
def test_the_same_shelf_counted_twice_has_no_second_variance_STK_10(
    before: list[tuple[int, datetime]], quantity: int, first: datetime, later: int, late: list[tuple[int, datetime]]
) -> None:
    """Whatever is told between the two, if it happened before the first of them."""
    book = Book()
    for n, (delta, at) in enumerate(before):
        book.take(moved(delta, f"e{n}", at=min(at, first)))
    (line,) = opened(Tally(SKU, "x", quantity, first)).lines
    book.take(line.entry)
    for n, (delta, at) in enumerate(late):
        book.take(moved(delta, f"late{n}", at=min(at, first)))
    (again,) = opened(Tally(SKU, "x", quantity, first + minutes(later))).lines
    assert domain.counting.finding(again, book.take(again.entry)).book == quantity
    assert book.level
    assert book.level.on_hand == quantity
