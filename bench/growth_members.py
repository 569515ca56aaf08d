"""A chain's members for the growth benchmark: everybody has a phone and a card, and one store knows some by sight.

About a hundred of a million share the last four digits of a phone. The store and its associate know as many people
however many members there are: what they look for must not cost more where there are more strangers.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import create_async_engine

from bench import growth_shop
from bench.growth_shop import Ask, Asks, Subject
from compose import World
from datasources.store.imports import SqlImports
from datasources.store.migrate import migrate_async
from datasources.store.tables import Instant
from domain.channels import Channel
from domain.viewers import Role, Viewer, viewer
from resolvers import member_search, members, personal
from tests import builders

CLIENTS, VISITORS = 300, 3_000
HERE = "SH001"
ONE = 7
"""The number of a client who is looked for."""

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
_ID = "'m' || CAST(1000000000 + (i * 48271) % 999999937 AS TEXT)"
_PHONE = "'+86' || CAST(13000000000 + (i * 7919) % 1000000000 AS TEXT)"
_CARD = "'VIP' || CAST(10000000 + i AS TEXT)"


def _insert(table: str, **columns: str) -> str:
    """A row for each number up to a count."""
    values = ", ".join(columns.values())
    return f"INSERT INTO {table} ({', '.join(columns)}) {_NUMBERS} SELECT {values} FROM n"  # noqa: S608  # our own words


def _named(type: str, value: str, tail: str) -> str:
    told = {"type": type, "realm": "''", "value": value, "is_verified": "true", "source": "'bench'", "tail": tail}
    return _insert("member_identifiers", member_id=_ID, linked_at=":at", **told)


PLANT = (
    _insert(
        "members",
        id=_ID,
        code="CAST(200000000000 + i AS TEXT)",
        status="'ACTIVE'",
        name="'王芳'",
        registration_source="'STORE'",
        created_at=":at",
        version="1",
    ),
    _named("'PHONE'", _PHONE, f"substr({_PHONE}, 11, 4)"),
    _named("'CARD'", _CARD, "NULL"),
)
"""What everybody has."""
_GUIDE = {"id": "'ann'", "name": "'Ann'", "location_id": f"'{HERE}'", "role": "'GUIDE'", "is_active": "true"}
_UNTIL = {"valid_until": ":later", "protected_until": ":later"}
KNOWN = (
    (_insert("associates", **_GUIDE), 1),
    (_insert("bindings", id=_ID, member_id=_ID, associate_id="'ann'", source="'SCAN'", since=":at", **_UNTIL), CLIENTS),
    (_insert("visits", location_id=f"'{HERE}'", member_id=_ID, last_at=":at"), VISITORS),
)
"""Whom the store knows, and how many of them."""


@asynccontextmanager
async def opened(database_url: str, count: int) -> AsyncIterator[Asks]:
    """Plant so many members, and open the store."""
    await migrate_async(database_url)
    await _planted(database_url, count)
    await growth_shop.settled(database_url)
    async with growth_shop.world(database_url) as world:
        yield {f"{SUBJECT.figure}_{name}": ask for name, ask in _asks(world).items()}


SUBJECT = Subject("p50_members", "members", few=10_000, many=1_000_000, opened=opened)


def _asks(world: World) -> dict[str, Ask]:
    phone, id = 13_000_000_000 + ONE * 7919, f"m{1_000_000_000 + ONE * 48271}"
    ann = viewer(subject="ann", role=Role.ASSOCIATE, scopes=None, location_id=HERE)
    erp, own = (
        viewer(subject=who, role=role, scopes=None) for who, role in (("erp", Role.INTEGRATOR), (id, Role.MEMBER))
    )
    return {
        "me": partial(_me, world, own),
        "tail": partial(_search, world, ann, f"{phone}"[-4:]),
        "phone": partial(_search, world, ann, f"{phone}"),
        "card": partial(_search, world, ann, f"VIP{10_000_000 + ONE}"),
        "code": partial(_search, world, ann, f"{200_000_000_000 + ONE}"),
        "tail_of_all": partial(_search, world, erp, f"{phone}"[-4:]),
        "stranger": partial(_search, world, ann, "VIP10009999", found=0),
    }


async def _me(world: World, who: Viewer, _: int) -> None:
    ctx = world.surroundings(who, Channel.MINI_PROGRAM, "zh", "bench")
    (found,) = await members.me(ctx, [None])
    assert found
    await personal.profiles(ctx, [found])
    await personal.identifiers(ctx, [found])


async def _search(world: World, who: Viewer, sought: str, _: int, *, found: int = 1) -> None:
    """What is typed at the counter, and the first of those it may mean."""
    ctx = world.surroundings(who, Channel.MINI_PROGRAM, "zh", "bench")
    (page,) = await member_search.search(ctx, [None], text=sought, first=1)
    assert len(page.nodes) == found
    await personal.profiles(ctx, page.nodes)


async def _planted(database_url: str, count: int) -> None:
    place = SqlImports(database_url)
    async with place.work() as work:
        await work.register.put([builders.shop(HERE)])
    await place.close()
    engine = create_async_engine(database_url)
    times = [bindparam(name, type_=Instant) for name in ("at", "later")]
    now = datetime.now(UTC)
    async with engine.begin() as connection:
        for statement, rows in [*((one, count) for one in PLANT), *KNOWN]:
            used = [time for time in times if f":{time.key}" in statement]
            values = {"count": rows, "at": now, "later": now + timedelta(days=90)}
            told = {name: value for name, value in values.items() if f":{name}" in statement}
            await connection.execute(text(statement).bindparams(*used), told)
    await engine.dispose()
