"""Domain objects as rows of our tables: the mirror image of what the readers in this room do."""

from typing import Any

import domain.geo
from domain.assortment import Listing
from domain.catalog import Category, Product, Variant
from domain.geo import CoordinateSystem
from domain.imports import ProductEntry
from domain.locations import DeliveryZone, Location
from domain.prices import Price, PriceList

Row = dict[str, Any]


def category(item: Category) -> Row:
    """A row of `categories`."""
    return {
        "id": item.id,
        "slug": item.slug,
        "name": item.name,
        "parent_id": item.parent_id,
        "position": item.position,
    }


def product(item: Product) -> Row:
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


def filing(item: Product) -> list[Row]:
    """The rows of `product_categories` of one product."""
    return [
        {"product_id": item.id, "position": position, "category_id": id}
        for position, id in enumerate(dict.fromkeys(item.category_ids))
    ]


def variant(item: Variant) -> Row:
    """A row of `variants`."""
    return {
        "sku": item.sku,
        "product_id": item.product_id,
        "option_values": [[option.name, option.value] for option in item.option_values],
        "uom": item.uom.value,
        "weight_g": item.weight_g,
        "position": item.position,
    }


def barcodes(item: Variant) -> list[Row]:
    """The rows of `barcodes` of one variant."""
    by_value = {barcode.value: barcode.type.value for barcode in item.barcodes}
    return [{"value": value, "type": type, "sku": item.sku} for value, type in by_value.items()]


def price_list(item: PriceList) -> Row:
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


def price(item: Price) -> Row:
    """A row of `prices`."""
    return {
        "sku": item.sku,
        "price_list_id": item.price_list.id,
        "min_quantity": item.min_quantity,
        "amount_minor": item.amount_minor,
    }


def listing(item: Listing, product_id: str) -> Row:
    """A row of `listings`."""
    return {
        "sku": item.sku,
        "channel": item.channel.value,
        "location_id": item.location_id or "",
        "product_id": product_id,
        "listed_from": item.listed_from,
        "listed_to": item.listed_to,
    }


def location(item: Location) -> Row:
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


def silent(entry: ProductEntry) -> frozenset[str]:
    """Columns an entry says nothing of; the day a product was first seen is never moved."""
    return entry.silent | {"created_at"}


def _zone(zone: DeliveryZone | None) -> Row | None:
    if zone is None:
        return None
    return {
        "radius_km": zone.radius_km,
        "polygon": [[corner.latitude, corner.longitude, corner.system.value] for corner in zone.polygon],
    }
