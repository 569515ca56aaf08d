"""What cannot be a count is refused with its reason, and nothing of it is written."""

from dataclasses import replace
from datetime import timedelta

import pytest

import resolvers.counting
import resolvers.findings
import resolvers.ids
from datasources.store.store import Store
from domain.movements import CLOCK_SKEW
from domain.refusals.general import (
    EmptyField,
    NegativeQuantity,
    ObservedInFuture,
    QuantityTooHigh,
    TextTooLong,
    TooManyItems,
    TransitionRefused,
)
from domain.refusals.locations import NotYourLocation, UnknownLocation
from domain.refusals.stock import SkuNotListed, UnknownSku, UnknownStockCount
from domain.stock import MAX_QUANTITY
from resolvers.context import Context
from resolvers.counting import MAX_LINES, MAX_SKUS, Answer, Approve, Open, Reject, Seen, Submit
from tests.builders import ASSOCIATE, INTEGRATOR, NOW, minutes, moved
from tests.resolvers.stocktaking import AT_COUNT, GOODS, L, M, approved, on_hand, opened, seen
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    await fill(migrated_database_url, GOODS)
    return asked(store, viewer=ASSOCIATE)


async def test_a_closed_count_takes_nothing_more_and_an_empty_one_is_not_submitted(ctx: Context) -> None:
    session = await opened(ctx)
    early = await resolvers.counting.submit(ctx, Submit(session.id, "early"))
    assert early == Answer(None, (TransitionRefused(AT_COUNT, "OPEN", "SUBMITTED", ("COUNTING", "REJECTED")),))
    await seen(ctx, session, Seen(L, 3))
    skipped = await resolvers.counting.approve(ctx, Approve(session.id, "skipped"))
    assert skipped.user_errors == (TransitionRefused(AT_COUNT, "COUNTING", "APPROVED", ("SUBMITTED", "REJECTED")),)
    await approved(ctx, session)
    late = await seen(ctx, session, Seen(L, 9), key="late")
    assert late == Answer(None, (TransitionRefused(AT_COUNT, "APPROVED", "COUNTING", ()),))
    rejected = await resolvers.counting.reject(ctx, Reject(session.id, "r"))
    assert rejected.user_errors == (TransitionRefused(AT_COUNT, "APPROVED", "REJECTED", ()),)
    assert await on_hand(ctx) == {(L, "SH001"): 3}


async def test_what_is_wrong_is_said_and_nothing_is_written(ctx: Context) -> None:
    session = await opened(ctx, L)
    late, line = NOW + timedelta(hours=1), ("input", "lines", 0)
    for wrong, lines in (
        ([NegativeQuantity((*line, "quantity"), -1)], [Seen(L, -1)]),
        ([QuantityTooHigh((*line, "quantity"), L, MAX_QUANTITY + 1, MAX_QUANTITY)], [Seen(L, MAX_QUANTITY + 1)]),
        ([ObservedInFuture((*line, "countedAt"), late, NOW)], [Seen(L, 1, late)]),
        ([UnknownSku((*line, "sku"), "nope")], [Seen("nope", 1)]),
        ([SkuNotListed((*line, "sku"), M)], [Seen(M, 1)]),
        ([EmptyField(("input", "lines"))], []),
        ([TooManyItems(("input", "lines"), MAX_LINES, MAX_LINES + 1)], [Seen(L, 1)] * (MAX_LINES + 1)),
    ):
        answer = await seen(ctx, session, *lines, key="bad")
        assert (answer.stock_count, list(answer.user_errors)) == (None, wrong)
    nameless = await seen(ctx, session, Seen(L, 1), device=" ")
    assert nameless.user_errors == (EmptyField(("input", "device")),)
    (found,) = await resolvers.counting.stock_counts_by_ids(ctx, [session.id])
    assert found == session


async def test_what_cannot_be_opened_is_not(ctx: Context) -> None:
    integrator = replace(ctx, viewer=INTEGRATOR)
    for who, command, wrong in (
        (integrator, Open("nowhere", (), "", "k"), UnknownLocation(("input", "location"), "nowhere")),
        (ctx, Open("SH002", (), "", "k"), NotYourLocation(("input", "location"), "SH002")),
        (ctx, Open("SH001", (L, "nope"), "", "k"), UnknownSku(("input", "skus", 1), "nope")),
        (ctx, Open("SH001", (), "x" * 201, "k"), TextTooLong(("input", "note"), 200, 201)),
        (ctx, Open("SH001", (), "", " "), EmptyField(("input", "idempotencyKey"))),
        (ctx, Open("SH001", (), "", "k" * 201), TextTooLong(("input", "idempotencyKey"), 200, 201)),
        (
            ctx,
            Open("SH001", [f"s{n}" for n in range(MAX_SKUS + 1)], "", "k"),
            TooManyItems(("input", "skus"), MAX_SKUS, MAX_SKUS + 1),
        ),
    ):
        assert await resolvers.counting.open(who, command) == Answer(None, (wrong,))
    assert await ctx.sources.counts.open_at("SH001", limit=9) == []


async def test_what_is_just_allowed_is_not_refused(ctx: Context) -> None:
    many = [f"s{n}" for n in range(MAX_SKUS)]
    answer = await resolvers.counting.open(ctx, Open("SH001", many, "x" * 200, "k" * 200))
    assert {type(refusal) for refusal in answer.user_errors} == {UnknownSku}
    session = await opened(ctx)
    lines = [Seen(L, 0, NOW + CLOCK_SKEW), Seen(M, MAX_QUANTITY), *[Seen(L, 1)] * (MAX_LINES - 2)]
    assert (await seen(ctx, session, *lines, device="d" * 200, key="k")).user_errors == ()
    endless = await seen(ctx, session, Seen(L, 1), device="d" * 201, key="endless")
    assert endless.user_errors == (TextTooLong(("input", "device"), 200, 201),)


async def test_another_store_s_count_is_as_good_as_none(ctx: Context) -> None:
    session = await opened(replace(ctx, viewer=INTEGRATOR), location="SH002")
    assert await resolvers.counting.stock_count(ctx, [None], id=session.id) == [None]
    assert (await seen(ctx, session, Seen(L, 1))).user_errors == (UnknownStockCount(AT_COUNT, session.id),)
    wandering = replace(ctx, viewer=replace(ASSOCIATE, location_id=None))
    id = resolvers.ids.encode("StockCount", session.id)
    assert await resolvers.counting.stock_count(wandering, [None], id=id) == [session]
    missing = await resolvers.counting.submit(ctx, Submit("nope", "k"))
    assert missing.user_errors == (UnknownStockCount(AT_COUNT, "nope"),)


async def test_a_book_that_would_hold_more_than_can_be_true_takes_none_of_the_count(ctx: Context, store: Store) -> None:
    session = await opened(ctx)
    await seen(ctx, session, Seen(L, MAX_QUANTITY, NOW - minutes(5)), Seen(M, 1))
    await tell(store, moved(1, "receipt", at=NOW - minutes(1)))
    await resolvers.counting.submit(ctx, Submit(session.id, "s"))
    answer = await resolvers.counting.approve(ctx, Approve(session.id, "a"))
    assert answer == Answer(None, (QuantityTooHigh(AT_COUNT, L, MAX_QUANTITY, MAX_QUANTITY),))
    assert await on_hand(ctx) == {(L, "SH001"): 1}
