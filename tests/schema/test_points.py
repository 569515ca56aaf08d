"""Points, rewards and store credit as clients of the graph meet them."""

from typing import Any

import pytest

import schema.build
from datasources.bus.memory import MemoryBus
from datasources.store.store import Store
from domain.channels import Channel
from resolvers import ids
from resolvers.context import Context
from tests import people
from tests.builders import INTEGRATOR, NOW
from tests.datasources.cached import statements
from tests.resolvers.points_told import earned, tell
from tests.resolvers.points_world import earn, furnish, member_asks, till
from tests.worlds import asked, sources
from tests.worlds import store as store

pytestmark = pytest.mark.anyio
GRAPH = schema.build.unified()
SHOWN = """query ($member: ID!) {
  pointsPreview(member: $member, amount: "4.00") {
    points value { amount currencyCode } mostPoints total { amount } earned programme { unit } }
  me { points { active debt expiringNext { amount at } programme { code unit } asOf }
       stars: points(programme: "stars") { active } storeCredit { available { amount } }
       pointsHistory(first: 1) { nodes { kind ref active } pageInfo { hasNextPage endCursor } } } }"""
PREVIEW = {
    "points": 200,
    "value": {"amount": "2.00", "currencyCode": "CNY"},
    "mostPoints": 200,
    "total": {"amount": "2.00"},
    "earned": 2,
    "programme": {"unit": "积分"},
}
M1, M2 = (ids.encode("Member", id) for id in ("m1", "m2"))


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    return await furnish(store, migrated_database_url)


async def ask(ctx: Context, question: str, **said: Any) -> Any:
    """The answer, which has no errors."""
    done = await GRAPH.execute(question, variable_values=said, context_value=ctx)
    assert done.errors is None, done.errors
    return done.data


async def test_a_purchase_earns_is_seen(shop: Store) -> None:
    earned = await ask(
        till(shop),
        """mutation ($input: PointsEarnInput!) { pointsEarn(input: $input) {
             points balance { active pending } userErrors { code } } }""",
        input={
            "member": M1,
            "order": "o1",
            "amount": "300.00",
            "lines": [{"id": "l1", "quantity": 2, "amount": "300.00"}],
            "isCompleted": True,
            "idempotencyKey": "k1",
        },
    )
    assert earned["pointsEarn"] == {"points": 300, "balance": {"active": 300, "pending": 0}, "userErrors": []}

    me = member_asks(shop, "m1")
    shown = await ask(
        me,
        SHOWN,
        member=M1,
    )
    assert shown["pointsPreview"] == PREVIEW
    assert shown["me"]["points"] == {
        "active": 300,
        "debt": 0,
        "expiringNext": {"amount": 300, "at": "2027-11-21T04:00:00+00:00"},
        "programme": {"code": "points", "unit": "积分"},
        "asOf": NOW.isoformat(),
    }
    assert (shown["me"]["stars"], shown["me"]["storeCredit"]) == ({"active": 0}, {"available": {"amount": "0.00"}})
    page = shown["me"]["pointsHistory"]
    (first,), info = page["nodes"], page["pageInfo"]
    rest = await ask(
        me,
        "query ($after: String) { me { pointsHistory(first: 9, after: $after) { nodes { kind } } } }",
        after=info["endCursor"],
    )
    assert info["hasNextPage"]
    kinds = {first["kind"], *(node["kind"] for node in rest["me"]["pointsHistory"]["nodes"])}
    assert kinds == {"EARN_PENDING", "ACTIVATE"}


async def test_a_member_pays_with_points(shop: Store) -> None:
    await earn(shop, "m1", 300)
    paid = await ask(
        member_asks(shop, "m1"),
        """mutation ($input: PointsRedeemInput!) { pointsRedeem(input: $input) {
             points value { amount } balance { active } userErrors { code message path } } }""",
        input={"member": M1, "points": 200, "amount": "4.00", "ref": "r1", "idempotencyKey": "k2"},
    )
    assert paid["pointsRedeem"] == {
        "points": 200,
        "value": {"amount": "2.00"},
        "balance": {"active": 100},
        "userErrors": [],
    }


async def test_another_member_is_answered_byte_for_byte_as_nobody(shop: Store) -> None:
    await earn(shop, "m2", 100)
    question = """mutation ($member: ID!) { pointsRedeem(input: {
        member: $member, points: 1, ref: "r", idempotencyKey: "k"}) {
          points balance { active } userErrors { code message path } } }"""
    nobody = ids.encode("Member", "xx")
    theirs = await ask(member_asks(shop, "m1"), question, member=M2)
    none = await ask(member_asks(shop, "m1"), question, member=nobody)
    assert str(theirs).replace(M2, "…") == str(none).replace(nobody, "…")
    watch = "subscription ($member: ID!) { pointsChanged(member: $member) { cursor } }"
    said = []
    for member in (M2, nobody):
        stream: Any = await GRAPH.subscribe(
            watch, variable_values={"member": member}, context_value=member_asks(shop, "m1")
        )
        told = [result async for result in stream] if hasattr(stream, "__aiter__") else [stream]
        said.append(str([error.message for one in told for error in one.errors or ()]).replace(member, "…"))
    assert said[0] == said[1]
    assert "no member" in said[0]


