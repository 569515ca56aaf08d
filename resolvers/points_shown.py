"""Points as they are shown: balances, statements and store credit of many members, each in one statement."""

from collections.abc import Sequence
from datetime import datetime

from domain import pages, programmes, standings
from domain.members import Member
from domain.money import Money
from domain.pages import Position
from domain.programmes import Programme, Wallet
from domain.standings import Balance, Entry, Standing
from resolvers import paging
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.paging import Connection

USUAL_ENTRIES = 20
NOTHING = Standing()


def rules_of(ctx: Context, code: str | None, *, wallet: Wallet = Wallet.POINTS) -> Programme:
    """The programme of this code, or the usual one.

    Raises:
        BadQuestion: UNKNOWN_PROGRAMME.
    """
    found = programmes.named(ctx.policies.programmes, code)
    if found is None or found.wallet is not wallet:
        known = ", ".join(one.code for one in ctx.policies.programmes if one.wallet is wallet)
        raise BadQuestion("UNKNOWN_PROGRAMME", f"There is no programme {code!r}; there are: {known}.")
    return found


async def balances(ctx: Context, member_ids: Sequence[str], of: Programme) -> Sequence[Balance]:
    """What members have now, by the clock."""
    found = await ctx.sources.points.standings(member_ids, [of.code])
    now = ctx.clock()
    return [standings.balance(found.get((id, of.code), NOTHING), of, now) for id in member_ids]


async def points(
    ctx: Context, members: Sequence[Member], *, programme: str | None = None, as_of: datetime | None = None
) -> Sequence[Balance]:
    """What each member has of a programme, now or at a moment that has passed (PTS-2).

    Raises:
        BadQuestion: UNKNOWN_PROGRAMME; BAD_ARGUMENT, the moment is yet to come.
    """
    of, ids = rules_of(ctx, programme), [member.id for member in members]
    if as_of is None:
        return await balances(ctx, ids, of)
    if as_of > ctx.clock():
        raise BadQuestion("BAD_ARGUMENT", "asOf must not be in the future.")
    found = await ctx.sources.points.as_of(ids, of.code, as_of)
    return [standings.balance(found.get(id, NOTHING), of, as_of) for id in ids]


async def history(
    ctx: Context,
    members: Sequence[Member],
    *,
    programme: str | None = None,
    first: int = USUAL_ENTRIES,
    after: str | None = None,
) -> Sequence[Connection[Entry]]:
    """Each member's statement of points, the newest first.

    Raises:
        BadQuestion: UNKNOWN_PROGRAMME, PAGE_SIZE, BAD_CURSOR.
    """
    of = rules_of(ctx, programme)
    size = paging.checked_first(first)
    before = _position(paging.decode(after, kinds=(str, str)))
    ids = [member.id for member in members]
    found = await ctx.sources.points.history(ids, programme=of.code, limit=size + 1, before=before)
    return [paging.connection(pages.cut(found.get(id, ()), size, _place)) for id in ids]


async def credit(ctx: Context, members: Sequence[Member], *, currency: str | None = None) -> Sequence[Balance]:
    """Each member's store credit of a currency.

    Raises:
        BadQuestion: UNKNOWN_PROGRAMME, there is no credit of this currency.
    """
    code = programmes.credit(currency or ctx.policies.currency).code
    of = rules_of(ctx, code, wallet=Wallet.CREDIT)
    return await balances(ctx, [member.id for member in members], of)


def credit_of(balance: Balance) -> Money:
    """Credit that can be spent."""
    return Money(balance.active, balance.programme.currency)


def _place(entry: Entry) -> Position:
    return (entry.occurred_at.isoformat(), entry.id)


def _position(found: Position | None) -> tuple[datetime, str] | None:
    if found is None:
        return None
    try:
        return datetime.fromisoformat(str(found[0])), str(found[1])
    except ValueError:
        raise BadQuestion("BAD_CURSOR", "This is not a cursor of this list; take it from an answer.") from None
