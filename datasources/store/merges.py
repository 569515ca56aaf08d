"""Merges, and what waits for a person's word, in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Table, delete, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.member_rows import packed, unpacked
from datasources.store.merge_tables import member_merge_cases, member_merges
from datasources.store.sql import among
from domain.merging import Decision, Merge, MergeCase, Obstacle

_DECIDED = ("decision", "decided_at", "decided_by")


class SqlMerges:
    """Reads merges and cases as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def merges(self, ids: Sequence[str]) -> Sequence[Merge | None]:
        found = {row.id: _merge(row) for row in await self._by_id(member_merges, ids)}
        return [found.get(id) for id in ids]

    async def into(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[Merge]]:
        columns = member_merges.c
        place = func.row_number().over(partition_by=columns.kept_id, order_by=(columns.at.desc(), columns.id))
        own = select(member_merges, place.label("place"))
        ranked = own.where(among(columns.kept_id, sorted(member_ids)), columns.undone_at.is_(None)).subquery()
        newest = select(ranked).where(ranked.c.place <= limit).order_by(ranked.c.place)
        found: defaultdict[str, list[Merge]] = defaultdict(list)
        for row in await rows(self._engine, newest):
            found[row.kept_id].append(_merge(row))
        return found

    async def cases(self, ids: Sequence[str]) -> Sequence[MergeCase | None]:
        found = {row.id: _case(row) for row in await self._by_id(member_merge_cases, ids)}
        return [found.get(id) for id in ids]

    async def open_cases(self, *, after: tuple[datetime, str] | None, limit: int) -> Sequence[MergeCase]:
        columns = member_merge_cases.c
        waiting = select(member_merge_cases).where(columns.decision.is_(None))
        if after is not None:
            waiting = waiting.where(tuple_(columns.opened_at, columns.id) > tuple_(*after))
        ordered = waiting.order_by(columns.opened_at, columns.id).limit(limit)
        return [_case(row) for row in await rows(self._engine, ordered)]

    async def _by_id(self, table: Table, ids: Sequence[str]) -> Sequence[Row[Any]]:
        return await rows(self._engine, select(table).where(among(table.c.id, sorted(set(ids)))))


class SqlMergeBook:
    """Merges and cases, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def merge(self, id: str) -> Merge | None:
        row = await self._locked(member_merges, id)
        return _merge(row) if row is not None else None

    async def case(self, id: str) -> MergeCase | None:
        row = await self._locked(member_merge_cases, id)
        return _case(row) if row is not None else None

    async def latest_case(self, pair: Collection[str]) -> MergeCase | None:
        columns = member_merge_cases.c
        first, second = sorted(pair)
        of_both = select(member_merge_cases).where(columns.first_id == first, columns.second_id == second)
        newest = of_both.order_by(columns.opened_at.desc(), columns.id).limit(1)
        row = (await self._connection.execute(newest)).one_or_none()
        return _case(row) if row is not None else None

    async def write_merge(self, merge: Merge) -> None:
        row = {
            "id": merge.id,
            "kept_id": merge.kept.id,
            "absorbed_id": merge.absorbed.id,
            "kept": packed(merge.kept),
            "absorbed": packed(merge.absorbed),
            "made": packed(merge.made),
            "topics": merge.topics,
            "at": merge.at,
            "by": merge.by,
            "undone_at": merge.undone_at,
        }
        await bulk.insert(self._connection, member_merges, [row], update=("undone_at",))

    async def write_case(self, case: MergeCase) -> None:
        row = {name: getattr(case, name) for name in MergeCase.__slots__}
        decided = case.decision.value if case.decision else None
        values = row | {"obstacle": case.obstacle.value, "decision": decided}
        await bulk.insert(self._connection, member_merge_cases, [values], update=_DECIDED)

    async def forget(self, member_id: str) -> None:
        for one, other in (
            (member_merges.c.kept_id, member_merges.c.absorbed_id),
            (member_merge_cases.c.first_id, member_merge_cases.c.second_id),
        ):
            await self._connection.execute(delete(one.table).where(or_(one == member_id, other == member_id)))

    async def _locked(self, table: Table, id: str) -> Row[Any] | None:
        wanted = select(table).where(among(table.c.id, [id])).with_for_update()
        return (await self._connection.execute(wanted)).one_or_none()


def _merge(row: Row[Any]) -> Merge:
    return Merge(
        id=row.id,
        kept=unpacked(row.kept),
        absorbed=unpacked(row.absorbed),
        made=unpacked(row.made),
        at=row.at,
        by=row.by,
        topics=row.topics,
        undone_at=row.undone_at,
    )


def _case(row: Row[Any]) -> MergeCase:
    decision = Decision(row.decision) if row.decision else None
    return MergeCase(**dict(row._mapping) | {"obstacle": Obstacle(row.obstacle), "decision": decision})


if TYPE_CHECKING:
    from datasources.ports.merges import MergeBook, MergeSource

    _source: type[MergeSource] = SqlMerges
    _book: type[MergeBook] = SqlMergeBook
