"""A transaction log with every kind of dirt: what goes in, and what is said of each line."""

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from datasources.files import transactions
from datasources.ports.imports import Unreadable
from domain.imports import Line, ProductEntry
from domain.transactions import BASKET, Transaction

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
LOG = f"""{HEADER}
536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,85123a,WHITE HEART,1,2010-12-01 08:26:00,2.55,17850,United Kingdom
536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.0,17850,United Kingdom
536366,22633,HAND WARMER,1,2011-07-01 09:00:00,1.85,,France
536366,22633,HAND WARMER,1,2011-07-01 09:00:00,1.85,,France
536366,22633,"HAND WARMER, RED",2,2011-07-01 09:01:00,1.85,,France
536367,22633,damaged,-5,2010-12-02 10:00:00,0.0,,United Kingdom
536368,22633,,56,2010-12-02 10:01:00,0.0,,United Kingdom
A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom
A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,11062.06,,United Kingdom
536369,PADS,PADS TO MATCH,1,2010-12-02 10:02:00,0.001,17850,United Kingdom
C536379,D,Discount,-1,2010-12-02 10:03:00,27.50,17850,United Kingdom
C536379,85123A,WHITE HEART,-2,2010-12-02 10:03:00,2.55,17850,United Kingdom
C536380,85123A,WHITE HEART,2,2010-12-02 10:04:00,2.55,17850,United Kingdom
536370,,NO CODE,1,2010-12-02 10:05:00,1.0,17850,United Kingdom
,22633,NO NUMBER,1,2010-12-02 10:05:00,1.0,17850,United Kingdom
536370,22633,HAND WARMER,one,2010-12-02 10:05:00,1.0,17850,United Kingdom
536370,22633,HAND WARMER,1,yesterday,1.0,17850,United Kingdom
536370,22633,HAND WARMER,1,2010-12-02 10:05:00,free,17850,United Kingdom
536370,22633,"HAND WARMER,1,2010-12-02 10:05:00,1.0,17850,United Kingdom
536370,22633,HAND WARMER
536370,22633,HAND WARMER,0,2010-12-02 10:05:00,1.0,17850,United Kingdom
536370,gift_0001_20,Gift Voucher 20,1,2010-12-02 10:05:00,20.0,17850,United Kingdom

536370,22633,HAND WARMER,1,2010-12-02 10:05:00,1.85,17851,United Kingdom
"""


def lines(tmp_path: Path, text: str = LOG, *, with_products: bool = False) -> Sequence[Line]:
    """What a log becomes."""
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    found = transactions.read(path, realm="shop", with_products=with_products)
    read = list(found.lines)
    assert sum(line.rows for line in read) == found.total
    return read


def said(read: Sequence[Line]) -> list[tuple[int, str, str, str]]:
    """Everything that is said of lines: number, field, code, and whether it is left out as a problem."""
    found = [(problem.line, problem.field, problem.code, "problem") for line in read for problem in line.problems]
    found += [(warning.line, warning.field, warning.code, "warning") for line in read for warning in line.warnings]
    return sorted(found)


def invoices(read: Sequence[Line]) -> dict[str, Transaction]:
    return {item.number: item for line in read for item in line.items if isinstance(item, Transaction)}


def test_every_kind_of_dirt_is_told_by_its_line(tmp_path: Path) -> None:
    assert said(lines(tmp_path)) == [
        (4, "StockCode", "NO_PRODUCT", "warning"),
        (5, "CustomerID", "NO_CUSTOMER", "warning"),
        (6, "line", "REPEATED_LINE", "warning"),
        (7, "Description", "OTHER_DESCRIPTION", "warning"),
        (8, "Quantity", "STOCK_CORRECTION", "warning"),
        (9, "UnitPrice", "NO_PRICE", "warning"),
        (10, "UnitPrice", "ADJUSTMENT", "warning"),
        (11, "UnitPrice", "ADJUSTMENT", "warning"),
        (12, "UnitPrice", "NO_PRICE", "warning"),
        (13, "StockCode", "NO_PRODUCT", "warning"),
        (15, "Quantity", "NO_RETURN", "warning"),
        (16, "StockCode", "EMPTY", "problem"),
        (17, "InvoiceNo", "EMPTY", "problem"),
        (18, "Quantity", "BAD_QUANTITY", "problem"),
        (19, "InvoiceDate", "BAD_DATE", "problem"),
        (20, "UnitPrice", "BAD_PRICE", "problem"),
        (21, "line", "BAD_QUOTES", "problem"),
        (22, "line", "RAGGED", "problem"),
        (23, "Quantity", "NO_UNITS", "warning"),
        (24, "StockCode", "NO_PRODUCT", "warning"),
        (26, "CustomerID", "OTHER_CUSTOMER", "warning"),
    ]


