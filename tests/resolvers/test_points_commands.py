"""What can be told of points and done with them: who may, what it moves, and what is said where it is refused."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from datasources.store.store import Store
from domain.facts import Kind
from domain.money import Money
from domain.refusals.base import Refusal
from domain.refusals.general import EmptyField, IdempotencyConflict, ObservedInFuture
from domain.refusals.members import UnknownMember
from domain.refusals.points import (
    DebtLimitReached,
    LineTwice,
    MemberNotActive,
    NotEnoughCredit,
    NotEnoughPoints,
    NothingFrozen,
    RefUsed,
    TooManyPoints,
    UnknownProgramme,
    WrongAmount,
)
from resolvers import points_commands, points_expiry, points_shown, points_spending, store_credit
from resolvers.points_commands import Activate, Adjust, BoughtLine, Earn, ReturnedLine, Reverse
from resolvers.points_spending import Settle, Spend
from tests import people
from tests.builders import NOW
from tests.datasources.cached import statements
from tests.resolvers import points_told as books
from tests.resolvers.points_told import CREDIT
from tests.resolvers.points_world import associate_asks, earn, furnish, member_asks, redeem, till
from tests.worlds import POLICIES

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    return await furnish(store, migrated_database_url)


def kinds(refusals: Sequence[Refusal]) -> list[type[Refusal]]:
    return [type(one) for one in refusals]


async def test_a_purchase_earns_by_line_and_a_return_takes_back_exactly_that_PTS_7(shop: Store) -> None:
    lines = (BoughtLine("a", 3, Decimal("100.00")), BoughtLine("b", 1, Decimal("50.50")))
    answer = await points_commands.earn(till(shop), Earn("m1", "o1", Decimal("150.50"), "k1", lines, is_completed=True))
    assert (answer.points, answer.balance.active if answer.balance else None) == (150, 150)
    back = Reverse("m1", "o1", "ret-1", "k2", [ReturnedLine("a", 1)])
    assert (await points_commands.reverse(till(shop), back)).points == -33
    rest = Reverse("m1", "o1", "ret-2", "k3", None)
    assert (await points_commands.reverse(till(shop), rest)).points == -117
    assert await books.balance(shop, "m1") == (0, 0, 0)
    await books.check_books(shop, "m1")


async def test_points_wait_until_an_order_is_completed(shop: Store) -> None:
    waiting = await earn(shop, "new", 80, is_completed=False)
    assert (waiting.balance.pending, waiting.balance.active) == (80, 0)
    done = await points_commands.activate(till(shop), Activate("new", "o1", "k2"))
    assert done.balance is not None
    assert (done.points, done.balance.active) == (80, 80)


async def test_a_return_may_be_told_before_its_purchase(shop: Store) -> None:
    back = Reverse("m1", "o1", "ret-1", "k1", None)
    assert (await points_commands.reverse(till(shop), back)).points == 0
    assert (await earn(shop, "m1", 80)).balance.active == 0


async def test_points_are_frozen_captured_in_part_and_the_rest_given_back(shop: Store) -> None:
    await earn(shop, "m1", 100)
    frozen = await points_spending.spend(till(shop), Spend(False, "m1", 60, "cart", "k1"))
    assert frozen.balance is not None
    assert (frozen.points, frozen.balance.active, frozen.balance.frozen) == (60, 40, 60)
    captured = await points_spending.settle(till(shop), Settle(Kind.CAPTURE, "m1", "cart", "k2", 25))
    assert captured.points == 25
    again = await points_spending.settle(till(shop), Settle(Kind.CAPTURE, "m1", "cart", "k3", 5))
    assert kinds(again.user_errors) == [NothingFrozen]
    assert (await points_spending.settle(till(shop), Settle(Kind.UNFREEZE, "m1", "cart", "k4"))).points == 35
    assert await books.balance(shop, "m1") == (0, 75, 0)
    none = await points_spending.settle(till(shop), Settle(Kind.UNFREEZE, "m1", "cart", "k5"))
    assert kinds(none.user_errors) == [NothingFrozen]


async def test_a_preview_is_what_paying_takes_PTS_8_PTS_11(shop: Store) -> None:
    await earn(shop, "m1", 500)
    for wanted, amount in ((None, "99.99"), (37, "20.00"), (500, "3000.00"), (None, "0.01")):
        (shown,) = await points_spending.preview(till(shop), [None], member="m1", amount=Decimal(amount), points=wanted)
        assert shown is not None
        assert shown.value.amount <= Decimal(amount) / 2
        if not shown.points:
            continue
        ref = f"r-{amount}"
        paid = await redeem(till(shop), "m1", shown.points, ref, amount=Decimal(amount))
        assert (paid.points, paid.value) == (shown.points, shown.value)
        await points_commands.reverse(till(shop), Reverse("m1", f"none-{ref}", ref, f"back-{ref}", None, burn=ref))
    assert await books.balance(shop, "m1") == (0, 500, 0)


async def test_what_points_pay_for_is_given_back_with_a_return(shop: Store) -> None:
    await earn(shop, "m1", 100)
    paid = await redeem(till(shop), "m1", 40, "r1", amount=Decimal(80))
    assert paid.value == Money(40, "CNY")
    await points_commands.reverse(till(shop), Reverse("m1", "o1", "ret", "k", None, burn="r1"))
    assert await books.balance(shop, "m1") == (0, 0, 0)
    await books.check_books(shop, "m1")


async def test_a_key_gives_the_same_answer_and_a_reference_is_used_once(shop: Store) -> None:
    await earn(shop, "m1", 100)
    first = await redeem(till(shop), "m1", 30)
    assert await redeem(till(shop), "m1", 30) == first
    assert (await redeem(till(shop), "m1", 30, idempotency_key="other")).balance.active == 70
    assert kinds((await redeem(till(shop), "m1", 31)).user_errors) == [IdempotencyConflict]
    assert kinds((await redeem(till(shop), "m1", 31, idempotency_key="third")).user_errors) == [RefUsed]
    assert await books.balance(shop, "m1") == (0, 70, 0)


async def test_only_who_has_joined_may_redeem_and_who_is_blocked_may_not_earn(shop: Store) -> None:
    assert (await earn(shop, "new", 50)).points == 50
    assert kinds((await redeem(till(shop), "new", 1)).user_errors) == [MemberNotActive]
    assert kinds((await earn(shop, "bad", 50)).user_errors) == [MemberNotActive]


async def test_another_s_points_are_as_good_as_none(shop: Store) -> None:
    await earn(shop, "m2", 50)
    for ctx in (member_asks(shop, "m1"), associate_asks(shop, "ann", "S1")):
        theirs = await redeem(ctx, "m2", 10)
        nobody = await redeem(ctx, "nobody", 10)
        assert kinds(theirs.user_errors) == kinds(nobody.user_errors) == [UnknownMember]
        assert await points_spending.preview(ctx, [None], member="m2", amount=Decimal(9)) == [None]
    await earn(shop, "m1", 50)
    assert (await redeem(member_asks(shop, "m1"), "m1", 10)).points == 10
    assert (await redeem(associate_asks(shop, "ann", "S1"), "m1", 10, "r2")).points == 10


async def test_what_cannot_be_is_refused_with_its_reason(shop: Store) -> None:
    await earn(shop, "m1", 100)
    ctx = till(shop)

    async def earned(*lines: BoughtLine, amount: str = "9", order: str = "o9", **said: object) -> list[type[Refusal]]:
        command = Earn("m1", order, Decimal(amount), "k", lines, **said)  # type: ignore[arg-type]
        return kinds((await points_commands.earn(ctx, command)).user_errors)

    line = BoughtLine("a", 1, Decimal(9))
    assert await earned(line, line) == [LineTwice]
    assert await earned(amount="-1") == [WrongAmount]
    assert await earned(amount="1.001") == [WrongAmount]
    assert await earned(order="") == [EmptyField]
    assert await earned(programme="miles") == [UnknownProgramme]
    assert await earned(programme=CREDIT.code) == [UnknownProgramme]
    assert await earned(occurred_at=NOW + DAY) == [ObservedInFuture]
    assert kinds((await redeem(ctx, "m1", 101)).user_errors) == [NotEnoughPoints]
    assert kinds((await redeem(ctx, "m1", 100, amount=Decimal("1.00"))).user_errors) == [TooManyPoints]
    down = await points_commands.adjust(ctx, Adjust("m1", -5_101, "wrong", "k"))
    assert down.user_errors == (DebtLimitReached(("input", "points"), 5_101, 5_100),)
    assert (await points_commands.adjust(ctx, Adjust("m1", -5_100, "wrong", "k"))).points == -5_100
    assert await books.balance(shop, "m1") == (0, -5_000, 0)


async def test_what_expired_cannot_be_spent_though_nobody_swept_it(shop: Store) -> None:
    await earn(shop, "m1", 100, at=NOW)
    later = NOW + 366 * DAY
    (shown,) = await points_shown.points(till(shop, later), [people.member("m1")])
    assert shown.active == 0
    assert kinds((await redeem(till(shop, later), "m1", 1)).user_errors) == [NotEnoughPoints]
    assert await points_expiry.sweep(shop.points, shop, later) == 1
    assert await points_expiry.sweep(shop.points, shop, later) == 0
    assert await books.balance(shop, "m1") == (0, 0, 0)
    (then,) = await points_shown.points(till(shop, later), [people.member("m1")], as_of=NOW + DAY)
    assert then.active == 100


async def test_store_credit_is_money_in_a_ledger_of_its_own_PTS_12(shop: Store) -> None:
    issue = store_credit.Issue("m1", Decimal("80.00"), "ret-1", "a return", "k1")
    given = await store_credit.issue(till(shop), issue)
    assert given.value == Money(8_000, "CNY")
    over = await store_credit.spend(till(shop), store_credit.Spend("m1", Decimal("80.01"), "r1", "k2"))
    assert over.user_errors == (NotEnoughCredit(("input", "amount"), "80.01", "80.00", "CNY"),)
    spent = await store_credit.spend(till(shop), store_credit.Spend("m1", Decimal("30.00"), "r1", "k3"))
    assert spent.balance is not None
    assert (spent.balance.active, await books.balance(shop, "m1")) == (5_000, (0, 0, 0))
    far = till(shop, NOW + 9_999 * DAY)
    assert [points_shown.credit_of(one) for one in await points_shown.credit(far, [people.member("m1")])] == [
        Money(5_000, "CNY")
    ]
    await books.check_books(shop, "m1", programme=CREDIT)


async def test_fifty_members_points_are_one_statement_for_each_thing_that_is_shown(shop: Store) -> None:
    many = [people.member(f"x{number}") for number in range(50)]
    await people.keep(shop, *many)
    for one in many[:3]:
        await earn(shop, one.id, 10)
    ctx = till(shop)
    with statements(shop) as sent:
        await points_shown.points(ctx, many)
        await points_shown.credit(ctx, many)
        pages = await points_shown.history(ctx, many, first=2)
    assert len(sent) == 3
    assert [len(page.nodes) for page in pages] == [2] * 3 + [0] * 47


async def test_a_tier_multiplies_what_is_earned_as_the_preview_says_before_PTS_8(shop: Store) -> None:
    top = POLICIES.ladder.tiers[-1]
    assert top.multiplier_bp > 10_000
    await people.keep(shop, orders=[people.order("big", "m1", top.threshold_minor, at=NOW - DAY)])
    (seen,) = await points_spending.preview(till(shop), [None], member="m1", amount=Decimal("99.00"), points=0)
    answer = await points_commands.earn(till(shop), Earn("m1", "o1", Decimal("99.00"), "k1"))
    assert seen is not None
    assert answer.points == seen.earned == 99 * top.multiplier_bp // 10_000
    before = Earn("m1", "o2", Decimal("99.00"), "k2", occurred_at=NOW - 2 * DAY)
    assert (await points_commands.earn(till(shop), before)).points == 99
