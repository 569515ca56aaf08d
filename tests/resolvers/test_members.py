"""Who may see whom, and that every look of the staff is written down."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from datasources.store.engine import rows
from datasources.store.member_tables import access_log
from datasources.store.store import Store
from domain.members import IdentifierKey, IdentifierType, MemberStatus
from domain.viewers import SCOPES_OF_ROLE, Role, Viewer
from resolvers import members
from resolvers.context import Context
from tests import builders
from tests.builders import NOW
from tests.people import identifier, keep, look_after, member, order, visit
from tests.worlds import asked, fill

pytestmark = pytest.mark.anyio


def context(store: Store, role: Role, id: str, location: str | None = None) -> Context:
    """Somebody with all rights of their role."""
    return asked(store, viewer=Viewer(id, role, SCOPES_OF_ROLE[role], location_id=location))


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    """Three members; one is bound to an associate of S1, one came into S1 yesterday, one long ago."""
    await fill(migrated_database_url, [builders.shop("S1"), builders.shop("S2")])
    await keep(store, member("bound"), member("came"), member("gone"), member("other"))
    await look_after(store, "ann", "bound", location="S1")
    await visit(store, "came", "S1", NOW - timedelta(days=1))
    await visit(store, "gone", "S1", NOW - timedelta(days=31))
    return store


async def test_an_associate_sees_their_own_clients_and_who_came_of_late_and_every_look_is_kept_CLI_1(
    shop: Store,
) -> None:
    ctx = context(shop, Role.ASSOCIATE, "ann", "S1")
    found = await members.members_by_ids(ctx, ["other", "bound", "gone", "came", "nobody"])
    assert [one.id if one else None for one in found] == [None, "bound", None, "came", None]
    assert await members.members_by_ids(ctx, ["bound"]) == [found[1]]
    looks = await rows(shop._readers, select(access_log).order_by(access_log.c.member_id))
    assert [(look.member_id, look.viewer_id, look.kind) for look in looks] == [
        ("bound", "ann", "VIEW"),
        ("came", "ann", "VIEW"),
    ]


@pytest.mark.parametrize(
    ("role", "id", "location", "seen"),
    [
        (Role.ASSOCIATE, "bob", "S2", []),
        (Role.MEMBER, "bound", None, ["bound"]),
        (Role.GUEST, "guest", None, []),
        (Role.INTEGRATOR, "erp", None, ["bound", "came", "gone", "other"]),
    ],
)
async def test_everybody_sees_whom_they_may(
    shop: Store, role: Role, id: str, location: str | None, seen: list[str]
) -> None:
    found = await members.members_by_ids(context(shop, role, id, location), ["bound", "came", "gone", "other"])
    assert [one.id for one in found if one] == seen


async def test_who_was_merged_is_found_as_who_they_are_now(shop: Store) -> None:
    await keep(
        shop,
        member("old", merged_into="middle"),
        member("middle", merged_into="other"),
        member("forgotten", status=MemberStatus.ERASED),
    )
    ctx = context(shop, Role.MEMBER, "old")
    assert [one.id if one else None for one in await members.me(ctx, [None])] == ["other"]
    assert await members.me(context(shop, Role.MEMBER, "forgotten"), [None]) == [None]


async def test_members_and_orders_are_read_as_they_were_written(shop: Store) -> None:
    phone = identifier(IdentifierType.PHONE, "+8613800138000")
    kept = member("m9", identifiers=(phone,))
    bought = [order(f"o{n}", "m9", 100 * n, at=NOW - timedelta(days=n)) for n in (1, 2, 3)]
    await keep(shop, kept, orders=bought)
    assert await shop.members.by_identifier({phone.key, IdentifierKey(IdentifierType.CARD, "1")}) == {phone.key: kept}
    assert await shop.members.by_code({"C-m9"}) == {"C-m9": kept}
    assert await shop.orders.of_members({"m9", "bound"}, limit=2) == {"m9": bought[:2]}
    after = (bought[1].placed_at, bought[1].id)
    assert await shop.orders.of_members({"m9"}, limit=2, before=after) == {"m9": bought[2:]}
    sums = await shop.orders.turnover({"m9"}, since=NOW - timedelta(days=2), until=NOW)
    assert sums == {"m9": (2, 300, NOW - timedelta(days=1))}
