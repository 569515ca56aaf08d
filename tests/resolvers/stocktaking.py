"""Two stores and two sizes of a jacket to count, and the few things that people say while they count."""

from collections.abc import Sequence
from typing import Any

import resolvers.counting
import resolvers.findings
import resolvers.ids
from datasources.store.store import Store
from domain.counting import StockCount
from domain.events import Topic
from resolvers.context import Context
from resolvers.counting import Answer, Approve, Open, Record, Seen, Submit
from tests.builders import entry, shop

L, M = "DJ01-L", "DJ01-M"
AT_COUNT = ("input", "stockCount")
GOODS = (entry("DJ01", sizes=("L", "M")), shop("SH001"), shop("SH002"))


async def opened(ctx: Context, *skus: str, key: str = "open", location: str = "SH001") -> StockCount:
    """A count that was just opened."""
    answer = await resolvers.counting.open(ctx, Open(location, skus, "", key))
    assert answer.stock_count
    return answer.stock_count


async def seen(ctx: Context, session: StockCount, *lines: Seen, device: str = "pda-1", key: str = "") -> Answer:
    """What a device says."""
    return await resolvers.counting.record(ctx, Record(session.id, device, lines, key or f"{device}:{hash(lines)}"))


async def approved(ctx: Context, session: StockCount) -> StockCount:
    """The count after it was submitted and approved."""
    await resolvers.counting.submit(ctx, Submit(session.id, f"submit:{session.id}"))
    answer = await resolvers.counting.approve(ctx, Approve(session.id, f"approve:{session.id}"))
    assert (answer.user_errors, bool(answer.stock_count)) == ((), True)
    assert answer.stock_count
    return answer.stock_count


async def compared(ctx: Context, session: StockCount) -> list[tuple[str, int, int | None, int | None, str]]:
    """Sku, counted, book, variance and status of every line."""
    (found,) = await resolvers.counting.stock_counts_by_ids(ctx, [session.id])
    assert found
    (page,) = await resolvers.findings.lines_of(ctx, [found])
    return [
        (one.line.sku, one.line.counted, one.finding.book, one.variance, one.finding.status.value) for one in page.nodes
    ]


async def on_hand(ctx: Context) -> dict[tuple[str, str], int]:
    """What the book says of every level."""
    levels = await ctx.sources.workplace.stock.levels([L, M], ["SH001", "SH002"])
    return {key: level.on_hand for key, level in levels.items()}


async def told(store: Store) -> list[tuple[Topic, str]]:
    """Topics and keys of everything in the outbox so far."""
    events: list[Any] = []

    async def take(batch: Sequence[Any]) -> None:
        events.extend(batch)

    await store.log.forward(take, limit=1000)
    return [(event.topic, event.key) for event in events]
