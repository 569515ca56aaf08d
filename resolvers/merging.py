"""Merging, as it is done: two members become one in every topic, in one transaction, and can be parted again.

What a topic keeps of a member is its own; here stands only which topics there are, and in which order they go.
"""

import uuid
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import domain.events
import domain.merging
from datasources.ports.work import Work
from domain.members import Member
from domain.merging import Merge, MergeCase, Obstacle, Together
from resolvers import (
    client_merging,
    consents,
    observed,
    orders,
    points_merging,
    rewards,
    sessions,
    tags,
    tiers,
    wishlist,
)

Record = dict[str, Any]
"""What a topic did to join two members, in its own words, enough to undo it; it is kept as JSON."""


class _Join(Protocol):
    def __call__(self, work: Work, *, absorbed: str, survivor: str, now: datetime) -> Awaitable[Record]: ...


class _Part(Protocol):
    def __call__(self, work: Work, record: Any, *, now: datetime) -> Awaitable[None]: ...


class _Forget(Protocol):
    def __call__(self, work: Work, member_id: str, *, now: datetime) -> Awaitable[None]: ...


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody keeps of members: how two are joined and parted, and how one is forgotten."""

    join: _Join
    part: _Part
    forget: _Forget


TOPICS: Mapping[str, Topic] = {
    "orders": Topic(orders.join, orders.part, orders.forget),
    "consents": Topic(consents.join, consents.part, consents.forget),
    "tiers": Topic(tiers.join, tiers.part, tiers.forget),
    "tags": Topic(tags.join, tags.part, tags.forget),
    "behaviour": Topic(observed.join, observed.part, observed.forget),
    "wishlist": Topic(wishlist.join, wishlist.part, wishlist.forget),
    "clients": Topic(client_merging.join, client_merging.part, client_merging.forget),
    "points": Topic(points_merging.join, points_merging.part, points_merging.forget),
    "rewards": Topic(rewards.join, rewards.part, rewards.forget),
    "sessions": Topic(sessions.join, sessions.part, sessions.forget),
}
"""By the name under which a merge remembers what each did. Joined in this order, parted in the opposite one."""


async def merge(work: Work, pair: Together, *, by: str, now: datetime) -> Merge:
    """Make two members one; both must be locked."""
    kept, absorbed = pair.kept, pair.absorbed
    made, gone = domain.merging.merged(pair, now)
    await work.members.write([gone, made])
    topics = {
        name: await topic.join(work, absorbed=absorbed.id, survivor=kept.id, now=now) for name, topic in TOPICS.items()
    }
    done = Merge(uuid.uuid4().hex, kept, absorbed, made, now, by, topics)
    await work.merges.write_merge(done)
    await tell(work, kept.id, absorbed.id, now=now)
    return done


async def part(work: Work, merge: Merge, *, kept: Member, absorbed: Member, by: str, now: datetime) -> None:
    """Take a merge back; both must be locked. No link makes them one again: a person said that they are two."""
    await work.members.write(domain.merging.parted(merge, kept, absorbed))
    for name, topic in reversed(list(TOPICS.items())):
        if name in merge.topics:  # a topic that came later had nothing to join
            await topic.part(work, merge.topics[name], now=now)
    await work.merges.write_merge(replace(merge, undone_at=now))
    case = _case(kept, absorbed, Obstacle.TAKEN_APART, seen_at=merge.at, now=now)
    decision = domain.merging.Decision.KEPT_APART
    await work.merges.write_case(replace(case, decision=decision, decided_at=now, decided_by=by))
    await tell(work, kept.id, absorbed.id, now=now)


async def wait(
    work: Work, one: Member, other: Member, obstacle: Obstacle, *, seen_at: datetime, now: datetime
) -> MergeCase:
    """Leave it to a person whether two are one; the case that waits already, if there is one."""
    known = await work.merges.latest_case({one.id, other.id})
    if known is not None and known.decision is None:
        return known
    case = _case(one, other, obstacle, seen_at=seen_at, now=now)
    await work.merges.write_case(case)
    return case


async def are_kept_apart(work: Work, one: Member, other: Member) -> bool:
    """Say whether a person has decided that these are two."""
    known = await work.merges.latest_case({one.id, other.id})
    return known is not None and known.decision is domain.merging.Decision.KEPT_APART


async def tell(work: Work, *member_ids: str, now: datetime) -> None:
    """Let everybody know that these members changed."""
    await work.tell([domain.events.member_changed(id, now) for id in member_ids])


def _case(one: Member, other: Member, obstacle: Obstacle, *, seen_at: datetime, now: datetime) -> MergeCase:
    first, second = sorted((one.id, other.id))
    return MergeCase(uuid.uuid4().hex, first, second, obstacle, seen_at=seen_at, opened_at=now)
