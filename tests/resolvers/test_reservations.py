"""Reserve, extend, confirm, hand over, give back: what a client may do, and every way in which it is told no."""

from dataclasses import replace
from datetime import timedelta

import pytest

import resolvers.availability
import resolvers.ids
import resolvers.reservations
from datasources.store.store import Store
from domain.availability import available_to_promise
from domain.channels import Channel
from domain.locations import LocationStatus
from domain.refusals.general import IdempotencyConflict, TransitionRefused
from domain.refusals.locations import LocationCannot
from domain.refusals.reservations import ExtensionTooLong, KindNotOffered, ReservationExpired, UnknownReservation
from domain.refusals.stock import OutOfStock, UnknownSku
from domain.reservations import ReservationKind, ReservationState
from domain.stock import HOLD_SLOT, StockLevel, Terms, held, with_terms
from domain.viewers import Viewer
from resolvers.context import Context
from resolvers.rounds import Create, settle_within
from tests.builders import ADMINISTRATOR, ASSOCIATE, INTEGRATOR, MEMBER, NOW, count, entry, listing, minutes, shop
from tests.resolvers.reserving import (
    HERE,
    KEY,
    L2,
    LINE,
    OTHER_MEMBER,
    SH002_ASSOCIATE,
    Clock,
    L,
    M,
    act,
    kept,
    level,
    refusals,
    reserve,
    stored,
)
from tests.resolvers.reserving import ctx as ctx
from tests.worlds import POLICIES, fill, tell

pytestmark = pytest.mark.anyio

GROUP = ReservationKind.GROUP_BUY
SOON = NOW + minutes(15)


async def test_units_are_kept_paid_for_and_handed_over(ctx: Context, clock: Clock) -> None:
    made = await kept(ctx, (L, 2), (M, 1), reference="cart-1")
    assert (made.state, made.created_at, made.expires_at, made.reference) == (
        ReservationState.ACTIVE, NOW, SOON, "cart-1",
    )  # fmt: skip
    assert (made.client, made.channel, made.extendable_until) == ("m-1", Channel.MINI_PROGRAM, SOON + minutes(30))
    clock.wind(minutes(10))
    longer = (await act(ctx, "extend", made)).reservation
    assert longer is not None
    assert longer.expires_at == NOW + minutes(25)
    clock.wind(minutes(10))
    await act(ctx, "confirm", made)
    assert (held(await level(ctx), clock.now), (await level(ctx)).committed) == (0, 2)
    clock.wind(timedelta(days=1))
    done = (await act(visit_as(ctx, ASSOCIATE), "fulfil", made)).reservation
    assert done is not None
    assert (done.state, done.settled_at, done.fulfilled_at) == (
        ReservationState.CONFIRMED, NOW + minutes(20), clock.now,
    )  # fmt: skip
    assert await stored(ctx, made) == done
    assert [(one.on_hand, one.committed, one.source) for one in (await level(ctx), await level(ctx, M))] == [
        (5, 0, "pos"), (1, 0, "pos"),
    ]  # fmt: skip


def visit_as(ctx: Context, viewer: Viewer) -> Context:
    """The same worker and clock, and somebody else."""
    return replace(ctx, viewer=viewer)


@pytest.mark.parametrize(("viewer", "told"), [(MEMBER, None), (ASSOCIATE, 7), (INTEGRATOR, 7)])
async def test_staff_are_told_how_many_are_left_and_shoppers_only_when_few_are_STK_12(
    ctx: Context, viewer: Viewer, told: int | None
) -> None:
    assert refusals(await reserve(visit_as(ctx, viewer), (L, 8))) == [OutOfStock(LINE, *L, 8, told)]


async def test_a_location_may_be_named_by_id_or_by_code(ctx: Context) -> None:
    made = await kept(ctx, ((L[0], resolvers.ids.encode("Location", "SH001")), 1), (L, 1))
    assert [(line.key, line.quantity) for line in made.lines] == [(L, 2)]


async def test_a_level_that_comes_with_the_first_count_can_be_reserved(ctx: Context, store: Store) -> None:
    medium = ("DJ01-M", "SH002")
    assert refusals(await reserve(ctx, (medium, 1))) == [OutOfStock(LINE, *medium, 1, 0)]
    await tell(store, count(1, sku="DJ01-M", location_id="SH002"))
    await kept(ctx, (medium, 1))


async def test_a_channel_cannot_reserve_more_than_its_share(ctx: Context, store: Store) -> None:
    async with store.work() as work:
        known = (await work.stock.locked([L]))[L]
        await work.stock.write([with_terms(known, Terms(Channel.APP, safety=1, quota=2))], [])
    app = replace(ctx, channel=Channel.APP)
    made = await kept(app, (L, 2), key="a")
    assert refusals(await reserve(app, key="b")) == [OutOfStock(LINE, *L, 1, 0)]
    await act(app, "confirm", made)
    assert refusals(await reserve(app, key="b")) == [OutOfStock(LINE, *L, 1, 0)]
    await kept(ctx, (L, 5), key="c")


