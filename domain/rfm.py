"""RFM: how lately, how often and for how much members have bought, each compared with all others (domain.md §12).

    recency_days  whole days since the last completed order
    orders        completed orders within the window before `as_of`
    amount_minor  what these were worth, refunds deducted

Three bits say on which side of the cuts a member stands: the 8 segments. Vendors disagree about their names, so a
name is a label and the bits are what counts (D9). Scores of 1 to 5 say how many of all stand strictly worse.
"""

import math
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
    """Where a dimension is cut in two, if no numbers are given for it."""

    MEDIAN = "MEDIAN"
    MEAN = "MEAN"


@dataclass(frozen=True, slots=True)
class Cuts:
    """At most so many days, at least so many orders, at least so much: whole numbers that cut as the exact ones do."""

    recency_days: int
    orders: int
    amount_minor: int


Steps = tuple[int, ...]
"""Of a dimension the figures that must be beaten for a score of 2, 3, 4 and 5."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Where all members stand, told by the numbers that part them: 3 cuts, and 4 steps in each dimension."""

    cuts: Cuts
    recency: Steps
    orders: Steps
    amounts: Steps

    def of(self, figures: Figures) -> Standing:
        """Say where one of them stands."""
        segment = Segment(
            figures.recency_days <= self.cuts.recency_days,
            figures.orders >= self.cuts.orders,
            figures.amount_minor >= self.cuts.amount_minor,
        )
        return Standing(
            segment,
            Scores(
                recency=1 + sum(figures.recency_days < step for step in self.recency),
                frequency=1 + sum(figures.orders > step for step in self.orders),
                monetary=1 + sum(figures.amount_minor > step for step in self.amounts),
            ),
        )


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

    def ranking(self, cut: CutRule | Cuts) -> Ranking:
        """Rank everybody counted in so far; one dimension at a time is put in order."""
        recency, orders, amounts = (_Column.of(part) for part in (self._recency, self._orders, self._amounts))
        if not isinstance(cut, Cuts):
            days, often, much = (getattr(column, cut.value.lower()) for column in (recency, orders, amounts))
            cut = Cuts(math.floor(days), math.ceil(often), math.ceil(much))
        return Ranking(cut, recency.most, orders.least, amounts.least)

    def sizes(self, ranking: Ranking) -> Mapping[Segment, int]:
        """Count who stands in which segment; all eight are named."""
        counted = Counter(
            ranking.of(Figures(*figures)).segment
            for figures in zip(self._recency, self._orders, self._amounts, strict=True)
        )
        return {segment: counted[segment] for segment in SEGMENTS}


@dataclass(frozen=True, slots=True)
class _Column:
    """What is to be known of one dimension of a population."""

    median: Fraction
    mean: Fraction
    least: Steps
    most: Steps

    @classmethod
    def of(cls, values: "array[int]") -> "_Column":
        """A score of s needs ⌈(s − 1)·n/5⌉ who stand strictly worse: so many of the worst are to be beaten."""
        n = len(values)
        if not n:
            return cls(Fraction(0), Fraction(0), (), ())
        ordered = sorted(values)
        beaten = [-(-score * n // SCORES) for score in range(1, SCORES)]
        return cls(
            median=Fraction(ordered[(n - 1) // 2] + ordered[n // 2], 2),
            mean=Fraction(sum(ordered), n),
            least=tuple(ordered[count - 1] for count in beaten),
            most=tuple(ordered[n - count] for count in beaten),
        )


@dataclass(frozen=True, slots=True)
class Run:
    """One computation for everybody: as of when, for how many, where they were parted, and how many stand where."""

    id: str
    as_of: datetime
    members: int
    ranking: Ranking
    sizes: Mapping[Segment, int] = field(hash=False)
