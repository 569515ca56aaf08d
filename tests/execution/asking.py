"""Asking the engine and graphql-core's executor the same: they must agree; what they say is for the test to judge."""

import asyncio
from functools import partial
from typing import Any

import graphql
from graphql import ExecutionResult, GraphQLObjectType, GraphQLSchema

from execution.engine import Engine, Refused
from execution.plan import Plan
from tests.execution.compare import assert_same

Resolvers = dict[str, Any]


def schema_of(sdl: str, /, **resolvers: Any) -> GraphQLSchema:
    """A schema in SDL; `Type_field=…` is that field's resolver."""
    built = graphql.build_schema(sdl)
    for name, resolve in resolvers.items():
        type, field = name.split("_", 1)
        found = built.type_map[type]
        assert isinstance(found, GraphQLObjectType)
        found.fields[field].resolve = resolve
    return built


def engine_of(schema: GraphQLSchema, **options: Any) -> Engine:
    """An engine that validates as graphql-core does."""
    return Engine(schema, partial(graphql.validate, schema), **options)


def planned(engine: Engine, query: str, operation_name: str | None = None) -> Plan:
    """The plan of an operation that has one."""
    plan = engine.plan(query, operation_name)
    assert isinstance(plan, Plan), plan
    return plan


async def ours(
    schema: GraphQLSchema, query: str, root: Any = None, name: str | None = None, **variables: Any
) -> ExecutionResult:
    """The engine's answer alone."""
    engine = engine_of(schema)
    found = engine.plan(query, name)
    if isinstance(found, Refused):
        return ExecutionResult(None, found.errors)
    assert found is not None, "the engine leaves this to graphql-core"
    return await engine.execute(found, variables=variables, root=root)


async def both(
    schema: GraphQLSchema, query: str, root: Any = None, name: str | None = None, **variables: Any
) -> ExecutionResult:
    """The answer that both give."""
    answer = await ours(schema, query, root, name, **variables)
    document = graphql.parse(query)
    if errors := graphql.validate(schema, document):
        theirs: Any = ExecutionResult(None, errors)
    else:
        theirs = graphql.execute(schema, document, root, variable_values=variables, operation_name=name)
    assert_same(answer, await theirs if asyncio.iscoroutine(theirs) else theirs)
    return answer


def told(answer: ExecutionResult) -> list[tuple[str, str]]:
    """The errors as (path, message), in order of their paths."""
    errors = [(".".join(map(str, error.path or [])), error.message) for error in answer.errors or []]
    return sorted(errors)
