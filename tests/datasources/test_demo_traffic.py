"""The demo's trade: it never rests, never drains a shelf and never bursts one."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

import domain.ledger
from datasources.demo import catalogue, traffic
from domain.movements import Adjustment, Count
from domain.stock import Key, StockLevel

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
HOTTEST = (traffic.HOT_SKUS[0], traffic.HOT_LOCATIONS[0])
SEEDED = {
    item.key: item.quantity for line in catalogue.stock_lines(NOW) for item in line.items if isinstance(item, Count)
}


def level(key: Key, on_hand: int) -> StockLevel:
    sku, location_id = key
    return StockLevel(sku, location_id, on_hand, 1, NOW, NOW, catalogue.SOURCE)


def trade(levels: dict[Key, StockLevel], *, seed: int, ticks: int) -> Iterator[tuple[datetime, list[Adjustment]]]:
    """Live through so many ticks, on the rule by which the real book takes movements."""
    dice = random.Random(seed)
    for tick in range(1, ticks + 1):
        at = NOW + tick * timedelta(seconds=traffic.TICK_S)
        skus = set(traffic.shopping(dice))
        moves = traffic.next_moves(dice, at, {key: found for key, found in levels.items() if key[0] in skus})
        for move in moves:
            after = domain.ledger.adjust(levels[move.key], move, seen=False, source=catalogue.SOURCE, now=at).level
            assert after is not None
            levels[move.key] = after
        yield at, moves


def seeded() -> dict[Key, StockLevel]:
    few = {sku for sku, _ in list(SEEDED)[::97]} | {*traffic.HOT_SKUS}
    return {key: level(key, on_hand) for key, on_hand in SEEDED.items() if key[0] in few}


def test_ten_thousand_movements_neither_drain_the_shelves_nor_burst_them() -> None:
    levels, moved = seeded(), 0
    before = sum(found.on_hand for found in levels.values())
    for _, moves in trade(levels, seed=1, ticks=6_000):
        moved += len(moves)
        for move in moves:
            assert 0 <= levels[move.key].on_hand <= max(traffic.shelf(move.key).ceiling, SEEDED[move.key])
    assert moved > 10_000
    assert 0.3 * before < sum(found.on_hand for found in levels.values()) < 3 * before


def test_the_key_that_the_explorer_watches_changes_at_least_every_three_seconds() -> None:
    last = NOW
    for at, moves in trade(seeded(), seed=2, ticks=500):
        if any(move.key == HOTTEST and move.delta for move in moves):
            assert at - last <= timedelta(seconds=3)
            last = at
    assert last > NOW


def test_the_same_dice_make_the_same_day() -> None:
    assert list(trade(seeded(), seed=3, ticks=50)) == list(trade(seeded(), seed=3, ticks=50))


def test_no_event_id_comes_twice() -> None:
    ids = [move.event_id for _, moves in trade(seeded(), seed=4, ticks=500) for move in moves]
    assert len(ids) == len(set(ids))


def test_where_nothing_was_ever_counted_nothing_moves() -> None:
    assert traffic.next_moves(random.Random(5), NOW, {}) == []


@given(
    on_hand=st.dictionaries(st.sampled_from([*sorted(SEEDED)[::200], HOTTEST]), st.integers(-20, 600), min_size=1),
    seed=st.integers(0, 2**32),
)
def test_from_any_level_a_movement_leads_towards_the_shelf_never_past_its_ends(
    on_hand: dict[Key, int], seed: int
) -> None:
    levels = {key: level(key, quantity) for key, quantity in on_hand.items()}
    moves = traffic.next_moves(random.Random(seed), NOW, levels)
    assert len({move.key for move in moves}) == len(moves)
    for move in moves:
        after = on_hand[move.key] + move.delta
        assert move.delta != 0
        assert 0 <= after <= max(traffic.shelf(move.key).ceiling, on_hand[move.key])
