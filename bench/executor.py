"""The executor: our engine, strawberry's executor and hand-written functions give the same answers from memory.

No HTTP and no database: what is measured is the way from the query's text to the answer's data, as CPU time.
"""

import asyncio
import itertools
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
import uvloop

from bench import executor_bare, executor_pages, executor_schema, executor_shop, executor_timing
from bench.executor_schema import ours, theirs, theirs_cached
from bench.executor_shop import Context, Product
from bench.executor_timing import Ask
from bench.report import Report

NAME = "executor"
PAGE, WIDE, SMALL = (24, 4, 3), (250, 20, 0), (1, 1, 1)
NESTED_MEMORY, FLAT_MEMORY = (477, 4, 3), (10_000, 0, 0)
"""Answers of 10,000 objects: products with all that hangs on them, and products alone."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure: two sides in the rounds of one run, which of them is divided by the other, and the goal."""

    figure: str
    ours: Sequence[float]
    other: Sequence[float]
    unit: str
    goal: str = ""
    is_ours_above: bool = False

    @property
    def value(self) -> float:
        """The ratio."""
        above, below = (self.ours, self.other) if self.is_ours_above else (self.other, self.ours)
        return executor_timing.ratio(above, below)

    @property
    def row(self) -> tuple[str, ...]:
        """The figure for people."""
        medians = (f"{statistics.median(side):.3f} {self.unit}" for side in (self.ours, self.other))
        return (self.figure, *medians, f"{self.value:.2f}", self.goal)


def run() -> Report:
    """Measure everything on the event loop that serves in production."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found, size = runner.run(_measured())
    figures = {one.figure: one.value for one in found}
    remarks = [f"The page is {size / 1_000:.1f} kB. CPU time, {executor_timing.ROUNDS} rounds in turns, medians."]
    return Report(NAME, figures, ("figure", "ours", "other", "ratio", "goal"), [one.row for one in found], remarks)


async def _measured() -> tuple[list[Compared], int]:
    products = executor_shop.shop(*PAGE)
    found = [*await _page(products), *await _wide(), *await _single(products), *await _cold(), *await _memory()]
    return found, len(orjson.dumps(executor_pages.page(products)))


async def _page(products: tuple[Product, ...]) -> list[Compared]:
    copied, variables = executor_bare.copied(products), {"first": len(products)}

    async def bare() -> Any:
        return (await executor_bare.schema.execute(executor_pages.PAGE, variables, context_value=copied)).data

    async def hand() -> Any:
        return executor_pages.page(products)

    async def hand_bytes() -> bytes:
        return orjson.dumps(executor_pages.page(products))

    engine = _asking(ours, executor_pages.PAGE, products)

    async def engine_bytes() -> bytes:
        return orjson.dumps(await engine())

    sides = {**_executors(executor_pages.PAGE, products), "bare": bare, "hand": hand}
    took = await executor_timing.milliseconds(sides)
    engine_ms = took["ours"]
    wrote = await executor_timing.milliseconds({"ours": engine_bytes, "hand": hand_bytes})
    return [
        Compared("page_vs_strawberry", engine_ms, took["theirs"], "ms", "≥ 20"),
        Compared("page_vs_strawberry_cached", engine_ms, took["theirs_cached"], "ms"),
        Compared("page_vs_strawberry_bare", engine_ms, took["bare"], "ms"),
        Compared("page_vs_hand", engine_ms, took["hand"], "ms", "≤ 4", is_ours_above=True),
        Compared("page_bytes_vs_hand", wrote["ours"], wrote["hand"], "ms", is_ours_above=True),
    ]


async def _wide() -> list[Compared]:
    took = await executor_timing.milliseconds(_executors(executor_pages.WIDE, executor_shop.shop(*WIDE)))
    return [
        Compared("wide_vs_strawberry", took["ours"], took["theirs"], "ms", "≥ 20"),
        Compared("wide_vs_strawberry_cached", took["ours"], took["theirs_cached"], "ms"),
    ]


async def _single(products: tuple[Product, ...]) -> list[Compared]:
    took = await executor_timing.milliseconds(_executors(executor_pages.SINGLE, products))
    return [
        Compared("single_vs_strawberry", took["ours"], took["theirs"], "ms", "≥ 3"),
        Compared("single_vs_strawberry_cached", took["ours"], took["theirs_cached"], "ms"),
    ]


async def _cold() -> list[Compared]:
    """First sight, of the page's query over one object of each kind, so that execution hides nothing, and over all."""
    small, page = [await executor_timing.milliseconds(_unseen(executor_shop.shop(*size))) for size in (SMALL, PAGE)]
    return [
        Compared("cold_vs_strawberry", small["ours"], small["theirs"], "ms", "≤ 1.3", is_ours_above=True),
        Compared("cold_page_vs_strawberry", page["ours"], page["theirs"], "ms", is_ours_above=True),
    ]


async def _memory() -> list[Compared]:
    nested, flat = executor_shop.shop(*NESTED_MEMORY), executor_shop.shop(*FLAT_MEMORY)

    async def nested_by_hand() -> Any:
        return executor_pages.page(nested)

    async def flat_by_hand() -> Any:
        return executor_pages.flat(flat)

    trees = await executor_timing.peaks({"ours": _asking(ours, executor_pages.PAGE, nested), "hand": nested_by_hand})
    lists = await executor_timing.peaks({"ours": _asking(ours, executor_pages.FLAT, flat), "hand": flat_by_hand})
    found = [
        Compared("memory_nested_vs_hand", trees["ours"], trees["hand"], "MB", is_ours_above=True),
        Compared("memory_flat_vs_hand", lists["ours"], lists["hand"], "MB", is_ours_above=True),
    ]
    worst = max(found, key=lambda one: one.value)
    return [Compared("memory_vs_hand", worst.ours, worst.other, "MB", "≤ 2", is_ours_above=True), *found]


def _executors(query: str, products: tuple[Product, ...]) -> dict[str, Ask]:
    schemas: Mapping[str, strawberry.Schema] = {"ours": ours, "theirs": theirs, "theirs_cached": theirs_cached}
    return {name: _asking(schema, query, products) for name, schema in schemas.items()}


def _asking(schema: strawberry.Schema, query: str, products: tuple[Product, ...]) -> Ask:
    """Ask with a text that was seen before, where the schema remembers texts."""
    variables = {"first": len(products)} if "$first" in query else {}

    async def ask() -> Any:
        result = await schema.execute(query, variables, context_value=Context(products))
        assert not result.errors, result.errors
        return result.data

    return ask


def _unseen(products: tuple[Product, ...]) -> dict[str, Ask]:
    """Ask with another text every time; a new engine, so that what is remembered is what these rounds leave."""
    numbers = itertools.count()
    schemas = {"ours": executor_schema.engine(), "theirs": theirs}

    def asking(schema: strawberry.Schema) -> Ask:
        async def ask() -> Any:
            return await _asking(schema, f"{executor_pages.PAGE}# {next(numbers)}", products)()

        return ask

    return {name: asking(schema) for name, schema in schemas.items()}
