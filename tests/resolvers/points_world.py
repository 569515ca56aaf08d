"""A shop with members who have points, and those who ask for them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from datasources.store.store import Store
from domain.channels import Channel
from domain.members import MemberStatus
from domain.rewards import RewardKind
from domain.viewers import SCOPES_OF_ROLE, Role, Viewer
from resolvers import points_commands, points_spending, rewards
from resolvers.context import Context
from resolvers.points_commands import Earn
from resolvers.points_spending import Spend
from tests import builders, people
from tests.builders import INTEGRATOR, NOW
from tests.worlds import asked, fill


def till(store: Store, at: datetime = NOW, **said: Any) -> Context:
    """An integrator's till."""
    known: dict[str, Any] = {"viewer": INTEGRATOR, "channel": Channel.POS}
    return asked(store, at=at, **known | said)


def member_asks(store: Store, id: str, at: datetime = NOW, **said: Any) -> Context:
    """A member themself."""
    return asked(store, at=at, viewer=Viewer(id, Role.MEMBER, SCOPES_OF_ROLE[Role.MEMBER]), **said)


def associate_asks(store: Store, id: str, location: str, at: datetime = NOW) -> Context:
    """An associate of a store."""
    scopes = SCOPES_OF_ROLE[Role.ASSOCIATE]
    return asked(store, at=at, viewer=Viewer(id, Role.ASSOCIATE, scopes, location_id=location))


async def furnish(store: Store, url: str) -> Store:
    """Two who have joined, a prospect, one who is blocked; ann of S1 looks after one of them."""
    await fill(url, [builders.shop("S1"), builders.shop("S2")])
    await people.keep(
        store,
        people.member("m1"),
        people.member("m2"),
        people.member("new", status=MemberStatus.PROSPECT),
        people.member("bad", status=MemberStatus.BLOCKED),
    )
    await people.look_after(store, "ann", "m1", location="S1")
    return store


async def earn(store: Store, member: str, yuan: int, order: str = "o1", at: datetime = NOW, **said: Any) -> Any:
    """A completed purchase: a point for each yuan."""
    known: dict[str, Any] = {"is_completed": True, "idempotency_key": f"earn-{order}-{member}"}
    command = Earn(member, order, Decimal(yuan), **known | said)
    return await points_commands.earn(till(store, at), command)


async def redeem(ctx: Context, member: str, points: int, ref: str = "r1", **said: Any) -> Any:
    """Points spent in one step."""
    return await points_spending.spend(ctx, Spend(True, member, points, ref, **{"idempotency_key": f"k-{ref}"} | said))


async def offer(store: Store, code: str = "mug", **said: Any) -> Any:
    """A reward."""
    known = {"kind": RewardKind.GIFT, "title": "A mug", "cost": 100, "idempotency_key": f"save-{code}"}
    return await rewards.save(till(store), rewards.Save(code=code, **known | said))  # type: ignore[arg-type]
