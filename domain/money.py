"""Money: an integer count of minor units (分, cents) and an ISO 4217 currency code.

Refuses floats and never mixes currencies; a decimal exists only at the edges.
"""

from dataclasses import dataclass
from decimal import Decimal, DecimalException

_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_DIGITS = {currency: digits for digits, currencies in _DIGITS.items() for currency in currencies.split()}
"""Digits after the decimal point where ISO 4217 does not say two."""

LARGEST_MINOR = 10**15
"""Beyond it no price is meant: ten trillion yuan."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of one currency."""

    amount_minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """The amount in the major unit, with exactly the currency's digits."""
        return Decimal(self.amount_minor).scaleb(-minor_digits(self.currency))


def minor_digits(currency: str) -> int:
    """Count the digits after the decimal point (ISO 4217)."""
    return MINOR_DIGITS.get(currency, 2)


def parse(text: str, currency: str) -> Money:
    """Read a decimal amount as it stands in a file.

    Raises:
        ValueError: not a finite number, more digits than the currency has, or more than anybody has.
    """
    try:
        minor = Decimal(text.strip()).scaleb(minor_digits(currency))
    except DecimalException:
        raise ValueError(f"{text!r} is not an amount") from None
    if not minor.is_finite() or abs(minor) > LARGEST_MINOR:
        raise ValueError(f"{text!r} is not an amount one can pay")
    if minor != minor.to_integral_value():
        raise ValueError(f"{text!r} is not a whole number of minor units of {currency}")
    return Money(int(minor), currency)
