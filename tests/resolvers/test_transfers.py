"""One store sends another what it has: held, picked, shipped, received, and accounted for to the last unit."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

import domain.stock
import resolvers.ids
import resolvers.reservations
import resolvers.terms
import resolvers.transfers
from datasources.store.store import Store
from domain.channels import Channel
from domain.events import Topic
from domain.refusals.general import (
    IdempotencyConflict,
    TransitionRefused,
)
from domain.refusals.stock import OutOfStock
from domain.transfers import TransferState
from resolvers.context import Context
from resolvers.counting import Seen
from resolvers.stock_items import Command
from resolvers.terms import TermsItem
from resolvers.transfer_holds import HELD_FOR
from resolvers.transfers import Answer, Ask, Units
from tests.builders import NOW, count, minutes, moved
from tests.resolvers.sending import (
    APPROVED,
    AT_TRANSFER,
    CLOSED,
    FROM,
    PICKED,
    RECEIVED,
    RECEIVER,
    SENDER,
    SHIPPED,
    TO,
    L,
    M,
    create,
    go,
    gone,
    level,
    numbers,
    shown,
    visit_as,
)
from tests.resolvers.sending import ctx as ctx
from tests.resolvers.stocktaking import approved, opened, seen, told
from tests.worlds import tell

pytestmark = pytest.mark.anyio


async def test_a_transfer_from_wish_to_shelf_STK_2(ctx: Context) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED)
    assert await shown(ctx, FROM) == (5, 3, 0, 0)
    transfer = await gone(ctx, transfer, PICKED)
    assert await shown(ctx, FROM) == (5, 3, 0, 0)
    transfer = await gone(ctx, transfer, SHIPPED)
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 3, 0), (0, 0, 0, 3))
    answer = await go(ctx, transfer, RECEIVED, Units(L, 2))
    assert numbers(answer.transfer) == [(3, 3, 3, 2, 0), (1, 1, 1, 0, 0)]
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 1, 0), (2, 0, 0, 1))
    await go(ctx, transfer, RECEIVED, Units(M, 1), key="again")
    assert (await shown(ctx, FROM, M), await shown(ctx, TO, M)) == ((1, 0, 0, 0), (1, 0, 0, 0))
    transfer = await gone(ctx, transfer, CLOSED)
    assert numbers(transfer) == [(3, 3, 3, 2, 1), (1, 1, 1, 1, 0)]
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 0, 0), (2, 0, 0, 0))


async def test_a_draft_is_asked_for_later(ctx: Context) -> None:
    draft = await create(ctx, as_draft=True)
    assert draft.state is TransferState.DRAFT
    assert (await gone(ctx, draft, TransferState.REQUESTED, APPROVED)).hold == draft.id


async def test_a_transfer_says_who_asks_why_and_when_it_is_to_come(ctx: Context) -> None:
    wish = Ask(FROM, TO, [Units(M, 1), Units(L, 1), Units(M, 1)], "k", "for the window", NOW + minutes(90))
    made = (await resolvers.transfers.create(visit_as(ctx, RECEIVER), wish)).transfer
    assert made
    assert (made.note, made.expected_at, made.requested_by) == ("for the window", NOW + minutes(90), "a-2")
    assert [(line.sku, line.requested) for line in made.lines] == [(M, 2), (L, 1)]
    ends = [await of(ctx, [made]) for of in (resolvers.transfers.sender_of, resolvers.transfers.receiver_of)]
    assert [place.id for (place,) in ends if place] == [FROM, TO]


async def test_both_stores_hear_of_every_step(ctx: Context, store: Store) -> None:
    """Whoever sees what there is to do hears that there is something else."""
    transfer, both = await create(ctx), [(Topic.TASKS_CHANGED, end) for end in (FROM, TO)]
    for to in (None, APPROVED, PICKED, SHIPPED, RECEIVED, CLOSED):
        transfer = await gone(ctx, transfer, to) if to else transfer
        assert [event for event in await told(store) if event[0] is Topic.TASKS_CHANGED] == both


async def test_what_the_till_must_leave_a_transfer_leaves_too_STK_8(ctx: Context) -> None:
    terms = [TermsItem(L, FROM, Channel.POS, safety=3), TermsItem(L, FROM, Channel.APP, safety=5)]
    await resolvers.terms.set_terms(ctx, Command(terms, "terms"))
    refused = await go(ctx, await create(ctx, Units(L, 3)), APPROVED)
    assert refused.user_errors == (OutOfStock(AT_TRANSFER, L, FROM, 3, 2),)
    await gone(ctx, await create(ctx, Units(L, 2), key="fewer"), APPROVED)


async def test_a_step_is_the_word_of_who_took_it(ctx: Context, store: Store) -> None:
    transfer = await gone(visit_as(ctx, SENDER), await create(visit_as(ctx, RECEIVER)), APPROVED, PICKED, SHIPPED)
    await gone(visit_as(ctx, RECEIVER), transfer, RECEIVED)
    async with store.work() as work:
        lines = await work.stock.movements_after([(L, FROM), (L, TO)], NOW - minutes(1))
    assert [(line.type.value, line.location_id, line.source) for line in lines] == [
        ("TRANSFER_OUT", FROM, "a-1"),
        ("TRANSFER_OUT", TO, "a-1"),
        ("TRANSFER_IN", FROM, "a-2"),
        ("TRANSFER_IN", TO, "a-2"),
    ]


@pytest.mark.parametrize("ahead", [0, 5])
async def test_what_was_counted_by_a_clock_that_runs_ahead_leaves_and_arrives_all_the_same_STK_2(
    ctx: Context, store: Store, ahead: int
) -> None:
    """Whoever counted saw the units still, or did not see them yet, though their clock says a later moment."""
    transfer = await gone(ctx, await create(ctx, Units(L, 3)), APPROVED, PICKED)
    await tell(store, count(5, at=NOW + minutes(ahead)), count(1, at=NOW + minutes(ahead), location_id=TO))
    transfer = await gone(ctx, transfer, SHIPPED)
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 3, 0), (1, 0, 0, 3))
    await gone(ctx, transfer, RECEIVED)
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 0, 0), (4, 0, 0, 0))


async def test_what_was_not_found_is_given_back(ctx: Context) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED)
    answer = await go(ctx, transfer, PICKED, Units(L, 2))
    assert numbers(answer.transfer) == [(3, 2, 0, 0, 0), (1, 0, 0, 0, 0)]
    assert (await shown(ctx, FROM), await shown(ctx, FROM, M)) == ((5, 2, 0, 0), (2, 0, 0, 0))
    await gone(ctx, transfer, SHIPPED)
    assert await shown(ctx, FROM) == (3, 0, 2, 0)


@pytest.mark.parametrize("end", [TransferState.REJECTED, TransferState.CANCELLED])
@pytest.mark.parametrize("steps", [(), (APPROVED,), (APPROVED, PICKED)])
async def test_what_is_not_sent_is_given_back_RSV_3(
    ctx: Context, end: TransferState, steps: tuple[TransferState, ...]
) -> None:
    transfer = await gone(ctx, await create(ctx), *steps, end)
    assert (transfer.state, transfer.hold) == (end, None)
    assert await shown(ctx, FROM) == (5, 0, 0, 0)


async def test_shipped_by_two_at_once_it_is_shipped_once(ctx: Context) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED, PICKED)
    answers = await asyncio.gather(*(go(ctx, transfer, SHIPPED, key=f"k{n}") for n in range(4)))
    refused = TransitionRefused(AT_TRANSFER, "IN_TRANSIT", "IN_TRANSIT", ("RECEIVED", "CLOSED"))
    assert sorted((answer.user_errors for answer in answers), key=len) == [(), *[(refused,)] * 3]
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((2, 0, 3, 0), (0, 0, 0, 3))


async def test_two_transfers_that_cross_each_other_wait_for_each_other_in_order(ctx: Context, store: Store) -> None:
    await tell(store, count(5, location_id=TO, at=NOW - minutes(60)))
    there = await gone(ctx, await create(ctx, Units(L, 2)), APPROVED, PICKED)
    wish = Ask(TO, FROM, [Units(L, 1)], "back")
    asked_back = (await resolvers.transfers.create(ctx, wish)).transfer
    assert asked_back
    back = await gone(ctx, asked_back, APPROVED, PICKED)
    await asyncio.gather(gone(ctx, there, SHIPPED, RECEIVED), gone(ctx, back, SHIPPED, RECEIVED))
    assert (await shown(ctx, FROM), await shown(ctx, TO)) == ((4, 0, 0, 0), (6, 0, 0, 0))


async def test_a_hold_that_the_clock_has_ended_is_looked_for_again_before_it_ships(ctx: Context, store: Store) -> None:
    late = replace(ctx, clock=lambda: NOW + HELD_FOR + timedelta(days=1))
    first = await gone(ctx, await create(ctx), APPROVED, PICKED)
    second = await gone(ctx, await create(ctx, Units(M, 1), key="2"), APPROVED)
    assert await shown(late, FROM) == (5, 0, 0, 0)
    await tell(store, moved(-3, "till", at=NOW + minutes(9)))
    assert await go(late, first, SHIPPED) == Answer(None, (OutOfStock(AT_TRANSFER, L, FROM, 3, 2),))
    assert await shown(late, FROM) == (2, 0, 0, 0)
    await tell(store, moved(3, "truck", at=NOW + minutes(10)))
    await gone(late, first, SHIPPED)
    assert await shown(late, FROM) == (2, 0, 3, 0)
    await gone(late, second, PICKED, SHIPPED)
    assert await shown(late, FROM, M) == (0, 0, 2, 0)


async def test_what_is_held_may_be_shipped_though_a_count_has_found_less(ctx: Context, store: Store) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED)
    await tell(store, count(1, at=NOW - minutes(1)))
    assert domain.stock.oversold_by(await level(ctx, FROM), NOW) == 2
    await gone(ctx, transfer, PICKED, SHIPPED)
    assert await shown(ctx, FROM) == (-2, 0, 3, 0)


async def test_what_was_counted_before_it_left_is_taken_off_when_the_count_is_approved_after_it(
    ctx: Context, store: Store
) -> None:
    transfer = await gone(ctx, await create(ctx), APPROVED, PICKED)
    session = await opened(ctx)
    await seen(ctx, session, Seen(L, 6, NOW - minutes(1)))
    await gone(ctx, transfer, SHIPPED)
    await approved(ctx, session)
    assert await shown(ctx, FROM) == (3, 0, 3, 0)


async def test_a_step_sent_again_gets_the_same_answer_and_does_nothing_twice(ctx: Context) -> None:
    transfer = await create(ctx)
    assert await create(ctx) == transfer
    other = await resolvers.transfers.create(ctx, Ask(FROM, TO, [Units(L, 1)], "create"))
    assert other.user_errors == (IdempotencyConflict(("input", "idempotencyKey"), "create"),)
    await gone(ctx, transfer, APPROVED, PICKED, SHIPPED)
    for _ in "123":
        answer = await go(ctx, transfer, RECEIVED, Units(L, 1))
    assert numbers(answer.transfer) == [(3, 3, 3, 1, 0), (1, 1, 1, 0, 0)]
    assert await go(ctx, transfer, SHIPPED) == answer
