"""Orders: what was bought, by whom, where and for how much; what came back is deducted where it was bought."""

from dataclasses import dataclass
from datetime import datetime

from domain.channels import Channel


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Units of one sku. `net_minor` is what was paid for all of them; of that, `refunded_minor` went back."""

    id: str
    sku: str
    title: str
    quantity: int
    unit_price_minor: int
    net_minor: int
    returned: int = 0
    refunded_minor: int = 0
    is_merchandise: bool = True
    """False for what is no product: freight, fees, a discount written as a line."""


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase in any channel. `number` is what `source` calls it; it is complete once `completed_at` is set."""

    id: str
    number: str
    source: str
    channel: Channel
    currency: str
    placed_at: datetime
    lines: tuple[OrderLine, ...]
    completed_at: datetime | None = None
    location_id: str | None = None
    member_id: str | None = None
    associate_id: str | None = None

    @property
    def net_minor(self) -> int:
        """What was paid."""
        return sum(line.net_minor for line in self.lines)

    @property
    def refunded_minor(self) -> int:
        """What went back of it."""
        return sum(line.refunded_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class Totals:
    """What an order comes to: `net_minor` is what stays with the shop."""

    merchandise_minor: int
    other_minor: int
    refunds_minor: int

    @property
    def net_minor(self) -> int:
        """Merchandise and other lines, refunds deducted."""
        return self.merchandise_minor + self.other_minor - self.refunds_minor


def totals(order: Order) -> Totals:
    """Sum an order up."""
    merchandise = sum(line.net_minor for line in order.lines if line.is_merchandise)
    return Totals(merchandise, order.net_minor - merchandise, order.refunded_minor)
