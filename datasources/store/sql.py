"""The few words of SQL in which the two databases differ, said once."""

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Executable,
    Row,
    Text,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Texts(TypeDecorator[Collection[str]]):
    """Many texts in one parameter: an array on PostgreSQL, a JSON list on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        texts = [text for text in value or () if "\0" not in text]  # PostgreSQL refuses what no row can hold
        return texts if dialect.name == "postgresql" else json.dumps(texts)


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> "_Among":
        """Stand alone: SQLite takes no index for what SQLAlchemy would otherwise write, `(… IN …) = 1`."""
        return self


class _AmongPairs(_Among):
    inherit_cache = True


def among(column: ColumnElement[str], values: Collection[str] | BindParameter[Any]) -> ColumnElement[bool]:
    """Match rows whose column is one of the values: one parameter, so that one prepared statement serves any number."""
    many = values if isinstance(values, BindParameter) else bindparam(None, values, type_=_Texts(), unique=True)
    return _Among(column, many)


def texts(name: str) -> BindParameter[Any]:
    """A parameter that is told many texts when its statement is sent."""
    return bindparam(name, type_=_Texts())


def listed(values: Collection[str], dialect: str) -> ColumnElement[str]:
    """The values themselves, as rows of one column: to ask something of each."""
    many = bindparam(None, values, type_=_Texts(), unique=True)
    if dialect == "postgresql":
        return func.unnest(many, type_=Text()).column_valued("listed")
    return func.json_each(many, type_=Text()).table_valued("value", name="listed").c.value


def among_pairs(
    first: ColumnElement[str], second: ColumnElement[str], pairs: Collection[tuple[str, str]]
) -> ColumnElement[bool]:
    """Match rows whose two columns together are one of the pairs: two parameters, for any number of them."""
    ordered = sorted(pairs)
    values = [bindparam(None, [pair[i] for pair in ordered], type_=_Texts(), unique=True) for i in (0, 1)]
    return _AmongPairs(first, second, *values)


async def by_pairs(
    connection: AsyncConnection,
    columns: tuple[Column[str], Column[str]],
    pairs: Collection[tuple[str, str]],
    *,
    locked: bool = False,
) -> Sequence[Row[Any]]:
    """Read rows by two columns, each by their index, in the order of the sorted pairs; locked in it as well, if asked.

    PostgreSQL would read all of a table whose size it misjudges; what stands in a lateral query it cannot turn round.
    SQLite has one writer, and nothing to lock.
    """
    if connection.dialect.name != "postgresql":
        return (await connection.execute(select(columns[0].table).where(among_pairs(*columns, pairs)))).all()
    ordered = sorted(pairs)
    values = {"firsts": [pair[0] for pair in ordered], "seconds": [pair[1] for pair in ordered]}
    return (await connection.execute(_by_pairs(*columns, locked), values)).all()


@cache
def _by_pairs(first: Column[str], second: Column[str], locked: bool) -> Executable:
    table, fence = first.table, "FOR UPDATE" if locked else "OFFSET 0"
    found = f"SELECT * FROM {table} WHERE {first.name} = k.a AND {second.name} = k.b {fence}"  # noqa: S608  # our names
    pairs = "unnest(CAST(:firsts AS text[]), CAST(:seconds AS text[])) AS k(a, b)"
    statement = text(f"SELECT t.* FROM {pairs} CROSS JOIN LATERAL ({found}) AS t")  # noqa: S608  # our own names
    return statement.bindparams(texts("firsts"), texts("seconds")).columns(*table.columns)


@compiles(_Among)
def _any(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY({compiler.process(values, **options)})"


@compiles(_Among, "sqlite")
def _each(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  # both are compiled clauses


@compiles(_AmongPairs)
def _any_pair(element: _AmongPairs, compiler: SQLCompiler, **options: Any) -> str:
    first, second, firsts, seconds = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({first}, {second}) IN (SELECT * FROM unnest({firsts}, {seconds}))"  # noqa: S608  # compiled clauses


@compiles(_AmongPairs, "sqlite")
def _each_pair(element: _AmongPairs, compiler: SQLCompiler, **options: Any) -> str:
    first, second, firsts, seconds = (compiler.process(clause, **options) for clause in element.clauses)
    pairs = f"json_each({firsts}) AS a JOIN json_each({seconds}) AS b ON a.key = b.key"
    return f"({first}, {second}) IN (SELECT a.value, b.value FROM {pairs})"  # noqa: S608  # compiled clauses
