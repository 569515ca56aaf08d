"""What is known of a member, asked of the graph: whoever lacks a consent hides what needs it, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

import resolvers.ids
import resolvers.rfm
import schema.build
import schema.instants
import schema.refusals.base
from datasources.ports.errors import Unavailable
from datasources.ports.tiers import TierSource
from datasources.store.store import Store
from domain.consents import Purpose
from domain.tiers import LADDER, Standing
from resolvers.context import Context
from tests.builders import NOW
from tests.datasources.cached import statements
from tests.people import keep, member, order
from tests.resolvers.knowing import guide, house, opened, says, self
from tests.schema.insight_operations import KNOWN, OBSERVED

pytestmark = pytest.mark.anyio

GRAPH = schema.build.unified()
M1 = resolvers.ids.encode("Member", "m1")
PEOPLE = 50
MOST = 33
"""What a list of members with all that is known of each may cost at most: a few statements for each port."""


class Oracle(strawberry.Schema):
    """Strawberry's schema, which does not print its errors."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        pass


ORACLE = Oracle(
    schema.build.Query,
    schema.build.Mutation,
    types=schema.refusals.base.TYPES,
    config=StrawberryConfig(scalar_map={schema.instants.Instant: schema.instants.DEFINITION}),
)

TRACK = """mutation ($events: [BehaviourEventInput!]!) { behaviourTrack(input: {events: $events}) {
  results { index status errors { code path } } userErrors { code } } }"""


@pytest.fixture
async def shop(store: Store, migrated_database_url: str) -> Store:
    """m1 has bought, allowed what they do to be kept, and done something; everybody else has bought only."""
    await opened(store, migrated_database_url)
    people = [member(f"p{n:02}") for n in range(PEOPLE - 2)]
    await keep(store, *people, orders=[order(one.id, one.id, 5_000, at=NOW) for one in people])
    await keep(store, orders=[order("o1", "m1", 300_000, at=NOW)])
    await says(store, Purpose.PROFILING)
    events = [
        {"eventId": "1", "kind": "BROWSE", "product": "DJ01"},
        {"eventId": "2", "kind": "SEARCH", "text": "down"},
        {"eventId": "3", "kind": "TRY_ON", "sku": "DJ01-L", "sizes": ["L"]},
        {"eventId": "4", "kind": "BROWSE", "product": "DJ99"},
    ]
    told = (await answered(self(store), TRACK, events=events))["behaviourTrack"]
    assert [result["status"] for result in told["results"]] == ["CREATED", "CREATED", "CREATED", "FAILED"]
    assert [refusal["code"] for refusal in told["userErrors"]] == ["UNKNOWN_PRODUCT"]
    await resolvers.rfm.recompute(store.rfm, NOW)
    return store


async def answered(ctx: Context, question: str, **said: Any) -> Any:
    """The data of an answer without errors."""
    done = await GRAPH.execute(question, variable_values=said, context_value=ctx.anew())
    assert done.errors is None
    return done.data


async def test_all_that_is_known_of_a_member_is_told_to_who_looks_after_them(shop: Store) -> None:
    said = """mutation ($member: ID!) { memberTagSet(input: {member: $member, idempotencyKey: "t",
      tags: [{dimension: CONSUMPTION, path: "Style/Natural"}]}) {
        member { tags { path source } } userErrors { code } } }"""
    told = (await answered(guide(shop), said, member=M1))["memberTagSet"]
    assert told == {"member": {"tags": [{"path": "style/natural", "source": "MANUAL"}]}, "userErrors": []}
    wished = (
        'mutation { wishlistAdd(input: {sku: "DJ01-L", idempotencyKey: "w"}) { member { code } userErrors { code } } }'
    )
    assert (await answered(self(shop), wished))["wishlistAdd"]["member"] == {"code": "C-m1"}
    used = """mutation ($member: ID!) { entitlementUse(input: {member: $member, entitlement: "birthday-gift",
      idempotencyKey: "e"}) { member { entitlements { entitlement { code } left } } userErrors { code } } }"""
    left = (await answered(guide(shop), used, member=M1))["entitlementUse"]["member"]["entitlements"]
    assert left[1] == {"entitlement": {"code": "birthday-gift"}, "left": 0}
    whole = f"query ($id: ID!) {{ member(id: $id) {{ {KNOWN} {OBSERVED} }} }}"
    shown = (await answered(guide(shop), whole, id=M1))["member"]
    assert shown["tier"]["code"] == "silver"
    assert [wish["variant"]["sku"] for wish in shown["wishlist"]["nodes"]] == ["DJ01-L"]
    assert shown["rfm"]["segment"] == {"bits": "111", "name": "重要价值"}
    assert [event["kind"] for event in shown["behaviour"]] == ["BROWSE", "SEARCH", "TRY_ON"]
    assert len(shown["recentlyViewed"]) == 1


