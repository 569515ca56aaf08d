"""Stores and warehouses, in GraphQL's words. Distance and opening stand in `domain/locations.py`."""

import strawberry

import domain.geo
import domain.locations
import domain.opening
import resolvers.locations
from domain.geo import Coordinates, CoordinateSystem
from domain.locations import Capability, LocationStatus, LocationType
from resolvers.paging import Connection, Edge
from schema.base import Argument, batch, derived, enum, plain, view
from schema.inputs import input
from schema.node import Node, global_id
from schema.paging import AFTER, FIRST, PageInfo

enum(
    CoordinateSystem,
    "Which system a pair of coordinates is in; they differ by 100 to 700 m in China.",
    WGS84="GPS, and what `wx.getLocation` gives by default.",
    GCJ02="Maps of WeChat, Tencent and AutoNavi.",
    BD09="Maps of Baidu.",
)
enum(
    LocationType,
    "What kind of place keeps the goods.",
    STORE="A shop that people walk into.",
    WAREHOUSE="A warehouse of the merchant.",
    CLOUD_WAREHOUSE="A warehouse shared with others (云仓).",
    SUPPLIER="Goods that the supplier still has.",
    TRANSIT="Goods on their way.",
)
enum(
    Capability,
    "What a location can do for an order.",
    PICKUP="Hand it over to who collects it.",
    SHIP_FROM="Send it by parcel.",
    CITY_COURIER="Send it by courier within the city.",
    RETURNS="Take goods back.",
    RESERVE="Keep a piece for somebody.",
)
enum(
    LocationStatus,
    "Whether a location takes part.",
    OPEN="It does.",
    SUSPENDED="Not for now.",
    CLOSED="Not any more.",
)


@input(resolvers.locations.point, description="A point on the map.")
class GeoPointInput:
    latitude: float = strawberry.field(description="Degrees north, -90 to 90.")
    longitude: float = strawberry.field(description="Degrees east, -180 to 180.")
    system: CoordinateSystem = strawberry.field(
        default=CoordinateSystem.WGS84, description="The system the two numbers are in."
    )


@view(Coordinates, description="A point on the map.")
class GeoPoint:
    latitude: float = plain("Degrees north.")
    longitude: float = plain("Degrees east.")
    system: CoordinateSystem = plain("The system the two numbers are in.")


@view(domain.opening.OpenInterval, description="Open on one day of the week from one local time to another.")
class OpenInterval:
    weekday: int = plain("0 is Monday.")
    opens_minute: int = plain("Minutes after local midnight.")
    closes_minute: int = plain("Minutes after local midnight, at most 1440.")


@view(domain.locations.Location, description="A store or warehouse.")
class Location(Node):
    id: strawberry.ID = global_id("Location", resolvers.locations.locations_by_ids)
    code: str = plain("The merchant's own code.", attribute="id")
    type: LocationType = plain("What kind of place it is.")
    name: str = plain("What it is called.")
    address: str = plain("Street address; empty if unknown.")
    city: str = plain("The city it is in.")
    coordinates: GeoPoint | None = batch(
        resolvers.locations.coordinates,
        description="Where it is, in the system you ask for; null if nobody has placed it on a map.",
        system="The system the answer shall be in.",
    )
    time_zone: str = plain("IANA name, such as Asia/Shanghai: its hours are in it.")
    hours: list[OpenInterval] = plain("When it is open; empty if unknown.")
    capabilities: list[Capability] = derived(
        lambda location: sorted(location.capabilities, key=lambda c: c.value),
        description="What it can do for an order, by name.",
    )
    status: LocationStatus = plain("Whether it takes part.")


@view(domain.locations.Nearby, description="A location and how far it is.")
class NearbyLocation:
    location: Location = plain("The location.")
    distance_km: float = derived(
        lambda nearby: round(nearby.distance_km, 3), description="Kilometres as the crow flies, to the metre."
    )


@view(Edge, description="A location in a list.")
class NearbyLocationEdge:
    node: NearbyLocation = plain("The location and its distance.")
    cursor: str = plain("Go on after it with this.")


@view(Connection, description="A page of locations.")
class NearbyLocationConnection:
    nodes: list[NearbyLocation] = plain("The locations with their distances.")
    edges: list[NearbyLocationEdge] = plain("The same, each with its cursor.")
    page_info: PageInfo = plain("Whether more follow.")


RADIUS = f"Kilometres around `near`, above 0 and at most {resolvers.locations.WIDEST_KM:g}."


@strawberry.type
class LocationQuery:
    location: Location | None = batch(
        resolvers.locations.location,
        description="One store or warehouse; null if there is none.",
        id=Argument("Its id, or the merchant's own code.", strawberry.ID),
    )
    stores: NearbyLocationConnection = batch(
        resolvers.locations.stores,
        description="Open stores near a point, the nearest first, ties by id.",
        near=Argument("Where you are.", GeoPointInput),
        radius_km=RADIUS,
        capability="Only stores that can do this.",
        first=FIRST,
        after=AFTER,
    )
