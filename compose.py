"""The composition root: settings → sources → schema → ASGI app. Only its neighbours, tests and bench import it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from starlette.applications import Starlette

import domain.programmes
import process
import resolvers.behaviour
import resolvers.ended
import resolvers.housekeeping
import resolvers.insight
import resolvers.learning
import resolvers.points_expiry
import resolvers.relay
import resolvers.retention
import resolvers.rounds
import schema.build
import settings
import web.tokens
import web.tracing
from datasources.bus.memory import MemoryBus
from datasources.bus.redis import RedisBus
from datasources.cache.caches import Bounds, Caches
from datasources.demo import pictures
from datasources.files import ladder, programmes
from datasources.messages.absent import AbsentSender
from datasources.messages.simulator import SimulatedSender
from datasources.ports.errors import SourceError
from datasources.store.store import Store
from datasources.wechat.absent import AbsentWeChat
from datasources.wechat.simulator import SimulatedWeChat
from domain.availability import Freshness
from domain.channels import Channel
from domain.programmes import Programme
from domain.rfm import CutRule, Cuts
from domain.tiers import LADDER, Ladder
from domain.viewers import Role, Viewer
from resolvers.combining import Combiner
from resolvers.context import Context, Policies, Sources
from resolvers.ended import EndedSessions
from resolvers.retention import Kept
from settings import Settings, SettingsRefused
from web.app import app
from web.explorer.pages import Explorer
from web.graphql import Endpoint
from web.tokens import Tokens


def utc_now() -> datetime:
    """The one clock that is handed to everybody."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is open while the process serves."""

    store: Store
    bus: MemoryBus | RedisBus
    policies: Policies

    sources: Sources
    kept: Kept
    caches: Caches | None = None
    cache_max_age_s: int = 0

    def surroundings(self, viewer: Viewer, channel: Channel, language: str, request_id: str) -> Context:
        """The context of one operation."""
        return Context(self.sources, self.policies, utc_now, viewer, channel, language, request_id)


def world(chosen: Settings) -> World:
    """Put the world together; nothing is connected yet."""
    freshness = {
        source: Freshness(timedelta(seconds=s), chosen.hide_stale_stock, chosen.stale_buffer_z)
        for source, s in chosen.stale_after_s_by_source.items()
    }
    own_ladder, own_programmes = _merchants_own(chosen)
    policies = Policies(
        currency=chosen.currency,
        low_stock_threshold=chosen.low_stock_threshold,
        freshness=Freshness(timedelta(seconds=chosen.stale_after_s), chosen.hide_stale_stock, chosen.stale_buffer_z),
        freshness_by_source=freshness,
        reservation_ttl=timedelta(minutes=chosen.reservation_minutes),
        reservation_extension=timedelta(minutes=chosen.reservation_extension_minutes),
        ladder=own_ladder,
        rfm_cut=CutRule[chosen.rfm_cuts.upper()] if isinstance(chosen.rfm_cuts, str) else Cuts(*chosen.rfm_cuts),
        programmes=own_programmes,
        access_lifetime=timedelta(minutes=chosen.access_token_minutes),
        member_session=timedelta(days=chosen.refresh_token_days),
        staff_session=timedelta(hours=chosen.staff_session_hours),
    )
    bus = MemoryBus() if chosen.bus_url == "memory://" else RedisBus(chosen.bus_url)
    store = Store(chosen.database_url)
    caches = _caches(store, bus, chosen) if chosen.cache_products else None
    kept = Kept(timedelta(hours=chosen.events_kept_h), timedelta(hours=chosen.idempotency_kept_h))
    sources = _sources(store, bus, caches, chosen, policies)
    return World(store, bus, policies, sources, kept, caches, chosen.cache_max_age_s)


def _merchants_own(chosen: Settings) -> tuple[Ladder, tuple[Programme, ...]]:
    """The merchant's tiers and programmes, the house's where no file says them.

    Raises:
        SettingsRefused: a file is not there, or says something else.
    """
    tiers, points, currency = chosen.tiers_file, chosen.programmes_file, chosen.currency
    try:
        return (
            ladder.read(Path(tiers), currency) if tiers else LADDER,
            programmes.read(Path(points), currency) if points else domain.programmes.usual(currency),
        )
    except ValueError as fault:
        raise SettingsRefused([str(fault)]) from None


def _caches(store: Store, bus: MemoryBus | RedisBus, chosen: Settings) -> Caches:
    """What this worker holds of the store; it hears of changes by the bus, and of this process's own at once."""
    caches = Caches(
        catalog=store.catalog,
        categories=store.categories,
        prices=store.prices,
        assortment=store.assortment,
        locations=store.locations,
        stock=store.stock,
        bounds=Bounds(products=chosen.cache_products, levels=chosen.cache_levels),
    )
    bus.follow(caches)
    store.on_commit(caches.heard)
    return caches


def _ended(store: Store, bus: MemoryBus | RedisBus, chosen: Settings) -> EndedSessions:
    """Which sessions have ended; known as long as their access tokens would hold."""
    ended = EndedSessions(timedelta(minutes=chosen.access_token_minutes, seconds=web.tokens.LEEWAY_S))
    bus.follow(ended)
    store.on_commit(ended.heard)
    return ended


