"""Domain objects as rows of our tables, and back: what a column holds is said once for both ways."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

import domain.geo
from domain.assortment import Listing
from domain.catalog import (
    Barcode,
    BarcodeType,
    Category,
    Media,
    MediaKind,
    Option,
    OptionValue,
    Product,
    ProductStatus,
    UnitOfMeasure,
    Variant,
)
from domain.channels import Channel
from domain.geo import Coordinates, CoordinateSystem
from domain.imports import ProductEntry
from domain.locations import Capability, DeliveryZone, Location, LocationStatus, LocationType
from domain.opening import OpenInterval
from domain.prices import Price, PriceList

Values = dict[str, Any]
"""A row to be written."""


def category(item: Category) -> Values:
    """A row of `categories`."""
    return {
        "id": item.id,
        "slug": item.slug,
        "name": item.name,
        "parent_id": item.parent_id,
        "position": item.position,
    }


def to_category(row: Row[Any]) -> Category:
    """Read a category."""
    return Category(**row._mapping)


def product(item: Product) -> Values:
    """A row of `products`."""
    return {
        "id": item.id,
        "slug": item.slug,
        "title": item.title,
        "description": item.description,
        "brand": item.brand,
        "status": item.status.value,
        "options": [[option.name, list(option.values)] for option in item.options],
        "media": [[media.url, media.alt, media.kind.value] for media in item.media],
        "created_at": item.created_at,
    }


def filing(item: Product) -> list[Values]:
    """The rows of `product_categories` of one product."""
    return [
        {"product_id": item.id, "position": position, "category_id": id}
        for position, id in enumerate(dict.fromkeys(item.category_ids))
    ]


def to_product(row: Row[Any], category_ids: Sequence[str]) -> Product:
    """Read a product; its categories stand in rows of their own."""
    return Product(
        id=row.id,
        slug=row.slug,
        title=row.title,
        description=row.description,
        brand=row.brand,
        status=ProductStatus(row.status),
        options=to_options(row),
        media=tuple(Media(url, alt, MediaKind(kind)) for url, alt, kind in row.media),
        category_ids=tuple(category_ids),
        created_at=row.created_at,
    )


def to_options(row: Row[Any]) -> tuple[Option, ...]:
    """Read a product's options."""
    return tuple(Option(name, tuple(values)) for name, values in row.options)


def variant(item: Variant) -> Values:
    """A row of `variants`."""
    return {
        "sku": item.sku,
        "product_id": item.product_id,
        "option_values": [[option.name, option.value] for option in item.option_values],
        "uom": item.uom.value,
        "weight_g": item.weight_g,
        "position": item.position,
    }


def barcodes(item: Variant) -> list[Values]:
    """The rows of `barcodes` of one variant."""
    by_value = {barcode.value: barcode.type.value for barcode in item.barcodes}
    return [{"value": value, "type": type, "sku": item.sku} for value, type in by_value.items()]


def to_barcode(row: Row[Any]) -> Barcode:
    """Read a barcode."""
    return Barcode(BarcodeType(row.type), row.value)


def to_variant(row: Row[Any], codes: Sequence[Barcode]) -> Variant:
    """Read a variant; its barcodes stand in rows of their own."""
    return Variant(
        sku=row.sku,
        product_id=row.product_id,
        option_values=tuple(_option_value(name, value) for name, value in row.option_values),
        barcodes=tuple(codes),
        uom=UnitOfMeasure(row.uom),
        weight_g=row.weight_g,
        position=row.position,
    )


@lru_cache(maxsize=10_000)
def _option_value(name: str, value: str) -> OptionValue:
    """One object for all variants of one size or colour: a page shows each of them once and again."""
    return OptionValue(name, value)


