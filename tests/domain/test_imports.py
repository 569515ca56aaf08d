"""What an item of a file counts as, whether another contradicts it, and what became of all of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.imports
from domain.catalog import Category, Option
from domain.channels import Channel
from domain.imports import Item, Kind, Line, NamedCategory, ProductEntry, Tally
from domain.prices import PriceList
from domain.statuses import Status
from tests.builders import BASE, NOW, count, entry, listing, priced, product, shop, variant

JACKET = entry("DJ01")
WOMEN = Category("women", "women", "女装")


def contradict(one: Item, other: Item) -> bool:
    """Whether one file may not say both."""
    said = {key: content for key, content, _ in domain.imports.identities(one)}
    return any(said.get(key, content) != content for key, content, _ in domain.imports.identities(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (JACKET, entry("DJ01", title="Coat")),
        (JACKET, entry("DJ01", category_ids=("women",))),
        (JACKET, ProductEntry(product("DJ01"), (variant("DJ01-L", weight_g=420),))),
        (JACKET, ProductEntry(product("MH01"), (variant("DJ01-L", "MH01"),))),
        (priced("DJ01-L", 100), priced("DJ01-L", 200)),
        (listing("DJ01-L"), listing("DJ01-L", listed_from=NOW)),
        (listing("DJ01-L", location_id="SH001"), listing("DJ01-L", location_id="SH001", listed_to=NOW)),
        (WOMEN, replace(WOMEN, name="Women")),
        (BASE, replace(BASE, priority=1)),
        (shop("SH001"), shop("SH001", city="北京市")),
    ],
)
def test_two_things_said_of_one_key_contradict_each_other(one: Item, other: Item) -> None:
    assert contradict(one, other)
    assert not contradict(one, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (JACKET, entry("MH01")),
        (JACKET, entry("DJ01", sizes=("M",))),
        (JACKET, entry("DJ01", created_at=NOW)),
        (JACKET, replace(JACKET, product=product("DJ01", options=(Option("尺码", ("S", "L")),)))),
        (priced("DJ01-L", 100), priced("DJ01-M", 200)),
        (priced("DJ01-L", 100), priced("DJ01-L", 90, from_quantity=10)),
        (priced("DJ01-L", 100), priced("DJ01-L", 90, list=PriceList("sale", "", "CNY"))),
        (listing("DJ01-L"), listing("DJ01-M", listed_from=NOW)),
        (listing("DJ01-L"), listing("DJ01-L", Channel.WEB, listed_from=NOW)),
        (listing("DJ01-L"), listing("DJ01-L", location_id="SH001", listed_from=NOW)),
        (WOMEN, Category("men", "men", "男装")),
        (WOMEN, PriceList("women", "女装", "CNY")),
        (PriceList("SH001", "", "CNY"), shop("SH001")),
        (count(1), count(2)),
        (NamedCategory(WOMEN), NamedCategory(replace(WOMEN, name="Women"))),
    ],
)
def test_what_is_said_of_different_things_or_may_be_said_twice_is_no_contradiction(one: Item, other: Item) -> None:
    """The options of a product are those of all lines that tell of it, and of several counts the latest stands."""
    assert not contradict(one, other)


def test_a_product_counts_as_one_product_and_each_of_its_variants() -> None:
    assert domain.imports.kinds(entry("DJ01", sizes=("L", "M"))) == (Kind.PRODUCT, Kind.VARIANT, Kind.VARIANT)
    others: list[Item] = [WOMEN, NamedCategory(WOMEN), BASE, priced("DJ01-L", 1), listing("DJ01-L"), shop(), count(1)]
    assert [domain.imports.kinds(item) for item in others] == [
        *((Kind.CATEGORY,), (Kind.CATEGORY,), (Kind.PRICE_LIST,), (Kind.PRICE,), (Kind.LISTING,)),
        *((Kind.LOCATION,), (Kind.STOCK,)),
    ]


def test_a_line_stands_where_an_editor_finds_it() -> None:
    assert [Line(7, ()).place, Line(7, (), file="goods.csv").place] == ["7", "goods.csv:7"]


counts = st.dictionaries(st.tuples(st.sampled_from(Kind), st.sampled_from(Status)), st.integers(1, 9))


def tallied(counts: dict[tuple[Kind, Status], int]) -> Tally:
    """A tally to which each outcome was added so many times."""
    tally = Tally()
    for (kind, status), times in counts.items():
        tally.add(kind, status, times)
    return tally


@given(counts)
def test_a_tally_comes_back_from_its_checkpoint_as_it_was(counts: dict[tuple[Kind, Status], int]) -> None:
    assert Tally.from_json(tallied(counts).as_json()) == tallied(counts)


@given(counts)
def test_a_tally_shows_what_occurred_in_the_order_of_its_kinds_and_what_failed(
    counts: dict[tuple[Kind, Status], int],
) -> None:
    tally = tallied(counts)
    rows = list(tally.rows())
    assert [kind for kind, _ in rows] == [kind for kind in Kind if any(of is kind for of, _ in counts)]
    assert all(found == {status: counts.get((kind, status), 0) for status in Status} for kind, found in rows)
    assert tally.failed == sum(times for (_, status), times in counts.items() if status is Status.FAILED)
