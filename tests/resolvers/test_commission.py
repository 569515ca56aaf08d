"""Commission in the ledger: entered once, taken back as units return, paid and never edited."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from datasources.ports.work import Raced
from datasources.store.store import Store
from domain.commission import Entry, EntryKind, Ground
from domain.money import Money
from domain.orders import Order
from domain.refusals.clients import UnknownAssociate, WrongPeriod
from resolvers import client_merging, clients, commission, commission_statements, share_tokens
from resolvers.clients import HandOver
from resolvers.commission import Completed
from resolvers.commission_statements import Pay
from resolvers.context import Context
from resolvers.errors import BadQuestion, NotAllowed
from resolvers.share_tokens import Share
from tests.builders import ADMINISTRATOR, NOW
from tests.people import order
from tests.resolvers.reserving import Clock
from tests.resolvers.serving import at, by, furnish, guide, history, scanned

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
RATE_BP = 500


@pytest.fixture
async def ann(store: Store, migrated_database_url: str, clock: Clock) -> Context:
    """A guide of SH001, whose client m1 is since yesterday."""
    await furnish(store, migrated_database_url)
    ctx = at(store, clock, guide("ann"))
    await scanned(ctx, "m1")
    clock.wind(DAY)
    return ctx


async def accrue(ctx: Context, *completed: Completed) -> Sequence[Entry]:
    """Orders are completed."""
    async with ctx.sources.workplace.work() as work:
        return await commission.accrue(work, completed, rate_bp=RATE_BP, now=ctx.clock())


async def claw_back(ctx: Context, *orders: Order) -> Sequence[Entry]:
    """Units of orders have come back."""
    async with ctx.sources.workplace.work() as work:
        return await commission.claw_back(work, orders, now=ctx.clock())


def bought(id: str, *amounts_minor: int, units: int = 1, returned: int = 0, **said: Any) -> Order:
    """An order of m1, with so many units on each line."""
    made = order(id, "m1", *amounts_minor, at=NOW + DAY)
    return replace(made, lines=tuple(replace(one, quantity=units, returned=returned) for one in made.lines), **said)


async def account(ctx: Context, who: str = "ann") -> dict[str, list[Money]]:
    """What an associate earned, gave back, and has left."""
    (found,) = await commission_statements.account(
        by(ctx, ADMINISTRATOR), [None], since=NOW, until=NOW + 99 * DAY, associate=who
    )
    return {
        "accrued": list(found.come_to(EntryKind.ACCRUAL)),
        "back": list(found.come_to(EntryKind.CLAW_BACK)),
        "left": list(found.come_to(*EntryKind)),
    }


async def entries(ctx: Context, who: str = "ann") -> Sequence[Entry]:
    """All there is of an associate."""
    return await ctx.sources.commission.entries(who, since=NOW, until=NOW + 99 * DAY, limit=999)


async def test_what_a_client_buys_in_any_store_counts_for_their_guide_once(ann: Context) -> None:
    done = Completed(bought("o1", 10_000, 5_001, location_id="SH002"))
    assert [one.amount_minor for one in await accrue(ann, done)] == [500, 250]
    assert await accrue(ann, done) == []
    assert {one.ground for one in await entries(ann)} == {Ground.BINDING}
    assert await account(ann) == {"accrued": [Money(750, "CNY")], "back": [], "left": [Money(750, "CNY")]}


async def test_the_till_s_word_goes_before_a_shared_code_and_that_before_the_guide(ann: Context) -> None:
    shared = (await share_tokens.create(by(ann, guide("dan")), Share("k"))).share_token
    assert shared is not None
    o1, o2, o3, o4 = (bought(f"o{n}", 10_000) for n in range(1, 5))
    weights = {o1.lines[0].id: {"bob": 2, "cai": 1}}
    sold = [
        Completed(o1, sold_by=weights, share_token=shared.code),
        Completed(replace(o2, associate_id="bob"), share_token=shared.code),
        Completed(o3, share_token=shared.code),
        Completed(o4, share_token="made up"),
    ]
    made = [(one.order_id, one.associate_id, one.ground, one.amount_minor) for one in await accrue(ann, *sold)]
    assert made == [
        ("o1", "bob", Ground.SOLD_BY, 333),
        ("o1", "cai", Ground.SOLD_BY, 167),
        ("o2", "bob", Ground.SOLD_BY, 500),
        ("o3", "dan", Ground.SHARE_TOKEN, 500),
        ("o4", "ann", Ground.BINDING, 500),
    ]


async def test_freight_and_strangers_earn_nobody_anything(ann: Context) -> None:
    freight = bought("o1", 900)
    freight = replace(freight, lines=tuple(replace(one, is_merchandise=False) for one in freight.lines))
    strangers = [replace(bought("o2", 10_000), member_id=who) for who in (None, "m2")]
    before = bought("o3", 10_000, placed_at=NOW - DAY)
    assert await accrue(ann, *map(Completed, [freight, *strangers, before])) == []


@pytest.mark.parametrize("seed", range(3))
async def test_the_ledger_holds_the_commission_of_the_kept_units_whatever_returns_when_CLI_4(
    ann: Context, seed: int
) -> None:
    """Orders are completed, returned in parts and told again, in any order; each unit carries its share."""
    dice = random.Random(seed)
    kept = {}
    for n in range(8):
        units = dice.randint(1, 6)
        kept[f"o{n}"] = bought(f"o{n}", dice.randint(0, 99_999), units=units)
    completed: set[str] = set()
    for _ in range(60):
        id = dice.choice(list(kept))
        line = kept[id].lines[0]
        if dice.random() < 0.5:
            line = replace(line, returned=dice.randint(line.returned, line.quantity))
            kept[id] = replace(kept[id], lines=(line,))
            await claw_back(ann, kept[id])
        else:
            completed.add(id)
            weights = {line.id: {"ann": 3, "bob": 2, "cai": 2}}
            await accrue(ann, Completed(kept[id], sold_by=weights))
    left: Counter[tuple[str, str]] = Counter()
    for who in ("ann", "bob", "cai"):
        for entry in await entries(ann, who):
            left[entry.order_id, who] += entry.amount_minor
    for id in completed:
        (line,) = kept[id].lines
        whole = line.net_minor * RATE_BP // 10_000
        accrued = [one for who in ("ann", "bob", "cai") for one in await entries(ann, who) if one.order_id == id]
        parts = {one.associate_id: one.amount_minor for one in accrued if one.kind is EntryKind.ACCRUAL}
        assert sum(parts.values()) == whole
        for who, part in parts.items():
            assert left[id, who] == part - part * line.returned // line.quantity >= 0
    assert {id for id, _ in left} <= completed


async def test_of_many_who_tell_of_returns_at_once_none_takes_back_what_another_did(ann: Context) -> None:
    await accrue(ann, Completed(bought("o1", 10_000, units=4)))
    told = [bought("o1", 10_000, units=4, returned=1 + n % 3) for n in range(6)]
    answers = await asyncio.gather(*(claw_back(ann, one) for one in told), return_exceptions=True)
    assert all(isinstance(one, Raced | list) for one in answers)
    await claw_back(ann, told[2])
    assert (await account(ann))["left"] == [Money(125, "CNY")]


async def test_what_was_paid_is_corrected_by_a_new_entry_and_never_edited(ann: Context, clock: Clock) -> None:
    await accrue(ann, Completed(bought("o1", 10_000, units=2)))
    paid_for = await entries(ann)
    clock.wind(DAY)
    admin = by(ann, ADMINISTRATOR)
    first, again = [await commission_statements.close(admin, Pay("ann", clock.now, "november")) for _ in range(2)]
    assert first == again
    assert first.payment is not None
    assert first.payment.totals == [Money(500, "CNY")]
    await claw_back(ann, bought("o1", 10_000, units=2, returned=1))
    paid, back = await entries(ann)
    assert paid == replace(paid_for[0], statement_id=first.payment.id)
    assert (back.amount_minor, back.statement_id) == (-250, None)
    clock.wind(DAY)
    after = await commission_statements.close(admin, Pay("ann", clock.now, "december"))
    assert after.payment is not None
    assert after.payment.totals == [Money(-250, "CNY")]
    assert (await entries(ann))[0] == paid


async def test_a_statement_is_closed_over_what_has_been_alone(ann: Context, clock: Clock) -> None:
    late = Pay("ann", clock.now + DAY, "k")
    refused = await commission_statements.close(by(ann, ADMINISTRATOR), late)
    assert refused.user_errors == (WrongPeriod(("input", "until")),)


async def test_who_leaves_keeps_what_was_ordered_before_CLI_6(ann: Context, clock: Clock) -> None:
    clock.wind(DAY)
    await clients.hand_over(by(ann, ADMINISTRATOR), HandOver("ann", "cai", "k"))
    before, after = bought("o1", 10_000), bought("o2", 10_000, placed_at=clock.now)
    made = await accrue(ann, Completed(before), Completed(after))
    assert [(one.order_id, one.associate_id) for one in made] == [("o1", "ann"), ("o2", "cai")]


async def test_an_associate_sees_their_own_commission_alone_a_page_at_a_time(ann: Context) -> None:
    await accrue(ann, *(Completed(bought(f"o{n}", 10_000)) for n in range(3)))
    (own,) = await commission_statements.account(ann, [None], since=NOW, until=NOW + 9 * DAY)
    (page,) = await commission_statements.entries_of(ann, [own], first=2)
    (rest,) = await commission_statements.entries_of(ann, [own], first=2, after=page.page_info.end_cursor)
    assert [one.order_id for one in [*page.nodes, *rest.nodes]] == ["o0", "o1", "o2"]
    assert (page.page_info.has_next_page, rest.page_info.has_next_page) == (True, False)
    with pytest.raises(NotAllowed):
        await commission_statements.account(ann, [None], since=NOW, until=NOW + DAY, associate="bob")
    with pytest.raises(BadQuestion):
        await commission_statements.account(ann, [None], since=NOW, until=NOW)


async def test_a_code_is_made_for_oneself_and_by_the_merchant_for_anybody(ann: Context) -> None:
    token = (await share_tokens.create(by(ann, ADMINISTRATOR), Share("k", "cai"))).share_token
    assert token is not None
    assert (token.associate_id, token.valid_until - token.created_at) == ("cai", 7 * DAY)
    refused = await share_tokens.create(ann, Share("k", "cai"))
    assert [type(one) for one in refused.user_errors] == [UnknownAssociate]


async def test_what_was_ordered_before_a_merge_counts_for_who_looked_after_the_one_who_ordered(
    ann: Context, store: Store, clock: Clock
) -> None:
    """Orders and bindings are those of two; completed, they are one member's."""
    early, late = bought("o1", 10_000), bought("o2", 10_000, placed_at=clock.now + DAY)
    await scanned(by(ann, guide("bob")), "m3")
    clock.wind(DAY)
    async with store.work() as work:
        (gone,) = (await work.members.locked({"m1"})).values()
        await work.members.write([replace(gone, merged_into="m2")])
        await client_merging.join(work, absorbed="m1", survivor="m2", now=clock.now)
    done = [Completed(replace(one, member_id="m2")) for one in (early, late)]
    assert [one.associate_id for one in await accrue(ann, *done)] == ["ann", "ann"]
    assert [one.id for one in await history(store, "m2") if one.is_active_at(clock.now)] != []


async def test_of_two_who_pay_at_once_none_pays_what_the_other_paid(ann: Context, clock: Clock) -> None:
    await accrue(ann, *(Completed(bought(f"o{n}", 10_000)) for n in range(4)))
    clock.wind(DAY)
    admin = by(ann, ADMINISTRATOR)
    wishes = (commission_statements.close(admin, Pay("ann", clock.now, f"k{n}")) for n in range(4))
    paid = [one.payment for one in await asyncio.gather(*wishes)]
    assert sorted(one.totals_minor.get("CNY", 0) for one in paid if one is not None) == [0, 0, 0, 2_000]
