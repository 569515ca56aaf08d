"""Whatever sound file comes in, in however many parts it tells of a product: the second time it changes nothing.

Slow: an example is a database of its own, and two imports into it.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from datasources.store import tables
from domain.assortment import Listing
from domain.catalog import Category
from domain.channels import Channel
from domain.imports import Item, NamedCategory, ProductEntry
from domain.prices import Price
from domain.statuses import Status
from tests.resolvers.imported import LIST, NOON, SHOP, Books, count, jacket, numbered

ROOTS: list[Item] = [
    Category("a", "a", "A"),
    NamedCategory(Category("b", "b", "B", "a")),
    LIST,
    SHOP,
    jacket("S", "M", "L", id="P", category_ids=("b", "a")),
]
IDS, SIZES = st.sampled_from("PQ"), st.sampled_from("SML")


def part(id: str, sizes: list[str], silent: frozenset[str]) -> ProductEntry:
    """Some sizes of a product, in the shop's order and with the same facts on whichever line they stand."""
    entry = jacket(
        *sorted(sizes, key="SML".index),
        id=id,
        barcodes={size: f"{id}{size}" for size in sizes},
        category_ids=("b", "a"),
    )
    sized = [replace(v, position="SML".index(v.option_values[0].value)) for v in entry.variants]
    return replace(entry, variants=tuple(sized), silent=silent)


items: st.SearchStrategy[Item] = st.one_of(
    st.builds(
        part,
        IDS,
        st.lists(SIZES, min_size=1, unique=True),
        st.sampled_from([frozenset[str](), frozenset({"barcodes", "category_ids"})]),
    ),
    st.builds(lambda size, amount: Price(LIST, f"P-{size}", amount), SIZES, st.integers(1, 2)),
    st.builds(lambda size, channel: Listing(f"P-{size}", channel, NOON), SIZES, st.sampled_from(Channel)),
    st.builds(lambda size, quantity: count(f"P-{size}", quantity), SIZES, st.integers(0, 3)),
)


@settings(max_examples=30)
@given(found=st.lists(items, max_size=8))
def test_a_sound_file_changes_nothing_the_second_time(
    migrated_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, found: list[Item]
) -> None:
    path = tmp_path_factory.mktemp("settle") / "shop.sqlite3"
    books = Books(f"sqlite+aiosqlite:///{shutil.copyfile(migrated_sqlite_template, path)}")
    lines = numbered(*ROOTS, *found)
    assume(not books.take(lines).problems)
    before, told = books.content(), len(books.rows(tables.outbox))
    again = books.take(lines)
    assert (books.content(), len(books.rows(tables.outbox))) == (before, told)
    happened = {status for _, counts in again.tally.rows() for status, times in counts.items() if times}
    assert happened <= {Status.UNCHANGED, Status.STALE}
