"""Pieces come into buckets, go from them and move between them; what nobody can mean is refused and not written."""

from dataclasses import replace

import pytest

import resolvers.inventory
from datasources.store.store import Store
from domain.channels import Channel
from domain.movements import MovementType
from domain.refusals.base import Refusal
from domain.refusals.general import (
    EmptyField,
    NegativeQuantity,
    ObservedInFuture,
    QuantityNotPositive,
    QuantityTooHigh,
    TextTooLong,
    WrongDirection,
)
from domain.refusals.stock import BucketNotAllowed, QuantityChanged, TypeNotAllowed
from domain.stock import MAX_QUANTITY, Bucket, StockLevel
from resolvers.context import Context
from resolvers.receipts import Receipt
from resolvers.stock_items import AdjustItem, Command, Item, MoveItem, SetItem
from tests.builders import INTEGRATOR, NOW, entry, minutes, shop
from tests.worlds import asked, fill

pytestmark = pytest.mark.anyio

KEY = ("DJ01-L", "SH001")
SET = SetItem(*KEY, 9, NOW - minutes(60))
CAME = AdjustItem(*KEY, 4, "e1", MovementType.RECEIPT, NOW)
MOVE = MoveItem(*KEY, 2, Bucket.SELLABLE, Bucket.DAMAGED, "m1", NOW)
AT = ("input", "items", 0)
BY_HAND = ("SELLABLE", "DAMAGED", "QUALITY_CONTROL", "DISPLAY")
TOLD = ("RECEIPT", "SALE", "RETURN", "ADJUSTMENT", "DAMAGE")


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    await fill(migrated_database_url, [entry("DJ01", sizes=("L", "M")), shop("SH001"), shop("SH002")])
    return asked(store, viewer=INTEGRATOR)


async def write(ctx: Context, *items: Item, key: str = "k") -> Receipt:
    """Send one command."""
    return await resolvers.inventory.write(ctx, Command(items, key))


async def level(ctx: Context) -> StockLevel:
    """What the book says of the jacket."""
    return (await ctx.sources.stock.levels([KEY[0]], [KEY[1]]))[KEY]


async def test_pieces_come_into_a_bucket_and_are_released_from_it(ctx: Context) -> None:
    await write(ctx, SET, replace(CAME, bucket=Bucket.QUALITY_CONTROL), key="1")
    tested = await level(ctx)
    assert (tested.on_hand, tested.quality_control, tested.unsellable) == (13, 4, 4)
    release = replace(MOVE, quantity=3, from_bucket=Bucket.QUALITY_CONTROL, to_bucket=Bucket.SELLABLE)
    to_window = replace(MOVE, quantity=1, to_bucket=Bucket.DISPLAY, event_id="m2")
    receipt = await write(ctx, release, to_window, replace(MOVE, event_id="m3"), release, key="2")
    assert [result.status.value for result in receipt.results] == ["UPDATED", "UPDATED", "UPDATED", "UNCHANGED"]
    after = await level(ctx)
    assert (after.on_hand, after.quality_control, after.display, after.damaged) == (13, 1, 1, 2)
    assert after.version == tested.version + 3


@pytest.mark.parametrize(
    ("start", "end", "type"),
    [
        (Bucket.SELLABLE, Bucket.DAMAGED, MovementType.DAMAGE),
        (Bucket.QUALITY_CONTROL, Bucket.DAMAGED, MovementType.DAMAGE),
        (Bucket.QUALITY_CONTROL, Bucket.SELLABLE, MovementType.RELEASE_QC),
        (Bucket.SELLABLE, Bucket.DISPLAY, MovementType.ADJUSTMENT),
        (Bucket.DAMAGED, Bucket.SELLABLE, MovementType.ADJUSTMENT),
    ],
    ids=str,
)
def test_a_move_is_called_what_it_is(start: Bucket, end: Bucket, type: MovementType) -> None:
    assert replace(MOVE, from_bucket=start, to_bucket=end).type is type


async def test_the_lines_of_the_book_say_from_where_to_where(ctx: Context, store: Store) -> None:
    await write(ctx, SET, MOVE, replace(CAME, bucket=Bucket.DISPLAY))
    async with store.work() as work:
        lines = await work.stock.movements_after([KEY], NOW - minutes(30))
    ways = {line.event_id: (line.type, line.route.from_bucket, line.route.to_bucket) for line in lines}
    assert ways == {
        "m1": (MovementType.DAMAGE, Bucket.SELLABLE, Bucket.DAMAGED),
        "e1": (MovementType.RECEIPT, None, Bucket.DISPLAY),
    }


