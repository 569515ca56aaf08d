"""What both shapes of a Magento table have in common: prices in US dollars, images, and where a product is on sale."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import domain.imports
import domain.money
from datasources.files.reading import listed
from domain.assortment import Listing
from domain.catalog import Media, Variant
from domain.channels import Channel
from domain.imports import Item, Problem
from domain.prices import Price, PriceList

CURRENCY = "USD"
BASE = PriceList("magento-base", "USD", CURRENCY)
SALE = PriceList("magento-sale", "USD sale", CURRENCY, priority=1)
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when something is on sale of which the export does not say since when."""
SILENT = domain.imports.silent_but({"slug", "description", "status", "media", "category_ids"})
MOST_MINOR = 10**12
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Goods:
    """What is there beside the tables: the images in the folder, where they are served, and the time."""

    images: frozenset[str]
    media_url: str
    now: datetime
    claimed: frozenset[str] = frozenset()
    """Images that some row names as its own: they are nobody else's, however alike the numbers are."""

    def media(self, paths: Sequence[str], alt: str) -> tuple[Media, ...]:
        """The images that are there, each once, by the last part of their path."""
        names = dict.fromkeys(_name(path) for path in paths)
        return tuple(Media(self.media_url + name, alt) for name in names if name in self.images)

    def missing(self, field: str, paths: Sequence[str]) -> Iterator[Problem]:
        """Warn of the images that are not there, once per field."""
        names = [_name(path) for path in paths]
        if gone := [name or "(no file name)" for name in names if name not in self.images]:
            yield Problem(field, "IMAGE_MISSING", f"not in images/, left out: {listed(gone)}")


def amount(cells: Cells, field: str) -> int | Problem:
    """Read an amount in cents."""
    try:
        minor = domain.money.parse(cells.get(field, ""), CURRENCY).amount_minor
    except ValueError as failure:
        return Problem(field, "BAD_PRICE", f"{failure}: write it as 12.34")
    if not 0 <= minor <= MOST_MINOR:
        return Problem(field, "BAD_PRICE", f"{cells[field]} is below zero or beyond reason")
    return minor


def prices(sku: str, cells: Cells) -> tuple[list[Price], list[Problem]]:
    """The base price, and the special one where it is lower; problems with the first, warnings of the second.

    The price is read already where this is called with a row that has been checked.
    """
    base = amount(cells, "price")
    if isinstance(base, Problem):
        return [], [base]
    found = [Price(BASE, sku, base)]
    if not cells.get("special_price", "").strip():
        return found, []
    special = amount(cells, "special_price")
    if isinstance(special, Problem):
        return found, [special]
    if special >= base:
        message = f"{cells['special_price']} is not below the price of {cells['price']}: no offer was made of it"
        return found, [Problem("special_price", "NO_OFFER", message)]
    return [*found, Price(SALE, sku, special)], []


def listings(variants: Sequence[Variant]) -> Iterator[Item]:
    """Put variants on sale everywhere: one price, one assortment over all channels."""
    for variant in variants:
        for channel in Channel:
            yield Listing(variant.sku, channel, ALWAYS)


def claims(rows: Iterable[Cells]) -> frozenset[str]:
    """The images that rows name as their own."""
    fields = ("base_image", "additional_images")
    return frozenset(_name(path) for cells in rows for field in fields for path in cells.get(field, "").split(","))


def _name(path: str) -> str:
    name = path.strip().rsplit("/", 1)[-1]
    return name if _SAFE_NAME.fullmatch(name) else ""
