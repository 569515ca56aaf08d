"""The GraphQL specification, section 6.1: executing requests."""

from functools import partial

import graphql
import pytest

from execution.engine import Engine
from execution.plan import Plan

pytestmark = pytest.mark.anyio

SCHEMA = graphql.build_schema("type Query { a: Int none: Int }")


async def test_6_1_the_operation_is_chosen_by_its_name() -> None:
    engine = Engine(SCHEMA, partial(graphql.validate, SCHEMA))
    plan = engine.plan("query A { a } query B { b: a }", "B")
    assert isinstance(plan, Plan)
    answer = await engine.execute(plan, root={"a": 1, "none": None})
    assert answer.errors is None
    assert answer.data == {"b": 1}
