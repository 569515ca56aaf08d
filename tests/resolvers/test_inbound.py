"""What is confirmed to come: said by integrators, received with the goods, and promised from when it comes."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import resolvers.availability
import resolvers.inbound
import resolvers.inventory
import resolvers.terms
from datasources.store.store import Store
from domain.availability import Freshness
from domain.channels import Channel
from domain.inbound import Inbound
from domain.movements import MovementType
from domain.refusals.general import EmptyField, IdempotencyConflict, NegativeQuantity, QuantityTooHigh, TextTooLong
from domain.refusals.locations import UnknownLocation
from domain.refusals.stock import UnknownInbound, UnknownSku
from domain.stock import MAX_QUANTITY
from domain.transfers import Transfer, TransferLine, TransferState
from domain.viewers import GUEST
from resolvers.availability import Offer
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.inbound import MAX_ASKED, Expected, InboundItem, Incoming
from resolvers.receipts import Receipt
from resolvers.stock_items import AdjustItem, Command, Item, SetItem
from tests.builders import INTEGRATOR, NOW, count, entry, minutes, on_sale, shop, variant
from tests.worlds import POLICIES, asked, fill, tell

pytestmark = pytest.mark.anyio

KEY = ("DJ01-L", "SH001")
TOMORROW, LATER = NOW + timedelta(days=1), NOW + timedelta(days=5)
ORDER = InboundItem("PO-1", *KEY, 10, TOMORROW)
CAME = AdjustItem(*KEY, 4, "e1", MovementType.RECEIPT, NOW, inbound="PO-1")
AT = ("input", "items", 0)


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    await fill(migrated_database_url, [*on_sale(entry("DJ01", sizes=("L", "M"))), shop("SH001"), shop("SH002")])
    await tell(store, count(2, at=NOW - minutes(5)))
    return asked(store, viewer=INTEGRATOR)


async def said(ctx: Context, *items: InboundItem, key: str = "k") -> Expected:
    """Say what is to come."""
    return await resolvers.inbound.set_inbound(ctx, Command(items, key))


async def write(ctx: Context, *items: Item, key: str) -> Receipt:
    """Write into the book."""
    return await resolvers.inventory.write(ctx, Command(items, key))


async def expected(ctx: Context) -> dict[str, int]:
    """How many jackets are expected, by reference."""
    lines = await ctx.sources.inbound.inbound([KEY])
    return {line.reference: line.quantity for line in lines.get(KEY, ())}


async def offers(ctx: Context, *stores: str) -> Sequence[Offer]:
    """What these stores offer of the jacket."""
    asking = replace(ctx, loaders={})
    return (await resolvers.availability.offers(asking, [variant("DJ01-L")], store_ids=stores or ["SH001"]))[0]


async def available_from(ctx: Context, units: int) -> datetime | None:
    """From when on so many jackets can be promised."""
    return (await resolvers.inbound.available_from(ctx, await offers(ctx), quantity=units))[0]


async def test_what_was_said_last_of_a_reference_holds(ctx: Context) -> None:
    first = await said(ctx, ORDER, replace(ORDER, reference="PO-2", quantity=3, expected_at=LATER), key="1")
    assert first.inbound == [
        Inbound("PO-1", *KEY, 10, TOMORROW, "erp", NOW),
        Inbound("PO-2", *KEY, 3, LATER, "erp", NOW),
    ]
    gone = await said(ctx, replace(ORDER, quantity=7, expected_at=LATER), replace(ORDER, quantity=0), key="2")
    assert (gone.inbound, await expected(ctx)) == ([], {"PO-2": 3})
    assert (await said(ctx, replace(ORDER, quantity=0), key="3")).user_errors == ()


async def test_sent_again_it_gives_the_same_answer_and_changes_nothing(ctx: Context) -> None:
    first = await said(ctx, ORDER)
    await said(ctx, replace(ORDER, quantity=1), key="other")
    assert await said(ctx, ORDER) == first
    assert await expected(ctx) == {"PO-1": 1}
    conflict = await said(ctx, replace(ORDER, quantity=2))
    assert conflict.user_errors == (IdempotencyConflict(("input", "idempotencyKey"), "k"),)


async def test_one_wrong_item_refuses_all_of_them(ctx: Context) -> None:
    wrong = [
        InboundItem(" ", "nope", "nowhere", -1, TOMORROW),
        replace(ORDER, reference="P" * 201, quantity=MAX_QUANTITY + 1),
        ORDER,
    ]
    second = ("input", "items", 1)
    assert (await said(ctx, *wrong)).user_errors == [
        UnknownSku((*AT, "sku"), "nope"),
        UnknownLocation((*AT, "location"), "nowhere"),
        EmptyField((*AT, "reference")),
        NegativeQuantity((*AT, "quantity"), -1),
        TextTooLong((*second, "reference"), 200, 201),
        QuantityTooHigh((*second, "quantity"), "DJ01-L", MAX_QUANTITY + 1, MAX_QUANTITY),
    ]
    assert (await said(ctx)).user_errors == [EmptyField(("input", "items"))]
    assert await expected(ctx) == {}


async def test_no_more_can_be_expected_of_something_than_a_level_can_hold(ctx: Context) -> None:
    await said(ctx, replace(ORDER, quantity=MAX_QUANTITY - 1), key="1")
    more = replace(ORDER, reference="PO-2", quantity=1)
    assert (await said(ctx, more, key="2")).user_errors == ()
    refused = await said(ctx, more, replace(more, reference="PO-3"), key="3")
    second = ("input", "items", 1, "quantity")
    assert refused.user_errors == (QuantityTooHigh(second, "DJ01-L", 1, MAX_QUANTITY),)
    assert await expected(ctx) == {"PO-1": MAX_QUANTITY - 1, "PO-2": 1}


async def test_of_many_who_expect_all_that_a_level_can_hold_at_once_one_is_believed(ctx: Context) -> None:
    items = [replace(ORDER, reference=f"PO-{n}", quantity=MAX_QUANTITY) for n in range(4)]
    told = await asyncio.gather(*(said(ctx, item, key=item.reference) for item in items))
    refused = QuantityTooHigh((*AT, "quantity"), "DJ01-L", MAX_QUANTITY, MAX_QUANTITY)
    assert sorted((one.user_errors for one in told), key=len) == [(), *[(refused,)] * 3]
    assert list((await expected(ctx)).values()) == [MAX_QUANTITY]


async def test_what_arrives_is_expected_no_more_and_counts_once(ctx: Context) -> None:
    await said(ctx, ORDER)
    await write(ctx, CAME, CAME, replace(CAME, delta=1, event_id="e2"), key="1")
    assert await expected(ctx) == {"PO-1": 5}
    again = await write(ctx, CAME, key="2")
    assert ([result.status.value for result in again.results], await expected(ctx)) == (["UNCHANGED"], {"PO-1": 5})
    await write(ctx, replace(CAME, delta=9, event_id="e3"), key="3")
    assert await expected(ctx) == {}
    told_before = await write(ctx, replace(CAME, event_id="e3", delta=9), key="4")
    assert [result.status.value for result in told_before.results] == ["UNCHANGED"]
    level = (await ctx.sources.stock.levels([KEY[0]], [KEY[1]]))[KEY]
    assert level.on_hand == 2 + 4 + 1 + 9


async def test_what_arrives_comes_off_the_delivery_it_names(ctx: Context) -> None:
    await said(ctx, ORDER, replace(ORDER, reference="PO-2", quantity=3, expected_at=LATER))
    later = replace(CAME, delta=2, event_id="e2", inbound="PO-2")
    await write(ctx, later, CAME, replace(later, delta=9, event_id="e3"), key="1")
    assert await expected(ctx) == {"PO-1": 6}


async def test_what_arrived_before_the_last_count_arrived_all_the_same(ctx: Context) -> None:
    await said(ctx, ORDER)
    receipt = await write(ctx, replace(CAME, occurred_at=NOW - minutes(10)), key="1")
    assert ([result.status.value for result in receipt.results], await expected(ctx)) == (["STALE"], {"PO-1": 6})


async def test_a_receipt_of_what_nobody_expects_fails_alone(ctx: Context) -> None:
    await said(ctx, ORDER)
    elsewhere = replace(CAME, location="SH002", event_id="e2")
    receipt = await write(ctx, elsewhere, CAME, SetItem("DJ01-M", "SH001", 1), key="1")
    assert [result.status.value for result in receipt.results] == ["FAILED", "UPDATED", "CREATED"]
    assert receipt.user_errors == (UnknownInbound((*AT, "inbound"), "PO-1"),)
    assert await ctx.sources.stock.levels(["DJ01-L"], ["SH002"]) == {}


async def test_two_deliveries_at_once_both_come_off_what_is_expected(ctx: Context) -> None:
    await said(ctx, ORDER)
    await asyncio.gather(*(write(ctx, replace(CAME, delta=2, event_id=f"t{n}"), key=f"t{n}") for n in range(4)))
    assert await expected(ctx) == {"PO-1": 2}


async def test_more_can_be_promised_from_when_it_comes(ctx: Context) -> None:
    await said(ctx, ORDER, replace(ORDER, reference="PO-2", quantity=3, expected_at=LATER))
    assert [await available_from(ctx, units) for units in (2, 3, 12, 13, 15, 16)] == [
        NOW, TOMORROW, TOMORROW, LATER, LATER, None,
    ]  # fmt: skip
    at_the_day = asked(ctx.sources, at=TOMORROW)
    assert [await available_from(at_the_day, units) for units in (2, 3)] == [TOMORROW, LATER]


async def test_shoppers_are_told_when_more_comes_and_staff_how_many_as_well_STK_12(ctx: Context) -> None:
    late = replace(ORDER, reference="late", expected_at=NOW)
    await said(ctx, ORDER, late, replace(ORDER, reference="PO-2", quantity=3, expected_at=LATER))
    found = await offers(ctx, "SH001", "SH002")
    assert await resolvers.inbound.incoming_of(ctx, found) == [[Incoming(10, TOMORROW), Incoming(3, LATER)], []]
    shown = await resolvers.inbound.incoming_of(replace(ctx, viewer=GUEST), found)
    assert shown == [[Incoming(None, TOMORROW), Incoming(None, LATER)], []]


async def test_nothing_is_promised_of_stock_that_nobody_knows(ctx: Context) -> None:
    await said(ctx, replace(ORDER, location="SH002"))
    assert await resolvers.inbound.available_from(ctx, await offers(ctx, "SH002"), quantity=1) == [None]
    hidden = replace(POLICIES, freshness=Freshness(timedelta(0), hide_when_stale=True))
    assert await available_from(replace(ctx, policies=hidden), 1) is None
    assert await available_from(ctx, 1) == NOW


async def test_what_comes_is_promised_within_the_share_of_a_channel(ctx: Context) -> None:
    await said(ctx, ORDER)
    terms = [resolvers.terms.TermsItem(*KEY, Channel.APP, safety=1, quota=5)]
    await resolvers.terms.set_terms(ctx, Command(terms, "terms"))
    in_app = replace(ctx, channel=Channel.APP)
    assert [await available_from(in_app, units) for units in (1, 2, 5, 6)] == [NOW, TOMORROW, TOMORROW, None]


async def test_each_offer_is_as_fresh_as_its_source_allows_STK_9(ctx: Context) -> None:
    """What the till told five minutes ago is old for whoever believes it a minute, and not for who trusts it."""
    strict = Freshness(minutes(1), buffer_z=2)
    sale = AdjustItem(*KEY, -1, "till", MovementType.SALE, NOW - minutes(4))
    await write(replace(ctx, viewer=replace(INTEGRATOR, id="pos")), sale, key="till")
    for by_source, ready in (({"erp": strict}, NOW), ({"pos": strict}, None)):
        asking = replace(ctx, policies=replace(POLICIES, freshness_by_source=by_source))
        assert await available_from(asking, 1) == ready


async def test_one_asks_for_as_many_units_as_may_be_asked_for(ctx: Context) -> None:
    assert await available_from(ctx, MAX_ASKED) is None


@pytest.mark.parametrize("units", [0, -1, MAX_ASKED + 1])
async def test_one_asks_for_some_units_and_not_for_all_there_are(ctx: Context, units: int) -> None:
    with pytest.raises(BadQuestion, match=str(units)):
        await available_from(ctx, units)


async def test_what_is_on_its_way_from_another_store_can_be_promised_from_when_it_is_expected(ctx: Context) -> None:
    lines = (TransferLine("DJ01-L", 5, 5, 5, 1, 1), TransferLine("DJ01-M", 2))
    shipped = Transfer("t", "SH002", "SH001", TransferState.RECEIVED, lines, "", "a-1", NOW, NOW, TOMORROW)
    others = [
        replace(shipped, id="unsaid", expected_at=None),
        replace(shipped, id="picked", state=TransferState.PICKED),
        replace(shipped, id="away", from_location_id="SH001", to_location_id="SH002"),
    ]
    async with ctx.sources.workplace.work() as work:
        for transfer in (shipped, *others):
            await work.transfers.write(transfer)
    await said(ctx, replace(ORDER, quantity=1, expected_at=LATER))
    assert [await available_from(ctx, units) for units in (2, 5, 6, 7)] == [NOW, TOMORROW, LATER, None]
    assert await resolvers.inbound.incoming_of(ctx, await offers(ctx)) == [[Incoming(3, TOMORROW), Incoming(1, LATER)]]
