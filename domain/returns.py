"""Returns: what came back, and how much went back for it; matched to what the same member bought, the latest first.

What no purchase is known for is a refund without receipt: it is kept, and counts against the member all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.orders import Order, OrderLine


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Units that came back of one line of an order; `order_id` None: nobody knows of which."""

    sku: str
    title: str
    quantity: int
    refunded_minor: int
    is_merchandise: bool = True
    order_id: str | None = None
    order_line_id: str | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """What came back in one go. `number` is what `source` calls it."""

    id: str
    number: str
    source: str
    currency: str
    settled_at: datetime
    lines: tuple[ReturnLine, ...]
    member_id: str | None = None

    @property
    def refunded_minor(self) -> int:
        """What went back."""
        return sum(line.refunded_minor for line in self.lines)

    @property
    def without_receipt_minor(self) -> int:
        """What went back of it for nothing that is known to have been bought."""
        return sum(line.refunded_minor for line in self.lines if line.order_id is None)


@dataclass(frozen=True, slots=True)
class Back:
    """Units somebody brings back, for so much each."""

    sku: str
    title: str
    quantity: int
    unit_price_minor: int
    is_merchandise: bool = True


class Purchases:
    """What one member bought, as returns take from it."""

    def __init__(self, orders: Iterable[Order]) -> None:
        self._orders: dict[str, Order] = {}
        self._bought: dict[str, list[tuple[datetime, str, int]]] = {}
        self.changed: dict[str, Order] = {}
        for order in orders:
            self.add(order)

    def add(self, order: Order) -> None:
        """Let returns take from an order as well."""
        self._orders[order.id] = order
        for index, line in enumerate(order.lines):
            if line.returned < line.quantity:
                self._bought.setdefault(line.sku, []).append((order.placed_at, order.id, index))

    def take(self, back: Back, *, at: datetime) -> Sequence[ReturnLine]:
        """Match units to the latest purchases of before; what no purchase explains is a line without an order.

        A line gives back no more than was paid for it (ORD-3): what goes beyond stands without receipt.
        """
        found: list[ReturnLine] = []
        units, owed_minor = back.quantity, back.quantity * back.unit_price_minor
        for placed_at, order_id, index in sorted(self._bought.get(back.sku, ()), reverse=True):
            line = self._orders[order_id].lines[index]
            taken = min(units, line.quantity - line.returned)
            if placed_at > at or taken == 0:
                continue
            refund_minor = min(taken * back.unit_price_minor, line.net_minor - line.refunded_minor)
            self._keep(order_id, index, line, taken, refund_minor)
            found.append(_line(back, taken, refund_minor, order_id=order_id, order_line_id=line.id))
            units, owed_minor = units - taken, owed_minor - refund_minor
            if not units:
                break
        return [*found, _line(back, units, owed_minor)] if owed_minor else found

    def _keep(self, order_id: str, index: int, line: OrderLine, taken: int, refund_minor: int) -> None:
        order = self._orders[order_id]
        after = replace(line, returned=line.returned + taken, refunded_minor=line.refunded_minor + refund_minor)
        changed = replace(order, lines=(*order.lines[:index], after, *order.lines[index + 1 :]))
        self._orders[order_id] = self.changed[order_id] = changed


def _line(back: Back, quantity: int, refunded_minor: int, **order: str) -> ReturnLine:
    return ReturnLine(back.sku, back.title, quantity, refunded_minor, back.is_merchandise, **order)


def returned(lines: Sequence[ReturnLine]) -> Mapping[str, Mapping[str, int]]:
    """How many units of which line came back, by order: of goods, whose points go back with them."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        if line.order_id is not None and line.order_line_id is not None and line.is_merchandise and line.quantity:
            units = found.setdefault(line.order_id, {})
            units[line.order_line_id] = units.get(line.order_line_id, 0) + line.quantity
    return found
