"""Use cases on commission: what an associate earned, and that it was paid."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from datasources.ports.commission import Sums
from datasources.ports.work import Work
from domain.commission import Entry, EntryKind, Statement
from domain.money import Money
from domain.pages import Position, cut
from domain.refusals.base import Refusal
from domain.refusals.clients import WrongPeriod
from domain.viewers import Role
from resolvers import commands, ids, paging
from resolvers.claims import Refused
from resolvers.context import Context
from resolvers.errors import BadQuestion, NotAllowed
from resolvers.paging import Connection


@dataclass(frozen=True, slots=True)
class Account:
    """An associate's ledger in [since, until)."""

    associate_id: str
    since: datetime
    until: datetime
    sums: Sums

    def come_to(self, *kinds: EntryKind) -> Sequence[Money]:
        """What entries of these kinds come to, by currency."""
        minor: Counter[str] = Counter()
        for (kind, currency), amount in self.sums.items():
            if kind in kinds:
                minor[currency] += amount
        return [Money(amount, currency) for currency, amount in sorted(minor.items())]


@dataclass(frozen=True, slots=True)
class Pay:
    """All that was entered for an associate before a moment, and is not paid."""

    associate: str
    until: datetime
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid, or why nothing was."""

    payment: Statement | None = None
    user_errors: Sequence[Refusal] = ()


async def account(
    ctx: Context, roots: Sequence[None], *, since: datetime, until: datetime, associate: str | None = None
) -> Sequence[Account]:
    """An associate's ledger; an associate may look at their own.

    Raises:
        BadQuestion: BAD_ARGUMENT, it ends before it begins; FORBIDDEN where an associate asks for another's.
    """
    key = ctx.viewer.id if associate is None else ids.key_of("Associate", associate)
    if ctx.viewer.role is Role.ASSOCIATE and key != ctx.viewer.id:
        raise NotAllowed("FORBIDDEN", "An associate sees their own commission only.")
    if until <= since:
        raise BadQuestion("BAD_ARGUMENT", "`until` must be after `since`.")
    return [Account(key, since, until, await ctx.sources.commission.sums(key, since=since, until=until))]


async def entries_of(
    ctx: Context, accounts: Sequence[Account], *, first: int = 24, after: str | None = None
) -> Sequence[Connection[Entry]]:
    """What was entered in each, the oldest first."""
    size = paging.checked_first(first)
    skipped = paging.decode(after, kinds=(int, str))
    last = (_EPOCH + int(skipped[0]) * _MICROSECOND, str(skipped[1])) if skipped else None
    pages = []
    for one in accounts:
        found = await ctx.sources.commission.entries(
            one.associate_id, since=one.since, until=one.until, limit=size + 1, after=last
        )
        pages.append(paging.connection(cut(found, size, _place)))
    return pages


async def close(ctx: Context, command: Pay) -> Paid:
    """Say that what was entered before a moment is paid. What returns later is entered anew, and paid with the next."""

    async def do(work: Work) -> str:
        now, key = ctx.clock(), ids.key_of("Associate", command.associate)
        if command.until > now:
            raise Refused(WrongPeriod(("input", "until")))
        unpaid = await work.commission.unpaid(key, until=command.until)
        totals: Counter[str] = Counter()
        for entry in unpaid:
            totals[entry.currency] += entry.amount_minor
        statement = Statement(uuid.uuid4().hex, key, command.until, now, dict(totals))
        await work.commission.pay(statement, unpaid)
        return statement.id

    done = await commands.changed(ctx, command, do)
    found = await ctx.sources.commission.statements([done.text]) if done.text is not None else [None]
    return Paid(found[0], done.user_errors)


def _place(entry: Entry) -> Position:
    return (entry.at - _EPOCH) // _MICROSECOND, entry.id


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
