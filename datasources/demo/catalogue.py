"""The demo's seed as an import: the same lines a file reader would give, so that the same use case writes them.

Run twice on one day, the catalogue's lines are equal; only the counts tell the moment.
"""

from collections.abc import Iterator
from datetime import datetime

from datasources.demo import assortment, categories, prices, stock, stores
from datasources.demo.products import styles
from domain.imports import Item, Line, ProductEntry

SOURCE = "demo"
"""Who says all this: the name the store keeps beside it."""


def lines(now: datetime) -> Iterator[Line]:
    """Yield the whole seed, what others refer to first, counts one by one. `now` is aware UTC."""
    for number, items in enumerate((*_catalogue(now), *_counts(now)), start=1):
        yield Line(number, items)


def catalogue_lines(now: datetime) -> Iterator[Line]:
    """Yield all but the counts."""
    for number, items in enumerate(_catalogue(now), start=1):
        yield Line(number, items)


def stock_lines(now: datetime) -> Iterator[Line]:
    """Yield the counts alone, as observed at `now`."""
    for number, items in enumerate(_counts(now), start=1):
        yield Line(number, items)


def _catalogue(now: datetime) -> Iterator[tuple[Item, ...]]:
    lists = prices.price_lists(now)
    yield from ((category,) for category in categories.categories())
    yield from ((price_list,) for price_list in lists)
    yield from (_entry(style.entry) for style in styles())
    yield from (tuple(prices.prices(style, lists)) for style in styles())
    yield from ((location,) for location in stores.locations())
    yield from (items for style in styles() if (items := tuple(assortment.listings(style, now))))


def _counts(now: datetime) -> Iterator[tuple[Item, ...]]:
    yield from ((count,) for style in styles() for count in stock.counts(style, now))


def _entry(entry: ProductEntry) -> tuple[Item, ...]:
    return (entry,)
