"""Wish list (收藏): variants that a member would have one day, each with the moment it was put there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

MOST = 200
"""Wishes of one member; what a merge brings together may be more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A variant, and since when it is wished for."""

    sku: str
    added_at: datetime


def in_order(wishes: Iterable[Wish]) -> Sequence[Wish]:
    """The latest first, ties by sku."""
    return sorted(wishes, key=lambda wish: (-wish.added_at.timestamp(), wish.sku))
