"""Where members stand among all, in the store: computed a page at a time, and read of the last computation."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, case, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.rfm import Audience
from datasources.store import bulk, order_tables, returns
from datasources.store.engine import rows
from datasources.store.insight_tables import member_rfm, member_tags, rfm_runs
from datasources.store.member_tables import members, orders
from datasources.store.sql import among
from domain.members import MemberStatus
from domain.rfm import Cuts, Figures, Ranking, Run, Segment, segment_of

_KEY = member_rfm.c.run_id, member_rfm.c.member_id


class SqlRfm:
    """Reads what was computed last, and writes what is computed now, each page in a transaction of its own."""

    def __init__(
        self, engine: AsyncEngine, written: Callable[[], AbstractAsyncContextManager[AsyncConnection]]
    ) -> None:
        self._engine = engine
        self._written = written

    async def latest(self) -> Run | None:
        last = (
            select(rfm_runs)
            .where(rfm_runs.c.members.is_not(None))
            .order_by(rfm_runs.c.as_of.desc(), rfm_runs.c.id)
            .limit(1)
        )
        return next(map(_run, await rows(self._engine, last)), None)

    async def figures(self, run_id: str, member_ids: Collection[str]) -> Mapping[str, Figures]:
        own = select(member_rfm).where(member_rfm.c.run_id == run_id, among(member_rfm.c.member_id, sorted(member_ids)))
        return {row.member_id: _figures(row) for row in await rows(self._engine, own)}

    async def audience(self, asked: Audience, *, after: str | None, limit: int) -> Sequence[str]:
        wanted, key = select(members.c.id), members.c.id
        if asked.segment is not None and asked.run is not None:
            key = member_rfm.c.member_id  # in the order of its own key, so that a page is read and no more
            wanted = _in_segment(wanted.join(member_rfm, key == members.c.id), asked.run, asked.segment)
        wanted = wanted.where(members.c.merged_into.is_(None), members.c.status != MemberStatus.ERASED.value)
        if asked.path is not None:
            below = member_tags.c.path.startswith(f"{asked.path}/", autoescape=True)
            holds = or_(member_tags.c.expires_at.is_(None), member_tags.c.expires_at > asked.at)
            on_path = or_(member_tags.c.path == asked.path, below)
            wanted = wanted.where(
                select(member_tags.c.path).where(member_tags.c.member_id == members.c.id, on_path, holds).exists()
            )
        ordered = wanted.where(key > (after or "")).order_by(key).limit(limit)
        return [row.id for row in await rows(self._engine, ordered)]

    async def begin(self, run_id: str, as_of: datetime) -> None:
        async with self._written() as connection:
            await connection.execute(insert(rfm_runs), [{"id": run_id, "as_of": as_of}])

    async def page(
        self, *, after: str, as_of: datetime, window: timedelta, limit: int
    ) -> Sequence[tuple[str, Figures]]:
        is_late = orders.c.completed_at > as_of - window
        net_minor = orders.c.net_minor - orders.c.refunded_minor
        summed = (
            select(
                orders.c.member_id,
                func.max(orders.c.completed_at, type_=orders.c.completed_at.type).label("last_at"),
                func.sum(case((is_late, 1), else_=0)).label("orders"),
                func.sum(case((is_late, net_minor), else_=0)).label("amount_minor"),
            )
            .join(members, members.c.id == orders.c.member_id)
            .where(
                orders.c.member_id > after,
                orders.c.completed_at <= as_of,
                members.c.status != MemberStatus.ERASED.value,
            )
            .group_by(orders.c.member_id)
            .order_by(orders.c.member_id)
            .limit(limit)
        )
        found = await rows(self._engine, summed)
        settled_at = order_tables.returns.c.settled_at
        own = returns.without_receipt(
            [row.member_id for row in found], settled_at > as_of - window, settled_at <= as_of
        )
        back = {row.member_id: int(row.refunded_minor) for row in await rows(self._engine, own)}
        return [
            (
                row.member_id,
                Figures(
                    (as_of - row.last_at).days, int(row.orders), int(row.amount_minor) - back.get(row.member_id, 0)
                ),
            )
            for row in found
        ]

    async def keep(self, run_id: str, found: Sequence[tuple[str, Figures]]) -> None:
        kept = [
            {
                "run_id": run_id,
                "member_id": member_id,
                "recency_days": figures.recency_days,
                "orders": figures.orders,
                "amount_minor": figures.amount_minor,
            }
            for member_id, figures in found
        ]
        async with self._written() as connection:
            await bulk.insert(connection, member_rfm, kept)

    async def finish(self, run: Run) -> None:
        ranking = run.ranking
        parted = [astuple(ranking.cuts), ranking.recency, ranking.orders, ranking.amounts]
        sizes = {segment.bits: size for segment, size in run.sizes.items()}
        ended = update(rfm_runs).where(rfm_runs.c.id == run.id)
        async with self._written() as connection:
            await connection.execute(ended.values(members=run.members, ranking=parted, sizes=sizes))

    async def forget_before(self, as_of: datetime, *, limit: int) -> int:
        earlier = select(rfm_runs.c.id).where(rfm_runs.c.as_of < as_of)
        old = select(*_KEY).where(member_rfm.c.run_id.in_(earlier)).limit(limit)
        async with self._written() as connection:
            return (await connection.execute(delete(member_rfm).where(tuple_(*_KEY).in_(old)))).rowcount


def _in_segment(wanted: Select[Any], run: Run, segment: Segment) -> Select[Any]:
    """On this side of each cut, or on the other."""
    cuts = run.ranking.cuts
    sides = (
        (member_rfm.c.recency_days <= cuts.recency_days, segment.is_recent),
        (member_rfm.c.orders >= cuts.orders, segment.is_frequent),
        (member_rfm.c.amount_minor >= cuts.amount_minor, segment.is_high),
    )
    return wanted.where(member_rfm.c.run_id == run.id, *(side if bit else ~side for side, bit in sides))


def _run(row: Row[Any]) -> Run:
    cuts, *steps = row.ranking
    ranking = Ranking(Cuts(*cuts), *(tuple(step) for step in steps))
    return Run(row.id, row.as_of, row.members, ranking, {segment_of(bits): size for bits, size in row.sizes.items()})


def _figures(row: Row[Any]) -> Figures:
    return Figures(row.recency_days, row.orders, row.amount_minor)


if TYPE_CHECKING:
    from datasources.ports.rfm import RfmBook, RfmSource

    def _ports(rfm: SqlRfm) -> tuple[RfmSource, RfmBook]:
        return rfm, rfm
