"""What tests tell of points, and what the books say of them afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from datasources.store.engine import rows
from datasources.store.points_tables import points_postings
from datasources.store.store import Store
from domain.accounts import Account
from domain.facts import Fact, Side
from domain.programmes import Programme, usual
from resolvers import points
from tests.builders import NOW

POINTS, STARS, CREDIT = usual("CNY")


def earned(ref: str, amount: int, at: datetime = NOW, *, programme: Programme = POINTS) -> Sequence[Fact]:
    """An order of so many points, completed."""
    base = amount * programme.earn_per_minor // programme.earn_points
    return [points.earned(programme, ref, base, occurred_at=at), points.activated(ref, at)]


async def tell(
    store: Store, member_id: str, *facts: Fact, programme: Programme = POINTS, now: datetime = NOW
) -> Account | None:
    """Tell of a member's account."""
    async with store.work() as work:
        return await points.post(work, member_id, programme, facts, now=now)


async def balance(store: Store, member_id: str, programme: Programme = POINTS) -> tuple[int, int, int]:
    """What is pending, active and frozen, as it is kept."""
    found = await store.points.standings([member_id], [programme.code])
    standing = found.get((member_id, programme.code))
    return (standing.pending, standing.active, standing.frozen) if standing else (0, 0, 0)


async def folded(store: Store, member_id: str | None = None, programme: Programme = POINTS) -> dict[Side, int]:
    """The sums of all postings: of one member, or of all."""
    table = points_postings
    summed = select(table.c.side, func.sum(table.c.amount).label("amount")).where(table.c.programme == programme.code)
    if member_id is not None:
        summed = summed.where(table.c.member_id == member_id)
    found: Sequence[Any] = await rows(store._readers, summed.group_by(table.c.side))
    return {side: next((int(row.amount) for row in found if row.side == side.value), 0) for side in Side}


async def check_books(store: Store, *member_ids: str, programme: Programme = POINTS) -> None:
    """The ledger sums to zero, and every balance is the fold of its postings (PTS-1, PTS-2)."""
    assert sum((await folded(store, programme=programme)).values()) == 0
    for member_id in member_ids:
        sums = await folded(store, member_id, programme)
        own = tuple(sums[side] for side in (Side.PENDING, Side.ACTIVE, Side.FROZEN))
        assert own == await balance(store, member_id, programme)
