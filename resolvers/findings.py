"""Use cases on the lines of a stock count: what was seen, beside what the book says was there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import domain.counting
from domain.counting import Finding, Line, StockCount
from domain.pages import Page, cut
from domain.stock import StockLevel
from resolvers import paging, stock_vector
from resolvers.context import Context
from resolvers.paging import Connection


@dataclass(frozen=True, slots=True)
class Compared:
    """A line of a count, and what it does to the book: as it was approved, or as it would be approved now."""

    line: Line
    finding: Finding

    @property
    def sku(self) -> str:
        """What was counted."""
        return self.line.sku

    @property
    def variance(self) -> int | None:
        """How many more were counted than the book had; None where a newer count stands."""
        return None if self.finding.book is None else self.line.counted - self.finding.book


async def lines_of(
    ctx: Context, counts: Sequence[StockCount], *, first: int = 100, after: str | None = None
) -> Sequence[Connection[Compared]]:
    """What was seen in each count, by sku; the book is looked at once for all of them."""
    size = paging.checked_first(first)
    start = paging.decode(after, kinds=(str,)) or ("",)
    pages = [
        cut([line for line in count.lines if line.sku > str(start[0])], size, lambda line: (line.sku,))
        for count in counts
    ]
    kept = {(count.id, sku): found for count in counts for sku, found in (count.findings or {}).items()}
    lines = [line for page in pages for line in page.nodes]
    findings = kept | dict(await _looked(ctx, [line for line in lines if (line.count_id, line.sku) not in kept]))
    return [paging.connection(_compared(page, findings)) for page in pages]


async def level_of(ctx: Context, compared: Sequence[Compared]) -> Sequence[StockLevel | None]:
    """What the book says of each line now."""
    skus, places = {one.line.sku for one in compared}, {one.line.location_id for one in compared}
    found = await stock_vector.levels(ctx, skus, places)
    return [found.get((one.line.sku, one.line.location_id)) for one in compared]


Findings = Mapping[tuple[str, str], Finding]
"""By id of the count, and sku."""


async def _looked(ctx: Context, lines: Sequence[Line]) -> Findings:
    """What approving these lines would do now."""
    if not lines:
        return {}
    skus, places = {line.sku for line in lines}, {line.location_id for line in lines}
    levels, later = await ctx.sources.counts.book(skus, places, min(line.counted_at for line in lines))
    now = ctx.clock()
    return {(one.count_id, one.sku): domain.counting.compare(one, levels, later, now=now) for one in lines}


def _compared(page: Page[Line], findings: Findings) -> Page[Compared]:
    items = [(Compared(line, findings[line.count_id, line.sku]), position) for line, position in page.items]
    return Page(items, page.has_next)
