"""The demo: a shop that is planted once and lives while it is served. Part of the composition root."""

import random
from collections.abc import Callable, Mapping
from functools import partial

from starlette.applications import Starlette

import compose
import process
import resolvers.imports
import resolvers.trade
from datasources.demo import catalogue as seed
from datasources.demo import stores, traffic
from datasources.store.imports import SqlImports
from resolvers.trade import Market
from settings import Settings
from web.explorer.pages import Explorer

SEED = "demo:1"
"""Names the demo's seed among the imports; another number plants it anew."""


def application(chosen: Settings, *, tokens: Mapping[str, str]) -> Starlette:
    """The app over a shop that lives: a clock sells and restocks while it serves."""
    process.prepare(chosen)
    served = compose.world(chosen)
    dice = random.Random()  # noqa: S311  # it deals sales, not secrets
    market = Market(
        source=seed.SOURCE,
        tick_s=traffic.TICK_S,
        location_ids=[site.id for site in stores.SITES],
        skus=partial(traffic.shopping, dice),
        moves=partial(traffic.next_moves, dice),
    )
    trade = partial(resolvers.trade.run, market, served.store.stock, served.store, compose.utc_now)
    return compose.served_by(served, chosen, explorer=Explorer(tokens), beside=trade)


async def plant(chosen: Settings, *, on_progress: Callable[[int, int], None]) -> bool:
    """Bring the demo's shop into the store, unless it is there; say whether there was anything to do."""
    place = SqlImports(chosen.database_url)
    try:
        async with place.work() as work:
            planted = await work.register.checkpoint(SEED)
        if planted and planted.is_finished:
            return False
        lines = list(seed.lines(compose.utc_now()))
        job = resolvers.imports.Job(SEED, seed.SOURCE, compose.utc_now, resume=True)
        report = await resolvers.imports.run(place, lines, job, on_progress=lambda done: on_progress(done, len(lines)))
        if report.problems:
            raise RuntimeError(f"the demo's own seed is refused: {report.problems[0]}")
        return True
    finally:
        await place.close()
