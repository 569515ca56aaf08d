"""A round is one transaction: every level, reservation and event once, and all of it or none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

import domain.reservations
import resolvers.availability
from datasources.ports.errors import Unavailable
from datasources.ports.work import Raced, Work
from datasources.store.store import Store
from domain.channels import Channel
from domain.events import Event, Topic, level_of
from domain.refusals.general import IdempotencyConflict
from domain.refusals.reservations import ReservationExpired
from domain.refusals.stock import OutOfStock
from domain.reservations import Decision, Levels, Reservation, ReservationKind, ReservationLine, ReservationState
from domain.stock import held
from resolvers.claims import Claim
from resolvers.combining import Combiner
from resolvers.context import Context
from resolvers.rounds import Command, Create, Step, settle, settle_within
from tests.builders import NOW, count, minutes
from tests.resolvers.dying import Passing
from tests.resolvers.reserving import GOODS, Clock, L, M, act, kept, level, reserve, stored, visit
from tests.worlds import fill, tell

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    await fill(migrated_database_url, GOODS)
    await tell(store, count(5), count(4, sku="DJ01-M"))
    return visit(store, Clock())


@pytest.fixture
def told(store: Store, ctx: Context) -> list[Event]:
    """What is told once the shop is filled."""
    heard: list[Event] = []
    store.on_commit(heard.extend)
    return heard


def wish(ctx: Context, id: str, quantity: int = 1, **said: Any) -> Create:
    plain = Reservation(
        id=id,
        client="m-1",
        idempotency_key=id,
        request_hash="",
        kind=ReservationKind.CHECKOUT,
        channel=Channel.MINI_PROGRAM,
        lines=(ReservationLine(*L, quantity),),
        reference=None,
        created_at=NOW,
        expires_at=NOW + minutes(15),
        extendable_until=NOW + minutes(45),
    )
    return Create(replace(plain, **said), resolvers.availability.sight(ctx))


def step(reservation: Reservation, rule: Any = domain.reservations.confirm, key: str | None = None) -> Step:
    def decide(one: Reservation, levels: Levels, now: Any) -> Decision:
        decision: Decision = rule(one, levels, path=("input",), now=now)
        return decision

    return Step(reservation, decide, Claim("m-1", key, rule.__name__) if key else None)


def breaking(*_: Any, **__: Any) -> Decision:
    """A rule with a mistake in it."""
    raise ZeroDivisionError


@dataclass(slots=True)
class FailingPlace(Passing):
    """A store that goes away: before the end of a transaction, or just after it."""

    fails: str = ""

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Begin what may not end well."""
        async with self.place.work() as work:
            yield work
            if self.fails == "before":
                raise Unavailable("store", "gone")
        if self.fails == "after":
            raise Unavailable("store", "gone")


async def test_a_round_of_many_writes_and_tells_each_level_once(ctx: Context, store: Store, told: list[Event]) -> None:
    before = await level(ctx)
    wishes = [wish(ctx, f"r{n}") for n in range(5)]
    answers = await settle(store, ctx.clock, wishes)
    assert [one.reservation and one.reservation.id for one in answers] == [f"r{n}" for n in range(5)]
    after = await level(ctx)
    assert (held(after, NOW), after.version > before.version) == (5, True)
    (event,) = told
    assert (event.topic, level_of(event)) == (Topic.STOCK_CHANGED, after)


async def test_one_after_another_in_a_round_each_finds_what_the_ones_before_it_left(ctx: Context, store: Store) -> None:
    """Two of five for each: two get theirs, the third does not; what the first gives back the fourth gets."""
    first = await kept(ctx, (L, 2), key="first")
    commands: list[Command] = [
        wish(ctx, "a", 2),
        wish(ctx, "b", 2),
        step(first, domain.reservations.release),
        wish(ctx, "c", 2),
        step(first),
        wish(ctx, "c", 2),
        wish(ctx, "c", 2, request_hash="other"),
    ]
    a, b, back, c, late, again, other = await settle(store, ctx.clock, commands)
    assert [a.reservation is not None, b.reservation is not None, c.reservation is not None] == [True, False, True]
    assert back.reservation is not None
    assert late.reservation is None
    assert again == c
    assert other.user_errors == (IdempotencyConflict(("input", "idempotencyKey"), "c"),)
    assert held(await level(ctx), NOW) == 4


