"""A row of a transaction log: one line of an invoice or of a cancellation, and what is wrong with it.

Knows the shape of the UCI "Online Retail" log: `InvoiceNo` beginning with C is a cancellation, `StockCode` also holds
what is no product, dates are local time of the United Kingdom, prices are in pounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from datasources.files import plain_text
from domain.imports import Problem
from domain.stock import MAX_QUANTITY
from domain.transactions import TransactionLine

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")
CURRENCY = "GBP"
ZONE = ZoneInfo("Europe/London")
NO_PRODUCTS = {
    "POST": "postage",
    "DOT": "postage",
    "C2": "carriage",
    "D": "a discount",
    "M": "an entry by hand",
    "S": "samples",
    "PADS": "an extra",
    "CRUK": "a donation",
    "BANK CHARGES": "a fee",
    "AMAZONFEE": "a fee",
}
"""Codes that stand for no goods. Their money counts; they earn no points, and nobody is recommended postage."""
VOUCHER = "GIFT_"
"""Vouchers are money paid beforehand, not goods."""
BAD_DEBT = "B"
HIGHEST_PRICE = 10**6


@dataclass(frozen=True, slots=True)
class Row:
    """One row that could be read. `item` is None where it is no sale and no return, and `notes` say so."""

    line: int
    invoice: str
    at: datetime
    customer: str
    cells: tuple[str, ...]
    item: TransactionLine | None
    notes: tuple[Problem, ...] = ()

    @property
    def is_return(self) -> bool:
        """Whether the row is of a cancellation."""
        return _is_return(self.invoice)


def read(cells: Sequence[str], line: int) -> Row | Problem:
    """Read the cells of `COLUMNS`, in that order."""
    invoice, raw_code, description = map(plain_text.squeezed, cells[:3])
    quantity, date, price, customer = (cell.strip() for cell in cells[3:])
    if not invoice or not raw_code:
        return Problem("InvoiceNo" if not invoice else "StockCode", "EMPTY", "is empty: every line needs it", line)
    at, units, amount = _instant(date), _units(quantity), _amount(price)
    if at is None:
        return Problem("InvoiceDate", "BAD_DATE", f"{date!r} is no date: write it as 2010-12-01 08:26:00", line)
    if units is None:
        return Problem("Quantity", "BAD_QUANTITY", f"{quantity!r} is no whole number within reason", line)
    if amount is None:
        return Problem("UnitPrice", "BAD_PRICE", f"{price!r} is no price within reason: write it as 2.55", line)
    code = raw_code.upper()  # 15056bl and 15056BL are one article
    wrong = _no_trade(invoice, code, units, amount, line)
    if wrong is not None:
        return Row(line, invoice, at, customer, tuple(cells), None, (wrong,))
    word = "a voucher" if code.startswith(VOUCHER) else NO_PRODUCTS.get(code)
    notes = () if word is None else (_no_product(code, word, line),)
    item = TransactionLine(line, code, description or code, abs(units), int(amount), is_merchandise=word is None)
    return Row(line, invoice, at, customer, tuple(cells), item, notes)


def _is_return(invoice: str) -> bool:
    return invoice[:1] in ("C", "c")


def _no_trade(invoice: str, code: str, units: int, amount: Decimal, line: int) -> Problem | None:
    """Why a row is neither a sale nor a return, if it is neither: then no money moved between shop and customer."""
    if code == BAD_DEBT or amount < 0:
        said = f"{amount.scaleb(-2)} for {code} corrects the books, and nobody bought anything: left out"
        return Problem("UnitPrice", "ADJUSTMENT", said, line)
    if units == 0:
        return Problem("Quantity", "NO_UNITS", f"0 units of {code}: left out", line)
    if _is_return(invoice):
        if units > 0:
            return Problem("Quantity", "NO_RETURN", f"{units} units in a cancellation go the wrong way: left out", line)
    elif units < 0:
        said = f"{units} units of {code} outside a cancellation are a correction of stock: left out"
        return Problem("Quantity", "STOCK_CORRECTION", said, line)
    if amount < 1:
        said = f"{units} units of {code} for nothing are no sale: left out"
        return Problem("UnitPrice", "NO_PRICE", said, line)
    if amount != int(amount):
        return Problem("UnitPrice", "NO_PRICE", f"{amount.scaleb(-2)} is no amount in {CURRENCY}: left out", line)
    return None


def _no_product(code: str, word: str, line: int) -> Problem:
    message = f"{code} is {word}, no product: its money counts, but it earns no points and is never recommended"
    return Problem("StockCode", "NO_PRODUCT", message, line)


@lru_cache(maxsize=4096)
def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=4096)
def _units(text: str) -> int | None:
    try:
        units = int(text)
    except ValueError:
        return None
    return units if abs(units) <= MAX_QUANTITY else None


@lru_cache(maxsize=4096)
def _amount(text: str) -> Decimal | None:
    """The price in pence, which may be a part of one."""
    try:
        pence = Decimal(text).scaleb(2)
    except InvalidOperation:
        return None
    return pence if pence.is_finite() and abs(pence) <= HIGHEST_PRICE * 100 else None
