"""A shop's promises, kept the slow and obvious way: what tests of reservations compare the house with (domain.md §15).

What is on hand is replayed from every fact told so far; what is held is found by going through every reservation
ever made and looking at the clock. Nothing is remembered that could be counted again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.channels import Channel
from domain.stock import Key

CHANNELS = (Channel.APP, Channel.MINI_PROGRAM)


@dataclass(slots=True)
class Kept:
    """A reservation as anybody would note it on paper."""

    lines: dict[Key, int]
    channel: Channel
    expires_at: datetime
    latest: datetime
    state: str = "ACTIVE"
    handed_over: bool = False

    def state_at(self, now: datetime) -> str:
        """Where it stands by the clock."""
        return "EXPIRED" if self.state == "ACTIVE" and now >= self.expires_at else self.state


@dataclass(slots=True)
class Shelf:
    """Facts told of one (sku, location), and what each channel may take of it."""

    counts: list[tuple[datetime, int]] = field(default_factory=list)
    moves: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    damages: dict[str, int] = field(default_factory=dict)
    safety: dict[Channel, int] = field(default_factory=dict)
    quota: dict[Channel, int | None] = field(default_factory=dict)

    @property
    def on_hand(self) -> int:
        """The last count and what happened after it; of two counts of one moment the lower."""
        if not self.counts:
            return sum(delta for _, delta in self.moves.values())
        last_at = max(at for at, _ in self.counts)
        seen = min(quantity for at, quantity in self.counts if at == last_at)
        return seen + sum(delta for at, delta in self.moves.values() if at > last_at)

    @property
    def damaged(self) -> int:
        """Pieces that nobody may buy."""
        return sum(self.damages.values())

    def after_all_counts(self, now: datetime) -> datetime:
        """A moment at which everything counted so far has been counted, and not before `now`."""
        return max([now, *(at + timedelta(microseconds=1) for at, _ in self.counts)])


@dataclass(slots=True)
class Shop:
    """Shelves that have been told of, and every reservation there ever was."""

    shelves: dict[Key, Shelf] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)

    def shelf(self, key: Key) -> Shelf:
        """The shelf, new if nobody spoke of it before."""
        return self.shelves.setdefault(key, Shelf())

    def held(self, key: Key, now: datetime, channels: Sequence[Channel] = tuple(Channel)) -> int:
        """Go through everything ever kept, and look at the clock."""
        return sum(
            kept.lines.get(key, 0)
            for kept in self.kept.values()
            if kept.state_at(now) == "ACTIVE" and kept.channel in channels
        )

    def committed(self, key: Key) -> int:
        """What is paid for and still lies there."""
        return sum(
            kept.lines.get(key, 0) for kept in self.kept.values() if kept.state == "CONFIRMED" and not kept.handed_over
        )

    def oversold_by(self, key: Key, now: datetime) -> int:
        """What is promised or spoiled beyond what is there."""
        shelf = self.shelves[key]
        return max(0, self.held(key, now) + self.committed(key) + shelf.damaged - shelf.on_hand)

    def available(self, key: Key, channel: Channel, now: datetime) -> int:
        """What a channel may still sell (domain.md §4.1)."""
        if key not in self.shelves:
            return 0
        shelf = self.shelves[key]
        free = shelf.on_hand - shelf.damaged - self.committed(key) - self.held(key, now) - shelf.safety.get(channel, 0)
        quota = shelf.quota.get(channel)
        if quota is not None:
            free = min(free, quota - self.held(key, now, [channel]))
        return max(0, free)

    def confirm(self, kept: Kept) -> None:
        """What was held is paid for; a channel's quota pays with it, as far as it goes."""
        kept.state = "CONFIRMED"
        for key, quantity in kept.lines.items():
            quota = self.shelves[key].quota.get(kept.channel)
            if quota is not None:
                self.shelves[key].quota[kept.channel] = max(0, quota - quantity)

    def hand_over(self, id: str, now: datetime) -> None:
        """The pieces go; whoever counted before counted them still."""
        kept = self.kept[id]
        kept.handed_over = True
        for key, quantity in kept.lines.items():
            shelf = self.shelves[key]
            shelf.moves[f"handed over {id}"] = (shelf.after_all_counts(now), -quantity)
