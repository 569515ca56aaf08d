"""The stores: twelve in Shanghai, Beijing and Shenzhen, a warehouse and a cloud warehouse (云仓), all invented.

Districts and shopping streets are real, house numbers are not; coordinates are WGS-84, to a hundred metres or so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.geo import Coordinates
from domain.locations import Capability, DeliveryZone, Location, LocationType
from domain.opening import OpenInterval

MERCHANT = "霁川行 Jichuan"
EAST, NORTH, SOUTH = "east", "north", "south"

Hours = tuple[tuple[int, int], tuple[int, int]]
"""Opening and closing hour from Sunday to Thursday, and on Friday and Saturday."""

USUAL: Hours = ((10, 22), (10, 22))
LATE_WEEKEND: Hours = ((10, 22), (10, 23))
OFFICES: Hours = ((10, 21), (10, 22))
ROUND_THE_CLOCK: Hours = ((0, 24), (0, 24))
DAY_SHIFT: Hours = ((8, 20), (8, 20))
_FRIDAY, _SATURDAY = 4, 5

_EVERYTHING = frozenset(Capability)
_NO_COURIER = _EVERYTHING - {Capability.CITY_COURIER}
_NO_SHIPPING = _EVERYTHING - {Capability.SHIP_FROM}
_SHIPS_ONLY = frozenset({Capability.SHIP_FROM})
_SHIPS_AND_COURIERS = frozenset({Capability.SHIP_FROM, Capability.CITY_COURIER})


@dataclass(frozen=True, slots=True)
class Site:
    """One row of the table below; `busy` scales what its shelves hold."""

    id: str
    city: str
    name: str
    address: str
    at: tuple[float, float]
    group: str
    hours: Hours = USUAL
    capabilities: frozenset[Capability] = _EVERYTHING
    prep_minutes: int = 30
    daily_capacity: int | None = 120
    radius_km: float | None = 5.0
    busy: float = 1.0
    type: LocationType = LocationType.STORE


SITES = (
    Site("SH001", "上海", "静安寺店", "静安区南京西路1688号 1层", (31.2234, 121.4453), EAST, LATE_WEEKEND, busy=1.4),
    Site("SH002", "上海", "徐家汇店", "徐汇区漕溪北路39号 2层", (31.1946, 121.4366), EAST, prep_minutes=20, busy=1.2),
    Site("SH003", "上海", "陆家嘴店", "浦东新区世纪大道118号 B1层", (31.2363, 121.5021), EAST, OFFICES, radius_km=3.0),
    Site(
        "SH004", "上海", "五角场店", "杨浦区淞沪路77号 1层", (31.3003, 121.5141), EAST, prep_minutes=45, radius_km=6.0
    ),
    Site(
        "SH005",
        "上海",
        "虹桥店",
        "闵行区申长路868号 3层",
        (31.1945, 121.3148),
        EAST,
        capabilities=_NO_COURIER,
        radius_km=None,
    ),
    Site("BJ001", "北京", "三里屯店", "朝阳区三里屯路29号 1层", (39.9337, 116.4543), NORTH, LATE_WEEKEND, busy=1.3),
    Site("BJ002", "北京", "西单店", "西城区西单北大街141号 2层", (39.9108, 116.3735), NORTH, prep_minutes=45),
    Site(
        "BJ003",
        "北京",
        "国贸店",
        "朝阳区建国门外大街6号 B1层",
        (39.9088, 116.4577),
        NORTH,
        OFFICES,
        prep_minutes=20,
        radius_km=4.0,
    ),
    Site(
        "BJ004",
        "北京",
        "中关村店",
        "海淀区中关村大街25号 1层",
        (39.9786, 116.3142),
        NORTH,
        capabilities=_NO_SHIPPING,
        busy=0.8,
    ),
    Site("SZ001", "深圳", "万象店", "罗湖区宝安南路1992号 2层", (22.5389, 114.1068), SOUTH, LATE_WEEKEND, busy=1.2),
    Site("SZ002", "深圳", "海岸店", "南山区文心五路51号 1层", (22.5176, 113.9348), SOUTH, LATE_WEEKEND, radius_km=6.0),
    Site("SZ003", "深圳", "福田店", "福田区福华三路290号 B1层", (22.5343, 114.0539), SOUTH, prep_minutes=45, busy=0.8),
    Site(
        "WH01",
        "上海",
        "华东总仓",
        "青浦区华新镇新协路1398号",
        (31.2402, 121.2297),
        EAST,
        DAY_SHIFT,
        capabilities=_SHIPS_ONLY,
        prep_minutes=120,
        daily_capacity=3000,
        radius_km=None,
        busy=20.0,
        type=LocationType.WAREHOUSE,
    ),
    Site(
        "CW01",
        "深圳",
        "华南云仓",
        "龙岗区平湖街道物流大道68号",
        (22.6853, 114.1271),
        SOUTH,
        ROUND_THE_CLOCK,
        capabilities=_SHIPS_AND_COURIERS,
        prep_minutes=60,
        daily_capacity=1500,
        radius_km=25.0,
        busy=8.0,
        type=LocationType.CLOUD_WAREHOUSE,
    ),
)


def locations() -> Iterator[Location]:
    """Yield the twelve stores, then the two warehouses."""
    return map(_location, SITES)


def _location(site: Site) -> Location:
    return Location(
        id=site.id,
        type=site.type,
        name=f"{MERCHANT} {site.name}",
        address=f"{site.city}市{site.address}",
        city=site.city,
        coordinates=Coordinates(*site.at),
        hours=_week(site.hours),
        capabilities=site.capabilities,
        prep_minutes=site.prep_minutes,
        daily_capacity=site.daily_capacity,
        delivery_zone=DeliveryZone(radius_km=site.radius_km) if site.radius_km else None,
        store_group=site.group,
    )


def _week(hours: Hours) -> tuple[OpenInterval, ...]:
    days, eves = hours
    opening = [eves if weekday in (_FRIDAY, _SATURDAY) else days for weekday in range(7)]
    return tuple(OpenInterval(weekday, opens * 60, closes * 60) for weekday, (opens, closes) in enumerate(opening))
