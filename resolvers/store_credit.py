"""Use cases on store credit: money that a member has with us, given and spent, in a ledger like that of points."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from datasources.ports.work import Work
from domain import programmes
from domain.accounts import Account
from domain.earning import Deduction
from domain.facts import Fact, Kind
from domain.lots import Lot
from domain.money import Money
from domain.programmes import Programme
from domain.refusals.base import Path
from domain.refusals.points import NotEnoughCredit, RefUsed, UnknownProgramme
from resolvers import inputs, members, points
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.points_asked import AT_AMOUNT, Answer, Moved, amount_minor, answered, redeeming_member
from resolvers.points_spending import AT_REF, frozen

AT_CURRENCY: Path = ("input", "currency")


@dataclass(frozen=True, slots=True)
class Issue:
    """Money given to a member, such as for a return."""

    member: str
    amount: Decimal
    ref: str
    reason: str
    idempotency_key: str
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Spend:
    """Money of a member's that pays for something."""

    member: str
    amount: Decimal
    ref: str
    idempotency_key: str
    currency: str | None = None


async def issue(ctx: Context, command: Issue) -> Answer:
    """Give credit; it does not expire."""

    async def do(work: Work) -> Moved:
        wrong = [*inputs.wrong_text(AT_REF, command.ref), *inputs.wrong_text(("input", "reason"), command.reason)]
        if wrong:
            raise Refused(*wrong)
        programme = _programme(ctx, command.currency)
        amount = amount_minor(command.amount, programme.currency)
        member = await members.locked(ctx, work, command.member)

        def given(account: Account, at: datetime) -> Sequence[Fact]:
            _check_ref(command.ref, account.lots.get(f"{Kind.ADJUST.value}:{command.ref}"), amount)
            return [Fact(Kind.ADJUST, command.ref, at, amount=amount, reason=command.reason, operator=ctx.viewer.id)]

        await points.decide(work, member.id, programme, given, ref=command.ref, now=ctx.clock())
        return Moved(member.id, programme.code, amount, amount)

    return await answered(ctx, command, do)


async def spend(ctx: Context, command: Spend) -> Answer:
    """Pay with credit, in one step."""

    async def do(work: Work) -> Moved:
        if wrong := inputs.wrong_text(AT_REF, command.ref):
            raise Refused(*wrong)
        programme = _programme(ctx, command.currency)
        amount = amount_minor(command.amount, programme.currency)
        member = await redeeming_member(ctx, work, command.member)

        def paid(account: Account, at: datetime) -> Sequence[Fact]:
            if (hold := account.holds.get(command.ref)) is not None:
                if hold.value_minor != amount:
                    raise Refused(RefUsed(AT_REF, command.ref, hold.value_minor))
                return []
            if amount > account.active:
                asked, left = (Money(minor, programme.currency).amount for minor in (amount, max(0, account.active)))
                raise Refused(NotEnoughCredit(AT_AMOUNT, str(asked), str(left), programme.currency))
            return frozen(command.ref, at, Deduction(amount, amount), is_paid=True)

        await points.decide(work, member.id, programme, paid, ref=command.ref, now=ctx.clock())
        return Moved(member.id, programme.code, amount, amount)

    return await answered(ctx, command, do)


def _programme(ctx: Context, currency: str | None) -> Programme:
    """The ledger of a currency's credit."""
    wanted = currency or ctx.policies.currency
    found = programmes.named(ctx.policies.programmes, programmes.credit(wanted).code)
    if found is None:
        raise Refused(UnknownProgramme(AT_CURRENCY, wanted))
    return found


def _check_ref(ref: str, lot: Lot | None, amount: int) -> None:
    """Let a reference through that is new, or that was used for the same."""
    if lot is not None and lot.amount != amount:
        raise Refused(RefUsed(AT_REF, ref, lot.amount))
