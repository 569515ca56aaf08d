"""Inbound: pieces that are confirmed to come, such as those of a purchase order, and when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.stock import Key


@dataclass(frozen=True, slots=True)
class Inbound:
    """So many pieces of a sku that are expected at a location under a reference; none: nothing is, any more."""

    reference: str
    sku: str
    location_id: str
    quantity: int
    expected_at: datetime
    source: str
    received_at: datetime

    @property
    def key(self) -> Key:
        """The level they will come to."""
        return (self.sku, self.location_id)


def arrived(inbound: Inbound, quantity: int) -> Inbound:
    """What is still expected after so many came; more than were expected leave nothing to come."""
    return replace(inbound, quantity=max(0, inbound.quantity - quantity))


def total(inbound: Iterable[Inbound]) -> int:
    """Count the pieces that are expected, late ones too."""
    return sum(line.quantity for line in inbound)
