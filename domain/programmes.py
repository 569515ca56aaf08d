"""Programmes: what a merchant counts for its members, points or money, and the rules of each.

A programme is a ledger of its own: nothing ever passes from one to another (PTS-12).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from domain.facts import Terms

BASIS = 10_000
"""Basis points: shares and multipliers are parts of it."""


class Wallet(Enum):
    """What a programme counts."""

    POINTS = "POINTS"
    CREDIT = "CREDIT"


@dataclass(frozen=True, slots=True)
class Programme:
    """The rules of one ledger. Points are earned, `earn_points` for every `earn_per_minor` paid; credit is not.

    100 points are worth `fen_per_100` minor units and may pay `max_share_bp` of what is to be paid. `expiry_days` None:
    never. A balance may fall to `-debt_limit`, by returns and corrections only.
    """

    code: str
    unit: str
    currency: str
    wallet: Wallet = Wallet.POINTS
    earn_points: int = 1
    earn_per_minor: int = 100
    fen_per_100: int = 100
    max_share_bp: int = BASIS
    expiry_days: int | None = 365
    debt_limit: int = 0
    is_default: bool = False

    @property
    def terms(self) -> Terms:
        """The rules that facts are told under now."""
        return Terms(self.expiry_days, self.debt_limit)


def usual(currency: str) -> tuple[Programme, ...]:
    """What a merchant begins with: points that buy, stars that only count towards rewards, and store credit."""
    return (
        Programme("points", "积分", currency, debt_limit=5_000, max_share_bp=5_000, is_default=True),
        Programme("stars", "星星", currency, earn_per_minor=2_500, fen_per_100=0, expiry_days=180, debt_limit=50),
        credit(currency),
    )


def credit(currency: str) -> Programme:
    """Store credit of one currency: in its minor units, each worth itself, good for ever, never owed."""
    return Programme(
        code=f"credit-{currency}",
        unit=currency,
        currency=currency,
        wallet=Wallet.CREDIT,
        earn_points=0,
        fen_per_100=100,
        expiry_days=None,
    )


def named(programmes: Sequence[Programme], code: str | None) -> Programme | None:
    """The programme of this code; the default one where none is named."""
    return next((one for one in programmes if (one.is_default if code is None else one.code == code)), None)
