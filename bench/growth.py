"""Growth: what the same questions cost when there is five hundred or a thousand times more behind them.

Both sides are our own, in one process, in turns: only what lies behind them differs. Measured below HTTP and without
caches, so that nothing constant hides what grows, and nothing held in memory hides the database.
"""

import asyncio
import itertools
import statistics
import time
from contextlib import AsyncExitStack, ExitStack

from bench import growth_members, growth_movements, growth_stores, growth_variants, seed
from bench.growth_shop import Ask, Subject
from bench.report import Report

NAME = "growth"
GOAL = 1.5
ROUNDS, WARM_UP = 200, 20
SUBJECTS = (growth_movements.SUBJECT, growth_variants.SUBJECT, growth_stores.SUBJECT, growth_members.SUBJECT)
DATABASES = {"sqlite": seed.sqlite, "postgres": seed.postgres}

Found = dict[tuple[str, str], tuple[float, float]]
"""Milliseconds with few and with many, by figure and database."""


def run() -> Report:
    """Measure on SQLite, and on PostgreSQL where there is one."""
    found: Found = {}
    remarks = [f"{s.figure}: the worst p50 with {s.many:,} {s.of} ÷ that with {s.few:,}." for s in SUBJECTS]
    remarks.append(f"Goal: ≤ {GOAL} each.")
    for database, fresh in DATABASES.items():
        for subject in SUBJECTS:
            with ExitStack() as stack:
                few, many = stack.enter_context(fresh()), stack.enter_context(fresh())
                if few is None or many is None:
                    remarks.append("PostgreSQL is neither running nor to be started here: left out.")
                    break
                medians = asyncio.run(_measured(subject, few, many))
                found |= {(figure, database): pair for figure, pair in medians.items()}
    rows = [(*of, f"{few:.2f}", f"{many:.2f}", f"{many / few:.2f}") for of, (few, many) in found.items()]
    return Report(NAME, _figures(found), ("figure", "database", "ms of few", "ms of many", "ratio"), rows, remarks)


def _figures(found: Found) -> dict[str, float]:
    """The ratios: each database's own, the worse of each question, and the worst of each subject."""
    ratios = {f"{database}_{figure}": many / few for (figure, database), (few, many) in found.items()}
    worse: dict[str, float] = {}
    for (figure, _), (few, many) in found.items():
        worse[figure] = max(many / few, worse.get(figure, 0))
    worst = {s.figure: max(r for figure, r in worse.items() if figure.startswith(s.figure)) for s in SUBJECTS}
    return ratios | worst | worse


async def _measured(subject: Subject, few_url: str, many_url: str) -> dict[str, tuple[float, float]]:
    """The median milliseconds of each question, with little behind it and with much."""
    async with AsyncExitStack() as stack:
        few = await stack.enter_async_context(subject.opened(few_url, subject.few))
        many = await stack.enter_async_context(subject.opened(many_url, subject.many))
        return {figure: await _medians(few[figure], many[figure]) for figure in few}


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
