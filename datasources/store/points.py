"""Points and store credit in the store, to read: standings and statements of many members in one statement each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from datasources.ports.points import AccountKey, Since
from datasources.store.engine import rows
from datasources.store.points_tables import points_accounts, points_lots, points_postings, points_transactions
from datasources.store.sql import among
from domain.facts import Kind, Side
from domain.standings import Entry, Expiring, Standing

_OWN = (Side.PENDING, Side.ACTIVE, Side.FROZEN)
_of, _posting = points_transactions, points_postings
_ENTRY = (_of.c.id, _of.c.programme, _of.c.kind, _of.c.ref, _of.c.reason, _of.c.occurred_at, _of.c.recorded_at)


class SqlPoints:
    """Reads points as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def standings(
        self, member_ids: Collection[str], programmes: Collection[str]
    ) -> Mapping[AccountKey, Standing]:
        account, lot = points_accounts, points_lots
        is_of = and_(lot.c.member_id == account.c.member_id, lot.c.programme == account.c.programme)
        ends = and_(is_of, lot.c.remaining > 0, lot.c.expires_at.is_not(None))
        statement = (
            select(account, lot.c.remaining, lot.c.expires_at)
            .outerjoin(lot, ends)
            .where(
                among(account.c.member_id, sorted(member_ids)),
                among(account.c.programme, sorted(programmes)),
            )
            .order_by(lot.c.expires_at)
        )
        found: defaultdict[AccountKey, list[Row[Any]]] = defaultdict(list)
        for row in await rows(self._engine, statement):
            found[(row.member_id, row.programme)].append(row)
        return {key: _standing(own) for key, own in found.items()}

    async def as_of(self, member_ids: Collection[str], programme: str, at: datetime) -> Mapping[str, Standing]:
        statement = (
            select(_posting.c.member_id, *_changes())
            .where(
                among(_posting.c.member_id, sorted(member_ids)),
                _posting.c.programme == programme,
                _posting.c.occurred_at <= at,
            )
            .group_by(_posting.c.member_id)
        )
        return {
            row.member_id: Standing(int(row.pending), int(row.active), int(row.frozen), max(0, -int(row.active)))
            for row in await rows(self._engine, statement)
        }

    async def history(
        self, member_ids: Collection[str], *, programme: str | None, limit: int, before: tuple[datetime, str] | None
    ) -> Mapping[str, Sequence[Entry]]:
        place = func.row_number().over(
            partition_by=_of.c.owner_id, order_by=(_of.c.occurred_at.desc(), _of.c.id.desc())
        )
        own = select(_of.c.owner_id, *_ENTRY, place.label("place")).where(
            among(_of.c.owner_id, sorted(member_ids)), ~_of.c.is_void
        )
        if programme is not None:
            own = own.where(_of.c.programme == programme)
        if before is not None:
            own = own.where(tuple_(_of.c.occurred_at, _of.c.id) < tuple_(*before))
        numbered = own.subquery()
        statement = (
            select(numbered, *_changes())
            .outerjoin(_posting, _posting.c.transaction_id == numbered.c.id)
            .where(numbered.c.place <= limit)
            .group_by(*numbered.c)
            .order_by(numbered.c.place)
        )
        entries: defaultdict[str, list[Entry]] = defaultdict(list)
        for row in await rows(self._engine, statement):
            entries[row.owner_id].append(_entry(row))
        return entries

    async def since(self, wanted: Collection[Since]) -> Mapping[AccountKey, Sequence[Entry]]:
        if not wanted:
            return {}
        spans = [
            and_(
                _posting.c.member_id == key[0],
                _posting.c.programme == key[1],
                _posting.c.version > after,
                _posting.c.version <= upto,
            )
            for key, after, upto in wanted
        ]
        statement: Select[Any] = (
            select(_posting.c.member_id, _posting.c.version, *_ENTRY, *_changes())
            .join(_of, _of.c.id == _posting.c.transaction_id)
            .where(or_(*spans))
            .group_by(_posting.c.member_id, _posting.c.version, *_ENTRY)
            .order_by(_posting.c.version, func.min(_posting.c.id))
        )
        entries: defaultdict[AccountKey, list[Entry]] = defaultdict(list)
        for row in await rows(self._engine, statement):
            entries[(row.member_id, row.programme)].append(_entry(row, row.version))
        return entries

    async def due(self, now: datetime, *, limit: int) -> Sequence[AccountKey]:
        account = points_accounts
        past = select(account.c.member_id, account.c.programme).where(account.c.next_expiry <= now)
        found = await rows(self._engine, past.order_by(account.c.next_expiry).limit(limit))
        return [(row.member_id, row.programme) for row in found]


def _changes() -> Sequence[ColumnElement[int]]:
    """What postings add up to, side by side."""
    return [
        func.coalesce(func.sum(case((_posting.c.side == side.value, _posting.c.amount), else_=0)), 0).label(
            side.value.lower()
        )
        for side in _OWN
    ]


def _standing(found: Sequence[Row[Any]]) -> Standing:
    first = found[0]
    expiring = tuple(Expiring(row.remaining, row.expires_at) for row in found if row.expires_at is not None)
    return Standing(first.pending, first.active, first.frozen, first.debt, first.version, expiring)


def _entry(row: Row[Any], version: int = 0) -> Entry:
    return Entry(
        id=row.id,
        programme=row.programme,
        kind=Kind(row.kind),
        ref=row.ref,
        reason=row.reason,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        pending=int(row.pending),
        active=int(row.active),
        frozen=int(row.frozen),
        version=version,
    )


if TYPE_CHECKING:
    from datasources.ports.points import PointsSource

    _source: type[PointsSource] = SqlPoints
