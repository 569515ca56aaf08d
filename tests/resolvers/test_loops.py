"""What runs beside the requests goes on whatever goes wrong, and ends when it is told to."""

import asyncio

import pytest
from structlog.testing import capture_logs

from datasources.ports.errors import Unavailable
from resolvers import loops

pytestmark = pytest.mark.anyio

PATIENCE_S = 20.0


async def test_a_loop_outlives_a_source_that_is_away_and_a_mistake_of_ours() -> None:
    steps, done = 0, asyncio.Event()

    async def step() -> float:
        nonlocal steps
        steps += 1
        if steps == 1:
            raise Unavailable("store", "gone")
        if steps == 2:
            raise ZeroDivisionError
        done.set()
        return 3_600.0

    with capture_logs() as logs:
        running = asyncio.create_task(loops.forever("sweeping", step))
        async with asyncio.timeout(PATIENCE_S):
            await done.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert steps == 3
    assert [line["event"] for line in logs] == ["sweeping.waiting", "sweeping.failed"]


@pytest.mark.parametrize("fails", [False, True])
async def test_a_loop_that_is_told_to_end_brings_its_step_to_an_end_first(fails: bool) -> None:
    began, may_end, steps = asyncio.Event(), asyncio.Event(), list[str]()

    async def step() -> float:
        began.set()
        await may_end.wait()
        steps.append("whole")
        if fails:
            raise ZeroDivisionError
        return 0.0

    running = asyncio.create_task(loops.forever("sweeping", step))
    async with asyncio.timeout(PATIENCE_S):
        await began.wait()
        running.cancel()
        await asyncio.sleep(0)
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert steps == ["whole"]
