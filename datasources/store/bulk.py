"""Bulk: many rows in one statement and one parameter, a JSON list that the database itself takes apart.

A driver that is handed rows prepares every value of every row; here that is done in one go, on either database.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Float, Integer, Table, Text, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.store.tables import Instant

_POSTGRES_TYPES: tuple[tuple[type, str], ...] = (
    (Instant, "timestamptz"),
    (Date, "date"),
    (JSON, "json"),
    (BigInteger, "bigint"),
    (Integer, "integer"),
    (Float, "double precision"),
    (Boolean, "boolean"),
    (Text, "text"),
)


async def insert(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], *, update: Collection[str] = ()
) -> None:
    """Insert rows, in their order, all of the same columns; where a primary key is there already, `update` these."""
    if not rows:
        return
    dialect = connection.dialect.name
    statement = _statement(table, tuple(rows[0]), tuple(update), dialect)
    await connection.execute(statement, {"rows": _json(rows, dialect)})


def _json(rows: Sequence[Mapping[str, Any]], dialect: str) -> str:
    if dialect == "postgresql":
        return orjson.dumps(rows).decode()
    return orjson.dumps(rows, _without_zone, orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _without_zone(value: Any) -> str:
    """An instant as SQLite keeps it (tables.Instant), and a day."""
    if type(value) is date:
        return value.isoformat()
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} cannot be written")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@cache
def _statement(table: Table, names: tuple[str, ...], update: tuple[str, ...], dialect: str) -> TextClause:
    columns = [table.c[name] for name in names]
    listed = ", ".join(names)
    if dialect == "postgresql":
        shape = ", ".join(f"{column.name} {_type(column)}" for column in columns)
        made = f"ROWS FROM (json_to_recordset(CAST(:rows AS json)) AS ({shape})) WITH ORDINALITY"
        source = f"SELECT {listed} FROM {made} AS r({listed}, nth_row) ORDER BY nth_row"  # noqa: S608  # our own names
    else:
        values = ", ".join(f"json_extract(value, '$.{name}')" for name in names)
        source = f"SELECT {values} FROM json_each(:rows) WHERE true ORDER BY key"  # noqa: S608  # our own names
    keys = ", ".join(column.name for column in table.primary_key.columns)
    changes = ", ".join(f"{name} = excluded.{name}" for name in update)
    conflict = f" ON CONFLICT ({keys}) DO UPDATE SET {changes}" if update else ""
    return text(f"INSERT INTO {table.name} ({listed}) {source}{conflict}")


def _type(column: Column[Any]) -> str:
    return next(name for kind, name in _POSTGRES_TYPES if isinstance(column.type, kind))
