"""The GraphQL specification (September 2025), chapter 6, sections 6.1 and 6.2: requests and operations."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import graphql
import pytest

from tests.execution.asking import both, engine_of, ours, planned, schema_of, told

pytestmark = pytest.mark.anyio

SHOP = schema_of("""
  enum Size { S L }
  input Wish { size: Size! = L note: String, many: [Int!] }
  type Query { name: String size(of: Size): String
    echo(i: Int, f: Float, b: Boolean, id: ID, w: Wish, l: [Int!]): String }
""")


def _echo(source: Any, info: Any, **given: Any) -> str:
    return repr(given)


SHOP.query_type.fields["echo"].resolve = _echo  # type: ignore[union-attr]
NAMED = "query A { a: name } query B { b: name }"


async def test_6_1_the_operation_is_chosen_by_its_name() -> None:
    assert (await both(SHOP, NAMED, {"name": "x"}, "B")).data == {"b": "x"}


async def test_6_1_the_only_operation_needs_no_name() -> None:
    assert (await both(SHOP, "query A { name }", {"name": "x"})).data == {"name": "x"}


@pytest.mark.parametrize("name", [None, "C"])
def test_6_1_without_the_operation_asked_for_there_is_no_plan(name: str | None) -> None:
    assert engine_of(SHOP).plan(NAMED, name) is None  # graphql-core words the error


@pytest.mark.parametrize(
    "query", ["{ nothing }", "{ name { x } }", "{ size(of: M) }", "{ ...F }", "query ($x: Int) { name }"]
)
async def test_6_1_1_what_is_not_valid_is_not_executed(query: str) -> None:
    answer = await both(SHOP, query, {"name": "x"})
    assert answer.data is None
    assert answer.errors


@pytest.mark.parametrize(
    ("declared", "given", "expected"),
    [
        ("$i: Int", {"i": 3}, "{'i': 3}"),
        ("$i: Int = 5", {}, "{'i': 5}"),
        ("$i: Int = 5", {"i": None}, "{'i': None}"),
        ("$i: Int", {}, "{}"),
        ("$i: Int!", {"i": 0}, "{'i': 0}"),
    ],
)
async def test_6_1_2_variables_have_values_defaults_or_are_absent(
    declared: str, given: dict[str, Any], expected: str
) -> None:
    answer = await both(SHOP, f"query ({declared}) {{ echo(i: $i) }}", **given)
    assert answer.data == {"echo": expected}


async def test_6_1_2_variables_of_input_types_are_coerced_with_the_defaults_of_their_fields() -> None:
    query = "query ($w: Wish, $l: [Int!]) { echo(w: $w, l: $l) }"
    answer = await both(SHOP, query, w={"many": 1}, l=2)
    assert answer.data == {"echo": "{'w': {'size': 'L', 'many': [1]}, 'l': [2]}"}


@pytest.mark.parametrize(
    ("declared", "given"),
    [
        ("$i: Int!", {}),
        ("$i: Int!", {"i": None}),
        ("$i: Int", {"i": "3"}),
        ("$w: Wish", {"w": {"size": None}}),
        ("$w: Wish", {"w": {"size": "M"}}),
        ("$w: Wish", {"w": {"colour": 1}}),
        ("$l: [Int!]", {"l": [1, None]}),
        ("$b: Boolean, $f: Float, $id: ID", {"b": 1, "f": "x", "id": 1.5}),
    ],
)
async def test_6_1_2_a_variable_that_cannot_be_coerced_is_a_request_error(declared: str, given: dict[str, Any]) -> None:
    used = ", ".join(f"{part.split(':')[0].strip()[1:]}: {part.split(':')[0].strip()}" for part in declared.split(","))
    answer = await both(SHOP, f"query ({declared}) {{ name echo({used}) }}", {"name": "x"}, **given)
    assert answer.data is None
    assert all(error.path is None for error in answer.errors or [])


async def test_6_2_1_the_fields_of_a_query_run_side_by_side() -> None:
    ready = asyncio.Barrier(2)

    async def wait(source: Any, info: Any) -> str:
        await ready.wait()
        return "met"

    schema = schema_of("type Query { a: String b: String }", Query_a=wait, Query_b=wait)
    async with asyncio.timeout(5):
        assert (await both(schema, "{ a b }")).data == {"a": "met", "b": "met"}


TILL = "type Query { x: Int } type Mutation { add(n: Int!): Int must(n: Int!): Int! till: Till } type Till { sum: Int }"


def _till() -> tuple[Any, list[str]]:
    log: list[str] = []

    async def add(source: Any, info: graphql.GraphQLResolveInfo[Any], n: int) -> int:
        log.append(f"{n} begins")
        await asyncio.sleep(0.001 * (3 - n))
        log.append(f"{n} ends")
        if n == 2:
            raise ValueError("two is too many")
        return n

    schema = schema_of(TILL, Mutation_add=add, Mutation_must=add, Till_sum=lambda *_: len(log))
    return schema, log


async def test_6_2_2_the_root_fields_of_a_mutation_run_one_after_the_other() -> None:
    schema, log = _till()
    answer = await ours(schema, "mutation { c: add(n: 3) b: add(n: 2) till { sum } a: add(n: 1) }", {"till": {}})
    assert answer.data == {"c": 3, "b": None, "till": {"sum": 4}, "a": 1}
    assert told(answer) == [("b", "two is too many")]
    assert log == ["3 begins", "3 ends", "2 begins", "2 ends", "1 begins", "1 ends"]


async def test_6_2_2_after_a_failure_that_makes_the_answer_null_nothing_more_is_done() -> None:
    schema, log = _till()
    answer = await ours(schema, "mutation { c: add(n: 3) b: must(n: 2) a: add(n: 1) }")
    assert answer.data is None
    assert told(answer) == [("b", "two is too many")]
    assert "1 begins" not in log


async def test_6_2_3_each_event_of_a_subscription_is_executed_as_a_root() -> None:
    schema = schema_of("type Query { x: Int } type Subscription { tick: Tick } type Tick { n: Int! twice: Int }")
    schema.type_map["Tick"].fields["twice"].resolve = lambda tick, info: tick["n"] * 2  # type: ignore[attr-defined]

    async def ticks(source: Any, info: Any) -> AsyncIterator[Any]:
        for n in (1, None, 3):
            yield {"tick": {"n": n}}

    schema.subscription_type.fields["tick"].subscribe = ticks  # type: ignore[union-attr]
    query = "subscription { tick { n twice } }"
    engine = engine_of(schema)
    plan = planned(engine, query)
    stream: Any = graphql.subscribe(schema, graphql.parse(query))
    theirs = [event async for event in stream]
    events = [await engine.execute(plan, root=event) async for event in ticks(None, None)]
    assert [event.data for event in events] == [event.data for event in theirs]
    assert [told(event) for event in events] == [told(event) for event in theirs]
    assert events[0].data == {"tick": {"n": 1, "twice": 2}}
    assert events[1].data == {"tick": None}
