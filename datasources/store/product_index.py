"""Lists of products in the store: browsed by filter or found by words, a page at a time by keyset.

A statement is written once for each shape of list, and told its values with every page: to write it takes longer than
the database takes to answer it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from datasources.ports.catalog import ProductFilter
from datasources.store.engine import rows
from datasources.store.sql import among, texts
from datasources.store.tables import Instant, category_products, listings, products, search_terms
from domain.catalog import ProductSort, ProductStatus
from domain.pages import Page, Position

MOST_RANKED = 500
"""Of several words the rarest is in at most so many products: then they are all ranked, by all the words."""


class SqlProductIndex:
    """Answers a page with one statement that reads an index in its order, whatever the size of the catalogue."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def browse(
        self, *, filter: ProductFilter, sort: ProductSort, first: int, after: Position | None
    ) -> Page[str]:
        by_title = sort is ProductSort.TITLE
        values = _values(filter, first)
        if after is not None:
            value, id = after
            values |= {"value": value if by_title else datetime.fromisoformat(str(value)), "id": id}
        found = await rows(self._engine, _browsed(_shape(filter, after), by_title=by_title), values)
        return _page(found, first, lambda row: (row.value if by_title else row.value.isoformat(), row.id))

    async def search(
        self, *, terms: Sequence[str], filter: ProductFilter, first: int, after: Position | None
    ) -> Page[str]:
        if not terms:
            return Page([], has_next=False)
        values, shape = _values(filter, first), _shape(filter, after)
        if after is not None:
            values |= dict(zip(("score", "id"), after, strict=True))
        if rarest := await self._rarest(terms):
            statement, words = _ranked(shape), {"terms": terms, "count": len(set(terms)), "rarest": rarest}
        else:
            statement, words = _walked(shape, len(terms)), dict(zip(map(_nth, range(len(terms))), terms, strict=True))
        found = await rows(self._engine, statement, values | words)
        return _page(found, first, lambda row: (int(row.score), row.id))

    async def _rarest(self, terms: Sequence[str]) -> str | None:
        """The one of several terms that the fewest products hold; None where all are held by too many to be ranked."""
        if len(terms) == 1:
            return None
        sizes = _SIZES[self._engine.dialect.name]
        found = await rows(self._engine, sizes, {"terms": terms, "enough": MOST_RANKED + 1})
        size, term = min((row.size, row.term) for row in found)
        return term if size <= MOST_RANKED else None


def _page(found: Sequence[Row[Any]], first: int, position: Callable[[Row[Any]], Position]) -> Page[str]:
    return Page([(row.id, position(row)) for row in found[:first]], has_next=len(found) > first)


class _Shape(NamedTuple):
    """What a list is restricted by."""

    shelf: bool
    brand: bool
    category: bool
    after: bool


def _shape(filter: ProductFilter, after: Position | None) -> _Shape:
    return _Shape(*(part is not None for part in (filter.shelf, filter.brand, filter.category_id, after)))


def _values(filter: ProductFilter, first: int) -> dict[str, Any]:
    """What the parameters of a list stand for; those that its shape does not have are ignored."""
    values: dict[str, Any] = {"brand": filter.brand, "category": filter.category_id, "most": first + 1}
    if (shelf := filter.shelf) is None:
        return values
    return values | {"channel": shelf.channel.value, "at": shelf.at, "store": shelf.location_id or ""}


@cache
def _browsed(shape: _Shape, *, by_title: bool) -> Select[Any]:
    # A category's own rows hold what a list is ordered by, so that an index of theirs gives a page of it.
    table, id = (category_products, category_products.c.product_id) if shape.category else (products, products.c.id)
    value: ColumnElement[Any] = table.c.title if by_title else table.c.created_at
    found = select(products.c.id, value.label("value"))
    if shape.category:
        found = found.join(category_products, id == products.c.id).where(_filed())
    here, there = tuple_(value, id), tuple_(bindparam("value", type_=value.type), bindparam("id"))
    found = found.order_by(*((value, id) if by_title else (value.desc(), id.desc())))
    return _restricted(found, shape, here > there if by_title else here < there)


