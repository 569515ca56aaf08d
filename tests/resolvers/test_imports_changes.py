"""What a later file changes: what it says and nothing else, whatever rows take from each other meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from datasources.store import tables
from domain.assortment import Listing
from domain.catalog import Category, Option, UnitOfMeasure
from domain.channels import Channel
from domain.imports import Kind, NamedCategory
from domain.prices import Price
from domain.statuses import Status
from tests.resolvers.imported import LIST, NOON, Books, codes, goods, jacket, numbered


@pytest.fixture
def books(migrated_database_url: str) -> Books:
    return Books(migrated_database_url)


def test_a_barcode_that_one_sku_gives_up_another_may_take(books: Books) -> None:
    books.take(numbered(jacket("M", barcodes={"M": "2000000000015"})))
    moved = numbered(
        jacket("M", barcodes={"M": "2000000000022"}), jacket("M", id="J2", barcodes={"M": "2000000000015"})
    )
    assert books.take(moved).findings == []
    assert [row["sku"] for row in books.rows(tables.barcodes)] == ["J2-M", "J1-M"]


def test_what_a_file_says_nothing_of_is_left_alone(books: Books) -> None:
    books.take(goods())
    silent = replace(jacket("M", brand="", title="厚羽绒服"), silent=frozenset({"barcodes", "brand", "category_ids"}))
    report = books.take(numbered(silent))
    assert report.tally.of(Kind.PRODUCT)[Status.UPDATED] == 1
    assert report.tally.of(Kind.VARIANT)[Status.UNCHANGED] == 1
    (product,) = books.rows(tables.products)
    assert (product["title"], product["brand"]) == ("厚羽绒服", "北境")
    assert len(books.rows(tables.barcodes)) == len(books.rows(tables.product_categories)) == 1


def test_a_category_that_is_only_named_keeps_its_own_name(books: Books) -> None:
    books.take(goods())
    named = NamedCategory(Category("coats", "coats", "COATS", None, 7))
    below = NamedCategory(Category("down", "down", "羽绒服", "coats"))
    assert books.take(numbered([named, below])).findings == []
    assert [row["name"] for row in books.rows(tables.categories)] == ["外套", "羽绒服"]


def test_a_product_told_in_two_parts_settles(books: Books) -> None:
    parts = numbered(jacket("M", "L"), jacket("S", "XL"))
    books.take(parts)
    (product,) = books.rows(tables.products)
    assert sorted(product["options"][0][1]) == ["L", "M", "S", "XL"]
    assert books.take(parts).tally.of(Kind.PRODUCT)[Status.UPDATED] == 0


def test_a_part_of_a_product_told_again_leaves_its_options_in_their_order(books: Books) -> None:
    whole = jacket("M", "L", options=(Option("尺码", ("L", "M")),))
    books.take(numbered(whole))
    report = books.take(numbered(replace(whole, variants=whole.variants[:1])))
    assert report.tally.of(Kind.PRODUCT)[Status.UNCHANGED] == 1
    assert [row["options"] for row in books.rows(tables.products)] == [[["尺码", ["L", "M"]]]]


def test_a_size_that_comes_later_stands_behind_those_there_are_by_its_position(books: Books) -> None:
    books.take(numbered(jacket("S", "M", "L")))
    later = jacket("XL")
    books.take(numbered(replace(later, variants=(replace(later.variants[0], position=3),))))
    assert [row["options"] for row in books.rows(tables.products)] == [[["尺码", ["S", "M", "L", "XL"]]]]


def test_a_product_was_first_seen_when_it_was_first_seen(books: Books) -> None:
    books.take(numbered(jacket("M")))
    told_again = books.take(numbered(jacket("M", created_at=NOON + timedelta(days=1))))
    assert told_again.tally.of(Kind.PRODUCT)[Status.UNCHANGED] == 1
    assert [row["created_at"] for row in books.rows(tables.products)] == [NOON]


def test_what_a_variant_weighs_stays_as_it_was_where_a_file_does_not_say(books: Books) -> None:
    entry = jacket("M")
    cloth = replace(entry.variants[0], uom=UnitOfMeasure.GRAM, weight_g=420)
    books.take(numbered(replace(entry, variants=(cloth,))))
    report = books.take(numbered(replace(entry, silent=frozenset({"uom", "weight_g"}))))
    assert report.tally.of(Kind.VARIANT)[Status.UNCHANGED] == 1
    assert [(row["uom"], row["weight_g"]) for row in books.rows(tables.variants)] == [("GRAM", 420)]


def test_what_was_filed_and_labelled_otherwise_is_an_update_and_no_more_than_that(books: Books) -> None:
    books.take(goods())
    shelves = (Category("new", "new", "新品"),)
    refiled = jacket("M", "L", barcodes={"M": "2000000000015"}, category_ids=("new", "coats", "new"))
    first = books.take(numbered(*shelves, refiled))
    assert first.tally.of(Kind.PRODUCT)[Status.UPDATED] == 1
    assert first.tally.of(Kind.VARIANT)[Status.UNCHANGED] == 2
    filed = sorted((row["position"], row["category_id"]) for row in books.rows(tables.product_categories))
    assert filed == [(0, "new"), (1, "coats")]
    relabelled = jacket("M", "L", barcodes={"M": "2000000000022"}, category_ids=("new", "coats"))
    second = books.take(numbered(relabelled))
    assert second.tally.of(Kind.PRODUCT)[Status.UNCHANGED] == 1
    assert {s: n for s, n in second.tally.of(Kind.VARIANT).items() if n} == {Status.UPDATED: 1, Status.UNCHANGED: 1}
    assert [(row["topic"], row["key"]) for row in books.rows(tables.outbox)[-1:]] == [("catalog.changed", "J1")]


def test_a_new_product_may_take_the_address_that_another_gives_up(books: Books) -> None:
    books.take(numbered(jacket("M", slug="down")))
    report = books.take(numbered(jacket("M", slug="down-2025"), jacket("M", id="J2", slug="down")))
    assert codes(report) == []
    assert [(row["id"], row["slug"]) for row in books.rows(tables.products)] == [("J1", "down-2025"), ("J2", "down")]


def test_two_new_products_cannot_have_one_address(books: Books) -> None:
    report = books.take(numbered(jacket("M", slug="down"), jacket("M", id="J2", slug="down")))
    assert codes(report) == [(2, "slug", "DUPLICATE_SLUG")]


def test_a_category_may_move_under_one_that_comes_with_it(books: Books) -> None:
    books.take(numbered(Category("coats", "coats", "外套")))
    above, only_named = Category("all", "all", "全部"), NamedCategory(Category("low", "low", "低", "coats"))
    report = books.take(numbered(above, Category("coats", "coats", "外套", "all"), only_named))
    assert codes(report) == []
    assert [(row["id"], row["parent_id"]) for row in books.rows(tables.categories)] == [
        ("all", None),
        ("coats", "all"),
        ("low", "coats"),
    ]


def test_a_category_may_stand_under_one_that_an_earlier_line_only_names(books: Books) -> None:
    report = books.take(numbered(NamedCategory(Category("z", "z", "Z")), Category("a", "a", "A", "z")))
    assert codes(report) == []
    assert report.tally.of(Kind.CATEGORY)[Status.CREATED] == 2


def test_a_sku_stays_with_its_product_also_when_another_file_gives_it_to_another(books: Books) -> None:
    books.take(numbered(jacket("M")))
    stolen = replace(jacket("L", id="J2"), variants=(*jacket("L", id="J2").variants, jacket("M").variants[0]))
    moved = replace(stolen, variants=tuple(replace(variant, product_id="J2") for variant in stolen.variants))
    assert codes(books.take(numbered(moved))) == [(1, "sku", "SKU_TAKEN")]
    assert [(row["sku"], row["product_id"]) for row in books.rows(tables.variants)] == [("J1-M", "J1"), ("J2-L", "J2")]


def test_a_step_that_rises_is_seen_against_what_another_file_said_CAT_5(books: Books) -> None:
    books.take([*goods(), *numbered(Price(LIST, "J1-M", 20000, 20))])
    between = books.take(numbered(Price(LIST, "J1-M", 15000, 10)))
    assert codes(between) == [(1, "amount", "RISING_STEP")]
    assert "from 20 pieces" in between.findings[0].problem.message
    assert codes(books.take(numbered(Price(LIST, "J1-M", 19000, 30)))) == []


def test_prices_and_listings_that_change_are_told_as_changes_of_their_product(books: Books) -> None:
    books.take(goods())
    told = len(books.rows(tables.outbox))
    for item in (Price(LIST, "J1-M", 19900), Listing("J1-M", Channel.WEB, NOON - timedelta(days=1))):
        books.take(numbered(item))
    assert [(row["topic"], row["key"]) for row in books.rows(tables.outbox)[told:]] == [("catalog.changed", "J1")] * 2
