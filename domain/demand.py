"""Demand: how fast a sku sells at a location, from its sales alone, the latest counting most."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

HALF_LIFE = timedelta(hours=72)
"""After this long a sale counts half."""


@dataclass(frozen=True, slots=True)
class SaleRate:
    """Sales as they weigh at `at`; the same whatever order they were heard in, but for rounding."""

    weight: float = 0.0
    at: datetime | None = None

    def sold(self, quantity: int, at: datetime) -> "SaleRate":
        """Weigh one more sale of so many units."""
        if self.at is None:
            return SaleRate(float(quantity), at)
        if at >= self.at:
            return SaleRate(self.weight * _left_after(at - self.at) + quantity, at)
        return SaleRate(self.weight + quantity * _left_after(self.at - at), self.at)

    @property
    def per_hour(self) -> float:
        """Units an hour at the latest sale: what a steady rate of that many would weigh."""
        return self.weight * math.log(2) / (HALF_LIFE / timedelta(hours=1))


NO_SALES = SaleRate()


def staleness_buffer(rate: SaleRate, age: timedelta, *, z: float) -> int:
    """Count the units that may have gone unheard in `age`: ⌈λ·age + z·√(λ·age)⌉ (domain.md §4.1)."""
    expected = rate.per_hour * (age / timedelta(hours=1))
    return math.ceil(expected + z * math.sqrt(expected))


def _left_after(age: timedelta) -> float:
    return float(2.0 ** -(age / HALF_LIFE))
