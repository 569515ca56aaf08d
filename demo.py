"""The demo: a shop that is planted once and lives while it is served. Part of the composition root."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from starlette.applications import Starlette

import compose
import domain.programmes
import domain.sessions
import process
import resolvers.imports
import resolvers.trade
from datasources.demo import catalogue as seed
from datasources.demo import people, prices, purchases, stores, traffic
from datasources.ports.work import Work
from datasources.store.imports import SqlImports
from domain.tablets import Tablet
from resolvers import order_points, pins
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
            is_peopled = bool(await work.members.locked({people.MEMBER}))
        if planted and planted.is_finished and is_peopled:
            return False
        lines = list(seed.lines(compose.utc_now()))
        job = resolvers.imports.Job(SEED, seed.SOURCE, compose.utc_now, resume=True)
        report = await resolvers.imports.run(place, lines, job, on_progress=lambda done: on_progress(done, len(lines)))
        if report.problems:
            raise RuntimeError(f"the demo's own seed is refused: {report.problems[0]}")
        pin_hash = await pins.hashed(people.PIN)
        async with place.work() as work:
            await populate(work, compose.utc_now())
            await work.tablets.write(_tablet(compose.utc_now()))
            await work.tablets.set_pin(people.GUIDE, pin_hash)
        return True
    finally:
        await place.close()


def _tablet(now: datetime) -> Tablet:
    """The tablet on the counter of the guide's store."""
    return Tablet(people.TABLET.tablet_id, people.GUIDE_STORE, domain.sessions.digest(people.TABLET.secret), now)


async def populate(work: Work, now: datetime) -> None:
    """Bring the demo's people in, with what they bought, earned, wish for and agreed to."""
    members, orders = list(people.members(now)), list(purchases.orders(now))
    for guide in people.guides():
        await work.associates.write(guide)
    await work.members.write(members)
    await work.consents.write(people.consents(members))
    await work.orders.write(orders)
    programme = domain.programmes.named(domain.programmes.usual(prices.CURRENCY), None)
    if programme is not None:
        await order_points.post(work, orders=orders, returns=(), programme=programme, now=now)
    await work.clients.write(people.bindings(now))
    await work.clients.came(people.visits(now))
    for member_id, wishes in people.wishes(now).items():
        await work.wishes.write(member_id, wishes)
    for reward in purchases.rewards():
        await work.rewards.write(reward)
