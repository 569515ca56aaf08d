"""The GraphQL specification, section 6.2 (numbers of October 2021): executing queries and mutations.

Section 6.3.1, normal and serial execution, stands here too: it is what tells mutations from queries. Subscriptions
have a file of their own.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import graphql
import pytest
from graphql import GraphQLSchema

from tests.execution.test_chapter_6_1 import both, ours, told

pytestmark = pytest.mark.anyio

MET_S = 5.0
"""So long may resolvers wait for each other before a test gives up."""


def schema_of(sdl: str, resolvers: dict[str, Callable[..., Any]]) -> GraphQLSchema:
    """A schema in SDL, with resolvers by `Type.field`."""
    schema = graphql.build_schema(sdl)
    types: Any = schema.type_map
    for place, resolve in resolvers.items():
        type, field = place.split(".")
        types[type].fields[field].resolve = resolve
    return schema


async def test_6_2_1_a_query_starts_from_the_initial_value() -> None:
    schema = graphql.build_schema("type Query { a: Int q: Query }")
    assert (await both(schema, "{ a q { a } }", root={"a": 1, "q": {"a": 2}})).data == {"a": 1, "q": {"a": 2}}
    assert (await both(schema, "{ a q { a } }")).data == {"a": None, "q": None}


async def test_6_2_1_the_fields_of_a_query_run_side_by_side() -> None:
    met = asyncio.Barrier(3)

    async def wait(source: Any, info: Any) -> str:
        await met.wait()
        return "met"

    sdl = "type Query { a: String b: String inner: Inner } type Inner { c: String }"
    schema = schema_of(sdl, {"Query.a": wait, "Query.b": wait, "Inner.c": wait})
    async with asyncio.timeout(MET_S):
        answer = await both(schema, "{ a b inner { c } }", root={"inner": {}})
    assert answer.data == {"a": "met", "b": "met", "inner": {"c": "met"}}


async def test_6_2_1_the_same_field_of_several_objects_runs_side_by_side() -> None:
    met = asyncio.Barrier(3)

    async def wait(source: Any, info: Any) -> Any:
        await met.wait()
        return source["n"]

    schema = schema_of("type Query { all: [One] } type One { n: Int }", {"One.n": wait})
    async with asyncio.timeout(MET_S):
        answer = await both(schema, "{ all { n } }", root={"all": [{"n": n} for n in range(3)]})
    assert answer.data == {"all": [{"n": 0}, {"n": 1}, {"n": 2}]}


class Till:
    """A schema whose mutations take the longer the smaller their number; it keeps a log of who worked when."""

    SDL = """
      type Query { x: Int }
      type Mutation { add(n: Int!): Int, must(n: Int!): Int!, change(n: Int!): Sum, sum: Sum! }
      type Sum { total: Int must: Int! }
    """

    def __init__(self) -> None:
        self.log: list[str] = []
        self.total = 0
        self.schema = schema_of(
            self.SDL,
            {
                "Mutation.add": self._add,
                "Mutation.must": self._add,
                "Mutation.change": self._change,
                "Mutation.sum": lambda source, info: {"must": None},
                "Sum.total": self._sum,
            },
        )

    async def _add(self, source: Any, info: Any, n: int) -> int:
        self.log.append(f"{n} begins")
        for _ in range(5 - n):
            await asyncio.sleep(0)
        if n == 2:
            raise ValueError("two is too many")
        self.total += n
        self.log.append(f"{n} ends")
        return n

    async def _change(self, source: Any, info: Any, n: int) -> dict[str, int]:
        self.total = n
        return {"must": n}

    async def _sum(self, source: Any, info: Any) -> int:
        await asyncio.sleep(0)
        self.log.append("sum")
        return self.total


async def test_6_2_2_the_root_fields_of_a_mutation_run_one_after_the_other() -> None:
    till = Till()
    answer = await ours(till.schema, "mutation { a: add(n: 1) c: add(n: 3) d: add(n: 4) }")
    assert answer.data == {"a": 1, "c": 3, "d": 4}
    assert till.log == ["1 begins", "1 ends", "3 begins", "3 ends", "4 begins", "4 ends"]


async def test_6_2_2_a_failing_nullable_field_does_not_stop_the_next() -> None:
    till = Till()
    answer = await ours(till.schema, "mutation { a: add(n: 1) b: add(n: 2) c: must(n: 3) }")
    assert answer.data == {"a": 1, "b": None, "c": 3}
    assert told(answer) == [(["b"], "two is too many")]
    assert till.log == ["1 begins", "1 ends", "2 begins", "3 begins", "3 ends"]


async def test_6_2_2_after_a_failing_non_null_field_nothing_more_is_done() -> None:
    till = Till()
    answer = await ours(till.schema, "mutation { a: add(n: 1) b: must(n: 2) c: add(n: 3) }")
    assert answer.data is None
    assert told(answer) == [(["b"], "two is too many")]
    assert till.log == ["1 begins", "1 ends", "2 begins"]


async def test_6_2_2_a_fault_from_below_stops_a_mutation_as_well() -> None:
    till = Till()
    answer = await ours(till.schema, "mutation { a: add(n: 1) sum { must } c: add(n: 3) }")
    assert answer.data is None
    assert told(answer) == [(["sum", "must"], "Cannot return null for non-nullable field Sum.must.")]
    assert till.log == ["1 begins", "1 ends"]


@pytest.mark.parametrize("query", ["mutation { a: add(n: 1) b: add(n: 2) }", "mutation { a: add(n: 1) must(n: 2) }"])
async def test_6_2_2_both_executors_agree_on_mutations_that_fail(query: str) -> None:
    assert len((await both(Till().schema, query)).errors or []) == 1


async def test_6_3_1_a_field_of_a_mutation_is_complete_before_the_next_begins() -> None:
    query = """mutation {
      first: change(n: 1) { total } second: change(n: 3) { total } third: change(n: 2) { total }
    }"""
    answer = await both(Till().schema, query)
    assert answer.data == {"first": {"total": 1}, "second": {"total": 3}, "third": {"total": 2}}


async def test_6_3_1_fields_of_a_mutation_run_in_the_order_in_which_they_first_appear() -> None:
    till = Till()
    query = "mutation { ...F a: add(n: 1) d: add(n: 4) } fragment F on Mutation { c: add(n: 3) a: add(n: 1) }"
    answer = await ours(till.schema, query)
    assert list(answer.data or {}) == ["c", "a", "d"]
    assert till.log == ["3 begins", "3 ends", "1 begins", "1 ends", "4 begins", "4 ends"]


async def test_6_3_1_a_mutation_merged_from_two_places_is_done_once() -> None:
    till = Till()
    answer = await ours(till.schema, "mutation { change(n: 1) { total } change(n: 1) { must } }")
    assert answer.data == {"change": {"total": 1, "must": 1}}
    assert till.log == ["sum"]


async def test_6_3_1_a_skipped_mutation_is_not_done() -> None:
    till = Till()
    query = "mutation ($no: Boolean!) { a: add(n: 1) @include(if: $no) b: add(n: 3) @skip(if: true) c: add(n: 4) }"
    answer = await ours(till.schema, query, variables={"no": False})
    assert answer.data == {"c": 4}
    assert till.log == ["4 begins", "4 ends"]


async def test_6_3_1_below_its_root_a_mutation_runs_side_by_side() -> None:
    met = asyncio.Barrier(2)

    async def wait(source: Any, info: Any) -> str:
        await met.wait()
        return "met"

    sdl = "type Query { x: Int } type Mutation { do: Done } type Done { a: String b: String }"
    schema = schema_of(sdl, {"Done.a": wait, "Done.b": wait})
    async with asyncio.timeout(MET_S):
        answer = await both(schema, "mutation { do { a b } }", root={"do": {}})
    assert answer.data == {"do": {"a": "met", "b": "met"}}