async def test_what_is_for_staff_a_member_does_not_see(shop: Store) -> None:
    done = await GRAPH.execute(f"{{ me {{ {KNOWN} {OBSERVED} }} }}", context_value=self(shop))
    assert done.data is not None
    me = done.data["me"]
    assert (me["tags"], me["rfm"], me["lifetimeValue"], me["tier"]["code"]) == (None, None, None, "silver")
    assert {(str(error.path), (error.extensions or {})["code"]) for error in done.errors or []} == {
        (str(["me", field]), "FORBIDDEN") for field in ("tags", "rfm", "lifetimeValue")
    }


@pytest.mark.parametrize("executor", [GRAPH, ORACLE], ids=["ours", "strawberry's"])
async def test_what_needs_a_consent_is_null_and_says_so_and_all_else_is_as_it_was_MEM_8(
    shop: Store, executor: Any
) -> None:
    """The same list of members with and without the fields that need PROFILING, of which only m1 has granted it."""
    plain = f"{{ members(first: 50) {{ nodes {{ {KNOWN} }} }} }}"
    whole = f"{{ members(first: 50) {{ nodes {{ {KNOWN} {OBSERVED} }} }} }}"
    without = await executor.execute(plain, context_value=house(shop))
    done = await executor.execute(whole, context_value=house(shop))
    assert without.errors is None
    shown = [(node.pop("recentlyViewed"), node.pop("behaviour")) for node in _nodes(done)]
    hidden = [n for n, fields in enumerate(shown) if fields == (None, None)]
    (own,) = set(range(PEOPLE)) - set(hidden)
    assert (_nodes(done)[own]["code"], [len(field) for field in shown[own]]) == ("C-m1", [1, 3])
    assert done.data == without.data
    paths = {tuple(error.path) for error in done.errors}
    assert paths == {("members", "nodes", n, field) for n in hidden for field in ("recentlyViewed", "behaviour")}
    assert len(done.errors) == len(paths)
    if executor is GRAPH:
        codes = {(error.extensions["code"], error.extensions["purpose"]) for error in done.errors}
        assert codes == {("CONSENT_REQUIRED", "PROFILING")}


def _nodes(done: Any) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = done.data["members"]["nodes"]
    return nodes


async def test_fifty_members_cost_what_one_costs_FED_4(shop: Store) -> None:
    """All that is known of each of them."""
    listed = f"query ($first: Int!) {{ members(first: $first) {{ nodes {{ {KNOWN} {OBSERVED} }} }} }}"
    costs = []
    for first in (1, PEOPLE):
        with statements(shop) as sent:
            done = await GRAPH.execute(listed, variable_values={"first": first}, context_value=house(shop))
        assert len(_nodes(done)) == first
        costs.append(len(sent))
    assert costs[0] == costs[1] <= MOST


async def test_how_many_stand_where_and_come_again_is_for_analysts(shop: Store) -> None:
    question = """{ rfmSegments { cells { segment { bits } members } members recencyDays orders amount { amount } asOf }
      repurchaseRate(from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z") { rate members returning } }"""
    told = await answered(house(shop), question)
    assert sum(cell["members"] for cell in told["rfmSegments"]["cells"]) == told["rfmSegments"]["members"] == PEOPLE - 1
    assert told["repurchaseRate"] == {"rate": 0.0, "members": PEOPLE - 1, "returning": 0}
    refused = await GRAPH.execute("{ members { nodes { code } } }", context_value=guide(shop))
    assert [(error.extensions or {})["code"] for error in refused.errors or []] == ["FORBIDDEN"]


@dataclass(frozen=True, slots=True)
class Crm:
    """A CRM that owns tiers: everybody is black, unless it does not answer."""

    is_away: bool = False

    async def standings(self, member_ids: Sequence[str], *, at: datetime) -> Sequence[Standing]:
        """Where each of these members stands."""
        if self.is_away:
            raise Unavailable("crm", "no answer")
        return [Standing(LADDER.tiers[-1], 0) for _ in member_ids]


@pytest.mark.parametrize("is_away", [False, True])
async def test_a_crm_may_own_tiers_and_where_it_is_away_nothing_else_is_missing(shop: Store, is_away: bool) -> None:
    ctx = self(shop)
    crm: TierSource = Crm(is_away)
    ctx = replace(ctx, sources=replace(ctx.sources, tiers=crm))
    question = (
        "{ me { code tier { code } tierProgress { isInGrace } entitlements { left } wishlist { nodes { sku } } } }"
    )
    done = await GRAPH.execute(question, context_value=ctx)
    assert done.data is not None
    me = done.data["me"]
    assert (me["code"], me["wishlist"]) == ("C-m1", {"nodes": []})
    assert [me["tier"], me["tierProgress"], me["entitlements"]].count(None) == (3 if is_away else 0)
    codes = {(error.extensions or {})["code"] for error in done.errors or []}
    assert codes == ({"SOURCE_UNAVAILABLE"} if is_away else set())
    assert is_away or me["tier"] == {"code": "black"}


async def test_the_ladder_is_everybody_s_to_read(shop: Store) -> None:
    assert [tier["code"] for tier in (await answered(self(shop), "{ tiers { code } }"))["tiers"]] == [
        "member",
        "silver",
        "gold",
        "black",
    ]
