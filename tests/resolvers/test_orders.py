"""Orders of a member, the newest first; another's is as good as none; a merge takes them along, and gives them back."""

from datetime import timedelta

import pytest

from datasources.store.store import Store
from domain.orders import OrderLine
from domain.returns import Return, ReturnLine
from domain.viewers import GUEST, SCOPES_OF_ROLE, Role, Viewer
from resolvers import ids, orders
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.paging import encode
from tests import builders
from tests.builders import NOW
from tests.people import keep, look_after, member, order
from tests.worlds import asked, fill

pytestmark = pytest.mark.anyio

ANN, BOB = member("ann"), member("bob")


def viewer(role: Role, id: str, location: str | None = None) -> Viewer:
    return Viewer(id, role, SCOPES_OF_ROLE[role], location_id=location)


ERP = viewer(Role.INTEGRATOR, "erp")


@pytest.fixture
async def books(store: Store, migrated_database_url: str) -> Store:
    await fill(migrated_database_url, [builders.shop("S1"), builders.shop("S2")])
    bought = [order(f"o{n}", "ann", 100 * n, at=NOW - timedelta(days=n // 2)) for n in range(1, 6)]
    await keep(store, ANN, BOB, orders=[*bought, order("b1", "bob", 50), order("x1", None, 70)])
    await look_after(store, "guide", "ann", location="S1")
    return store


async def pages(ctx: Context, first: int) -> list[list[str]]:
    """The orders of Ann, page by page."""
    found, after = [], None
    while True:
        page, other = await orders.of_members(ctx, [ANN, BOB], first=first, after=after)
        assert {one.member_id for one in other.nodes} <= {"bob"}
        found.append([one.id for one in page.nodes])
        if not page.page_info.has_next_page:
            return found
        after = page.page_info.end_cursor


@pytest.mark.parametrize(
    ("first", "wanted"),
    [
        (9, [["o1", "o3", "o2", "o5", "o4"]]),
        (2, [["o1", "o3"], ["o2", "o5"], ["o4"]]),
        (1, [["o1"], ["o3"], ["o2"], ["o5"], ["o4"]]),
    ],
)
async def test_the_newest_come_first_and_no_order_is_lost_between_pages(
    books: Store, first: int, wanted: list[list[str]]
) -> None:
    assert await pages(asked(books, viewer=ERP), first) == wanted


@pytest.mark.parametrize(
    "cursor", ["nonsense", encode((1, "o1")), encode(("yesterday", "o1")), encode(("2026-11-21", 2))]
)
async def test_what_is_no_cursor_of_this_list_is_a_bad_question(books: Store, cursor: str) -> None:
    with pytest.raises(BadQuestion) as raised:
        await orders.of_members(asked(books, viewer=ERP), [ANN], after=cursor)
    assert raised.value.code == "BAD_CURSOR"


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (ERP, ["o1", "b1", "x1"]),
        (viewer(Role.MEMBER, "ann"), ["o1"]),
        (viewer(Role.ASSOCIATE, "guide", "S1"), ["o1"]),
        (viewer(Role.ASSOCIATE, "other", "S2"), []),
        (GUEST, []),
    ],
)
async def test_anothers_order_is_as_good_as_none_CLI_1(books: Store, who: Viewer, seen: list[str]) -> None:
    ctx = asked(books, viewer=who)
    wanted = ["o1", "b1", "x1", "nowhere"]
    assert [one and one.id for one in await orders.orders_by_ids(ctx, wanted)] == [
        id if id in seen else None for id in wanted
    ]
    (one,) = await orders.order(ctx, [None], id=ids.encode("Order", "o1"))
    assert (one is not None) == ("o1" in seen)
    if one is not None:
        (whose,) = await orders.member_of(ctx, [one])
        assert whose == ANN


async def test_a_merge_takes_orders_along_and_parting_gives_them_back_and_those_of_between_stay_MEM_4(
    books: Store,
) -> None:
    back = Return("r1", "R1", "pos", "CNY", NOW, (ReturnLine("A", "A", 1, 5),), member_id="ann")
    async with books.work() as work:
        await work.returns.write([back])
        record = await orders.join(work, absorbed="ann", survivor="bob", now=NOW)
    await keep(books, orders=[order("b2", "bob", 10)])
    assert await books.orders.of_members({"ann"}, limit=9) == {}
    assert len((await books.orders.of_members({"bob"}, limit=9))["bob"]) == 7
    async with books.work() as work:
        await orders.part(work, record, now=NOW)
    found = await books.orders.of_members({"ann", "bob"}, limit=9)
    assert {who: {one.id for one in own} for who, own in found.items()} == {
        "ann": {"o1", "o2", "o3", "o4", "o5"},
        "bob": {"b1", "b2"},
    }
    async with books.work() as work:
        assert (await work.returns.by_number({("pos", "R1")}))["pos", "R1"] == back


async def test_refunds_without_receipt_are_deducted_from_what_somebody_is_worth(books: Store) -> None:
    lines = (ReturnLine("A", "A", 1, 30), ReturnLine("A", "A", 1, 500, order_id="o1", order_line_id="o1:0"))
    async with books.work() as work:
        await work.returns.write([Return("r1", "R1", "pos", "CNY", NOW, lines, member_id="ann")])
    since, until = NOW - timedelta(days=9), NOW + timedelta(days=1)
    assert (await books.orders.turnover({"ann"}, since=since, until=until))["ann"].net_minor == 1500 - 30
    assert (await books.orders.turnover({"ann"}, since=since, until=NOW))["ann"].net_minor == 1400
    assert (await books.worth.bought({"ann"}, until=until))["ann"].amount_minor == 1500 - 30
    for as_of, amount_minor in ((NOW, 1500 - 30), (NOW - timedelta(seconds=1), 1400), (NOW + timedelta(days=365), 0)):
        found = dict(await books.rfm.page(after="", as_of=as_of, window=timedelta(days=365), limit=9))
        assert found["ann"].amount_minor == amount_minor, as_of
    assert await books.orders.last_completed_at() == NOW


def test_an_order_sums_up_to_what_stays_with_the_shop() -> None:
    lines = (
        OrderLine("1", "A", "A", 2, 100, 180, returned=1, refunded_minor=90),
        OrderLine("2", "POST", "Postage", 1, 30, 30, is_merchandise=False),
    )
    found = orders.totals_of(order("o", "ann", lines=lines)).totals
    assert (found.merchandise_minor, found.other_minor, found.refunds_minor, found.net_minor) == (180, 30, 90, 120)
