"""The stock on the first morning: full shelves and gaps, last pieces, and places nobody ever counted."""

from collections.abc import Iterator
from datetime import datetime

from datasources.demo.assortment import stores_of
from datasources.demo.chance import chance
from datasources.demo.products import Fate, Style
from datasources.demo.stores import SITES, Site
from datasources.demo.traffic import HOT_LOCATIONS, HOT_SKUS
from domain.locations import LocationType
from domain.movements import Count

_CARRIED, _WAREHOUSED = 0.75, 0.97
_NONE, _LAST_PIECES, _LOW = 0.10, 0.28, 3
_USUAL, _HOT = (4, 16), (6, 12)


def counts(style: Style, now: datetime) -> Iterator[Count]:
    """Count every variant of a style where it is carried; what is carried nowhere was never counted there."""
    if style.fate is Fate.DRAFT:
        return
    sites = [site for site in SITES if _carries(site, style)]
    for sku in style.skus:
        dice = chance("stock", sku)
        for site in sites:
            yield Count(sku, site.id, _quantity(sku, site, roll=dice.random(), spread=dice.random()), now)


def _carries(site: Site, style: Style) -> bool:
    if site.type is not LocationType.STORE:
        return chance("carried", style.code, site.id).random() < _WAREHOUSED
    if style.fate is Fate.STORE_ONLY:
        return site.id in stores_of(style)
    if site.id in HOT_LOCATIONS and any(sku in HOT_SKUS for sku in style.skus):
        return True
    on_shelves = style.fate is Fate.ON_SALE
    return on_shelves and chance("carried", style.code, site.id).random() < _CARRIED


def _quantity(sku: str, site: Site, *, roll: float, spread: float) -> int:
    hot = sku in HOT_SKUS and site.id in HOT_LOCATIONS
    if roll < _NONE and not hot:
        return 0
    if roll < _LAST_PIECES and not hot:
        return 1 + int(spread * _LOW)
    low, high = _HOT if hot else _USUAL
    return max(1, round((low + spread * (high - low)) * site.busy))
