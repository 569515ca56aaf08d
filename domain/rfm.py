"""RFM: how lately, how often and for how much members have bought, each compared with all others (domain.md §12).

    recency_days  whole days since the last completed order
    orders        completed orders within the window before `as_of`
    amount_minor  what these were worth, refunds deducted

Three bits say on which side of the cuts a member stands: the 8 segments. Vendors disagree about their names, so a
name is a label and the bits are what counts (D9). Scores of 1 to 5 say how many of all stand strictly worse.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from fractions import Fraction

WINDOW = timedelta(days=365)
SCORES = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What a member's completed orders come to."""

    recency_days: int
    orders: int
    amount_minor: int


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """Bought lately, often, for much: the three bits."""

    is_recent: bool
    is_frequent: bool
    is_high: bool

    @property
    def bits(self) -> str:
        """The bits in their order r, f, m, such as 101."""
        return "".join("1" if bit else "0" for bit in (self.is_recent, self.is_frequent, self.is_high))

    @property
    def name(self) -> str:
        """What the segment is commonly called."""
        return NAMES[self.bits]


NAMES = {
    "111": "重要价值",
    "011": "重要保持",
    "101": "重要发展",
    "001": "重要挽留",
    "110": "一般价值",
    "010": "一般保持",
    "100": "一般发展",
    "000": "一般挽留",
}


def segment_of(bits: str) -> Segment:
    """Read a segment's bits back."""
    return Segment(*(bit == "1" for bit in bits))


SEGMENTS = tuple(segment_of(bits) for bits in NAMES)


@dataclass(frozen=True, slots=True)
class Scores:
    """1 to 5 in each dimension; equal figures score equally."""

    recency: int
    frequency: int
    monetary: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands among all."""

    segment: Segment
    scores: Scores


class CutRule(Enum):
    """Where a dimension is cut in two."""

    MEDIAN = "MEDIAN"
    MEAN = "MEAN"
    FIXED = "FIXED"


@dataclass(frozen=True, slots=True)
class Cuts:
    """At most so many days, at least so many orders, at least so much: whole numbers that cut as the exact ones do."""

    recency_days: int
    orders: int
    amount_minor: int


class Population:
    """The figures of all members at one moment: three arrays of numbers, for a million of them 24 MB."""

    def __init__(self) -> None:
        self._recency, self._orders, self._amounts = array("q"), array("q"), array("q")

    def __len__(self) -> int:
        return len(self._recency)

    def add(self, figures: Figures) -> None:
        """Count one member in."""
        self._recency.append(figures.recency_days)
        self._orders.append(figures.orders)
        self._amounts.append(figures.amount_minor)

    def ranking(self, rule: CutRule, fixed: Cuts | None = None) -> "Ranking":
        """Rank everybody counted in so far.

        Raises:
            ValueError: fixed cuts are asked for, and none are given.
        """
        recency, orders, amounts = (array("q", sorted(part)) for part in (self._recency, self._orders, self._amounts))
        if rule is CutRule.FIXED:
            if fixed is None:
                raise ValueError("fixed cuts need numbers")
            return Ranking(fixed, recency, orders, amounts)
        cut = _median if rule is CutRule.MEDIAN else _mean
        days, often, much = cut(recency), cut(orders), cut(amounts)
        return Ranking(Cuts(_floor(days), -_floor(-often), -_floor(-much)), recency, orders, amounts)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Where the figures of all stand, each dimension in order, and where it is cut."""

    cuts: Cuts
    _recency: Sequence[int] = field(repr=False)
    _orders: Sequence[int] = field(repr=False)
    _amounts: Sequence[int] = field(repr=False)

    def of(self, figures: Figures) -> Standing:
        """Say where one of them stands."""
        segment = Segment(
            figures.recency_days <= self.cuts.recency_days,
            figures.orders >= self.cuts.orders,
            figures.amount_minor >= self.cuts.amount_minor,
        )
        longer_ago = len(self._recency) - bisect_right(self._recency, figures.recency_days)
        fewer, less = bisect_left(self._orders, figures.orders), bisect_left(self._amounts, figures.amount_minor)
        return Standing(segment, Scores(self._score(longer_ago), self._score(fewer), self._score(less)))

    def _score(self, worse: int) -> int:
        return 1 + SCORES * worse // len(self._recency)


def _median(ordered: Sequence[int]) -> Fraction:
    n = len(ordered)
    return Fraction(ordered[(n - 1) // 2] + ordered[n // 2], 2) if n else Fraction(0)


def _mean(ordered: Sequence[int]) -> Fraction:
    return Fraction(sum(ordered), len(ordered)) if ordered else Fraction(0)


def _floor(exact: Fraction) -> int:
    return exact.numerator // exact.denominator
