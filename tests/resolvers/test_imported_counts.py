"""Counts that come in files make the same levels however often and in whatever order they are told.

Slow: an example is a database of its own, and an import into it.
"""

import random
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import domain.ledger
from datasources.store import stock, stock_tables, tables
from domain.movements import Count
from tests.resolvers.imported import NOON, SHOP, Books, count, jacket, numbered

SKUS = ("J1-M", "J1-L")
counts = st.builds(
    lambda sku, quantity, minutes: count(sku, quantity, at=NOON - timedelta(minutes=minutes)),
    st.sampled_from(SKUS),
    st.integers(0, 5),
    st.integers(0, 4),
)


def expected(told: Sequence[Count]) -> dict[tuple[str, str], int]:
    """The obvious rule: the latest count stands, of several at one instant the lowest."""
    latest: dict[tuple[str, str], Count] = {}
    for said in told:
        stands = latest.get(said.key)
        if stands is None or (said.observed_at, -said.quantity) > (stands.observed_at, -stands.quantity):
            latest[said.key] = said
    return {key: said.quantity for key, said in latest.items()}


def shop(url: str) -> Books:
    books = Books(url)
    books.take(numbered(SHOP, jacket("M", "L")))
    return books


@pytest.fixture(scope="session")
def stocked(migrated_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stocked") / "shop.sqlite3"
    shutil.copyfile(migrated_sqlite_template, path)
    shop(f"sqlite+aiosqlite:///{path}")
    return path


@settings(max_examples=40)
@given(told=st.lists(counts, min_size=1, max_size=12), seed=st.integers())
def test_counts_told_in_any_order_and_any_number_of_times_give_the_same_levels_DSR_1_STK_3(
    stocked: Path, told: list[Count], seed: int
) -> None:
    url = f"sqlite+aiosqlite:///{shutil.copyfile(stocked, stocked.with_name('copy.sqlite3'))}"
    for leftover in stocked.parent.glob("copy.sqlite3-*"):
        leftover.unlink()
    books = Books(url)
    again = told + told
    random.Random(seed).shuffle(again)
    books.take(numbered(*again))
    assert books.levels() == expected(told)
    assert_book_agrees(books)


def test_counts_told_in_two_orders_give_the_same_levels_on_each_database_DSR_1(migrated_database_url: str) -> None:
    books = shop(migrated_database_url)
    told = [count("J1-M", 9 - n, at=NOON - timedelta(minutes=n % 5)) for n in range(10)]
    books.take(numbered(*told))
    first = books.levels()
    events = len(books.rows(tables.outbox))
    books.take(numbered(*reversed(told)))
    assert books.levels() == first == expected(told)
    assert len(books.rows(tables.outbox)) == events
    assert_book_agrees(books)


def assert_book_agrees(books: Books) -> None:
    """STK-1: the lines of the book add up to the levels."""
    lines = [stock.movement(row) for row in books.rows(stock_tables.stock_movements)]
    for key, on_hand in books.levels().items():
        assert domain.ledger.fold([line for line in lines if line.key == key]).on_hand == on_hand
