"""Clients: who scans whom, one after another and all at once; and what remains when a guide leaves."""

import asyncio
from datetime import timedelta

import pytest

from datasources.store.store import Store
from domain.associates import Associate
from domain.bindings import BindingSource
from domain.members import IdentifierType
from domain.refusals.clients import ClientProtected, SameAssociate, UnknownAssociate
from domain.refusals.members import UnknownMember
from resolvers import clients, members, registration, visits
from resolvers.clients import Bind, HandOver
from resolvers.consents import Evidence
from resolvers.context import Context
from resolvers.identifiers import Name
from resolvers.registration import Register
from tests.builders import ADMINISTRATOR, INTEGRATOR, NOW
from tests.resolvers.reserving import Clock
from tests.resolvers.serving import at, by, doors, furnish, guide, history, scan, scanned

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
AT_CODE = ("input", "code")


@pytest.fixture
async def ann(store: Store, migrated_database_url: str, clock: Clock) -> Context:
    """A guide of SH001."""
    await furnish(store, migrated_database_url)
    return at(store, clock, guide("ann"))


async def test_whoever_scans_a_member_first_has_a_client_and_sees_them(ann: Context) -> None:
    assert await members.members_by_ids(ann.anew(), ["m1"]) == [None]
    made = (await scan(ann)).client
    assert made is not None
    assert (made.member_id, made.associate_id, made.source) == ("m1", "ann", BindingSource.SCAN)
    (seen,) = await members.members_by_ids(ann.anew(), ["m1"])
    assert seen is not None


@pytest.mark.parametrize("code", ["C-m1", " C-m1 ", "99M1", "99m1"])
async def test_a_code_or_a_card_is_as_good_as_the_other(ann: Context, code: str) -> None:
    made = (await clients.bind(ann, Bind(code, "k"))).client
    assert made is not None
    assert made.member_id == "m1"


@pytest.mark.parametrize("code", ["m1", "nobody", "", "TWVtYmVyOm0x"])
async def test_nobody_is_bound_by_their_id_for_whoever_comes_shows_a_code(ann: Context, code: str) -> None:
    assert (await clients.bind(ann, Bind(code, "k"))).user_errors == (UnknownMember(AT_CODE, code),)


async def test_another_guide_waits_a_month_and_then_takes_over_CLI_5(ann: Context, store: Store, clock: Clock) -> None:
    cai = by(ann, guide("cai"))
    await scanned(ann, "m1")
    until = NOW + 30 * DAY
    clock.now = until - timedelta.resolution
    assert (await scan(cai)).user_errors == (ClientProtected(AT_CODE, until),)
    clock.now = until
    await scanned(cai, "m1")
    was, now = await history(store, "m1")
    assert (was.associate_id, was.ended_at, now.associate_id, now.since) == ("ann", until, "cai", until)


async def test_contact_in_the_own_store_keeps_a_client(ann: Context, clock: Clock) -> None:
    await scanned(ann, "m1")
    clock.wind(20 * DAY)
    await visits.check_in(ann, visits.CheckIn("C-m1", "SH001", "in"))
    clock.wind(20 * DAY)
    refused = await scan(by(ann, guide("bob")))
    assert refused.user_errors == (ClientProtected(AT_CODE, NOW + 50 * DAY),)


async def test_the_merchant_assigns_whom_they_want_and_a_guide_for_themself_only(ann: Context) -> None:
    await scanned(ann, "m1")
    assigned = await clients.bind(by(ann, INTEGRATOR), Bind("C-m1", "k", "cai"))
    assert assigned.client is not None
    assert (assigned.client.associate_id, assigned.client.source) == ("cai", BindingSource.ASSIGNMENT)
    for who, for_whom in ((guide("ann"), "bob"), (INTEGRATOR, None), (INTEGRATOR, "nobody")):
        refused = await clients.bind(by(ann, who), Bind("C-m2", f"r-{for_whom}", for_whom))
        assert [type(one) for one in refused.user_errors] == [UnknownAssociate]


async def test_a_guide_who_left_protects_nobody(ann: Context, store: Store) -> None:
    await scanned(ann, "m1")
    async with store.work() as work:
        await work.associates.write(Associate("ann", "导购ann", "SH001", is_active=False))
    await scanned(by(ann, guide("bob")), "m1")
    assert [type(one) for one in (await scan(ann, "m2")).user_errors] == [UnknownAssociate]


async def test_the_same_scan_sent_twice_is_one(ann: Context, store: Store) -> None:
    first, again = [await clients.bind(ann, Bind("C-m1", "k")) for _ in range(2)]
    assert first == again
    assert len(await history(store, "m1")) == 1