@pytest.mark.parametrize(
    ("item", "refusals"),
    [
        (replace(MOVE, quantity=0), [QuantityNotPositive((*AT, "quantity"), 0)]),
        (replace(MOVE, quantity=-1), [QuantityNotPositive((*AT, "quantity"), -1)]),
        (replace(MOVE, to_bucket=Bucket.SELLABLE), [BucketNotAllowed((*AT, "to"), "SELLABLE", BY_HAND[1:])]),
        (
            replace(MOVE, from_bucket=Bucket.IN_TRANSIT_IN),
            [BucketNotAllowed((*AT, "from"), "IN_TRANSIT_IN", BY_HAND)],
        ),
        (
            replace(MOVE, to_bucket=Bucket.IN_TRANSIT_OUT),
            [BucketNotAllowed((*AT, "to"), "IN_TRANSIT_OUT", BY_HAND[1:])],
        ),
        (replace(MOVE, event_id=" "), [EmptyField((*AT, "eventId"))]),
        (replace(MOVE, event_id="m" * 201), [TextTooLong((*AT, "eventId"), 200, 201)]),
        (
            replace(MOVE, occurred_at=NOW + minutes(6)),
            [ObservedInFuture((*AT, "occurredAt"), NOW + minutes(6), NOW)],
        ),
        (replace(CAME, bucket=Bucket.IN_TRANSIT_IN), [BucketNotAllowed((*AT, "bucket"), "IN_TRANSIT_IN", BY_HAND)]),
        (replace(CAME, channel=Channel.POS), [TypeNotAllowed((*AT, "channel"), "RECEIPT", ("SALE",))]),
        (
            replace(CAME, delta=-1, type=MovementType.SALE, inbound="PO-1"),
            [TypeNotAllowed((*AT, "inbound"), "SALE", ("RECEIPT",))],
        ),
        *(
            (replace(CAME, type=type), [TypeNotAllowed((*AT, "type"), type.value, TOLD)])
            for type in MovementType
            if type.value not in TOLD
        ),
        (replace(CAME, delta=-1), [WrongDirection((*AT, "delta"), -1, "RECEIPT")]),
        (replace(CAME, type=MovementType.DAMAGE), [WrongDirection((*AT, "delta"), 4, "DAMAGE")]),
        (
            replace(CAME, delta=MAX_QUANTITY + 1),
            [QuantityTooHigh((*AT, "delta"), "DJ01-L", MAX_QUANTITY + 1, MAX_QUANTITY)],
        ),
        (
            replace(MOVE, quantity=MAX_QUANTITY + 1),
            [QuantityTooHigh((*AT, "quantity"), "DJ01-L", MAX_QUANTITY + 1, MAX_QUANTITY)],
        ),
        (
            replace(SET, quantity=MAX_QUANTITY + 1),
            [QuantityTooHigh((*AT, "quantity"), "DJ01-L", MAX_QUANTITY + 1, MAX_QUANTITY)],
        ),
        (replace(SET, quantity=-1), [NegativeQuantity((*AT, "quantity"), -1)]),
        (
            replace(CAME, delta=-MAX_QUANTITY - 1, type=MovementType.SALE),
            [QuantityTooHigh((*AT, "delta"), "DJ01-L", MAX_QUANTITY + 1, MAX_QUANTITY)],
        ),
    ],
    ids=str,
)
async def test_what_nobody_can_mean_is_refused(ctx: Context, item: Item, refusals: list[Refusal]) -> None:
    receipt = await write(ctx, item)
    assert list(receipt.user_errors) == refusals
    assert await ctx.sources.stock.levels([KEY[0]], [KEY[1]]) == {}


async def test_what_adds_up_to_more_than_anybody_can_mean_is_refused_as_well(ctx: Context) -> None:
    full = [replace(CAME, delta=MAX_QUANTITY, event_id=f"e{n}") for n in range(6)]
    receipt = await write(ctx, *full, key="1")
    assert [result.status.value for result in receipt.results] == ["CREATED", *["FAILED"] * 5]
    refusal = QuantityTooHigh(("input", "items", 1, "delta"), "DJ01-L", MAX_QUANTITY, MAX_QUANTITY)
    assert receipt.results[1].refusals == (refusal,)
    assert (await level(ctx)).on_hand == MAX_QUANTITY
    gone = [replace(CAME, delta=-MAX_QUANTITY, event_id=f"s{n}", type=MovementType.SALE) for n in range(3)]
    sold = await write(ctx, *gone, key="sold")
    assert [result.status.value for result in sold.results] == ["UPDATED", "UPDATED", "FAILED"]
    refusal = QuantityTooHigh(("input", "items", 2, "delta"), "DJ01-L", MAX_QUANTITY, MAX_QUANTITY)
    assert (sold.results[2].refusals, (await level(ctx)).on_hand) == ((refusal,), -MAX_QUANTITY)
    await write(
        ctx,
        *(
            replace(one, delta=MAX_QUANTITY, event_id=f"r{n}", type=MovementType.RETURN)
            for n, one in enumerate(gone[:2])
        ),
        key="back",
    )
    older = SetItem(*KEY, 1, NOW - minutes(1))
    counted = await write(ctx, older, key="2")
    assert counted.user_errors == (QuantityTooHigh((*AT, "quantity"), "DJ01-L", 1, MAX_QUANTITY),)


async def test_a_refused_compare_and_set_says_what_the_book_holds_and_a_full_book_says_so(ctx: Context) -> None:
    await write(ctx, replace(SET, quantity=0), replace(CAME, delta=MAX_QUANTITY), key="1")
    late = replace(SET, quantity=1, observed_at=NOW - minutes(30))
    wrong = await write(ctx, replace(late, change_from=7), key="2")
    right = await write(ctx, replace(late, change_from=MAX_QUANTITY), key="3")
    assert wrong.user_errors == (QuantityChanged((*AT, "changeFromQuantity"), 7, MAX_QUANTITY),)
    assert right.user_errors == (QuantityTooHigh((*AT, "quantity"), "DJ01-L", 1, MAX_QUANTITY),)
    unheard = await write(ctx, replace(SET, sku="DJ01-M", change_from=0), key="4")
    assert unheard.user_errors == (QuantityChanged((*AT, "changeFromQuantity"), 0, None),)
