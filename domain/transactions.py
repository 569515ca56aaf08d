"""Transactions: what a till or a web shop has written down of a sale or of a return, before we know whose order it is.

Amounts of a return are positive: what went back. A line knows where it stands in its file, and is the same wherever
that is.
"""

from dataclasses import dataclass, field
from datetime import datetime

BASKET = 5_000
"""Lines that one transaction may have; beyond that a file has lost its numbers."""


@dataclass(frozen=True, slots=True)
class TransactionLine:
    """Units of one code at one price."""

    number: int = field(compare=False)
    code: str
    title: str
    quantity: int
    unit_price_minor: int
    is_merchandise: bool = True

    @property
    def net_minor(self) -> int:
        """What was paid for all of it, or given back."""
        return self.quantity * self.unit_price_minor


@dataclass(frozen=True, slots=True)
class Transaction:
    """A sale, or a return of what was sold before. `customer` is who `realm` says it was; empty: nobody knows."""

    number: str
    realm: str
    customer: str
    currency: str
    at: datetime
    lines: tuple[TransactionLine, ...]
    is_return: bool = False

    @property
    def net_minor(self) -> int:
        """What was paid, or given back."""
        return sum(line.net_minor for line in self.lines)
