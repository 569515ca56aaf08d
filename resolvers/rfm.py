"""Use cases on RFM: computing for everybody where they stand, and telling it of some (domain.md §12)."""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from datasources.ports.rfm import RfmBook
from domain.members import Member
from domain.money import Money
from domain.rfm import WINDOW, CutRule, Cuts, Figures, Population, Run, Scores, Segment
from resolvers.context import Context

PAGE = 2_000


@dataclass(frozen=True, slots=True)
class MemberRfm:
    """A member's figures as of a computation, and where they stood among all."""

    figures: Figures
    segment: Segment
    scores: Scores
    amount: Money
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """A segment, and how many stand in it."""

    segment: Segment
    members: int


@dataclass(frozen=True, slots=True)
class Segments:
    """The last computation: how many members stand where, and what parts them."""

    cells: Sequence[Cell]
    members: int
    recency_days: int
    orders: int
    amount: Money
    as_of: datetime


async def recompute(book: RfmBook, now: datetime, *, cut: CutRule | Cuts = CutRule.MEDIAN, page: int = PAGE) -> Run:
    """Compute for everybody who ever bought where they stand; seen by others once all of it is written.

    One pass over the orders, a page of members at a time; three numbers of each are held.
    """
    run_id, population, after = uuid.uuid4().hex, Population(), ""
    await book.begin(run_id, now)
    while found := await book.page(after=after, as_of=now, window=WINDOW, limit=page):
        for _, figures in found:
            population.add(figures)
        await book.keep(run_id, found)
        after = found[-1][0]
    ranking = await asyncio.to_thread(population.ranking, cut)  # a million are put in order: others go on meanwhile
    sizes = await asyncio.to_thread(population.sizes, ranking)
    run = Run(run_id, now, len(population), ranking, sizes)
    await book.finish(run)
    while await book.forget_before(now, limit=page) == page:
        pass
    return run


async def rfm_of(ctx: Context, asked: Sequence[Member]) -> Sequence[MemberRfm | None]:
    """Where each member stands; None for who had never bought when it was computed."""
    if (run := await ctx.sources.rfm.latest()) is None:
        return [None] * len(asked)
    found = await ctx.sources.rfm.figures(run.id, [member.id for member in asked])
    return [_shown(ctx, run, figures) if (figures := found.get(member.id)) else None for member in asked]


async def segments(ctx: Context, roots: Sequence[None]) -> Sequence[Segments | None]:
    """How many stand in which segment; None before the first computation."""
    if (run := await ctx.sources.rfm.latest()) is None:
        return [None]
    cuts = run.ranking.cuts
    cells = [Cell(segment, size) for segment, size in run.sizes.items()]
    amount = Money(cuts.amount_minor, ctx.policies.currency)
    return [Segments(cells, run.members, cuts.recency_days, cuts.orders, amount, run.as_of)]


def _shown(ctx: Context, run: Run, figures: Figures) -> MemberRfm:
    standing = run.ranking.of(figures)
    amount = Money(figures.amount_minor, ctx.policies.currency)
    return MemberRfm(figures, standing.segment, standing.scores, amount, run.as_of)
