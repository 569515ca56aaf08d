"""The book of points and store credit, on one transaction's connection: many accounts in a handful of statements."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Row, Table, delete, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.ports.points import AccountKey, Change, Line, Stored
from datasources.store import bulk
from datasources.store.points_tables import (
    points_accounts,
    points_holds,
    points_lots,
    points_postings,
    points_transactions,
)
from datasources.store.sql import among, among_pairs, by_pairs
from domain.accounts import Account
from domain.facts import Fact, Kind, Name, Side
from domain.lots import Hold, Lot, Part, free
from domain.points_records import pack_fact, pack_shares, unpack_fact, unpack_shares

_NEW: Mapping[str, Any] = {
    **dict.fromkeys(("pending", "active", "frozen", "debt", "version"), 0),
    "united": 1,
    "last_at": None,
    "last_rank": 0,
    "last_ref": "",
    "waiting": [],
    "next_expiry": None,
}
T = TypeVar("T")
_BRINGING = (Kind.EARN_PENDING, Kind.ADJUST)
_IS_OPEN = or_(points_lots.c.pending > 0, points_lots.c.remaining > 0, points_lots.c.frozen > 0)


class SqlPointsBook:
    """Locks, reads and writes accounts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(
        self, keys: Collection[AccountKey], *, refs: Collection[str] | None = None
    ) -> Mapping[AccountKey, Stored]:
        ordered = sorted(set(keys))
        rows = [{"member_id": member, "programme": programme, **_NEW} for member, programme in ordered]
        # An upsert that changes nothing locks what is there and makes what is not, so that two first writers meet.
        await bulk.insert(self._connection, points_accounts, rows, update=("programme",))
        found = await self._of(points_accounts, ordered)
        holds: defaultdict[AccountKey, list[Hold]] = defaultdict(list)
        named = [] if refs is None else [among(points_holds.c.ref, sorted(refs))]
        for row in await self._of(points_holds, ordered, *named):
            holds[_key(row)].append(_hold(row))
        if refs is not None:
            held = {part.lot for own in holds.values() for hold in own for part in hold.parts}
            ids = held | {f"{kind.value}:{ref}" for kind in _BRINGING for ref in refs}
            named = [or_(_IS_OPEN, among(points_lots.c.id, sorted(ids)))]
        lots: defaultdict[AccountKey, list[Lot]] = defaultdict(list)
        for row in await self._of(points_lots, ordered, *named):
            lots[_key(row)].append(_lot(row))
        return {_key(row): _stored(row, lots[_key(row)], holds[_key(row)]) for row in found}

    async def known(self, names: Mapping[AccountKey, Collection[Name]]) -> Mapping[AccountKey, Collection[Name]]:
        refs = {(member, ref) for (member, _), wanted in names.items() for _, ref in wanted}
        table = points_transactions
        told: defaultdict[AccountKey, set[Name]] = defaultdict(set)
        for row in await by_pairs(self._connection, (table.c.owner_id, table.c.ref), refs):
            told[(row.owner_id, row.programme)].add((Kind(row.kind), row.ref))
        return told

    async def told(self, keys: Collection[AccountKey]) -> Mapping[AccountKey, Sequence[Fact]]:
        table = points_transactions
        counting = select(table.c.member_id, table.c.programme, table.c.fact).where(
            among_pairs(table.c.member_id, table.c.programme, keys), table.c.fact.is_not(null()), ~table.c.is_void
        )
        facts: defaultdict[AccountKey, list[Fact]] = defaultdict(list)
        for row in await self._connection.execute(counting):
            facts[_key(row)].append(unpack_fact(row.fact))
        return facts

    async def posted(self, keys: Collection[AccountKey]) -> Mapping[AccountKey, Mapping[Line, int]]:
        posting, of = points_postings, points_transactions
        whose = (posting.c.member_id, posting.c.programme, of.c.kind, of.c.ref)
        columns = (*whose, posting.c.occurred_at, posting.c.side, posting.c.lot)
        summed = (
            select(*columns, func.sum(posting.c.amount).label("amount"))
            .join(of, of.c.id == posting.c.transaction_id)
            .where(among_pairs(posting.c.member_id, posting.c.programme, keys))
            .group_by(*columns)
        )
        lines: defaultdict[AccountKey, dict[Line, int]] = defaultdict(dict)
        for row in await self._connection.execute(summed):
            line = Line((Kind(row.kind), row.ref), row.occurred_at, Side(row.side), row.lot)
            lines[_key(row)][line] = int(row.amount)
        return lines

    async def write(self, changes: Sequence[Change], *, now: datetime) -> None:
        await self._write_holdings(changes)
        transactions = [_transaction(change.key, fact, now) for change in changes for fact in change.facts]
        transactions += [_derived(change.key, *done, now) for change in changes for done in change.derived]
        await bulk.insert(self._connection, points_transactions, transactions, update=("is_void",))
        undone = [(change.key, name) for change in changes for name in change.undone]
        await self._void(undone, points_transactions.c.fact.is_(null()))
        postings = [
            {
                "transaction_id": transaction_id(change.key, line.name),
                "programme": change.key[1],
                "member_id": change.key[0],
                "side": line.side.value,
                "lot": line.lot,
                "amount": amount,
                "occurred_at": line.occurred_at,
                "recorded_at": now,
                "version": change.version,
            }
            for change in changes
            for line, amount in change.postings.items()
        ]
        await bulk.insert(self._connection, points_postings, postings)

    async def programmes_of(self, member_id: str) -> Sequence[str]:
        table = points_accounts
        found = select(table.c.programme).where(table.c.member_id == member_id).order_by(table.c.programme)
        return (await self._connection.execute(found)).scalars().all()

    async def give(self, *, owner: str, to: str, members: Collection[str] | None = None) -> Collection[str]:
        table = points_transactions
        moved = update(table).where(table.c.owner_id == owner)
        if members is not None:
            moved = moved.where(among(table.c.member_id, sorted(members)))
        given = await self._connection.execute(moved.values(owner_id=to).returning(table.c.member_id))
        return sorted(set(given.scalars()))

    async def forget(self, member_id: str) -> None:
        table = points_transactions
        await self._connection.execute(update(table).where(table.c.owner_id == member_id).values(reason=""))

    async def void(self, key: AccountKey, names: Collection[Name]) -> None:
        await self._void([(key, name) for name in names])

    async def _void(self, names: Collection[tuple[AccountKey, Name]], *where: ColumnElement[bool]) -> None:
        if names:
            ids = sorted(transaction_id(key, name) for key, name in names)
            those = update(points_transactions).where(among(points_transactions.c.id, ids), *where)
            await self._connection.execute(those.values(is_void=True))

    async def _of(self, table: Table, keys: Sequence[AccountKey], *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
        own = select(table).where(among_pairs(table.c.member_id, table.c.programme, keys), *where)
        return (await self._connection.execute(own)).all()

    async def _write_holdings(self, changes: Sequence[Change]) -> None:
        rows = [_account(change) for change in changes]
        await bulk.insert(self._connection, points_accounts, rows, update=tuple(_NEW))
        lots = [(change.key, change.before.lots, change.after.lots) for change in changes]
        await self._write_held(points_lots, "id", lots, _lot_row)
        holds = [(change.key, change.before.holds, change.after.holds) for change in changes]
        await self._write_held(points_holds, "ref", holds, _hold_row)

    async def _write_held(
        self,
        table: Table,
        name: str,
        held: Sequence[tuple[AccountKey, Mapping[str, T], Mapping[str, T]]],
        row: Callable[[AccountKey, T], dict[str, Any]],
    ) -> None:
        """Keep what is new or not as it was; delete what is there no more, as after a replay or a merge: seldom."""
        changed = [row(key, one) for key, before, after in held for id, one in after.items() if before.get(id) != one]
        keys = table.primary_key.columns.keys()
        moving = [column.name for column in table.columns if column.name not in keys]
        await bulk.insert(self._connection, table, changed, update=moving)
        for (member, programme), before, after in held:
            if gone := sorted(before.keys() - after.keys()):
                own = (table.c.member_id == member, table.c.programme == programme)
                await self._connection.execute(delete(table).where(*own, among(table.c[name], gone)))


def transaction_id(key: AccountKey, name: Name) -> str:
    """What a transaction is called: the same for the same fact, whenever it is told."""
    member, programme = key
    told = "\x1f".join((programme, member, name[0].value, name[1]))
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _key(row: Any) -> AccountKey:
    return (row.member_id, row.programme)


def _stored(row: Row[Any], lots: Iterable[Lot], holds: Iterable[Hold]) -> Stored:
    account = Account(
        lots={lot.id: lot for lot in lots},
        holds={hold.ref: hold for hold in holds},
        debt=row.debt,
        waiting=tuple(map(unpack_fact, row.waiting)),
        last=None if row.last_at is None else (row.last_at, row.last_rank, row.last_ref),
        united=row.united,
    )
    return Stored(account, row.version)


def _account(change: Change) -> dict[str, Any]:
    after, (member, programme) = change.after, change.key
    at, rank, ref = after.last or (None, 0, "")
    ending = [lot.expires_at for lot in free(after.lots.values()) if lot.expires_at is not None]
    return {
        "member_id": member,
        "programme": programme,
        "pending": after.pending,
        "active": after.active,
        "frozen": after.frozen,
        "debt": after.debt,
        "version": change.version,
        "united": after.united,
        "last_at": at,
        "last_rank": rank,
        "last_ref": ref,
        "waiting": [pack_fact(fact) for fact in after.waiting],
        "next_expiry": ending[0] if ending else None,
    }


def _lot(row: Row[Any]) -> Lot:
    plain = {name: value for name, value in row._mapping.items() if name not in ("member_id", "programme")}
    return Lot(**plain | {"shares": unpack_shares(row.shares)})


def _lot_row(key: AccountKey, lot: Lot) -> dict[str, Any]:
    plain = {name: getattr(lot, name) for name in Lot.__slots__}
    return {"member_id": key[0], "programme": key[1], **plain, "shares": pack_shares(lot.shares)}


def _hold(row: Row[Any]) -> Hold:
    parts = tuple(Part(*part) for part in row.parts)
    return Hold(row.ref, parts, unpack_shares(row.shares), row.value_minor, row.is_captured)


def _hold_row(key: AccountKey, hold: Hold) -> dict[str, Any]:
    return {
        "member_id": key[0],
        "programme": key[1],
        "ref": hold.ref,
        "parts": [astuple(part) for part in hold.parts],
        "shares": pack_shares(hold.shares),
        "value_minor": hold.value_minor,
        "is_captured": hold.is_captured,
    }


def _transaction(key: AccountKey, fact: Fact, now: datetime) -> dict[str, Any]:
    return _derived(key, fact.name, fact.occurred_at, now) | {
        "reason": fact.reason,
        "fact": pack_fact(replace(fact, reason="")),
    }


def _derived(key: AccountKey, name: Name, at: datetime, now: datetime) -> dict[str, Any]:
    member, programme = key
    return {
        "id": transaction_id(key, name),
        "programme": programme,
        "member_id": member,
        "owner_id": member,
        "kind": name[0].value,
        "ref": name[1],
        "occurred_at": at,
        "recorded_at": now,
        "reason": "",
        "fact": None,
        "is_void": False,
    }


if TYPE_CHECKING:
    from datasources.ports.points import PointsBook

    _book: type[PointsBook] = SqlPointsBook
