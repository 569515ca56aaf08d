"""The GraphQL specification, section 6.2: executing operations."""

from functools import partial

import graphql
import pytest

from execution.engine import Engine
from execution.plan import Plan

pytestmark = pytest.mark.anyio

SCHEMA = graphql.build_schema("type Query { a: Int none: Int }")


async def test_6_2_1_a_query_starts_from_the_initial_value() -> None:
    engine = Engine(SCHEMA, partial(graphql.validate, SCHEMA))
    plan = engine.plan("{ a }", None)
    assert isinstance(plan, Plan)
    answer = await engine.execute(plan, root={"a": 1, "none": None})
    assert answer.errors is None
    assert answer.data == {"a": 1}
