"""Stores and warehouses are read back whole, and found by the box they stand in."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import domain.geo
from datasources.store.store import Store
from domain.geo import Box, Coordinates, CoordinateSystem
from domain.locations import Capability, DeliveryZone, Location, LocationStatus, LocationType
from domain.opening import OpenInterval
from tests.builders import PEOPLES_SQUARE, shop
from tests.worlds import fill

pytestmark = pytest.mark.anyio

FULL = Location(
    id="WH01",
    type=LocationType.CLOUD_WAREHOUSE,
    name="云仓",
    address="",
    city="",
    coordinates=Coordinates(31.2, 121.4, CoordinateSystem.BD09),
    time_zone="Asia/Urumqi",
    hours=(OpenInterval(0, 600, 1320), OpenInterval(6, 0, 1440)),
    capabilities=frozenset({Capability.SHIP_FROM, Capability.RETURNS}),
    prep_minutes=45,
    daily_capacity=300,
    delivery_zone=DeliveryZone(3.5, (PEOPLES_SQUARE, Coordinates(31.3, 121.5, CoordinateSystem.GCJ02), PEOPLES_SQUARE)),
    status=LocationStatus.SUSPENDED,
    store_group="east",
)
CHINA = Box(3, 73, 54, 136)


async def test_a_location_is_read_back_whole_in_the_system_it_was_given_in(
    store: Store, migrated_database_url: str
) -> None:
    unplaced = shop("SH002", coordinates=None)
    await fill(migrated_database_url, [FULL, unplaced])
    assert await store.locations.locations(["SH002", "nope", "WH01"]) == [unplaced, None, FULL]


async def test_only_open_places_that_somebody_placed_are_in_a_box_and_by_id(
    store: Store, migrated_database_url: str
) -> None:
    shops = [shop("SH003"), shop("SH001"), shop("SH002", coordinates=None)]
    closed = [shop("SH004", status=LocationStatus.CLOSED), shop("SH005", status=LocationStatus.SUSPENDED)]
    await fill(migrated_database_url, [*shops, *closed])
    assert [found.id for found in await store.locations.within(CHINA, limit=9)] == ["SH001", "SH003"]
    assert [found.id for found in await store.locations.within(CHINA, limit=1)] == ["SH001"]


async def test_a_box_finds_places_on_its_edge_whatever_map_they_were_read_from(
    store: Store, migrated_database_url: str
) -> None:
    on_maps = [
        shop(f"SH-{system.value}", coordinates=domain.geo.convert(PEOPLES_SQUARE, system))
        for system in CoordinateSystem
    ]
    await fill(migrated_database_url, on_maps)
    reach = 1e-6
    here = Box(31.2304 - reach, 121.4737 - reach, 31.2304 + reach, 121.4737 + reach)
    assert len(await store.locations.within(here, limit=9)) == 3
    assert await store.locations.within(Box(31.24, 121.4, 31.3, 121.5), limit=9) == []


async def test_around_a_point_the_nearest_come_first_ties_by_id(store: Store, migrated_database_url: str) -> None:
    east_by = {"SH005": 0.01, "SH004": 0.02, "SH003": -0.01, "SH002": 0.03}
    placed = [shop(id, coordinates=Coordinates(31.23, 121.47 + east)) for id, east in east_by.items()]
    await fill(migrated_database_url, placed)
    around = Coordinates(31.23, 121.47)
    found = await store.locations.within(CHINA, limit=3, around=around)
    assert [place.id for place in found] == ["SH003", "SH005", "SH004"]
    assert len(await store.locations.within(CHINA, limit=9, around=around)) == 4


degrees = st.integers(0, 4)
points = st.tuples(degrees, degrees)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(points, min_size=1, max_size=8), points, points)
async def test_the_box_holds_what_lies_between_its_edges(
    store: Store,
    migrated_database_url: str,
    places: list[tuple[int, int]],
    one: tuple[int, int],
    other: tuple[int, int],
) -> None:
    (south, north), (west, east) = (sorted(pair) for pair in zip(one, other, strict=True))
    gone = [replace(shop(f"S{n}"), status=LocationStatus.CLOSED) for n in range(len(places), 8)]
    placed = [shop(f"S{n}", coordinates=Coordinates(*place)) for n, place in enumerate(places)]
    await fill(migrated_database_url, [*placed, *gone])
    inside = [n for n, (lat, lng) in enumerate(places) if south <= lat <= north and west <= lng <= east]
    found = await store.locations.within(Box(south, west, north, east), limit=99)
    assert [place.id for place in found] == [f"S{n}" for n in inside]
