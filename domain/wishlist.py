"""Wish list (收藏): variants that a member would have one day, each with the moment it was put there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 200
"""Wishes of one member; what a merge brings together may be more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A variant, and since when it is wished for."""

    sku: str
    added_at: datetime

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands on the list: the latest first, ties by sku."""
        return -((self.added_at - _EPOCH) // timedelta.resolution), self.sku


def in_order(wishes: Iterable[Wish]) -> Sequence[Wish]:
    """A list as it is shown."""
    return sorted(wishes, key=lambda wish: wish.place)
