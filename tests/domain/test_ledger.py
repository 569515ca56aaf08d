"""A level is the last count and what happened after it, in whatever order and however often we are told."""

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.ledger
from domain.movements import Adjustment, Count, Movement, Outcome, Status
from domain.stock import StockLevel
from tests.builders import NOW, count, minutes, moved

Fact = Count | Adjustment


@dataclass
class Book:
    """The smallest keeper of one level: what the store does, in memory."""

    level: StockLevel | None = None
    lines: list[Movement] = field(default_factory=list)

    def take(self, fact: Fact) -> Outcome:
        """Take one fact in."""
        if isinstance(fact, Count):
            outcome = domain.ledger.observe(self.level, fact, later=self.lines, source="pos", now=NOW)
        else:
            seen = fact.event_id in {line.event_id for line in self.lines}
            outcome = domain.ledger.adjust(self.level, fact, seen=seen, source="pos", now=NOW)
        self.level = outcome.level
        self.lines += [outcome.movement] if outcome.movement else []
        return outcome

    @property
    def on_hand(self) -> int:
        """What the level says; nothing told is nothing there."""
        return self.level.on_hand if self.level else 0


def replayed(facts: list[Fact]) -> int:
    """The slow, obvious level: the last count, the lower of two at one moment, and each event after it once."""
    counts = sorted((f.observed_at, -f.quantity) for f in facts if isinstance(f, Count))
    events = {f.event_id: f for f in facts if isinstance(f, Adjustment)}.values()
    if not counts:
        return sum(event.delta for event in events)
    counted_at, minus = counts[-1]
    return -minus + sum(event.delta for event in events if event.occurred_at > counted_at)


moments = st.integers(-5, 0).map(lambda n: NOW + minutes(n))
counts = st.builds(lambda quantity, at: count(quantity, at=at), st.integers(0, 9), moments)
deltas = st.integers(-4, 4).filter(bool)


@st.composite
def told(draw: st.DrawFn) -> list[Fact]:
    """Counts and movements of one key, some of them told more than once, in any order."""
    movements = draw(st.lists(st.tuples(deltas, moments), max_size=6))
    facts: list[Fact] = [moved(delta, f"e{n}", at=at) for n, (delta, at) in enumerate(movements)]
    facts += draw(st.lists(counts, max_size=4))
    again = draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    return draw(st.permutations(facts + again))


@given(told())
def test_the_level_is_the_last_count_and_what_happened_after_it_STK_1(facts: list[Fact]) -> None:
    book = Book()
    for n, fact in enumerate(facts, start=1):
        book.take(fact)
        assert book.on_hand == replayed(facts[:n]) == domain.ledger.fold(book.lines).on_hand


@given(told(), st.randoms(use_true_random=False))
def test_the_order_in_which_we_are_told_does_not_matter_DSR_1(facts: list[Fact], shuffler: Random) -> None:
    one, other = Book(), Book()
    for fact in facts:
        one.take(fact)
    shuffler.shuffle(facts)
    for fact in facts:
        other.take(fact)
    assert one.on_hand == other.on_hand
    if one.level and other.level:
        assert (one.level.as_of, one.level.counted_at) == (other.level.as_of, other.level.counted_at)


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
    late = book.take(moved(-1, "till-1", at=NOW - minutes(10)))
    assert (late.status, book.on_hand) == (Status.STALE, 5)
    assert late.movement is not None  # it was sold all the same, and reports will want to know


def test_a_sale_after_the_count_counts_even_if_the_count_arrives_later() -> None:
    book = Book()
    book.take(moved(-1, "till-1", at=NOW))
    book.take(count(5, at=NOW - minutes(10)))
    assert book.on_hand == 4


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
