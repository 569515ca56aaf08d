"""Use cases on sessions: begun by whoever proved who they are, renewed by a refresh token, ended here or everywhere.

A refresh token holds once. Who shows a former one ends the session: either they stole it, or somebody stole the next.
"""

import secrets
import uuid
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import domain.events
import domain.sessions
from datasources.ports.errors import SourceError
from datasources.ports.work import Work
from domain.members import IdentifierType, Member, MemberStatus
from domain.refusals.base import Path, Refusal
from domain.refusals.sessions import MemberBlocked, SessionEnded
from domain.sessions import RefreshToken, Session, Verdict
from domain.viewers import Role
from resolvers import claims, members, tiers
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.errors import NotAllowed, Unauthenticated

AT_TOKEN: Path = ("input", "refreshToken")
_OVER = SessionEnded(AT_TOKEN)


@dataclass(frozen=True, slots=True)
class Granted:
    """What whoever is signed in goes on with; `viewer` is None for staff."""

    access_token: str
    expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime
    viewer: Member | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A session, or why there is none."""

    session: Granted | None = None
    user_errors: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token to be changed for a new one."""

    refresh_token: str


@dataclass(frozen=True, slots=True)
class End:
    """A session to end, by one of its refresh tokens; None: the one that the access token is of."""

    refresh_token: str | None = None


