"""Worth: what a member has brought so far, what may be expected of them, and how many come again.

Nobody tells us what goods cost, so that amounts are what was paid, refunds deducted, and no margin is taken of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

EXPECTED_YEARS = 3
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Bought:
    """All completed orders of a member; `first_at` None: there are none."""

    orders: int = 0
    amount_minor: int = 0
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LifetimeValue:
    """What a member has brought, and the simple forecast: average order × orders a year × expected years."""

    historic_minor: int
    orders: int
    average_order_minor: int
    orders_per_year: float
    forecast_minor: int


@dataclass(frozen=True, slots=True)
class Repurchase:
    """Members who completed an order in a period, and those of them who completed more than one."""

    members: int
    returning: int

    @property
    def rate(self) -> float | None:
        """Which share came again; None: nobody came at all."""
        return self.returning / self.members if self.members else None


def lifetime_value(bought: Bought, at: datetime) -> LifetimeValue:
    """Value a member at a moment; whoever came in the past year only is taken to have come for a year."""
    if not bought.orders or bought.first_at is None:
        return LifetimeValue(0, 0, 0, 0.0, 0)
    since = max(YEAR, at - bought.first_at)
    return LifetimeValue(
        historic_minor=bought.amount_minor,
        orders=bought.orders,
        average_order_minor=bought.amount_minor // bought.orders,
        orders_per_year=bought.orders * (YEAR / since),
        forecast_minor=bought.amount_minor
        * EXPECTED_YEARS
        * (YEAR // timedelta.resolution)
        // (since // timedelta.resolution),
    )
