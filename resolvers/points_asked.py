"""What commands on points and credit share: whose account they name, amounts, and what is answered.

What is kept of a command is what it moved, word for word; the balance beside it is of now.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from datasources.ports.work import Work
from domain import money, programmes
from domain.members import Member, MemberStatus
from domain.money import Money
from domain.programmes import Programme, Wallet
from domain.refusals.base import Path, Refusal
from domain.refusals.points import MemberNotActive, UnknownProgramme, WrongAmount
from domain.standings import Balance
from resolvers import commands, members, points_shown
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.members import AT_MEMBER

AT_PROGRAMME: Path = ("input", "programme")
AT_AMOUNT: Path = ("input", "amount")


@dataclass(frozen=True, slots=True)
class Moved:
    """What a command moved, and whose it was: points, or minor units; and what that was worth."""

    member_id: str
    programme: str
    amount: int
    value_minor: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the member has now, and what was moved; or why nothing was."""

    balance: Balance | None = None
    points: int | None = None
    value: Money | None = None
    user_errors: Sequence[Refusal] = ()


async def answered(ctx: Context, command: Any, do: Callable[[Work], Awaitable[Moved]]) -> Answer:
    """Do something once under the command's key, and say what was moved and what is there now."""

    async def kept(work: Work) -> str:
        return orjson.dumps(await do(work)).decode()

    done = await commands.changed(ctx, command, kept)
    if done.text is None:
        return Answer(user_errors=done.user_errors)
    moved = Moved(**orjson.loads(done.text))
    programme = programmes.named(ctx.policies.programmes, moved.programme)
    if programme is None:  # it was closed since
        return Answer(points=moved.amount)
    balances = await points_shown.balances(ctx, [moved.member_id], programme)
    return Answer(balances[0], moved.amount, Money(moved.value_minor, programme.currency))


def programme_of(ctx: Context, code: str | None, *, path: Path = AT_PROGRAMME) -> Programme:
    """The programme of points that a command names, or the usual one.

    Raises:
        Refused: UNKNOWN_PROGRAMME.
    """
    found = programmes.named(ctx.policies.programmes, code)
    if found is None or found.wallet is not Wallet.POINTS:
        raise Refused(UnknownProgramme(path, code or ""))
    return found


async def earning_member(ctx: Context, work: Work, reference: str) -> Member:
    """The member, locked, if they may earn: whoever is not blocked.

    Raises:
        Refused: UNKNOWN_MEMBER, MEMBER_NOT_ACTIVE.
    """
    return _fit(await members.locked(ctx, work, reference), MemberStatus.PROSPECT, MemberStatus.ACTIVE)


async def redeeming_member(ctx: Context, work: Work, reference: str) -> Member:
    """The member, locked, if they may redeem: whoever has joined.

    Raises:
        Refused: UNKNOWN_MEMBER, MEMBER_NOT_ACTIVE.
    """
    return _fit(await members.locked(ctx, work, reference), MemberStatus.ACTIVE)


def amount_minor(amount: Decimal, currency: str, path: Path = AT_AMOUNT, *, least: int = 1) -> int:
    """An amount in minor units.

    Raises:
        Refused: WRONG_AMOUNT.
    """
    try:
        minor = money.parse(str(amount), currency).amount_minor
    except ValueError:
        minor = -1
    if minor < least:
        raise Refused(WrongAmount(path, str(amount), currency))
    return minor


def _fit(member: Member, *statuses: MemberStatus) -> Member:
    if member.status not in statuses:
        raise Refused(MemberNotActive(AT_MEMBER, member.status.value))
    return member
