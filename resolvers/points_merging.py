"""Points when members become one, when they are parted again, and when one is forgotten (MEM-3, MEM-4, MEM-10).

All an account holds goes over in one posting on each side. Parting takes these postings back and counts both accounts
anew: what was told meanwhile of an order goes with the order, everything else stays with whom it was told of.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from datasources.ports.work import Work
from domain import points as ledger
from domain.accounts import Account
from domain.facts import Fact, Kind
from domain.points_records import pack
from resolvers import points
from resolvers.points import Post


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, Any]:
    """Give all points and credit of one member to another; return what was done."""
    ref = uuid.uuid4().hex
    programmes = await work.points.programmes_of(absorbed)
    keys = [(member, programme) for programme in programmes for member in (absorbed, survivor)]
    stored = await work.points.locked(keys)
    for programme in programmes:
        at = _after(now, [stored[(member, programme)].account for member in (absorbed, survivor)])
        swept = ledger.expire(stored[(absorbed, programme)].account, at)
        leave, come = Fact(Kind.MERGE, ref, at), Fact(Kind.MERGE, ref, at, moved=pack(swept.account))
        await points.post_many(
            work, [Post((absorbed, programme), [leave]), Post((survivor, programme), [come])], now=max(now, at)
        )
    members = await work.points.give(owner=absorbed, to=survivor)
    return {"ref": ref, "absorbed": absorbed, "survivor": survivor, "programmes": [*programmes], "members": [*members]}


async def part(work: Work, record: dict[str, Any], *, now: datetime) -> None:
    """Take a merge back."""
    absorbed, survivor, name = record["absorbed"], record["survivor"], (Kind.MERGE, record["ref"])
    await work.points.give(owner=survivor, to=absorbed, members=record["members"])
    keys = [(member, programme) for programme in record["programmes"] for member in (absorbed, survivor)]
    for key in keys:
        await work.points.void(key, [name])
    parted = await points.replay(work, keys, now=now)
    for programme in record["programmes"]:
        theirs = _of_theirs(parted[(absorbed, programme)], parted[(survivor, programme)])
        if theirs:
            await work.points.void((survivor, programme), [fact.name for fact in theirs])
            await points.replay(work, [(survivor, programme)], now=now)
            await points.post_many(work, [Post((absorbed, programme), theirs)], now=now)


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Forget what somebody wrote about a member; all sums are kept, under an id that is nobody's any more (MEM-10)."""
    await work.points.forget(member_id)


def _of_theirs(absorbed: Account, survivor: Account) -> Sequence[Fact]:
    """Facts that wait at one for what only the other one knows."""
    return [fact for fact in survivor.waiting if fact.parent is not None and absorbed.knows(fact.parent)]


def _after(now: datetime, accounts: Collection[Account]) -> datetime:
    return max(ledger.now_or_later(account, now) for account in accounts)
