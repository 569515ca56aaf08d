"""Locations: shops and warehouses, what each can do, how near it is, and when goods are ready there.

Knows nothing of stock, and never measures a road: distances are as the crow flies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import domain.geo
import domain.opening
from domain.geo import Coordinates, CoordinateSystem
from domain.opening import OpenInterval


class LocationType(Enum):
    """What kind of place keeps the goods."""

    STORE = "STORE"
    WAREHOUSE = "WAREHOUSE"
    CLOUD_WAREHOUSE = "CLOUD_WAREHOUSE"
    SUPPLIER = "SUPPLIER"
    TRANSIT = "TRANSIT"


class Capability(Enum):
    """What a location can do for an order."""

    PICKUP = "PICKUP"
    SHIP_FROM = "SHIP_FROM"
    CITY_COURIER = "CITY_COURIER"
    RETURNS = "RETURNS"
    RESERVE = "RESERVE"


class LocationStatus(Enum):
    """Whether a location takes part at all: suspended comes back, closed does not."""

    OPEN = "OPEN"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class DeliveryZone:
    """Where a location's courier goes: everywhere within a radius, and everywhere inside a polygon."""

    radius_km: float | None = None
    polygon: tuple[Coordinates, ...] = ()


@dataclass(frozen=True, slots=True)
class Location:
    """One place; `id` is the merchant's own code, `store_group` the set of stores that shares a price list."""

    id: str
    type: LocationType
    name: str
    address: str
    city: str
    coordinates: Coordinates | None
    time_zone: str = "Asia/Shanghai"
    hours: tuple[OpenInterval, ...] = ()
    capabilities: frozenset[Capability] = frozenset()
    prep_minutes: int = 0
    daily_capacity: int | None = None
    delivery_zone: DeliveryZone | None = None
    status: LocationStatus = LocationStatus.OPEN
    store_group: str | None = None


@dataclass(frozen=True, slots=True)
class Nearby:
    """A location and how far off it is, as the crow flies."""

    location: Location
    distance_km: float


def nearest(
    locations: Iterable[Location],
    point: Coordinates,
    *,
    radius_km: float | None = None,
    capability: Capability | None = None,
) -> list[Nearby]:
    """Sort the open locations by distance, ties by id (LOC-2); those nobody has placed on a map are left out.

    At most `radius_km` away, edge included, and able to do what is asked (LOC-3), where these are given.
    """
    here = domain.geo.convert(point, CoordinateSystem.WGS84)
    found = [
        Nearby(location, domain.geo.distance_km(here, location.coordinates))
        for location in locations
        if location.coordinates and _takes_part(location, capability)
    ]
    within = [nearby for nearby in found if radius_km is None or nearby.distance_km <= radius_km]
    return sorted(within, key=lambda nearby: (nearby.distance_km, nearby.location.id))


def in_zone(location: Location, point: Coordinates) -> bool:
    """Tell whether the location's courier goes to a point; without a zone it goes nowhere."""
    zone = location.delivery_zone
    if zone is None:
        return False
    return _in_radius(location, zone.radius_km, point) or domain.geo.in_polygon(point, zone.polygon)


def ready_at(location: Location, now: datetime) -> datetime | None:
    """Find when goods asked for now can be handed over there (LOC-4); None if its hours are not known."""
    return domain.opening.ready_at(
        location.hours, time_zone=location.time_zone, prep_minutes=location.prep_minutes, now=now
    )


def _takes_part(location: Location, capability: Capability | None) -> bool:
    able = capability is None or capability in location.capabilities
    return able and location.status is LocationStatus.OPEN


def _in_radius(location: Location, radius_km: float | None, point: Coordinates) -> bool:
    if radius_km is None or location.coordinates is None:
        return False
    return domain.geo.distance_km(location.coordinates, point) <= radius_km