@pytest.mark.parametrize("months", [0, 1, 7], ids=["nobody's", "protected no more", "run out"])
async def test_of_many_guides_who_scan_a_member_at_once_exactly_one_gets_them_CLI_5(
    ann: Context, store: Store, migrated_database_url: str, clock: Clock, months: int
) -> None:
    guides = ["bob", "cai", "dan"]
    if months:
        await scanned(ann, "m1")
        clock.wind(months * 30 * DAY)
    async with doors(migrated_database_url, 3, clock) as workers:
        scans = [scan(by(workers[n % 3], guide(guides[n % 3])), key=f"k{n}") for n in range(18)]
        answers = await asyncio.gather(*scans)
    owners = {one.client.associate_id for one in answers if one.client is not None}
    assert len(owners) == 1
    assert len([one for one in answers if one.client is not None]) == 6
    refused = {refusal for one in answers for refusal in one.user_errors}
    assert refused == {ClientProtected(AT_CODE, clock.now + 30 * DAY)}
    held = [one for one in await history(store, "m1") if one.is_active_at(clock.now)]
    assert [one.associate_id for one in held] == list(owners)


async def test_members_scanned_while_they_are_handed_over_have_one_guide_each_CLI_5(
    ann: Context, store: Store, migrated_database_url: str, clock: Clock
) -> None:
    await scanned(ann, "m1", "m2", "m3")
    clock.wind(31 * DAY)
    async with doors(migrated_database_url, 2, clock) as (first, second):
        over = clients.hand_over(by(first, ADMINISTRATOR), HandOver("ann", "bob", "k"))
        scans = [scan(by(second, guide("cai")), id, key=f"{id}{n}") for id in ("m3", "m1", "m2") for n in range(3)]
        done, answers = await asyncio.gather(over, asyncio.gather(*scans))
    assert done.clients is not None
    owners = [
        [one.associate_id for one in await history(store, id) if one.ended_at is None] for id in ("m1", "m2", "m3")
    ]
    assert all(len(own) == 1 for own in owners)
    assert sum(own == ["bob"] for own in owners) == done.clients
    assert sum(one.client is not None for one in answers) == 3 * (3 - done.clients)


async def test_clients_of_who_leaves_are_handed_over_and_history_stays_CLI_6(
    ann: Context, store: Store, clock: Clock
) -> None:
    await scanned(ann, "m1", "m2")
    await scanned(by(ann, guide("bob")), "m3")
    clock.wind(DAY)
    over = HandOver("ann", "cai", "k")
    for _ in range(2):
        assert (await clients.hand_over(by(ann, ADMINISTRATOR), over)).clients == 2
    was, now = await history(store, "m1")
    assert (was.associate_id, was.since, was.ended_at) == ("ann", NOW, NOW + DAY)
    assert (now.associate_id, now.since, now.source) == ("cai", NOW + DAY, BindingSource.ASSIGNMENT)
    assert await mine(by(ann, guide("cai"))) == ["m1", "m2"]
    assert await mine(by(ann, guide("bob"))) == ["m3"]
    assert await mine(ann) == []


async def test_clients_are_handed_over_to_somebody_else_who_is_there(ann: Context) -> None:
    to = ("input", "toAssociate")
    for heir, told in (("ann", SameAssociate(to, "ann")), ("nobody", UnknownAssociate(to, "nobody"))):
        answer = await clients.hand_over(by(ann, ADMINISTRATOR), HandOver("ann", heir, "k"))
        assert answer == clients.HandedOver(None, (told,))


async def test_own_clients_are_walked_a_page_at_a_time(ann: Context, clock: Clock) -> None:
    await scanned(ann, "m3", "m1", "m2")
    (page,) = await clients.my_clients(ann, [None], first=2)
    assert ([one.member_id for one in page.nodes], page.page_info.has_next_page) == (["m1", "m2"], True)
    (rest,) = await clients.my_clients(ann, [None], first=2, after=page.page_info.end_cursor)
    assert ([one.member_id for one in rest.nodes], rest.page_info.has_next_page) == (["m3"], False)
    clock.wind(180 * DAY)
    assert await mine(ann) == []


async def mine(ctx: Context) -> list[str]:
    """Whose members somebody's clients are."""
    (page,) = await clients.my_clients(ctx.anew(), [None])
    return [one.member_id for one in page.nodes]


async def test_whoever_leads_a_member_to_join_has_a_client_unless_they_are_another_s(
    ann: Context, store: Store, clock: Clock
) -> None:
    name = Name(IdentifierType.PHONE, "13800138001")
    wish = Register(Evidence("v1", "SH001", "f00d"), "join", identifiers=[name], registration_source="STORE")
    joined = (await registration.register(ann.anew(), wish)).member
    assert joined is not None
    for who in ("ann", "cai"):
        async with store.work() as work:
            await work.members.locked({joined.id})
            await clients.led_to_join(by(ann, guide(who)), work, joined.id, now=clock.now)
        held = (await store.clients.held([joined.id], clock.now))[joined.id]
        assert (held.associate_id, held.source) == ("ann", BindingSource.REGISTRATION)
