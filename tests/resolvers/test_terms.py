"""What channels may take of stock: set all or none, once, and heard of by whoever watches."""

from dataclasses import replace

import pytest

import resolvers.availability
import resolvers.inventory
import resolvers.reservations
import resolvers.terms
from datasources.store.store import Store
from domain.availability import StockSignal
from domain.channels import Channel
from domain.events import Topic
from domain.movements import MovementType
from domain.refusals.general import EmptyField, IdempotencyConflict, NegativeQuantity, QuantityTooHigh, TooManyItems
from domain.refusals.locations import UnknownLocation
from domain.refusals.stock import NeverCounted, UnknownSku
from domain.reservations import ReservationKind, ReservationLine
from domain.stock import MAX_QUANTITY, StockLevel, Terms, oversold_by
from domain.viewers import GUEST
from resolvers.context import Context
from resolvers.receipts import Receipt
from resolvers.reservations import Reserve
from resolvers.stock_items import MAX_ITEMS, AdjustItem, Command, SetItem
from resolvers.terms import TermsItem
from tests.builders import INTEGRATOR, MEMBER, NOW, count, entry, listing, minutes, shop, variant
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

KEY = ("DJ01-L", "SH001")
APP, POS = TermsItem(*KEY, Channel.APP, quota=4), TermsItem(*KEY, Channel.POS, safety=1, quota=6)


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    jacket = entry("DJ01", sizes=("L", "M"))
    on_sale = [listing(known.sku, channel) for known in jacket.variants for channel in Channel]
    await fill(migrated_database_url, [jacket, *on_sale, shop("SH001"), shop("SH002")])
    await tell(store, count(10))
    return asked(store, viewer=INTEGRATOR)


async def agreed(ctx: Context, *items: TermsItem, key: str = "k") -> Receipt:
    """Send one command."""
    return await resolvers.terms.set_terms(ctx, Command(items, key))


async def level(ctx: Context) -> StockLevel:
    """What the book says of the jacket."""
    return (await ctx.sources.stock.levels([KEY[0]], [KEY[1]]))[KEY]


async def reserved(ctx: Context, channel: Channel, units: int, key: str) -> list[str]:
    """Reserve as a member does, in a channel; the codes of what was refused."""
    wish = Reserve(ReservationKind.CHECKOUT, [ReservationLine(*KEY, units)], key)
    answer = await resolvers.reservations.create(replace(ctx, viewer=MEMBER, channel=channel), wish)
    return [type(refusal).__name__ for refusal in answer.user_errors]


async def test_terms_are_a_new_version_of_the_level_that_is_told_once(ctx: Context, store: Store) -> None:
    receipt = await agreed(ctx, APP, POS)
    after = await level(ctx)
    assert [result.level for result in receipt.results] == [after, after]
    assert after.terms == (Terms(Channel.APP, 0, 4), Terms(Channel.POS, 1, 6))
    assert (after.version, after.as_of, after.on_hand) == (2, NOW, 10)
    again = await agreed(ctx, POS, APP, key="again")
    assert ([result.status.value for result in again.results], (await level(ctx)).version) == (["UNCHANGED"] * 2, 2)
    told: list[int] = []

    async def publish(events: object) -> None:
        told.extend(event.version for event in events if event.topic is Topic.STOCK_CHANGED)  # type: ignore[attr-defined]

    await store.log.forward(publish, limit=100)
    assert told == [1, 2]


async def test_a_quota_moves_between_channels_in_one_step(ctx: Context) -> None:
    await agreed(ctx, APP, POS, key="1")
    await agreed(ctx, replace(APP, quota=1), replace(POS, quota=9), key="2")
    assert [terms.quota for terms in (await level(ctx)).terms] == [1, 9]
    await agreed(ctx, replace(APP, quota=None), replace(POS, quota=None, safety=0), key="3")
    assert (await level(ctx)).terms == ()


async def test_sent_again_it_gives_the_same_answer_and_a_key_is_for_one_request(ctx: Context) -> None:
    first = await agreed(ctx, APP)
    await agreed(ctx, replace(APP, quota=1), key="other")
    assert await agreed(ctx, APP) == first
    assert (await level(ctx)).terms == (Terms(Channel.APP, 0, 1),)
    conflict = await agreed(ctx, replace(APP, quota=2))
    assert conflict.refusals == (IdempotencyConflict(("input", "idempotencyKey"), "k"),)


