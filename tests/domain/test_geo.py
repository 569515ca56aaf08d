"""Distances, boxes, polygons, and the offsets of Chinese maps against published pairs."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import domain.geo
from domain.geo import EARTH_RADIUS_KM, Box, Coordinates, CoordinateSystem

WGS84, GCJ02, BD09 = CoordinateSystem
TIANANMEN = Coordinates(39.915, 116.404)

# One at least in each part of the border: Harbin, Guangzhou, Kashgar, Shigatse, Ürümqi, Sanya, Kunming, Hulunbuir.
CITIES = [
    *(Coordinates(45.8, 126.53), Coordinates(23.13, 113.26), Coordinates(39.47, 75.99), Coordinates(29.27, 88.88)),
    *(Coordinates(43.83, 87.62), Coordinates(18.25, 109.51), Coordinates(25.04, 102.71), Coordinates(49.21, 119.77)),
]
# And outside it: Seoul, Tokyo, Hanoi, Delhi, Taipei, Haiphong, Chita, Svobodny, Vladivostok.
NEIGHBOURS = [
    *(Coordinates(37.57, 126.98), Coordinates(35.68, 139.69), Coordinates(21.03, 105.85), Coordinates(28.61, 77.21)),
    *(Coordinates(25.04, 121.56), Coordinates(20.86, 106.68), Coordinates(52.03, 113.5), Coordinates(51.38, 128.13)),
    Coordinates(43.12, 131.89),
]

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.builds(Coordinates, latitudes, longitudes)
points_of_any_map = st.builds(Coordinates, latitudes, longitudes, st.sampled_from(CoordinateSystem))
in_china = st.one_of(  # well inside: Yangtze valley, north, Xinjiang, Hainan
    st.builds(Coordinates, st.floats(26, 33), st.floats(100, 119)),
    st.builds(Coordinates, st.floats(33, 41), st.floats(85, 123)),
    st.builds(Coordinates, st.floats(43, 48), st.floats(81, 95)),
    st.builds(Coordinates, st.floats(18, 20), st.floats(108.5, 111)),
    st.sampled_from(CITIES),
)
abroad = st.one_of(
    st.builds(Coordinates, st.floats(-90, 16), longitudes),
    st.builds(Coordinates, latitudes, st.floats(-180, 72)),
    st.builds(Coordinates, latitudes, st.floats(136, 180)),
    st.sampled_from(NEIGHBOURS),
)


def _close(a: Coordinates, b: Coordinates, degrees: float) -> bool:
    return abs(a.latitude - b.latitude) < degrees and abs(a.longitude - b.longitude) < degrees


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (math.nan, 0), (0, math.nan)]
)
def test_a_point_off_the_globe_is_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="not a latitude and longitude"):
        Coordinates(latitude, longitude)


@pytest.mark.parametrize(
    ("point", "system", "published"),
    [  # the test values of wandergis/coordtransform, which hutool and others repeat
        (TIANANMEN, GCJ02, Coordinates(39.91640428150164, 116.41024449916938, GCJ02)),
        (Coordinates(39.915, 116.404, GCJ02), BD09, Coordinates(39.92133699351021, 116.41036949371029, BD09)),
    ],
)
def test_offsets_agree_with_the_published_pairs(
    point: Coordinates, system: CoordinateSystem, published: Coordinates
) -> None:
    assert _close(domain.geo.convert(point, system), published, 1e-9)


@pytest.mark.parametrize(
    ("point", "system", "published"),
    [
        (Coordinates(39.915, 116.404, GCJ02), WGS84, Coordinates(39.91359571849836, 116.39775550083061)),
        (Coordinates(39.915, 116.404, BD09), GCJ02, Coordinates(39.90865673957631, 116.39762729119315, GCJ02)),
    ],
)
def test_going_back_agrees_with_the_published_one_step_inverses_to_a_metre(
    point: Coordinates, system: CoordinateSystem, published: Coordinates
) -> None:
    assert _close(domain.geo.convert(point, system), published, 1e-5)


@given(in_china, st.sampled_from([GCJ02, BD09]), st.sampled_from(CoordinateSystem))
def test_a_point_in_china_survives_the_way_through_any_two_maps(
    point: Coordinates, one: CoordinateSystem, other: CoordinateSystem
) -> None:
    shown = domain.geo.convert(point, one)
    assert 0.05 < domain.geo.distance_km(point, Coordinates(shown.latitude, shown.longitude)) < 2.5
    assert _close(domain.geo.convert(domain.geo.convert(shown, other), WGS84), point, 1e-8)


@given(abroad, st.sampled_from(CoordinateSystem), st.sampled_from(CoordinateSystem))
def test_abroad_all_maps_show_the_same(point: Coordinates, one: CoordinateSystem, other: CoordinateSystem) -> None:
    there = domain.geo.convert(Coordinates(point.latitude, point.longitude, one), other)
    assert there == Coordinates(point.latitude, point.longitude, other)


@given(points_of_any_map, st.sampled_from(CoordinateSystem))
def test_every_point_converts_to_a_point_nearby(point: Coordinates, system: CoordinateSystem) -> None:
    assert _close(domain.geo.convert(point, system), point, 0.03)


@given(points_of_any_map, points_of_any_map)
def test_distance_is_symmetric_zero_on_equal_points_and_at_most_half_the_globe_LOC_1(
    a: Coordinates, b: Coordinates
) -> None:
    assert domain.geo.distance_km(a, b) == domain.geo.distance_km(b, a)
    assert domain.geo.distance_km(a, a) == 0
    assert 0 <= domain.geo.distance_km(a, b) <= math.pi * EARTH_RADIUS_KM


@given(points, points)
def test_distance_is_the_angle_between_two_directions_from_the_centre_of_the_earth(
    a: Coordinates, b: Coordinates
) -> None:
    def direction(point: Coordinates) -> tuple[float, float, float]:
        latitude, longitude = math.radians(point.latitude), math.radians(point.longitude)
        across = math.cos(latitude)
        return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)

    half_angle = math.asin(min(1.0, math.dist(direction(a), direction(b)) / 2))
    assert domain.geo.distance_km(a, b) == pytest.approx(2 * EARTH_RADIUS_KM * half_angle, abs=1e-3)


@pytest.mark.parametrize("system", [GCJ02, BD09])
def test_maps_are_offset_everywhere_in_china_and_nowhere_beyond_its_border(system: CoordinateSystem) -> None:
    for city in CITIES:
        shown = domain.geo.convert(city, system)
        assert 0.1 < domain.geo.distance_km(city, Coordinates(shown.latitude, shown.longitude)) < 2
        assert _close(domain.geo.convert(shown, WGS84), city, 1e-8)
    for city in NEIGHBOURS:
        assert domain.geo.convert(city, system) == Coordinates(city.latitude, city.longitude, system)
        assert domain.geo.convert(Coordinates(city.latitude, city.longitude, system), WGS84) == city


def test_shanghai_is_1068_km_from_beijing_on_whichever_map_it_was_found() -> None:
    bund = Coordinates(31.2397, 121.4905)
    for system in CoordinateSystem:
        shown = domain.geo.convert(bund, system)
        assert domain.geo.distance_km(TIANANMEN, shown) == pytest.approx(1068, abs=1)


def _contains(box: Box, point: Coordinates) -> bool:
    return box.south <= point.latitude <= box.north and box.west <= point.longitude <= box.east


@given(points, points)
def test_a_box_holds_even_the_points_exactly_at_its_radius(centre: Coordinates, point: Coordinates) -> None:
    assert _contains(domain.geo.bounding_box(centre, domain.geo.distance_km(centre, point)), point)


@given(points, st.floats(0.001, 100), st.floats(0, 2 * math.pi))
def test_a_small_box_holds_its_circle(centre: Coordinates, radius_km: float, bearing: float) -> None:
    north, east = radius_km * math.cos(bearing) / 111.2, radius_km * math.sin(bearing) / 111.2
    assume(abs(centre.latitude) < 85)
    longitude = centre.longitude + east / math.cos(math.radians(centre.latitude))
    assume(abs(longitude) <= 180)
    point = Coordinates(centre.latitude + north, longitude)
    assume(domain.geo.distance_km(centre, point) <= radius_km)
    assert _contains(domain.geo.bounding_box(centre, radius_km), point)


def test_a_box_is_snug_except_at_a_pole_and_over_the_date_line() -> None:
    snug = domain.geo.bounding_box(TIANANMEN, 10)
    assert snug.north - snug.south == pytest.approx(0.18, abs=0.001)
    assert snug.east - snug.west == pytest.approx(0.2345, abs=0.001)
    assert domain.geo.bounding_box(Coordinates(89.99, 0), 10).east == 180
    for longitude in (-179.99, 179.99):
        fiji = domain.geo.bounding_box(Coordinates(-17.7, longitude), 10)
        assert (fiji.west, fiji.east) == (-180, 180)
        assert fiji.north < -17.6


@pytest.mark.parametrize("radius_km", [-1, math.nan])
def test_a_box_needs_a_radius(radius_km: float) -> None:
    with pytest.raises(ValueError, match="not a radius"):
        domain.geo.bounding_box(TIANANMEN, radius_km)


def test_a_box_without_limit_is_the_globe() -> None:
    assert domain.geo.bounding_box(TIANANMEN, math.inf) == Box(-90, -180, 90, 180)


COMPASS = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
Corner = tuple[int, int]
stars = st.lists(st.integers(1, 6), min_size=8, max_size=8).map(
    lambda reach: [(dx * r, dy * r) for (dx, dy), r in zip(COMPASS, reach, strict=True)]
)


def _in_triangle(point: Corner, a: Corner, b: Corner, c: Corner) -> bool:
    def turn(p: Corner, q: Corner) -> int:
        return (q[0] - p[0]) * (point[1] - p[1]) - (q[1] - p[1]) * (point[0] - p[0])

    turns = turn(a, b), turn(b, c), turn(c, a)
    return all(t >= 0 for t in turns) or all(t <= 0 for t in turns)


def _on_map(corner: Corner) -> Coordinates:
    return Coordinates(float(corner[1]), float(corner[0]))


@given(stars, st.tuples(st.integers(-7, 7), st.integers(-7, 7)), st.integers(0, 7), st.booleans())
def test_a_polygon_holds_what_one_of_its_triangles_holds_edges_included(
    corners: list[Corner], point: Corner, start: int, reverse: bool
) -> None:
    expected = any(_in_triangle(point, (0, 0), corners[i - 1], corners[i]) for i in range(8))
    drawn = corners[start:] + corners[:start]
    vertices = [_on_map(corner) for corner in (reversed(drawn) if reverse else drawn)]
    assert domain.geo.in_polygon(_on_map(point), vertices) is expected
    assert domain.geo.in_polygon(_on_map(point), [*vertices, vertices[0]]) is expected


@given(st.lists(in_china, min_size=3, max_size=6), st.integers(0, 5), st.floats(0, 1))
def test_the_edge_of_a_zone_belongs_to_it_at_any_slant(corners: list[Coordinates], nth: int, share: float) -> None:
    a, b = corners[nth % len(corners)], corners[(nth + 1) % len(corners)]
    latitude = a.latitude + share * (b.latitude - a.latitude)
    longitude = a.longitude + share * (b.longitude - a.longitude)
    assert domain.geo.in_polygon(Coordinates(latitude, longitude), corners)


def test_a_zone_drawn_on_one_map_holds_a_point_read_off_another() -> None:
    square = [(31.0, 121.0), (31.0, 121.002), (31.002, 121.002), (31.002, 121.0)]
    drawn = [domain.geo.convert(Coordinates(*corner), GCJ02) for corner in square]
    assert domain.geo.in_polygon(Coordinates(31.001, 121.001), drawn)
    assert domain.geo.in_polygon(domain.geo.convert(Coordinates(31.001, 121.001), BD09), drawn)
    assert not domain.geo.in_polygon(Coordinates(31.001, 121.001, GCJ02), drawn)


def test_two_corners_enclose_nothing() -> None:
    assert not domain.geo.in_polygon(TIANANMEN, [TIANANMEN, TIANANMEN])
