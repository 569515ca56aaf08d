"""Many who reserve at once, at one worker and at several: nothing is sold twice, each answer is one of some order."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

import resolvers.housekeeping
from datasources.store.store import Store
from domain.refusals.general import IdempotencyConflict, TransitionRefused
from domain.refusals.reservations import ReservationExpired
from domain.refusals.stock import OutOfStock
from domain.reservations import ReservationState
from domain.stock import Key, held, oversold_by
from resolvers.context import Context
from resolvers.rounds import Answer
from tests.builders import NOW, count, minutes
from tests.resolvers.reserving import GOODS, Clock, L, M, act, kept, level, reserve, stored, visit, workers
from tests.worlds import fill, tell

pytestmark = pytest.mark.anyio

Wish = Sequence[tuple[Key, int]]


@pytest.fixture
async def doors(store: Store, migrated_database_url: str, clock: Clock) -> AsyncIterator[list[Context]]:
    """The member at three workers; five large jackets and four medium ones."""
    await fill(migrated_database_url, GOODS)
    await tell(store, count(5), count(4, sku="DJ01-M"))
    async with workers(migrated_database_url, 3, clock) as opened:
        yield opened


def sold(answers: Sequence[Answer]) -> int:
    """How many pieces were kept."""
    ids = {one.reservation.id: one.reservation for one in answers if one.reservation}
    return sum(line.quantity for reservation in ids.values() for line in reservation.lines)


async def test_the_last_unit_is_sold_once_whoever_asks_where_RSV_1(doors: list[Context], clock: Clock) -> None:
    answers = await asyncio.gather(*(reserve(doors[n % 3], key=f"k{n}") for n in range(30)))
    assert sold(answers) == 5
    refused = [one.user_errors for one in answers if one.reservation is None]
    assert refused == [[OutOfStock(("input", "lines", 0), *L, 1, 0)]] * 25
    assert held(await level(doors[0]), clock.now) == 5


@pytest.mark.parametrize("same", [True, False], ids=["same wish", "other wish"])
async def test_one_key_is_one_reservation_however_often_and_wherever_it_is_sent(
    doors: list[Context], clock: Clock, same: bool
) -> None:
    """Other wishes lock other levels: only the key itself stands between them."""
    wishes = [[(L, 1)] if same or n % 2 else [(M, 1)] for n in range(12)]
    answers = await asyncio.gather(*(reserve(doors[n % 3], *wish) for n, wish in enumerate(wishes)))
    ids = {one.reservation.id for one in answers if one.reservation}
    assert len(ids) == 1
    told = {refusal for one in answers for refusal in one.user_errors}
    assert told == (set() if same else {IdempotencyConflict(("input", "idempotencyKey"), "k")})
    assert held(await level(doors[0]), clock.now) + held(await level(doors[0], M), clock.now) == 1


async def test_wishes_that_name_levels_in_opposite_order_do_not_wait_for_each_other_for_ever(
    doors: list[Context],
) -> None:
    wishes = [[(L, 1), (M, 1)], [(M, 1), (L, 1)]] * 12
    answers = await asyncio.gather(*(reserve(doors[n % 3], *wish, key=f"k{n}") for n, wish in enumerate(wishes)))
    assert sold(answers) == 8


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_kept_at_once_could_have_been_kept_one_after_another_RSV_8(
    doors: list[Context], seed: int
) -> None:
    dice = random.Random(seed)
    wishes = [[(key, dice.randint(1, 4)) for key in dice.sample([L, M], dice.randint(1, 2))] for _ in range(6)]
    answers = await asyncio.gather(*(reserve(doors[n % 3], *wish, key=f"k{n}") for n, wish in enumerate(wishes)))
    came = tuple(one.reservation is not None for one in answers)
    assert came in {one_after_another(wishes, order) for order in itertools.permutations(range(len(wishes)))}
    left = (await level(doors[0])).on_hand - held(await level(doors[0]), NOW)
    assert left == 5 - sum(dict(wish).get(L, 0) for wish, kept in zip(wishes, came, strict=True) if kept)


def one_after_another(wishes: Sequence[Wish], order: Sequence[int]) -> tuple[bool, ...]:
    """Who would get theirs if they came in this order."""
    left, kept = {L: 5, M: 4}, [False] * len(wishes)
    for n in order:
        if all(left[key] >= quantity for key, quantity in wishes[n]):
            kept[n] = True
            for key, quantity in wishes[n]:
                left[key] -= quantity
    return tuple(kept)


@pytest.mark.parametrize("attempt", range(4))
async def test_of_confirm_and_release_at_once_exactly_one_wins_RSV_4(
    doors: list[Context], clock: Clock, attempt: int
) -> None:
    made = await kept(doors[0], (L, 2))
    steps = [("confirm", doors[1]), ("release", doors[2])]
    answers = await asyncio.gather(*(act(door, step, made) for step, door in steps[:: (-1) ** attempt]))
    winners = [one.reservation for one in answers if one.reservation]
    assert len(winners) == 1
    assert [type(refusal) for one in answers for refusal in one.user_errors] == [TransitionRefused]
    assert await stored(doors[0], made) == winners[0]
    now = await level(doors[0])
    is_confirmed = winners[0].state is ReservationState.CONFIRMED
    assert (held(now, clock.now), now.committed) == (0, 2 if is_confirmed else 0)


@pytest.mark.parametrize("attempt", range(4))
async def test_of_the_sweep_and_a_confirmation_in_time_exactly_one_wins(
    doors: list[Context], store: Store, clock: Clock, attempt: int
) -> None:
    """The sweeper's clock says that it is over, the other worker's that there is a second left."""
    made = await kept(doors[0], (L, 2))
    behind = visit(store, lambda: made.expires_at - timedelta(seconds=1))
    clock.now = made.expires_at
    ahead = doors[1].sources
    sweep = resolvers.housekeeping.sweep(ahead.reservations, ahead.reserve, clock.now)
    answer, _ = await asyncio.gather(act(behind, "confirm", made), sweep)
    after, now = await stored(doors[0], made), await level(doors[0])
    if answer.reservation:
        assert (after.state, now.committed) == (ReservationState.CONFIRMED, 2)
    else:
        assert [type(refusal) for refusal in answer.user_errors] == [ReservationExpired]
        assert (after.state, now.committed) == (ReservationState.EXPIRED, 0)
    assert now.holds == ()


async def test_stock_that_is_counted_down_while_it_is_reserved_is_shown_as_oversold_and_no_more_is_kept_RSV_1(
    doors: list[Context], store: Store, clock: Clock
) -> None:
    answers, _ = await asyncio.gather(
        asyncio.gather(*(reserve(doors[n % 3], key=f"k{n}") for n in range(8))),
        tell(store, count(2, at=NOW + minutes(1))),
    )
    now = await level(doors[0])
    assert now.on_hand == 2
    assert held(now, clock.now) == sold(answers)
    assert oversold_by(now, clock.now) == max(0, sold(answers) - 2)
    assert (await reserve(doors[0], key="late")).reservation is None


async def test_a_shelf_first_counted_while_somebody_reserves_keeps_both(doors: list[Context], store: Store) -> None:
    new = ("DJ01-M", "SH002")
    fact = count(3, sku=new[0], location_id=new[1])
    answers, _ = await asyncio.gather(
        asyncio.gather(*(reserve(doors[n % 3], (new, 1), key=f"k{n}") for n in range(6))), tell(store, fact)
    )
    now = await level(doors[0], new)
    assert (now.on_hand, held(now, NOW)) == (3, sold(answers))
    assert sold(answers) <= 3


async def test_reserving_and_giving_back_leaves_what_was_there_RSV_3(doors: list[Context], clock: Clock) -> None:
    async def come_and_go(n: int) -> None:
        made = (await reserve(doors[n % 3], (L, 1), (M, 1), key=f"k{n}")).reservation
        if made:
            await act(doors[(n + 1) % 3], "release", made)

    await asyncio.gather(*(come_and_go(n) for n in range(12)))
    assert (held(await level(doors[0]), clock.now), held(await level(doors[0], M), clock.now)) == (0, 0)
    assert sold(await asyncio.gather(*(reserve(doors[0], key=f"again{n}") for n in range(9)))) == 5
