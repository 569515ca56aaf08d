"""Tags of members in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.insight_tables import member_tags
from datasources.store.sql import among, among_pairs
from domain.tags import Dimension, Key, Tag, TagSource

_SAID = ("source", "set_at", "value", "confidence_bp", "expires_at")


class SqlMemberTags:
    """Reads tags as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def tags(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Tag]]:
        return _by_member(await rows(self._engine, _of(member_ids)))


class SqlMemberTagBook:
    """Tags, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def tags(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Tag]]:
        return _by_member((await self._connection.execute(_of(member_ids))).all())

    async def write(self, said: Mapping[str, Collection[Tag]]) -> None:
        words = [_row(member_id, tag) for member_id, tags in said.items() for tag in tags]
        await bulk.insert(self._connection, member_tags, words, update=_SAID)

    async def forget(self, member_id: str, keys: Collection[Key] | None = None) -> None:
        own = delete(member_tags).where(member_tags.c.member_id == member_id)
        if keys is not None:
            pairs = [(dimension.value, path) for dimension, path in keys]
            own = own.where(among_pairs(member_tags.c.dimension, member_tags.c.path, pairs))
        await self._connection.execute(own)


def _of(member_ids: Collection[str]) -> Select[Any]:
    own = select(member_tags).where(among(member_tags.c.member_id, sorted(member_ids)))
    return own.order_by(member_tags.c.member_id, member_tags.c.dimension, member_tags.c.path)


def _by_member(found: Sequence[Row[Any]]) -> Mapping[str, Sequence[Tag]]:
    said: defaultdict[str, list[Tag]] = defaultdict(list)
    for row in found:
        values = dict(row._mapping)
        member_id = values.pop("member_id")
        said[member_id].append(Tag(**values | {"dimension": Dimension(row.dimension), "source": TagSource(row.source)}))
    return said


def _row(member_id: str, tag: Tag) -> dict[str, Any]:
    plain = {name: getattr(tag, name) for name in Tag.__slots__}
    return plain | {"member_id": member_id, "dimension": tag.dimension.value, "source": tag.source.value}


if TYPE_CHECKING:
    from datasources.ports.tags import MemberTagBook, MemberTagSource

    _source: type[MemberTagSource] = SqlMemberTags
    _book: type[MemberTagBook] = SqlMemberTagBook
