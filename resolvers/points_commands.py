"""Use cases on points that are told: purchases, completed orders, returns, and corrections by hand.

What tills and integrators tell is taken whenever it comes, in any order and any number of times (PTS-5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from datasources.ports.work import Work
from domain.accounts import Account
from domain.earning import Line
from domain.facts import Fact, Kind, Returned
from domain.programmes import Programme
from domain.refusals.base import Refusal
from domain.refusals.general import QuantityNotPositive
from domain.refusals.points import DebtLimitReached, LineTwice
from resolvers import inputs, members, points, tiers
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.points_asked import Answer, Moved, amount_minor, answered, earning_member, programme_of

MAX_LINES = 500


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A line of an order: its id, its units, and what was paid for it, in the major unit."""

    id: str
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """Units of a line that came back."""

    id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Earn:
    """A purchase that brings points: they wait until it is completed."""

    member: str
    order: str
    amount: Decimal
    idempotency_key: str
    lines: Sequence[BoughtLine] = ()
    is_completed: bool = False
    occurred_at: datetime | None = None
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class Activate:
    """An order that is completed."""

    member: str
    order: str
    idempotency_key: str
    occurred_at: datetime | None = None
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class Reverse:
    """Units that came back: `lines` None means all; `burn` is the ref of the points that paid for them."""

    member: str
    order: str
    ref: str
    idempotency_key: str
    lines: Sequence[ReturnedLine] | None = None
    burn: str | None = None
    occurred_at: datetime | None = None
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class Adjust:
    """A correction by hand, with its reason."""

    member: str
    points: int
    reason: str
    idempotency_key: str
    programme: str | None = None


async def earn(ctx: Context, command: Earn) -> Answer:
    """Tell of a purchase; what it brings is the floor of base by rate, shared out to the lines."""

    async def do(work: Work) -> Moved:
        _check(ctx, command.order, command.lines, command.occurred_at)
        programme = programme_of(ctx, command.programme)
        base_minor = amount_minor(command.amount, programme.currency, least=0)
        lines = [_line(line, index, programme) for index, line in enumerate(command.lines)]
        member = await earning_member(ctx, work, command.member)
        at = command.occurred_at or ctx.clock()
        (multiplier_bp,) = await tiers.multipliers(ctx, [member.id], at=at)
        earned = points.earned(
            programme, command.order, base_minor, lines=lines, occurred_at=at, multiplier_bp=multiplier_bp
        )
        facts = [earned, points.activated(command.order, at)] if command.is_completed else [earned]
        await points.post(work, member.id, programme, facts, now=ctx.clock())
        return Moved(member.id, programme.code, earned.amount or 0)

    return await answered(ctx, command, do)


async def activate(ctx: Context, command: Activate) -> Answer:
    """Tell that an order is completed: what it earned can be spent from now on, for as long as the programme says."""

    async def do(work: Work) -> Moved:
        _check(ctx, command.order, (), command.occurred_at)
        facts = [points.activated(command.order, command.occurred_at or ctx.clock())]
        return await _told(ctx, work, command, facts)

    return await answered(ctx, command, do)


async def reverse(ctx: Context, command: Reverse) -> Answer:
    """Tell of a return: what the units earned is taken back, what was burnt for them is given back (PTS-7)."""

    async def do(work: Work) -> Moved:
        _check(ctx, command.order, command.lines or (), command.occurred_at)
        if wrong := inputs.wrong_text(("input", "ref"), command.ref):
            raise Refused(*wrong)
        returned = None
        if command.lines is not None:
            returned = [Returned(line.id, line.quantity) for line in command.lines]
        facts = points.returned(
            command.ref,
            order=command.order,
            units=returned,
            burn=command.burn,
            occurred_at=command.occurred_at or ctx.clock(),
        )
        return await _told(ctx, work, command, facts)

    return await answered(ctx, command, do)


async def adjust(ctx: Context, command: Adjust) -> Answer:
    """Correct a balance by hand; no further down than the member may owe."""

    async def do(work: Work) -> Moved:
        if wrong := inputs.wrong_text(("input", "reason"), command.reason):
            raise Refused(*wrong)
        programme = programme_of(ctx, command.programme)
        member = await members.locked(ctx, work, command.member)

        ref = f"{ctx.viewer.id}/{command.idempotency_key}"

        def corrected(account: Account, at: datetime) -> Sequence[Fact]:
            most = account.active + programme.debt_limit * account.united
            if -command.points > max(0, most):
                raise Refused(DebtLimitReached(("input", "points"), -command.points, max(0, most)))
            return [Fact(Kind.ADJUST, ref, at, amount=command.points, reason=command.reason, operator=ctx.viewer.id)]

        await points.decide(work, member.id, programme, corrected, ref=ref, now=ctx.clock())
        return Moved(member.id, programme.code, command.points)

    return await answered(ctx, command, do)


async def _told(ctx: Context, work: Work, command: Activate | Reverse, facts: Sequence[Fact]) -> Moved:
    """Take what is told; what it moved of what can be spent."""
    programme = programme_of(ctx, command.programme)
    member = await members.locked(ctx, work, command.member)
    key = (member.id, programme.code)
    before = (await work.points.locked([key], refs=()))[key].account
    after = await points.post(work, member.id, programme, facts, now=ctx.clock())
    return Moved(member.id, programme.code, after.active - before.active if after else 0)


def _check(ctx: Context, order: str, lines: Sequence[BoughtLine | ReturnedLine], occurred_at: datetime | None) -> None:
    wrong: list[Refusal] = [
        *inputs.wrong_text(("input", "order"), order),
        *inputs.too_many(("input", "lines"), lines, most=MAX_LINES),
        *inputs.too_early(("input", "occurredAt"), occurred_at, ctx.clock()),
    ]
    for index, line in enumerate(lines):
        wrong += inputs.wrong_text(("input", "lines", index, "id"), line.id)
        if line.quantity < 1:
            wrong.append(QuantityNotPositive(("input", "lines", index, "quantity"), line.quantity))
    ids = [line.id for line in lines]
    wrong += [LineTwice(("input", "lines", index, "id"), id) for index, id in enumerate(ids) if ids.index(id) < index]
    if wrong:
        raise Refused(*wrong)


def _line(line: BoughtLine, index: int, programme: Programme) -> Line:
    net = amount_minor(line.amount, programme.currency, ("input", "lines", index, "amount"), least=0)
    return Line(line.id, line.quantity, net)
