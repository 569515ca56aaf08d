"""Use cases on worth: what members have brought, and how many of them come again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import domain.worth
from domain.members import Member
from domain.money import Money
from domain.worth import Bought, Repurchase
from resolvers.context import Context
from resolvers.errors import BadQuestion


@dataclass(frozen=True, slots=True)
class LifetimeValue:
    """What a member has brought, and what may be expected."""

    historic: Money
    orders: int
    average_order: Money
    orders_per_year: float
    forecast: Money


async def lifetime_value_of(ctx: Context, asked: Sequence[Member]) -> Sequence[LifetimeValue]:
    """What each member has brought so far."""
    now, currency = ctx.clock(), ctx.policies.currency
    bought = await ctx.sources.worth.bought([member.id for member in asked], until=now)
    values = [domain.worth.lifetime_value(bought.get(member.id, Bought()), now) for member in asked]
    return [
        LifetimeValue(
            historic=Money(value.historic_minor, currency),
            orders=value.orders,
            average_order=Money(value.average_order_minor, currency),
            orders_per_year=value.orders_per_year,
            forecast=Money(value.forecast_minor, currency),
        )
        for value in values
    ]


async def repurchase_rate(
    ctx: Context, roots: Sequence[None], *, since: datetime, until: datetime
) -> Sequence[Repurchase]:
    """How many of those who bought in a period did so more than once.

    Raises:
        BadQuestion: BAD_ARGUMENT, the period is over before it begins.
    """
    if until <= since:
        raise BadQuestion("BAD_ARGUMENT", "A period ends after it begins: from must be before to.")
    return [await ctx.sources.worth.repurchase(since=since, until=until)]