@pytest.mark.parametrize("step", ["confirm", "extend", "release", "fulfil"])
async def test_another_members_reservation_does_not_exist_PRO_19(ctx: Context, step: str) -> None:
    made = await kept(ctx)
    for stranger in (OTHER_MEMBER, SH002_ASSOCIATE):
        other = visit_as(ctx, stranger)
        assert refusals(await act(other, step, made)) == [UnknownReservation(HERE, made.id)]
        assert await resolvers.reservations.reservation(other, [None], id=made.id) == [None]
    assert await stored(ctx, made) == made


@pytest.mark.parametrize("viewer", [MEMBER, ASSOCIATE, INTEGRATOR, ADMINISTRATOR], ids=lambda viewer: viewer.role.value)
async def test_who_made_it_the_store_that_keeps_it_and_who_runs_the_shop_may_act_on_it(
    ctx: Context, viewer: Viewer
) -> None:
    made = await kept(ctx)
    somebody = visit_as(ctx, viewer)
    assert await resolvers.reservations.reservation(somebody, [None], id=made.id) == [made]
    assert (await act(somebody, "release", made)).user_errors == ()


async def test_an_associate_acts_for_the_own_store_and_for_what_they_made_themselves(ctx: Context) -> None:
    """Whoever belongs to no store acts for all of them, as with counts and transfers."""
    made = await kept(ctx)
    elsewhere = visit_as(ctx, replace(ASSOCIATE, id="a-9", location_id="SH002"))
    assert await resolvers.reservations.reservation(elsewhere, [None], id=made.id) == [None]
    assert refusals(await act(elsewhere, "confirm", made)) == [UnknownReservation(HERE, made.id)]
    wandering = visit_as(ctx, replace(ASSOCIATE, id="a-9", location_id=None))
    assert await resolvers.reservations.reservation(wandering, [None], id=made.id) == [made]
    assert (await act(wandering, "confirm", made)).user_errors == ()
    theirs = await kept(visit_as(ctx, SH002_ASSOCIATE), key="theirs")
    assert (await act(visit_as(ctx, SH002_ASSOCIATE), "confirm", theirs)).user_errors == ()


async def test_a_shopper_reserves_what_is_on_sale_there_and_staff_whatever_there_is(
    ctx: Context, store: Store, migrated_database_url: str
) -> None:
    await fill(migrated_database_url, [entry("LOCAL"), listing("LOCAL-L", location_id="SH001")])
    await tell(store, *(count(2, sku=sku, location_id=at) for sku in ("LOCAL-L", "HIDDEN-L") for at in (L[1], L2[1])))
    await kept(ctx, (("LOCAL-L", "SH001"), 1))
    for sku, place in (("LOCAL-L", "SH002"), ("HIDDEN-L", "SH001")):
        assert refusals(await reserve(ctx, ((sku, place), 1), key="no")) == [UnknownSku((*LINE, "sku"), sku)]
        await kept(visit_as(ctx, ASSOCIATE), ((sku, place), 1), key=sku)


async def test_what_a_transfer_keeps_nobody_ends_by_hand(ctx: Context, store: Store) -> None:
    pattern = await kept(ctx)
    transfer = replace(pattern, id="t1", client="a-1", idempotency_key="t1", kind=ReservationKind.TRANSFER)
    async with store.work() as work:
        sight = resolvers.availability.sight(ctx)
        await settle_within(work, [Create(transfer, sight)], now=NOW)
    for step in ("confirm", "extend", "release", "fulfil"):
        for viewer in (ASSOCIATE, ADMINISTRATOR):
            told = refusals(await act(visit_as(ctx, viewer), step, transfer))
            assert told == [KindNotOffered(HERE, "TRANSFER")]


async def test_the_clock_alone_ends_it_RSV_4(ctx: Context, clock: Clock) -> None:
    made = await kept(ctx, (L, 7))
    clock.wind(minutes(15) - timedelta(microseconds=1))
    assert refusals(await reserve(ctx, key="b")) == [OutOfStock(LINE, *L, 1, 0)]
    clock.wind(timedelta(microseconds=1))
    assert promised(await level(ctx), clock) == 7
    for step in ("confirm", "extend", "release", "fulfil"):
        assert refusals(await act(ctx, step, made)) == [ReservationExpired(HERE, made.id, SOON)]
    assert await resolvers.reservations.state_of(ctx, [made]) == [ReservationState.EXPIRED]
    assert (await stored(ctx, made)).state is ReservationState.ACTIVE  # nobody has swept
    await kept(ctx, (L, 7), key="b")


def promised(known: StockLevel, clock: Clock) -> int:
    """What may be sold by the clock, unswept."""
    return available_to_promise(known, channel=Channel.APP, now=clock.now, freshness=POLICIES.freshness)


