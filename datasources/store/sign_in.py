"""What people sign in with, in the store: one-time codes, tries in vain, tablets and PINs."""

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.store import bulk
from datasources.store.member_tables import associates
from datasources.store.session_tables import one_time_codes, tablets, tries
from domain.codes_once import OneTimeCode
from domain.tablets import Credentials, Tablet
from domain.throttle import Tries


class SqlCodeBook:
    """One-time codes, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(self, phone: str) -> OneTimeCode | None:
        wanted = select(one_time_codes).where(one_time_codes.c.phone == phone).with_for_update()
        row = (await self._connection.execute(wanted)).one_or_none()
        return OneTimeCode(**row._mapping) if row is not None else None

    async def write(self, code: OneTimeCode) -> None:
        row = {name: getattr(code, name) for name in OneTimeCode.__slots__}
        await bulk.insert(self._connection, one_time_codes, [row], update=[name for name in row if name != "phone"])

    async def forget(self, phone: str) -> None:
        await self._connection.execute(delete(one_time_codes).where(one_time_codes.c.phone == phone))


class SqlTryBook:
    """Tries in vain, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(self, subject: str) -> Tries:
        nothing = {"subject": subject, "count": 0, "last_at": None}
        await bulk.insert(self._connection, tries, [nothing], update=["subject"])  # what is not there, nobody can lock
        wanted = select(tries.c.count, tries.c.last_at).where(tries.c.subject == subject).with_for_update()
        return Tries(*(await self._connection.execute(wanted)).one())

    async def write(self, subject: str, tried: Tries) -> None:
        told = update(tries).where(tries.c.subject == subject)
        await self._connection.execute(told.values(count=tried.count, last_at=tried.last_at))

    async def forget(self, subject: str) -> None:
        await self._connection.execute(delete(tries).where(tries.c.subject == subject))


class SqlTabletBook:
    """Tablets and PINs, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def tablet(self, id: str) -> Tablet | None:
        row = (await self._connection.execute(select(tablets).where(tablets.c.id == id))).one_or_none()
        return Tablet(**row._mapping) if row is not None else None

    async def write(self, tablet: Tablet) -> None:
        row = {name: getattr(tablet, name) for name in Tablet.__slots__}
        await bulk.insert(self._connection, tablets, [row], update=[name for name in row if name != "id"])

    async def credentials(self, associate_id: str) -> Credentials | None:
        columns = associates.c
        wanted = select(columns.id, columns.location_id, columns.is_active, columns.pin_hash)
        row = (await self._connection.execute(wanted.where(columns.id == associate_id))).one_or_none()
        return Credentials(*row) if row is not None else None

    async def set_pin(self, associate_id: str, pin_hash: str) -> None:
        who = update(associates).where(associates.c.id == associate_id)
        await self._connection.execute(who.values(pin_hash=pin_hash))


if TYPE_CHECKING:
    from datasources.ports.sign_in import CodeBook, TabletBook, TryBook

    _codes: type[CodeBook] = SqlCodeBook
    _tries: type[TryBook] = SqlTryBook
    _tablets: type[TabletBook] = SqlTabletBook
