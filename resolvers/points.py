"""Points on a unit of work: what happened to many members' accounts is told, or something is decided by a balance.

Told is what has happened, at a till or in a file: it is never refused, may come late, twice and in any order (PTS-5).
Decided is what happens now: the account is locked, and its balance is the word of the moment. Other topics earn,
activate and reverse through here; `post_many` costs a handful of statements, however many members it speaks of.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import domain.events
from datasources.ports.points import AccountKey, Change, Line, Stored
from datasources.ports.work import Work
from domain import earning, points
from domain.accounts import Account
from domain.facts import Fact, Kind, Name, Returned
from domain.points import Told
from domain.programmes import BASIS, Programme


@dataclass(frozen=True, slots=True)
class Post:
    """Facts of one account, each with the terms it is told under."""

    key: AccountKey
    facts: Sequence[Fact]


Decide = Callable[[Account, datetime], Sequence[Fact]]
"""What happens to an account as it stands at a moment, which the facts must carry; raises `Refused` to do nothing."""


def earned(
    programme: Programme,
    ref: str,
    base_minor: int,
    *,
    lines: Sequence[earning.Line] = (),
    occurred_at: datetime,
    multiplier_bp: int = BASIS,
) -> Fact:
    """What a purchase brings, shared out to its lines: the fact of an earning that waits to be activated."""
    amount = earning.earned(programme, base_minor, multiplier_bp=multiplier_bp)
    return Fact(Kind.EARN_PENDING, ref, occurred_at, amount=amount, shares=earning.shared(amount, lines))


def activated(ref: str, occurred_at: datetime) -> Fact:
    """An order is completed: what it earned can be spent."""
    return Fact(Kind.ACTIVATE, ref, occurred_at)


def returned(
    ref: str, *, order: str, units: Sequence[Returned] | None = None, burn: str | None = None, occurred_at: datetime
) -> Sequence[Fact]:
    """Units of an order came back (None: all that had not): what they earned goes, what was burnt for them returns."""
    back = None if units is None else tuple(units)
    facts = [Fact(Kind.REVERSE_EARN, ref, occurred_at, of=order, returned=back)]
    if burn is not None:
        facts.append(Fact(Kind.RESTORE_BURN, ref, occurred_at, of=burn, returned=back))
    return facts


def told(member_id: str, programme: Programme, facts: Iterable[Fact]) -> Post:
    """Facts of a member's account in a programme, under its terms of today."""
    return Post((member_id, programme.code), [replace(fact, terms=programme.terms) for fact in facts])


async def post(
    work: Work, member_id: str, programme: Programme, facts: Iterable[Fact], *, now: datetime
) -> Account | None:
    """Tell of one member; return their account as it is then, None where all was told before."""
    one = told(member_id, programme, facts)
    return (await post_many(work, [one], now=now)).get(one.key)


async def post_many(work: Work, posts: Sequence[Post], *, now: datetime) -> Mapping[AccountKey, Account]:
    """Tell of many members; return the accounts of whom there was news. The future is now."""
    wanted: defaultdict[AccountKey, dict[Name, Fact]] = defaultdict(dict)
    for one in posts:
        for fact in one.facts:
            wanted[one.key].setdefault(fact.name, replace(fact, occurred_at=min(fact.occurred_at, now)))
    await _drop_known(work, wanted)  # once before anything is locked: what is told stays told
    facts = [fact for one in wanted.values() for fact in one.values()]
    if not facts:
        return {}
    is_whole = any(fact.kind is Kind.MERGE for fact in facts)  # everything goes over, whatever it is called
    refs = None if is_whole else {ref for fact in facts for ref in (fact.ref, fact.of)}
    stored = await work.points.locked(wanted, refs=refs)
    await _drop_known(work, wanted)
    new = {key: [*one.values()] for key, one in wanted.items()}
    added = {key: points.tell(stored[key].account, one) for key, one in new.items()}
    late = sorted(key for key, one in added.items() if one is None)
    changes = [_change(key, stored[key], one, new[key]) for key, one in added.items() if one is not None]
    changes += await _replayed(work, late, new)
    await _write(work, changes, now)
    return {change.key: change.after for change in changes}