async def test_a_round_is_of_the_moment_at_which_it_has_its_levels_RSV_1(ctx: Context, store: Store) -> None:
    """Wishes wait for their round, and rounds for locks: what has ended meanwhile is free, and holds begin then."""
    made = await kept(ctx, (L, 5))
    later, clock = wish(ctx, "later", 5, expires_at=NOW + minutes(45)), Clock()
    async with store.work() as work:
        await work.stock.locked([L])
        waiting = asyncio.create_task(settle(store, clock, [later, step(made)]))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        clock.now = made.expires_at
    granted, late = await waiting
    assert granted.reservation is not None
    assert late.user_errors == (ReservationExpired(("input",), made.id, made.expires_at),)


async def test_a_round_that_refuses_everything_writes_and_tells_nothing_RSV_2(
    ctx: Context, store: Store, told: list[Event]
) -> None:
    before = await level(ctx)
    (refused,) = await settle(store, ctx.clock, [wish(ctx, "a", 6)])
    assert refused.user_errors == (OutOfStock(("input", "lines", 0), *L, 6, None),)
    assert (await level(ctx), told) == (before, [])
    assert await ctx.sources.reservations.reservations(["a"]) == [None]


async def test_the_store_that_keeps_something_hears_of_it_and_of_its_end(ctx: Context, told: list[Event]) -> None:
    made = await kept(ctx, kind=ReservationKind.STORE_RESERVE)
    await act(ctx, "release", made)
    await kept(ctx, key="checkout")
    assert [event.key for event in told if event.topic is Topic.TASKS_CHANGED] == ["SH001", "SH001"]


async def test_a_rule_with_a_mistake_in_it_fails_for_its_caller_alone(ctx: Context) -> None:
    made = await kept(ctx, key="made")
    wishes = [reserve(ctx, key=f"k{n}") for n in range(3)]
    answers = await asyncio.gather(
        *wishes, ctx.sources.reserve.submit(step(made, breaking)), act(ctx, "confirm", made), return_exceptions=True
    )
    assert [type(one).__name__ for one in answers] == ["Answer", "Answer", "Answer", "ZeroDivisionError", "Answer"]
    now = await level(ctx)
    assert (held(now, NOW), now.committed) == (3, 1)


@pytest.mark.parametrize("fails", ["before", "after"])
async def test_when_the_store_goes_away_everybody_hears_it_nothing_is_half_written_and_asking_again_works(
    ctx: Context, store: Store, fails: str
) -> None:
    place = FailingPlace(store)
    frail = replace(ctx, sources=replace(ctx.sources, reserve=Combiner(partial(settle, place, ctx.clock))))
    made = await kept(frail, (L, 1), (M, 1), key="made")
    place.fails = fails
    asked = [partial(reserve, frail, (L, 1), (M, 1), key=f"k{n}") for n in range(6)]
    answers = await asyncio.gather(*(ask() for ask in asked), act(frail, "confirm", made), return_exceptions=True)
    assert [type(one) for one in answers] == [Unavailable] * 7
    assert held(await level(ctx), NOW) == held(await level(ctx, M), NOW)
    place.fails = ""
    again = await asyncio.gather(*(ask() for ask in asked), act(frail, "confirm", made))
    assert sum(one.reservation is not None for one in again) == 4  # three more medium ones, and the confirmation
    for key in (L, M):
        now = await level(ctx, key)
        assert (held(now, NOW), now.committed) == (3, 1)


