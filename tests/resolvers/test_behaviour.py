"""What members did is kept and shown while they let us, at no other time, and each event once."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import resolvers.behaviour
import resolvers.consents
import resolvers.observed
from datasources.store.store import Store
from domain.behaviour import KEPT, MOST, Behaviour, BehaviourKind
from domain.consents import Purpose
from domain.refusals.behaviour import ProfilingNotGranted, UnknownProduct
from domain.refusals.general import EmptyField, TooManyItems
from domain.refusals.members import UnknownMember
from domain.refusals.stock import UnknownSku
from domain.statuses import Status
from resolvers.behaviour import Event, Track
from resolvers.consents import Evidence, Grant, Withdraw
from resolvers.context import Context
from resolvers.errors import ConsentRequired
from tests.builders import NOW
from tests.people import keep, member
from tests.resolvers.knowing import STORE, guide, house, opened, says, seen, self

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
BROWSE, SEARCH, TRY_ON = BehaviourKind
LOOK = Event("e1", BROWSE, product="DJ01")
AT_TILL = Evidence("1", STORE, "f00d")
new_names = count()


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    return await opened(store, migrated_database_url)


async def statuses(ctx: Context, *events: Event) -> list[Status]:
    """What becomes of events."""
    answer = await resolvers.behaviour.track(ctx.anew(), Track(events))
    assert [result.index for result in answer.results] == list(range(len(events)))
    return [result.status for result in answer.results]


async def kept(store: Store, id: str = "m1") -> list[str]:
    """The events that are kept of a member, whatever they say of it."""
    found = await store.behaviour.behaviour({id}, since=NOW - 9 * KEPT, limit=9 * MOST)
    return [event.event_id for event in found.get(id, ())]


async def shown(ctx: Context, id: str = "m1") -> list[str] | str:
    """The events that whoever asks is shown, or why none are."""
    (found,) = await resolvers.behaviour.behaviour_of(ctx, [await seen(ctx, id)], first=50)
    return found.code if isinstance(found, ConsentRequired) else [event.event_id for event in found]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["grant", "withdraw", "track"]), min_size=1, max_size=9))
def test_nothing_is_kept_without_consent_and_nothing_is_shown_after_it_is_withdrawn_MEM_7(
    migrated_database_url: str, steps: list[str]
) -> None:
    asyncio.run(_story(migrated_database_url, steps))


async def _story(url: str, steps: Sequence[str]) -> None:
    """Of a member nobody knows yet; against a list that a withdrawal empties."""
    store, id = Store(url), f"new{next(new_names)}"
    await keep(store, member(id))
    ctx, is_granted, expected = self(store, id), False, list[str]()
    for number, step in enumerate(steps):
        key = f"{id}-{number}"
        if step == "track":
            became = await statuses(ctx, Event(key, SEARCH, text="down"))
            assert became == [Status.CREATED if is_granted else Status.FAILED]
            expected += [key] if is_granted else []
        else:
            say, word = {
                "grant": (resolvers.consents.grant, Grant(Purpose.PROFILING, AT_TILL, key)),
                "withdraw": (resolvers.consents.withdraw, Withdraw(Purpose.PROFILING, AT_TILL, key)),
            }[step]
            assert (await say(ctx, word)).user_errors == ()  # type: ignore[operator]
            is_granted = step == "grant"
            expected = expected if is_granted else []
        assert sorted(await kept(store, id)) == expected
        assert await shown(ctx, id) == (sorted(expected) if is_granted else "CONSENT_REQUIRED")
    await store.close()


async def test_an_event_that_comes_twice_counts_once(shop: Store) -> None:
    await says(shop, Purpose.PROFILING)
    ctx = self(shop)
    assert await statuses(ctx, LOOK, LOOK) == [Status.CREATED, Status.UNCHANGED]
    assert await statuses(ctx, LOOK, replace(LOOK, event_id="e2")) == [Status.UNCHANGED, Status.CREATED]
    several = await asyncio.gather(*(statuses(ctx, replace(LOOK, event_id="e3")) for _ in range(4)))
    assert sorted(status.value for (status,) in several) == ["CREATED", *["UNCHANGED"] * 3]
    assert sorted(await kept(shop)) == ["e1", "e2", "e3"]


async def test_a_tablet_keeps_what_clients_of_its_store_try_on(shop: Store) -> None:
    """M12; of whom the guide may not see, it is as if there were nobody."""
    await says(shop, Purpose.PROFILING)
    await says(shop, Purpose.PROFILING, id="m2")
    tried = Event("t1", TRY_ON, NOW - DAY, member="m1", sku="DJ01-L", sizes=["M", "L"])
    others = [replace(tried, event_id=f"t-{id}", member=id) for id in ("m2", "nobody")]
    answer = await resolvers.behaviour.track(guide(shop), Track([tried, *others, replace(tried, member=None)]))
    assert answer.user_errors == [
        UnknownMember(("input", "events", 1, "member"), "m2"),
        UnknownMember(("input", "events", 2, "member"), "nobody"),
        EmptyField(("input", "events", 3, "member")),
    ]
    ((found,),) = await resolvers.behaviour.behaviour_of(guide(shop), [await seen(guide(shop))])
    assert found == Behaviour("ann", "t1", "m1", TRY_ON, NOW - DAY, "DJ01", "DJ01-L", ("M", "L"), "", STORE)
    (product,) = await resolvers.behaviour.product_of(guide(shop), [found])
    assert product is not None
    assert product.id == "DJ01"


async def test_each_kind_says_what_it_is_about(shop: Store) -> None:
    await says(shop, Purpose.PROFILING)
    wrong = [
        Event("e1", BROWSE),
        Event("e2", SEARCH, text=" "),
        Event("e3", TRY_ON, product="DJ01"),
        Event("e4", BROWSE, product="DJ09"),
        Event("e5", TRY_ON, sku="DJ09-L"),
        Event(" ", SEARCH, text="down"),
    ]
    answer = await resolvers.behaviour.track(self(shop), Track(wrong))
    assert answer.user_errors == [
        EmptyField(("input", "events", 0, "product")),
        EmptyField(("input", "events", 1, "text")),
        EmptyField(("input", "events", 2, "sku")),
        UnknownProduct(("input", "events", 3, "product"), "DJ09"),
        UnknownSku(("input", "events", 4, "sku"), "DJ09-L"),
        EmptyField(("input", "events", 5, "eventId")),
    ]
    too_many = await resolvers.behaviour.track(self(shop), Track([LOOK] * 201))
    assert too_many.user_errors == [TooManyItems(("input", "events"), 200, 201)]
    nobody = await resolvers.behaviour.track(self(shop, "m2"), Track([LOOK]))
    assert nobody.user_errors == [ProfilingNotGranted(("input", "events", 0))]


async def test_what_was_looked_at_last_stands_first_each_product_once(shop: Store) -> None:
    await says(shop, Purpose.PROFILING)
    looks = [("DJ01", 5), ("DJ02", 4), ("DJ01", 3), ("DJ02", 9)]
    events = [Event(f"e{n}", BROWSE, NOW - days * DAY, product=id) for n, (id, days) in enumerate(looks)]
    await statuses(self(shop), *events, Event("s", SEARCH, text="down"))
    ctx = guide(shop)
    ((one, other),) = await resolvers.behaviour.recently_viewed(ctx, [await seen(ctx)])
    assert (one.id, other.id) == ("DJ01", "DJ02")
    ((only,),) = await resolvers.behaviour.recently_viewed(ctx, [await seen(ctx)], first=1)
    assert only == one


async def test_who_does_not_let_us_is_told_so_and_nobody_else_is_MEM_8(shop: Store) -> None:
    await says(shop, Purpose.PROFILING)
    await statuses(self(shop), LOOK)
    crm = house(shop)
    people = [await seen(crm, "m2"), await seen(crm, "m1")]
    for field in (resolvers.behaviour.behaviour_of, resolvers.behaviour.recently_viewed):
        hidden, found = await field(crm, people)
        assert (type(hidden), len(found)) == (ConsentRequired, 1)


async def test_no_more_is_kept_than_may_be_and_nothing_for_longer(shop: Store) -> None:
    old = [Behaviour("app", f"{n:04}", "m1", SEARCH, NOW - n * DAY, text="x") for n in range(MOST + 3)]
    async with shop.work() as work:
        await work.behaviour.write(old, most=MOST)
    assert await kept(shop) == [event.event_id for event in old[:MOST]]
    assert await shop.behaviour.forget_before(NOW - KEPT, limit=100) == 100
    assert await shop.behaviour.forget_before(NOW - KEPT, limit=1_000) == MOST - 100 - KEPT.days - 1
    assert await kept(shop) == [event.event_id for event in old[: KEPT.days + 1]]


async def test_a_merge_gives_events_over_and_back_MEM_4(shop: Store) -> None:
    for id in ("m1", "m2"):
        await says(shop, Purpose.PROFILING, id=id)
        await statuses(self(shop, id), replace(LOOK, event_id=id))
    async with shop.work() as work:
        record = await resolvers.observed.join(work, absorbed="m1", survivor="m2", now=NOW)
    assert (await kept(shop), sorted(await kept(shop, "m2"))) == ([], ["m1", "m2"])
    async with shop.work() as work:
        await resolvers.observed.part(work, json.loads(json.dumps(record)), now=NOW)
    assert (await kept(shop), await kept(shop, "m2")) == (["m1"], ["m2"])
