"""Who is blocked is let in no longer, from that moment on; who is let in again is what they were."""

from decimal import Decimal

import pytest

import resolvers.blocking
import resolvers.points_commands
import resolvers.wechat
from datasources.store.store import Store
from domain.members import IdentifierType, MemberStatus
from domain.refusals.general import TransitionRefused
from domain.refusals.points import MemberNotActive
from domain.refusals.sessions import MemberBlocked
from resolvers.blocking import Block, Unblock
from resolvers.points_commands import Earn
from tests.people import keep, member
from tests.resolvers.identity import CARD, erp, registered, verified
from tests.resolvers.signing import House

pytestmark = pytest.mark.anyio
AT = ("input", "member")


async def test_who_is_blocked_is_signed_out_signs_in_no_more_and_earns_nothing(house: House) -> None:
    session = await house.by_wechat()
    assert session.viewer is not None
    ctx = erp(house.store, at=house.clock.now)
    done = await resolvers.blocking.block(ctx, Block(session.viewer.id, "1"))
    assert done.member is not None
    assert done.member.status is MemberStatus.BLOCKED
    assert house.has_ended(session)
    again = await resolvers.wechat.login(house.asked(), resolvers.wechat.Login("anna:2"))
    assert [type(refused) for refused in again.user_errors] == [MemberBlocked]
    earned = await resolvers.points_commands.earn(ctx, Earn(session.viewer.id, "o1", Decimal(10), "2"))
    assert [type(refused) for refused in earned.user_errors] == [MemberNotActive]


async def test_who_has_joined_is_active_again_and_who_has_not_a_prospect_MEM_11(store: Store) -> None:
    ctx = erp(store)
    joined = await registered(ctx, verified(IdentifierType.CARD, CARD))
    await keep(store, member("bought", status=MemberStatus.PROSPECT))
    for id, before in ((joined.id, MemberStatus.ACTIVE), ("bought", MemberStatus.PROSPECT)):
        early = await resolvers.blocking.unblock(ctx, Unblock(id, f"{id} early"))
        assert early.user_errors == (TransitionRefused(AT, before.value, before.value, ()),)
        await resolvers.blocking.block(ctx, Block(id, f"{id} block"))
        twice = await resolvers.blocking.block(ctx, Block(id, f"{id} twice"))
        assert twice.user_errors == (TransitionRefused(AT, "BLOCKED", "BLOCKED", ()),)
        again = await resolvers.blocking.unblock(ctx, Unblock(id, f"{id} unblock"))
        assert again.member is not None
        assert again.member.status is before
