"""Somebody at the counter is found by what they say or show, among those whom whoever asks may see."""

import pytest

import resolvers.member_search
from datasources.store.store import Store
from domain.members import IdentifierType
from domain.viewers import Role
from resolvers.context import Context
from resolvers.errors import BadQuestion
from tests import builders
from tests.people import identifier, keep, look_after, member, visit
from tests.resolvers.identity import by, erp
from tests.worlds import fill

pytestmark = pytest.mark.anyio
TYPE = IdentifierType


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    """Six who share the end of a phone: one is Ann's, one came into her store; and somebody with a card."""
    await fill(migrated_database_url, [builders.shop("SH001"), builders.shop("SH002")])
    for n in range(6):
        phone = identifier(TYPE.PHONE, f"+86138{n:04}8000", is_verified=n != 5)
        await keep(store, member(f"m{n}", identifiers=(phone,)))
    await keep(store, member("card", code="100200300400", identifiers=(identifier(TYPE.CARD, "VIP00123456"),)))
    await look_after(store, "ann", "m1", location="SH001")
    await visit(store, "m3", "SH001")
    return store


async def found(ctx: Context, text: str) -> list[str]:
    (page,) = await resolvers.member_search.search(ctx, [None], text=text)
    return [one.id for one in page.nodes]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("8000", ["m0", "m1", "m2", "m3", "m4", "m5"]),
        ("138 0002 8000", ["m2"]),
        ("+86-138-0005-8000", ["m5"]),
        ("vip 0012-3456", ["card"]),
        (" 100200300400 ", ["card"]),
        ("800", []),
        ("3456", []),
        ("王芳", []),
        ("", []),
    ],
)
async def test_they_are_found_by_all_of_what_they_say_or_by_the_end_of_a_phone(
    shop: Store, text: str, ids: list[str]
) -> None:
    assert await found(erp(shop), text) == ids


async def test_an_associate_finds_their_clients_and_who_came_into_their_store_CLI_1(shop: Store) -> None:
    ann, bob = (by(shop, Role.ASSOCIATE, id, place) for id, place in (("ann", "SH001"), ("bob", "SH002")))
    assert await found(ann, "8000") == ["m1", "m3"]
    assert await found(ann, "13800018000") == ["m1"]
    assert await found(ann, "13800028000") == await found(ann, "100200300400") == []
    assert await found(bob, "8000") == []


async def test_who_was_merged_is_found_by_the_card_they_still_carry(shop: Store) -> None:
    await keep(shop, member("old", code="999", merged_into="m1"))
    assert await found(erp(shop), "999") == ["m1"]
    assert await found(by(shop, Role.ASSOCIATE, "ann", "SH001"), "999") == ["m1"]


@pytest.mark.parametrize("first", [1, 2, 4])
async def test_page_by_page_everybody_is_found_once(shop: Store, first: int) -> None:
    ids: list[str] = []
    after = None
    while True:
        (page,) = await resolvers.member_search.search(erp(shop), [None], text="8000", first=first, after=after)
        ids += [one.id for one in page.nodes]
        after = page.page_info.end_cursor
        if not page.page_info.has_next_page:
            break
    assert ids == [f"m{n}" for n in range(6)]


async def test_pages_have_a_bound(shop: Store) -> None:
    with pytest.raises(BadQuestion, match="between 1 and 50"):
        await resolvers.member_search.search(erp(shop), [None], text="8000", first=51)