def test_what_is_sound_goes_in_as_it_stands(tmp_path: Path) -> None:
    found = invoices(lines(tmp_path))
    assert list(found) == ["536365", "536366", "C536379", "536370"]
    first = found["536365"]
    assert (first.customer, first.currency, first.is_return) == ("17850", "GBP", False)
    assert [(line.code, line.quantity, line.net_minor, line.is_merchandise) for line in first.lines] == [
        ("85123A", 6, 1530, True),
        ("85123A", 1, 255, True),
        ("POST", 1, 1800, False),
    ]
    assert [line.quantity for line in found["536366"].lines] == [1, 1, 2], "the money is the file's"
    back = found["C536379"]
    assert (back.is_return, back.net_minor) == (True, 2750 + 510)
    assert [(line.code, line.quantity) for line in back.lines] == [("D", 1), ("85123A", 2)]
    assert [line.is_merchandise for line in found["536370"].lines] == [False, True]
    assert found["536370"].customer == "17850", "the first line says whose it is"


def test_times_are_those_of_the_united_kingdom_in_winter_and_in_summer(tmp_path: Path) -> None:
    found = invoices(lines(tmp_path))
    assert found["536365"].at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    assert found["536366"].at == datetime(2011, 7, 1, 8, 0, tzinfo=UTC)


def test_an_invoice_that_is_written_between_the_rows_of_another_loses_nothing(tmp_path: Path) -> None:
    row = "{},22633,HAND WARMER,{},2010-12-02 10:05:00,1.0,17850,United Kingdom"
    rows = [row.format(number, units) for number, units in (("1", 1), ("2", 2), ("1", 3), ("3", 4), ("2", 5))]
    found = invoices(lines(tmp_path, "\n".join([HEADER, *rows])))
    assert {n: [line.quantity for line in one.lines] for n, one in found.items()} == {
        "1": [1, 3],
        "2": [2, 5],
        "3": [4],
    }


def test_an_invoice_without_end_is_cut(tmp_path: Path) -> None:
    row = "1,22633,HAND WARMER,1,2010-12-02 10:05:00,1.0,17850,United Kingdom"
    read = lines(tmp_path, "\n".join([HEADER, *[row] * (BASKET + 1)]))
    assert [problem.code for line in read for problem in line.problems] == ["TOO_LONG"]
    assert len(invoices(read)["1"].lines) == BASKET


def test_codes_become_products_by_what_they_are_called_most_often(tmp_path: Path) -> None:
    read = lines(tmp_path, with_products=True)
    entries = [item for line in read for item in line.items if isinstance(item, ProductEntry)]
    assert [(entry.product.id, entry.product.title, entry.product.slug) for entry in entries] == [
        ("85123A", "WHITE HEART", "white-heart-85123a"),
        ("22633", "HAND WARMER", "hand-warmer-22633"),
    ]
    assert all(entry.variants[0].sku == entry.product.id for entry in entries)
    assert list(invoices(read)) == list(invoices(lines(tmp_path)))


def test_a_packed_log_is_the_same_log_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(LOG.encode(), mtime=0))
    assert invoices(list(transactions.read(packed, realm="shop").lines)) == invoices(lines(tmp_path))
    packed.write_bytes(gzip.compress(LOG.encode() * 50)[:-20])
    with pytest.raises(Unreadable, match="broken"):
        transactions.read(packed, realm="shop")


@pytest.mark.parametrize(
    ("text", "told"), [("a,b\n1,2\n", "has no column 'InvoiceNo'"), ("", "has no column"), (None, "No such file")]
)
def test_what_is_no_log_is_refused_with_a_sentence(tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "log.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(Unreadable, match=told):
        transactions.read(path, realm="shop")


def test_bytes_that_are_no_utf_8_cost_their_line(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    row = "1,22633,{},1,2010-12-02 10:05:00,1.0,17850,United Kingdom\n"
    path.write_bytes((HEADER + "\n" + row.format("CAFÉ")).encode("latin-1") + row.format("CAFÉ").encode())
    read = list(transactions.read(path, realm="shop").lines)
    assert [(problem.line, problem.code) for line in read for problem in line.problems] == [(2, "BAD_ENCODING")]
    assert invoices(read)["1"].lines[0].title == "CAFÉ"


def test_the_same_content_has_the_same_name_and_another_realm_another(tmp_path: Path) -> None:
    lines(tmp_path)
    path = tmp_path / "log.csv"
    names = [transactions.read(path, realm=realm).id for realm in ("a", "a", "b")]
    assert names[0] == names[1] != names[2]
