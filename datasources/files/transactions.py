"""A transaction log: a CSV, packed or not, one row per line of an invoice, read as a stream.

A record is one line of the file, so that a quote which is never closed costs that line and nothing else; and no more
than a few invoices are held at a time, however long the file is.
"""

import csv
import gzip
import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from datasources.files import transaction_products, transaction_rows
from datasources.files.reading import Input, identity
from datasources.files.transaction_products import Titles
from datasources.files.transaction_rows import COLUMNS, CURRENCY, Row
from datasources.ports.imports import Unreadable
from domain.imports import Line, Problem
from domain.transactions import BASKET, Transaction

OPEN = 8
"""Invoices that may be written at once, such as at several tills: rows of one may stand between those of others."""
LONGEST = 1 << 16
_PACKED = b"\x1f\x8b"


def read(path: Path, *, realm: str, with_products: bool = False) -> Input:
    """Open a log; `realm` is whose numbers its invoices and customers have. With products, they come first.

    Raises:
        Unreadable: no such file, a packed one that is broken, or columns that are missing.
    """
    titles = Titles()
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        places = _places(path)
        rows = sum(1 for _ in _texts(path))  # a first look at all of it: packed files are broken at their end
        for found in _rows(path, places) if with_products else ():
            if isinstance(found, Row):
                titles.saw(found)
    except OSError as failure:
        raise Unreadable(f"{path}: {failure.strerror or failure}") from failure
    except (EOFError, zlib.error) as failure:
        raise Unreadable(f"{path.name} is packed and broken ({failure}): was it fetched completely?") from failure
    products = transaction_products.lines(titles, path.name)
    kind = "transactions with products" if with_products else "transactions"
    return Input(identity(kind, [digest, realm.encode()]), _lines(path, places, realm, products), rows + len(products))


def _lines(path: Path, places: list[int], realm: str, products: list[Line]) -> Iterator[Line]:
    yield from products
    invoices: OrderedDict[str, _Invoice] = OrderedDict()
    described: dict[str, dict[str, int]] = {}
    for found in _rows(path, places):
        if isinstance(found, Problem):
            yield Line(found.line, (), (found,), file=path.name)
            continue
        invoice = invoices.get(found.invoice)
        if invoice is None:
            invoice = invoices[found.invoice] = _Invoice(found)
            if len(invoices) > OPEN:
                yield invoices.popitem(last=False)[1].line(path.name, realm)
        if len(invoice.rows) == BASKET:
            full = f"invoice {found.invoice} has more than {BASKET} lines: is its number right?"
            yield Line(found.line, (), (Problem("InvoiceNo", "TOO_LONG", full, found.line),), file=path.name)
        else:
            invoice.add(found, described)
    for invoice in invoices.values():
        yield invoice.line(path.name, realm)


@dataclass(slots=True)
class _Invoice:
    """The rows of one invoice, as they come."""

    first: Row
    rows: list[Row] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    said: dict[tuple[str, ...], int] = field(default_factory=dict)

    def add(self, row: Row, described: dict[str, dict[str, int]]) -> None:
        self.rows.append(row)
        self.notes += row.notes
        if row.customer != self.first.customer:
            message = f"{row.customer!r} is not {self.first.customer!r} of line {self.first.line}, who has the order"
            self.notes.append(Problem("CustomerID", "OTHER_CUSTOMER", message, row.line))
        if row.item is None:
            return
        before = self.said.setdefault(row.cells, row.line)
        if before != row.line:
            message = f"says what line {before} says: taken as units that were entered one by one, and counted"
            self.notes.append(Problem("line", "REPEATED_LINE", message, row.line))
        titles = described.setdefault(row.item.code, {})
        if row.item.title not in titles:
            if titles:
                message = f"{row.item.code} was called otherwise on line {min(titles.values())}: kept as it stands"
                self.notes.append(Problem("Description", "OTHER_DESCRIPTION", message, row.line))
            titles[row.item.title] = row.line

    def line(self, file: str, realm: str) -> Line:
        """All of it as one line of an import; an invoice of which nothing is left brings nothing in."""
        items = tuple(row.item for row in self.rows if row.item is not None)
        if items and not self.first.customer:
            message = "is empty: nobody knows whose it is, and nobody gets points for it"
            self.notes.append(Problem("CustomerID", "NO_CUSTOMER", message, self.first.line))
        transaction = Transaction(
            number=self.first.invoice,
            realm=realm,
            customer=self.first.customer,
            currency=CURRENCY,
            at=self.first.at,
            lines=items,
            is_return=self.first.is_return,
        )
        return Line(
            self.first.line, (transaction,) if items else (), warnings=tuple(self.notes), file=file, rows=len(self.rows)
        )


def _rows(path: Path, places: list[int]) -> Iterator[Row | Problem]:
    return (_row(text, number, places) for number, text in _texts(path))


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """The lines under the header that hold anything, and their numbers."""
    with _opened(path) as file:
        texts = enumerate(iter(lambda: file.readline(LONGEST), ""), start=1)
        yield from ((number, text) for number, text in texts if number > 1 and text.strip())


def _row(text: str, number: int, places: list[int]) -> Row | Problem:
    if "\0" in text or "\ufffd" in text:
        return Problem("line", "BAD_ENCODING", "holds bytes that are no UTF-8: save the file as UTF-8", number)
    cells = _cells(text)
    if cells is None:
        return Problem("line", "BAD_QUOTES", 'quotes (") do not match here: double those of the text', number)
    if len(cells) <= max(places):
        message = f"has {len(cells)} cells, the header has {max(places) + 1} or more: is a comma missing?"
        return Problem("line", "RAGGED", message, number)
    return transaction_rows.read([cells[place] for place in places], number)


def _cells(text: str) -> list[str] | None:
    try:
        return next(csv.reader((text,), strict=True), [])
    except csv.Error:
        return None


def _places(path: Path) -> list[int]:
    """Where in a row the columns stand."""
    with _opened(path) as file:
        names = [name.strip() for name in _cells(file.readline(LONGEST)) or ()]
    if missing := [name for name in COLUMNS if name not in names]:
        raise Unreadable(f"{path.name} has no column {missing[0]!r} in its first line: is it a transaction log?")
    return [names.index(name) for name in COLUMNS]


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    with path.open("rb") as file:
        is_packed = file.read(2) == _PACKED
    opened = gzip.open if is_packed else open
    with opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as text:
        yield text
