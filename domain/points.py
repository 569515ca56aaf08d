"""The points ledger of one member in one programme: a double entry of lots (§9), a function of the facts told of it.

`tell` takes facts as they come. In order, they are added to what is; late ones, and those for which others waited, have
the account replayed from its first fact, so that what it holds in the end does not depend on the order they came in
(PTS-5). What a replay decides otherwise is written as further postings of the same transactions: nothing is undone in
the books. Store credit is the same, counted in money (PTS-12).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush

from domain.accounts import Account
from domain.facts import Fact, Name, Order, Transaction
from domain.points_book import Book
from domain.points_records import unpack

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """An account after facts, and the transactions that made it; all of them where it was replayed."""

    account: Account
    transactions: Sequence[Transaction]


def now_or_later(account: Account, now: datetime) -> datetime:
    """The moment of something that is decided now: after all the account knows, whatever other clocks say."""
    return now if account.last is None or now > account.last[0] else account.last[0] + TICK


def tell(account: Account, facts: Sequence[Fact]) -> Told | None:
    """Add new facts to an account, in the order that counts; None where one is late, and `replay` must tell."""
    told: list[Transaction] = []
    for fact in sorted(facts, key=_own_order):
        if _is_late(account, fact):
            return None
        if fact.parent is not None and not account.knows(fact.parent):
            account = replace(account, waiting=tuple(sorted((*account.waiting, fact), key=_own_order)))
        else:
            account = _step(account, fact, at=fact.occurred_at, told=told)
    return Told(account, told)


def expire(account: Account, at: datetime) -> Told:
    """Let the clock go on: what is no longer good leaves the account, each lot at its own moment (PTS-10)."""
    if account.last is not None and at <= account.last[0]:
        return Told(account, [])
    book = Book(account)
    book.expire(at)
    return Told(book.account((at, -1, "")), book.written)


def replay(facts: Iterable[Fact], *, until: datetime | None) -> Told:
    """The account that all facts make, counted in their one order, with the clock at `until` or the last of them.

    A fact counts from its own moment, or from that of the one it speaks of where that is later.
    """
    queue = _Queue(facts)
    account = Account()
    told: list[Transaction] = []
    while queue.ready:
        (at, *_), _, fact = heappop(queue.ready)
        account = _step(account, fact, at=at, told=told)
        queue.passed(fact, at)
    account = replace(account, waiting=tuple(queue.waiting()))
    if until is None:
        return Told(account, told)
    swept = expire(account, until)
    return Told(swept.account, [*told, *swept.transactions])


class _Queue:
    """Facts in the order that counts; those that wait for another come in when it has passed."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.ready: list[tuple[Order, int, Fact]] = []
        self._count = 0
        self._passed: dict[Name, datetime] = {}
        self._children: defaultdict[Name, list[Fact]] = defaultdict(list)
        for fact in facts:
            self._place(fact, fact.occurred_at)

    def passed(self, fact: Fact, at: datetime) -> None:
        """Let in who waited for a fact, or came with it."""
        for name in _brought(fact):
            self._passed.setdefault(name, at)
        coming = [child for name in _brought(fact) for child in self._children.pop(name, ())]
        for child in (*coming, *_moved(fact)):
            self._place(child, at)

    def _place(self, fact: Fact, at: datetime) -> None:
        if fact.parent is None or fact.parent in self._passed:
            self._count += 1
            heappush(self.ready, (fact.order(max(at, fact.occurred_at)), self._count, fact))
        else:
            self._children[fact.parent].append(fact)

    def waiting(self) -> Sequence[Fact]:
        """Who waits still."""
        left = [fact for facts in self._children.values() for fact in facts]
        return sorted(left, key=_own_order)


def _own_order(fact: Fact) -> Order:
    return fact.order(fact.occurred_at)


def _is_late(account: Account, fact: Fact) -> bool:
    """Whether a fact belongs before one that is in the account, or others wait for it: only a replay can tell."""
    if account.last is not None and fact.order(fact.occurred_at) <= account.last:
        return True
    brought = _brought(fact)
    return any(one.parent in brought for one in account.waiting) or any(
        one.parent is not None and account.knows(one.parent) for one in _moved(fact)
    )


def _step(account: Account, fact: Fact, *, at: datetime, told: list[Transaction]) -> Account:
    """One fact further: what expired before it is gone, and what it brings back too late is gone at once."""
    book = Book(account)
    book.expire(at)
    book.write(fact, at)
    book.expire(at, is_back=True)
    told += book.written
    return book.account(fact.order(at))


def _brought(fact: Fact) -> Collection[Name]:
    """The facts that this one makes known: itself, and what a merge brings."""
    if fact.moved is None:
        return (fact.name,)
    return unpack(fact.moved).names


def _moved(fact: Fact) -> Sequence[Fact]:
    return () if fact.moved is None else unpack(fact.moved).waiting
