"""Every way in which a transfer, or a step of one, is told no; and nothing is written then."""

from dataclasses import replace

import pytest

import resolvers.ids
import resolvers.reservations
import resolvers.transfers
from datasources.store.store import Store
from domain.refusals.general import EmptyField, QuantityNotPositive, QuantityTooHigh, TextTooLong, TooManyItems
from domain.refusals.locations import LocationCannot, NotYourLocation, SameLocation, UnknownLocation
from domain.refusals.reservations import KindNotOffered
from domain.refusals.stock import OutOfStock, SkuNotListed, UnknownSku, UnknownTransfer
from domain.reservations import ReservationState
from domain.stock import MAX_QUANTITY
from resolvers.context import Context
from resolvers.transfers import MAX_LINES, MAX_UNITS, Answer, Ask, Units
from tests.builders import ASSOCIATE, count
from tests.resolvers.sending import (
    APPROVED,
    AT_TRANSFER,
    CLOSED,
    FROM,
    PICKED,
    RECEIVED,
    RECEIVER,
    SENDER,
    SHIPPED,
    TO,
    L,
    M,
    create,
    go,
    gone,
    numbers,
    shown,
    visit_as,
)
from tests.resolvers.sending import ctx as ctx
from tests.worlds import tell

pytestmark = pytest.mark.anyio

LINE = ("input", "lines", 0)


async def test_what_is_short_refuses_the_approval_and_holds_nothing_RSV_2(ctx: Context) -> None:
    transfer = await create(ctx, Units(L, 6), Units(M, 1))
    answer = await go(ctx, transfer, APPROVED)
    assert answer == Answer(None, (OutOfStock(AT_TRANSFER, L, FROM, 6, 5),))
    assert (await shown(ctx, FROM), await shown(ctx, FROM, M)) == ((5, 0, 0, 0), (2, 0, 0, 0))
    assert await ctx.sources.transfers.transfers([transfer.id]) == [transfer]


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
        assert await resolvers.transfers.transfer(visit_as(ctx, viewer), [None], id=id) == found


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


async def test_what_is_just_allowed_is_not_refused(ctx: Context) -> None:
    lines = [Units(L, MAX_UNITS), *[Units(M, 1)] * (MAX_LINES - 1)]
    answer = await resolvers.transfers.create(ctx, Ask(FROM, TO, lines, "k" * 200, "x" * 200))
    assert numbers(answer.transfer) == [(MAX_UNITS, 0, 0, 0, 0), (MAX_LINES - 1, 0, 0, 0, 0)]
    for wish, wrong in (
        (Ask(FROM, TO, [Units(L, MAX_UNITS + 1)], "u"), QuantityNotPositive((*LINE, "quantity"), MAX_UNITS + 1)),
        (Ask(FROM, TO, [Units(L, 1)], "n", "x" * 201), TextTooLong(("input", "note"), 200, 201)),
    ):
        assert await resolvers.transfers.create(ctx, wish) == Answer(None, (wrong,))
    transfer = await gone(ctx, await create(ctx), APPROVED)
    picked = await go(ctx, transfer, PICKED, Units(L, 3), Units(M, 0))  # there was none on the shelf
    assert numbers(picked.transfer) == [(3, 3, 0, 0, 0), (1, 0, 0, 0, 0)]


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
