"""Lists of products in the store: browsed by filter or found by words, a page at a time by keyset."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from datasources.ports.catalog import ProductFilter
from datasources.store.engine import rows
from datasources.store.sql import among
from datasources.store.tables import Instant, categories, listings, product_categories, products, search_terms
from domain.assortment import Shelf
from domain.catalog import ProductSort, ProductStatus
from domain.pages import Page, Position


class SqlProductIndex:
    """Answers one page with one statement, whatever the size of the catalogue."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def browse(
        self, *, filter: ProductFilter, sort: ProductSort, first: int, after: Position | None
    ) -> Page[str]:
        by_title = sort is ProductSort.TITLE
        column = products.c.title if by_title else products.c.created_at
        statement = select(products.c.id, column).where(*_filters(filter)).limit(first + 1)
        statement = statement.order_by(
            *((column, products.c.id) if by_title else (column.desc(), products.c.id.desc()))
        )
        if after is not None:
            statement = statement.where(_beyond(column, after, ascending=by_title))
        found = await rows(self._engine, statement)
        return _page(found, first, lambda row: (row.title if by_title else row.created_at.isoformat(), row.id))

    async def search(
        self, *, terms: Sequence[str], filter: ProductFilter, first: int, after: Position | None
    ) -> Page[str]:
        if not terms:
            return Page([], has_next=False)
        matches = _matches(terms)
        statement = (
            select(products.c.id, matches.c.score)
            .join(matches, matches.c.product_id == products.c.id)
            .where(*_filters(filter))
            .order_by(matches.c.score.desc(), products.c.id)
            .limit(first + 1)
        )
        if after is not None:
            score, id = after
            statement = statement.where(
                or_(matches.c.score < score, and_(matches.c.score == score, products.c.id > str(id)))
            )
        found = await rows(self._engine, statement)
        return _page(found, first, lambda row: (int(row.score), row.id))


def _page(found: Sequence[Row[Any]], first: int, position: Callable[[Row[Any]], Position]) -> Page[str]:
    return Page([(row.id, position(row)) for row in found[:first]], has_next=len(found) > first)


def _matches(terms: Sequence[str]) -> Any:
    """Products that hold all the terms, with the sum of their weights."""
    held: Select[Any] = (
        select(search_terms.c.product_id, func.sum(search_terms.c.weight).label("score"))
        .where(among(search_terms.c.term, terms))
        .group_by(search_terms.c.product_id)
        .having(func.count() == len(set(terms)))
    )
    return held.subquery("matches")


def _filters(filter: ProductFilter) -> Sequence[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filter.shelf is not None:
        wanted += [products.c.status == ProductStatus.ACTIVE.value, _listed(filter.shelf)]
    if filter.brand is not None:
        wanted.append(products.c.brand == filter.brand)
    if filter.category_id is not None:
        wanted.append(_filed_under(filter.category_id))
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
    tree = select(categories.c.id).where(categories.c.id == category_id).cte("tree", recursive=True)
    tree = tree.union(select(categories.c.id).join(tree, categories.c.parent_id == tree.c.id))
    return exists().where(
        product_categories.c.product_id == products.c.id, product_categories.c.category_id.in_(select(tree.c.id))
    )


def _beyond(column: ColumnElement[Any], after: Position, *, ascending: bool) -> ColumnElement[bool]:
    value, id = after
    bound = literal(str(value)) if ascending else literal(datetime.fromisoformat(str(value)), Instant())
    here, there = tuple_(column, products.c.id), tuple_(bound, literal(str(id)))
    return here > there if ascending else here < there


if TYPE_CHECKING:
    from datasources.ports.catalog import ProductIndex

    _port: type[ProductIndex] = SqlProductIndex
