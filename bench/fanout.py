"""Fan-out: how soon a change of stock reaches those who watch it, what a subscriber costs, and whether any is lost.

The server, whoever listens and whoever changes stock are three processes (`bench/fanout_listeners.py`, and this one).
"""

import asyncio
import resource
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from bench import seed
from bench.fanout_stage import Stage, listening, staged
from bench.report import Report
from tests import servers
from tests.throwaway import NoServer

NAME = "fanout"
SUBSCRIBERS, CHANGES, EVERY_S, ROUNDS = 1_000, 20, 0.25, 3
IDLE, A_PING_S = 10_000, 25.0
CROWD, CROWD_EACH = 200, 50
LOSING, PER_S, LOSING_S, KEYS = 200, 50, 10, 10
SPARE_FILES = 200


@dataclass(slots=True)
class Found:
    """Figures, rows of the table, and remarks, as they come."""

    figures: dict[str, float] = field(default_factory=dict)
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, key: str, figure: float, goal: str, shown: str) -> None:
        """Take a figure in."""
        self.figures[key] = figure
        self.rows.append((key, shown, goal))


def run() -> Report:
    """Measure on SQLite with the bus in process, and over PostgreSQL and Redis where they are."""
    found = Found()
    _allow_files()
    with seed.sqlite() as url:
        asyncio.run(_in_process(url, found))
    with _servers() as urls:
        if urls is None:
            found.remarks.append(
                "PostgreSQL or Redis is neither running nor to be started here: p99_ms_redis is left out."
            )
        else:
            asyncio.run(_between(*urls, found))
    return Report(NAME, found.figures, ("figure", "measured", "goal"), found.rows, found.remarks)


@contextmanager
def _servers() -> Iterator[tuple[str, str] | None]:
    """Give an empty PostgreSQL database and an empty Redis; None where there are none."""
    with ExitStack() as stack:
        try:
            databases = stack.enter_context(servers.Databases(stack.enter_context(servers.postgres())))
            bus_url = stack.enter_context(servers.redis_database(stack.enter_context(servers.redis())))
        except NoServer:
            yield None
            return
        yield stack.enter_context(databases.fresh()), bus_url


def _allow_files() -> None:
    """Allow this process, and those it starts, as many open files as the machine lets us."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _in_process(database_url: str, found: Found) -> None:
    await seed.seed(database_url)
    async with staged(database_url, "memory://") as stage:
        await _delivery(stage, "p99_ms_inprocess", "≤ 50", found)
        await _losing(stage, found)
    async with staged(database_url, "memory://") as stage:
        each = await _idle(stage, found)
    async with staged(database_url, "memory://") as stage:
        await _crowded(stage, each, found)


async def _between(database_url: str, bus_url: str, found: Found) -> None:
    await seed.seed(database_url)
    async with staged(database_url, bus_url) as stage:
        await _delivery(stage, "p99_ms_redis", "≤ 100", found)


async def _delivery(stage: Stage, key: str, goal: str, found: Found) -> None:
    """Everybody watches the same level, which changes again and again."""
    rounds = []
    for _ in range(ROUNDS):
        async with listening(stage, SUBSCRIBERS, pairs=stage.pairs[:1]) as heard:
            for _ in range(CHANGES):
                await stage.change(stage.pairs[0])
                await asyncio.sleep(EVERY_S)
            told = await heard()
            late = told["late_ms"]
            assert len({tuple(map(tuple, held)) for held in told["held"]}) == 1, "not everybody heard the last change"
            rounds.append((late[int(len(late) * 0.99)], statistics.median(late)))
    p99s = sorted(p99 for p99, _ in rounds)
    half = statistics.median(p50 for _, p50 in rounds)
    shown = f"{statistics.median(p99s):.1f} ms ({p99s[0]:.0f}–{p99s[-1]:.0f}; p50 {half:.1f})"
    found.add(key, statistics.median(p99s), goal, shown)


async def _losing(stage: Stage, found: Found) -> None:
    """Everybody watches all of ten levels, which change fifty times a second."""
    pairs = stage.one_store(KEYS)
    async with listening(stage, LOSING, pairs=pairs, watching=KEYS) as heard:
        per_s = await stage.change_at(PER_S, pairs, for_s=LOSING_S)
        await asyncio.sleep(1.0)
        told = await heard()
    async with listening(stage, 1, pairs=pairs, watching=KEYS) as heard:
        truth = sorted((await heard())["held"][0])
    stale = sum(version not in truth for held in told["held"] for version in held)
    found.add("lost", stale + told["backwards"], "0", f"{stale} not up to date, {told['backwards']} backwards")
    found.figures["conflated"] = told["skipped"]
    found.remarks.append(
        f"lost: at {per_s:.0f} changes a second, {told['skipped']} of {LOSING * PER_S * LOSING_S} versions were "
        "passed over for a later one of the same level."
    )


async def _idle(stage: Stage, found: Found) -> float:
    """One socket each, one subscription on it, and nothing happens but the server's ping."""
    most = min(IDLE, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES)
    if most < IDLE:
        found.remarks.append(f"This machine allows {most} sockets; `ulimit -Hn` must be {IDLE + SPARE_FILES}.")
    before = stage.resident_bytes()
    async with listening(stage, most, pairs=stage.pairs) as heard:
        each = (stage.resident_bytes() - before) / most
        await asyncio.sleep(A_PING_S)
        told = await heard()
    held = min(told["open"], told["pinged"])
    found.add("idle_subscribers", held, "≥ 10,000", f"{held} of {most}")
    found.add("bytes_per_subscriber", each, "≤ 35,000", f"{each:.0f}")
    return each


async def _crowded(stage: Stage, each: float, found: Found) -> None:
    """Many subscriptions on a socket, each of something else."""
    before = stage.resident_bytes()
    async with listening(stage, CROWD, each=CROWD_EACH, pairs=stage.pairs):
        grown = stage.resident_bytes() - before
    more = (grown - CROWD * each) / (CROWD * (CROWD_EACH - 1))
    found.add("bytes_per_extra_subscription", more, "≤ 5,000", f"{more:.0f}")
