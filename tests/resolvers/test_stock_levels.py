"""Levels as staff read them: every number of the book, by our names and by Shopify's."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

import resolvers.ids
import resolvers.inbound
import resolvers.reservations
import resolvers.stock_levels
import resolvers.terms
from datasources.store.store import Store
from domain.channels import Channel
from domain.movements import Adjustment, MovementType, Route, Shift
from domain.reservations import ReservationKind, ReservationLine
from domain.stock import Bucket, StockLevel
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.inbound import InboundItem
from resolvers.reservations import Reserve
from resolvers.stock_items import Command
from resolvers.stock_levels import MAX_LEVELS, NAMES, ChannelTerms
from resolvers.terms import TermsItem
from tests.builders import INTEGRATOR, MEMBER, NOW, count, entry, minutes, on_sale, shop
from tests.domain.shelves import levels as any_levels
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

KEY = ("DJ01-L", "SH001")


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    """Twenty jackets: two damaged, three tested, one shown, four reserved, five to come, six on their way."""
    goods = on_sale(entry("DJ01", sizes=("L", "M")), channel=Channel.APP)
    await fill(migrated_database_url, [*goods, shop("SH001"), shop("SH002")])
    await tell(store, count(20, at=NOW - minutes(5)), count(1, sku="DJ01-M", location_id="SH002"))
    shifts = [
        (Route(Bucket.SELLABLE, Bucket.DAMAGED, 2), MovementType.DAMAGE),
        (Route(Bucket.SELLABLE, Bucket.QUALITY_CONTROL, 3), MovementType.ADJUSTMENT),
        (Route(Bucket.SELLABLE, Bucket.DISPLAY, 1), MovementType.ADJUSTMENT),
        (Route(None, Bucket.IN_TRANSIT_IN, 6), MovementType.TRANSFER_IN),
    ]
    await tell(store, *(Shift(*KEY, route, f"s{n}", NOW, type) for n, (route, type) in enumerate(shifts)))
    reader = asked(store, viewer=INTEGRATOR, channel=Channel.APP)
    wish = Reserve(ReservationKind.CHECKOUT, [ReservationLine(*KEY, 4)], "wish")
    await resolvers.reservations.create(replace(reader, viewer=MEMBER), wish)
    await resolvers.terms.set_terms(reader, Command([TermsItem(*KEY, Channel.APP, safety=2, quota=9)], "terms"))
    coming = [InboundItem("late", *KEY, 1, NOW - minutes(1)), InboundItem("PO-1", *KEY, 4, NOW + timedelta(days=1))]
    await resolvers.inbound.set_inbound(reader, Command(coming, "inbound"))
    return asked(store, viewer=INTEGRATOR, channel=Channel.APP)


async def read(ctx: Context, skus: list[str], locations: list[str]) -> Sequence[StockLevel]:
    """The levels of these skus at these locations."""
    return (await resolvers.stock_levels.levels(ctx, [None], skus=skus, locations=locations))[0]


async def test_levels_come_sku_by_sku_and_only_where_somebody_told_of_them(ctx: Context) -> None:
    places = ["SH002", resolvers.ids.encode("Location", "SH001"), "SH002"]
    found = await read(ctx, ["DJ01-M", "DJ01-L", "DJ01-M"], places)
    assert [level.key for level in found] == [("DJ01-M", "SH002"), KEY]


async def test_what_is_held_and_available_is_so_by_the_clock(ctx: Context) -> None:
    later = replace(ctx, clock=lambda: NOW + minutes(60), loaders={})
    for asking, held, available in ((ctx, 4, 10), (later, 0, 14)):
        found = await read(asking, ["DJ01-L"], ["SH001"])
        assert await resolvers.stock_levels.held_of(asking, found) == [held]
        assert await resolvers.stock_levels.available_of(asking, found) == [available]
        assert await resolvers.stock_levels.oversold_by_of(asking, found) == [0]
        assert await resolvers.stock_levels.terms_of_levels(asking, found) == [
            [ChannelTerms(Channel.APP, 2, 9, 9 - held)]
        ]


async def test_every_number_of_one_operation_is_of_one_instant_STK_11(ctx: Context) -> None:
    """No hold ends between two fields of an answer."""
    hours = itertools.count()
    hasty = replace(ctx, clock=lambda: NOW + timedelta(hours=next(hours)), loaders={})
    found = await read(hasty, ["DJ01-L"], ["SH001"])
    of = resolvers.stock_levels
    assert [await of.held_of(hasty, found), await of.available_of(hasty, found)] == [[4], [10]]
    assert await of.terms_of_levels(hasty, found) == [[ChannelTerms(Channel.APP, 2, 9, 5)]]
    assert await of.oversold_by_of(hasty, [replace(found[0], on_hand=9)]) == [1]
    assert await of.quantities_of(hasty, found, names=["available", "reserved"]) == [
        [("available", 10), ("reserved", 5)]
    ]


async def test_as_many_levels_are_read_as_may_be_asked_for(ctx: Context) -> None:
    found = await read(ctx, ["DJ01-L"], ["SH001"] * MAX_LEVELS)
    assert [level.key for level in found] == [KEY]


async def test_each_channels_share_is_left_by_its_own_holds(ctx: Context) -> None:
    terms = [TermsItem(*KEY, Channel.POS, quota=3)]
    await resolvers.terms.set_terms(ctx, Command(terms, "till"))
    found = await read(ctx, ["DJ01-L"], ["SH001"])
    assert await resolvers.stock_levels.terms_of_levels(ctx, found) == [
        [ChannelTerms(Channel.APP, 2, 9, 5), ChannelTerms(Channel.POS, 0, 3, 3)]
    ]


async def test_what_is_late_is_still_to_come(ctx: Context) -> None:
    found = await read(ctx, ["DJ01-L", "DJ01-M"], ["SH001", "SH002"])
    coming = await resolvers.stock_levels.inbound_of(ctx, found)
    assert [[(line.reference, line.quantity) for line in lines] for lines in coming] == [[("late", 1), ("PO-1", 4)], []]


async def test_the_same_numbers_have_the_names_that_shopify_gives_them(ctx: Context) -> None:
    found = await read(ctx, ["DJ01-L", "DJ01-M"], ["SH001", "SH002"])
    jackets, others = await resolvers.stock_levels.quantities_of(ctx, found)
    assert dict(jackets) == {
        "available": 10, "committed": 0, "reserved": 5, "damaged": 2, "safety_stock": 2, "quality_control": 3,
        "incoming": 11, "on_hand": 20,
    }  # fmt: skip
    assert dict(others)["available"] == dict(others)["on_hand"] == 1
    (some,) = await resolvers.stock_levels.quantities_of(ctx, found[:1], names=["on_hand", "incoming", "on_hand"])
    assert some == [("on_hand", 20), ("incoming", 11), ("on_hand", 20)]
    with pytest.raises(BadQuestion, match="on_order"):
        await resolvers.stock_levels.quantities_of(ctx, found, names=["on_hand", "on_order"])


@given(any_levels)
def test_on_hand_is_the_sum_that_shopify_says_it_is(level: StockLevel) -> None:
    sight = resolvers.stock_levels.Moment(NOW, Channel.APP, {})
    parts = ("available", "committed", "reserved", "damaged", "quality_control")
    assert level.on_hand == sum(NAMES[name](level, sight) for name in parts)


@pytest.mark.parametrize(
    ("skus", "locations", "code"),
    [
        (["nope", "DJ01-L"], ["SH001"], "UNKNOWN_SKU"),
        (["DJ01-L"], ["nowhere"], "UNKNOWN_LOCATION"),
        ([], ["SH001"], "BAD_ARGUMENT"),
        (["DJ01-L"], ["SH001"] * (MAX_LEVELS + 1), "BAD_ARGUMENT"),
    ],
    ids=["sku", "location", "none", "many"],
)
async def test_what_cannot_be_answered_is_a_bad_question(
    ctx: Context, skus: list[str], locations: list[str], code: str
) -> None:
    with pytest.raises(BadQuestion) as refused:
        await read(ctx, skus, locations)
    assert refused.value.code == code


async def test_a_sold_piece_leaves_the_shelf_it_was_sold_from(ctx: Context, store: Store) -> None:
    sale = Adjustment(*KEY, -1, "e1", NOW, MovementType.SALE, Bucket.DISPLAY, Channel.APP)
    await tell(store, sale)
    (level,) = await read(replace(ctx, loaders={}), ["DJ01-L"], ["SH001"])
    assert (level.on_hand, level.display, level.terms[0].quota) == (19, 0, 8)
