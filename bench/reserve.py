"""Reserve: 64 clients at once reserve units of one hot sku, then of 10,000 skus, on PostgreSQL with durable commits.

The other side of each ratio is a loop of single-row conditional updates by as many clients over the same connections:
what a shop does that writes its own SQL, keeps no record of who reserved what, and tells nobody. A second loop does so
over as many bare connections of the driver, without the pool and the library that ours and the first one share.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import compose
import process
import settings
from bench import seed
from bench.report import Report
from datasources.store import engine
from datasources.store.imports import SqlImports
from datasources.store.migrate import migrate_async
from domain.channels import Channel
from domain.imports import Item
from domain.movements import Count
from domain.reservations import ReservationKind, ReservationLine
from resolvers import catalog, reservations, stock_book
from resolvers.context import Context
from resolvers.reservations import Reserve
from resolvers.rounds import Answer
from tests import builders

NAME = "reserve"
CLIENTS, ROUNDS, SECONDS = 64, 3, 4.0
SKUS, LOCATION, PLENTY = 10_000, "SH001", 100_000_000
SCARCE_SKU, SCARCE, BUYERS = "P0000-0", 400, 2_000
UPDATE = "UPDATE stock_levels SET on_hand = on_hand - 1 WHERE sku = {} AND location_id = {} AND on_hand >= 1"
CONNECTIONS = 10
"""As many as our own writers have."""

COLUMNS = ("case", "reservations/s", "p99 ms", "updates/s", "p99 ms", "bare updates/s", "p99 ms")

Once = Callable[[int], Awaitable[object]]
"""One client's next try; the number is unique in the run."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one side did in one round."""

    per_s: float
    p99_ms: float


def run() -> Report:
    """Measure, where there is a PostgreSQL."""
    with seed.postgres() as url:
        if url is None:
            return Report(NAME, {}, ("case",), [], ["There is no PostgreSQL here, and none could be started."])
        return asyncio.run(_report(url))


async def _report(url: str) -> Report:
    skus = await _planted(url)
    world = compose.world(settings.load(database_url=url, bus_url="memory://"))
    bare = await asyncpg.create_pool(url.replace("+asyncpg", ""), min_size=CONNECTIONS, max_size=CONNECTIONS)
    durable = [await bare.fetchval(f"SHOW {name}") for name in ("fsync", "synchronous_commit")]
    same = engine.writing(url)
    process.collect_seldom()
    async with compose.alive(world):
        ctx = world.surroundings(builders.MEMBER, Channel.APP, "en", "bench")
        await catalog.variants_by_skus(ctx, skus, store_keys=[LOCATION])  # a shop that is open knows its goods
        oversold = await _rush(ctx)
        cases = {"hot": ["P0001-0"], "spread": skus}
        found = {name: await _compared(ctx, same, bare, chosen) for name, chosen in cases.items()}
    await bare.close()
    await same.dispose()
    figures: dict[str, float] = {"oversold": oversold}
    rows = []
    for name, measured in found.items():
        figures[f"{name}_vs_update"] = statistics.median(ours.per_s / loop.per_s for ours, loop, _ in measured)
        figures[f"{name}_vs_bare"] = statistics.median(ours.per_s / loop.per_s for ours, _, loop in measured)
        figures[f"{name}_per_s"] = statistics.median(ours.per_s for ours, *_ in measured)
        figures[f"{name}_p99_ms"] = statistics.median(ours.p99_ms for ours, *_ in measured)
        rows += [(name, *(f"{n:,.0f}" for side in sides for n in (side.per_s, side.p99_ms))) for sides in measured]
    remarks = [
        f"fsync {durable[0]}, synchronous_commit {durable[1]}; {CLIENTS} clients, {CONNECTIONS} connections a side.",
        "hot_vs_update (goal: ≥ 2), spread_vs_update over 10,000 skus (goal: ≥ 0.7): medians over the rounds.",
        "…_vs_bare: the same against the loop over bare connections, which has no pool and no library to pay for.",
        f"oversold (goal: 0): units beyond {SCARCE} that {BUYERS} buyers at once got.",
    ]
    return Report(NAME, figures, COLUMNS, rows, remarks)


async def _planted(url: str) -> Sequence[str]:
    """Make 10,000 skus in one store, each with more than anybody can reserve."""
    await migrate_async(url)
    entries = [builders.entry(f"P{n:04}", sizes=map(str, range(10))) for n in range(SKUS // 10)]
    items: list[Item] = [builders.shop(LOCATION), *builders.on_sale(*entries, channel=Channel.APP)]
    place = SqlImports(url)
    async with place.work() as work:
        await work.register.put(items)
    skus = [variant.sku for entry in entries for variant in entry.variants]
    now = datetime.now(UTC)
    async with place.work() as work:
        for some in _batches(skus):
            counts = [Count(sku, LOCATION, SCARCE if sku == SCARCE_SKU else PLENTY, now) for sku in some]
            await stock_book.record(work, counts, source="bench", now=now)
    await place.close()
    return [sku for sku in skus if sku != SCARCE_SKU]


def _batches(skus: Sequence[str]) -> Sequence[Sequence[str]]:
    return [skus[n : n + 1_000] for n in range(0, len(skus), 1_000)]


async def _rush(ctx: Context) -> int:
    """More buyers than units, all at once: how many more were sold than there were."""
    buyers = [_reserve(ctx, SCARCE_SKU, f"rush-{n}") for n in range(BUYERS)]
    answers = await asyncio.gather(*buyers)
    return sum(answer.reservation is not None for answer in answers) - SCARCE


async def _compared(
    ctx: Context, same: AsyncEngine, bare: asyncpg.Pool, skus: Sequence[str]
) -> list[tuple[Measured, Measured, Measured]]:
    """All sides in turn, so that what else the machine does hits all."""
    update = text(UPDATE.format(":sku", ":location"))

    async def ours(n: int) -> None:
        answer = await _reserve(ctx, skus[n * 7919 % len(skus)], f"{time.monotonic_ns()}-{n}")
        assert answer.reservation is not None, answer.user_errors

    async def loop(n: int) -> None:
        async with same.begin() as connection:
            chosen = {"sku": skus[n * 7919 % len(skus)], "location": LOCATION}
            assert (await connection.execute(update, chosen)).rowcount == 1

    async def bare_loop(n: int) -> None:
        done = await bare.execute(UPDATE.format("$1", "$2"), skus[n * 7919 % len(skus)], LOCATION)
        assert done == "UPDATE 1"

    return [(await _measured(ours), await _measured(loop), await _measured(bare_loop)) for _ in range(ROUNDS)]


def _reserve(ctx: Context, sku: str, key: str) -> Awaitable[Answer]:
    lines = [ReservationLine(sku, LOCATION, 1)]
    return reservations.create(ctx, Reserve(ReservationKind.CHECKOUT, lines, key))


async def _measured(once: Once) -> Measured:
    """Let all clients try as often as they can for some seconds."""
    numbers, took = itertools.count(), []
    ends_at = time.perf_counter() + SECONDS

    async def client() -> None:
        while (began := time.perf_counter()) < ends_at:
            await once(next(numbers))
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    elapsed_s = time.perf_counter() - began
    return Measured(len(took) / elapsed_s, statistics.quantiles(took, n=100)[-1] * 1_000)
