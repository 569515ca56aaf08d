"""Commission: entered when an order is completed, taken back when units return, paid with statements.

`accrue` and `claw_back` are called in the transaction of the order's own change; both may be told the same again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import domain.bindings
import domain.commission
from datasources.ports.work import Work
from domain.commission import Entry, Sale
from domain.orders import Order, OrderLine

Line = tuple[str, str]
"""(order id, line id)."""


@dataclass(frozen=True, slots=True)
class Completed:
    """An order that is completed, and what is known of who brought it about.

    `sold_by` are weights by associate for each line where the till said more than the order's own associate.
    """

    order: Order
    sold_by: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    share_token: str | None = None

    def sellers(self, line: OrderLine) -> Mapping[str, int]:
        """Who sold a line, in so many words."""
        own = {self.order.associate_id: 1} if self.order.associate_id else {}
        return self.sold_by.get(line.id, own)


async def accrue(work: Work, completed: Sequence[Completed], *, rate_bp: int, now: datetime) -> Sequence[Entry]:
    """Enter what each line of these orders earns, less what came back before; what was entered before is left alone."""
    entered = await _entered(work, [one.order for one in completed])
    tokens = await work.commission.tokens({one.share_token for one in completed if one.share_token})
    history = await work.clients.history({one.order.member_id for one in completed if one.order.member_id})
    new: list[Entry] = []
    for one in completed:
        at = one.order.placed_at
        binding = domain.bindings.held_at(history.get(one.order.member_id or "", ()), at)
        token = tokens.get(one.share_token or "")
        for line in one.order.lines:
            is_new = line.is_merchandise and not entered[one.order.id, line.id]
            who = domain.commission.attributed(sold_by=one.sellers(line), token=token, binding=binding, at=at)
            if is_new and who is not None:
                entries = domain.commission.accrue(_sale(one.order, line), who, rate_bp=rate_bp, at=now)
                new += [*entries, *domain.commission.claw_back(entries, returned=line.returned, at=now)]
    await work.commission.add(new)
    return new


async def claw_back(work: Work, orders: Sequence[Order], *, now: datetime) -> Sequence[Entry]:
    """Take back what the units carry that have come back of these orders' lines, and was not taken back before."""
    entered = await _entered(work, orders)
    new = [
        entry
        for order in orders
        for line in order.lines
        for entry in domain.commission.claw_back(entered[order.id, line.id], returned=line.returned, at=now)
    ]
    await work.commission.add(new)
    return new


async def _entered(work: Work, orders: Sequence[Order]) -> Mapping[Line, Sequence[Entry]]:
    entered: defaultdict[Line, list[Entry]] = defaultdict(list)
    for entry in await work.commission.of_orders({order.id for order in orders}):
        entered[entry.order_id, entry.line_id].append(entry)
    return entered


def _sale(order: Order, line: OrderLine) -> Sale:
    return Sale(order.id, line.id, line.quantity, line.net_minor, order.currency)
