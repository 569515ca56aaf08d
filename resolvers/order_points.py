"""Points for what was bought: an order earns on its merchandise, and a return takes back what its units had earned."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import domain.returns
from datasources.ports.work import Work
from domain import earning
from domain.facts import Fact, Returned
from domain.orders import Order
from domain.programmes import Programme
from domain.returns import Return
from resolvers import points


async def post(
    work: Work, *, orders: Iterable[Order], returns: Iterable[Return], programme: Programme, now: datetime
) -> None:
    """Tell the ledger of completed orders and of returns; what is in another currency, or nobody's, earns nothing."""
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    for order in orders:
        if order.member_id is not None and order.completed_at is not None and order.currency == programme.currency:
            facts[order.member_id] += _earned(order, programme, order.completed_at)
    for one in returns:
        if one.member_id is not None and one.currency == programme.currency:
            facts[one.member_id] += _reversed(one)
    await points.post_many(work, [points.told(who, programme, what) for who, what in facts.items()], now=now)


def _earned(order: Order, programme: Programme, completed_at: datetime) -> Iterable[Fact]:
    goods = [earning.Line(line.id, line.quantity, line.net_minor) for line in order.lines if line.is_merchandise]
    base_minor = sum(line.net_minor for line in goods)
    yield points.earned(programme, order.id, base_minor, lines=goods, occurred_at=order.placed_at)
    yield points.activated(order.id, completed_at)


def _reversed(one: Return) -> Iterable[Fact]:
    for order_id, units in domain.returns.returned(one.lines).items():
        back = [Returned(line, quantity) for line, quantity in units.items()]
        yield from points.returned(f"{one.id}/{order_id}", order=order_id, units=back, occurred_at=one.settled_at)
