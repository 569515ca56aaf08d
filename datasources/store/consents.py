"""Consents in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import bulk, upsert
from datasources.store.engine import rows
from datasources.store.member_tables import consents
from datasources.store.merge_tables import consent_history
from datasources.store.sql import among
from domain.consents import Consent, ConsentState, Purpose

_SAID = ("state", "version", "at", "place", "text_hash")


class SqlConsents:
    """Reads consents as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def consents(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Consent]]:
        return _by_member(await rows(self._engine, _of(member_ids)))

    async def history(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[Consent]]:
        own = consent_history.c.member_id
        nth = func.row_number().over(partition_by=own, order_by=consent_history.c.id.desc()).label("nth")
        ranked = select(consent_history, nth).where(among(own, sorted(member_ids))).subquery()
        newest = select(*(ranked.c[column.name] for column in consents.columns)).where(ranked.c.nth <= limit)
        newest = newest.order_by(ranked.c.nth)
        return _by_member(await rows(self._engine, newest))


class SqlConsentBook:
    """Consents, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def consents(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Consent]]:
        return _by_member((await self._connection.execute(_of(member_ids))).all())

    async def write(self, said: Mapping[str, Collection[Consent]]) -> None:
        rows = [_row(member_id, consent) for member_id, all in said.items() for consent in all]
        await bulk.insert(self._connection, consents, rows, update=_SAID)
        await bulk.insert(self._connection, consent_history, rows)

    async def replace(self, said: Mapping[str, Collection[Consent]]) -> None:
        rows = {member_id: [_row(member_id, consent) for consent in all] for member_id, all in said.items()}
        await upsert.replace(self._connection, consents, consents.c.member_id, rows)

    async def forget(self, member_id: str) -> None:
        for table in (consents, consent_history):
            silent = update(table).where(table.c.member_id == member_id)
            await self._connection.execute(silent.values(version="", place="", text_hash=""))


def _of(member_ids: Collection[str]) -> Select[Any]:
    own = select(consents).where(among(consents.c.member_id, sorted(member_ids)))
    return own.order_by(consents.c.member_id, consents.c.purpose, consents.c.channel)


def _by_member(found: Sequence[Row[Any]]) -> Mapping[str, Sequence[Consent]]:
    said: defaultdict[str, list[Consent]] = defaultdict(list)
    for row in found:
        values = dict(row._mapping)
        member_id = values.pop("member_id")
        said[member_id].append(Consent(**values | {"purpose": Purpose(row.purpose), "state": ConsentState(row.state)}))
    return said


def _row(member_id: str, consent: Consent) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "purpose": consent.purpose.value,
        "channel": consent.channel,
        "state": consent.state.value,
        "version": consent.version,
        "at": consent.at,
        "place": consent.place,
        "text_hash": consent.text_hash,
    }


if TYPE_CHECKING:
    from datasources.ports.consents import ConsentBook, ConsentSource

    _source: type[ConsentSource] = SqlConsents
    _book: type[ConsentBook] = SqlConsentBook
