"""Wish lists in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.insight_tables import wishes
from datasources.store.sql import among
from domain.wishlist import Wish, in_order


class SqlWishes:
    """Reads wish lists as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def wishes(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Wish]]:
        return _by_member(await rows(self._engine, _of(member_ids)))


class SqlWishBook:
    """Wish lists, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def wishes(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Wish]]:
        return _by_member((await self._connection.execute(_of(member_ids))).all())

    async def write(self, member_id: str, wished: Collection[Wish]) -> None:
        rows = [{"member_id": member_id, "sku": wish.sku, "added_at": wish.added_at} for wish in wished]
        await bulk.insert(self._connection, wishes, rows, update=("added_at",))

    async def forget(self, member_id: str, skus: Collection[str] | None = None) -> None:
        own = delete(wishes).where(wishes.c.member_id == member_id)
        await self._connection.execute(own if skus is None else own.where(among(wishes.c.sku, sorted(skus))))


def _of(member_ids: Collection[str]) -> Select[Any]:
    return select(wishes).where(among(wishes.c.member_id, sorted(member_ids)))


def _by_member(found: Sequence[Row[Any]]) -> Mapping[str, Sequence[Wish]]:
    own: defaultdict[str, list[Wish]] = defaultdict(list)
    for row in found:
        own[row.member_id].append(Wish(row.sku, row.added_at))
    return {member_id: in_order(wished) for member_id, wished in own.items()}


if TYPE_CHECKING:
    from datasources.ports.wishlist import WishBook, WishSource

    _source: type[WishSource] = SqlWishes
    _book: type[WishBook] = SqlWishBook
