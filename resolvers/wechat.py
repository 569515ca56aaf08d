"""Use cases on WeChat: who signs in by it, and whose phone it vouches for.

WeChat is asked before anything is written, never inside a transaction.
"""

from dataclasses import dataclass

from datasources.ports.errors import Malformed, Rejected
from domain.members import Identifier, IdentifierType
from domain.refusals.base import Path
from domain.refusals.sessions import WechatRefused
from domain.viewers import Role
from resolvers import members, phones, recognising, sessions
from resolvers.context import Context
from resolvers.errors import NotAllowed, Unauthenticated
from resolvers.sessions import Answer

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
            member = await recognising.recognised(work, proved, path=AT_CODE, now=now)
            return Answer(await sessions.begun(ctx, work, member))

    return await sessions.unless_refused(once)


async def bind_phone(ctx: Context, command: BindPhone) -> Answer:
    """Give the member who asks the phone that WeChat vouches for; they go on as whoever they turn out to be."""
    if ctx.viewer.role is not Role.MEMBER:
        raise NotAllowed("UNAUTHENTICATED" if ctx.viewer.role is Role.GUEST else "FORBIDDEN", "Sign in as a member.")
    try:
        told = await ctx.sources.wechat.phone(command.code)
    except Rejected:
        return Answer(user_errors=(WechatRefused(AT_CODE),))
    if (phone := phones.normal(told)) is None:
        raise Malformed("wechat", "no phone number")
    now = ctx.clock()
    proved = Identifier(IdentifierType.PHONE, phone, True, SOURCE, now)

    async def once() -> Answer:
        own = (await members.current(ctx, [ctx.viewer.id])).get(ctx.viewer.id)
        async with ctx.sources.workplace.work() as work:
            held = (await work.members.locked({own.id})).get(own.id) if own is not None else None
            if held is None or not held.is_live:
                raise Unauthenticated("SESSION_ENDED", "You are no member any more; sign in again.")
            member = await recognising.linked(work, held, proved, path=AT_CODE, now=now)
            return Answer(await sessions.moved(ctx, work, member))

    return await sessions.unless_refused(once)
