"""Which locations are near, which can do what is asked, and when they are ready."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.geo
import domain.locations
from domain.geo import Coordinates, CoordinateSystem
from domain.locations import Capability, DeliveryZone, Location, LocationStatus, LocationType
from domain.opening import OpenInterval

BUND = Coordinates(31.2397, 121.4905)
SHOP = Location(
    id="SH001",
    type=LocationType.STORE,
    name="外滩店",
    address="中山东一路",
    city="上海市",
    coordinates=BUND,
    capabilities=frozenset({Capability.PICKUP}),
)

# A coarse grid, so that equal distances happen.
grid = st.builds(
    lambda south, west: Coordinates(31 + south / 20, 121 + west / 20), st.integers(0, 1), st.integers(0, 1)
)
shops = st.lists(
    st.builds(
        lambda number, coordinates, capabilities, status: replace(
            SHOP, id=f"SH{number:03}", coordinates=coordinates, capabilities=capabilities, status=status
        ),
        st.integers(0, 999),
        st.none() | grid,
        st.frozensets(st.sampled_from(Capability)),
        st.sampled_from([LocationStatus.OPEN, *LocationStatus]),
    ),
    max_size=12,
    unique_by=lambda shop: shop.id,
)
radii = st.none() | st.floats(0, 15)
capabilities = st.none() | st.sampled_from(Capability)


@given(shops, grid, radii, st.randoms(use_true_random=False))
def test_the_nearest_come_first_ties_by_id_whatever_order_they_are_kept_in_LOC_2(
    kept: list[Location], point: Coordinates, radius_km: float | None, shuffler: Random
) -> None:
    found = domain.locations.nearest(kept, point, radius_km=radius_km)
    ranks = [(nearby.distance_km, nearby.location.id) for nearby in found]
    assert ranks == sorted(ranks)
    shuffler.shuffle(kept)
    assert domain.locations.nearest(kept, point, radius_km=radius_km) == found


@given(shops, grid, st.floats(0, 15), radii)
def test_a_larger_radius_keeps_the_earlier_results_as_a_prefix_LOC_2(
    kept: list[Location], point: Coordinates, radius_km: float, wider_km: float | None
) -> None:
    near = domain.locations.nearest(kept, point, radius_km=radius_km)
    wider_km = wider_km if wider_km is None else max(radius_km, wider_km)
    assert domain.locations.nearest(kept, point, radius_km=wider_km)[: len(near)] == near


@given(shops, grid, radii, capabilities)
def test_exactly_those_open_placed_and_able_are_found_LOC_3(
    kept: list[Location], point: Coordinates, radius_km: float | None, capability: Capability | None
) -> None:
    expected = set()
    for shop in kept:
        if shop.status is not LocationStatus.OPEN or shop.coordinates is None:
            continue
        if capability is not None and capability not in shop.capabilities:
            continue
        if radius_km is None or domain.geo.distance_km(shop.coordinates, point) <= radius_km:
            expected.add(shop.id)
    found = domain.locations.nearest(kept, point, radius_km=radius_km, capability=capability)
    assert {nearby.location.id for nearby in found} == expected


def test_a_shop_exactly_at_the_radius_is_within_it() -> None:
    here = Coordinates(31.3, 121.5)
    (nearby,) = domain.locations.nearest([SHOP], here)
    assert domain.locations.nearest([SHOP], here, radius_km=nearby.distance_km) == [nearby]
    assert domain.locations.in_zone(replace(SHOP, delivery_zone=DeliveryZone(nearby.distance_km)), here)


def test_a_shop_at_one_s_feet_is_found_on_any_map() -> None:
    for system in CoordinateSystem:
        (nearby,) = domain.locations.nearest([SHOP], domain.geo.convert(BUND, system), radius_km=0.001)
        assert nearby.distance_km < 0.0001


SQUARE = tuple(Coordinates(*corner) for corner in ((31.0, 121.0), (31.0, 121.1), (31.1, 121.1), (31.1, 121.0)))


@pytest.mark.parametrize(
    ("zone", "reached"),
    [
        (None, [False, False]),
        (DeliveryZone(), [False, False]),
        (DeliveryZone(radius_km=5), [True, False]),
        (DeliveryZone(polygon=SQUARE), [False, True]),
        (DeliveryZone(radius_km=5, polygon=SQUARE), [True, True]),
    ],
    ids=["no zone", "empty zone", "radius", "polygon", "both"],
)
def test_a_courier_goes_within_the_radius_and_inside_the_polygon(
    zone: DeliveryZone | None, reached: list[bool]
) -> None:
    shop = replace(SHOP, delivery_zone=zone)
    near, inside = Coordinates(31.25, 121.5), Coordinates(31.05, 121.1)
    assert [domain.locations.in_zone(shop, point) for point in (near, inside)] == reached


def test_a_radius_around_a_shop_nobody_placed_reaches_nowhere() -> None:
    shop = replace(SHOP, coordinates=None, delivery_zone=DeliveryZone(radius_km=5, polygon=SQUARE))
    assert not domain.locations.in_zone(shop, BUND)
    assert domain.locations.in_zone(shop, SQUARE[0])


def test_a_shop_is_ready_in_its_own_hours_and_time_LOC_4() -> None:
    sunday_10_to_18 = (OpenInterval(6, 600, 1080),)
    shop = replace(SHOP, hours=sunday_10_to_18, prep_minutes=30)
    saturday_evening = datetime(2026, 11, 21, 12, tzinfo=UTC)
    opens_at = datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert domain.locations.ready_at(shop, saturday_evening) == opens_at + timedelta(minutes=30)
    assert domain.locations.ready_at(SHOP, saturday_evening) is None
