"""Associates: who works where, as the merchant says and a store's people see."""

import pytest
from sqlalchemy import select, update

from datasources.store.engine import rows
from datasources.store.member_tables import associates as table
from datasources.store.store import Store
from domain.associates import Associate, AssociateRole
from domain.refusals.clients import WeComUserTaken
from domain.refusals.general import EmptyField
from domain.refusals.locations import UnknownLocation
from domain.viewers import Viewer
from resolvers import associates
from resolvers.associates import Employ
from resolvers.context import Context
from resolvers.errors import NotAllowed
from tests.builders import ADMINISTRATOR, MEMBER, shop
from tests.resolvers.serving import guide
from tests.worlds import asked, fill

pytestmark = pytest.mark.anyio

LI = Employ("li", "李娜", "SH001", "k", "lina", AssociateRole.MANAGER)


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str) -> Context:
    """The merchant, who has two stores."""
    await fill(migrated_database_url, [shop("SH001"), shop("SH002")])
    return asked(store, viewer=ADMINISTRATOR)


async def here(ctx: Context, who: Viewer, location: str = "SH001") -> list[str]:
    """Who works there, as somebody is shown it."""
    shown = Context(ctx.sources, ctx.policies, ctx.clock, viewer=who)
    return [one.id for one in (await associates.working_at(shown, [None], location=location))[0]]


async def test_somebody_is_employed_moves_and_leaves(ctx: Context) -> None:
    made = (await associates.put(ctx, LI)).associate
    assert made == Associate("li", "李娜", "SH001", "lina", AssociateRole.MANAGER)
    assert await here(ctx, guide("li", "SH001")) == ["li"]
    await associates.put(ctx, Employ("li", "李娜", "SH002", "moved"))
    assert (await here(ctx, ADMINISTRATOR), await here(ctx, ADMINISTRATOR, "SH002")) == ([], ["li"])
    await associates.put(ctx, Employ("li", "李娜", "SH002", "left", is_active=False))
    assert await here(ctx, ADMINISTRATOR, "SH002") == []
    (gone,) = await associates.associates_by_ids(ctx, ["li"])
    assert gone is not None
    assert not gone.is_active


async def test_what_somebody_signs_in_with_stays_when_they_move(ctx: Context, store: Store) -> None:
    await associates.put(ctx, LI)
    async with store._writers.begin() as connection:
        await connection.execute(update(table).values(pin_hash="argon2"))
    await associates.put(ctx, Employ("li", "李娜", "SH002", "moved"))
    (row,) = await rows(store._readers, select(table.c.pin_hash, table.c.location_id))
    assert tuple(row) == ("argon2", "SH002")


async def test_who_cannot_be_employed_is_told_why(ctx: Context) -> None:
    await associates.put(ctx, LI)
    refused = await associates.put(ctx, Employ(" ", "", "nowhere", "k2"))
    assert refused.user_errors == (
        EmptyField(("input", "associate")),
        EmptyField(("input", "name")),
        UnknownLocation(("input", "location"), "nowhere"),
    )
    taken = await associates.put(ctx, Employ("wang", "王敏", "SH001", "k3", "lina"))
    assert taken.user_errors == (WeComUserTaken(("input", "weComUserId"), "lina"),)


async def test_a_store_s_people_are_seen_there_and_by_no_member(ctx: Context) -> None:
    await associates.put(ctx, LI)
    with pytest.raises(NotAllowed):
        await here(ctx, guide("cai"))
    assert await associates.associates_by_ids(asked(ctx.sources, viewer=MEMBER), ["li"]) == [None]
