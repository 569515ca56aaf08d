"""Earning and burning: how many points a purchase brings, and what points are worth against what is to be paid.

Previews and postings call these same functions, so that they cannot differ (PTS-8). Refuses nothing but what is below
zero: whoever posts decides what to refuse.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.allocation import allocate
from domain.facts import Share
from domain.programmes import BASIS, Programme


@dataclass(frozen=True, slots=True)
class Line:
    """A line of merchandise: its key, its units, and what is paid for it after all allocations."""

    key: str
    units: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class Deduction:
    """Points that pay, and what they pay."""

    points: int
    value_minor: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a purchase would bring and cost: points deducted, what is left to pay, and what that earns, by line."""

    deduction: Deduction
    most: Deduction
    total_minor: int
    earned: int
    shares: tuple[Share, ...]


def earned(programme: Programme, base_minor: int, *, multiplier_bp: int = BASIS) -> int:
    """Points for a base: ⌊base × rate × multiplier⌋; nothing for what is below zero."""
    return max(0, base_minor) * programme.earn_points * multiplier_bp // (programme.earn_per_minor * BASIS)


def shared(amount: int, lines: Sequence[Line]) -> tuple[Share, ...]:
    """Share points out to the lines by what is paid for them, by their units where nothing is; in the lines' order.

    Without lines each point is a unit of its own, on a line without a name.
    """
    if not lines:
        return (Share("", amount, amount),)
    weights: Mapping[str, int] = {line.key: max(0, line.net_minor) for line in lines}
    if amount and not any(weights.values()):
        weights = {line.key: max(1, line.units) for line in lines}
    amounts = allocate(amount, weights)
    return tuple(Share(line.key, line.units, amounts[line.key]) for line in lines)


def value_of(programme: Programme, points: int) -> int:
    """What points are worth in minor units."""
    return points * programme.fen_per_100 // 100


def most(programme: Programme, *, balance: int, payable_minor: int) -> Deduction:
    """The most that a balance may pay of an amount: no point more than its value needs (PTS-11)."""
    cap_minor = min(payable_minor, payable_minor * programme.max_share_bp // BASIS)
    return deducted(programme, balance, cap_minor=max(0, cap_minor))


def deducted(programme: Programme, points: int, *, cap_minor: int) -> Deduction:
    """What points pay under a cap; those that would pay nothing more stay with the member."""
    value = min(value_of(programme, max(0, points)), cap_minor)
    if value <= 0:
        return Deduction(0, 0)
    return Deduction(-(-value * 100 // programme.fen_per_100), value)


def preview(
    programme: Programme,
    lines: Sequence[Line],
    *,
    points: int,
    balance: int,
    multiplier_bp: int = BASIS,
) -> Preview:
    """What paying for lines with so many points would deduct, leave to pay, and earn."""
    payable = sum(max(0, line.net_minor) for line in lines)
    top = most(programme, balance=balance, payable_minor=payable)
    used = deducted(programme, min(points, top.points), cap_minor=top.value_minor)
    off = allocate(used.value_minor, {line.key: max(0, line.net_minor) for line in lines})
    net = [Line(line.key, line.units, max(0, line.net_minor) - off[line.key]) for line in lines]
    total = payable - used.value_minor
    gain = earned(programme, total, multiplier_bp=multiplier_bp)
    return Preview(used, top, total, gain, shared(gain, net))
