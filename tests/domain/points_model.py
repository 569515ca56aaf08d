"""Points as one would count them by hand: every point a thing of its own, all facts gone through from the first one.

Slow, and obviously right: the reference of the ledger's tests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from domain.accounts import Account
from domain.allocation import allocate
from domain.facts import RANK, Fact, Kind, Name, Share, Side, Terms, Transaction
from domain.points import Told, expire, replay, tell
from domain.programmes import Programme

FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(eq=False, slots=True)
class Point:
    """One point, and where it is."""

    lot: str
    state: str
    since: datetime = FAR
    expires_at: datetime = FAR


@dataclass(slots=True)
class Model:
    """Everything a member has, as lists."""

    programme: Programme
    points: list[Point] = field(default_factory=list)
    held: dict[str, list[Point]] = field(default_factory=dict)
    units: dict[Name, dict[str, list[int]]] = field(default_factory=dict)
    debt: int = 0
    united: int = 1

    def count(self, state: str) -> int:
        return sum(point.state == state for point in self.points)

    @property
    def balances(self) -> tuple[int, int, int]:
        return self.count("pending"), self.count("free") - self.debt, self.count("frozen")

    def expire(self, at: datetime) -> None:
        for point in self.points:
            if point.state == "free" and point.expires_at <= at:
                point.state = "gone"

    def free(self, point: Point) -> None:
        point.state = "free"
        if self.debt:
            point.state, self.debt = "gone", self.debt - 1

    def take(self, amount: int, state: str) -> list[Point]:
        free = [point for point in self.points if point.state == "free"]
        free.sort(key=lambda point: (point.expires_at, point.since, point.lot))
        for point in free[:amount]:
            point.state = state
        owed = min(max(0, amount - len(free)), max(0, self.programme.debt_limit * self.united - self.debt))
        self.debt += owed
        return free[:amount]

    def expiry(self, fact: Fact, at: datetime) -> datetime:
        terms = self.programme.terms if fact.terms == Terms() else fact.terms
        return terms.expires_at(at) or FAR

    def write(self, fact: Fact, at: datetime, moved: "Model | None") -> None:  # a table, kind by kind
        if fact.kind is Kind.EARN_PENDING:
            self.points += [Point(f"EARN_PENDING:{fact.ref}", "pending") for _ in range(fact.amount or 0)]
            self.units[fact.name] = _units(fact.shares)
        elif fact.kind is Kind.ACTIVATE:
            for point in self.points:
                if point.lot == f"EARN_PENDING:{fact.ref}" and point.state == "pending":
                    point.since, point.expires_at = at, self.expiry(fact, at)
                    self.free(point)
        elif fact.kind is Kind.ADJUST and (fact.amount or 0) >= 0:
            new = [Point(f"ADJUST:{fact.ref}", "free", at, self.expiry(fact, at)) for _ in range(fact.amount or 0)]
            self.points += new
            for point in new:
                self.free(point)
        elif fact.kind is Kind.ADJUST:
            self.take(-(fact.amount or 0), "gone")
        elif fact.kind is Kind.REVERSE_EARN:
            amount = self._back((Kind.EARN_PENDING, fact.of), fact)
            own = [point for point in self.points if point.lot == f"EARN_PENDING:{fact.of}"]
            here = [point for state in ("pending", "free") for point in own if point.state == state][:amount]
            for point in here:
                point.state = "gone"
            self.take(amount - len(here), "gone")
        elif fact.kind is Kind.MERGE:
            self._merge(moved)
        else:
            self._hold(fact, at)

    def _hold(self, fact: Fact, at: datetime) -> None:
        if fact.kind is Kind.FREEZE:
            wanted = fact.amount or 0
            taken = self.take(wanted, "frozen")
            lent = [
                Point(f"FREEZE:{fact.ref}", "frozen", at, self.expiry(fact, at)) for _ in range(wanted - len(taken))
            ]
            self.points += lent
            self.held[fact.ref] = taken + lent
            self.units[fact.name] = _units(fact.shares)
        elif fact.kind is Kind.CAPTURE:
            hold = [point for point in self.held[fact.ref] if point.state == "frozen"]
            for point in hold[: fact.amount]:
                point.state = "spent"
            if (spent := len(hold[: fact.amount])) != len(hold):
                units = self.units[(Kind.FREEZE, fact.ref)]
                amounts = allocate(spent, {key: sum(each) for key, each in units.items()})
                shares = tuple(Share(key, len(each), amounts[key]) for key, each in units.items())
                self.units[(Kind.FREEZE, fact.ref)] = _units(shares)
        elif fact.kind is Kind.UNFREEZE:
            for point in self.held[fact.ref]:
                if point.state == "frozen":
                    self.free(point)
        else:
            spent_points = [point for point in reversed(self.held[fact.of]) if point.state == "spent"]
            for point in spent_points[: self._back((Kind.FREEZE, fact.of), fact)]:
                point.state = "restored"
                same = Point(point.lot, "free", point.since, point.expires_at)
                if point.expires_at <= at:
                    same = Point(f"{point.lot}+{fact.ref}", "free", at, at + timedelta(days=30))
                self.points.append(same)
                self.free(same)

    def _merge(self, moved: "Model | None") -> None:
        if moved is None:
            self.points, self.held, self.units, self.debt, self.united = [], {}, {}, 0, 1
        else:
            self.points += moved.points
            self.held |= moved.held
            self.units |= moved.units
            self.debt += moved.debt
            self.united += moved.united
            paid = self.debt
            self.debt = 0
            self.debt = paid - len(self.take(paid, "gone"))

    def _back(self, name: Name, fact: Fact) -> int:
        """What units that come back carry, unit by unit."""
        units, amount = self.units[name], 0
        wanted = {key: len(left) for key, left in units.items()}
        if fact.returned is not None:
            wanted = {one.key: one.units for one in fact.returned}
        for key, count in wanted.items():
            left = units.get(key, [])
            amount += sum(left[:count])
            del left[:count]
        return amount


def _units(shares: Sequence[Share]) -> dict[str, list[int]]:
    return {
        one.key: [one.amount * (j + 1) // one.units - one.amount * j // one.units for j in range(one.units)]
        for one in shares
    }


def counted(
    facts: Sequence[Fact],
    programme: Programme,
    *,
    until: datetime,
    came: Mapping[str, "tuple[Sequence[Fact], datetime]"] | None = None,
) -> Model:
    """What facts make of an account up to a moment; `came`: what the members who were joined to it had been told."""
    model = Model(programme)
    moved = {ref: counted(theirs, programme, until=at) for ref, (theirs, at) in (came or {}).items()}
    merged = {fact.ref: fact.occurred_at for fact in facts if fact.moved is not None}
    floors: dict[Name, datetime] = {}
    origins: dict[Name, datetime] = {}
    everything = list(facts)
    for ref, at in merged.items():
        theirs = (came or {})[ref][0]
        for fact in theirs:
            if effective(fact, theirs) is None:  # it waits, and goes on waiting here
                everything.append(fact)
                floors[fact.name] = at
            else:
                origins[fact.name] = at
    dated = [(effective(fact, everything, origins, floors), fact) for fact in everything]
    due = [(at, fact) for at, fact in dated if at is not None and at <= until]
    for at, fact in sorted(due, key=lambda pair: (pair[0], RANK[pair[1].kind], pair[1].ref)):
        model.expire(at)
        model.write(fact, at, moved.get(fact.ref) if fact.moved is not None else None)
        model.expire(at)
    model.expire(until)
    return model


def effective(
    fact: Fact,
    facts: Sequence[Fact],
    origins: Mapping[Name, datetime] | None = None,
    floors: Mapping[Name, datetime] | None = None,
) -> datetime | None:
    """From when a fact counts: not before the one it speaks of; None while that is not told."""
    own = max(fact.occurred_at, (floors or {}).get(fact.name, fact.occurred_at))
    if fact.parent is None:
        return own
    parent = next((one for one in facts if one.name == fact.parent), None)
    since = effective(parent, facts, origins, floors) if parent else (origins or {}).get(fact.parent)
    return None if since is None else max(own, since)


class Ledger:
    """An account that is told facts as they come, the way use cases do it: once each, replayed where they are late."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.account = Account()
        self.facts: dict[Name, Fact] = {}
        self.transactions: list[Transaction] = []
        self.seen: set[Name] = set()
        self.replays = 0

    def post(self, *facts: Fact) -> None:
        usual = self.programme.terms
        facts = tuple(replace(fact, terms=usual) if fact.terms == Terms() else fact for fact in facts)
        new = [fact for fact in {fact.name: fact for fact in reversed(facts)}.values() if fact.name not in self.seen]
        self.seen |= {fact.name for fact in new}
        self.facts |= {fact.name: fact for fact in new}
        told = tell(self.account, new)
        if told is None:
            until = self.account.last[0] if self.account.last else None
            told = replay(self.facts.values(), until=until)
            self.transactions = []
            self.replays += 1
        self._keep(told)

    def sweep(self, at: datetime) -> None:
        self._keep(expire(self.account, at))

    def fold(self, side: Side, *, until: datetime = FAR) -> int:
        return sum(one.change(side) for one in self.transactions if one.occurred_at <= until)

    @property
    def balances(self) -> tuple[int, int, int]:
        return self.account.pending, self.account.active, self.account.frozen

    def _keep(self, told: Told) -> None:
        self.account = told.account
        self.transactions += told.transactions


def check(ledger: Ledger) -> None:
    """PTS-1 to PTS-4 of one account, whatever was told of it."""
    account = ledger.account
    assert all(sum(posting.amount for posting in one.postings) == 0 for one in ledger.transactions)
    assert sum(ledger.fold(side) for side in Side) == 0
    assert tuple(ledger.fold(side) for side in (Side.PENDING, Side.ACTIVE, Side.FROZEN)) == ledger.balances
    lots = account.lots.values()
    assert sum(lot.remaining for lot in lots) - account.debt == account.active
    assert all(min(lot.pending, lot.remaining, lot.frozen) >= 0 for lot in lots)
    assert all(lot.pending + lot.remaining + lot.frozen <= lot.amount for lot in lots)
    assert not account.debt or not any(lot.remaining for lot in lots)
    assert account.active >= -ledger.programme.debt_limit * account.united
    frozen = {lot.id: lot.frozen for lot in lots if lot.frozen}
    held: dict[str, int] = {}
    for hold in account.holds.values():
        for part in hold.parts:
            held[part.lot] = held.get(part.lot, 0) + part.frozen
    assert frozen == {lot: amount for lot, amount in held.items() if amount}
