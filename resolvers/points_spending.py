"""Use cases on points that are spent: frozen for a checkout, captured or given back, redeemed at a till in one step.

What may be spent is decided by the account as it stands, locked: of two who would have the same points one wins.
A preview asks the same functions, of the balance as it is shown (PTS-8).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from datasources.ports.work import Work
from domain import earning
from domain.accounts import Account
from domain.earning import Deduction, Line, Preview
from domain.facts import Fact, Kind
from domain.money import Money
from domain.programmes import Programme
from domain.refusals.base import Path
from domain.refusals.general import QuantityNotPositive
from domain.refusals.points import NotEnoughPoints, NothingFrozen, RefUsed, TooManyPoints
from resolvers import ids, inputs, members, points, points_shown, tiers
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.points_asked import Answer, Moved, amount_minor, answered, programme_of, redeeming_member

AT_REF: Path = ("input", "ref")
AT_POINTS: Path = ("input", "points")


@dataclass(frozen=True, slots=True)
class Spend:
    """Points for a purchase, which is paid already or not yet. With an amount, they pay of that."""

    is_paid: bool
    member: str
    points: int
    ref: str
    idempotency_key: str
    amount: Decimal | None = None
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class Settle:
    """What becomes of frozen points: they are spent, so many or all, or given back."""

    kind: Kind
    member: str
    ref: str
    idempotency_key: str
    points: int | None = None
    programme: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview, in its programme's words."""

    programme: Programme
    preview: Preview

    @property
    def points(self) -> int:
        """Points that would be deducted."""
        return self.preview.deduction.points

    @property
    def value(self) -> Money:
        """What they would pay."""
        return Money(self.preview.deduction.value_minor, self.programme.currency)

    @property
    def most_points(self) -> int:
        """The most that could be."""
        return self.preview.most.points

    @property
    def total(self) -> Money:
        """What would be left to pay."""
        return Money(self.preview.total_minor, self.programme.currency)

    @property
    def earned(self) -> int:
        """What paying that would earn."""
        return self.preview.earned


async def spend(ctx: Context, command: Spend) -> Answer:
    """Freeze points, or redeem them at once."""

    async def do(work: Work) -> Moved:
        if wrong := inputs.wrong_text(AT_REF, command.ref):
            raise Refused(*wrong)
        if command.points < 1:
            raise Refused(QuantityNotPositive(AT_POINTS, command.points))
        programme = programme_of(ctx, command.programme)
        payable = None if command.amount is None else amount_minor(command.amount, programme.currency)
        member = await redeeming_member(ctx, work, command.member)
        held: list[Deduction] = []

        def taken(account: Account, at: datetime) -> Sequence[Fact]:
            if (hold := account.holds.get(command.ref)) is not None:
                used = earning.deducted(programme, command.points, cap_minor=hold.value_minor)
                amount = sum(share.units for share in hold.shares)
                if amount != (command.points if payable is None else used.points):
                    raise Refused(RefUsed(AT_REF, command.ref, amount))
                held.append(Deduction(amount, hold.value_minor))
                return []
            used = deduction(programme, account.active, command.points, payable)
            held.append(used)
            return frozen(command.ref, at, used, is_paid=command.is_paid)

        await points.decide(work, member.id, programme, taken, ref=command.ref, now=ctx.clock())
        return Moved(member.id, programme.code, held[0].points, held[0].value_minor)

    return await answered(ctx, command, do)


async def settle(ctx: Context, command: Settle) -> Answer:
    """Capture frozen points, or give them back; what was frozen may be captured in part and the rest given back."""

    async def do(work: Work) -> Moved:
        programme = programme_of(ctx, command.programme)
        member = await members.locked(ctx, work, command.member)
        amount = 0

        def settled(account: Account, at: datetime) -> Sequence[Fact]:
            nonlocal amount
            hold = account.holds.get(command.ref)
            if hold is None or not hold.frozen or (command.kind is Kind.CAPTURE and hold.is_captured):
                raise Refused(NothingFrozen(AT_REF, command.ref))
            amount = hold.frozen if command.points is None else command.points
            if not 1 <= amount <= hold.frozen:
                raise Refused(NotEnoughPoints(AT_POINTS, amount, hold.frozen))
            return [Fact(command.kind, command.ref, at, amount=command.points)]

        await points.decide(work, member.id, programme, settled, ref=command.ref, now=ctx.clock())
        return Moved(member.id, programme.code, amount)

    return await answered(ctx, command, do)


async def preview(
    ctx: Context,
    roots: Sequence[None],
    *,
    member: str,
    amount: Decimal,
    points: int | None = None,
    programme: str | None = None,
) -> Sequence[Shown | None]:
    """What paying an amount with so many points (None: as many as may be) would deduct, leave to pay, and earn.

    Raises:
        BadQuestion: UNKNOWN_PROGRAMME, BAD_ARGUMENT.
    """
    rules = points_shown.rules_of(ctx, programme)
    found = (await members.members_by_ids(ctx, [ids.key_of("Member", member)]))[0]
    if found is None:
        return [None]
    try:
        payable = amount_minor(amount, rules.currency, least=0)
    except Refused:
        raise BadQuestion("BAD_ARGUMENT", f"{amount} is not an amount of {rules.currency}.") from None
    balance = max(0, (await points_shown.balances(ctx, [found.id], rules))[0].active)
    (multiplier_bp,) = await tiers.multipliers(ctx, [found.id], at=ctx.clock())
    shown = earning.preview(
        rules,
        [Line("", 1, payable)],
        points=balance if points is None else max(0, points),
        balance=balance,
        multiplier_bp=multiplier_bp,
    )
    return [Shown(rules, shown)]


def deduction(
    programme: Programme, balance: int, wanted: int, payable_minor: int | None, *, path: Path = AT_POINTS
) -> Deduction:
    """What so many points of a balance pay; without an amount to pay they are spent for what they are.

    Raises:
        Refused: NOT_ENOUGH_POINTS, TOO_MANY_POINTS.
    """
    if wanted > balance:
        raise Refused(NotEnoughPoints(path, wanted, max(0, balance)))
    if payable_minor is None:
        return Deduction(wanted, earning.value_of(programme, wanted))
    most = earning.most(programme, balance=balance, payable_minor=payable_minor)
    used = earning.deducted(programme, wanted, cap_minor=most.value_minor)
    if wanted > most.points or not used.points:
        raise Refused(TooManyPoints(path, wanted, most.points))
    return used


def frozen(ref: str, at: datetime, used: Deduction, *, is_paid: bool) -> Sequence[Fact]:
    """Points that are frozen, and captured in the same moment where the purchase is paid."""
    shares = earning.shared(used.points, ())
    hold = Fact(Kind.FREEZE, ref, at, amount=used.points, shares=shares, value_minor=used.value_minor)
    return [hold, Fact(Kind.CAPTURE, ref, at)] if is_paid else [hold]