def _sources(
    store: Store, bus: MemoryBus | RedisBus, caches: Caches | None, chosen: Settings, policies: Policies
) -> Sources:
    """Which adapter serves which role: all of them our own store, so far; signing in is simulated, or nobody's."""
    read, is_simulated = caches or store, chosen.simulated_sign_in
    return Sources(
        catalog=read.catalog,
        categories=read.categories,
        index=store.index,
        prices=read.prices,
        assortment=read.assortment,
        locations=read.locations,
        stock=read.stock,
        reservations=store.reservations,
        inbound=store.inbound,
        counts=store.counts,
        transfers=store.transfers,
        members=store.members,
        consents=store.consents,
        merges=store.merges,
        orders=store.orders,
        recommender=store.recommender,
        clients=store.clients,
        access=store.access,
        tiers=store.tiers(policies.ladder),
        entitlements=store.entitlements,
        tags=store.tags,
        behaviour=store.behaviour,
        wishes=store.wishes,
        rfm=store.rfm,
        worth=store.worth,
        associates=store.associates,
        client_tasks=store.client_tasks,
        commission=store.commission,
        points=store.points,
        rewards=store.rewards,
        sessions=store.sessions,
        ended=_ended(store, bus, chosen),
        wechat=SimulatedWeChat() if is_simulated else AbsentWeChat(),
        sender=SimulatedSender() if is_simulated else AbsentSender(),
        issuer=Issuer(chosen),
        log=store.log,
        bus=bus,
        workplace=store,
        reserve=Combiner(partial(resolvers.rounds.settle, store, utc_now)),
    )


@asynccontextmanager
async def alive(world: World) -> AsyncIterator[None]:
    """Connect, carry events while the context lasts, and close everything at its end."""
    await world.bus.open(world.store.log)
    try:
        ended, sessions = world.sources.ended, world.sources.sessions
        with suppress(SourceError):  # a store that is away is waited for; until then nobody is served anything
            await ended.read(sessions, utc_now())
        remembering = partial(resolvers.ended.run, ended, sessions, utc_now)
        renewing = partial(world.caches.kept_young, world.cache_max_age_s) if world.caches else asyncio.Event().wait
        sweeping = partial(resolvers.housekeeping.run, world.store.reservations, world.sources.reserve, utc_now)
        forgetting = partial(resolvers.retention.run, world.store, world.kept, utc_now)
        expiring = partial(resolvers.points_expiry.run, world.sources.points, world.store, utc_now)
        relaying = partial(resolvers.relay.run, world.store.log, world.bus)
        learning = partial(resolvers.learning.run, world.store.recommender, world.store, utc_now)
        clearing = partial(resolvers.behaviour.run, world.store.behaviour, utc_now)
        knowing = partial(resolvers.insight.run, Context(world.sources, world.policies, utc_now), world.store.rfm)
        async with AsyncExitStack() as beside:
            for work in (relaying, sweeping, forgetting, renewing, clearing, knowing, learning, expiring, remembering):
                await beside.enter_async_context(running(work))
            yield
    finally:
        await world.bus.close()
        await world.store.close()


@asynccontextmanager
async def running(work: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Run something beside the context's body, and end it with it."""
    task = asyncio.ensure_future(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Issuer:
    """Issues tokens with keys that are read for the first of them: not everybody who opens a world has some."""

    def __init__(self, chosen: Settings) -> None:
        self._tokens = cache(partial(tokens, chosen))

    def issue(self, *, subject: str, role: Role, lifetime: timedelta, **facts: str | None) -> str:
        """Make a token, as `Tokens` does."""
        return self._tokens().issue(subject=subject, role=role, lifetime=lifetime, **facts)


def tokens(chosen: Settings) -> Tokens:
    """Whoever verifies and issues tokens."""
    keys = web.tokens.read_keys(chosen.jwks_file)
    return Tokens(keys, issuer=chosen.token_issuer, audience=chosen.token_audience, clock=utc_now)


def application(chosen: Settings | None = None) -> Starlette:
    """The app that uvicorn serves."""
    chosen = chosen or settings.load()
    process.prepare(chosen)
    return served_by(world(chosen), chosen, explorer=Explorer())


def served_by(
    served: World, chosen: Settings, *, explorer: Explorer, beside: Callable[[], Awaitable[None]] | None = None
) -> Starlette:
    """The app over an open world; `beside` runs as long as it serves."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with alive(served), running(beside or asyncio.Event().wait):
            yield

    endpoint = Endpoint(
        schema.build.unified(
            hook=web.tracing.levels() if chosen.tracing else None, deadline_s=chosen.operation_deadline_s
        ),
        tokens=tokens(chosen),
        surroundings=served.surroundings,
        allowed_origins=chosen.allowed_origins,
    )
    return app(
        endpoint,
        checks={"store": served.store.ping, "bus": served.bus.ping},
        lifespan=lifespan,
        media_dir=chosen.media_dir,
        max_body_bytes=chosen.max_body_bytes,
        allowed_origins=chosen.allowed_origins,
        explorer=explorer,
        picture=pictures.svg,
        is_traced=chosen.tracing,
    )
