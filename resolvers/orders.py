"""Use cases on orders: what somebody bought, for whoever may see them; another's order is as good as none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import domain.orders
import domain.pages
from datasources.ports.work import Work
from domain.locations import Location
from domain.members import Member
from domain.orders import Order, OrderLine, Totals
from domain.pages import Position
from domain.viewers import Role, Scope
from resolvers import ids, members, paging
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.paging import Connection

ANYBODYS = frozenset({Role.INTEGRATOR, Role.ADMINISTRATOR})
"""Who sees orders of which nobody knows whose they are."""


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line of an order, and the currency of its amounts."""

    line: OrderLine
    currency: str

    @property
    def sku(self) -> str:
        """What was bought."""
        return self.line.sku


@dataclass(frozen=True, slots=True)
class PricedTotals:
    """What an order comes to, and in which currency."""

    totals: Totals
    currency: str


async def of_members(
    ctx: Context, found: Sequence[Member], *, first: int = 20, after: str | None = None
) -> Sequence[Connection[Order]]:
    """The orders of each member, the newest first, a page at a time."""
    size, before = paging.checked_first(first), _before(after)
    own = await ctx.sources.orders.of_members({member.id for member in found}, limit=size + 1, before=before)
    return [paging.connection(domain.pages.cut(own.get(member.id, ()), size, _position)) for member in found]


async def order(ctx: Context, roots: Sequence[None], *, id: str) -> Sequence[Order | None]:
    """One order by its id."""
    return await orders_by_ids(ctx, [ids.decode("Order", id)])


async def orders_by_ids(ctx: Context, order_ids: Sequence[str]) -> Sequence[Order | None]:
    """Orders by key, in the order asked; None where the viewer may not see whose it is."""
    found = await ctx.sources.orders.orders(order_ids)
    owners = sorted({one.member_id for one in found if one is not None and one.member_id is not None})
    seen = {owner for owner, who in zip(owners, await members.members_by_ids(ctx, owners), strict=True) if who}
    is_open = ctx.viewer.role in ANYBODYS and ctx.viewer.may(Scope.MEMBERS_READ)
    return [one if one and (one.member_id in seen or (is_open and one.member_id is None)) else None for one in found]


async def member_of(ctx: Context, orders: Sequence[Order]) -> Sequence[Member | None]:
    """Whose each order is."""
    owners = sorted({one.member_id for one in orders if one.member_id is not None})
    found = dict(zip(owners, await members.members_by_ids(ctx, owners), strict=True))
    return [found.get(one.member_id or "") for one in orders]


async def store_of(ctx: Context, orders: Sequence[Order]) -> Sequence[Location | None]:
    """Where each was bought."""
    places = sorted({one.location_id for one in orders if one.location_id is not None})
    found = dict(zip(places, await ctx.sources.locations.locations(places), strict=True))
    return [found.get(one.location_id or "") for one in orders]


def lines_of(order: Order) -> Sequence[PricedLine]:
    """The lines of an order, in the order in which they were written down."""
    return [PricedLine(line, order.currency) for line in order.lines]


def totals_of(order: Order) -> PricedTotals:
    """What an order comes to."""
    return PricedTotals(domain.orders.totals(order), order.currency)


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, Any]:
    """Make one member's orders and returns another's; return which, to undo it."""
    return {
        "absorbed": absorbed,
        "survivor": survivor,
        "orders": list(await work.orders.give(owner=absorbed, to=survivor)),
        "returns": list(await work.returns.give(owner=absorbed, to=survivor)),
    }


async def part(work: Work, record: Mapping[str, Any], *, now: datetime) -> None:
    """Undo `join`."""
    owner, to = record["survivor"], record["absorbed"]
    await work.orders.give(owner=owner, to=to, only=record["orders"])
    await work.returns.give(owner=owner, to=to, only=record["returns"])


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Leave all as it is: an order holds no name, and the books are to come out as before (MEM-10)."""


def _position(order: Order) -> Position:
    return order.placed_at.isoformat(), order.id


def _before(after: str | None) -> tuple[datetime, str] | None:
    position = paging.decode(after, kinds=(str, str))
    if position is None:
        return None
    try:
        return datetime.fromisoformat(str(position[0])).astimezone(UTC), str(position[1])
    except (ValueError, OverflowError):
        raise BadQuestion("BAD_CURSOR", f"{after!r} is not a cursor of this list; take it from an answer.") from None
