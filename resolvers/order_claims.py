"""Use case: somebody claims what they bought before anybody knew who they were, by the receipt they were given.

Number and total prove it. Whoever guesses is slowed, and learns neither which receipts there are nor whose they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import domain.programmes
import domain.throttle
from datasources.ports.work import Work
from domain.facts import Returned
from domain.money import Money
from domain.orders import Order
from domain.refusals.base import Path, Refusal
from domain.refusals.orders import UnknownReceipt
from resolvers import commands, members, merging, order_points, orders, points, tries
from resolvers.claims import Refused
from resolvers.context import Context

AT_NUMBER: Path = ("input", "number")


@dataclass(frozen=True, slots=True)
class ClaimOrder:
    """A receipt: of which system, its number, and what was paid; `member` None: who asks."""

    source: str
    number: str
    total: Decimal
    idempotency_key: str
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The order, which is the member's now, or why it is not."""

    order: Order | None = None
    user_errors: Sequence[Refusal] = ()


async def claim(ctx: Context, command: ClaimOrder) -> Answer:
    """Make an order of nobody's a member's, with the points that it earned them; done once, whoever tries."""
    now, guessing = ctx.clock(), f"receipt:{ctx.viewer.id}"
    try:
        async with ctx.sources.workplace.work() as work:  # of its own: that it was tried is kept, whatever comes of it
            await tries.counted(work, guessing, domain.throttle.GUESSES, path=AT_NUMBER, now=now)
    except Refused as refused:
        return Answer(user_errors=refused.refusals)

    async def do(work: Work) -> str:
        member = await members.locked(ctx, work, command.member or ctx.viewer.id)
        found = await work.orders.by_number({(command.source, command.number)})
        order = found.get((command.source, command.number))
        if order is None or order.member_id not in (None, member.id) or not _is_paid(order, command.total):
            raise Refused(UnknownReceipt(AT_NUMBER, command.number))
        if order.member_id is None:
            await _give(ctx, work, replace(order, member_id=member.id), now)
        await tries.forgiven(work, guessing)
        return order.id

    done = await commands.changed(ctx, command, do)
    found = await orders.orders_by_ids(ctx, [done.text]) if done.text is not None else [None]
    return Answer(found[0], done.user_errors)


def _is_paid(order: Order, total: Decimal) -> bool:
    return Money(order.net_minor, order.currency).amount == total


async def _give(ctx: Context, work: Work, order: Order, now: datetime) -> None:
    """Write down whose it is, and tell the ledger of it: what came back of it before has earned nothing."""
    await work.orders.write([order])
    await merging.tell(work, str(order.member_id), now=now)
    programme = domain.programmes.named(ctx.policies.programmes, None)
    if programme is None or programme.currency != order.currency or order.completed_at is None:
        return
    await order_points.post(work, orders=[order], returns=(), programme=programme, now=now)
    back = [Returned(line.id, line.returned) for line in order.lines if line.returned and line.is_merchandise]
    if back:
        facts = points.returned(f"{order.id}/claimed", order=order.id, units=back, occurred_at=order.completed_at)
        await points.post(work, str(order.member_id), programme, facts, now=now)
