"""One step in the points ledger: what a fact makes of an account, and the postings it writes (§9's table).

Every method moves points between two sides, so that each transaction sums to zero (PTS-1). What a fact takes is there
in the order of expiry (PTS-9); what is missing is owed, down to the limit (PTS-4); what may not even be owed is written
off against ADJUSTMENT: a return that happened is never refused, and what was promised is kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain import lots
from domain.accounts import Account, earning
from domain.allocation import allocate
from domain.facts import Fact, Kind, Order, Posting, Side, Transaction
from domain.lots import Hold, Lot, Part
from domain.points_records import unpack

GRACE = timedelta(days=30)
"""What is given back after it had expired is good for so much longer."""


class Book:
    """An account while one step is made: its lots, freezes and debt, and the transactions written so far."""

    def __init__(self, account: Account) -> None:
        self._lots = dict(account.lots)
        self._holds = dict(account.holds)
        self._debt = account.debt
        self._united = account.united
        self._waiting = account.waiting
        self._postings: list[Posting] = []
        self.written: list[Transaction] = []

    def account(self, last: Order) -> Account:
        """What it has become."""
        return Account(self._lots, self._holds, self._debt, self._waiting, last, self._united)

    def expire(self, at: datetime, *, is_back: bool = False) -> None:
        """Take away what is free and no longer good, each lot at its moment; what just came back, now (PTS-10)."""
        for lot in lots.free(self._lots.values()):
            if lot.expires_at is None or not lot.has_expired(at):
                break
            moment = at if is_back else lot.expires_at
            self._put(replace(lot, remaining=0))
            self._post(Side.ACTIVE, -lot.remaining, lot.id)
            self._post(Side.BREAKAGE, lot.remaining)
            self._end(Kind.EXPIRE, f"{lot.id}@{moment.isoformat()}", moment)

    def write(self, fact: Fact, at: datetime) -> None:
        """Do what a fact says."""
        _WRITERS[fact.kind](self, fact, at)
        self._end(fact.kind, fact.ref, at)

    def _earn(self, fact: Fact, at: datetime) -> None:
        amount = fact.amount or 0
        self._put(Lot(earning(fact.ref), fact.ref, amount, pending=amount, shares=fact.shares))
        self._post(Side.ISSUED, -amount)
        self._post(Side.PENDING, amount)

    def _activate(self, fact: Fact, at: datetime) -> None:
        lot = self._lots.get(earning(fact.ref))
        if lot is None or lot.active_from is not None:
            return
        self._put(replace(lot, pending=0, active_from=at, expires_at=fact.terms.expires_at(at)))
        self._post(Side.PENDING, -lot.pending)
        self._credit(lot.id, lot.pending)

    def _adjust(self, fact: Fact, at: datetime) -> None:
        amount = fact.amount or 0
        if amount < 0:
            self._post(Side.ADJUSTMENT, sum(amount for _, amount in self._take(-amount, fact)))
            return
        lot = Lot(f"{Kind.ADJUST.value}:{fact.ref}", fact.ref, amount, active_from=at)
        self._put(replace(lot, expires_at=fact.terms.expires_at(at)))
        self._post(Side.ADJUSTMENT, -amount)
        self._credit(lot.id, amount)

    def _freeze(self, fact: Fact, at: datetime) -> None:
        wanted = fact.amount or 0
        taken = self._take(wanted, fact)
        parts = [Part(lot, amount) for lot, amount in taken if lot is not None]
        if (uncovered := wanted - sum(part.frozen for part in parts)) > 0:
            # Promised when it was there, before an earlier return was told: owed as far as may be, the rest is ours.
            lent = Lot(f"{Kind.FREEZE.value}:{fact.ref}", fact.ref, uncovered, active_from=at)
            self._put(replace(lent, expires_at=fact.terms.expires_at(at)))
            self._post(Side.ADJUSTMENT, sum(amount for _, amount in taken) - wanted)
            parts.append(Part(lent.id, uncovered))
        for part in parts:
            self._put(replace(self._lots[part.lot], frozen=self._lots[part.lot].frozen + part.frozen))
            self._post(Side.FROZEN, part.frozen, part.lot)
        self._holds[fact.ref] = Hold(fact.ref, tuple(parts), fact.shares, fact.value_minor)

    def _capture(self, fact: Fact, at: datetime) -> None:
        hold = self._holds.get(fact.ref)
        if hold is None:
            return
        left = hold.frozen if fact.amount is None else min(fact.amount, hold.frozen)
        parts = []
        for part in hold.parts:
            used = min(part.frozen, left)
            left -= used
            self._thaw(part.lot, used)
            self._post(Side.REDEEMED, used)
            parts.append(replace(part, frozen=part.frozen - used, spent=part.spent + used))
        shares = hold.shares
        if hold.frozen != (spent := sum(part.spent for part in parts)):
            amounts = allocate(spent, {share.key: share.amount for share in shares})
            shares = tuple(replace(share, amount=amounts[share.key]) for share in shares)
        self._holds[fact.ref] = replace(hold, parts=tuple(parts), shares=shares, is_captured=True)

    def _unfreeze(self, fact: Fact, at: datetime) -> None:
        hold = self._holds.get(fact.ref)
        if hold is None:
            return
        for part in hold.parts:
            self._thaw(part.lot, part.frozen)
            self._credit(part.lot, part.frozen)
        self._holds[fact.ref] = replace(hold, parts=tuple(replace(part, frozen=0) for part in hold.parts))

    def _restore(self, fact: Fact, at: datetime) -> None:
        """Give spent points back, those taken last first; to their lots, or for a while more where they expired."""
        hold = self._holds.get(fact.of)
        if hold is None:
            return
        shares, amount = lots.taken_back(hold.shares, fact.returned)
        left, parts = min(amount, hold.returnable), []
        for part in reversed(hold.parts):
            back = min(part.spent - part.restored, left)
            left -= back
            self._post(Side.REDEEMED, -back)
            self._credit(self._good(part.lot, fact, back, at=at), back)
            parts.append(replace(part, restored=part.restored + back))
        self._holds[fact.of] = replace(hold, parts=tuple(reversed(parts)), shares=shares)

    def _good(self, id: str, fact: Fact, amount: int, *, at: datetime) -> str:
        """The lot itself, or one of its kind that is good for a while more."""
        lot = self._lots[id]
        if not amount or not lot.has_expired(at):
            return id
        later = Lot(f"{id}+{fact.ref}", lot.earned_by, amount, active_from=at, expires_at=at + GRACE)
        self._put(later)
        return later.id

    def _reverse(self, fact: Fact, at: datetime) -> None:
        """Take what an earning brought: while it waits, else from its own lot, then as any other spending."""
        lot = self._lots.get(earning(fact.of))
        if lot is None:
            return
        shares, amount = lots.taken_back(lot.shares, fact.returned)
        waiting = min(amount, lot.pending)
        own = min(amount - waiting, lot.remaining)
        self._put(replace(lot, pending=lot.pending - waiting, remaining=lot.remaining - own, shares=shares))
        self._post(Side.PENDING, -waiting)
        self._post(Side.ACTIVE, -own, lot.id)
        elsewhere = amount - waiting - own
        found = sum(part for _, part in self._take(elsewhere, fact))
        self._post(Side.ADJUSTMENT, found - elsewhere)
        self._post(Side.ISSUED, amount)

    def _merge(self, fact: Fact, at: datetime) -> None:
        """Hand everything over to another member, or take over all that another one had (MEM-3)."""
        if fact.moved is None:
            self._move(self._lots.values(), self._debt, sign=-1)
            self._lots, self._holds, self._debt, self._waiting, self._united = {}, {}, 0, (), 1
            return
        moved = unpack(fact.moved)
        names = {id: self._unused(id) for id in moved.lots}
        came = [replace(lot, id=names[lot.id]) for lot in moved.lots.values()]
        self._lots |= {lot.id: lot for lot in came}
        for ref, hold in moved.holds.items():
            parts = tuple(replace(part, lot=names[part.lot]) for part in hold.parts)
            free = ref if ref not in self._holds else f"{ref}~{fact.ref}"
            self._holds[free] = replace(hold, ref=free, parts=parts)
        self._debt += moved.debt
        self._waiting += moved.waiting
        self._united += moved.united
        self._move(came, moved.debt, sign=1)
        self._settle()

    def _move(self, held: Iterable[Lot], debt: int, *, sign: int) -> None:
        for lot in held:
            self._post(Side.PENDING, sign * lot.pending)
            self._post(Side.ACTIVE, sign * lot.remaining, lot.id)
            self._post(Side.FROZEN, sign * lot.frozen, lot.id)
        self._post(Side.ACTIVE, -sign * debt)
        self._post(Side.MOVED, -sum(posting.amount for posting in self._postings))

    def _take(self, amount: int, fact: Fact) -> Sequence[tuple[str | None, int]]:
        """Take so many off ACTIVE: lot by lot, then as a debt (None) down to the limit; less where that is reached."""
        taken: list[tuple[str | None, int]] = []
        for lot in lots.free(self._lots.values()):
            if not amount:
                break
            part = min(lot.remaining, amount)
            amount -= part
            self._put(replace(lot, remaining=lot.remaining - part))
            self._post(Side.ACTIVE, -part, lot.id)
            taken.append((lot.id, part))
        owed = min(amount, max(0, fact.terms.debt_limit * self._united - self._debt))
        self._debt += owed
        self._post(Side.ACTIVE, -owed)
        return [*taken, (None, owed)]

    def _credit(self, id: str, amount: int) -> None:
        """Give a lot so many points; what is owed is paid with them first (PTS-3)."""
        repaid = min(amount, self._debt)
        self._debt -= repaid
        lot = self._lots[id]
        self._put(replace(lot, remaining=lot.remaining + amount - repaid))
        self._post(Side.ACTIVE, amount, id)

    def _thaw(self, id: str, amount: int) -> None:
        lot = self._lots[id]
        self._put(replace(lot, frozen=lot.frozen - amount))
        self._post(Side.FROZEN, -amount, id)

    def _settle(self) -> None:
        """Pay what one member owed with what the other one had; the balance stays what it is."""
        for lot in lots.free(self._lots.values()):
            paid = min(lot.remaining, self._debt)
            self._debt -= paid
            self._put(replace(lot, remaining=lot.remaining - paid))

    def _unused(self, id: str) -> str:
        return id if id not in self._lots else self._unused(f"{id}~")

    def _put(self, lot: Lot) -> None:
        self._lots[lot.id] = lot

    def _post(self, side: Side, amount: int, lot: str | None = None) -> None:
        if amount:
            self._postings.append(Posting(side, amount, lot))

    def _end(self, kind: Kind, ref: str, at: datetime) -> None:
        self.written.append(Transaction(kind, ref, at, tuple(self._postings)))
        self._postings = []


_WRITERS: Mapping[Kind, Callable[[Book, Fact, datetime], None]] = {
    Kind.MERGE: Book._merge,
    Kind.EARN_PENDING: Book._earn,
    Kind.ACTIVATE: Book._activate,
    Kind.ADJUST: Book._adjust,
    Kind.FREEZE: Book._freeze,
    Kind.CAPTURE: Book._capture,
    Kind.UNFREEZE: Book._unfreeze,
    Kind.RESTORE_BURN: Book._restore,
    Kind.REVERSE_EARN: Book._reverse,
}
