"""Returns in the store: to write inside a unit of work, and what counts against a member without any order."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.ports.orders import OrderNumber
from datasources.ports.work import Raced
from datasources.store import bulk
from datasources.store.order_tables import returns
from datasources.store.sql import among, by_pairs
from domain.returns import Return, ReturnLine


class SqlReturnBook:
    """Returns, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def by_number(self, numbers: Collection[OrderNumber]) -> Mapping[OrderNumber, Return]:
        found = await by_pairs(self._connection, (returns.c.source, returns.c.number), numbers)
        return {(row.source, row.number): _return(row) for row in found}

    async def write(self, new: Collection[Return]) -> None:
        try:
            await bulk.insert(self._connection, returns, [_row(one) for one in new])
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure

    async def give(self, *, owner: str, to: str, only: Collection[str] | None = None) -> Sequence[str]:
        moved = update(returns).where(returns.c.member_id == owner).values(member_id=to).returning(returns.c.id)
        if only is not None:
            moved = moved.where(among(returns.c.id, sorted(only)))
        return sorted((await self._connection.execute(moved)).scalars())


def without_receipt(member_ids: Collection[str], *when: ColumnElement[bool]) -> Select[Any]:
    """What members got back at some time for nothing that is known to have been bought."""
    wanted = (among(returns.c.member_id, sorted(member_ids)), returns.c.without_receipt_minor > 0, *when)
    refunded = func.sum(returns.c.without_receipt_minor).label("refunded_minor")
    return select(returns.c.member_id, refunded).where(*wanted).group_by(returns.c.member_id)


def _return(row: Row[Any]) -> Return:
    return Return(
        id=row.id,
        number=row.number,
        source=row.source,
        currency=row.currency,
        settled_at=row.settled_at,
        lines=tuple(ReturnLine(*line) for line in row.lines),
        member_id=row.member_id,
    )


def _row(one: Return) -> dict[str, Any]:
    return {
        "id": one.id,
        "source": one.source,
        "number": one.number,
        "member_id": one.member_id,
        "currency": one.currency,
        "settled_at": one.settled_at,
        "refunded_minor": one.refunded_minor,
        "without_receipt_minor": one.without_receipt_minor,
        "lines": [[getattr(line, name) for name in ReturnLine.__slots__] for line in one.lines],
    }


if TYPE_CHECKING:
    from datasources.ports.returns import ReturnBook

    _book: type[ReturnBook] = SqlReturnBook