async def decide(work: Work, member_id: str, programme: Programme, what: Decide, *, ref: str, now: datetime) -> Account:
    """Let something be decided by an account as it stands now, by the clock; what was decided before is not again.

    `ref` is what it is decided under: the account knows what is open, and what was earned or frozen under that.
    """
    key = (member_id, programme.code)
    stored = (await work.points.locked([key], refs=[ref]))[key]
    at = points.now_or_later(stored.account, now)
    swept = points.expire(stored.account, at)
    at = points.now_or_later(swept.account, at)
    facts = told(member_id, programme, what(swept.account, at)).facts
    wanted = {key: {fact.name: fact for fact in facts}}
    await _drop_known(work, wanted)
    new = [fact for one in wanted.values() for fact in one.values()]
    added = points.tell(swept.account, new)
    if added is None:
        raise AssertionError(f"{new} are not of now")
    whole = Told(added.account, [*swept.transactions, *added.transactions])
    await _write(work, [_change(key, stored, whole, new)] if whole.transactions or new else [], now)
    return added.account


async def expire(work: Work, keys: Sequence[AccountKey], *, now: datetime) -> None:
    """Write down what the clock took of these accounts."""
    stored = await work.points.locked(keys, refs=())
    swept = {key: points.expire(one.account, points.now_or_later(one.account, now)) for key, one in stored.items()}
    changes = [_change(key, stored[key], one, ()) for key, one in swept.items() if one.transactions]
    await _write(work, changes, now)


async def replay(work: Work, keys: Sequence[AccountKey], *, now: datetime) -> Mapping[AccountKey, Account]:
    """Count accounts anew from the facts that are told of them now, as when some were taken back."""
    changes = await _replayed(work, sorted(keys), {})
    await _write(work, changes, now)
    return {change.key: change.after for change in changes}


async def _replayed(
    work: Work, keys: Sequence[AccountKey], new: Mapping[AccountKey, Sequence[Fact]]
) -> Sequence[Change]:
    """Accounts counted from their first fact; what comes out otherwise is the difference to what was posted."""
    if not keys:
        return []
    stored = await work.points.locked(keys)
    before, posted = await work.points.told(keys), await work.points.posted(keys)
    changes = []
    for key in keys:
        account, facts = stored[key].account, new.get(key, ())
        until = None if account.last is None else account.last[0]
        counted = points.replay([*before.get(key, ()), *facts], until=until)
        changes.append(_change(key, stored[key], counted, facts, posted=posted.get(key, {})))
    return changes


async def _drop_known(work: Work, wanted: dict[AccountKey, dict[Name, Fact]]) -> None:
    """Leave out what was told before."""
    known = await work.points.known(wanted)
    for key in [*wanted]:
        wanted[key] = {name: fact for name, fact in wanted[key].items() if name not in known.get(key, ())}
        if not wanted[key]:
            del wanted[key]


def _change(
    key: AccountKey, stored: Stored, told: Told, facts: Sequence[Fact], *, posted: Mapping[Line, int] | None = None
) -> Change:
    """What is to be written: the postings of these transactions, less those that stand already."""
    lines: defaultdict[Line, int] = defaultdict(int)
    for transaction in told.transactions:
        for posting in transaction.postings:
            lines[Line(transaction.name, transaction.occurred_at, posting.side, posting.lot or "")] += posting.amount
    for line, amount in (posted or {}).items():
        lines[line] -= amount
    new = {fact.name for fact in facts}
    return Change(
        key=key,
        before=stored.account,
        after=told.account,
        version=stored.version + 1,
        facts=facts,
        derived=[*{one.name: one.occurred_at for one in told.transactions if one.name not in new}.items()],
        undone=sorted({line.name for line in posted or ()} - {one.name for one in told.transactions}, key=str),
        postings={line: amount for line, amount in lines.items() if amount},
    )


async def _write(work: Work, changes: Sequence[Change], now: datetime) -> None:
    if not changes:
        return
    await work.points.write(changes, now=now)
    await work.tell([domain.events.points_changed(one.key, one.after, version=one.version, at=now) for one in changes])
