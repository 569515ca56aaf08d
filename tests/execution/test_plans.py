"""Plans: made once per document, kept in a bounded number, run with any variables; what they leave to graphql-core."""

from collections.abc import Sequence
from typing import Any

import graphql
import pytest
from graphql import DocumentNode, GraphQLError

from execution.engine import Engine, Refused
from execution.plan import Plan

pytestmark = pytest.mark.anyio

SCHEMA = graphql.build_schema(
    """
    directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
    type Query { a(n: Int = 1): Int b: Int self: Query }
    """
)
ROOT = {"a": lambda info, n: n, "b": 2, "self": {"a": lambda info, n: n, "b": 3}}


class Counting:
    """Validates, and counts how often somebody had to."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, document: DocumentNode) -> Sequence[GraphQLError]:
        self.times += 1
        return graphql.validate(SCHEMA, document)


async def answer(engine: Engine, query: str, **variables: Any) -> Any:
    plan = engine.plan(query)
    assert isinstance(plan, Plan)
    result = await engine.execute(plan, variables=variables, root=ROOT)
    assert result.errors is None
    return result.data


async def test_a_document_is_compiled_once_whatever_its_variables() -> None:
    validate = Counting()
    engine = Engine(SCHEMA, validate)
    query = "query ($n: Int, $yes: Boolean!) { a(n: $n) b @include(if: $yes) self @skip(if: $yes) { b } }"
    assert await answer(engine, query, n=5, yes=True) == {"a": 5, "b": 2}
    assert await answer(engine, query, n=6, yes=False) == {"a": 6, "self": {"b": 3}}
    assert await answer(engine, query, yes=True) == {"a": 1, "b": 2}
    assert validate.times == 1
    assert engine.plan(query) is engine.plan(query)


async def test_keys_come_in_the_order_in_which_they_are_first_included() -> None:
    engine = Engine(SCHEMA, Counting())
    query = "query ($yes: Boolean!) { b @include(if: $yes) a b }"
    assert list(await answer(engine, query, yes=True)) == ["b", "a"]
    assert list(await answer(engine, query, yes=False)) == ["a", "b"]


async def test_the_plans_used_last_are_kept_and_no_more_of_them() -> None:
    validate = Counting()
    engine = Engine(SCHEMA, validate, most_plans=2)
    for query in ("{ a }", "{ b }", "{ a }", "{ a b }", "{ a }"):
        await answer(engine, query)
    assert validate.times == 3
    await answer(engine, "{ b }")
    assert validate.times == 4


async def test_each_operation_of_a_document_has_its_own_plan() -> None:
    engine = Engine(SCHEMA, Counting())
    document = "query A { a } query B { b }"
    plans = [engine.plan(document, name) for name in ("A", "B")]
    found = [(await engine.execute(plan, root=ROOT)).data for plan in plans if isinstance(plan, Plan)]
    assert found == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    "query", ["{ __schema { types { name } } }", '{ __type(name: "Query") { name } }', "{ self { ... @defer { a } } }"]
)
async def test_introspection_and_deferral_are_for_graphql_core(query: str) -> None:
    assert Engine(SCHEMA, Counting()).plan(query) is None


@pytest.mark.parametrize(
    "query", ["{", "{ nope }", "{ a { b } }", "query ($n: Nope) { a(n: $n) }", "{ a(n: 1.5) }", ""]
)
async def test_bad_operations_get_graphql_cores_own_errors(query: str) -> None:
    refused = Engine(SCHEMA, Counting()).plan(query)
    assert isinstance(refused, Refused)
    assert refused.errors == _errors(query)


@pytest.mark.parametrize("variables", [{}, {"n": None}, {"n": 1.5}, {"n": "x"}, {"n": 2**40}])
async def test_bad_variables_get_graphql_cores_own_errors_and_nothing_runs(variables: dict[str, Any]) -> None:
    engine, query = Engine(SCHEMA, Counting()), "query ($n: Int!) { a(n: $n) }"
    plan = engine.plan(query)
    assert isinstance(plan, Plan)
    ours = await engine.execute(plan, variables=variables, root={})
    theirs = graphql.execute_sync(SCHEMA, graphql.parse(query), {}, variable_values=variables)
    assert (ours.data, ours.errors) == (None, theirs.errors)


def _errors(query: str) -> list[GraphQLError]:
    try:
        return graphql.validate(SCHEMA, graphql.parse(query))
    except graphql.GraphQLSyntaxError as error:
        return [error]
