"""Small shops for tests: one product, one store, one price, each as plain as it can be and still be true.

Holds no rules and opens nothing; what a test is about, it says itself.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.assortment import Listing
from domain.catalog import OptionValue, Product, ProductStatus, Variant, options_of
from domain.channels import Channel
from domain.geo import Coordinates
from domain.imports import ProductEntry
from domain.locations import Location, LocationType
from domain.movements import Adjustment, Count, MovementType
from domain.prices import Price, PriceList
from domain.viewers import GUEST, Role, Viewer
from domain.viewers import viewer as viewer_of_token

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
"""A Saturday noon in Shanghai."""
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PEOPLES_SQUARE = Coordinates(31.2304, 121.4737)

MEMBER = viewer_of_token(subject="m-1", role=Role.MEMBER, scopes=None, member_tier="gold")
ASSOCIATE = viewer_of_token(subject="a-1", role=Role.ASSOCIATE, scopes=None, location_id="SH001")
INTEGRATOR = viewer_of_token(subject="erp", role=Role.INTEGRATOR, scopes=None)
ADMINISTRATOR = viewer_of_token(subject="root", role=Role.ADMINISTRATOR, scopes=None)
VIEWERS: tuple[Viewer, ...] = (GUEST, MEMBER, ASSOCIATE, INTEGRATOR, ADMINISTRATOR)

BASE = PriceList("base", "吊牌价", "CNY")


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def product(id: str = "DJ01", **said: Any) -> Product:
    """A product that shoppers may see."""
    plain = Product(
        id=id,
        slug=f"p-{id.lower()}",
        title=f"Jacket {id}",
        description="",
        brand="",
        status=ProductStatus.ACTIVE,
        options=(),
        media=(),
        category_ids=(),
        created_at=LONG_AGO,
    )
    return replace(plain, **said)


def variant(sku: str, product_id: str = "DJ01", **said: Any) -> Variant:
    """A variant whose size is the end of its sku."""
    return replace(Variant(sku, product_id, (OptionValue("尺码", sku.rsplit("-", 1)[-1]),)), **said)


def entry(id: str = "DJ01", *, sizes: Iterable[str] = ("L",), **said: Any) -> ProductEntry:
    """A product with a variant per size, sku `ID-SIZE`."""
    variants = tuple(variant(f"{id}-{size}", id, position=n) for n, size in enumerate(sizes))
    return ProductEntry(replace(product(id, **said), options=options_of(variants)), variants)


def listing(sku: str, channel: Channel = Channel.MINI_PROGRAM, **said: Any) -> Listing:
    """A variant on sale in a channel, everywhere and since long ago."""
    return replace(Listing(sku, channel, LONG_AGO), **said)


def on_sale(*entries: ProductEntry, channel: Channel = Channel.MINI_PROGRAM) -> list[ProductEntry | Listing]:
    """Products, and a listing for each variant of theirs."""
    return [*entries, *(listing(variant.sku, channel) for entry in entries for variant in entry.variants)]


def shop(id: str = "SH001", **said: Any) -> Location:
    """An open store at People's Square."""
    plain = Location(id, LocationType.STORE, f"{id} 店", "南京东路", "上海市", PEOPLES_SQUARE)
    return replace(plain, **said)


def priced(sku: str, amount_minor: int, *, list: PriceList = BASE, from_quantity: int = 1) -> Price:
    """A price of one sku."""
    return Price(list, sku, amount_minor, from_quantity)


def count(quantity: int, *, at: datetime = NOW, sku: str = "DJ01-L", location_id: str = "SH001") -> Count:
    """So many pieces were seen."""
    return Count(sku, location_id, quantity, at)


def moved(
    delta: int, event_id: str, *, at: datetime = NOW, sku: str = "DJ01-L", location_id: str = "SH001"
) -> Adjustment:
    """So many pieces came or went."""
    return Adjustment(sku, location_id, delta, event_id, at, MovementType.ADJUSTMENT)
