"""Insight: what is computed of all members once a day, in one of however many processes serve."""

import uuid

from datasources.ports.rfm import RfmBook
from datasources.ports.work import Work
from resolvers import loops, preferences, rfm
from resolvers.claims import Claim, claimed
from resolvers.context import Context

EVERY_S = 3_600.0


async def run(ctx: Context, book: RfmBook) -> None:
    """Look every hour whether somebody has begun today, until cancelled."""

    async def step() -> float:
        await daily(ctx.anew(), book)
        return EVERY_S

    await loops.forever("insight", step)


async def daily(ctx: Context, book: RfmBook) -> bool:
    """Compute where everybody stands and what they prefer, unless somebody has begun to; say whether it was us."""
    now, ours = ctx.clock(), uuid.uuid4().hex

    async def take(_: Work) -> str:
        return ours

    day = now.date().isoformat()
    if (await claimed(ctx.sources.workplace, Claim("house/insight", day, ""), take)).text != ours:
        return False
    await rfm.recompute(book, now, cut=ctx.policies.rfm_cut)
    await preferences.refresh_all(ctx)
    return True
