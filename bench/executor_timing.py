"""Timing for the executor's benchmark: CPU time of several sides in turns, and the peak of memory of one answer.

CPU time, because nothing here waits for anything and other work on the machine would count otherwise. The garbage
collector stays on, as in a server, and every block begins with nothing to collect.
"""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson

Ask = Callable[[], Awaitable[Any]]
"""One side: gives the answer's data or bytes, computed anew each time."""

ROUNDS, BLOCK_S, WARM_UP = 5, 0.25, 3


async def milliseconds(sides: Mapping[str, Ask]) -> dict[str, list[float]]:
    """CPU milliseconds of one answer, for each side and round, the sides in turns.

    Raises:
        AssertionError: the sides do not give the same bytes.
    """
    await _same(sides)
    counts = {name: max(WARM_UP, int(BLOCK_S / await _block(ask, WARM_UP))) for name, ask in sides.items()}
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, ask in sides.items():
            found[name].append(1_000 * await _block(ask, counts[name]))
    return found


async def peaks(sides: Mapping[str, Ask]) -> dict[str, list[float]]:
    """Megabytes that one answer takes at most while it is made, for each side and round.

    Raises:
        AssertionError: the sides do not give the same bytes.
    """
    await _same(sides)
    return {name: [await _peak(ask) for _ in range(ROUNDS)] for name, ask in sides.items()}


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the rounds' ratios: what disturbs a round disturbs both sides of it."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


async def _same(sides: Mapping[str, Ask]) -> None:
    answers = {name: _bytes(await ask()) for name, ask in sides.items()}
    assert len(set(answers.values())) == 1, {name: answer[:200] for name, answer in answers.items()}


def _bytes(answer: Any) -> bytes:
    return answer if isinstance(answer, bytes) else orjson.dumps(answer)


async def _block(ask: Ask, count: int) -> float:
    gc.collect()
    began = time.process_time()
    for _ in range(count):
        await ask()
    return (time.process_time() - began) / count


async def _peak(ask: Ask) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        answer = await ask()
        _, peak = tracemalloc.get_traced_memory()
        assert answer
        return (peak - before) / 1e6
    finally:
        tracemalloc.stop()