async def test_a_caller_who_leaves_takes_nobody_with_them_and_finds_theirs_again(ctx: Context) -> None:
    asked = [asyncio.create_task(reserve(ctx, key=f"k{n}")) for n in range(5)]
    while not any(task.done() for task in asked):
        asked[2].cancel()
        await asyncio.sleep(0)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(one, BaseException) for one in answers] == [False, False, True, False, False]
    assert (await reserve(ctx, key="k2")).reservation is not None
    assert held(await level(ctx), NOW) == 5


async def test_inside_somebodys_own_transaction_everything_is_kept_or_nothing(ctx: Context, store: Store) -> None:
    async def place_order(*, is_paid: bool) -> None:
        async with store.work() as work:
            made, _ = await settle_within(work, [wish(ctx, "r1"), wish(ctx, "r2", 9)], now=NOW)
            assert made.reservation is not None
            await settle_within(work, [step(made.reservation, key="s")], now=NOW)
            if not is_paid:
                raise Unavailable("bank", "gone")

    with pytest.raises(Unavailable):
        await place_order(is_paid=False)
    assert ((await level(ctx)).committed, held(await level(ctx), NOW)) == (0, 0)
    await place_order(is_paid=True)
    assert ((await level(ctx)).committed, held(await level(ctx), NOW)) == (1, 0)
    (made,) = await ctx.sources.reservations.reservations(["r1"])
    assert made is not None
    assert made.state is ReservationState.CONFIRMED


async def test_a_key_that_another_transaction_took_meanwhile_is_read_anew(ctx: Context, store: Store) -> None:
    """Both look before either has written; on other levels, so that no lock stands between them."""
    async with store.work() as work:
        await settle_within(work, [wish(ctx, "one", idempotency_key="k")], now=NOW)
        other = wish(ctx, "two", idempotency_key="k", lines=(ReservationLine(*M, 1),))
        waiting = asyncio.create_task(settle(store, ctx.clock, [other]))
        await asyncio.sleep(0.2)
        assert not waiting.done()
    (answer,) = await waiting
    assert answer.reservation is not None
    assert answer.reservation.id == "one"
    assert held(await level(ctx, M), NOW) == 0


async def test_a_steps_key_is_its_clients_own(ctx: Context, store: Store) -> None:
    one, other = await kept(ctx, key="1"), await kept(ctx, (M, 1), key="2")
    theirs = replace(step(other, domain.reservations.release), claim=Claim("m-2", "s", "release"))
    answers = await settle(store, ctx.clock, [step(one, key="s"), theirs])
    assert [one.reservation and one.reservation.state.value for one in answers] == ["CONFIRMED", "RELEASED"]
    assert await settle(store, ctx.clock, [step(one, key="s"), theirs]) == answers


async def test_a_steps_key_is_of_one_step_within_a_round_too(ctx: Context, store: Store) -> None:
    one, other = await kept(ctx, key="1"), await kept(ctx, (M, 1), key="2")
    steps = [step(one, key="s"), step(other, domain.reservations.release, key="s"), step(one, key="s")]
    first, conflict, again = await settle(store, ctx.clock, steps)
    assert first == again
    assert conflict.user_errors == (IdempotencyConflict(("input", "idempotencyKey"), "s"),)
    assert await stored(ctx, other) == other


async def test_a_step_key_that_another_transaction_took_meanwhile_is_a_conflict(ctx: Context, store: Store) -> None:
    one, other = await kept(ctx, key="1"), await kept(ctx, (M, 1), key="2")
    async with store.work() as work:
        await settle_within(work, [step(one, key="s")], now=NOW)
        waiting = asyncio.create_task(settle(store, ctx.clock, [step(other, domain.reservations.release, key="s")]))
        await asyncio.sleep(0.2)
    (answer,) = await waiting
    assert answer.user_errors == (IdempotencyConflict(("input", "idempotencyKey"), "s"),)
    assert await stored(ctx, other) == other
    with pytest.raises(Raced):
        async with store.work() as work:
            await work.remember({("m-1", "s"): (await work.remembered({("m-1", "s")}))["m-1", "s"]})
