"""One store sends another what it has: held, picked, shipped, received, and accounted for to the last unit."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

import domain.stock
import resolvers.ids
import resolvers.reservations
import resolvers.transfers
from datasources.store.store import Store
from domain.locations import LocationStatus
from domain.refusals.general import (
    EmptyField,
    IdempotencyConflict,
    QuantityNotPositive,
    QuantityTooHigh,
    TooManyItems,
    TransitionRefused,
)
from domain.refusals.locations import LocationCannot, NotYourLocation, SameLocation, UnknownLocation
from domain.refusals.reservations import KindNotOffered
from domain.refusals.stock import OutOfStock, SkuNotListed, UnknownSku, UnknownTransfer
from domain.reservations import ReservationState
from domain.stock import MAX_QUANTITY, StockLevel
from domain.transfers import Transfer, TransferState
from domain.viewers import Viewer
from resolvers.context import Context
from resolvers.counting import Seen
from resolvers.transfer_holds import HELD_FOR
from resolvers.transfers import MAX_LINES, Answer, Ask, Go, Units
from tests.builders import ASSOCIATE, INTEGRATOR, NOW, count, entry, minutes, moved, shop
from tests.resolvers.stocktaking import approved, opened, seen
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

L, M = "DJ01-L", "DJ01-M"
FROM, TO = "SH001", "SH002"
AT_TRANSFER = ("input", "transfer")
SENDER, RECEIVER = ASSOCIATE, replace(ASSOCIATE, id="a-2", location_id="SH002")
APPROVED, PICKED, SHIPPED = TransferState.APPROVED, TransferState.PICKED, TransferState.IN_TRANSIT
RECEIVED, CLOSED = TransferState.RECEIVED, TransferState.CLOSED


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    closed = shop("SH004", status=LocationStatus.CLOSED)
    stores = [shop("SH001"), shop("SH002"), shop("SH003"), closed]
    await fill(migrated_database_url, [entry("DJ01", sizes=("L", "M")), *stores])
    await tell(store, count(5, at=NOW - minutes(60)), count(2, sku=M, at=NOW - minutes(60)))
    return asked(store, viewer=INTEGRATOR)


async def create(ctx: Context, *lines: Units, key: str = "create", as_draft: bool = False) -> Transfer:
    """A transfer that was just made."""
    wish = Ask(FROM, TO, lines or (Units(L, 3), Units(M, 1)), key, as_draft=as_draft)
    answer = await resolvers.transfers.create(ctx, wish)
    assert answer.transfer, answer.user_errors
    return answer.transfer


async def go(ctx: Context, transfer: Transfer, to: TransferState, *lines: Units, key: str = "") -> Answer:
    """Try a step."""
    command = Go(to, transfer.id, key or f"{transfer.id}:{to.value}", lines or None)
    return await resolvers.transfers.go(ctx, command)


async def gone(ctx: Context, transfer: Transfer, *steps: TransferState) -> Transfer:
    """A transfer after these steps."""
    for to in steps:
        answer = await go(ctx, transfer, to)
        assert answer.transfer, answer.user_errors
        transfer = answer.transfer
    return transfer


async def level(ctx: Context, place: str, sku: str = L) -> StockLevel:
    """What the book says."""
    return (await ctx.sources.workplace.stock.levels([sku], [place]))[sku, place]


async def shown(ctx: Context, place: str, sku: str = L) -> tuple[int, int, int, int]:
    """On hand, held, in transit out and in."""
    found = await level(ctx, place, sku)
    return found.on_hand, domain.stock.held(found, ctx.clock()), found.in_transit_out, found.in_transit_in


def numbers(transfer: Transfer | None) -> list[tuple[int, int, int, int, int]]:
    """Requested, picked, shipped, received and lost of every line."""
    assert transfer
    return [(line.requested, line.picked, line.shipped, line.received, line.lost) for line in transfer.lines]


async def test_a_transfer_from_wish_to_shelf_STK_2(ctx: Context) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED)
    assert await shown(ctx, FROM) == (5, 3, 0, 0)
    transfer = await gone(ctx, transfer, PICKED)
    assert await shown(ctx, FROM) == (5, 3, 0, 0)
    transfer = await gone(ctx, transfer, SHIPPED)
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 3, 0), (0, 0, 0, 3))
    answer = await go(ctx, transfer, RECEIVED, Units(L, 2))
    assert numbers(answer.transfer) == [(3, 3, 3, 2, 0), (1, 1, 1, 0, 0)]
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 1, 0), (2, 0, 0, 1))
    await go(ctx, transfer, RECEIVED, Units(M, 1), key="again")
    assert (await shown(ctx, FROM, M), await shown(ctx, TO, M)) == ((1, 0, 0, 0), (1, 0, 0, 0))
    transfer = await gone(ctx, transfer, CLOSED)
    assert numbers(transfer) == [(3, 3, 3, 2, 1), (1, 1, 1, 1, 0)]
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 0, 0), (2, 0, 0, 0))


async def test_a_draft_is_asked_for_later(ctx: Context) -> None:
    draft = await create(ctx, as_draft=True)
    assert draft.state is TransferState.DRAFT
    assert (await gone(ctx, draft, TransferState.REQUESTED, APPROVED)).hold == draft.id


async def test_what_is_short_refuses_the_approval_and_holds_nothing_RSV_2(ctx: Context) -> None:
    transfer = await create(ctx, Units(L, 6), Units(M, 1))
    answer = await go(ctx, transfer, APPROVED)
    assert answer == Answer(None, (OutOfStock(AT_TRANSFER, L, FROM, 6, 5),))
    assert (await shown(ctx, FROM), await shown(ctx, FROM, M)) == ((5, 0, 0, 0), (2, 0, 0, 0))
    assert await ctx.sources.transfers.transfers([transfer.id]) == [transfer]


async def test_what_was_not_found_is_given_back(ctx: Context) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED)
    answer = await go(ctx, transfer, PICKED, Units(L, 2))
    assert numbers(answer.transfer) == [(3, 2, 0, 0, 0), (1, 0, 0, 0, 0)]
    assert (await shown(ctx, FROM), await shown(ctx, FROM, M)) == ((5, 2, 0, 0), (2, 0, 0, 0))
    await gone(ctx, transfer, SHIPPED)
    assert await shown(ctx, FROM) == (3, 0, 2, 0)


@pytest.mark.parametrize("end", [TransferState.REJECTED, TransferState.CANCELLED])
@pytest.mark.parametrize("steps", [(), (APPROVED,), (APPROVED, PICKED)])
async def test_what_is_not_sent_is_given_back_RSV_3(
    ctx: Context, end: TransferState, steps: tuple[TransferState, ...]
) -> None:
    transfer = await gone(ctx, await create(ctx), *steps, end)
    assert (transfer.state, transfer.hold) == (end, None)
    assert await shown(ctx, FROM) == (5, 0, 0, 0)


async def test_shipped_by_two_at_once_it_is_shipped_once(ctx: Context) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED, PICKED)
    answers = await asyncio.gather(*(go(ctx, transfer, SHIPPED, key=f"k{n}") for n in range(4)))
    refused = TransitionRefused(AT_TRANSFER, "IN_TRANSIT", "IN_TRANSIT", ("RECEIVED", "CLOSED"))
    assert sorted((answer.user_errors for answer in answers), key=len) == [(), *[(refused,)] * 3]
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 3, 0), (0, 0, 0, 3))


async def test_two_transfers_that_cross_each_other_wait_for_each_other_in_order(ctx: Context, store: Store) -> None:
    await tell(store, count(5, location_id=TO, at=NOW - minutes(60)))
    there = await gone(ctx, await create(ctx, Units(L, 2)), APPROVED, PICKED)
    wish = Ask(TO, FROM, [Units(L, 1)], "back")
    asked_back = (await resolvers.transfers.create(ctx, wish)).transfer
    assert asked_back
    back = await gone(ctx, asked_back, APPROVED, PICKED)
    await asyncio.gather(gone(ctx, there, SHIPPED, RECEIVED), gone(ctx, back, SHIPPED, RECEIVED))
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((4, 0, 0, 0), (6, 0, 0, 0))


async def test_a_hold_that_the_clock_has_ended_is_looked_for_again_before_it_ships(ctx: Context, store: Store) -> None:
    late = replace(ctx, clock=lambda: NOW + HELD_FOR + timedelta(days=1))
    first = await gone(ctx, await create(ctx), APPROVED, PICKED)
    second = await gone(ctx, await create(ctx, Units(M, 1), key="2"), APPROVED)
    assert await shown(late, FROM) == (5, 0, 0, 0)
    await tell(store, moved(-3, "till", at=NOW + minutes(9)))
    assert await go(late, first, SHIPPED) == Answer(None, (OutOfStock(AT_TRANSFER, L, FROM, 3, 2),))
    assert await shown(late, FROM) == (2, 0, 0, 0)
    await tell(store, moved(3, "truck", at=NOW + minutes(10)))
    await gone(late, first, SHIPPED)
    assert await shown(late, FROM) == (2, 0, 3, 0)
    await gone(late, second, PICKED, SHIPPED)
    assert await shown(late, FROM, M) == (0, 0, 2, 0)


async def test_what_is_held_may_be_shipped_though_a_count_has_found_less(ctx: Context, store: Store) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED)
    await tell(store, count(1, at=NOW - minutes(1)))
    assert domain.stock.oversold_by(await level(ctx, FROM), NOW) == 2
    await gone(ctx, transfer, PICKED, SHIPPED)
    assert await shown(ctx, FROM) == (-2, 0, 3, 0)


async def test_what_was_counted_before_it_left_is_taken_off_when_the_count_is_approved_after_it(
    ctx: Context, store: Store
) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED, PICKED)
    session = await opened(ctx)
    await seen(ctx, session, Seen(L, 6, NOW - minutes(1)))
    await gone(ctx, transfer, SHIPPED)
    await approved(ctx, session)
    assert await shown(ctx, FROM) == (3, 0, 3, 0)


async def test_a_step_sent_again_gets_the_same_answer_and_does_nothing_twice(ctx: Context) -> None:
    transfer = await create(ctx)
    assert await create(ctx) == transfer
    other = await resolvers.transfers.create(ctx, Ask(FROM, TO, [Units(L, 1)], "create"))
    assert other.user_errors == (IdempotencyConflict(("input", "idempotencyKey"), "create"),)
    await gone(ctx, transfer, APPROVED, PICKED, SHIPPED)
    for _ in "123":
        answer = await go(ctx, transfer, RECEIVED, Units(L, 1))
    assert numbers(answer.transfer) == [(3, 3, 3, 1, 0), (1, 1, 1, 0, 0)]
    assert await go(ctx, transfer, SHIPPED) == answer


async def test_each_store_takes_its_own_steps_and_others_see_nothing(ctx: Context) -> None:
    sender, receiver = replace(ctx, viewer=SENDER), replace(ctx, viewer=RECEIVER)
    stranger = replace(ctx, viewer=replace(ASSOCIATE, location_id="SH003"))
    foreign = await resolvers.transfers.create(sender, Ask(FROM, TO, [Units(L, 1)], "k"))
    assert foreign.user_errors == (NotYourLocation(("input", "toLocation"), TO),)
    transfer = await create(receiver)
    for who, to in ((sender, APPROVED), (sender, PICKED), (sender, SHIPPED), (receiver, RECEIVED), (receiver, CLOSED)):
        other, whose = (receiver, FROM) if who is sender else (sender, TO)
        assert (await go(other, transfer, to)).user_errors == (NotYourLocation(AT_TRANSFER, whose),)
        assert (await go(stranger, transfer, to)).user_errors == (UnknownTransfer(AT_TRANSFER, transfer.id),)
        transfer = await gone(who, transfer, to)
    id = resolvers.ids.encode("Transfer", transfer.id)
    for viewer, found in ((SENDER, [transfer]), (RECEIVER, [transfer]), (stranger.viewer, [None])):
        assert await resolvers.transfers.transfer(as_(ctx, viewer), [None], id=id) == found


def as_(ctx: Context, viewer: Viewer) -> Context:
    """The same for somebody else."""
    return replace(ctx, viewer=viewer)


async def test_what_is_wrong_is_said_and_nothing_is_written(ctx: Context) -> None:
    line = [Units(L, 1)]
    for command, wrong in (
        (Ask("nowhere", TO, line, "k"), [UnknownLocation(("input", "fromLocation"), "nowhere")]),
        (Ask("SH004", TO, line, "k"), [LocationCannot(("input", "fromLocation"), "SH004", "OPEN")]),
        (Ask(TO, TO, line, "k"), [SameLocation(("input", "toLocation"), TO)]),
        (Ask(FROM, TO, [], "k"), [EmptyField(("input", "lines"))]),
        (Ask(FROM, TO, line * (MAX_LINES + 1), "k"), [TooManyItems(("input", "lines"), MAX_LINES, MAX_LINES + 1)]),
        (
            Ask(FROM, TO, [Units(L, 0), Units("nope", 1)], "k"),
            [
                QuantityNotPositive(("input", "lines", 0, "quantity"), 0),
                UnknownSku(("input", "lines", 1, "sku"), "nope"),
            ],
        ),
        (Ask(FROM, TO, line, ""), [EmptyField(("input", "idempotencyKey"))]),
    ):
        answer = await resolvers.transfers.create(ctx, command)
        assert (answer.transfer, list(answer.user_errors)) == (None, wrong)
    transfer = await gone(ctx, await create(ctx, Units(L, 1), Units(L, 1)), APPROVED)
    assert numbers(transfer) == [(2, 0, 0, 0, 0)]
    for lines, refused in (
        ([Units(L, 3)], QuantityTooHigh(("input", "lines"), L, 3, 2)),
        ([Units(M, 1)], SkuNotListed(("input", "lines"), M)),
        ([Units(L, -1)], QuantityNotPositive(("input", "lines", 0, "quantity"), -1)),
        ([Units(L, 0)], EmptyField(("input", "lines"))),
    ):
        assert await go(ctx, transfer, PICKED, *lines) == Answer(None, (refused,))
    assert await ctx.sources.transfers.transfers([transfer.id]) == [transfer]


async def test_what_a_transfer_holds_nobody_confirms_or_gives_back_by_hand(ctx: Context) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED)
    act = resolvers.reservations.Release(transfer.hold or "", "k")
    for use in (resolvers.reservations.confirm, resolvers.reservations.release, resolvers.reservations.extend):
        assert isinstance((await use(ctx, act)).user_errors[0], KindNotOffered)
    (held,) = await ctx.sources.reservations.reservations([transfer.id])
    assert held
    assert (held.state, held.reference) == (ReservationState.ACTIVE, transfer.id)


async def test_a_shelf_that_would_hold_more_than_can_be_true_takes_nothing(ctx: Context, store: Store) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED, PICKED, SHIPPED)
    await tell(store, count(MAX_QUANTITY, location_id=TO))
    answer = await go(ctx, transfer, RECEIVED)
    assert answer.user_errors == (QuantityTooHigh(AT_TRANSFER, L, 3, MAX_QUANTITY),)
    assert await shown(ctx, FROM) == (2, 0, 3, 0)
