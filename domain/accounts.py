"""Accounts: what one member holds in one programme, lot by lot, as the facts told so far have made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain import lots
from domain.facts import Fact, Kind, Name, Order
from domain.lots import Hold, Lot


@dataclass(frozen=True, slots=True)
class Account:
    """What a member holds: lots, freezes, a debt, and facts that wait for those they speak of.

    `last` is where the last fact stood: later ones are in order. `united` counts the accounts that were joined in it.
    """

    lots: Mapping[str, Lot] = field(default_factory=dict)
    holds: Mapping[str, Hold] = field(default_factory=dict)
    debt: int = 0
    waiting: tuple[Fact, ...] = ()
    last: Order | None = None
    united: int = 1

    @property
    def pending(self) -> int:
        """Earned, and not active yet."""
        return lots.total(self.lots.values())[0]

    @property
    def active(self) -> int:
        """What can be spent, less what is owed: below zero where something is (PTS-3)."""
        return lots.total(self.lots.values())[1] - self.debt

    @property
    def frozen(self) -> int:
        """Held for purchases that are not paid yet."""
        return lots.total(self.lots.values())[2]

    @property
    def names(self) -> frozenset[Name]:
        """The facts that others may speak of."""
        earned = {(Kind.EARN_PENDING, lot.earned_by) for lot in self.lots.values() if lot.id == earning(lot.earned_by)}
        frozen = {(Kind.FREEZE, ref) for ref in self.holds}
        captured = {(Kind.CAPTURE, ref) for ref, hold in self.holds.items() if hold.is_captured}
        return frozenset(earned | frozen | captured)

    def knows(self, name: Name) -> bool:
        """Whether what a fact speaks of is here."""
        kind, ref = name
        if kind is Kind.EARN_PENDING:
            return earning(ref) in self.lots
        hold = self.holds.get(ref)
        return hold is not None and (kind is Kind.FREEZE or hold.is_captured)


def earning(ref: str) -> str:
    """The lot that an earning brings."""
    return f"{Kind.EARN_PENDING.value}:{ref}"
