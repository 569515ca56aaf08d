"""Watchers of stock who are one audience: whoever comes, goes, reads slowly or was cut off, each is told the truth."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

import graphql
import pytest
from graphql.execution.values import VariableValues
from hypothesis import HealthCheck, example, given, settings
from strawberry.types import ExecutionResult

import resolvers.live_stock
from datasources.bus.memory import MemoryBus
from datasources.store.store import Store
from execution.engine import Engine
from execution.plan import Plan
from resolvers.context import Context
from resolvers.live_stock import Update
from schema.live import Hall, Rights
from tests.builders import INTEGRATOR, NOW, count, entry, minutes, on_sale, shop
from tests.datasources.cached import Worker, carried
from tests.resolvers.test_live_properties import Play, steps
from tests.resolvers.test_live_properties import workers as workers
from tests.worlds import asked, fill, sources, tell
from tests.worlds import store as store

pytestmark = pytest.mark.anyio
RIGHTS = Rights(kind=Context.kind, check=Context.check, anew=Context.anew)
PLAN = cast("Plan", object())
PAUSE = [("wait", 1)] * 3
JOINED = [("connect", 0, 0), ("read", 0, 1), *PAUSE]
"""One watcher was told what there is."""


class Showing:
    """An engine with one plan, which shows an update as it is."""

    async def source(self, plan: Plan, variables: VariableValues, *, context: Any, root: Any) -> Any:
        """What is watched."""
        return resolvers.live_stock.changes(context, **variables.coerced)

    async def run(self, plan: Plan, variables: VariableValues, *, context: Any, root: Any) -> graphql.ExecutionResult:
        """The update."""
        return graphql.ExecutionResult({"shown": root})


def shown(result: ExecutionResult) -> Update:
    """The update that was told."""
    assert result.data is not None, result.errors
    return cast("Update", result.data["shown"])


@dataclass(slots=True)
class Halls:
    """One hall for each worker, known by its bus."""

    halls: dict[int, Hall] = field(default_factory=dict)

    async def follow(self, ctx: Context, **asked: Any) -> AsyncGenerator[Update, None]:
        """Listen as one of an audience."""
        word = lambda result, context: ExecutionResult(result.data, result.errors)  # noqa: E731
        hall = self.halls.setdefault(id(ctx.sources.bus), Hall(cast("Engine", Showing()), RIGHTS, word))
        async with aclosing(hall.telling(PLAN, VariableValues({}, asked), ctx, None)) as telling:
            async for result in telling:
                yield shown(result)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=steps)
@example([("connect", 0, 0), ("count", (0, 0), 1), ("connect", 1, 0), ("read", 0, 3), ("read", 1, 3), ("carry",)])
@example([*JOINED, ("count", (0, 0), 1), ("connect", 1, 0), ("read", 1, 1), *PAUSE, ("carry",)])
async def test_watchers_of_one_audience_hold_what_is_true_LIV_1_LIV_2_LIV_3(
    workers: tuple[Worker, Worker], steps: list[tuple[str, ...]]
) -> None:
    await Play(workers, follow=Halls().follow).run(steps)


def told(update: Update) -> tuple[bool, dict[str, int]]:
    """Whether it is a snapshot, and the version of each sku."""
    return update.is_snapshot, {sku: level.version if level else 0 for (sku, _), level in update.found}


@pytest.fixture
async def filled(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [*on_sale(entry("DJ01", sizes=("L", "M"))), shop("SH001")])
    return store


async def test_what_one_who_comes_finds_new_is_told_to_those_who_are_there_and_once_LIV_1(filled: Store) -> None:
    await tell(filled, count(5))
    bus, halls = MemoryBus(), Halls()
    await carried(filled, bus)
    ctx = asked(sources(filled, bus), viewer=INTEGRATOR)
    watching = {"skus": ["DJ01-L", "DJ01-M"], "location_ids": ["SH001"]}
    async with aclosing(halls.follow(ctx, **watching)) as first, aclosing(halls.follow(ctx, **watching)) as second:
        assert told(await anext(first)) == (True, {"DJ01-L": 1, "DJ01-M": 0})
        await tell(filled, count(4, at=NOW + minutes(1)))
        assert told(await anext(second)) == (True, {"DJ01-L": 2, "DJ01-M": 0})
        assert told(await anext(first)) == (False, {"DJ01-L": 2})
        await carried(filled, bus)
        await tell(filled, count(3, at=NOW + minutes(2)))
        await carried(filled, bus)
        assert [told(await anext(stream)) for stream in (first, second)] == [(False, {"DJ01-L": 3})] * 2


async def test_where_one_who_comes_needs_a_snapshot_those_who_went_on_after_the_same_cursor_get_it_too_LIV_1(
    filled: Store,
) -> None:
    await tell(filled, count(5), count(7, sku="DJ01-M"))
    bus, halls = MemoryBus(), Halls()
    await carried(filled, bus)
    ctx = asked(sources(filled, bus), viewer=INTEGRATOR)
    skus, places = ["DJ01-L", "DJ01-M"], ["SH001"]
    (known,) = await resolvers.live_stock.since(ctx.anew(), [None], skus=skus, locations=places)
    watching = {"skus": skus, "location_ids": places, "after": known.cursor}
    async with aclosing(halls.follow(ctx, **watching)) as first, aclosing(halls.follow(ctx, **watching)) as second:
        assert told(await anext(first)) == (False, {})
        await tell(filled, count(4, at=NOW + minutes(1)))
        await carried(filled, bus)
        assert told(await anext(first)) == (False, {"DJ01-L": 2})
        await filled.forget(events_before=NOW.replace(year=2100), answers_before=NOW, limit=1_000)
        for stream in (second, first):
            assert told(await anext(stream)) == (True, {"DJ01-L": 2, "DJ01-M": 1})
        await tell(filled, count(3, at=NOW + minutes(2)))
        await carried(filled, bus)
        assert [told(await anext(stream)) for stream in (first, second)] == [(False, {"DJ01-L": 3})] * 2
