"""Use cases on WeChat: who signs in by it, and whose phone it vouches for.

WeChat is asked before anything is written, never inside a transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from datasources.ports.errors import Malformed, Rejected
from domain.members import Identifier, IdentifierType
from domain.refusals.base import Path, Refusal
from domain.refusals.sessions import WechatRefused
from domain.viewers import Role
from resolvers import claims, identifiers, members, phones, registration, sessions
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.errors import NotAllowed, Unauthenticated
from resolvers.sessions import Answer, Granted

AT_CODE: Path = ("input", "code")
SOURCE = "WECHAT"


@dataclass(frozen=True, slots=True)
class Login:
    """A code of `wx.login`."""

    code: str


@dataclass(frozen=True, slots=True)
class BindPhone:
    """A code of `getPhoneNumber`."""

    code: str


@dataclass(frozen=True, slots=True)
class Bound:
    """The session with new tokens, and whether a person must decide first who has the phone."""

    session: Granted | None = None
    is_queued: bool = False
    user_errors: Sequence[Refusal] = ()


async def login(ctx: Context, command: Login) -> Answer:
    """Sign in as whoever WeChat says it is; whom nobody knows is a prospect from now on (MEM-11)."""
    try:
        who = await ctx.sources.wechat.session(command.code)
    except Rejected:
        return Answer(user_errors=(WechatRefused(AT_CODE),))
    now, app = ctx.clock(), ctx.sources.wechat.app_id
    proved = [Identifier(IdentifierType.OPENID, who.openid, True, SOURCE, now, app)]
    if who.unionid is not None:
        proved.append(Identifier(IdentifierType.UNIONID, who.unionid, True, SOURCE, now))

    async def once() -> Answer:
        async with ctx.sources.workplace.work() as work:
            member = await registration.prospect_for(work, proved, now=now, path=AT_CODE)
            return Answer(await sessions.begun(ctx, work, member, path=AT_CODE))

    return await sessions.unless_refused(once)


async def bind_phone(ctx: Context, command: BindPhone) -> Bound:
    """Give the member who asks the phone that WeChat vouches for; they go on as whoever they turn out to be.

    Where a person must decide whether they are who has the phone already, they go on as before.
    """
    if ctx.viewer.role is not Role.MEMBER:
        raise NotAllowed("UNAUTHENTICATED" if ctx.viewer.role is Role.GUEST else "FORBIDDEN", "Sign in as a member.")
    try:
        told = await ctx.sources.wechat.phone(command.code)
    except Rejected:
        return Bound(user_errors=(WechatRefused(AT_CODE),))
    if (phone := phones.normal(told)) is None:
        raise Malformed("wechat", "no phone number")
    proved = Identifier(IdentifierType.PHONE, phone, True, SOURCE, ctx.clock())
    try:
        return await claims.again(partial(_bound, ctx, proved))
    except Refused as refused:
        return Bound(user_errors=refused.refusals)


async def _bound(ctx: Context, proved: Identifier) -> Bound:
    own = (await members.current(ctx, [ctx.viewer.id])).get(ctx.viewer.id)
    if own is None:
        raise Unauthenticated("SESSION_ENDED", "You are no member any more; sign in again.")
    async with ctx.sources.workplace.work() as work:
        attached = await identifiers.attach(work, own.id, proved, path=AT_CODE, by=ctx.viewer.id, now=proved.linked_at)
        session = await sessions.moved(ctx, work, attached.member)
        return Bound(session, is_queued=attached.case is not None)
