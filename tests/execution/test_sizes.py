"""What grows with what: many faults, many types, many conditions, and sizes that are no sizes."""

from collections.abc import AsyncIterator
from typing import Any

import graphql
import pytest
import strawberry

from execution.engine import Refused
from execution.measure import UNSIZED, measure
from execution.run import Level
from schema.base import batch
from schema.executing import EngineSchema
from tests.execution.asking import engine_of, ours, planned, schema_of
from tests.execution.compare import assert_same

pytestmark = pytest.mark.anyio

KINDS = 6
MANY_KINDS = "interface I { i: I n: Int } type Query { i: I n: Int }" + "".join(
    f" type T{n} implements I {{ i: I n: Int }}" for n in range(KINDS)
)


async def test_many_faults_are_told_in_one_pass() -> None:
    """Squared, this would take minutes."""
    schema = schema_of("type Query { as: [A] } type A { bs: [B] } type B { n: Int! }")
    root = {"as": [{"bs": [{"n": None}, {"n": 1}]} for _ in range(10_000)]}
    answer = await ours(schema, "{ as { bs { n } } }", root)
    assert len(answer.errors or []) == 10_000
    assert (answer.errors or [])[-1].path == ["as", 9_999, "bs", 0, "n"]


async def test_many_objects_may_each_be_told_where_they_stand() -> None:
    paths: list[Any] = []
    schema = schema_of("type Query { as: [A] } type A { n: Int }")
    schema.type_map["A"].fields["n"].resolve = lambda source, info: paths.append(info.path.as_list())  # type: ignore[attr-defined]
    await ours(schema, "{ as { n } }", {"as": [{}] * 10_000})
    assert paths[-1] == ["as", 9_999, "n"]


def test_what_lies_under_interfaces_is_measured_once_per_type_not_once_per_way_there() -> None:
    """By every way there it would be six to the power of thirty."""
    engine = engine_of(schema_of(MANY_KINDS))
    plan = planned(engine, "{ " + "i { " * 30 + "n" + " }" * 31)
    assert measure(plan, {}).depth == 31


async def test_conditions_that_multiply_are_left_to_graphql_core() -> None:
    """Each fragment spreads the next twice, under conditions of its own: a million ways to the last."""
    count = 20
    names = [f"{letter}{n}" for n in range(count) for letter in "ab"]
    spreads = [f"...F{n} @include(if: $a{n}) ...F{n} @include(if: $b{n})" for n in range(count)]
    fragments = [f"fragment F{n} on Query {{ n {spreads[n + 1] if n + 1 < count else ''} }}" for n in range(count)]
    head = "query (" + " ".join(f"${name}: Boolean!" for name in names) + ")"
    query = "\n".join([f"{head} {{ {spreads[0]} }}", *fragments])
    assert engine_of(schema_of("type Query { n: Int }")).plan(query) is None


async def test_as_many_fragments_under_as_many_conditions_as_people_write_are_planned() -> None:
    count = 40
    query = "query ($p: Boolean!, $q: Boolean!) { " + " ".join(
        f"k{n}: i {{ ...F @include(if: $p) ...G @skip(if: $q) }}" for n in range(count)
    )
    query += " } fragment F on I { n ...G } fragment G on I { i { n ...H @include(if: $q) } } fragment H on I { m: n }"
    schema = schema_of(MANY_KINDS)
    root = {"i": {"__typename": "T1", "n": 1, "i": {"__typename": "T2", "n": 2}}}
    for p in (True, False):
        for q in (True, False):
            theirs = graphql.execute_sync(schema, graphql.parse(query), root, variable_values={"p": p, "q": q})
            assert_same(await ours(schema, query, root, p=p, q=q), theirs)


async def test_two_operations_of_one_name_are_refused() -> None:
    found = engine_of(schema_of("type Query { n: Int }")).plan("query A { n } query A { m: n }", "A")
    assert isinstance(found, Refused)
    assert "There can be only one operation named 'A'." in [error.message for error in found.errors]


async def some(ctx: Any, objects: Any, *, first: int | None = 5) -> Any:
    return [[] for _ in objects]


@strawberry.type
class Leaf:
    dear: int | None = batch(some, description="Costs.", first="Nothing.")


@strawberry.type
class Query:
    leaves: list[Leaf] = batch(some, description="A list.", first="How many.")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def numbers(self) -> AsyncIterator[int]:
        for number in range(3):
            yield number


@pytest.mark.parametrize(
    ("first", "variables", "times"),
    [
        ("-1000", {}, 0),
        ("0", {}, 0),
        ("null", {}, UNSIZED),
        ("$n", {}, 5),
        ("$n", {"n": None}, UNSIZED),
        ("$n", {"n": -3}, 0),
        ("$n", {"n": 4}, 4),
    ],
)
def test_a_size_is_never_less_than_nothing_and_absent_it_is_the_default(
    first: str, variables: dict[str, Any], times: int
) -> None:
    engine = EngineSchema(Query).engine
    head = "query ($n: Int) " if "$" in first else ""
    plan = planned(engine, head + f"{{ leaves(first: {first}) {{ dear }} }}")
    assert measure(plan, variables).cost == 1 + times


async def test_each_event_of_a_subscription_runs_through_the_engine() -> None:
    heard: list[Level] = []
    graph = EngineSchema(Query, subscription=Subscription, hook=heard.append)
    events: Any = await graph.subscribe("subscription { numbers }", context_value=None)
    assert [event.data async for event in events] == [{"numbers": n} for n in range(3)]
    assert [level.name for level in heard] == ["Subscription.numbers"] * 3
