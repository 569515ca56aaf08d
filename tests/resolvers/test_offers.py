"""Which store has it: named or near, how far, from when, how old the word is, and what of it one may know."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import domain.geo
import resolvers.availability
import resolvers.ids
from datasources.store.store import Store
from domain.availability import Freshness, StockSignal
from domain.geo import Coordinates
from domain.locations import LocationStatus
from domain.opening import OpenInterval
from resolvers.availability import MAX_OFFERS, Offer
from resolvers.context import Context
from resolvers.errors import BadQuestion
from tests.builders import ASSOCIATE, INTEGRATOR, MEMBER, NOW, PEOPLES_SQUARE, count, entry, on_sale, shop, variant
from tests.worlds import POLICIES, asked, fill, tell

pytestmark = pytest.mark.anyio

JACKET, OTHER = variant("DJ01-L"), variant("DJ01-M")
ALL_DAY = tuple(OpenInterval(weekday, 600, 1320) for weekday in range(7))


def north(id: str, steps: int, **said: Any) -> Any:
    """A store so many steps of 1.1 km north of the square."""
    return shop(id, coordinates=Coordinates(31.2304 + steps / 100, 121.4737), **said)


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    shops = [
        north("FAR", 9, hours=ALL_DAY, prep_minutes=30),
        north("NEAR", 1),
        north("MIDDLE", 3),
        north("EMPTY", 2),
        north("SILENT", 0),
        north("CLOSED", 1, status=LocationStatus.CLOSED),
    ]
    await fill(migrated_database_url, [*on_sale(entry("DJ01", sizes=("L", "M"))), *shops])
    quantities = {"FAR": 50, "NEAR": 2, "MIDDLE": 9, "EMPTY": 0, "CLOSED": 7}
    await tell(store, *(count(quantity, location_id=id) for id, quantity in quantities.items()))
    return asked(store)


async def offers(ctx: Context, **said: Any) -> Sequence[Offer]:
    """The offers of one jacket."""
    return (await resolvers.availability.offers(ctx, [JACKET], **said))[0]


def places(found: Sequence[Offer]) -> list[str]:
    """Where the offers are."""
    return [offer.location.id for offer in found]


async def test_near_a_point_the_stores_that_were_ever_reported_offer_it_nearest_first(ctx: Context) -> None:
    found = await offers(ctx, near=PEOPLES_SQUARE)
    assert places(found) == ["NEAR", "EMPTY", "MIDDLE", "FAR"]
    for offer in found:
        assert offer.location.coordinates is not None
        assert offer.distance_km == domain.geo.distance_km(PEOPLES_SQUARE, offer.location.coordinates)


async def test_named_stores_answer_in_the_order_named_even_if_nobody_ever_reported(ctx: Context) -> None:
    named = ["SILENT", resolvers.ids.encode("Location", "FAR"), "CLOSED", "NEAR", "FAR"]
    found = await offers(ctx, store_ids=named)
    assert places(found) == ["SILENT", "FAR", "CLOSED", "NEAR"]
    assert found[0].availability.signal is StockSignal.UNKNOWN
    assert {offer.distance_km for offer in found} == {None}
    with_distance = await offers(ctx, store_ids=["SILENT"], near=PEOPLES_SQUARE)
    assert with_distance[0].distance_km == 0


async def test_only_what_is_in_stock_or_low_counts_as_available(ctx: Context) -> None:
    assert places(await offers(ctx, near=PEOPLES_SQUARE, only_available=True)) == ["NEAR", "MIDDLE", "FAR"]
    named = await offers(ctx, store_ids=["SILENT", "EMPTY", "FAR"], only_available=True)
    assert places(named) == ["FAR"]


async def test_the_circle_and_the_number_of_offers_are_bounded(ctx: Context) -> None:
    assert places(await offers(ctx, near=PEOPLES_SQUARE, radius_km=4)) == ["NEAR", "EMPTY", "MIDDLE"]
    assert places(await offers(ctx, near=PEOPLES_SQUARE, first=2)) == ["NEAR", "EMPTY"]
    assert places(await offers(ctx, near=PEOPLES_SQUARE, first=2, only_available=True)) == ["NEAR", "MIDDLE"]


async def test_behind_a_crowd_of_empty_stores_the_one_that_has_it_is_found(
    ctx: Context, store: Store, migrated_database_url: str
) -> None:
    crowd = [shop(f"CROWD{n:02}", coordinates=Coordinates(31.2304, 121.4737 + n / 100_000)) for n in range(60)]
    await fill(migrated_database_url, [*crowd])
    assert places(await offers(ctx, near=PEOPLES_SQUARE, only_available=True)) == ["NEAR", "MIDDLE", "FAR"]


async def test_each_variant_has_its_own_offers_in_the_order_asked(ctx: Context) -> None:
    found = await resolvers.availability.offers(ctx, [OTHER, JACKET, OTHER], near=PEOPLES_SQUARE)
    assert [len(each) for each in found] == [0, 4, 0]


async def test_shoppers_see_signals_and_low_numbers_and_staff_see_all_numbers_STK_12(ctx: Context) -> None:
    named = {"store_ids": ["FAR", "NEAR", "EMPTY", "SILENT"]}
    for viewer in (ctx.viewer, MEMBER):
        found = await offers(replace(ctx, viewer=viewer), **named)
        assert [(o.availability.signal.value, o.availability.quantity) for o in found] == [
            ("IN_STOCK", None),
            ("LOW", 2),
            ("OUT", None),
            ("UNKNOWN", None),
        ]
    for viewer in (ASSOCIATE, INTEGRATOR):
        found = await offers(replace(ctx, viewer=viewer), **named)
        assert [offer.availability.quantity for offer in found] == [50, 2, 0, None]


async def test_an_old_word_is_marked_or_withheld_as_its_source_deserves_STK_9(ctx: Context) -> None:
    later = replace(ctx, clock=lambda: NOW + timedelta(hours=1, seconds=1))
    (shown,) = await offers(later, store_ids=["FAR"])
    assert (shown.availability.is_stale, shown.availability.signal) == (True, StockSignal.IN_STOCK)
    strict = {"pos": Freshness(timedelta(hours=1), hide_when_stale=True)}
    (hidden,) = await offers(replace(later, policies=replace(POLICIES, freshness_by_source=strict)), store_ids=["FAR"])
    assert (hidden.availability.is_stale, hidden.availability.signal) == (True, StockSignal.UNKNOWN)
    patient = {"pos": Freshness(timedelta(days=1))}
    (fresh,) = await offers(replace(later, policies=replace(POLICIES, freshness_by_source=patient)), store_ids=["FAR"])
    assert not fresh.availability.is_stale


async def test_a_store_is_ready_when_its_hours_allow_and_says_nothing_without_hours_LOC_4(ctx: Context) -> None:
    found = await offers(ctx, store_ids=["FAR", "NEAR"])
    assert await resolvers.availability.ready_at(ctx, found) == [NOW + timedelta(minutes=30), None]
    at_night = replace(ctx.anew(), clock=lambda: NOW + timedelta(hours=11))
    found = await offers(at_night, store_ids=["FAR", "NEAR"])
    opens_at = NOW + timedelta(hours=22)
    assert await resolvers.availability.ready_at(at_night, found) == [opens_at + timedelta(minutes=30), None]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "BAD_ARGUMENT"),
        ({"store_ids": ["nope"]}, "UNKNOWN_LOCATION"),
        ({"store_ids": [f"S{n}" for n in range(MAX_OFFERS + 1)]}, "BAD_ARGUMENT"),
        ({"near": PEOPLES_SQUARE, "first": 0}, "PAGE_SIZE"),
        ({"near": PEOPLES_SQUARE, "first": MAX_OFFERS + 1}, "PAGE_SIZE"),
        ({"near": PEOPLES_SQUARE, "radius_km": 0}, "BAD_ARGUMENT"),
    ],
)
async def test_asking_nowhere_somewhere_unknown_or_for_too_much_is_a_bad_question(
    ctx: Context, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadQuestion) as refused:
        await offers(ctx, **said)
    assert refused.value.code == code
