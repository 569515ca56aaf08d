"""The assortment: in which channels and stores each style is listed, and since when or from when on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from datasources.demo.chance import chance
from datasources.demo.products import Fate, Style
from datasources.demo.stores import SITES
from domain.assortment import Listing
from domain.channels import Channel
from domain.locations import LocationType

STORE_IDS = tuple(site.id for site in SITES if site.type is LocationType.STORE)
_SEASON = timedelta(days=300)
_SOON = timedelta(days=21)


def listings(style: Style, now: datetime) -> Iterator[Listing]:
    """List every variant of a style as its life so far says; a draft is listed nowhere."""
    match style.fate:
        case Fate.DRAFT:
            return
        case Fate.STORE_ONLY:
            yield from _in_some_stores(style)
        case Fate.UPCOMING:
            launch = now.replace(hour=2, minute=0, second=0, microsecond=0) + _SOON
            yield from _everywhere(style, launch, until=None)
        case Fate.ARCHIVED:
            created_at = style.entry.product.created_at
            yield from _everywhere(style, created_at, until=created_at + _SEASON)
        case Fate.ON_SALE:
            yield from _everywhere(style, style.entry.product.created_at, until=None)


def stores_of(style: Style) -> tuple[str, ...]:
    """Choose the few stores that alone carry a store-only style."""
    dice = chance("stores", style.code)
    return tuple(sorted(dice.sample(STORE_IDS, dice.randint(2, 5))))


def _everywhere(style: Style, since: datetime, *, until: datetime | None) -> Iterator[Listing]:
    for sku in style.skus:
        for channel in Channel:
            yield Listing(sku, channel, since, until)


def _in_some_stores(style: Style) -> Iterator[Listing]:
    since = style.entry.product.created_at
    for sku in style.skus:
        for store_id in stores_of(style):
            for channel in (Channel.POS, Channel.MINI_PROGRAM):
                yield Listing(sku, channel, since, location_id=store_id)
