"""Lists of products in the store: browsed by filter or found by words, a page at a time by keyset."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

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
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from datasources.ports.catalog import ProductFilter
from datasources.store.engine import rows
from datasources.store.sql import Texts, among
from datasources.store.tables import Instant, category_products, listings, products, search_terms
from domain.assortment import Shelf
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
        # A category's own rows hold what a list is ordered by, so that an index of theirs gives a page of it.
        filed = filter.category_id is not None
        table, id = (category_products, category_products.c.product_id) if filed else (products, products.c.id)
        value = table.c.title if by_title else table.c.created_at
        statement = select(products.c.id, value.label("value")).where(*_filters(filter)).limit(first + 1)
        if filed:
            statement = statement.join(category_products, id == products.c.id)
            statement = statement.where(category_products.c.category_id == filter.category_id)
        statement = statement.order_by(*((value, id) if by_title else (value.desc(), id.desc())))
        if after is not None:
            statement = statement.where(_beyond(value, id, after, ascending=by_title))
        found = await rows(self._engine, statement)
        return _page(found, first, lambda row: (row.value if by_title else row.value.isoformat(), row.id))

    async def search(
        self, *, terms: Sequence[str], filter: ProductFilter, first: int, after: Position | None
    ) -> Page[str]:
        if not terms:
            return Page([], has_next=False)
        rarest = await self._rarest(terms) if len(terms) > 1 else None
        score, id, statement = _held(terms, rarest) if rarest else _walked(terms)
        statement = statement.where(*_filters(filter)).order_by(score, id).limit(first + 1)
        if filter.category_id is not None:
            statement = statement.where(_filed_under(filter.category_id))
        if after is not None:
            statement = statement.where(tuple_(score, id) > tuple_(literal(after[0]), literal(str(after[1]))))
        found = await rows(self._engine, statement)
        return _page(found, first, lambda row: (int(row.score), row.id))

    async def _rarest(self, terms: Sequence[str]) -> str | None:
        """The term that the fewest products hold; None where each of them is held by too many to rank them all."""
        sizes = _SIZES[self._engine.dialect.name].bindparams(terms=terms, most=MOST_RANKED + 1)
        found = [(row.size, row.term) for row in await rows(self._engine, sizes)]
        size, term = min(found)
        return term if size <= MOST_RANKED else None


def _page(found: Sequence[Row[Any]], first: int, position: Callable[[Row[Any]], Position]) -> Page[str]:
    return Page([(row.id, position(row)) for row in found[:first]], has_next=len(found) > first)


_Found = tuple[ColumnElement[int], ColumnElement[str], Select[Any]]
"""What is ordered by, ties by the next; and the products, to be filtered."""


def _walked(terms: Sequence[str]) -> _Found:
    """Products that hold all the terms, in the order in which they hold the first one: an index has that."""
    first, *others = terms
    held = select(products.c.id, search_terms.c.rank.label("score"))
    held = held.join(search_terms, search_terms.c.product_id == products.c.id).where(search_terms.c.term == first)
    for term in others:
        # Not EXISTS: PostgreSQL would join that, and read all that hold the other term before the first of the page.
        other = search_terms.alias()
        here = other.c.term == term, other.c.product_id == search_terms.c.product_id
        held = held.where(select(other.c.rank).where(*here).scalar_subquery().is_not(None))
    return search_terms.c.rank, search_terms.c.product_id, held


def _held(terms: Sequence[str], rarest: str) -> _Found:
    """Products that hold all the terms, by the sum of their ranks: made for all that hold the rarest one."""
    held = search_terms.alias()
    few = select(held.c.product_id).where(held.c.term == rarest).limit(MOST_RANKED).subquery("few")
    ranked = (
        select(few.c.product_id, func.sum(search_terms.c.rank).label("score"))
        .join(search_terms, search_terms.c.product_id == few.c.product_id)
        .where(among(search_terms.c.term, terms))
        .group_by(few.c.product_id)
        .having(func.count() == len(set(terms)))
        .subquery("ranked")
    )
    statement = select(products.c.id, ranked.c.score).join(ranked, ranked.c.product_id == products.c.id)
    return ranked.c.score, ranked.c.product_id, statement


_COUNTED = "(SELECT count(*) FROM (SELECT 1 FROM search_terms WHERE term = t.value LIMIT :most) AS found)"
_SIZES = {
    dialect: text(f"SELECT t.value AS term, {_COUNTED} AS size FROM {listed}")  # noqa: S608  # our own words
    .bindparams(bindparam("terms", type_=Texts()), bindparam("most"))
    .columns(column("term", Text), column("size", Integer))
    for dialect, listed in {
        "postgresql": "unnest(CAST(:terms AS text[])) AS t(value)",
        "sqlite": "json_each(:terms) AS t",
    }.items()
}
"""How many products hold each term, counted no further than to `most`."""


def _filters(filter: ProductFilter) -> Sequence[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filter.shelf is not None:
        wanted += [products.c.status == ProductStatus.ACTIVE.value, _listed(filter.shelf)]
    if filter.brand is not None:
        wanted.append(products.c.brand == filter.brand)
    return wanted


def _listed(shelf: Shelf) -> ColumnElement[bool]:
    """CAT-7, as `domain.assortment.is_listed` says it, for at least one variant."""
    return exists().where(
        listings.c.product_id == products.c.id,
        listings.c.channel == shelf.channel.value,
        listings.c.location_id.in_(["", shelf.location_id or ""]),
        listings.c.listed_from <= shelf.at,
        or_(listings.c.listed_to.is_(None), listings.c.listed_to > shelf.at),
    )


def _filed_under(category_id: str) -> ColumnElement[bool]:
    """In the category or in any below it."""
    filed = category_products.c
    return exists().where(filed.category_id == category_id, filed.product_id == products.c.id)


def _beyond(
    value: ColumnElement[Any], id: ColumnElement[str], after: Position, *, ascending: bool
) -> ColumnElement[bool]:
    bound = literal(str(after[0])) if ascending else literal(datetime.fromisoformat(str(after[0])), Instant())
    here, there = tuple_(value, id), tuple_(bound, literal(str(after[1])))
    return here > there if ascending else here < there


if TYPE_CHECKING:
    from datasources.ports.catalog import ProductIndex

    _port: type[ProductIndex] = SqlProductIndex
