"""The GraphQL specification, section 6.1 (numbers of October 2021): executing requests, and how this chapter is asked.

Holds `ours` and `both`, with which all tests of the chapter ask: `both` asks graphql-core's executor the same.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import graphql
import pytest
from graphql import ExecutionResult, GraphQLSchema

from execution.engine import Engine, Refused
from tests.execution.compare import assert_same

pytestmark = pytest.mark.anyio

Told = list[tuple[list[str | int] | None, str]]


def engine_of(schema: GraphQLSchema) -> Engine:
    """An engine that validates as graphql-core does."""
    return Engine(schema, partial(graphql.validate, schema))


async def ours(
    schema: GraphQLSchema,
    query: str,
    *,
    root: Any = None,
    name: str | None = None,
    variables: Mapping[str, Any] | None = None,
    context: Any = None,
) -> ExecutionResult:
    """What the engine answers."""
    engine = engine_of(schema)
    found = engine.plan(query, name)
    if isinstance(found, Refused):
        return ExecutionResult(None, found.errors)
    assert found is not None, "the engine leaves this to graphql-core"
    return await engine.execute(found, variables=variables, root=root, context=context)


async def both(
    schema: GraphQLSchema,
    query: str,
    *,
    root: Any = None,
    name: str | None = None,
    variables: Mapping[str, Any] | None = None,
    context: Any = None,
) -> ExecutionResult:
    """What the engine answers, once graphql-core's executor has given the same answer."""
    answer = await ours(schema, query, root=root, name=name, variables=variables, context=context)
    assert_same(answer, await graphql.graphql(schema, query, root, context, dict(variables or {}), name))
    return answer


def told(answer: ExecutionResult) -> Told:
    """The errors as path and message, in the order of their paths."""
    return sorted(((error.path, error.message) for error in answer.errors or []), key=lambda told: str(told[0]))


def echo(source: Any, info: Any, **given: Any) -> str:
    """Tell the arguments that reached the resolver."""
    return ", ".join(f"{key}={value!r}" for key, value in given.items())


SHOP = graphql.build_schema("""
  enum Size { S L }
  input Wish { size: Size! = L, note: String, many: [Int!], then: Wish }
  type Query {
    name: String
    told(i: Int, f: Float, s: String, b: Boolean, id: ID, size: Size, w: Wish, l: [Int], ll: [[Int]], m: [Int!]): String
  }
  type Mutation { name: String }
""")
SHOP.query_type.fields["told"].resolve = echo  # type: ignore[union-attr]
ROOT = {"name": "unified"}
NAMED = "query A { a: name } query B { b: name } mutation C { c: name }"


async def test_6_1_the_operation_is_chosen_by_its_name() -> None:
    assert (await both(SHOP, NAMED, root=ROOT, name="A")).data == {"a": "unified"}
    assert (await both(SHOP, NAMED, root=ROOT, name="B")).data == {"b": "unified"}
    assert (await both(SHOP, NAMED, root=ROOT, name="C")).data == {"c": "unified"}


@pytest.mark.parametrize("query", ["{ name }", "query { name }", "query A { name }"])
async def test_6_1_the_only_operation_needs_no_name(query: str) -> None:
    assert (await both(SHOP, query, root=ROOT)).data == {"name": "unified"}


async def test_6_1_the_only_operation_may_be_named() -> None:
    assert (await both(SHOP, "query A { name }", root=ROOT, name="A")).data == {"name": "unified"}


@pytest.mark.parametrize(("query", "name"), [(NAMED, "D"), (NAMED, "a"), ("query A { name }", "B"), ("{ name }", "A")])
def test_6_1_without_the_operation_asked_for_nothing_is_executed(query: str, name: str | None) -> None:
    assert engine_of(SHOP).plan(query, name) is None  # graphql-core words the request error


async def test_6_1_of_several_operations_one_must_be_named() -> None:
    """Strawberry would take the first of them."""
    answer = await both(SHOP, NAMED, root=ROOT)
    assert answer.data is None
    assert [message for _, message in told(answer)] == [
        "Must provide operation name if query contains multiple operations."
    ]


async def test_6_1_a_document_without_an_operation_is_refused() -> None:
    answer = await both(SHOP, "fragment F on Query { name }", root=ROOT)
    assert answer.data is None
    assert [message for _, message in told(answer)] == ["Fragment 'F' is never used."]


async def test_6_1_what_cannot_be_parsed_is_a_request_error() -> None:
    answer = await both(SHOP, "{ name", root=ROOT)
    assert answer.data is None
    assert told(answer) == [(None, "Syntax Error: Expected Name, found <EOF>.")]


@pytest.mark.parametrize(
    "query",
    [
        "{ name nothing }",
        "{ name { x } }",
        "{ name told(size: M) }",
        "{ name told(x: 1) }",
        "{ name ...F }",
        "{ name ...F } fragment F on Query { ...F }",
        "query ($x: Int) { name }",
        "{ name told(i: $x) }",
        "query ($x: String) { name told(i: $x) }",
        "query A { name } query A { name }",
        "{ name name: told }",
        "subscription { name }",
    ],
)
async def test_6_1_1_what_is_not_valid_is_refused_before_anything_is_executed(query: str) -> None:
    called: list[str] = []
    root = {"name": lambda info: called.append("name")}
    answer = await both(SHOP, query, root=root)
    assert answer.data is None
    assert answer.errors
    assert all(error.path is None for error in answer.errors)
    assert called == []


