"""Commission (导购分成): who brought the sale of an order line, what they earn by it, and what returns take back.

A ledger that is only added to: entries that were paid are never edited, but corrected by new ones. One level only:
nobody earns by what another associate sold.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from domain.allocation import allocate, unit_share
from domain.bindings import Binding
from domain.money import Money
from domain.share_tokens import ShareToken

WHOLE = 10_000
"""Basis points in all of something."""


class Ground(Enum):
    """Why a sale counts for somebody; the first that applies."""

    SOLD_BY = "SOLD_BY"
    SHARE_TOKEN = "SHARE_TOKEN"  # noqa: S105  # no secret
    BINDING = "BINDING"


class EntryKind(Enum):
    """What an entry is."""

    ACCRUAL = "ACCRUAL"
    CLAW_BACK = "CLAW_BACK"


@dataclass(frozen=True, slots=True)
class Attribution:
    """For whom a line counts: weights by associate, none of them zero."""

    ground: Ground
    weights: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sale:
    """A line that was sold: so many units, and what was paid for them without shipping."""

    order_id: str
    line_id: str
    units: int
    net_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Minor units that an associate earned (or, below zero, gave back) by a line.

    `units` are those of the line for an accrual, and those that came back for a claw-back. `share_bp` is the
    associate's share of the line. `statement_id` names the statement with which it was paid.
    """

    id: str
    associate_id: str
    order_id: str
    line_id: str
    kind: EntryKind
    ground: Ground
    units: int
    share_bp: int
    amount_minor: int
    currency: str
    at: datetime
    statement_id: str | None = None

    @property
    def amount(self) -> Money:
        """What it is worth to the associate."""
        return Money(self.amount_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an associate was paid: all that was entered for them before `until`, and not paid before."""

    id: str
    associate_id: str
    until: datetime
    closed_at: datetime
    totals_minor: Mapping[str, int]
    """By currency."""

    @property
    def totals(self) -> Sequence[Money]:
        """The same as money."""
        return [Money(minor, currency) for currency, minor in sorted(self.totals_minor.items())]


def attributed(
    *, sold_by: Mapping[str, int], token: ShareToken | None, binding: Binding | None, at: datetime
) -> Attribution | None:
    """For whom a line counts that was ordered at a moment: the first of the three that says somebody, or nobody."""
    if named := {associate: weight for associate, weight in sold_by.items() if weight > 0}:
        return Attribution(Ground.SOLD_BY, named)
    if token is not None and token.holds_at(at):
        return Attribution(Ground.SHARE_TOKEN, {token.associate_id: 1})
    if binding is not None and binding.is_active_at(at):
        return Attribution(Ground.BINDING, {binding.associate_id: 1})
    return None


def commission_minor(net_minor: int, rate_bp: int) -> int:
    """What a line earns: of a fen that is not whole, nothing."""
    return max(0, net_minor) * rate_bp // WHOLE


def accrue(sale: Sale, attribution: Attribution, *, rate_bp: int, at: datetime) -> Sequence[Entry]:
    """What everybody earns by a line that is completed: together the commission of the line (CLI-3)."""
    parts = allocate(commission_minor(sale.net_minor, rate_bp), attribution.weights)
    shares = allocate(WHOLE, attribution.weights)
    return [
        Entry(
            id=_id(sale, "sold", associate),
            associate_id=associate,
            order_id=sale.order_id,
            line_id=sale.line_id,
            kind=EntryKind.ACCRUAL,
            ground=attribution.ground,
            units=sale.units,
            share_bp=shares[associate],
            amount_minor=parts[associate],
            currency=sale.currency,
            at=at,
        )
        for associate in sorted(attribution.weights)
    ]


def claw_back(entries: Sequence[Entry], *, returned: int, at: datetime) -> Sequence[Entry]:
    """What everybody gives back once so many units of a line have come back in all, given the line's entries (CLI-4).

    What was taken back before is known by the entries: the same number again takes nothing.
    """
    taken = Counter[str]()
    for one in entries:
        if one.kind is EntryKind.CLAW_BACK:
            taken[one.associate_id] += one.units
    accruals = [one for one in entries if one.kind is EntryKind.ACCRUAL]
    news = [(one, taken[one.associate_id], min(returned, one.units)) for one in accruals]
    return [_taken_back(one, before, back, at) for one, before, back in news if before < back]


def _taken_back(accrual: Entry, before: int, returned: int, at: datetime) -> Entry:
    amount = unit_share(accrual.amount_minor, accrual.units, taken=before, more=returned - before)
    return replace(
        accrual,
        id=_id(accrual, f"back after {before}", accrual.associate_id),
        kind=EntryKind.CLAW_BACK,
        units=returned - before,
        amount_minor=-amount,
        at=at,
        statement_id=None,
    )


def _id(of: Sale | Entry, what: str, associate_id: str) -> str:
    """Name an entry by the line and what the ledger held of it before: no two can be entered after the same."""
    return f"{of.order_id}:{of.line_id}:{what}:{associate_id}"
