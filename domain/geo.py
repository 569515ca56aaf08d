"""Places on the earth: points in the coordinate systems maps use here, distances, boxes and polygons.

Knows nothing of roads, addresses or locations; a road distance comes only from a courier.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

EARTH_RADIUS_KM = 6371.0088
_KRASOVSKY_M, _ECCENTRICITY_SQUARED = 6_378_245.0, 0.00669342162296594323
_ROUNDS = 6
_EDGE_DEGREES = 1e-9  # how far off an edge is still on it: a tenth of a millimetre
_BOX_SLACK_DEGREES = 1e-5  # a metre, for arcsines near 1 lose half their digits

Degrees = tuple[float, float]


class CoordinateSystem(Enum):
    """Where the numbers come from, which decides how far they are off."""

    WGS84 = "WGS84"
    """GPS receivers, and maps outside China."""
    GCJ02 = "GCJ02"
    """WeChat, Tencent and AutoNavi maps: offset by up to a kilometre inside China."""
    BD09 = "BD09"
    """Baidu maps: GCJ-02, offset once more."""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point in degrees, in the system it was read in.

    Raises:
        ValueError: a number is not finite or off the globe.
    """

    latitude: float
    longitude: float
    system: CoordinateSystem = CoordinateSystem.WGS84

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"({self.latitude}, {self.longitude}) is not a latitude and longitude in degrees")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of WGS84 degrees, edges included; it never crosses the 180th meridian."""

    south: float
    west: float
    north: float
    east: float


def convert(point: Coordinates, system: CoordinateSystem) -> Coordinates:
    """Express a point in another system, to within 1e-9 degrees; outside China all three systems agree.

    The border is a coarse one, and around it the systems themselves overlap for some 700 m: no inverse exists there.
    """
    if point.system is system:
        return point
    return Coordinates(*_from_wgs84(_to_wgs84(point), system), system)


def distance_km(a: Coordinates, b: Coordinates) -> float:
    """Measure the great circle between two points, in km (haversine; LOC-1)."""
    (lat_a, lng_a), (lat_b, lng_b) = _radians(a), _radians(b)
    half_chord = (
        math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lng_b - lng_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half_chord)))


def bounding_box(centre: Coordinates, radius_km: float) -> Box:
    """Enclose every point within `radius_km`: what an index can be asked before distances are measured.

    Raises:
        ValueError: the radius is negative or no number.
    """
    if not radius_km >= 0:
        raise ValueError(f"{radius_km} km is not a radius")
    latitude, longitude = _to_wgs84(centre)
    angle = min(radius_km / EARTH_RADIUS_KM, math.pi)
    reach = math.degrees(angle) + _BOX_SLACK_DEGREES
    south, north = max(-90.0, latitude - reach), min(90.0, latitude + reach)
    if south == -90 or north == 90:  # a pole is inside, and every meridian meets there
        return Box(south, -180.0, north, 180.0)
    sideways = (
        math.degrees(math.asin(min(1.0, math.sin(angle) / math.cos(math.radians(latitude))))) + _BOX_SLACK_DEGREES
    )
    if longitude - sideways < -180 or longitude + sideways > 180:
        return Box(south, -180.0, north, 180.0)
    return Box(south, longitude - sideways, north, longitude + sideways)


def flat_order(centre: Coordinates) -> Callable[[Any, Any], Any]:
    """Give what sorts WGS84 latitudes and longitudes by distance from a point on a flat map: roughly that on the globe.

    It is mere arithmetic on two numbers, or on whatever knows it, such as the columns of a table.
    """
    latitude, longitude = _to_wgs84(centre)
    squeezed = math.cos(math.radians(latitude)) ** 2
    return lambda lat, lng: (lat - latitude) * (lat - latitude) + (lng - longitude) * (lng - longitude) * squeezed


def in_polygon(point: Coordinates, vertices: Sequence[Coordinates]) -> bool:
    """Tell whether a point lies inside a polygon or on its edge; the polygon may be open or closed, in either turn.

    Edges are straight in degrees of the first vertex's system, as they were drawn on its map, and none crosses
    the 180th meridian. Fewer than three vertices enclose nothing.
    """
    if len(vertices) < 3:
        return False
    system = vertices[0].system
    x, y = _plane(point, system)
    corners = [_plane(vertex, system) for vertex in vertices]
    inside = False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if _on_edge(x, y, (ax, ay), (bx, by)):
            return True
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            inside = not inside
    return inside


def _on_edge(x: float, y: float, a: tuple[float, float], b: tuple[float, float]) -> bool:
    along_x, along_y = b[0] - a[0], b[1] - a[1]
    length_squared = along_x**2 + along_y**2
    share = ((x - a[0]) * along_x + (y - a[1]) * along_y) / length_squared if length_squared else 0.0
    share = min(1.0, max(0.0, share))
    return math.hypot(a[0] + share * along_x - x, a[1] + share * along_y - y) <= _EDGE_DEGREES


def _plane(point: Coordinates, system: CoordinateSystem) -> tuple[float, float]:
    converted = convert(point, system)
    return converted.longitude, converted.latitude


def _radians(point: Coordinates) -> tuple[float, float]:
    latitude, longitude = _to_wgs84(point)
    return math.radians(latitude), math.radians(longitude)


def _from_wgs84(degrees: Degrees, system: CoordinateSystem) -> Degrees:
    return _OFFSETS[system](degrees) if system is not CoordinateSystem.WGS84 and _in_china(degrees) else degrees


def _to_wgs84(point: Coordinates) -> Degrees:
    """Undo an offset by approaching it: each round of guessing is some fifty times nearer than the one before."""
    shown = guess = (point.latitude, point.longitude)
    if point.system is CoordinateSystem.WGS84 or not _within(shown, (_AROUND_CHINA,)):
        return shown
    for _ in range(_ROUNDS):
        there = _OFFSETS[point.system](guess)
        guess = (guess[0] + shown[0] - there[0], guess[1] + shown[1] - there[1])
    return guess if _in_china(guess) else shown


def _gcj02(degrees: Degrees) -> Degrees:
    """Offset a point as the published reconstructions of GCJ-02 do (metres on the Krasovsky ellipsoid)."""
    latitude, longitude = degrees
    x, y, pi = longitude - 105, latitude - 35, math.pi
    ripple = 20 * math.sin(6 * pi * x) + 20 * math.sin(2 * pi * x)
    north = ripple + 20 * math.sin(pi * y) + 40 * math.sin(pi * y / 3)
    north += 160 * math.sin(pi * y / 12) + 320 * math.sin(pi * y / 30)
    north = north * 2 / 3 - 100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    east = ripple + 20 * math.sin(pi * x) + 40 * math.sin(pi * x / 3)
    east += 150 * math.sin(pi * x / 12) + 300 * math.sin(pi * x / 30)
    east = east * 2 / 3 + 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    bulge = 1 - _ECCENTRICITY_SQUARED * math.sin(math.radians(latitude)) ** 2
    along_meridian_m = _KRASOVSKY_M * (1 - _ECCENTRICITY_SQUARED) / bulge**1.5
    along_parallel_m = _KRASOVSKY_M / math.sqrt(bulge) * math.cos(math.radians(latitude))
    return latitude + math.degrees(north / along_meridian_m), longitude + math.degrees(east / along_parallel_m)


def _bd09(degrees: Degrees) -> Degrees:
    """Offset a point once more, as Baidu publishes it: turned, stretched and pushed north-east."""
    latitude, longitude = _gcj02(degrees)
    turns = math.pi * 3000 / 180
    radius = math.hypot(longitude, latitude) + 0.00002 * math.sin(latitude * turns)
    angle = math.atan2(latitude, longitude) + 0.000003 * math.cos(longitude * turns)
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065


def _in_china(degrees: Degrees) -> bool:
    return _within(degrees, _CHINA) and not _within(degrees, _NEIGHBOURS)


def _within(degrees: Degrees, boxes: Sequence[Box]) -> bool:
    latitude, longitude = degrees
    return any(b.south <= latitude <= b.north and b.west <= longitude <= b.east for b in boxes)


_OFFSETS: dict[CoordinateSystem, Callable[[Degrees], Degrees]] = {
    CoordinateSystem.GCJ02: _gcj02,
    CoordinateSystem.BD09: _bd09,
}

_AROUND_CHINA = Box(17.0, 72.0, 55.0, 136.0)
# One big rectangle would move Seoul, Hanoi and Delhi too; these follow the border coarsely, as published since 2012.
_CHINA = (
    Box(42.8899, 79.4462, 49.2204, 96.33),
    Box(39.3742, 109.6872, 54.1415, 135.0002),
    Box(29.5297, 73.1246, 42.8899, 124.143255),
    Box(26.7186, 82.9684, 29.5297, 97.0352),
    Box(20.414096, 97.0253, 29.5297, 124.367395),
    Box(17.871542, 107.975793, 20.414096, 111.744104),
)
_NEIGHBOURS = (
    Box(21.785006, 119.921265, 25.398623, 122.497559),
    Box(20.0988, 101.8652, 22.284, 106.665),
    Box(20.4878, 106.4525, 21.5422, 108.051),
    Box(50.3257, 109.0323, 55.8175, 119.127),
    Box(49.5574, 127.4568, 55.8175, 137.0227),
    Box(42.5692, 131.2662, 44.8922, 137.0227),
)
