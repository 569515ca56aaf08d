"""The stores near a point: the same as if every store had been measured, however the search goes about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.geo
import domain.locations
import resolvers.ids
import resolvers.locations
from datasources.store.store import Store
from domain.geo import Box, Coordinates
from domain.locations import Capability, Location, LocationStatus, LocationType
from resolvers.context import Context
from resolvers.errors import BadQuestion
from tests.builders import PEOPLES_SQUARE, shop
from tests.worlds import asked, fill, sources

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True)
class Places:
    """Locations in memory; `within` measures nothing but degrees."""

    kept: Sequence[Location]

    async def locations(self, ids: Sequence[str]) -> Sequence[Location | None]:
        """Locations by id."""
        by_id = {place.id: place for place in self.kept}
        return [by_id.get(id) for id in ids]

    async def within(self, box: Box, *, limit: int, around: Coordinates | None = None) -> Sequence[Location]:
        """Open locations in the box, by id or around a point."""
        inside = [place for place in self.kept if place.coordinates and place.status is LocationStatus.OPEN]
        inside = [
            place for place in inside if place.coordinates and box.south <= place.coordinates.latitude <= box.north
        ]
        inside = [
            place for place in inside if place.coordinates and box.west <= place.coordinates.longitude <= box.east
        ]
        order = domain.geo.flat_order(around) if around else lambda latitude, longitude: 0.0
        points = {place.id: place.coordinates or CENTRE for place in inside}
        by_order = sorted(inside, key=lambda p: (order(points[p.id].latitude, points[p.id].longitude), p.id))
        return by_order[:limit]


def on_the_map(kept: Sequence[Location]) -> Context:
    """A world in which only locations are asked for."""
    unopened = Store("sqlite+aiosqlite:///nowhere.sqlite3")
    return asked(replace(sources(unopened), locations=Places(kept)))


# From doorsteps to 200 km, on a grid coarse enough that equal distances happen, and that some places stand in the
# corners of a box whose circle they are not in: 3 by 3 hundredths are 4.4 km, 25 by 25 are 37.
steps = st.sampled_from([-180, -60, -25, -20, -5, -3, -1, 0, 1, 3, 5, 20, 25, 60, 180]).map(lambda n: n / 100)
places = st.lists(
    st.builds(
        lambda north, east, able, status, type: shop(
            coordinates=Coordinates(31 + north, 121 + east),
            capabilities=frozenset({Capability.PICKUP} if able else ()),
            status=status,
            type=type,
        ),
        steps,
        steps,
        st.booleans(),
        st.sampled_from([LocationStatus.OPEN] * 4 + [LocationStatus.CLOSED]),
        st.sampled_from([LocationType.STORE] * 4 + [LocationType.WAREHOUSE]),
    ),
    max_size=14,
).map(lambda found: [replace(place, id=f"S{n:02}") for n, place in enumerate(found)])
CENTRE = Coordinates(31, 121)
PATIENCE = 99
radii = st.sampled_from([0.5, 4.0, 30.0, 120.0, 200.0])


def measured(kept: Sequence[Location], radius_km: float, capability: Capability | None) -> list[str]:
    """Every store measured, the nearest first."""
    stores = [place for place in kept if place.type is LocationType.STORE]
    found = domain.locations.nearest(stores, CENTRE, radius_km=radius_km, capability=capability)
    return [nearby.location.id for nearby in found]


async def walked(ctx: Context, size: int, radius_km: float, capability: Capability | None) -> list[str]:
    """Every store met from the first page to the last."""
    met: list[str] = []
    after: str | None = None
    while len(met) < PATIENCE:
        (page,) = await resolvers.locations.stores(
            ctx, [None], near=CENTRE, radius_km=radius_km, capability=capability, first=size, after=after
        )
        assert page.nodes or after is None, "the page before said that more follow"
        met += [nearby.location.id for nearby in page.nodes]
        if not page.page_info.has_next_page:
            return met
        assert len(page.nodes) == size, "a page that is not full says that more follow"
        after = page.page_info.end_cursor
    raise AssertionError(f"the pages never end: {met[:9]}")


@given(places, radii, st.none() | st.just(Capability.PICKUP), st.integers(1, 5))
async def test_walking_all_pages_meets_every_store_once_by_distance_ties_by_id_LOC_2(
    kept: list[Location], radius_km: float, capability: Capability | None, size: int
) -> None:
    met = await walked(on_the_map(kept), size, radius_km, capability)
    assert met == measured(kept, radius_km, capability)


@given(places, radii, radii)
async def test_a_wider_circle_keeps_what_a_narrower_one_found_LOC_2(
    kept: list[Location], one: float, other: float
) -> None:
    narrow, wide = sorted((one, other))
    ctx = on_the_map(kept)
    inner, outer = await walked(ctx, 3, narrow, None), await walked(ctx, 3, wide, None)
    assert outer[: len(inner)] == inner


@given(places, radii)
async def test_a_store_that_cannot_do_it_is_never_named_LOC_3(kept: list[Location], radius_km: float) -> None:
    able = {place.id for place in kept if Capability.PICKUP in place.capabilities}
    assert set(await walked(on_the_map(kept), 3, radius_km, Capability.PICKUP)) <= able


async def test_a_store_in_the_corner_of_the_box_is_not_in_the_circle() -> None:
    corner = shop("CORNER", coordinates=Coordinates(31.03, 121.03))
    assert await walked(on_the_map([corner]), 1, 4.0, None) == []
    assert await walked(on_the_map([corner]), 1, 4.5, None) == ["CORNER"]


async def test_a_warehouse_next_door_is_no_store() -> None:
    kept = [shop(type.value, type=type) for type in LocationType]
    (page,) = await resolvers.locations.stores(on_the_map(kept), [None], near=PEOPLES_SQUARE)
    assert [nearby.location.id for nearby in page.nodes] == ["STORE"]


async def test_where_thousands_of_stores_stand_close_the_nearest_are_still_the_nearest_LOC_2() -> None:
    crowd = [
        shop(f"A{n:04}", coordinates=Coordinates(31.02 + n % 50 / 10_000, 121.02 + n // 50 / 10_000))
        for n in range(resolvers.locations.MOST_IN_A_BOX + 100)
    ]
    next_door = shop("Z", coordinates=Coordinates(31.001, 121))
    (page,) = await resolvers.locations.stores(on_the_map([*crowd, next_door]), [None], near=CENTRE, first=3)
    assert [nearby.location.id for nearby in page.nodes] == measured([*crowd, next_door], 50, None)[:3]


async def test_where_thousands_of_stores_stand_on_one_spot_a_page_of_them_still_comes() -> None:
    heap = [shop(f"A{n:04}", coordinates=PEOPLES_SQUARE) for n in range(resolvers.locations.MOST_IN_A_BOX + 9)]
    (page,) = await resolvers.locations.stores(on_the_map(heap), [None], near=PEOPLES_SQUARE, first=2)
    assert [nearby.location.id for nearby in page.nodes] == ["A0000", "A0001"]


async def test_the_widest_circle_is_one_that_may_be_asked() -> None:
    (page,) = await resolvers.locations.stores(
        on_the_map([shop("SH001")]), [None], near=PEOPLES_SQUARE, radius_km=resolvers.locations.WIDEST_KM
    )
    assert [nearby.location.id for nearby in page.nodes] == ["SH001"]


async def test_locations_are_known_by_id_or_code_and_every_one_that_is_missing_is_named() -> None:
    ctx = on_the_map([shop("SH001"), shop("SH002")])
    references = [resolvers.ids.encode("Location", "SH002"), "SH001"]
    assert [place.id for place in await resolvers.locations.all_known(ctx, references)] == ["SH002", "SH001"]
    assert [place and place.id for place in await resolvers.locations.location(ctx, [None], id=references[0])] == [
        "SH002"
    ]
    with pytest.raises(BadQuestion, match="'nope', 'neither'"):
        await resolvers.locations.all_known(ctx, ["nope", "SH001", "neither"])


async def test_the_database_finds_what_memory_finds_DSR_5(store: Store, migrated_database_url: str) -> None:
    kept = [
        shop(f"S{n:02}", coordinates=Coordinates(31 + n % 5 / 20, 121 + n % 7 / 20), capabilities=frozenset(able))
        for n, able in enumerate([(Capability.PICKUP,), (), (Capability.PICKUP, Capability.RETURNS)] * 8)
    ]
    await fill(migrated_database_url, kept)
    for capability in (None, Capability.RETURNS):
        assert await walked(asked(store), 5, 60, capability) == measured(kept, 60, capability)


@pytest.mark.parametrize("radius_km", [0, -1, 200.1, float("nan"), float("inf")])
async def test_a_circle_of_no_size_or_beyond_all_bounds_is_a_bad_question(radius_km: float) -> None:
    with pytest.raises(BadQuestion, match="radiusKm"):
        await resolvers.locations.stores(on_the_map([]), [None], near=PEOPLES_SQUARE, radius_km=radius_km)