@lru_cache(maxsize=256)
def _walked(shape: _Shape, words: int) -> Select[Any]:
    """Products that hold all the terms, in the order in which they hold the first one: an index has that."""
    held = select(products.c.id, search_terms.c.rank.label("score"))
    held = held.join(search_terms, search_terms.c.product_id == products.c.id)
    held = held.where(search_terms.c.term == bindparam(_nth(0)))
    for n in range(1, words):
        # Not EXISTS: PostgreSQL would join that, and read all that hold the other term before the first of the page.
        other = search_terms.alias()
        here = other.c.term == bindparam(_nth(n)), other.c.product_id == search_terms.c.product_id
        held = held.where(select(other.c.rank).where(*here).scalar_subquery().is_not(None))
    return _found(held, shape, search_terms.c.rank, search_terms.c.product_id)


def _nth(n: int) -> str:
    """How the parameter of a term is named."""
    return f"term_{n}"


@cache
def _ranked(shape: _Shape) -> Select[Any]:
    """Products that hold all the terms, by the sum of their ranks: made for all that hold the rarest one."""
    held = search_terms.alias()
    few = select(held.c.product_id).where(held.c.term == bindparam("rarest")).limit(MOST_RANKED).subquery("few")
    # Not a join: PostgreSQL would read all that hold the commoner terms. Nor is what has a limit taken into the query.
    here = search_terms.c.product_id == few.c.product_id, among(search_terms.c.term, texts("terms"))
    score = select(func.sum(search_terms.c.rank)).where(*here).having(func.count() == bindparam("count"))
    ranked = select(few.c.product_id, score.scalar_subquery().label("score")).limit(MOST_RANKED).subquery("ranked")
    held_all = select(products.c.id, ranked.c.score).join(ranked, ranked.c.product_id == products.c.id)
    held_all = held_all.where(ranked.c.score.is_not(None))
    return _found(held_all, shape, ranked.c.score, ranked.c.product_id)


def _found(held: Select[Any], shape: _Shape, score: ColumnElement[int], id: ColumnElement[str]) -> Select[Any]:
    if shape.category:
        held = held.where(exists().where(_filed(), category_products.c.product_id == products.c.id))
    beyond = tuple_(score, id) > tuple_(bindparam("score", type_=Integer), bindparam("id"))
    return _restricted(held, shape, beyond).order_by(score, id)


_COUNTED = "(SELECT count(*) FROM (SELECT 1 FROM search_terms WHERE term = t.value LIMIT :enough) AS found)"
_SIZES = {
    dialect: text(f"SELECT t.value AS term, {_COUNTED} AS size FROM {listed}")  # noqa: S608  # our own words
    .bindparams(texts("terms"), bindparam("enough"))
    .columns(column("term", Text), column("size", Integer))
    for dialect, listed in {
        "postgresql": "unnest(CAST(:terms AS text[])) AS t(value)",
        "sqlite": "json_each(:terms) AS t",
    }.items()
}
"""How many products hold each term, counted until there are enough."""


def _restricted(found: Select[Any], shape: _Shape, beyond: ColumnElement[bool]) -> Select[Any]:
    """A page of what is found, as its shape asks for it."""
    if shape.shelf:
        found = found.where(products.c.status == ProductStatus.ACTIVE.value, _on_shelf())
    if shape.brand:
        found = found.where(products.c.brand == bindparam("brand"))
    return (found.where(beyond) if shape.after else found).limit(bindparam("most"))


def _on_shelf() -> ColumnElement[bool]:
    """CAT-7, as `domain.assortment.is_listed` says it, for at least one variant."""
    at = bindparam("at", type_=Instant())
    return exists().where(
        listings.c.product_id == products.c.id,
        listings.c.channel == bindparam("channel"),
        listings.c.location_id.in_(["", bindparam("store")]),
        listings.c.listed_from <= at,
        or_(listings.c.listed_to.is_(None), listings.c.listed_to > at),
    )


def _filed() -> ColumnElement[bool]:
    """In the category or in any below it."""
    return category_products.c.category_id == bindparam("category")


if TYPE_CHECKING:
    from datasources.ports.catalog import ProductIndex

    _port: type[ProductIndex] = SqlProductIndex
