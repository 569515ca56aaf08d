"""People count what is on the shelves: the book learns it once somebody approves, and nothing before."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

import domain.stock
import resolvers.counting
import resolvers.findings
import resolvers.ids
from datasources.store.store import Store
from domain.counting import CountState, Tally
from domain.events import Topic
from domain.refusals.general import IdempotencyConflict
from domain.refusals.stock import OutOfStock
from resolvers.context import Context
from resolvers.counting import Approve, Open, Reject, Seen, Submit
from tests.builders import ASSOCIATE, INTEGRATOR, NOW, count, minutes, moved
from tests.resolvers.reserving import kept, refusals, reserve
from tests.resolvers.stocktaking import GOODS, L, M, approved, compared, on_hand, opened, seen, told
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    await fill(migrated_database_url, GOODS)
    return asked(store, viewer=ASSOCIATE)


async def test_a_count_goes_into_the_book_when_it_is_approved_and_not_before(ctx: Context, store: Store) -> None:
    await tell(store, count(5, at=NOW - minutes(60)), count(2, sku=M, at=NOW - minutes(60)))
    session = await opened(ctx, L, M)
    assert (session.state, session.skus, session.opened_by) == (CountState.OPEN, (L, M), "a-1")
    answer = await seen(ctx, session, Seen(L, 4), Seen(M, 2))
    assert answer.stock_count
    assert answer.stock_count.state is CountState.COUNTING
    before = [(L, 4, 5, -1, "UPDATED"), (M, 2, 2, 0, "UNCHANGED")]
    assert await compared(ctx, session) == before
    assert (await on_hand(ctx))[L, "SH001"] == 5
    done = await approved(ctx, session)
    assert (done.state, done.settled_by, done.settled_at) == (CountState.APPROVED, "a-1", NOW)
    assert await on_hand(ctx) == {(L, "SH001"): 4, (M, "SH001"): 2}
    assert await compared(ctx, session) == before  # what it found stays as it was approved


async def test_a_sale_after_the_count_that_is_told_late_is_deducted_once_STK_1(ctx: Context, store: Store) -> None:
    await tell(store, count(10, at=NOW - minutes(60)))
    session = await opened(ctx, L)
    await seen(ctx, session, Seen(L, 9, NOW - minutes(10)))
    await tell(store, moved(-1, "before", at=NOW - minutes(20)), moved(-2, "after", at=NOW - minutes(5)))
    assert await compared(ctx, session) == [(L, 9, 9, 0, "UNCHANGED")]
    await approved(ctx, session)
    assert await on_hand(ctx) == {(L, "SH001"): 7}
    await tell(store, moved(-1, "long before", at=NOW - minutes(30)))
    assert await on_hand(ctx) == {(L, "SH001"): 7}


async def test_devices_add_up_from_the_first_of_their_moments_on(ctx: Context, store: Store) -> None:
    await tell(store, count(9, at=NOW - minutes(60)), moved(-1, "till", at=NOW - minutes(15)))
    session = await opened(ctx)
    await seen(ctx, session, Seen(L, 5, NOW - minutes(20)), device="shelf")
    await seen(ctx, session, Seen(L, 4, NOW - minutes(10)), device="backroom")
    assert await compared(ctx, session) == [(L, 9, 9, 0, "UNCHANGED")]
    await approved(ctx, session)
    assert await on_hand(ctx) == {(L, "SH001"): 8}


async def test_the_latest_word_of_a_device_stands_however_often_and_late_it_comes(ctx: Context) -> None:
    session = await opened(ctx)
    first, last = Seen(L, 3, NOW - minutes(9)), Seen(L, 5, NOW - minutes(1))
    for n, line in enumerate((last, first, last, replace(last, quantity=6))):
        await seen(ctx, session, line, key=str(n))
    (found,) = await resolvers.counting.stock_counts_by_ids(ctx, [session.id])
    assert found
    assert found.tallies == (Tally(L, "pda-1", 5, NOW - minutes(1)),)


async def test_two_devices_counting_at_once_are_both_heard(ctx: Context) -> None:
    session = await opened(ctx)
    answers = await asyncio.gather(
        *(seen(ctx, session, Seen(L, n, NOW), Seen(M, 1, NOW), device=f"pda-{n}") for n in range(1, 9))
    )
    assert [answer.user_errors for answer in answers] == [()] * 8
    assert [(line[0], line[1]) for line in await compared(ctx, session)] == [(L, 36), (M, 8)]


async def test_a_count_that_a_newer_one_overtook_changes_nothing_and_says_so(ctx: Context, store: Store) -> None:
    session = await opened(ctx)
    await seen(ctx, session, Seen(L, 3, NOW - minutes(10)), Seen(M, 3, NOW - minutes(10)))
    await tell(store, count(8, at=NOW - minutes(5)))
    expected = [(L, 3, None, None, "STALE"), (M, 3, 0, 3, "CREATED")]
    assert await compared(ctx, session) == expected
    await approved(ctx, session)
    assert await on_hand(ctx) == {(L, "SH001"): 8, (M, "SH001"): 3}
    await tell(store, count(1, sku=M, at=NOW + minutes(1)))
    assert await compared(ctx, session) == expected


async def test_the_same_shelf_counted_twice_has_no_second_variance_STK_10(ctx: Context) -> None:
    for key in ("monday", "tuesday"):
        session = await opened(ctx, key=key)
        await seen(ctx, session, Seen(L, 3), key=key + ":1")
        await approved(ctx, session)
        ctx = replace(ctx, clock=lambda: NOW + minutes(60))
    assert await compared(ctx, session) == [(L, 3, 3, 0, "UNCHANGED")]


async def test_a_count_below_what_is_promised_shows_by_how_much_it_is_oversold(ctx: Context, store: Store) -> None:
    await tell(store, count(5, at=NOW - minutes(60)))
    erp = asked(ctx.sources, viewer=INTEGRATOR)
    await kept(erp, ((L, "SH001"), 4))
    session = await opened(ctx)
    await seen(ctx, session, Seen(L, 1))
    done = await approved(ctx, session)
    (page,) = await resolvers.findings.lines_of(ctx, [done])
    (found,) = await resolvers.findings.level_of(ctx, page.nodes)
    assert found
    assert (found.on_hand, domain.stock.oversold_by(found, NOW)) == (1, 3)
    assert isinstance(refusals(await reserve(erp, ((L, "SH001"), 1), key="more"))[0], OutOfStock)


async def test_a_clock_that_runs_ahead_does_not_hide_what_is_sold_meanwhile(ctx: Context, store: Store) -> None:
    session = await opened(ctx)
    await seen(ctx, session, Seen(L, 3, NOW + minutes(4)))
    await approved(ctx, session)
    await tell(store, moved(-1, "till", at=NOW + minutes(2)), now=NOW + minutes(2))
    assert await on_hand(ctx) == {(L, "SH001"): 2}


async def test_a_count_can_be_given_up_at_any_time_before_it_is_approved(ctx: Context) -> None:
    for key in ("a", "b", "c"):
        session = await opened(ctx, key=key)
        if key != "a":
            await seen(ctx, session, Seen(L, 3), key="seen" + key)
        if key == "c":
            await resolvers.counting.submit(ctx, Submit(session.id, "submit"))
        answer = await resolvers.counting.reject(ctx, Reject(session.id, "reject" + key))
        assert answer.stock_count
        assert (answer.stock_count.state, answer.stock_count.settled_by) == (CountState.REJECTED, "a-1")
    assert await on_hand(ctx) == {}


async def test_approved_by_two_at_once_it_is_written_once(ctx: Context, store: Store) -> None:
    session = await opened(ctx)
    await seen(ctx, session, Seen(L, 3))
    await resolvers.counting.submit(ctx, Submit(session.id, "s"))
    answers = await asyncio.gather(
        *(resolvers.counting.approve(ctx, Approve(session.id, f"approve-{n}")) for n in range(4))
    )
    assert sorted(bool(answer.user_errors) for answer in answers) == [False, True, True, True]
    async with store.work() as work:
        assert len(await work.stock.movements_after([(L, "SH001")], NOW - timedelta(days=1))) == 1


async def test_a_request_sent_again_gets_the_same_answer_and_does_nothing_twice(ctx: Context) -> None:
    again = [await opened(ctx, L) for _ in "12"]
    assert again[0] == again[1]
    assert len(await ctx.sources.counts.open_at("SH001", limit=9)) == 1
    other = await resolvers.counting.open(ctx, Open("SH001", (M,), "", "open"))
    assert other.user_errors == (IdempotencyConflict(("input", "idempotencyKey"), "open"),)
    await seen(ctx, again[0], Seen(L, 2))
    done = await approved(ctx, again[0])
    assert await approved(ctx, again[0]) == done
    assert (await seen(ctx, again[0], Seen(L, 2))).stock_count == done


async def test_a_key_is_of_one_command_and_of_one_client(ctx: Context) -> None:
    """To submit, approve and reject say the same of a count: only what they are called tells them apart."""
    session = await opened(ctx, L, key="k")
    colleague = replace(ctx, viewer=replace(ASSOCIATE, id="a-9"))
    assert (await opened(colleague, L, key="k")).id != session.id
    await seen(ctx, session, Seen(L, 2))
    await resolvers.counting.submit(ctx, Submit(session.id, "s"))
    conflict = (IdempotencyConflict(("input", "idempotencyKey"), "s"),)
    assert (await resolvers.counting.approve(ctx, Approve(session.id, "s"))).user_errors == conflict
    assert (await resolvers.counting.reject(ctx, Reject(session.id, "s"))).user_errors == conflict
    (found,) = await resolvers.counting.stock_counts_by_ids(ctx, [session.id])
    assert found
    assert found.state is CountState.SUBMITTED


async def test_a_count_is_of_the_skus_that_were_named_once_each_and_says_why_and_who_counted(
    ctx: Context, store: Store
) -> None:
    answer = await resolvers.counting.open(ctx, Open("SH001", (M, L, M), "Regal 3", "open"))
    assert answer.stock_count
    assert (answer.stock_count.skus, answer.stock_count.note) == ((M, L), "Regal 3")
    await seen(ctx, answer.stock_count, Seen(L, 0))
    await approved(ctx, answer.stock_count)
    (level,) = (await ctx.sources.stock.levels([L, M], ["SH001"])).values()
    assert (level.on_hand, level.counted, level.source) == (0, 0, "a-1")


async def test_the_store_hears_that_there_is_something_to_do(ctx: Context, store: Store) -> None:
    session = await opened(ctx)
    task = (Topic.TASKS_CHANGED, "SH001")
    assert await told(store) == [task]
    await seen(ctx, session, Seen(L, 1))
    assert await told(store) == [task]
    await seen(ctx, session, Seen(M, 1))
    assert await told(store) == []
    await approved(ctx, session)
    assert sorted(await told(store), key=str) == sorted(
        [task, task, (Topic.STOCK_CHANGED, f"{L}@SH001"), (Topic.STOCK_CHANGED, f"{M}@SH001")], key=str
    )


async def test_the_lines_of_a_long_count_are_read_page_by_page(ctx: Context) -> None:
    session = await opened(ctx)
    await seen(ctx, session, Seen(L, 1), Seen(M, 2))
    (found,) = await resolvers.counting.stock_counts_by_ids(ctx, [session.id])
    assert found
    (first,) = await resolvers.findings.lines_of(ctx, [found], first=1)
    assert ([one.line.sku for one in first.nodes], first.page_info.has_next_page) == ([L], True)
    (rest,) = await resolvers.findings.lines_of(ctx, [found], first=1, after=first.page_info.end_cursor)
    assert ([one.line.sku for one in rest.nodes], rest.page_info.has_next_page) == ([M], False)