async def test_it_is_extended_up_to_its_limit_and_not_beyond_RSV_6(ctx: Context, clock: Clock) -> None:
    made = await kept(ctx)
    for _ in range(3):
        clock.wind(minutes(10))
        assert (await act(ctx, "extend", made, key=f"x{clock.now}")).user_errors == ()
    clock.wind(minutes(10))
    limit = made.created_at + minutes(45)
    assert refusals(await act(ctx, "extend", made, key="last")) == [ExtensionTooLong(HERE, limit)]
    assert (await stored(ctx, made)).expires_at == made.created_at + minutes(45)
    clock.wind(minutes(10))
    assert refusals(await act(ctx, "extend", made, key="late")) == [ReservationExpired(HERE, made.id, limit)]


async def test_its_times_are_the_ends_of_slots_and_only_a_group_buy_says_when_it_ends(
    ctx: Context, clock: Clock
) -> None:
    """So that a rush takes few places in a level: nobody's units end between two slots."""
    clock.wind(timedelta(seconds=7))
    made = await kept(ctx, until=NOW + timedelta(days=9))
    assert (made.expires_at, made.extendable_until) == (SOON + HOLD_SLOT, SOON + minutes(30) + HOLD_SLOT)
    clock.wind(minutes(5))
    longer = (await act(ctx, "extend", made)).reservation
    assert longer is not None
    assert longer.expires_at == SOON + minutes(5) + HOLD_SLOT
    assert [(hold.expires_at, hold.quantity) for hold in (await level(ctx)).holds] == [(longer.expires_at, 1)]
    odd = replace(ctx, policies=replace(POLICIES, reservation_extension=timedelta(seconds=20)))
    little_longer = await kept(odd, key="odd")
    assert little_longer.extendable_until == little_longer.expires_at + 2 * HOLD_SLOT


async def test_a_group_buy_is_kept_to_the_end_of_its_window_and_a_little_longer(ctx: Context) -> None:
    made = await kept(ctx, kind=GROUP, until=NOW + timedelta(days=2))
    assert made.expires_at == NOW + timedelta(days=2, minutes=15)
    assert (await act(ctx, "extend", made)).reservation == made  # it is kept longer than that already
    assert (await stored(ctx, made)).expires_at == made.expires_at


@pytest.mark.parametrize("fate", ["nothing", "confirm", "release", "clock", "fulfil"])
async def test_the_same_wish_gets_the_same_reservation_whatever_became_of_it(
    ctx: Context, clock: Clock, fate: str
) -> None:
    made = await kept(ctx, (L, 3))
    if fate == "clock":
        clock.wind(minutes(15))
    elif fate != "nothing":
        await act(ctx, fate, made)
    before = await level(ctx)
    again = await kept(ctx, (L, 3))
    assert again == await stored(ctx, made)
    assert again.id == made.id
    assert await level(ctx) == before


async def test_a_wish_granted_stays_granted_though_the_place_has_closed_or_the_window_ended(
    ctx: Context, clock: Clock, migrated_database_url: str
) -> None:
    until = NOW + minutes(5)
    checkout, group = await kept(ctx, key="c"), await kept(ctx, key="g", kind=GROUP, until=until)
    clock.wind(minutes(6))
    assert (await kept(ctx, key="g", kind=GROUP, until=until)).id == group.id
    await fill(migrated_database_url, [shop("SH001", status=LocationStatus.CLOSED)])
    assert (await kept(ctx, key="c")).id == checkout.id
    closed = [LocationCannot((*LINE, "location"), "SH001", "OPEN")]
    assert refusals(await reserve(visit_as(ctx, OTHER_MEMBER), key="c")) == closed  # it was not granted to them
    assert refusals(await reserve(ctx, (L, 2), key="c"))[0] == LocationCannot((*LINE, "location"), "SH001", "OPEN")


async def test_a_key_is_of_one_wish_and_of_one_client(ctx: Context) -> None:
    made = await kept(ctx)
    assert refusals(await reserve(ctx, (L, 2))) == [IdempotencyConflict(KEY, "k")]
    assert refusals(await reserve(ctx, reference="other")) == [IdempotencyConflict(KEY, "k")]
    assert (await kept(visit_as(ctx, OTHER_MEMBER))).id != made.id


async def test_a_step_asked_again_is_done_once_and_its_key_is_of_one_step(ctx: Context) -> None:
    one, other = await kept(ctx, key="1"), await kept(ctx, key="2")
    first = await act(ctx, "confirm", one, key="s")
    before = await level(ctx)
    assert await act(ctx, "confirm", one, key="s") == first
    assert (await act(ctx, "confirm", one, key="another")).reservation == first.reservation
    assert await level(ctx) == before
    assert refusals(await act(ctx, "confirm", other, key="s")) == [IdempotencyConflict(KEY, "s")]
    for step in ("release", "extend", "fulfil"):
        assert refusals(await act(ctx, step, one, key="s")) == [IdempotencyConflict(KEY, "s")]
    told = [TransitionRefused(HERE, "CONFIRMED", "RELEASED", ())]
    assert refusals(await act(ctx, "release", one, key="t")) == told
    assert refusals(await act(ctx, "release", one, key="t")) == told  # a refusal leaves no trace
