"""Stock comes in item by item, exactly once, and nothing is ever half-written."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

import resolvers.ids
import resolvers.inventory
import resolvers.receipts
from datasources.ports.errors import Unavailable
from datasources.store.store import Store
from domain.movements import CLOCK_SKEW, MovementType
from domain.refusals.general import (
    EmptyField,
    IdempotencyConflict,
    NegativeQuantity,
    ObservedInFuture,
    TooManyItems,
    WrongDirection,
)
from domain.refusals.locations import UnknownLocation
from domain.refusals.stock import UnknownSku
from domain.viewers import Role, viewer
from resolvers.context import Context
from resolvers.receipts import Receipt
from resolvers.stock_items import MAX_ITEMS, AdjustItem, Command, Item, SetItem
from tests.builders import INTEGRATOR, NOW, entry, minutes, shop
from tests.resolvers.dying import DyingPlace
from tests.worlds import asked, fill

pytestmark = pytest.mark.anyio

SET = SetItem("DJ01-L", "SH001", 5, NOW)


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    await fill(migrated_database_url, [entry("DJ01", sizes=("L", "M")), shop("SH001"), shop("SH002")])
    return asked(store, viewer=INTEGRATOR)


async def write(ctx: Context, *items: Item, key: str = "k") -> Receipt:
    """Send one command."""
    return await resolvers.inventory.write(ctx, Command(items, key))


def statuses(receipt: Receipt) -> list[str]:
    """What became of the items."""
    return [result.status.value for result in receipt.results]


async def book(ctx: Context) -> dict[tuple[str, str], tuple[int, int]]:
    """On hand and version of every level."""
    levels = await ctx.sources.stock.levels(["DJ01-L", "DJ01-M"], ["SH001", "SH002"])
    return {key: (level.on_hand, level.version) for key, level in levels.items()}


async def test_each_item_is_told_what_became_of_it(ctx: Context) -> None:
    first = await write(ctx, SET, AdjustItem("DJ01-M", "SH001", 3, "e1", occurred_at=NOW), key="1")
    assert statuses(first) == ["CREATED", "CREATED"]
    older, same = replace(SET, observed_at=NOW - minutes(1)), replace(SET, quantity=5)
    second = await write(ctx, older, same, replace(SET, quantity=9, observed_at=NOW + minutes(1)), key="2")
    assert statuses(second) == ["STALE", "UNCHANGED", "UPDATED"]
    assert [result.level.on_hand for result in second.results if result.level] == [5, 5, 9]
    assert await book(ctx) == {("DJ01-L", "SH001"): (9, 2), ("DJ01-M", "SH001"): (3, 1)}


async def test_an_item_that_cannot_be_taken_fails_alone_with_all_its_reasons(ctx: Context) -> None:
    late = NOW + CLOCK_SKEW + timedelta(seconds=1)
    bad_count = SetItem("nope", "nowhere", -1, late)
    bad_move = AdjustItem("DJ01-L", "SH001", 2, " ", MovementType.SALE)
    receipt = await write(ctx, bad_count, SET, bad_move)
    assert statuses(receipt) == ["FAILED", "CREATED", "FAILED"]
    count, move = ("input", "items", 0), ("input", "items", 2)
    assert list(receipt.user_errors) == [
        UnknownSku((*count, "sku"), "nope"),
        UnknownLocation((*count, "location"), "nowhere"),
        ObservedInFuture((*count, "observedAt"), late, NOW),
        NegativeQuantity((*count, "quantity"), -1),
        EmptyField((*move, "eventId")),
        WrongDirection((*move, "delta"), 2, "SALE"),
    ]
    assert await book(ctx) == {("DJ01-L", "SH001"): (5, 1)}


@pytest.mark.parametrize(
    ("type", "delta", "taken"),
    [
        (MovementType.SALE, -1, True),
        (MovementType.SALE, 1, False),
        (MovementType.RECEIPT, 1, True),
        (MovementType.RECEIPT, -1, False),
        (MovementType.RETURN, -1, False),
        (MovementType.ADJUSTMENT, -1, True),
        (MovementType.ADJUSTMENT, 1, True),
        (MovementType.ADJUSTMENT, 0, False),
    ],
    ids=str,
)
async def test_a_movement_goes_the_way_its_type_says(ctx: Context, type: MovementType, delta: int, taken: bool) -> None:
    receipt = await write(ctx, AdjustItem("DJ01-L", "SH001", delta, "e1", type, NOW))
    assert statuses(receipt) == ["CREATED" if taken else "FAILED"]


async def test_a_clock_may_run_ahead_a_little(ctx: Context) -> None:
    assert statuses(await write(ctx, replace(SET, observed_at=NOW + CLOCK_SKEW))) == ["CREATED"]


async def test_a_location_may_be_named_by_id_or_by_code(ctx: Context) -> None:
    by_id = replace(SET, location=resolvers.ids.encode("Location", "SH001"))
    assert statuses(await write(ctx, by_id, replace(SET, sku="DJ01-M"))) == ["CREATED", "CREATED"]
    assert len(await book(ctx)) == 2


async def test_a_command_that_is_wrong_as_a_whole_is_refused_with_all_its_reasons(ctx: Context) -> None:
    assert await write(ctx, key=" ") == Receipt(
        refusals=(EmptyField(("input", "idempotencyKey")), EmptyField(("input", "items")))
    )
    too_many = await write(ctx, *[SET] * (MAX_ITEMS + 1))
    assert too_many == Receipt(refusals=(TooManyItems(("input", "items"), MAX_ITEMS, MAX_ITEMS + 1),))
    assert await book(ctx) == {}


async def test_two_hundred_items_are_taken_in_their_order(ctx: Context) -> None:
    items = [replace(SET, quantity=n, observed_at=NOW + timedelta(seconds=n)) for n in range(MAX_ITEMS)]
    receipt = await write(ctx, *items)
    assert [result.level.version for result in receipt.results if result.level] == list(range(1, MAX_ITEMS + 1))
    assert await book(ctx) == {("DJ01-L", "SH001"): (MAX_ITEMS - 1, MAX_ITEMS)}


async def test_one_level_and_one_event_may_stand_in_a_batch_twice(ctx: Context) -> None:
    sale = AdjustItem("DJ01-L", "SH001", -1, "till-1", MovementType.SALE, NOW + minutes(1))
    receipt = await write(ctx, SET, sale, sale, replace(sale, event_id="till-2"))
    assert statuses(receipt) == ["CREATED", "UPDATED", "UNCHANGED", "UPDATED"]
    assert await book(ctx) == {("DJ01-L", "SH001"): (3, 3)}


async def test_in_a_batch_too_a_sale_after_the_count_is_deducted_whichever_stands_first_STK_1(ctx: Context) -> None:
    sale = AdjustItem("DJ01-L", "SH001", -1, "till-1", MovementType.SALE, NOW + minutes(1))
    other = replace(sale, sku="DJ01-M", event_id="till-2")
    await write(ctx, sale, SET, replace(SET, sku="DJ01-M"), other)
    assert {key: on_hand for key, (on_hand, _) in (await book(ctx)).items()} == {
        ("DJ01-L", "SH001"): 4,
        ("DJ01-M", "SH001"): 4,
    }


async def test_counts_of_two_moments_in_a_batch_each_keep_what_happened_after_them_STK_1(ctx: Context) -> None:
    """The newest count of a batch does not hide from the oldest what was told before of another level."""
    sales = [AdjustItem(sku, "SH001", -1, sku, MovementType.SALE, NOW - minutes(5)) for sku in ("DJ01-L", "DJ01-M")]
    await write(ctx, *sales, key="tills")
    early, late = replace(SET, observed_at=NOW - minutes(9)), replace(SET, sku="DJ01-M")
    await write(ctx, early, late, key="counts")
    assert {key: on_hand for key, (on_hand, _) in (await book(ctx)).items()} == {
        ("DJ01-L", "SH001"): 4,
        ("DJ01-M", "SH001"): 5,
    }


async def test_the_same_request_gets_the_same_receipt_word_for_word_and_does_nothing_twice_STK_3(ctx: Context) -> None:
    late = replace(SET, observed_at=NOW + timedelta(hours=1))
    backwards = AdjustItem("DJ01-L", "SH001", 1, "e1", MovementType.SALE, NOW)
    items: list[Item] = [
        SET,
        replace(SET, sku="nope"),
        replace(SET, sku="DJ01-M", location="nowhere", quantity=-1),
        late,
        backwards,
    ]
    first = await write(ctx, *items)
    await write(ctx, replace(SET, quantity=1, observed_at=NOW + minutes(1)), key="other")
    before = await book(ctx)
    again = await write(replace(ctx, clock=lambda: NOW + timedelta(days=1)), *items)
    assert again == first
    assert resolvers.receipts.dump(again) == resolvers.receipts.dump(first)
    assert await book(ctx) == before


async def test_a_key_used_for_another_request_is_a_conflict_and_nothing_is_written(ctx: Context) -> None:
    await write(ctx, SET)
    refused = await write(ctx, replace(SET, quantity=6))
    assert refused == Receipt(refusals=(IdempotencyConflict(("input", "idempotencyKey"), "k"),))
    assert await book(ctx) == {("DJ01-L", "SH001"): (5, 1)}


async def test_another_client_may_use_the_same_key(ctx: Context) -> None:
    await write(ctx, SET)
    other = replace(ctx, viewer=viewer(subject="wms", role=Role.INTEGRATOR, scopes=None))
    assert statuses(await write(other, replace(SET, quantity=4, observed_at=NOW + minutes(1)))) == ["UPDATED"]


async def test_a_request_that_arrives_five_times_at_once_is_done_once(ctx: Context) -> None:
    receipts = await asyncio.gather(
        *(write(ctx, AdjustItem("DJ01-L", "SH001", 2, "e1", occurred_at=NOW)) for _ in "12345")
    )
    assert [receipt == receipts[0] for receipt in receipts] == [True] * 5
    assert await book(ctx) == {("DJ01-L", "SH001"): (2, 1)}


async def test_one_event_told_of_two_shelves_at_once_counts_once(ctx: Context) -> None:
    told = await asyncio.gather(
        *(
            write(ctx, AdjustItem("DJ01-L", place, 2, f"e{n}", occurred_at=NOW), key=f"{place}-{n}")
            for n in range(8)
            for place in ("SH001", "SH002")
        )
    )
    counted = [status for receipt in told for status in statuses(receipt) if status != "UNCHANGED"]
    assert len(counted) == 8
    assert sum(on_hand for on_hand, _ in (await book(ctx)).values()) == 16


async def test_an_event_known_from_another_shelf_leaves_no_empty_level_behind(ctx: Context) -> None:
    await write(ctx, AdjustItem("DJ01-L", "SH001", 2, "e1", occurred_at=NOW), key="1")
    again = await write(ctx, AdjustItem("DJ01-L", "SH002", 2, "e1", occurred_at=NOW), key="2")
    assert statuses(again) == ["UNCHANGED"]
    assert await book(ctx) == {("DJ01-L", "SH001"): (2, 1)}


async def test_when_the_database_dies_in_the_middle_nothing_is_written_and_the_retry_does_it_all(ctx: Context) -> None:
    items: list[Item] = [SET, AdjustItem("DJ01-M", "SH002", 3, "e1", occurred_at=NOW)]
    dying = replace(ctx, sources=replace(ctx.sources, workplace=DyingPlace(ctx.sources.workplace)))
    with pytest.raises(Unavailable):
        await write(dying, *items)
    assert await book(ctx) == {}
    assert statuses(await write(ctx, *items)) == ["CREATED", "CREATED"]


async def test_without_a_moment_of_its_own_an_item_is_of_now(ctx: Context) -> None:
    receipt = await write(ctx, SetItem("DJ01-L", "SH001", 5), AdjustItem("DJ01-M", "SH001", 1, "e1"))
    assert {result.level.as_of for result in receipt.results if result.level} == {NOW}
    assert {result.level.source for result in receipt.results if result.level} == {"erp"}
