"""A transaction log comes in once: members, orders, returns matched to purchases, and nothing twice."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from datasources.store import tables
from datasources.store.member_tables import consents, member_identifiers, members, orders
from datasources.store.order_tables import returns
from datasources.store.points_tables import points_accounts, points_postings
from domain.imports import Kind, Line
from domain.programmes import Programme
from domain.statuses import Status
from domain.transactions import Transaction, TransactionLine
from tests.resolvers.imported import Books, codes

POUNDS = Programme("points", "points", "GBP", earn_points=1, earn_per_minor=10, expiry_days=None, debt_limit=100)
WINTER = datetime(2010, 12, 1, 8, tzinfo=UTC)


def sold(number: str, *items: tuple[str, int, int], customer: str = "17850", day: int = 0, **said: Any) -> Transaction:
    """An invoice of lines of (code, units, price in pence)."""
    lines = tuple(
        TransactionLine(place, code, code.title(), units, price, is_merchandise=code != "POST")
        for place, (code, units, price) in enumerate(items, start=10 * int(number.strip("C")))
    )
    return Transaction(number, "shop", customer, "GBP", WINTER + timedelta(days=day), lines, **said)


def back(number: str, *items: tuple[str, int, int], customer: str = "17850", day: int = 9) -> Transaction:
    """A cancellation."""
    return sold(number, *items, customer=customer, day=day, is_return=True)


def log(*found: Transaction) -> list[Line]:
    return [Line(one.lines[0].number, (one,), file="log.csv", rows=len(one.lines)) for one in found]


LOG = log(
    sold("1", ("A", 5, 100), ("POST", 1, 300)),
    sold("2", ("A", 2, 90), ("B", 1, 50), day=1),
    sold("3", ("A", 1, 100), customer="", day=2),
    sold("4", ("B", 4, 40), customer="12346", day=3),
    back("C5", ("A", 3, 90), day=4),
    back("C6", ("A", 9, 100), ("D", 1, 500), day=5),
    back("C7", ("B", 1, 50), customer="", day=6),
)


@pytest.fixture
def books(migrated_database_url: str) -> Books:
    return Books(migrated_database_url)


def by_number(books: Books) -> dict[str, Any]:
    return {row["number"]: row for row in books.rows(orders)}


def returned(row: Any) -> Sequence[tuple[int, int]]:
    """Units that came back and what went back for them, line by line."""
    return [(line[6], line[7]) for line in row["lines"]]


def history(books: Books) -> dict[str, Any]:
    """Everything a log leaves behind but card numbers, which are drawn by lot."""
    content = books.content()
    for row in content["members"]:
        del row["code"]  # type: ignore[attr-defined]
    return {name: content[name] for name in ("members", "member_identifiers", "orders", "returns")}


def test_members_orders_and_returns_are_what_the_log_says(books: Books) -> None:
    report = books.take(LOG)
    assert report.done == sum(line.rows for line in LOG)
    assert [(kind, counts[Status.CREATED]) for kind, counts in report.tally.rows()] == [
        (Kind.MEMBER, 2),
        (Kind.ORDER, 4),
        (Kind.RETURN, 3),
    ]
    found = by_number(books)
    assert {number: row["net_minor"] for number, row in found.items()} == {"1": 800, "2": 230, "3": 100, "4": 160}
    assert returned(found["2"]) == [(2, 180), (0, 0)], "the latest purchase gives first"
    assert returned(found["1"]) == [(5, 490), (0, 0)], "then the one before it"
    assert found["3"]["member_id"] is None
    assert found["1"]["member_id"] == found["2"]["member_id"] != found["4"]["member_id"]
    assert [row["completed_at"] for row in books.rows(orders)] == [row["placed_at"] for row in books.rows(orders)]
    kept = [(row["number"], row["refunded_minor"], row["without_receipt_minor"]) for row in books.rows(returns)]
    assert sorted(kept) == [("C5", 270, 0), ("C6", 1400, 1000), ("C7", 50, 50)]


def test_what_no_purchase_explains_is_told_by_its_line(books: Books) -> None:
    report = books.take(LOG)
    assert report.problems == []
    assert [(found.line, found.problem.code) for found in report.warnings] == [
        (60, "NO_RECEIPT"),
        (61, "NO_RECEIPT"),
        (70, "NO_RECEIPT"),
    ]


def test_who_is_named_becomes_a_prospect_who_has_consented_to_nothing_MEM_11(books: Books) -> None:
    books.take(LOG)
    assert {(row["status"], row["registration_source"]) for row in books.rows(members)} == {("PROSPECT", "IMPORT")}
    found = [(row["type"], row["realm"], row["value"]) for row in books.rows(member_identifiers)]
    assert sorted(found) == [("POS_ID", "shop", "12346"), ("POS_ID", "shop", "17850")]
    assert books.rows(consents) == []


def points(books: Books) -> dict[str, int]:
    """What everybody has, by their number at the shop; the ledger sums to zero (PTS-1)."""
    owners = {row["member_id"]: row["value"] for row in books.rows(member_identifiers)}
    assert sum(row["amount"] for row in books.rows(points_postings)) == 0
    return {owners[row["member_id"]]: row["active"] for row in books.rows(points_accounts)}


def test_goods_earn_points_and_what_comes_back_takes_back_what_it_earned_PTS_7(books: Books) -> None:
    assert books.take(LOG, programme=POUNDS).problems == []
    assert points(books) == {"17850": (500 + 230) // 10 - 50 - 18, "12346": 160 // 10}
    before = books.content()
    assert books.take(LOG, programme=POUNDS).problems == []
    assert books.content() == before


def test_a_return_of_a_later_log_takes_back_what_an_earlier_one_earned(books: Books) -> None:
    books.take(log(sold("1", ("A", 3, 100), ("POST", 1, 900))), programme=POUNDS)
    assert points(books) == {"17850": 30}
    books.take(log(back("C2", ("A", 1, 100), day=1), back("C3", ("POST", 1, 900), day=2)), programme=POUNDS)
    assert points(books) == {"17850": 20}


def test_nobody_earns_in_another_currency(books: Books) -> None:
    books.take(LOG, programme=replace(POUNDS, currency="CNY"))
    assert books.rows(points_accounts) == []


def test_a_second_run_changes_nothing_and_tells_nobody(books: Books) -> None:
    books.take(LOG)
    before, told = books.content(), len(books.rows(tables.outbox))
    report = books.take(LOG)
    assert {status for _, counts in report.tally.rows() for status, n in counts.items() if n} == {Status.UNCHANGED}
    assert report.findings == []
    assert books.content() == before
    assert len(books.rows(tables.outbox)) == told


def test_a_dry_run_says_what_a_run_does_and_writes_nothing(books: Books) -> None:
    dry = books.take(LOG, dry_run=True)
    assert (books.rows(orders), books.rows(members)) == ([], [])
    wet = books.take(LOG)
    assert (dry.tally, dry.findings, dry.done) == (wet.tally, wet.findings, wet.done)


def test_history_is_not_rewritten_by_a_log_that_says_otherwise_now(books: Books) -> None:
    books.take(LOG)
    before = books.content()
    report = books.take(log(sold("1", ("A", 5, 101)), back("C5", ("A", 4, 90), day=4), back("C8", ("B", 1, 50))))
    assert codes(report) == [(10, "InvoiceNo", "KEPT_OTHERWISE"), (50, "InvoiceNo", "KEPT_OTHERWISE")]
    assert returned(by_number(books)["1"]) == [(5, 490), (0, 0)]
    assert returned(by_number(books)["2"]) == [(2, 180), (1, 50)], "what is new goes in"
    assert books.content()["member_identifiers"] == before["member_identifiers"]


def test_a_log_that_says_two_things_of_one_number_is_believed_the_first_time(books: Books) -> None:
    once, otherwise = sold("1", ("A", 1, 100)), sold("1", ("A", 2, 100))
    report = books.take([Line(place, (one,)) for place, one in enumerate((once, once, otherwise), start=1)])
    assert codes(report) == [(3, "line", "REPEATED")]
    counts = report.tally.of(Kind.ORDER)
    assert (counts[Status.CREATED], counts[Status.UNCHANGED], counts[Status.FAILED]) == (1, 1, 1)
    assert by_number(books)["1"]["net_minor"] == 100


def many() -> list[Line]:
    """More than two batches: every third document takes back what the one before sold."""
    found = []
    for n in range(1, 451):
        customer = str(10_000 + n % 7)
        if n % 3:
            found.append(sold(str(n), ("A", n % 5 + 1, 100), ("B", 2, n), customer=customer, day=n))
        else:
            found.append(back(f"C{n}", ("A", 2, 100), ("B", 1, n - 7), customer=customer, day=n))
    return log(*found)


def test_an_import_that_is_killed_between_batches_goes_on_to_the_same_end(
    books: Books, migrated_sqlite_template: Path, tmp_path: Path
) -> None:
    def breaking() -> Iterator[Line]:
        yield from many()[:410]
        raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError):
        books.take(breaking())
    assert len(books.rows(orders)) + len(books.rows(returns)) == 200
    rest = books.take(many(), resume=True)
    assert (rest.skipped, rest.done) == (400, 900)
    clean = Books(f"sqlite+aiosqlite:///{shutil.copyfile(migrated_sqlite_template, tmp_path / 'clean.sqlite3')}")
    report = clean.take(many())
    assert rest.tally == report.tally
    assert history(books) == history(clean)
