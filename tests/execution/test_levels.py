"""Levels: every field of a level is read once for all its objects, siblings at the same time, and watched if asked."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import strawberry
import structlog.testing

from execution.run import Level
from schema.base import batch, plain
from schema.executing import EngineSchema

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True)
class Node:
    number: int


@dataclass(slots=True)
class Shop:
    """A context that remembers what was asked of it."""

    calls: list[tuple[str, int]] = field(default_factory=list)
    together: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(2))
    given_up: int = 0
    is_endless: bool = False
    loaders: dict[Any, Any] = field(default_factory=dict)
    request_id: str = ""


async def nodes(ctx: Shop, roots: Sequence[None], *, count: int) -> Sequence[Sequence[Node]]:
    ctx.calls.append(("nodes", len(roots)))
    return [[Node(number) for number in range(count)] for _ in roots]


async def children(ctx: Shop, parents: Sequence[Node]) -> Sequence[Sequence[Node]]:
    ctx.calls.append(("children", len(parents)))
    return [[Node(10 * parent.number + n) for n in range(parent.number)] for parent in parents]


async def left(ctx: Shop, objects: Sequence[Node]) -> Sequence[int]:
    """Goes on only when `right` is under way too."""
    await ctx.together.wait()
    return [node.number for node in objects]


async def right(ctx: Shop, objects: Sequence[Node]) -> Sequence[int]:
    await ctx.together.wait()
    return [-node.number for node in objects]


async def endless(ctx: Shop, objects: Sequence[Node]) -> Sequence[int]:
    try:
        await asyncio.Event().wait()
    finally:
        ctx.given_up += 1
    return []


async def short(ctx: Shop, objects: Sequence[Node]) -> Sequence[int]:
    return [1]


@strawberry.type
class NodeType:
    number: int = plain("Which.")
    children: list["NodeType"] = batch(children, description="Below.")
    left: int = batch(left, description="Waits for right.")
    right: int = batch(right, description="Waits for left.")
    endless: int | None = batch(endless, description="Never comes.")
    short: int | None = batch(short, description="Gives one result, whatever is asked.")


@strawberry.type
class Query:
    nodes: list[NodeType] = batch(nodes, description="Some.", count="How many.")


async def test_a_field_is_read_once_per_level_however_many_objects_there_are() -> None:
    shop = Shop()
    result = await EngineSchema(Query).execute("{ nodes(count: 9) { children { children { number } } } }", None, shop)
    assert result.errors is None
    assert shop.calls == [("nodes", 1), ("children", 9), ("children", 36)]


async def test_siblings_of_a_level_are_read_at_the_same_time() -> None:
    async with asyncio.timeout(5):
        result = await EngineSchema(Query).execute("{ nodes(count: 3) { left right } }", None, Shop())
    assert result.data == {"nodes": [{"left": n, "right": -n} for n in range(3)]}


async def test_who_listens_hears_of_every_level_its_objects_and_its_time() -> None:
    heard: list[Level] = []
    await EngineSchema(Query, hook=heard.append).execute(
        "{ nodes(count: 3) { number children { number } } }", None, Shop()
    )
    assert [(level.name, level.objects) for level in heard] == [
        ("Query.nodes", 1),
        ("NodeType.number", 3),
        ("NodeType.children", 3),
        ("NodeType.number", 3),
    ]
    assert all(level.seconds >= 0 for level in heard)


async def test_the_wrong_number_of_results_is_our_mistake_and_names_the_resolver() -> None:
    with structlog.testing.capture_logs() as logs:
        result = await EngineSchema(Query).execute("{ nodes(count: 3) { number short } }", None, Shop())
    assert result.data == {"nodes": [{"number": n, "short": None} for n in range(3)]}
    assert {error.extensions["code"] for error in result.errors or [] if error.extensions} == {"INTERNAL"}
    assert "test_levels.short returned 1 results for 3 objects" in str(logs[0]["exc_info"])


async def test_at_the_deadline_what_runs_is_cancelled_and_nothing_is_left_behind() -> None:
    shop, before = Shop(), asyncio.all_tasks()
    result = await EngineSchema(Query, deadline_s=0.05).execute(
        "{ nodes(count: 3) { a: endless b: endless } }", None, shop
    )
    assert result.data is None
    assert [error.extensions for error in result.errors or []] == [{"requestId": "", "code": "DEADLINE_EXCEEDED"}]
    assert shop.given_up == 2
    assert asyncio.all_tasks() == before


async def test_who_gives_up_an_operation_gives_up_all_that_works_for_it() -> None:
    shop, before = Shop(), asyncio.all_tasks()
    asked = EngineSchema(Query).execute("{ nodes(count: 3) { a: endless b: endless number } }", None, shop)
    task = asyncio.ensure_future(asked)
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert shop.given_up == 2
    assert asyncio.all_tasks() == before
