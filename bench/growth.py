"""Growth: what a page and a sale cost when there is a thousand times more behind them.

Both sides are our own, in one process, in turns: only what lies behind them differs. Measured below HTTP and without
caches, so that nothing constant hides what grows, and nothing held in memory hides the database.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack

from bench import growth_movements, seed
from bench.growth_movements import FEW, MANY
from bench.report import Report

NAME = "growth"
GOAL = 1.5
ROUNDS, WARM_UP = 200, 20

Ask = Callable[[int], Awaitable[object]]
"""One try; the number is unique in the run."""


def run() -> Report:
    """Measure on SQLite, and on PostgreSQL where there is one."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    remarks = [f"p50 with {MANY:,} movements behind it ÷ with {FEW:,}, the same levels; goal: ≤ {GOAL} each."]
    with seed.sqlite() as few, seed.sqlite() as many:
        found["sqlite"] = asyncio.run(_measured(few, many))
    with ExitStack() as stack:
        few_url, many_url = stack.enter_context(seed.postgres()), stack.enter_context(seed.postgres())
        if few_url is None or many_url is None:
            remarks.append("PostgreSQL is neither running nor to be started here: left out.")
        else:
            found["postgres"] = asyncio.run(_measured(few_url, many_url))
    ratios = {(case, db): many / few for db, cases in found.items() for case, (few, many) in cases.items()}
    figures = {f"{db}_{case}": ratio for (case, db), ratio in ratios.items()}
    figures |= {case: max(ratios[case, db] for db in found) for case in found["sqlite"]}
    rows = [
        (case, db, f"{few:.2f}", f"{many:.2f}", f"{many / few:.2f}")
        for db, cases in found.items()
        for case, (few, many) in cases.items()
    ]
    return Report(NAME, figures, ("figure", "database", "ms of few", "ms of many", "ratio"), rows, remarks)


async def _measured(few_url: str, many_url: str) -> dict[str, tuple[float, float]]:
    """The median milliseconds of each case, with little behind it and with much."""
    async with AsyncExitStack() as stack:
        few = await stack.enter_async_context(growth_movements.opened(few_url, movements=FEW))
        many = await stack.enter_async_context(growth_movements.opened(many_url, movements=MANY))
        return {case: await _medians(few.asks[case], many.asks[case]) for case in few.asks}


async def _medians(few: Ask, many: Ask) -> tuple[float, float]:
    """Both in turns, so that what else the machine does hits both."""
    numbers = itertools.count()
    for _ in range(WARM_UP):
        await few(next(numbers))
        await many(next(numbers))
    took = [(await _ms(few, next(numbers)), await _ms(many, next(numbers))) for _ in range(ROUNDS)]
    ours, theirs = zip(*took, strict=True)
    return statistics.median(ours), statistics.median(theirs)


async def _ms(ask: Ask, number: int) -> float:
    began = time.perf_counter()
    await ask(number)
    return 1_000 * (time.perf_counter() - began)
