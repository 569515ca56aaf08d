"""An import takes what is sound, names what is not, changes nothing twice, and loses nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from datasources.store import stock_tables, tables
from domain.assortment import Listing
from domain.catalog import Barcode, BarcodeType, Category, OptionValue
from domain.channels import Channel
from domain.imports import Kind, Line, Problem
from domain.prices import Price
from domain.statuses import Status
from tests.resolvers.imported import LIST, NOON, SHOP, Books, codes, count, goods, jacket, numbered

FORGED = Price(replace(LIST, id="nobody"), "J1-M", 100)


@pytest.fixture
def books(migrated_database_url: str) -> Books:
    return Books(migrated_database_url)


def test_everything_a_file_can_hold_goes_in(books: Books) -> None:
    report = books.take(goods())
    assert report.findings == []
    assert {kind.value: counts[Status.CREATED] for kind, counts in report.tally.rows()} == {
        "categories": 1,
        "products": 1,
        "variants": 2,
        "price lists": 1,
        "prices": 2,
        "listings": 1,
        "locations": 1,
        "stock counts": 1,
    }
    assert books.levels() == {("J1-M", "SH001"): 5}
    assert [row["source"] for row in books.rows(stock_tables.stock_levels)] == ["erp"]
    told = [(row["topic"], row["key"]) for row in books.rows(tables.outbox)]
    assert sorted(told) == [
        ("catalog.changed", "J1"),
        ("category.changed", "coats"),
        ("location.changed", "SH001"),
        ("price_list.changed", "base"),
        ("stock.changed", "J1-M@SH001"),
    ]


def test_a_second_run_changes_nothing_and_tells_nobody(books: Books) -> None:
    books.take(goods())
    before, told = books.content(), len(books.rows(tables.outbox))
    report = books.take(goods())
    assert {status for kind, counts in report.tally.rows() for status, n in counts.items() if n} == {Status.UNCHANGED}
    assert books.content() == before
    assert len(books.rows(tables.outbox)) == told


def test_a_dry_run_reports_what_a_run_does_and_writes_nothing(books: Books) -> None:
    before = books.content()
    lines = [*goods(), *(replace(line, number=line.number + 8) for line in numbered(count("nobody", 1), FORGED))]
    dry = books.take(lines, dry_run=True)
    assert books.content() == before
    assert books.rows(tables.import_runs) == []
    wet = books.take(lines)
    assert (dry.tally, dry.findings, dry.done) == (wet.tally, wet.findings, wet.done)


def test_what_is_wrong_with_one_item_keeps_only_that_item_out(books: Books) -> None:
    books.take(goods())
    report = books.take(
        numbered(
            count("nobody", 1),
            replace(count("J1-M", 1), location_id="XX"),
            count("J1-M", -1),
            count("J1-M", 1, at=NOON + timedelta(hours=1)),
            Price(LIST, "nobody", 100),
            FORGED,
            Price(replace(LIST, currency="USD"), "J1-M", 100),
            jacket("M", id="J2", slug="jacket-j1"),
            jacket("M", id="J3", category_ids=("nowhere",)),
            Listing("J1-M", Channel.WEB, NOON, NOON, "XX"),
            Category("boots", "coats", "靴子", "nowhere"),
            count("J1-L", 7),
        )
    )
    assert codes(report) == [
        (1, "sku", "UNKNOWN_SKU"),
        (2, "location", "UNKNOWN_LOCATION"),
        (3, "quantity", "NEGATIVE_QUANTITY"),
        (4, "observed_at", "OBSERVED_IN_FUTURE"),
        (5, "sku", "UNKNOWN_SKU"),
        (6, "price_list", "UNKNOWN_PRICE_LIST"),
        (7, "currency", "OTHER_CURRENCY"),
        (8, "slug", "DUPLICATE_SLUG"),
        (9, "categories", "UNKNOWN_CATEGORY"),
        (10, "location", "UNKNOWN_LOCATION"),
        (10, "listed_to", "EMPTY_INTERVAL"),
        (11, "parent", "UNKNOWN_CATEGORY"),
        (11, "slug", "DUPLICATE_SLUG"),
    ]
    assert report.tally.failed == 13  # two products with a variant each count four
    assert books.levels() == {("J1-M", "SH001"): 5, ("J1-L", "SH001"): 7}


def test_a_barcode_belongs_to_one_sku_and_costs_only_the_variant_that_claims_it_again_CAT_2(books: Books) -> None:
    books.take(goods())
    report = books.take(numbered(jacket("S", "M", id="J9", barcodes={"S": "2000000000015", "M": "2000000000022"})))
    assert codes(report) == [(1, "barcode", "BARCODE_TAKEN")]
    assert report.tally.of(Kind.VARIANT)[Status.FAILED] == 1
    assert [row["sku"] for row in books.rows(tables.variants)] == ["J1-L", "J1-M", "J9-M"]
    assert [(row["value"], row["sku"]) for row in books.rows(tables.barcodes)] == [
        ("2000000000015", "J1-M"),
        ("2000000000022", "J9-M"),
    ]


def test_a_code_that_stands_on_two_labels_of_one_sku_is_kept_once(books: Books) -> None:
    entry = jacket("M")
    labels = (Barcode(BarcodeType.EAN, "2000000000015"), Barcode(BarcodeType.QR, "2000000000015"))
    entry = replace(entry, variants=(replace(entry.variants[0], barcodes=labels),))
    assert [books.take(numbered(entry)).findings for _ in "12"] == [[], []]
    assert [(row["value"], row["type"]) for row in books.rows(tables.barcodes)] == [("2000000000015", "QR")]


def test_variants_that_nobody_could_tell_apart_do_not_go_in_CAT_1(books: Books) -> None:
    entry = jacket("M", "L")
    twin = replace(entry.variants[1], sku="J1-XL", option_values=(OptionValue("尺码", "M"),))
    report = books.take(numbered(replace(entry, variants=(*entry.variants, twin))))
    assert codes(report) == [(1, "options", "SAME_OPTIONS")]
    later = books.take(numbered(replace(jacket("M"), variants=(replace(twin, sku="J1-XXL"),))))
    assert codes(later) == [(1, "options", "SAME_OPTIONS")]
    assert [row["sku"] for row in books.rows(tables.variants)] == ["J1-L", "J1-M"]


def test_a_price_that_rises_with_the_quantity_is_a_warning_CAT_5(books: Books) -> None:
    report = books.take([*goods(), *numbered(Price(LIST, "J1-M", 30000, 10), Price(LIST, "J1-M", 100, 20))])
    assert codes(report) == [(1, "amount", "RISING_STEP")]
    assert report.findings[0].is_warning
    assert len(books.rows(tables.prices)) == 4


def test_a_file_that_says_two_things_of_one_sku_is_believed_the_first_time(books: Books) -> None:
    books.take(goods())
    report = books.take(numbered(Price(LIST, "J1-M", 100), Price(LIST, "J1-M", 200), Price(LIST, "J1-M", 100)))
    assert codes(report) == [(2, "line", "REPEATED")]
    assert "goods.csv:1" in report.findings[0].problem.message
    assert [row["amount_minor"] for row in books.rows(tables.prices)] == [29900, 100]


def test_products_are_found_by_the_words_of_their_titles_codes_brands_and_shelves(books: Books) -> None:
    books.take(goods())
    ranks = {row["term"]: row["rank"] for row in books.rows(tables.search_terms)}
    assert (ranks["羽绒"], ranks["2000000000015"], ranks["j1-m"], ranks["北境"], ranks["外套"]) == (1, 2, 2, 3, 3)
    assert ranks["jacket"] == 4
    books.take(numbered(Category("coats", "coats", "大衣")))
    terms = {row["term"] for row in books.rows(tables.search_terms)}
    assert "大衣" in terms
    assert "外套" not in terms


def test_a_product_that_names_one_sku_twice_keeps_the_first_and_costs_only_the_other(books: Books) -> None:
    entry = jacket("M", "L")
    twice = replace(entry.variants[1], sku="J1-M")
    report = books.take(numbered(replace(entry, variants=(*entry.variants, twice))))
    assert codes(report) == [(1, "sku", "REPEATED")]
    assert [row["option_values"] for row in books.rows(tables.variants)] == [[["尺码", "L"]], [["尺码", "M"]]]


def test_a_line_that_cannot_be_read_is_counted_and_passed_over(books: Books) -> None:
    broken = Line(1, (), (Problem("数量", "BAD_NUMBER", "no number"),), file="goods.csv")
    report = books.take([broken, *goods()])
    assert report.tally.of(Kind.LINE)[Status.FAILED] == 1
    assert books.levels() == {("J1-M", "SH001"): 5}


def test_what_a_reader_warns_of_is_told_and_its_line_goes_in(books: Books) -> None:
    (line,) = numbered(SHOP)
    report = books.take([replace(line, warnings=(Problem("qty", "NOT_STOCK", "not taken as stock"),))])
    assert [(found.problem.code, found.is_warning) for found in report.findings] == [("NOT_STOCK", True)]
    assert (report.problems, report.warnings) == ([], report.findings)
    assert len(books.rows(tables.locations)) == 1


def test_what_the_database_cannot_hold_costs_its_own_line(books: Books) -> None:
    absurd = Price(LIST, "J1-M", 10**30, 2)
    report = books.take([*goods(), *numbered(Price(LIST, "J1-M", 100, 3), absurd, Price(LIST, "J1-L", 100, 3))])
    assert codes(report)[-1] == (2, "line", "REJECTED")
    assert [row["min_quantity"] for row in books.rows(tables.prices)] == [1, 3, 1, 3]


def many() -> list[Line]:
    """More lines than three batches hold."""
    return numbered(*(replace(SHOP, id=f"S{number:04}") for number in range(700)))


def test_a_stopped_import_says_where_and_resume_goes_on_there(books: Books) -> None:
    answers: Iterator[bool] = iter([False, True])
    told: list[int] = []
    report = books.take(many(), stop=lambda: next(answers), on_progress=told.append)
    assert (report.done, report.stopped_after) == (400, "goods.csv:400")
    assert len(books.rows(tables.locations)) == 400
    rest = books.take(many(), resume=True, on_progress=told.append)
    assert told == [200, 400, 400, 600, 700]
    assert (rest.skipped, rest.done, rest.stopped_after) == (400, 700, None)
    assert rest.tally.of(Kind.LOCATION) == {s: 700 if s is Status.CREATED else 0 for s in Status}
    assert len(books.rows(tables.locations)) == len(books.rows(tables.outbox)) == 700


def test_a_line_that_contradicts_one_from_before_the_stop_is_refused_after_it(books: Books) -> None:
    lines = numbered(
        *(replace(SHOP, id=f"S{number:04}") for number in range(250)), replace(SHOP, id="S0007", city="北京")
    )
    books.take(lines, stop=lambda: True)
    rest = books.take(lines, resume=True)
    assert (rest.skipped, codes(rest)) == (200, [(251, "line", "REPEATED")])
    assert {row["city"] for row in books.rows(tables.locations)} == {SHOP.city}


def test_a_file_that_ends_is_finished_whoever_asks_it_to_stop(books: Books) -> None:
    report = books.take(goods(), stop=lambda: True)
    assert (report.done, report.stopped_after) == (8, None)
    (run,) = books.rows(tables.import_runs)
    assert (run["line"], run["finished"]) == (8, True)


def test_resuming_what_is_done_does_nothing(books: Books) -> None:
    books.take(many())
    report = books.take(many(), resume=True)
    assert (report.skipped, report.done) == (700, 700)


def test_a_reader_that_fails_halfway_leaves_whole_batches_behind(books: Books) -> None:
    def breaking() -> Iterator[Line]:
        yield from many()[:450]
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError):
        books.take(breaking())
    assert len(books.rows(tables.locations)) == 200  # the next batch is read before one is marked as the last
    (run,) = books.rows(tables.import_runs)
    assert (run["line"], run["finished"]) == (200, False)
