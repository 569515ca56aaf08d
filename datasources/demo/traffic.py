"""The day's trade: what is sold, brought back and delivered from one moment to the next, so that the demo lives.

Writes nothing and reads no clock: it is given the moment, the dice and the levels, and says what moves.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from datasources.demo.products import Fate, styles
from datasources.demo.stores import SITES
from domain.locations import LocationType
from domain.movements import Adjustment, MovementType
from domain.stock import Key, StockLevel

TICK_S = 2.0
"""How often `next_moves` wants to be asked: the first hot key changes each time, well within three seconds."""

HOT_SKUS = ("DJ01-BLK-L", "DJ01-WHT-L")
"""The light down jacket in L: what the explorer's subscription watches. The first one never rests."""

HOT_LOCATIONS = ("SH001", "SH002", "SH003", "SH004", "SH005")
"""The stores of Shanghai, where it sells best."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """How a place is kept filled: delivered to at `low` or below, each time so much, never beyond `ceiling`."""

    low: int
    delivery: tuple[int, int]
    ceiling: int


HOT_SHELF = Shelf(low=3, delivery=(6, 14), ceiling=24)
STORE_SHELF = Shelf(low=0, delivery=(4, 12), ceiling=24)
WAREHOUSE_SHELF = Shelf(low=20, delivery=(80, 240), ceiling=400)

_OTHERS_ASKED, _OTHERS_MOVED = 12, 2
_RETURNED, _DELIVERED, _PAIR_SOLD = 0.06, 0.3, 0.15
_STORE_IDS = frozenset(site.id for site in SITES if site.type is LocationType.STORE)


def shopping(dice: random.Random) -> tuple[str, ...]:
    """Choose the skus whose levels to read for one tick: the hot ones and a handful of others."""
    return (*HOT_SKUS, *dice.sample(_cool_skus(), _OTHERS_ASKED))


def next_moves(rng: random.Random, now: datetime, levels: Mapping[Key, StockLevel]) -> list[Adjustment]:
    """Say what happens at `now` to some of these levels; at most one movement per key, none where nothing was counted.

    The first hot key always moves, another hot one too, and up to two of the rest. No movement takes a level below
    zero or above its shelf's ceiling, so a day of this neither drains nor bursts them. Event ids hold the moment.
    """
    chosen = _chosen(rng, levels)
    moves = (_move(rng, levels[key]) for key in chosen)
    return [
        Adjustment(*key, delta, f"demo:{now.isoformat()}:{'@'.join(key)}", now, kind)
        for key, (kind, delta) in zip(chosen, moves, strict=True)
        if delta
    ]


def shelf(key: Key) -> Shelf:
    """Say how the place of one key is kept filled."""
    sku, location_id = key
    if location_id not in _STORE_IDS:
        return WAREHOUSE_SHELF
    return HOT_SHELF if sku in HOT_SKUS else STORE_SHELF


def _chosen(rng: random.Random, levels: Mapping[Key, StockLevel]) -> list[Key]:
    hot = [key for sku in HOT_SKUS for place in HOT_LOCATIONS if (key := (sku, place)) in levels]
    cool = sorted(key for key in levels if key not in hot)
    first, others = hot[:1], hot[1:]
    return [*first, *_some(rng, others, 1), *_some(rng, cool, _OTHERS_MOVED)]


def _some(rng: random.Random, keys: list[Key], most: int) -> list[Key]:
    return rng.sample(keys, min(most, len(keys)))


def _move(rng: random.Random, level: StockLevel) -> tuple[MovementType, int]:
    """Decide one level's next movement: a delivery where the shelf is bare, else mostly a sale, sometimes a return."""
    kept = shelf(level.key)
    if level.on_hand <= kept.low:
        certain = kept is not STORE_SHELF or level.on_hand < 0
        owed = max(0, -level.on_hand)
        return MovementType.RECEIPT, rng.randint(*kept.delivery) + owed if certain or rng.random() < _DELIVERED else 0
    if level.on_hand < kept.ceiling and rng.random() < _RETURNED:
        return MovementType.RETURN, 1
    return MovementType.SALE, -2 if level.on_hand > 1 and rng.random() < _PAIR_SOLD else -1


@cache
def _cool_skus() -> tuple[str, ...]:
    return tuple(sku for style in styles() if style.fate is Fate.ON_SALE for sku in style.skus if sku not in HOT_SKUS)
