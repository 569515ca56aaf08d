"""The smallest keeper of levels: what the store does with a fact, in memory; what tests of the ledger keep books in."""

from dataclasses import dataclass, field
from datetime import datetime

import domain.ledger
from domain.ledger import Buckets
from domain.movements import Adjustment, Count, Movement, Outcome, Shift
from domain.stock import Key, StockLevel
from tests.builders import NOW

Fact = Count | Adjustment | Shift


@dataclass(slots=True)
class Book:
    """Levels, and the lines behind them in the order in which they were told."""

    levels: dict[Key, StockLevel] = field(default_factory=dict)
    lines: list[Movement] = field(default_factory=list)

    def take(self, fact: Fact, *, now: datetime = NOW) -> Outcome:
        """Take one fact in."""
        level = self.levels.get(fact.key)
        if isinstance(fact, Count):
            outcome = domain.ledger.observe(level, fact, later=self.lines, source="pos", now=now)
        else:
            seen = fact.event_id in {line.event_id for line in self.lines}
            outcome = domain.ledger.adjust(level, fact, seen=seen, source="pos", now=now)
        if outcome.level is not None:
            self.levels[fact.key] = outcome.level
        self.lines += [outcome.movement] if outcome.movement else []
        return outcome

    @property
    def level(self) -> StockLevel | None:
        """The only level there is, if there is one."""
        return next(iter(self.levels.values()), None)

    @property
    def on_hand(self) -> int:
        """What that level says; nothing told is nothing there."""
        return self.level.on_hand if self.level else 0

    @property
    def buckets(self) -> Buckets:
        """The same, bucket by bucket."""
        level = self.level
        if level is None:
            return Buckets()
        tested, shown = level.quality_control, level.display
        return Buckets(level.on_hand, level.damaged, tested, shown, level.in_transit_in, level.in_transit_out)


def opened_with(level: StockLevel) -> Book:
    """A book that begins with a level as somebody left it."""
    return Book({level.key: level})
