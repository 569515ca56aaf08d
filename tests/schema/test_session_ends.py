"""A stream ends with the session of whoever it is told to, though nothing happens of what it tells (LIV-4)."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

import domain.events
import schema.build
from datasources.store.store import Store
from resolvers.context import Context
from tests.builders import INTEGRATOR, NOW, count, entry, on_sale, shop
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio
GRAPH = schema.build.unified()
WATCH = """subscription { availabilityChanged(skus: ["DJ01-L"], locations: ["SH001"]) { offers { quantity } } }"""


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    """Somebody in a session, and a jacket to watch."""
    await fill(migrated_database_url, [*on_sale(entry("DJ01")), shop("SH001")])
    await tell(store, count(5))
    return asked(store, viewer=replace(INTEGRATOR, session_id="s-1"))


def ends(ctx: Context, id: str) -> None:
    ctx.sources.ended.heard([domain.events.session_ended(id, NOW)])


def reasons(told: Any) -> list[str]:
    return [(error.extensions or {})["reason"] for error in told.errors or []]


async def test_who_waits_for_news_is_told_that_the_session_ended(ctx: Context) -> None:
    stream = await GRAPH.stream(WATCH, None, ctx)
    assert (await anext(stream)).errors is None
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    ends(ctx, "another")
    await asyncio.sleep(0)
    assert not waiting.done()
    ends(ctx, "s-1")
    assert reasons(await waiting) == ["SESSION_ENDED"]
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_of_many_who_watch_the_same_only_those_of_the_session_are_ended(ctx: Context) -> None:
    other = replace(ctx, viewer=replace(ctx.viewer, session_id="s-2"))
    streams = [await GRAPH.stream(WATCH, None, whose) for whose in (ctx, ctx, other)]
    for stream in streams:
        await anext(stream)
    waiting = [asyncio.ensure_future(anext(stream)) for stream in streams]
    await asyncio.sleep(0)
    ends(ctx, "s-1")
    assert [reasons(await one) for one in waiting[:2]] == [["SESSION_ENDED"]] * 2
    assert not waiting[2].done()
    waiting[2].cancel()
    await asyncio.wait([waiting[2]])
    await streams[2].aclose()