async def asked_with(kind: str, given: Mapping[str, Any], *, argument: str) -> ExecutionResult:
    """What one variable comes to as an argument."""
    return await both(SHOP, f"query ($v: {kind}) {{ told({argument}: $v) }}", root=ROOT, variables=given)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("Int", {"v": 3}, "i=3"),
        ("Int", {}, ""),
        ("Int", {"v": None}, "i=None"),
        ("Int = 5", {}, "i=5"),
        ("Int = 5", {"v": 6}, "i=6"),
        ("Int = 5", {"v": None}, "i=None"),
        ("Int = null", {}, "i=None"),
        ("Int! = 5", {}, "i=5"),
        ("Int!", {"v": 0}, "i=0"),
        ("Int", {"v": 3.0}, "i=3"),
        ("Int", {"v": 3, "unknown": "is ignored"}, "i=3"),
    ],
)
async def test_6_1_2_a_variable_has_its_value_its_default_or_is_absent(
    kind: str, given: dict[str, Any], expected: str
) -> None:
    answer = await asked_with(kind, given, argument="i")
    assert answer.errors is None
    assert answer.data == {"told": expected}


@pytest.mark.parametrize(
    ("argument", "kind", "value", "expected"),
    [
        ("f", "Float", 3, "3.0"),
        ("f", "Float", 1.5, "1.5"),
        ("s", "String", "羽绒", "'羽绒'"),
        ("b", "Boolean", False, "False"),
        ("id", "ID", 7, "'7'"),
        ("id", "ID", "x", "'x'"),
        ("size", "Size", "S", "'S'"),
        ("l", "[Int]", [1, None], "[1, None]"),
        ("l", "[Int]", 1, "[1]"),
        ("l", "[Int]", None, "None"),
        ("l", "[Int]", [], "[]"),
        ("ll", "[[Int]]", [[1], [2, 3]], "[[1], [2, 3]]"),
        ("ll", "[[Int]]", [1, 2], "[[1], [2]]"),
        ("ll", "[[Int]]", 1, "[[1]]"),
        ("w", "Wish", {}, "{'size': 'L'}"),
        ("w", "Wish", {"size": "S", "note": None}, "{'size': 'S', 'note': None}"),
        ("w", "Wish", {"many": 1}, "{'size': 'L', 'many': [1]}"),
        ("w", "Wish", {"then": {"note": "x"}}, "{'size': 'L', 'then': {'size': 'L', 'note': 'x'}}"),
    ],
)
async def test_6_1_2_values_are_coerced_to_the_type_of_their_variable(
    argument: str, kind: str, value: Any, expected: str
) -> None:
    answer = await asked_with(kind, {"v": value}, argument=argument)
    assert answer.errors is None
    assert answer.data == {"told": f"{argument}={expected}"}


@pytest.mark.parametrize(
    ("argument", "kind", "given"),
    [
        ("i", "Int!", {}),
        ("i", "Int!", {"v": None}),
        ("i", "Int! = 5", {"v": None}),
        ("i", "Int", {"v": "3"}),
        ("i", "Int", {"v": 1.5}),
        ("i", "Int", {"v": 2**31}),
        ("i", "Int", {"v": True}),
        ("f", "Float", {"v": "x"}),
        ("s", "String", {"v": 3}),
        ("b", "Boolean", {"v": 1}),
        ("id", "ID", {"v": 1.5}),
        ("size", "Size", {"v": "M"}),
        ("size", "Size", {"v": 1}),
        ("m", "[Int!]", {"v": [1, None]}),
        ("m", "[Int!]!", {"v": None}),
        ("l", "[Int]", {"v": ["x"]}),
        ("w", "Wish", {"v": "no object"}),
        ("w", "Wish", {"v": {"size": None}}),
        ("w", "Wish", {"v": {"colour": "unknown"}}),
        ("w", "Wish", {"v": {"then": {"size": "M"}}}),
    ],
)
async def test_6_1_2_a_value_that_cannot_be_coerced_is_a_request_error(
    argument: str, kind: str, given: dict[str, Any]
) -> None:
    answer = await asked_with(kind, given, argument=argument)
    assert answer.data is None
    assert len(answer.errors or []) == 1
    assert all(error.path is None for error in answer.errors or [])


async def test_6_1_2_each_bad_variable_is_told_and_nothing_is_executed() -> None:
    called: list[str] = []
    root = {"name": lambda info: called.append("name")}
    query = "query ($i: Int!, $s: Size, $b: Boolean) { name told(i: $i, size: $s, b: $b) }"
    answer = await both(SHOP, query, root=root, variables={"s": "M", "b": True})
    assert answer.data is None
    assert len(answer.errors or []) == 2
    assert called == []
