"""The access log in the store."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.store import bulk
from datasources.store.member_tables import access_log
from domain.access import Access


class SqlAccessLog:
    """Writes looks down, each call in a transaction of its own, or in the one it is given."""

    def __init__(self, written: Callable[[], AbstractAsyncContextManager[AsyncConnection]]) -> None:
        self._written = written

    async def record(self, looks: Sequence[Access]) -> None:
        rows = [
            {
                "kind": look.kind.value,
                "member_id": look.member_id,
                "viewer_id": look.viewer_id,
                "role": look.role.value,
                "at": look.at,
                "request_id": look.request_id,
                "fields": list(look.fields),
            }
            for look in looks
        ]
        if rows:
            async with self._written() as connection:
                await bulk.insert(connection, access_log, rows)


if TYPE_CHECKING:
    from datasources.ports.access import AccessLog

    def _port(log: SqlAccessLog) -> AccessLog:
        return log
