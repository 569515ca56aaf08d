"""Writing only what differs: rows are read, compared as dictionaries, and inserted or updated a batch at a time.

The same SQL on both databases; whoever calls it holds the only transaction that imports.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.store.sql import among
from domain.statuses import Status

Values = Mapping[str, Any]
_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it should be; the `silent` columns are written only where the row is new."""

    values: Values
    silent: Collection[str] = ()


async def upsert(
    connection: AsyncConnection, table: Table, records: Sequence[Record], *, inserts_first: bool = False
) -> Sequence[Status]:
    """Bring rows to what the records say, one after another, and tell what each did.

    Costs one SELECT, and one INSERT and UPDATE where something differs. Updates go first, so that a new row may
    take a unique value that an old one gave up; with `inserts_first`, old rows may refer to new ones.
    """
    if not records:
        return []
    before = await _stored(connection, table, [record.values for record in records])
    after = dict(before)
    statuses = [_apply(table, record, after) for record in records]
    updates = [row for key, row in after.items() if key in before and row != before[key]]
    inserts = [row for key, row in after.items() if key not in before]
    if inserts and inserts_first:
        await connection.execute(insert(table), inserts)
    if updates:
        await connection.execute(_update(table), [_renamed(table, row) for row in updates])
    if inserts and not inserts_first:
        await connection.execute(insert(table), inserts)
    return statuses


async def replace(
    connection: AsyncConnection, table: Table, owner: Column[str], rows: Mapping[str, Sequence[Values]]
) -> frozenset[str]:
    """Make these rows the only ones of each owner; return the owners whose rows were others before."""
    if not rows:
        return frozenset()
    before: defaultdict[str, set[_Key]] = defaultdict(set)
    for row in (await connection.execute(select(table).where(among(owner, list(rows))))).mappings():
        before[row[owner.name]].add(_flat(table, dict(row)))
    changed = [id for id, wanted in rows.items() if {_flat(table, row) for row in wanted} != before[id]]
    if emptied := [id for id in changed if before[id]]:
        await connection.execute(delete(table).where(among(owner, emptied)))
    if new := [row for id in changed for row in rows[id]]:
        await connection.execute(insert(table), new)
    return frozenset(changed)


async def _stored(connection: AsyncConnection, table: Table, wanted: Sequence[Values]) -> dict[_Key, Values]:
    first, *_ = table.primary_key.columns
    statement = select(table).where(among(first, sorted({values[first.name] for values in wanted})))
    keys = {_key(table, values) for values in wanted}
    found = (dict(row._mapping) for row in await connection.execute(statement))
    return {key: row for row in found if (key := _key(table, row)) in keys}


def _apply(table: Table, record: Record, rows: dict[_Key, Values]) -> Status:
    key = _key(table, record.values)
    stored = rows.get(key)
    if stored is None:
        rows[key] = record.values
        return Status.CREATED
    merged = {**stored, **{name: value for name, value in record.values.items() if name not in record.silent}}
    rows[key] = merged
    return Status.UNCHANGED if merged == stored else Status.UPDATED


def _update(table: Table) -> Any:
    matches = [column == bindparam(f"old_{column.name}") for column in table.primary_key.columns]
    return update(table).where(*matches).values({c.name: bindparam(c.name) for c in table.c if not c.primary_key})


def _renamed(table: Table, row: Values) -> Values:
    return {f"old_{c.name}" if c.primary_key else c.name: row[c.name] for c in table.columns}


def _key(table: Table, values: Values) -> _Key:
    return tuple(values[column.name] for column in table.primary_key.columns)


def _flat(table: Table, values: Values) -> _Key:
    return tuple(values[column.name] for column in table.columns)
