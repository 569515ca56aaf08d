"""Use cases on phones: a one-time code is sent to one, and whoever has it signs in.

No answer tells whether anybody is known by a phone: a code is sent to every one, and proves it all the same.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import domain.codes_once
import domain.throttle
from datasources.ports.work import Work
from domain.codes_once import DIGITS, LIFETIME, Verdict
from domain.members import Identifier, IdentifierType
from domain.refusals.base import Path, Refusal
from domain.refusals.sessions import CodeExpired, CodeWrong, PhoneInvalid
from resolvers import phones, registration, sessions, tries
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.sessions import Answer

AT_PHONE: Path = ("input", "phone")
AT_CODE: Path = ("input", "code")
SOURCE = "PHONE"


@dataclass(frozen=True, slots=True)
class Send:
    """A phone that somebody says they have."""

    phone: str


@dataclass(frozen=True, slots=True)
class Login:
    """A phone, and the code that was sent to it."""

    phone: str
    code: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Until when the code that was sent holds; None where none was."""

    expires_at: datetime | None = None
    user_errors: Sequence[Refusal] = ()


async def send(ctx: Context, command: Send) -> Sent:
    """Send a code to a phone; the one before holds no longer."""
    if (phone := phones.normal(command.phone)) is None:
        return Sent(user_errors=(PhoneInvalid(AT_PHONE, command.phone),))
    digits, now = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", ctx.clock()
    try:
        async with ctx.sources.workplace.work() as work:
            await tries.counted(work, _sending(phone), domain.throttle.MESSAGES, path=AT_PHONE, now=now)
            await work.codes.write(domain.codes_once.made(phone, digits, salt=secrets.token_hex(16), now=now))
    except Refused as refused:
        return Sent(user_errors=refused.refusals)
    await ctx.sources.sender.send(phone, digits, ctx.language)
    return Sent(now + LIFETIME)


async def login(ctx: Context, command: Login) -> Answer:
    """Sign in as whoever has the phone; whom nobody knows is a prospect from now on (MEM-11)."""
    if (phone := phones.normal(command.phone)) is None:
        return Answer(user_errors=(PhoneInvalid(AT_PHONE, command.phone),))

    async def once() -> Answer:
        async with ctx.sources.workplace.work() as work:
            return await _judged(ctx, work, phone, command.code)

    return await sessions.unless_refused(once)


async def _judged(ctx: Context, work: Work, phone: str, shown: str) -> Answer:
    now = ctx.clock()
    await tries.counted(work, _guessing(phone), domain.throttle.GUESSES, path=AT_CODE, now=now)
    verdict, kept = domain.codes_once.judged(await work.codes.locked(phone), shown.strip(), now)
    if kept is None:
        await work.codes.forget(phone)
    else:
        await work.codes.write(kept)
    if verdict is not Verdict.RIGHT:  # said, not raised: that it was tried must be kept
        return Answer(user_errors=(CodeWrong(AT_CODE) if verdict is Verdict.WRONG else CodeExpired(AT_CODE),))
    await tries.forgiven(work, _guessing(phone))
    await tries.forgiven(work, _sending(phone))
    proved = Identifier(IdentifierType.PHONE, phone, True, SOURCE, now)
    member = await registration.prospect_for(work, [proved], now=now, path=AT_PHONE)
    return Answer(await sessions.begun(ctx, work, member, path=AT_PHONE))


def _sending(phone: str) -> str:
    return f"send:{phone}"


def _guessing(phone: str) -> str:
    return f"code:{phone}"