def price_list(item: PriceList) -> Values:
    """A row of `price_lists`."""
    return {
        "id": item.id,
        "name": item.name,
        "currency": item.currency,
        "channel": item.channel.value if item.channel else None,
        "store_group": item.store_group,
        "member_tier": item.member_tier,
        "priority": item.priority,
        "valid_from": item.valid_from,
        "valid_to": item.valid_to,
    }


def to_price_list(row: Row[Any]) -> PriceList:
    """Read a price list."""
    channel = Channel(row.channel) if row.channel else None
    return PriceList(**dict(row._mapping) | {"channel": channel})


def price(item: Price) -> Values:
    """A row of `prices`."""
    return {
        "sku": item.sku,
        "price_list_id": item.price_list.id,
        "min_quantity": item.min_quantity,
        "amount_minor": item.amount_minor,
    }


def listing(item: Listing, product_id: str) -> Values:
    """A row of `listings`."""
    return {
        "sku": item.sku,
        "channel": item.channel.value,
        "location_id": item.location_id or "",
        "product_id": product_id,
        "listed_from": item.listed_from,
        "listed_to": item.listed_to,
    }


def to_listing(row: Row[Any]) -> Listing:
    """Read a listing."""
    return Listing(
        sku=row.sku,
        channel=Channel(row.channel),
        listed_from=row.listed_from,
        listed_to=row.listed_to,
        location_id=row.location_id or None,
    )


def location(item: Location) -> Values:
    """A row of `locations`, with the position in WGS-84 beside the one given."""
    given = item.coordinates
    wgs84 = domain.geo.convert(given, CoordinateSystem.WGS84) if given else None
    return {
        "id": item.id,
        "type": item.type.value,
        "name": item.name,
        "address": item.address,
        "city": item.city,
        "latitude": given.latitude if given else None,
        "longitude": given.longitude if given else None,
        "coordinate_system": given.system.value if given else None,
        "wgs84_latitude": wgs84.latitude if wgs84 else None,
        "wgs84_longitude": wgs84.longitude if wgs84 else None,
        "time_zone": item.time_zone,
        "hours": [[open.weekday, open.opens_minute, open.closes_minute] for open in item.hours],
        "capabilities": sorted(capability.value for capability in item.capabilities),
        "prep_minutes": item.prep_minutes,
        "daily_capacity": item.daily_capacity,
        "delivery_zone": _zone(item.delivery_zone),
        "store_group": item.store_group,
        "status": item.status.value,
    }


def to_location(row: Row[Any]) -> Location:
    """Read a location."""
    return Location(
        id=row.id,
        type=LocationType(row.type),
        name=row.name,
        address=row.address,
        city=row.city,
        coordinates=_coordinates(row),
        time_zone=row.time_zone,
        hours=tuple(OpenInterval(*interval) for interval in row.hours),
        capabilities=frozenset(map(Capability, row.capabilities)),
        prep_minutes=row.prep_minutes,
        daily_capacity=row.daily_capacity,
        delivery_zone=_to_zone(row.delivery_zone),
        status=LocationStatus(row.status),
        store_group=row.store_group,
    )


def silent(entry: ProductEntry) -> frozenset[str]:
    """Columns an entry says nothing of; the day a product was first seen is never moved."""
    return entry.silent | {"created_at"}


def _zone(zone: DeliveryZone | None) -> Values | None:
    if zone is None:
        return None
    return {
        "radius_km": zone.radius_km,
        "polygon": [[corner.latitude, corner.longitude, corner.system.value] for corner in zone.polygon],
    }


def _coordinates(row: Row[Any]) -> Coordinates | None:
    if row.latitude is None:
        return None
    return Coordinates(row.latitude, row.longitude, CoordinateSystem(row.coordinate_system))


def _to_zone(stored: dict[str, Any] | None) -> DeliveryZone | None:
    if stored is None:
        return None
    corners = (Coordinates(lat, lon, CoordinateSystem(system)) for lat, lon, system in stored["polygon"])
    return DeliveryZone(radius_km=stored["radius_km"], polygon=tuple(corners))