async def test_one_wrong_item_refuses_all_of_them_and_leaves_no_trace(ctx: Context) -> None:
    wrong = [
        TermsItem("nope", "nowhere", Channel.APP, safety=-1, quota=-2),
        replace(APP, safety=MAX_QUANTITY + 1),
        APP,
    ]
    one, two = ("input", "items", 0), ("input", "items", 1)
    assert (await agreed(ctx, *wrong)).refusals == (
        UnknownSku((*one, "sku"), "nope"),
        UnknownLocation((*one, "location"), "nowhere"),
        NegativeQuantity((*one, "safety"), -1),
        NegativeQuantity((*one, "quota"), -2),
        QuantityTooHigh((*two, "safety"), "DJ01-L", MAX_QUANTITY + 1, MAX_QUANTITY),
    )
    never = replace(APP, location="SH002")
    assert (await agreed(ctx, APP, never)).refusals == (NeverCounted((*two, "sku"), "DJ01-L", "SH002"),)
    assert (await agreed(ctx)).refusals == (EmptyField(("input", "items")),)
    assert (await agreed(ctx, *[APP] * (MAX_ITEMS + 1))).refusals == (
        TooManyItems(("input", "items"), limit=MAX_ITEMS, given=MAX_ITEMS + 1),
    )
    assert ((await level(ctx)).terms, (await level(ctx)).version) == ((), 1)
    assert (await agreed(ctx, APP)).refusals == ()  # a refused command does not use up its key


async def test_a_channel_without_a_share_is_sold_out_where_the_till_still_sells(ctx: Context) -> None:
    await agreed(ctx, replace(APP, quota=0), POS)
    signals = {}
    for channel in (Channel.APP, Channel.POS):
        asking = replace(ctx, viewer=GUEST, channel=channel, loaders={})
        ((offer,),) = await resolvers.availability.offers(asking, [variant("DJ01-L")], store_ids=["SH001"])
        signals[channel] = offer.availability.signal
    assert signals == {Channel.APP: StockSignal.OUT, Channel.POS: StockSignal.IN_STOCK}
    assert await reserved(ctx, Channel.APP, 1, "a") == ["OutOfStock"]
    assert await reserved(ctx, Channel.POS, 1, "b") == []


async def test_a_sale_at_the_till_leaves_the_share_of_the_app_as_it_is_STK_8(ctx: Context) -> None:
    await agreed(ctx, APP, replace(POS, safety=0))
    sale = AdjustItem(*KEY, -6, "till-1", MovementType.SALE, NOW, channel=Channel.POS)
    await resolvers.inventory.write(ctx, Command([sale], "sale"))
    assert [terms.quota for terms in (await level(ctx)).terms] == [4, 0]
    assert await reserved(ctx, Channel.POS, 1, "a") == ["OutOfStock"]
    assert await reserved(ctx, Channel.APP, 4, "b") == []


async def test_channels_may_promise_more_together_than_is_there_and_never_hold_more_STK_7(ctx: Context) -> None:
    await agreed(ctx, replace(APP, quota=8), replace(POS, safety=0, quota=8))
    assert await reserved(ctx, Channel.APP, 8, "a") == []
    assert await reserved(ctx, Channel.POS, 3, "b") == ["OutOfStock"]
    assert await reserved(ctx, Channel.POS, 2, "c") == []
    assert await reserved(ctx, Channel.WEB, 1, "d") == ["OutOfStock"]


async def test_a_count_below_what_is_promised_shows_by_how_much_and_nothing_more_is_held(ctx: Context) -> None:
    assert await reserved(ctx, Channel.APP, 6, "a") == []
    await resolvers.inventory.write(ctx, Command([SetItem(*KEY, 4, NOW + minutes(1))], "count"))
    after = await level(ctx)
    assert (oversold_by(after, NOW), oversold_by(after, NOW + minutes(60))) == (2, 0)
    assert await reserved(ctx, Channel.APP, 1, "b") == ["OutOfStock"]
    later = asked(ctx.sources.workplace, at=NOW + minutes(60), viewer=INTEGRATOR)  # type: ignore[arg-type]
    assert await reserved(later, Channel.APP, 4, "c") == []
