"""Use cases on the lines of a stock count: what was seen, beside what the book says was there."""

from collections.abc import Sequence

import domain.counting
from domain.catalog import Variant
from domain.counting import Finding, Line, StockCount
from domain.pages import cut
from domain.stock import StockLevel
from resolvers import paging
from resolvers.context import Context
from resolvers.paging import Connection


async def lines_of(
    ctx: Context, counts: Sequence[StockCount], *, first: int = 100, after: str | None = None
) -> Sequence[Connection[Line]]:
    """What was seen in each count, by sku."""
    size = paging.checked_first(first)
    start = paging.decode(after, kinds=(str,)) or ("",)
    pages = [[line for line in count.lines if line.sku > str(start[0])] for count in counts]
    return [paging.connection(cut(lines, size, lambda line: (line.sku,))) for lines in pages]


async def findings_of(ctx: Context, lines: Sequence[Line]) -> Sequence[Finding]:
    """What each line does to the book: as it was approved, or as it would be approved now."""
    counts = await ctx.sources.counts.counts([line.count_id for line in lines])
    kept = [
        count.findings.get(line.sku) if count and count.findings else None
        for count, line in zip(counts, lines, strict=True)
    ]
    waiting = [line for line, known in zip(lines, kept, strict=True) if known is None]
    if not waiting:
        return [known for known in kept if known is not None]
    skus, places = {line.sku for line in waiting}, {line.location_id for line in waiting}
    levels, later = await ctx.sources.counts.book(skus, places, min(line.counted_at for line in waiting))
    now = ctx.clock()
    return [
        known or domain.counting.compare(line, levels, later, now=now) for line, known in zip(lines, kept, strict=True)
    ]


async def variant_of(ctx: Context, lines: Sequence[Line]) -> Sequence[Variant | None]:
    """The variant of each line."""
    return await ctx.sources.catalog.variants([line.sku for line in lines])


async def level_of(ctx: Context, lines: Sequence[Line]) -> Sequence[StockLevel | None]:
    """What the book says now of each line."""
    found = await ctx.sources.stock.levels({line.sku for line in lines}, {line.location_id for line in lines})
    return [found.get((line.sku, line.location_id)) for line in lines]
