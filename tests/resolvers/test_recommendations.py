"""What a member is recommended: what goes with what they bought, on sale here, in stock here or near."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from compose import running
from datasources.ports.recommender import Pupil, Taste
from datasources.store.store import Store
from domain.catalog import Category
from domain.consents import ConsentState, Purpose
from domain.geo import Coordinates
from domain.members import Member
from domain.orders import Order, OrderLine
from domain.recommendations import Reason
from domain.tags import Dimension, Tag, TagSource
from domain.viewers import SCOPES_OF_ROLE, Role, Viewer
from resolvers import learning, recommendations
from resolvers.context import Context
from resolvers.errors import BadQuestion, ConsentRequired
from tests.builders import NOW, PEOPLES_SQUARE, count, entry, on_sale, product, shop
from tests.people import consent, keep, member, order
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

ANN, BOB, CID = member("ann"), member("bob"), member("cid")
ERP = Viewer("erp", Role.INTEGRATOR, SCOPES_OF_ROLE[Role.INTEGRATOR])
BAG = Taste(["BAG-L"])
PATIENCE_S = 20.0


def basket(id: str, *products: str, member_id: str | None = None) -> Order:
    """One of each."""
    lines = tuple(OrderLine(f"{id}:{n}", f"{name}-L", name, 1, 100, 100) for n, name in enumerate(products))
    return order(id, member_id, lines=lines)


@pytest.fixture
async def books(store: Store, migrated_database_url: str) -> Store:
    """Tea goes with cups and pots, and with a hat that nobody sells any more; everybody buys bags."""
    goods = on_sale(*(entry(name) for name in ("TEA", "CUP", "POT", "BAG")))
    near = shop("NEAR", coordinates=Coordinates(PEOPLES_SQUARE.latitude + 0.05, PEOPLES_SQUARE.longitude))
    await fill(migrated_database_url, [*goods, entry("HAT"), shop("HERE"), near])
    found = [basket(f"t{n}", "TEA", "CUP", "HAT") for n in range(3)] + [basket(f"p{n}", "TEA", "POT") for n in range(2)]
    found += [basket(f"b{n}", "BAG") for n in range(9)]
    await keep(store, ANN, BOB, CID, orders=[*found, basket("a1", "TEA", member_id="ann")])
    async with store.work() as work:
        granted = [consent(Purpose.PROFILING)]
        denied = [consent(Purpose.PROFILING, ConsentState.WITHDRAWN), consent(Purpose.MARKETING)]
        await work.consents.write({"ann": granted, "bob": denied, "cid": granted})
    assert await store.recommender.learn(baskets=100) == 5
    return store


async def recommended(
    ctx: Context, who: Member = ANN, *, store: str | None = None, first: int = 8
) -> list[tuple[str, Reason, str | None, bool]]:
    """Sku, reason, where it is, and whether that is the store asked for."""
    (found,) = await recommendations.of_members(ctx, [who], store=store, first=first)
    assert not isinstance(found, ConsentRequired)
    return [
        (one.variant.sku, one.reason, one.offer.location.id if one.offer else None, one.is_in_store) for one in found
    ]


async def test_what_goes_with_what_they_bought_comes_first_and_what_they_have_or_is_not_on_sale_never(
    books: Store,
) -> None:
    shopper = asked(books, viewer=Viewer("ann", Role.MEMBER))
    assert await recommended(shopper) == [
        ("CUP-L", Reason.BOUGHT_TOGETHER, None, False),
        ("POT-L", Reason.BOUGHT_TOGETHER, None, False),
        ("BAG-L", Reason.POPULAR, None, False),
    ]
    assert await recommended(shopper, first=1) == [("CUP-L", Reason.BOUGHT_TOGETHER, None, False)]


async def test_who_never_bought_is_recommended_what_many_buy(books: Store) -> None:
    assert [sku for sku, *_ in await recommended(asked(books), CID)] == ["BAG-L", "TEA-L", "CUP-L", "POT-L"]


async def test_what_is_on_a_shelf_that_their_tags_name_leads(books: Store, migrated_database_url: str) -> None:
    pots = Category("c1", "pots", "Kitchen pots")
    await fill(migrated_database_url, [pots, replace(entry("POT"), product=product("POT", category_ids=("c1",)))])
    said = [
        Tag(Dimension.CONSUMPTION, "category/kitchen pots", TagSource.MANUAL, NOW),
        Tag(Dimension.CONSUMPTION, "category/bags", TagSource.MANUAL, NOW, expires_at=NOW),
    ]
    async with books.work() as work:
        await work.tags.write({"ann": said})
    assert (await recommended(asked(books)))[:2] == [
        ("POT-L", Reason.PREFERRED, None, False),
        ("CUP-L", Reason.BOUGHT_TOGETHER, None, False),
    ]


async def test_a_store_recommends_what_it_has_then_what_is_near_and_nothing_else(books: Store) -> None:
    await tell(
        books,
        count(0, sku="CUP-L", location_id="HERE"),
        count(9, sku="CUP-L", location_id="NEAR"),
        count(9, sku="BAG-L", location_id="HERE"),
    )
    wanted = [("BAG-L", Reason.POPULAR, "HERE", True), ("CUP-L", Reason.BOUGHT_TOGETHER, "NEAR", False)]
    assert await recommended(asked(books), store="HERE") == wanted
    associate = Viewer("a", Role.ASSOCIATE, SCOPES_OF_ROLE[Role.ASSOCIATE], location_id="HERE")
    assert await recommended(asked(books, viewer=associate)) == wanted, "an associate's own store"


async def test_who_did_not_allow_to_be_profiled_is_recommended_nothing_whoever_asks_MEM_8(books: Store) -> None:
    for who in (ERP, Viewer("bob", Role.MEMBER)):
        found = await recommendations.of_members(asked(books, viewer=who), [BOB, ANN])
        assert isinstance(found[0], ConsentRequired)
        assert found[0].facts == {"purpose": "PROFILING"}
        assert not isinstance(found[1], ConsentRequired)
        assert len(found[1]) > 0


async def test_what_is_asked_wrongly_is_a_bad_question(books: Store) -> None:
    for said in ({"first": 0}, {"first": 25}, {"store": "NOWHERE"}):
        with pytest.raises(BadQuestion):
            await recommendations.of_members(asked(books), [ANN], **said)


async def test_learning_again_changes_nothing_and_what_is_no_longer_bought_is_forgotten(books: Store) -> None:
    assert await books.recommender.learn(baskets=100) == 0
    newest = [replace(basket(f"n{n}", "CUP", "POT"), placed_at=NOW + timedelta(days=1)) for n in range(2)]
    await keep(books, orders=newest)
    assert await books.recommender.learn(baskets=2) == 5, "two are known otherwise, three no more"
    assert [sku for sku, *_ in await recommended(asked(books), CID)] == ["CUP-L", "POT-L"]


async def test_of_many_processes_one_learns_once_a_day(books: Store) -> None:
    learned: asyncio.Queue[str] = asyncio.Queue()
    today = [NOW]

    class Attentive(Pupil):
        def __init__(self, name: str) -> None:
            self.name = name

        async def learn(self, *, baskets: int) -> int:
            changed = await books.recommender.learn(baskets=baskets)
            await learned.put(self.name)
            return changed

    await keep(books, orders=[basket(f"n{n}", "BAG", "POT") for n in range(5)])
    async with asyncio.timeout(PATIENCE_S):
        async with running(partial(learning.run, Attentive("one"), books, lambda: today[0])):
            assert await learned.get() == "one"
        assert (await books.recommender.suggestions([BAG], limit=1))[0][0].sku == "POT-L"
        async with running(partial(learning.run, Attentive("two"), books, lambda: today[0])):
            today[0] = NOW + timedelta(days=1)
            async with running(partial(learning.run, Attentive("three"), books, lambda: today[0])):
                assert await learned.get() in ("two", "three")
    assert learned.empty()