@dataclass(frozen=True, slots=True)
class EndAll:
    """All sessions of whoever asks are to end, but perhaps the one they ask in."""

    but_this: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions were ended; None where nothing was done."""

    ended_count: int | None = None
    user_errors: Sequence[Refusal] = ()


class _Subject(NamedTuple):
    """Who a session is of, as they are now."""

    id: str
    location_id: str | None = None
    member: Member | None = None


async def unless_refused(sign_in: Callable[[], Awaitable[Answer]]) -> Answer:
    """Sign somebody in, anew where another transaction recognised them first, or say why not."""
    try:
        return await claims.again(sign_in)
    except Refused as refused:
        return Answer(user_errors=refused.refusals)


async def begun(ctx: Context, work: Work, member: Member, *, path: Path = ()) -> Granted:
    """Begin a session of a member who has just proved who they are.

    Raises:
        Refused: MEMBER_BLOCKED, the house does not let them in.
    """
    if member.status is MemberStatus.BLOCKED:
        raise Refused(MemberBlocked(path))
    return await _begun(ctx, work, _Subject(member.id, member=member), Role.MEMBER)


async def begun_at(ctx: Context, work: Work, associate_id: str, location_id: str) -> Granted:
    """Begin a session of an associate who has just proved who they are, where they are."""
    return await _begun(ctx, work, _Subject(associate_id, location_id), Role.ASSOCIATE)


async def refresh(ctx: Context, command: Refresh) -> Answer:
    """Change a refresh token for new tokens. Of those who show the same at once, one is answered."""
    token = domain.sessions.parsed(command.refresh_token)
    if token is None:
        return Answer(user_errors=(_OVER,))
    async with ctx.sources.workplace.work() as work:
        session, now = await work.sessions.locked(token.session_id), ctx.clock()
        verdict = domain.sessions.judged(session, token, now)
        if session is None or verdict is Verdict.VOID:
            return Answer(user_errors=(_OVER,))
        subject = await _subject(ctx, work, session) if verdict is Verdict.CURRENT else None
        if subject is None:
            await _end(work, [session], now)
            return Answer(user_errors=(_OVER,))
        turned = token._replace(turn=_secret())
        return Answer(await _renewed(ctx, work, session, subject, turned))


async def moved(ctx: Context, work: Work, member: Member) -> Granted:
    """Go on in the viewer's session as this member, who they turned out to be, with new tokens.

    Raises:
        Unauthenticated: SESSION_ENDED, it was ended meanwhile.
    """
    if ctx.viewer.session_id is None:  # a token that no session gave out
        return await begun(ctx, work, member)
    session = await work.sessions.locked(ctx.viewer.session_id)
    if session is None or session.ended_at is not None:
        raise Unauthenticated("SESSION_ENDED", "The session has ended; sign in again.")
    return await _renewed(ctx, work, session, _Subject(member.id, member=member), _new_token(session.id))


async def end(ctx: Context, command: End) -> Ended:
    """End one session: its tokens hold no longer, on every worker within a second, and its subscriptions end."""
    token = None if command.refresh_token is None else domain.sessions.parsed(command.refresh_token)
    if command.refresh_token is None and ctx.viewer.role is Role.GUEST:
        raise NotAllowed("UNAUTHENTICATED", "Sign in with a token, or send the session's `refreshToken`.")
    id = token.session_id if token else ctx.viewer.session_id if command.refresh_token is None else None
    async with ctx.sources.workplace.work() as work:
        session, now = await work.sessions.locked(id) if id else None, ctx.clock()
        is_void = token is not None and domain.sessions.judged(session, token, now) is Verdict.VOID
        if session is None or session.ended_at is not None or is_void:
            return Ended(user_errors=(_OVER,))
        return Ended(await _end(work, [session], now))


async def end_all(ctx: Context, command: EndAll) -> Ended:
    """End every session of whoever asks."""
    viewer = ctx.viewer
    if viewer.role is Role.GUEST:
        raise NotAllowed("UNAUTHENTICATED", "Sign in with a token.")
    whose = {viewer.id}
    if viewer.role is Role.MEMBER:
        whose |= {one.id for one in (await members.current(ctx, [viewer.id])).values()}
    async with ctx.sources.workplace.work() as work:
        running = await work.sessions.running_of(whose, viewer.role)
        kept = viewer.session_id if command.but_this else None
        return Ended(await _end(work, [one for one in running if one.id != kept], ctx.clock()))


async def end_all_of(work: Work, subjects: Collection[str], role: Role, *, now: datetime) -> int:
    """End every session of these members or associates: they were blocked, or have left."""
    return await _end(work, await work.sessions.running_of(subjects, role), now)


async def join(work: Work, *, absorbed: str, survivor: str, now: datetime) -> dict[str, list[str]]:
    """Let whoever was signed in as one member go on as another, who they are now."""
    running = await work.sessions.running_of({absorbed}, Role.MEMBER)
    await work.sessions.write([replace(session, subject=survivor) for session in running])
    return {"sessions": [session.id for session in running]}


async def part(work: Work, record: dict[str, list[str]], *, now: datetime) -> None:
    """End what was joined: nobody can say any more whose it is."""
    held = [await work.sessions.locked(id) for id in record["sessions"]]
    await _end(work, [session for session in held if session is not None and session.ended_at is None], now)


async def forget(work: Work, member_id: str, *, now: datetime) -> None:
    """Sign out somebody who is to be forgotten, and keep no code that was sent to them."""
    await end_all_of(work, {member_id}, Role.MEMBER, now=now)
    for member in (await work.members.locked({member_id})).values():
        for name in member.identifiers:
            if name.type is IdentifierType.PHONE:
                await work.codes.forget(name.value)


async def _begun(ctx: Context, work: Work, subject: _Subject, role: Role) -> Granted:
    token = _new_token(uuid.uuid4().hex)
    session = domain.sessions.begun(
        token,
        subject=subject.id,
        role=role,
        location_id=subject.location_id,
        now=ctx.clock(),
        lifetime=ctx.policies.refresh_lifetime(role),
    )
    await work.sessions.write([session])
    return await _granted(ctx, session, token, subject.member)


async def _renewed(ctx: Context, work: Work, former: Session, subject: _Subject, token: RefreshToken) -> Granted:
    lifetime = ctx.policies.refresh_lifetime(former.role)
    whose = replace(former, subject=subject.id)
    session = domain.sessions.renewed(whose, token, now=ctx.clock(), lifetime=lifetime)
    await work.sessions.write([session])
    return await _granted(ctx, session, token, subject.member)


async def _granted(ctx: Context, session: Session, token: RefreshToken, member: Member | None) -> Granted:
    lifetime = ctx.policies.access_lifetime
    tier = await _tier(ctx, member) if member is not None else None
    access = ctx.sources.issuer.issue(
        subject=session.subject,
        role=session.role,
        lifetime=lifetime,
        location=session.location_id,
        tier=tier,
        sid=session.id,
    )
    return Granted(access, ctx.clock() + lifetime, str(token), session.expires_at, member)


async def _tier(ctx: Context, member: Member) -> str | None:
    """What a member's prices depend on. Is whoever knows it away, they sign in without; their next token has it."""
    try:
        return (await tiers.tier_codes(ctx, [member.id]))[0]
    except SourceError:
        return None


async def _end(work: Work, sessions: Sequence[Session], now: datetime) -> int:
    await work.sessions.write([domain.sessions.ended(session, now) for session in sessions])
    await work.tell([domain.events.session_ended(session.id, now) for session in sessions])
    return len(sessions)


def _new_token(session_id: str) -> RefreshToken:
    return RefreshToken(session_id, _secret(), _secret())


def _secret() -> str:
    return secrets.token_urlsafe(32)


async def _subject(ctx: Context, work: Work, session: Session) -> _Subject | None:
    """Who the session is of, if they may still come in."""
    if session.role is Role.MEMBER:
        member = (await members.current(ctx, [session.subject])).get(session.subject)
        return _Subject(member.id, member=member) if member and member.status is not MemberStatus.BLOCKED else None
    who = await work.tablets.credentials(session.subject)
    is_same = who is not None and who.is_active and who.location_id == session.location_id
    return _Subject(session.subject, session.location_id) if is_same else None
