"""Co-purchase: which items stand in the same baskets, and how much more often than their number alone explains.

    score(a, b) = n(a and b) / √(n(a) · n(b))        the cosine of two items over all baskets, within 0 and 1

As Sarwar, Karypis, Konstan and Riedl, "Item-based collaborative filtering" (WWW 2001) and Linden, Smith and York,
"Amazon.com recommendations: item-to-item collaborative filtering" (IEEE Internet Computing 2003) do. Not lift: for two
items that were sold a few times each it is huge by chance, and it changes with baskets that hold neither (Tan, Kumar
and Srivastava, "Selecting the right interestingness measure", KDD 2002).
"""

import heapq
import math
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

NEIGHBOURS = 50
"""How many are kept of each item, the best."""
WIDEST = 100
"""A basket of more items than this is a wholesaler's or a month's sum, and says little of what goes together."""
LEAST = 2
"""Twice is the least that can be called a habit."""


class Neighbour(NamedTuple):
    """An item that stands beside another, how close, and in how many baskets."""

    sku: str
    score: float
    baskets: int


@dataclass(frozen=True, slots=True)
class Affinity:
    """What is bought together with an item, closest first; `baskets` had the item."""

    sku: str
    baskets: int
    neighbours: tuple[Neighbour, ...]


class Baskets:
    """Many baskets in little room: four bytes per item of each, twice while they are looked through."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._items, self._starts = array("I"), array("Q", [0])

    def add(self, skus: Collection[str]) -> None:
        """Count a basket in, each item once; one that is too wide is passed over."""
        distinct = sorted(set(skus))
        if distinct and len(distinct) <= WIDEST:
            self._items.extend(self._numbers.setdefault(sku, len(self._numbers)) for sku in distinct)
            self._starts.append(len(self._items))

    def affinities(self) -> Iterator[Affinity]:
        """Every item with its neighbours, ties by sku; between two of them there is time for other work."""
        skus, baskets = list(self._numbers), self._by_item()
        for item, own in enumerate(baskets):
            beside = Counter(chain.from_iterable(map(self._basket, own)))
            del beside[item]
            ranked = (
                (-(both * both) / len(baskets[other]), skus[other], other, both)
                for other, both in beside.items()
                if both >= LEAST
            )
            closest = heapq.nsmallest(NEIGHBOURS, ranked)
            yield Affinity(
                skus[item],
                len(own),
                tuple(
                    Neighbour(sku, both / math.sqrt(len(own) * len(baskets[other])), both)
                    for _, sku, other, both in closest
                ),
            )

    def _basket(self, number: int) -> Sequence[int]:
        return self._items[self._starts[number] : self._starts[number + 1]]

    def _by_item(self) -> Sequence[Sequence[int]]:
        """In which baskets every item is."""
        found = [array("I") for _ in self._numbers]
        for number in range(len(self._starts) - 1):
            for item in self._basket(number):
                found[item].append(number)
        return found
