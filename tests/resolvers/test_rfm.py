"""Where everybody stands is computed from the orders in one pass, and compared with what one computes by hand."""

import asyncio
import statistics
from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest

import resolvers.insight
import resolvers.rfm
import resolvers.worth
from datasources.store.store import Store
from domain.members import MemberStatus
from domain.money import Money
from domain.orders import Order
from domain.rfm import CutRule, Cuts, Figures
from domain.worth import Repurchase
from resolvers.errors import BadQuestion
from tests.builders import NOW
from tests.people import keep, member, order
from tests.resolvers.knowing import house, later
from tests.worlds import asked

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
PEOPLE = [f"p{n:02}" for n in range(30)]


def bought(seed: int) -> list[Order]:
    """Orders of some of the people: some old, some not completed, one yet to come."""
    chance = Random(seed)
    made = [
        order(f"o{n}", chance.choice(PEOPLE[:25]), chance.randint(1, 9) * 100, at=NOW - chance.randint(0, 500) * DAY)
        for n in range(80)
    ]
    waiting = order("waiting", PEOPLE[26], 100, at=NOW - DAY, completed_at=None)
    return [*made, waiting, order("nobody's", None, 100), order("to come", PEOPLE[27], 100, at=NOW + DAY)]


def by_hand(orders: list[Order], at: datetime = NOW) -> dict[str, Figures]:
    """The figures of everybody who ever bought, one after the other."""
    found = {}
    for id in PEOPLE:
        own = [(o.completed_at, o.net_minor) for o in orders if o.member_id == id]
        done = [(when, net) for when, net in own if when is not None and when <= at]
        late = [net for when, net in done if when > at - 365 * DAY]
        if done:
            found[id] = Figures((at - max(when for when, _ in done)).days, len(late), sum(late))
    return found


@pytest.fixture
async def shop(store: Store) -> Store:
    await keep(store, *(member(id) for id in PEOPLE), orders=bought(7))
    return store


async def test_everybody_who_bought_stands_where_one_would_put_them_by_hand_ANA_1(
    shop: Store,
) -> None:
    expected = by_hand(bought(7))
    run = await resolvers.rfm.recompute(shop.rfm, NOW, page=4)
    assert await shop.rfm.latest() == run
    assert await shop.rfm.figures(run.id, PEOPLE) == expected
    medians = [statistics.median(getattr(one, name) for one in expected.values()) for name in Figures.__slots__]
    cells = Counter(
        f"{one.recency_days <= medians[0]:d}{one.orders >= medians[1]:d}{one.amount_minor >= medians[2]:d}"
        for one in expected.values()
    )
    assert {segment.bits: size for segment, size in run.sizes.items() if size} == cells
    assert (run.members, sum(run.sizes.values())) == (len(expected), len(expected))
    assert run.as_of == NOW


async def test_the_last_computation_is_what_is_told_and_what_was_before_it_is_forgotten(shop: Store) -> None:
    first = await resolvers.rfm.recompute(shop.rfm, NOW - DAY, cut=Cuts(30, 2, 900))
    assert first.ranking.cuts == Cuts(30, 2, 900)
    await shop.rfm.begin("not finished", NOW + DAY)
    await shop.rfm.keep("not finished", [("p00", Figures(1, 1, 1))])
    second = await resolvers.rfm.recompute(shop.rfm, NOW, cut=CutRule.MEAN)
    assert await shop.rfm.latest() == second
    assert await shop.rfm.figures(first.id, PEOPLE) == {}


async def test_who_never_bought_and_who_was_forgotten_stand_nowhere(shop: Store) -> None:
    ctx = asked(shop)
    assert await resolvers.rfm.rfm_of(ctx, [member("p00")]) == [None]
    assert await resolvers.rfm.segments(ctx, [None]) == [None]
    await keep(shop, member("p00", status=MemberStatus.ERASED))
    run = await resolvers.rfm.recompute(shop.rfm, NOW)
    expected = by_hand(bought(7))
    people = [member(id) for id in ("p26", "p27", "p00", "p01")]
    *nowhere, shown = await resolvers.rfm.rfm_of(ctx, people)
    assert (nowhere, run.members) == ([None] * 3, len(expected) - 1)
    assert shown is not None
    standing = run.ranking.of(expected["p01"])
    assert (shown.figures, shown.segment, shown.scores) == (expected["p01"], standing.segment, standing.scores)
    assert (shown.amount, shown.as_of) == (Money(expected["p01"].amount_minor, "CNY"), NOW)
    (told,) = await resolvers.rfm.segments(ctx, [None])
    assert told is not None
    assert sum(cell.members for cell in told.cells) == told.members == run.members


async def test_of_many_workers_one_computes_each_day(shop: Store) -> None:
    ctx = asked(shop)
    turns = await asyncio.gather(*(resolvers.insight.daily(ctx.anew(), shop.rfm) for _ in range(3)))
    assert sorted(turns) == [False, False, True]
    assert await resolvers.insight.daily(later(ctx, NOW + DAY), shop.rfm)
    last = await shop.rfm.latest()
    assert last is not None
    assert last.as_of == NOW + DAY


async def test_what_a_member_has_brought_is_summed_up(shop: Store) -> None:
    ctx, orders = house(shop), [o for o in bought(7) if o.member_id == "p03"]
    value, nothing = await resolvers.worth.lifetime_value_of(ctx, [member("p03"), member("p29")])
    assert value.historic == Money(sum(o.net_minor for o in orders), "CNY")
    assert value.orders == len(orders)
    assert (nothing.historic, nothing.forecast, nothing.orders) == (Money(0, "CNY"), Money(0, "CNY"), 0)


@pytest.mark.parametrize("days", [1, 30, 600])
async def test_how_many_come_again_is_counted_within_the_period(shop: Store, days: int) -> None:
    since = NOW - days * DAY
    done = [(o.member_id, o.completed_at) for o in bought(7) if o.member_id is not None]
    counted = Counter(id for id, at in done if at is not None and since <= at < NOW)
    (found,) = await resolvers.worth.repurchase_rate(house(shop), [None], since=since, until=NOW)
    assert found == Repurchase(len(counted), sum(count > 1 for count in counted.values()))
    with pytest.raises(BadQuestion):
        await resolvers.worth.repurchase_rate(house(shop), [None], since=NOW, until=NOW)