async def test_a_reward_is_offered_redeemed_and_handed_over(shop: Store) -> None:
    await earn(shop, "m1", 100)
    await ask(
        till(shop),
        """mutation { rewardSave(input: {code: "hem", kind: SERVICE, title: "Hem", cost: 80, idempotencyKey: "k"}) {
             reward { code } userErrors { code } } }""",
    )
    mine = member_asks(shop, "m1", channel=Channel.MINI_PROGRAM)
    offered = await ask(mine, "{ rewards { code kind cost stock channels programme { code } } }")
    assert offered["rewards"] == [
        {"code": "hem", "kind": "SERVICE", "cost": 80, "stock": None, "channels": [], "programme": {"code": "points"}}
    ]
    redeemed = await ask(
        mine,
        """mutation ($member: ID!) { rewardRedeem(input: {member: $member, reward: "hem", idempotencyKey: "k"}) {
             redemption { code points reward { title } isFulfilled } userErrors { code } } }""",
        member=M1,
    )
    code = redeemed["rewardRedeem"]["redemption"]["code"]
    fulfil = """mutation ($code: String!, $key: String!) { rewardFulfil(input: {code: $code, idempotencyKey: $key}) {
        redemption { isFulfilled } userErrors { code message } } }"""
    assert (await ask(till(shop), fulfil, code=code, key="a"))["rewardFulfil"]["redemption"] == {"isFulfilled": True}
    again = (await ask(till(shop), fulfil, code=code, key="b"))["rewardFulfil"]
    assert again["redemption"] is None
    assert [error["code"] for error in again["userErrors"]] == ["REDEMPTION_USED"]
    shown = await ask(mine, "{ me { rewardRedemptions { code isFulfilled reward { code } } } }")
    assert shown["me"]["rewardRedemptions"] == [{"code": code, "isFulfilled": True, "reward": {"code": "hem"}}]


async def test_store_credit_is_given_and_spent(shop: Store) -> None:
    given = await ask(
        till(shop),
        """mutation ($m: ID!) {
             storeCreditIssue(input: {member: $m, amount: "50.00", ref: "a", reason: "return", idempotencyKey: "1"}) {
               storeCredit { available { amount } } value { amount } userErrors { code } }
             storeCreditSpend(input: {member: $m, amount: "20.00", ref: "b", idempotencyKey: "2"}) {
               storeCredit { available { amount } } userErrors { code } } }""",
        m=M1,
    )
    assert given["storeCreditIssue"]["storeCredit"] == {"available": {"amount": "50.00"}}
    assert given["storeCreditSpend"]["storeCredit"] == {"available": {"amount": "30.00"}}


async def test_every_transaction_is_told_live(shop: Store) -> None:
    bus = MemoryBus()
    ctx = asked(sources(shop, bus), viewer=INTEGRATOR)
    stream: Any = await GRAPH.subscribe(
        """subscription ($member: ID!) { pointsChanged(member: $member) { isSnapshot
             transactions { kind ref active } states { programme { code } active version } cursor } }""",
        variable_values={"member": M1},
        context_value=ctx,
    )
    first = (await anext(stream)).data["pointsChanged"]
    assert (first["isSnapshot"], first["transactions"]) == (True, [])
    await tell(shop, "m1", *earned("o1", 10))
    await tell(shop, "m1", *earned("o2", 20))
    while await shop.log.forward(bus.publish, limit=100):
        pass
    told: list[Any] = []
    while len(told) < 4:
        update = (await anext(stream)).data["pointsChanged"]
        told += update["transactions"]
    await stream.aclose()
    assert [(one["kind"], one["active"]) for one in told] == [
        ("EARN_PENDING", 0),
        ("ACTIVATE", 10),
        ("EARN_PENDING", 0),
        ("ACTIVATE", 20),
    ]
    assert update["states"][0] == {"programme": {"code": "points"}, "active": 30, "version": 2}


async def test_the_points_of_fifty_members_cost_what_those_of_one_cost(shop: Store) -> None:
    many = [people.member(f"x{number}") for number in range(50)]
    await people.keep(shop, *many)
    question = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Member {
        points { active } stars: points(programme: "stars") { active } pointsHistory(first: 2) { nodes { ref } }
        storeCredit { available { amount } } rewardRedemptions { code reward { code } } } } }"""

    async def cost(count: int) -> int:
        with statements(shop) as sent:
            data = await ask(till(shop), question, ids=[ids.encode("Member", one.id) for one in many[:count]])
        assert len(data["nodes"]) == count
        return len(sent)

    assert await cost(1) == await cost(50)
