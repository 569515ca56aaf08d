"""Stores and warehouses by a mapping."""

import re
from collections.abc import Sequence
from datetime import datetime

from datasources.files.record import Record
from domain.geo import Coordinates, CoordinateSystem
from domain.imports import Item
from domain.locations import Capability, DeliveryZone, Location, LocationStatus, LocationType
from domain.opening import OpenInterval

_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})")
_EARTH_KM = 20_000


def items(record: Record, written_at: datetime) -> Sequence[Item]:
    """One location."""
    return [_location(record)]


def _location(record: Record) -> Location:
    radius_km = record.decimal("delivery_radius_km", low=0, high=_EARTH_KM)
    return Location(
        id=record.needed("id"),
        type=record.choice("type", LocationType, LocationType.STORE),
        name=record.needed("name"),
        address=record.text("address"),
        city=record.text("city"),
        coordinates=_coordinates(record),
        time_zone=record.zone("time_zone", "Asia/Shanghai"),
        hours=_hours(record),
        capabilities=frozenset(record.choices("capabilities", Capability)),
        prep_minutes=record.whole("prep_minutes", 0, high=100_000) or 0,
        daily_capacity=record.whole("daily_capacity", None),
        delivery_zone=DeliveryZone(radius_km=radius_km) if radius_km is not None else None,
        status=record.choice("status", LocationStatus, LocationStatus.OPEN),
        store_group=record.text("store_group") or None,
    )


def _coordinates(record: Record) -> Coordinates | None:
    latitude = record.decimal("latitude", low=-90, high=90)
    longitude = record.decimal("longitude", low=-180, high=180)
    system = record.choice("coordinate_system", CoordinateSystem, CoordinateSystem.WGS84)
    if latitude is not None and longitude is not None:
        return Coordinates(latitude, longitude, system)
    if (latitude is None) != (longitude is None) and not record.problems:
        record.wrong("latitude" if latitude is None else "longitude", "EMPTY", "is empty, but its other half is not")
    return None


def _hours(record: Record) -> tuple[OpenInterval, ...]:
    """Read "10:00-22:00", the same on all days; over midnight it becomes two stretches a day."""
    text = record.text("hours")
    if not text:
        return ()
    found = _HOURS.fullmatch(text)
    opens, closes = (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else (0, 0)
    if opens == closes or max(opens, closes) > 1440 or opens == 1440:
        record.wrong("hours", "BAD_HOURS", f"{text!r} is no stretch of a day such as 10:00-22:00")
        return ()
    stretches = [(opens, closes)] if opens < closes else [(0, closes), (opens, 1440)]
    return tuple(OpenInterval(day, start, end) for day in range(7) for start, end in stretches if start < end)
